"""Faults: processes that are killed at any moment of their work."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import Final

from assistant.care.recovery import mend
from bench._faultworld import (
    Kind,
    Report,
    World,
    overwrite,
    overwrite_page,
)

__all__ = ["KINDS"]


def _kill_first_index(world: World) -> None:
    for path in world.index.glob("notes.db*"):
        path.unlink()
    world.killed("first index", lambda _: world.refresh())


def _kill_refresh(world: World) -> None:
    world.edit()
    world.killed("refresh", lambda _: world.refresh())


def _kill_moving(world: World) -> None:
    """Files are renamed, copied and removed while they are indexed; in the end each is where it was."""

    def work(_: Report) -> None:
        with world.open() as assistant:
            (world.notes / "0.md").rename(world.notes / "moved.md")
            assistant.refresh()
            shutil.copy(world.notes / "3.md", world.notes / "copy.md")
            (world.notes / "6.md").unlink()
            assistant.refresh()

    world.killed("moving", work)
    for name in ("moved.md", "copy.md"):
        (world.notes / name).unlink(missing_ok=True)
    world.write()


def _kill_exam(world: World) -> None:
    def work(acknowledge: Report) -> None:
        with world.open() as assistant:
            for _ in range(10):
                world.record(assistant, acknowledge)

    world.killed("exam", work)


def _kill_forgetting(world: World) -> None:
    """What is forgotten is one record of the killed process; the others stay."""

    def work(acknowledge: Report) -> None:
        with world.open() as assistant:
            world.record(assistant, lambda _: None)
            assistant.exams.forget(assistant.exams.attempts()[-1].identity)
            world.record(assistant, acknowledge)

    world.killed("forgetting", work)


def _kill_compaction(world: World) -> None:
    def work(_: Report) -> None:
        with closing(sqlite3.connect(world.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("VACUUM")
            connection.execute("INSERT INTO lexicon (lexicon) VALUES ('optimize')")
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    world.killed("compaction", work)


def _kill_faiss(world: World) -> None:
    (world.index / "vectors.faiss").unlink(missing_ok=True)
    world.killed("faiss", lambda _: world.refresh())


def _kill_mending(world: World) -> None:
    overwrite(world.database, 0, bytes(100))
    world.killed("mending", lambda _: world.refresh())


def _kill_mending_pages(world: World) -> None:
    overwrite_page(world)

    def work(_: Report) -> None:
        mend(world.index, None)

    world.killed("mending pages", work)


KINDS: Final[dict[str, Kind]] = {
    "killed while indexing for the first time": _kill_first_index,
    "killed while reading an edit": _kill_refresh,
    "killed while files move and go": _kill_moving,
    "killed while filing exam records": _kill_exam,
    "killed while forgetting an exam record": _kill_forgetting,
    "killed while compacting the database": _kill_compaction,
    "killed while rebuilding vectors.faiss": _kill_faiss,
    "killed while mending an overwritten head": _kill_mending,
    "killed while mending an overwritten page": _kill_mending_pages,
}
