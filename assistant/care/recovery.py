"""Puts a damaged index right: the exam record is saved first, then the database is emptied and the notes read anew.

The database is emptied in place. To put another file under its name would leave a process that has the old one open
with a write-ahead log that is no longer its own, which SQLite warns of (https://www.sqlite.org/howtocorrupt.html, 4.2).
Emptying is an ordinary transaction where SQLite can still write the file; where it cannot even read the file's head,
the bytes are overwritten, the log is cut off, and the shared memory beside it is marked as not yet made.

One process at a time does this; the others wait for it, and find it done.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import IndexUnusable
from ..exams.record.attempts import Attempt, attempt_of, identity_of
from ..exams.record.examcopy import ExamCopy
from ..exams.record.examexport import export
from ..exams.record.examlog import EXAM_COLUMNS, ExamLog
from ..storage.soundness import checked_database, index_error
from ..store import Store

__all__ = ["Recovery", "mend", "salvage"]

_LOG: Final = logging.getLogger(__name__)
_WAIT_SECONDS: Final = 60.0
#: The head of the shared memory: two copies of the index's header and the checkpoint's facts.
_SHARED_HEAD: Final = 136


@dataclass(frozen=True, slots=True)
class Recovery:
    """What :func:`mend` did: ``rebuilt`` is false where the database was sound, or another process had been faster.

    ``export``: the file with all exam records that could be read; None where there were none.
    """

    rebuilt: bool
    problem: str = ""
    records: int = 0
    export: Path | None = None


def mend(folder: Path, born: int | None) -> Recovery:
    """Makes the database in ``folder`` usable again; the notes' tables are empty then, the exam record is whole.

    ``born``: the number of the database that was found to be damaged (``Store.born``), None where it could not be
    opened. Raises :class:`~assistant.errors.IndexUnusable` where the folder cannot be written.
    """
    path = folder / "notes.db"
    with _alone(folder):
        problem = _problem(folder, born)
        if not problem:
            return Recovery(rebuilt=False)
        attempts = salvage(path)
        saved = _export(folder, attempts)
        _LOG.warning("%s: %s; emptied, %d exam records kept", path, problem, len(attempts))
        try:
            _empty(path)
        except OSError as error:
            raise IndexUnusable(folder=folder, problem=error.strerror or error) from error
        with contextlib.closing(Store(folder)) as store:
            store.begin_anew(time.time_ns() // 1_000_000)
            ExamLog(store).restore(attempts)
        return Recovery(True, problem, len(attempts), saved)


def salvage(path: Path) -> list[Attempt]:
    """Every exam record of the database at ``path`` that can be read, and those of the copy beside it."""
    found = ExamCopy(path.parent).read()
    known = {(attempt.at, attempt.identity, attempt.checked.yours) for attempt in found}
    rows = [attempt for attempt in _rows(path) if (attempt.at, attempt.identity, attempt.checked.yours) not in known]
    return found + rows


def _rows(path: Path) -> list[Attempt]:
    """The rows of ``exams``, one by one from both ends, so that one unreadable page does not cost what is behind it."""
    found: dict[int, Attempt] = {}
    if not path.exists():
        return []
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        for query, at in (
            (f"SELECT {EXAM_COLUMNS} FROM exams WHERE id > ? ORDER BY id LIMIT 1", -1),
            (f"SELECT {EXAM_COLUMNS} FROM exams WHERE id < ? ORDER BY id DESC LIMIT 1", 1 << 62),
        ):
            with contextlib.suppress(sqlite3.Error):
                while (row := connection.execute(query, (at,)).fetchone()) is not None and row[0] not in found:
                    at = row[0]
                    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
                        attempt = attempt_of(row)
                        if attempt.identity == identity_of(attempt.checked.question):
                            found[at] = attempt
    return [found[row] for row in sorted(found)]


def _problem(folder: Path, born: int | None) -> str:
    """Why the database has to be emptied; nothing where it is sound, and not the one that was found damaged."""
    try:
        store = Store(folder)
    except IndexUnusable as error:
        return " ".join(str(error.values["problem"]).split())
    with contextlib.closing(store):
        try:
            with store.writing() as connection:
                problem = checked_database(connection)
            ExamLog(store)
        except IndexUnusable as error:
            return " ".join(str(error.values["problem"]).split())
        return problem or ("its content" if store.born == born else "")


def _export(folder: Path, attempts: list[Attempt]) -> Path | None:
    """Saves the records as a file that a person can keep, and that can be read back."""
    if not attempts:
        return None
    path = folder / f"exams-saved-{time.strftime('%Y%m%d-%H%M%S')}.json"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            stream.write(export(attempts, "json", "en"))
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise IndexUnusable(folder=folder, problem=error.strerror or error) from error
    return path


def _empty(path: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM sqlite_master")
            connection.execute("PRAGMA user_version = 0")
            connection.execute("COMMIT")
            connection.execute("PRAGMA writable_schema = OFF")
            connection.execute("VACUUM")
        with contextlib.closing(sqlite3.connect(path)) as connection:
            if not checked_database(connection):
                return
    except sqlite3.Error:
        pass
    _overwrite(path)


def _overwrite(path: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch, "fresh.db")
        with contextlib.closing(sqlite3.connect(fresh)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("VACUUM")
        image = fresh.read_bytes()
    if path.is_dir():
        shutil.rmtree(path)
    shared, log = path.with_name(path.name + "-shm"), path.with_name(path.name + "-wal")
    _put(shared, bytes(_SHARED_HEAD), cut=False)
    _put(log, b"", cut=True)
    path.touch()
    _put(path, image, cut=True)


def _put(path: Path, data: bytes, *, cut: bool) -> None:
    if path.exists():
        with path.open("r+b") as stream:
            stream.write(data)
            if cut:
                stream.truncate()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: SQLite's own lock, on a database that holds nothing."""
    try:
        connection = sqlite3.connect(folder / "recovery.lock", timeout=_WAIT_SECONDS, isolation_level=None)
        with contextlib.closing(connection):
            connection.execute("BEGIN EXCLUSIVE")
            yield
    except sqlite3.Error as error:
        raise index_error(error, folder) from error
