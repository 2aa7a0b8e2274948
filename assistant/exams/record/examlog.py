"""The record of checked questions: one row for each time that a question was checked, with the person's answer.

It lies in the index database but is not made from the notes: a refresh, another model, other notes or a new schema of
the notes' tables leave it as it is. The table has a version of its own, SQLite's ``user_version``, because ``meta`` is
emptied with the notes. Rows are in the order of their ids, whatever the clock said. A copy of the record is kept
beside the database (see ``examcopy.py``), from which it comes back when the database was lost.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from ...errors import EngineError, IndexDamaged
from ...examrecords import CheckedQuestion
from ...records import Citation
from ...storage.soundness import UnreadableRow
from ...store import Store
from .attempts import (
    Attempt,
    Gap,
    ReviewGroup,
    attempt_of,
    identity_of,
    row_of,
)
from .examcopy import ExamCopy
from .examscore import KeyComparison, Score, Tally, score_of

__all__ = [
    "EXAM_COLUMNS",
    "Attempt",
    "ExamLog",
    "Gap",
    "KeyComparison",
    "RecordsTooNew",
    "ReviewGroup",
    "Score",
    "Tally",
    "identity_of",
]

#: What leads from each version of the table to the next, beginning with none: append, and never change an entry.
_VERSIONS: Final[list[tuple[str, ...]]] = [
    (
        """CREATE TABLE exams (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, identity TEXT NOT NULL, question TEXT NOT NULL,
        yours TEXT NOT NULL, verdict TEXT NOT NULL, answer TEXT NOT NULL, support REAL NOT NULL, correct INTEGER,
        options TEXT NOT NULL)""",
        "CREATE INDEX exams_by_identity ON exams (identity)",
        "CREATE INDEX exams_by_time ON exams (at)",
    ),
]
EXAM_COLUMNS: Final = "id, at, identity, question, yours, verdict, answer, support, correct, options"
#: The size of the copy that belongs to the rows, in bytes.
_COPIED: Final = "exam_copy"
_INSERT: Final = f"INSERT INTO exams ({EXAM_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class RecordsTooNew(EngineError):
    """The record was written by a later version of the program. Values: ``folder``."""

    key = "exam.log.too_new"


class ExamLog:
    """The record in the database of ``store``. Safe to use from several threads and processes.

    Raises :class:`RecordsTooNew` for a record of a later version, and from every method
    :class:`~assistant.errors.IndexUnusable` when the database cannot be read or written.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._copy = ExamCopy(store.folder)
        with store.reading() as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] == len(_VERSIONS):
                self._look_over(connection)
                if self._in_step():
                    return
        with store.writing() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(_VERSIONS):
                raise RecordsTooNew(folder=store.folder)
            for statements in _VERSIONS[version:]:
                for statement in statements:
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(_VERSIONS)}")
            if not self._in_step():
                self._merge(self._copy.read())

    @staticmethod
    def _look_over(connection: sqlite3.Connection) -> None:
        """Raises what SQLite raises where the table cannot be read: there is no other chance to notice it in time."""
        connection.execute(f"SELECT {EXAM_COLUMNS} FROM exams ORDER BY at LIMIT 1")
        problem = connection.execute("PRAGMA quick_check('exams')").fetchone()[0]
        if problem != "ok":
            raise UnreadableRow(problem)

    # -- writing

    def record(self, checked: CheckedQuestion, *, at: datetime | None = None) -> int:
        """Files one attempt and returns its row. ``at`` is now unless given; without a zone it is local time."""
        moment = (at or datetime.now(UTC)).astimezone(UTC)
        attempt = Attempt(0, moment, identity_of(checked.question), checked)
        with self._store.writing() as connection:
            row = int(connection.execute(_INSERT, (None, *row_of(attempt))).lastrowid or 0)
            if self._in_step():
                with contextlib.suppress(OSError):  # out of step then, which the next opening puts right
                    self._store.set_meta(_COPIED, self._copy.append(attempt, self._copy.size()))
            else:
                self._copy_all()
            return row

    def forget(self, identity: str) -> int:
        """Deletes all attempts at a question; returns how many there were."""
        with self._store.writing() as connection:
            forgotten = connection.execute("DELETE FROM exams WHERE identity = ?", (identity,)).rowcount
            self._copy_all()
            return forgotten

    def restore(self, attempts: Iterable[Attempt]) -> int:
        """Files those of ``attempts`` that the log lacks; returns how many.

        The same time, question and person's answer make the same attempt. Both sides keep their order, and where
        it leaves that open they are merged by time; rows that come to stand behind a restored one get a new id.
        """
        with self._store.writing():
            return self._merge(attempts)

    def _in_step(self) -> bool:
        return (self._store.meta(_COPIED) or 0) == self._copy.size()

    def _copy_all(self) -> None:
        with contextlib.suppress(OSError, IndexDamaged):
            self._store.set_meta(_COPIED, self._copy.rewrite(self.attempts()))

    def _merge(self, attempts: Iterable[Attempt]) -> int:
        rows = [row_of(attempt) for attempt in attempts]
        with self._store.writing() as connection:
            present = connection.execute("SELECT id, at, identity, yours FROM exams ORDER BY id").fetchall()
            inserts = _insertions([row[1:] for row in present], rows)
            free = 1 + (present[-1][0] if present else 0)
            moving = False
            for place in range(len(present) + 1):
                for row in inserts.get(place, ()):
                    connection.execute(_INSERT, (free, *row))
                    free, moving = free + 1, True
                if moving and place < len(present):
                    connection.execute("UPDATE exams SET id = ? WHERE id = ?", (free, present[place][0]))
                    free += 1
            self._copy_all()
        return sum(map(len, inserts.values()))

    # -- reading

    def attempts(self, identity: str | None = None) -> tuple[Attempt, ...]:
        """All attempts, or those at one question, in the order in which they were filed."""
        where, values = ("", ()) if identity is None else ("WHERE identity = ?", (identity,))
        return self._select(f"SELECT {EXAM_COLUMNS} FROM exams {where} ORDER BY id", values)

    def latest(self) -> tuple[Attempt, ...]:
        """The last attempt at each question, in the order in which the questions first came up."""
        return self._select(
            f"SELECT {EXAM_COLUMNS} FROM exams"
            " JOIN (SELECT min(id) AS first, max(id) AS last FROM exams GROUP BY identity) ON id = last ORDER BY first"
        )

    def due(self) -> tuple[Attempt, ...]:
        """The last attempt at each question, for a retest: first what was not answered right, oldest first.

        That is what was missed, what nothing tells about, and what was never answered.
        """
        return tuple(sorted(self.latest(), key=lambda attempt: (attempt.checked.correct is True, attempt.id)))

    def review(self) -> tuple[ReviewGroup, ...]:
        """What to go over again, by section, the one with the most misses first, what is not in the notes last.

        Of the last attempts, those that were missed and those that the notes leave undecided. The section is that
        of the first citation of the right option, or where none is known, of the nearest one that is cited.
        """
        groups: defaultdict[tuple[str, tuple[str, ...]], list[tuple[int, Attempt]]] = defaultdict(list)
        for attempt in self.latest():
            if attempt.checked.correct is False or attempt.checked.verdict == "undecided":
                cited = _cited(attempt)
                section = (cited.file, cited.heading_path) if cited else ("", ())
                groups[section].append((cited.line_start if cited else 0, attempt))
        review = []
        for (file, heading_path), found in groups.items():
            attempts = sorted(
                (attempt for _, attempt in found), key=lambda attempt: attempt.checked.correct is not False
            )
            review.append(ReviewGroup(file, heading_path, min(line for line, _ in found), tuple(attempts)))
        return tuple(sorted(review, key=lambda group: (not group.file, -group.missed, -len(group.attempts))))

    def gaps(self) -> tuple[Gap, ...]:
        """What the notes lack: the questions that they leave undecided, the most missed first."""
        with self._store.reading() as connection:
            counted = connection.execute("SELECT identity, count(*), sum(correct IS 0) FROM exams GROUP BY identity")
            counts = {identity: (asked, missed) for identity, asked, missed in counted}
            latest = self.latest()
        gaps = [
            Gap(
                attempt.identity,
                attempt.checked.question.stem,
                tuple(option.text for option in attempt.checked.options if option.support == "not_in_notes"),
                *counts[attempt.identity],
            )
            for attempt in latest
            if attempt.checked.verdict == "undecided"
        ]
        return tuple(sorted(gaps, key=lambda gap: -gap.missed))

    def score(self) -> Score:
        """The figures of the last attempts."""
        return score_of(attempt.checked for attempt in self.latest())

    def _select(self, query: str, values: Sequence[str] = ()) -> tuple[Attempt, ...]:
        with self._store.reading() as connection:
            rows = connection.execute(query, values).fetchall()
        try:
            return tuple(map(attempt_of, rows))
        except (ValueError, TypeError, KeyError) as error:
            raise IndexDamaged(folder=self._store.folder, problem=f"exams: {error}") from error


def _insertions(
    present: Sequence[tuple[str, ...]], rows: Sequence[tuple[Any, ...]]
) -> dict[int, list[tuple[Any, ...]]]:
    """For each place in ``present`` the rows to be put in before it: those of ``rows`` that it lacks."""
    at_hand: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in reversed(range(len(present))):
        at_hand[present[place]].append(place)
    # at, identity, yours
    found = [known.pop() if (known := at_hand.get((row[0], row[1], row[3]))) else None for row in rows]
    limits, limit = [], len(present)
    for known_place in reversed(found):
        limit = limit if known_place is None else known_place
        limits.append(limit)
    inserts: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    place = 0
    for row, known_place, limit in zip(rows, found, reversed(limits), strict=True):
        if known_place is not None:
            place = max(place, known_place + 1)
            continue
        while place < limit and present[place][0] <= row[0]:
            place += 1
        inserts[place].append(row)
    return inserts


def _cited(attempt: Attempt) -> Citation | None:
    """Where to read up on a question."""
    checked = attempt.checked
    options = [option for option in checked.options if not attempt.right or option.label in attempt.right]
    for option in sorted(options, key=lambda option: -option.score):
        if option.citations and option.support != "not_in_notes":
            return option.citations[0]
    return None
