"""What SQLite's errors mean for the person, and whether a database is what was written."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Final

from ..errors import IndexBusy, IndexDamaged, IndexFull, IndexUnusable

__all__ = ["UnreadableRow", "checked_database", "index_error"]

# Primary result codes, https://www.sqlite.org/rescode.html
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
#: The statements are the program's own, so what fails in one of them (a table or column that is not there, a
#: constraint) is a database that another program has made or that has lost its form.
_DAMAGED: Final = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT}
    | {sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_FORMAT}
)
#: Reading behind the end of a file that was cut off; an error of the medium has other codes.
_SHORT_READ: Final = sqlite3.SQLITE_IOERR_SHORT_READ
_ROOM: Final = 65_536


class UnreadableRow(sqlite3.DatabaseError):
    """A row that does not hold what was written into it."""


def index_error(error: sqlite3.Error, folder: Path) -> IndexUnusable:
    """The error of the assistant that stands for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    values = {"folder": folder, "problem": error}
    if primary in _BUSY:
        return IndexBusy(**values)
    if primary == sqlite3.SQLITE_FULL or (primary == sqlite3.SQLITE_IOERR and _is_full(folder)):
        return IndexFull(**values)
    if code == _SHORT_READ or primary in _DAMAGED or (code is None and _of_content(error)):
        return IndexDamaged(**values)
    return IndexUnusable(**values)


def _of_content(error: sqlite3.Error) -> bool:
    """Whether an error that is not SQLite's own is about what was read: ours, or Python's of a text that is none."""
    return isinstance(error, UnreadableRow) or "decode to UTF-8" in str(error)


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False


def checked_database(connection: sqlite3.Connection) -> str:
    """Empty where the database is sound by SQLite's own checks; else what is wrong, in one line.

    ``PRAGMA quick_check`` reads every page, but not what the full-text index makes of its tables.
    """
    try:
        rows = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
        if rows != ["ok"]:
            return " ".join(str(rows[0]).split()) if rows else "quick_check"
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'lexicon'").fetchone():
            connection.execute("INSERT INTO lexicon (lexicon) VALUES ('integrity-check')")
    except sqlite3.Error as error:
        return " ".join(str(error).split())
    return ""
