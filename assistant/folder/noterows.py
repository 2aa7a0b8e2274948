"""Whether a note file is still the one that was read, and what is to be filed of it when it is read."""

from __future__ import annotations

import time
from typing import Final

from ..markdown.decode import UnreadableNote, decode, note_bytes
from ..markdown.sections import Section
from ..storage.rows import FileRow
from .walking import FoundFile

__all__ = ["content_of", "is_unchanged", "read_file", "section_identity"]

#: A file that was changed this shortly before it was read may change again without a new time (coarse clocks).
_RACY_NS: Final = 2_000_000_000

#: Problems that can go away without a trace in the file's size and time.
_PASSING: Final = frozenset({"skip.unreadable", "skip.vanished", "skip.changing", "skip.io"})

#: Most programs save by emptying the file first: one that was emptied just now is looked at again.
_SAVING_NS: Final = 1_000_000_000
_SAVING_PAUSE: Final = 0.02
_SAVING_TRIES: Final = 10


def read_file(item: FoundFile) -> tuple[FileRow, str]:
    """What is to be filed, and the text; empty where the file cannot be read."""
    import hashlib

    problem, text, digest = item.problem, "", ""
    if problem is None:
        try:
            # Read once: the hash and the sections are of the same content, even while it is being written.
            data = note_bytes(item.full)
            tries = _SAVING_TRIES if time.time_ns() - item.mtime_ns < _SAVING_NS else 0
            while not data and tries:
                time.sleep(_SAVING_PAUSE)
                data = note_bytes(item.full)
                tries -= 1
            digest = hashlib.sha256(data).hexdigest()
            text = decode(data)
        except UnreadableNote as error:
            problem = error.reason
    row = FileRow(item.path, item.size, item.mtime_ns, item.ctime_ns, digest, time.time_ns(), problem)
    return row, text


def is_unchanged(item: FoundFile, row: FileRow) -> bool:
    """Whether the file system's facts alone say that the file is as it was when ``row`` was made."""
    return (
        # The time of the last change to the file's entry cannot be set: it tells of content that was put in place
        # together with its old time, as copying and synchronising programs do.
        (item.size, item.mtime_ns, item.ctime_ns) == (row.size, row.mtime_ns, row.ctime_ns)
        and item.mtime_ns < row.read_ns - _RACY_NS
        and row.problem not in _PASSING
    )


def content_of(row: FileRow) -> tuple[str, str | None]:
    """Equal for rows of files that say the same."""
    return row.sha256, row.problem


def section_identity(section: Section) -> str:
    """Equal for sections that say the same under the same heading, wherever they stand."""
    import hashlib

    from ..text import normalise

    if section.is_empty:
        text = [section.file, str(section.ordinal)]
    else:
        text = [section.leaf, *(unit.text for unit in section.units)]
    return hashlib.sha256("\0".join(normalise(part) for part in text).encode("utf-8", "replace")).hexdigest()[:32]
