"""Adding note files to the notes folder: what was dropped on the page, or the sample notes. Nothing is overwritten."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from ..errors import AssistantError, BadRequest
from ..folder.walking import NOTE_SUFFIXES
from ..messages import Language, say
from .pictures import PICTURE_TYPES

__all__ = ["SAMPLES", "Added", "add_note", "add_samples", "samples_for"]

#: The sample notes that come with the program.
SAMPLES: Final = Path(__file__).resolve().parents[2] / "corpus"

_LONGEST_NAME: Final = 200  # bytes; file systems take 255, and a number may have to be put behind it


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file. ``free`` is a name to add it under, where ``file`` holds something else."""

    file: str
    outcome: Literal["added", "same", "clash"]
    free: str = ""


def add_note(notes_dir: Path, name: str, content: bytes, language: Language) -> Added:
    """Writes ``content`` to a new file ``name`` directly in ``notes_dir``, which is made if need be.

    Raises :class:`~assistant.errors.BadRequest` for a name that is no note's, and where the folder cannot be written.
    """
    if not _is_note_name(name):
        known = ", ".join(sorted(NOTE_SUFFIXES))
        raise BadRequest(where=name[:80], problem=say("web.add_not_a_note", language, known=known))
    try:
        notes_dir.mkdir(exist_ok=True)
        path = notes_dir / name
        if not _create(path, content):
            if _holds(path, content):
                return Added(name, "same")
            return Added(name, "clash", _free_name(notes_dir, name))
    except OSError as error:
        raise _cannot_write(notes_dir, error, language) from error
    return Added(name, "added")


def samples_for(notes_dir: Path) -> Path | None:
    """The folder of the sample notes, unless they are missing or are the notes themselves."""
    with contextlib.suppress(OSError):
        if any(SAMPLES.glob("*.md")) and SAMPLES.resolve() != notes_dir.resolve():
            return SAMPLES
    return None


def add_samples(notes_dir: Path, language: Language) -> list[Added]:
    """Copies the sample notes with their pictures into ``notes_dir``; what is there already stays as it is."""
    samples = samples_for(notes_dir)
    if samples is None:
        raise BadRequest(where=str(SAMPLES), problem=say("web.add_no_samples", language))
    added = []
    try:
        notes_dir.mkdir(exist_ok=True)
        for path in _sample_files(samples):
            target = notes_dir / path.relative_to(samples)
            target.parent.mkdir(exist_ok=True)
            outcome: Literal["added", "same"] = "added" if _create(target, path.read_bytes()) else "same"
            added.append(Added(path.relative_to(samples).as_posix(), outcome))
    except OSError as error:
        raise _cannot_write(notes_dir, error, language) from error
    return added


def _sample_files(samples: Path) -> Iterator[Path]:
    for path in sorted(samples.rglob("*")):
        if path.is_file() and path.suffix.lower() in {*NOTE_SUFFIXES, *PICTURE_TYPES}:
            yield path


def _is_note_name(name: str) -> bool:
    """A bare file name, shown in folders and read as a note."""
    return (
        PurePosixPath(name).name == name
        and "\\" not in name
        and ":" not in name  # a drive or a stream on Windows
        and not name.startswith(".")
        and name.isprintable()
        and len(name.encode("utf-8", "replace")) <= _LONGEST_NAME
        and Path(name).suffix.lower() in NOTE_SUFFIXES
    )


def _create(path: Path, content: bytes) -> bool:
    """Writes a file that is not there yet; False where something of that name is."""
    try:
        file = path.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(content)
    except OSError:  # a full disk must not leave half a note
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    return True


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _free_name(folder: Path, name: str) -> str:
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 2
    while os.path.lexists(folder / f"{stem}-{number}{suffix}"):
        number += 1
    return f"{stem}-{number}{suffix}"


def _cannot_write(notes_dir: Path, error: OSError, language: Language) -> AssistantError:
    return BadRequest(where=str(notes_dir), problem=say("web.add_failed", language, problem=error.strerror or error))
