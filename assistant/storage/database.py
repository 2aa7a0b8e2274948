"""The file ``notes.db``: connections, transactions, and the number of its present state.

It is in WAL mode, so that questions are answered from one committed state while an update is written.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from ..errors import IndexDamaged, IndexUnusable
from .schema import MIGRATIONS, NOTES_TABLES, SCHEMA_VERSION, TABLES
from .soundness import index_error

__all__ = ["Database"]

_WAIT_SECONDS: Final = 30.0
_PARAMETERS: Final = 500  # SQLite builds differ in how many they take; this is below the lowest


class Database:
    """The database in ``folder``, with the tables that ``schema.py`` has: each thread gets a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "notes.db"
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        #: How often the database was opened: another number, another database.
        self.opening = 0
        self._file: tuple[int, int] | None = None
        #: Tells this database from the one that was there before it was emptied.
        self.born = 0
        self.reopen()

    def reopen(self) -> None:
        """Opens what is at :attr:`path` now. Connections to what was there before are left to the calls under way.

        Raises :class:`IndexUnusable` when the folder cannot be written or the database cannot be read.
        """
        self.opening += 1
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._errors():
                self._prepare()
        except OSError as error:
            raise IndexUnusable(folder=self.folder, problem=error.strerror or error) from error

    def _prepare(self) -> None:
        connection = self._connection
        connection.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        self._file = _file_at(self.path)
        with self._transaction("BEGIN IMMEDIATE"):
            schema = self.meta("schema")
            while isinstance(schema, int) and schema in MIGRATIONS:
                for statement in MIGRATIONS[schema]:
                    connection.execute(statement)
                schema += 1
                self.set_meta("schema", schema)
            if schema != SCHEMA_VERSION or not self._is_complete():
                for table in ("vocabulary", "occurrences", *NOTES_TABLES):
                    connection.execute(f"DROP TABLE IF EXISTS {table}")
                connection.execute("DELETE FROM meta")
            for statement in TABLES:
                connection.execute(statement)
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('generation', 0), ('schema', ?)", (SCHEMA_VERSION,))
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('born', ?)", (secrets.randbits(48),))
            born = self.meta("born")
            self.born = born if isinstance(born, int) else 0

    def _is_complete(self) -> bool:
        present = {row[0] for row in self._connection.execute("SELECT name FROM sqlite_master")}
        return present.issuperset(NOTES_TABLES)

    def close(self) -> None:
        with self._guard:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()

    # -- connections and transactions

    @property
    def _connection(self) -> sqlite3.Connection:
        opened: tuple[int, sqlite3.Connection] | None = getattr(self._local, "opened", None)
        if opened is not None and (opened[0] == self.opening or opened[1].in_transaction):
            return opened[1]
        with self._errors():
            connection = sqlite3.connect(
                self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.opened = self.opening, connection
            with self._guard:
                self._connections.append(connection)
        return connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise index_error(error, self.folder) from error

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._errors():
            connection = self._connection
            if connection.in_transaction:  # a read inside an update or inside another read is part of it
                yield connection
                return
            if self._file != _file_at(self.path):
                raise IndexDamaged(folder=self.folder, problem="notes.db has been removed or replaced")
            connection.execute(begin)
            try:
                yield connection
                connection.commit()
            except BaseException:
                with suppress(sqlite3.Error):  # what went wrong is said by the first error
                    connection.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """All reads within see one committed state."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All writes within are one transaction. For tables that are not of the notes: no new generation."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def updating(self) -> Iterator[None]:
        """All writes within are one transaction, which makes a new generation."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield
            connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")

    def _select_in(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), _PARAMETERS):
            part = values[start : start + _PARAMETERS]
            yield from self._connection.execute(query.format(",".join("?" * len(part))), part)

    # -- facts about the whole

    def meta(self, name: str) -> int | str | bytes | None:
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else row[0]

    def set_meta(self, name: str, value: int | str | bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def set_stamp(self, name: str, value: str) -> None:
        """Notes the state of a cache beside the database: no new generation. Given up when a writer is at work."""
        connection = sqlite3.connect(self.path, timeout=1.0, isolation_level=None)
        try:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
        except sqlite3.OperationalError:
            pass  # the cache is rebuilt at the next start
        finally:
            connection.close()

    @property
    def generation(self) -> int:
        """Grows by one with each update: a cache stamped with another number is out of date."""
        value = self.meta("generation")
        return value if isinstance(value, int) else 0

    @property
    def _version(self) -> tuple[int, int]:
        """Tells what is stored now from what was before."""
        return self.opening, self.generation

    @property
    def _incarnation(self) -> tuple[int, object]:
        """Tells the database that is read from the ones before it."""
        return self.opening, self.meta("born")

    def begin_anew(self, above: int) -> None:
        """Counts generations and rows from ``above`` on: what others remember of an earlier database stays behind."""
        with self.writing() as connection:
            self.set_meta("generation", above)
            connection.execute("DELETE FROM sqlite_sequence WHERE name IN ('sections', 'passages')")
            connection.executemany(
                "INSERT INTO sqlite_sequence VALUES (?, ?)", [("sections", above), ("passages", above)]
            )


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file is at ``path``; None where there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino
