"""The note files of a folder, and what looks like one but is not read, with the reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ..errors import NotesFolderEmpty, NotesFolderMissing, NotesFolderUnreadable

__all__ = ["NOTE_SUFFIXES", "FoundFile", "note_files"]

StrPath = str | os.PathLike[str]

NOTE_SUFFIXES: Final = frozenset({".md", ".markdown", ".txt"})


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A note file in the folder, with what the file system says of it.

    ``path`` is below the folder, ``full`` where to open it: as text, since among thousands of files, nearly all of
    which are as they were, making a ``Path`` of each takes longer than asking the file system.
    """

    path: str
    full: StrPath
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    problem: str | None = None


def note_files(folder: Path) -> list[FoundFile]:
    """By path. Raises a :class:`~assistant.errors.NotesError` where there is nothing to list."""
    if not folder.is_dir():
        raise NotesFolderMissing(folder=folder)
    found = sorted(_walk(folder), key=lambda item: item.path)
    if not found:
        raise NotesFolderEmpty(folder=folder)
    if found[0].path == ".":
        raise NotesFolderUnreadable(folder=folder)
    return found


def _walk(notes: Path) -> Iterator[FoundFile]:
    """The note files, and what looks like one but is not read, with the reason."""
    root = notes.resolve()
    folders = [(str(root), "")]
    invalid: list[FoundFile] = []
    names_seen: set[str] = set()
    while folders:
        folder, above = folders.pop()
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except FileNotFoundError:  # one that was removed meanwhile
            continue
        except OSError:
            invalid.append(FoundFile(_shown(above.rstrip("/") or "."), folder, problem="skip.folder"))
            continue
        for entry in entries:
            path = above + entry.name
            if _is_folder(entry):
                if not entry.name.startswith(".") and not entry.is_symlink():
                    folders.append((entry.path, f"{path}/"))
            elif not _is_note(entry.name):
                continue
            elif not _is_text(path):
                invalid.append(FoundFile(_shown(path), entry.path, problem="skip.name"))
            elif item := _look(path, entry, root):
                names_seen.add(path)
                yield item
    for item in invalid:
        # What stands for a name that is no text may be the name of another file.
        path = item.path
        while path in names_seen:
            path += "?"
        names_seen.add(path)
        yield replace(item, path=path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link into a folder that is closed
        return False


def _is_note(name: str) -> bool:
    stem, dot, suffix = name.rpartition(".")
    return bool(stem) and not name.startswith(".") and (dot + suffix).strip().lower() in NOTE_SUFFIXES


def _look(path: str, entry: os.DirEntry[str], root: Path) -> FoundFile | None:
    is_link = False
    try:
        is_link = entry.is_symlink()
        # A link may lead to another note, but not out of the folder.
        if is_link and not Path(entry.path).resolve(strict=True).is_relative_to(root):
            return FoundFile(path, entry.path, problem="skip.outside")
        facts = entry.stat()
    except (OSError, RuntimeError):
        # A link to nowhere or to itself stays; a file that is gone has been removed since the folder was listed.
        return FoundFile(path, entry.path, problem="skip.link") if is_link else None
    if not stat.S_ISREG(facts.st_mode):
        return FoundFile(path, entry.path, problem="skip.special")
    return FoundFile(path, entry.path, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    """A path with what is no text in it as ``\\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
