"""The note files of a folder, and what looks like one but is not read, with the reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from .errors import NotesFolderEmpty, NotesFolderMissing, NotesFolderUnreadable

__all__ = ["NOTE_SUFFIXES", "FoundFile", "note_files"]

NOTE_SUFFIXES: Final = frozenset({".md", ".markdown", ".txt"})


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A note file in the folder, with what the file system says of it."""

    path: str
    full: Path
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
    closed: list[OSError] = []
    invalid: list[FoundFile] = []
    names_seen: set[str] = set()
    for folder, folders, names in os.walk(root, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(folder)
        above = "" if here == root else f"{here.relative_to(root).as_posix()}/"
        for name in names:
            stem, dot, suffix = name.rpartition(".")
            if not stem or name.startswith(".") or (dot + suffix).strip().lower() not in NOTE_SUFFIXES:
                continue
            full, path = here / name, above + name
            if not _is_text(path):
                invalid.append(FoundFile(_shown(path), full, problem="skip.name"))
                continue
            item = _look(path, full, root)
            if item is not None:
                names_seen.add(path)
                yield item
    for error in closed:
        if not isinstance(error, FileNotFoundError):  # one that was removed meanwhile
            full = Path(error.filename)
            invalid.append(FoundFile(_shown(full.relative_to(root).as_posix()), full, problem="skip.folder"))
    for item in invalid:
        # What stands for a name that is no text may be the name of another file.
        path = item.path
        while path in names_seen:
            path += "?"
        names_seen.add(path)
        yield replace(item, path=path)


def _look(path: str, full: Path, root: Path) -> FoundFile | None:
    is_link = False
    try:
        facts = full.lstat()
        is_link = stat.S_ISLNK(facts.st_mode)
        if is_link:
            # A link may lead to another note, but not out of the folder.
            if not full.resolve(strict=True).is_relative_to(root):
                return FoundFile(path, full, problem="skip.outside")
            facts = full.stat()
    except (OSError, RuntimeError):
        # A link to nowhere or to itself stays; a file that is gone has been removed since the folder was listed.
        return FoundFile(path, full, problem="skip.link") if is_link else None
    if not stat.S_ISREG(facts.st_mode):
        return FoundFile(path, full, problem="skip.special")
    return FoundFile(path, full, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    """A path with what is no text in it as ``\\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
