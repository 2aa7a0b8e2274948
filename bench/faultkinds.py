"""The kinds of faults that ``bench/faults.py`` injects: each breaks something in a world and leaves it so."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from unittest import mock

from assistant.doctorindex import diagnose_index
from assistant.errors import IndexUnusable, NotesError
from assistant.examlog import ExamLog
from assistant.recovery import mend
from assistant.store import Store
from bench._faultworld import Report, Unavailable, World

__all__ = ["KINDS"]

_PAGE: Final = 4096


# --- processes that are killed


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
    _overwrite(world.database, 0, bytes(100))
    world.killed("mending", lambda _: world.refresh())


def _kill_mending_pages(world: World) -> None:
    _a_page(world)

    def work(_: Report) -> None:
        mend(world.index, None)

    world.killed("mending pages", work)


# --- the database


def _overwrite(path: Path, at: int, data: bytes) -> None:
    if path.exists():
        with path.open("r+b") as stream:
            stream.seek(at)
            stream.write(data)


def _settled(world: World) -> Path:
    """The database with everything in its one file."""
    with closing(sqlite3.connect(world.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return world.database


def _a_page(world: World) -> None:
    path = _settled(world)
    page = world.random.randrange(path.stat().st_size // _PAGE)
    _overwrite(path, page * _PAGE, world.random.randbytes(_PAGE))


def _many_pages(world: World) -> None:
    path = _settled(world)
    for page in range(path.stat().st_size // _PAGE):
        if world.random.random() < 0.5:
            _overwrite(path, page * _PAGE, bytes(_PAGE))


def _cut(world: World) -> None:
    path = _settled(world)
    os.truncate(path, world.random.randrange(path.stat().st_size))


def _flip_bits(world: World) -> None:
    """Some are where nothing notices before they are read; ``doctor --fix`` looks at every row."""
    path = _settled(world)
    for _ in range(20):
        at = world.random.randrange(path.stat().st_size)
        with path.open("r+b") as stream:
            stream.seek(at)
            byte = stream.read(1)[0]
            stream.seek(at)
            stream.write(bytes([byte ^ (1 << world.random.randrange(8))]))
    for finding in diagnose_index(world.notes, world.index, None):
        if finding.fix is not None:
            finding.fix()


def _whole_file(content: Callable[[World], bytes]) -> Callable[[World], None]:
    def inject(world: World) -> None:
        _settled(world).write_bytes(content(world))

    return inject


def _remove_database(world: World) -> None:
    for path in world.index.glob("notes.db*"):
        path.unlink()


def _remove_while_open(world: World) -> None:
    with world.open() as assistant:
        assistant.refresh()
        _remove_database(world)
        assistant.ask("スギの木はどこに植えてある？")
        world.record(assistant, world.acknowledged.append)


def _damage_while_open(world: World) -> None:
    with world.open() as assistant:
        assistant.refresh()
        _settled(world)
        _overwrite(world.database, 0, bytes(100))
        with world.open() as other:
            other.ask("スギの木はどこに植えてある？")
            world.record(assistant, world.acknowledged.append)
            world.record(other, world.acknowledged.append)
            assistant.ask("スギの木はどこに植えてある？")


def _log(change: Callable[[World, Path], None]) -> Callable[[World], None]:
    """The write-ahead log as a killed process leaves it, then changed."""

    def work(world: World, acknowledge: Report) -> None:
        world.edit()
        assistant = world.open()
        assistant.refresh()
        world.record(assistant, acknowledge)
        os._exit(0)  # without closing

    def inject(world: World) -> None:
        world.together(lambda acknowledge: work(world, acknowledge))
        # The child has changed the notes; what they say is what counts.
        world.read()
        log = world.index / "notes.db-wal"
        if log.exists() and log.stat().st_size:
            change(world, log)

    return inject


def _run(world: World, statement: str) -> None:
    with closing(sqlite3.connect(world.database)) as connection:
        connection.execute(statement)
        connection.commit()


def _statement(*statements: str) -> Callable[[World], None]:
    return lambda world: _run(world, world.random.choice(statements))


# --- beside the database


def _faiss(change: Callable[[World, Path], object]) -> Callable[[World], None]:
    def inject(world: World) -> None:
        path = world.index / "vectors.faiss"
        if not path.exists():
            world.refresh()
        change(world, path)

    return inject


def _foreign_faiss(world: World, path: Path) -> None:
    import faiss
    import numpy as np

    index = faiss.IndexIDMap2(faiss.IndexFlatIP(384))
    index.add_with_ids(np.ones((3, 384), np.float32), np.array([1, 2, 3]))
    path.write_bytes(faiss.serialize_index(index).tobytes())


def _random_bytes(world: World, path: Path) -> None:
    _overwrite(path, world.random.randrange(path.stat().st_size), world.random.randbytes(50))


def _torn(world: World, path: Path) -> None:
    os.truncate(path, world.random.randrange(path.stat().st_size))


def _copy(change: Callable[[World, Path], object]) -> Callable[[World], None]:
    def inject(world: World) -> None:
        change(world, world.index / "exams.jsonl")

    return inject


def _both_damaged(world: World) -> None:
    """The copy loses its last line, the database its notes; each has what the other lacks."""
    path = world.index / "exams.jsonl"
    os.truncate(path, path.stat().st_size - 5)
    _run(world, "UPDATE sections SET units = '[]'")


def _litter(world: World) -> None:
    for name in ("engine.json", "engine.lock", "recovery.lock", "vectors.x.tmp", "exams.jsonl.1.tmp"):
        (world.index / name).write_bytes(world.random.randbytes(200))


def _no_folder(world: World) -> None:
    copy = (world.index / "exams.jsonl").read_bytes()
    shutil.rmtree(world.index)
    world.index.mkdir()
    (world.index / "exams.jsonl").write_bytes(copy)


# --- the machine


@contextlib.contextmanager
def _small_disk(world: World, size: str) -> Iterator[None]:
    """The index on a file system of its own."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise Unavailable("needs root")
    with tempfile.TemporaryDirectory() as place:
        kept = Path(place, "kept")
        shutil.copytree(world.index, kept)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(world.index)]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            raise Unavailable("no file system can be mounted here")
        try:
            shutil.copytree(kept, world.index, dirs_exist_ok=True)
            yield
            shutil.rmtree(kept)
            shutil.copytree(world.index, kept)
        finally:
            subprocess.run(["umount", "-l", str(world.index)], check=True)
        shutil.copytree(kept, world.index, dirs_exist_ok=True)
        for path in world.index.iterdir():
            if not (kept / path.name).exists():
                path.unlink()


def _full_disk(world: World) -> None:
    with _small_disk(world, "4m"):
        filler = world.index / "filler"
        with contextlib.suppress(OSError), filler.open("wb") as stream:
            while True:
                stream.write(bytes(_PAGE))
        os.truncate(filler, max(0, filler.stat().st_size - _PAGE * world.random.randrange(12)))
        world.edit()
        # What cannot be written is said in one line, and nothing is acknowledged that is not kept.
        with contextlib.suppress(IndexUnusable), world.open() as assistant:
            with contextlib.suppress(IndexUnusable):
                assistant.refresh()
            with contextlib.suppress(IndexUnusable):
                for _ in range(20):
                    world.record(assistant, world.acknowledged.append)
        filler.unlink()


def _read_only(world: World) -> None:
    with _small_disk(world, "16m"):
        subprocess.run(["mount", "-o", "remount,ro", str(world.index)], check=True)
        world.edit()
        with contextlib.suppress(IndexUnusable), world.open() as assistant:
            with contextlib.suppress(IndexUnusable):
                assistant.refresh()
            with contextlib.suppress(IndexUnusable):
                world.record(assistant, world.acknowledged.append)
        subprocess.run(["mount", "-o", "remount,rw", str(world.index)], check=True)


def _clock_back(world: World) -> None:
    ahead = mock.patch("time.time_ns", return_value=time.time_ns() + 10**15)
    with ahead, world.open() as assistant:
        assistant.refresh()
        world.record(assistant, world.acknowledged.append)
    world.edit()


def _same_time(world: World) -> None:
    """Another content of the same length under the old time, as a tool that synchronises puts it there."""
    world.refresh()
    before = {path: path.stat() for path in world.notes.iterdir()}
    world.edit()
    for path, facts in before.items():
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def _unreadable_notes(world: World) -> None:
    (world.notes / "torn.md").write_bytes(world.random.randbytes(300))
    (world.notes / "loop.md").unlink(missing_ok=True)
    (world.notes / "loop.md").symlink_to("loop.md")


def _notes_away(world: World) -> None:
    """The folder is not there for a while (a network drive, a stick)."""
    away = world.notes.with_name("away")
    world.notes.rename(away)
    with world.open() as assistant, contextlib.suppress(NotesError):
        assistant.refresh()
    away.rename(world.notes)


# --- several at once


def _two_at_once(world: World) -> None:
    _remove_database(world)

    def work(acknowledge: Report) -> None:
        with world.open() as assistant:
            assistant.refresh()
            world.record(assistant, acknowledge)

    world.together(work, work)


def _all_find_damage(world: World) -> None:
    _overwrite(_settled(world), 0, bytes(100))

    def work(acknowledge: Report) -> None:
        with world.open() as assistant:
            assistant.ask("スギの木はどこに植えてある？")
            world.record(assistant, acknowledge)

    world.together(work, work, work)


def _another_model(world: World) -> None:
    with closing(Store(world.index)) as store:
        store.use_model("another model")
        ExamLog(store)


KINDS: Final[dict[str, Callable[[World], None]]] = {
    "killed while indexing for the first time": _kill_first_index,
    "killed while reading an edit": _kill_refresh,
    "killed while files move and go": _kill_moving,
    "killed while filing exam records": _kill_exam,
    "killed while forgetting an exam record": _kill_forgetting,
    "killed while compacting the database": _kill_compaction,
    "killed while rebuilding vectors.faiss": _kill_faiss,
    "killed while mending an overwritten head": _kill_mending,
    "killed while mending an overwritten page": _kill_mending_pages,
    "notes.db: a page overwritten": _a_page,
    "notes.db: half of the pages zeroed": _many_pages,
    "notes.db: head zeroed": lambda world: _overwrite(_settled(world), 0, bytes(100)),
    "notes.db: cut off anywhere": _cut,
    "notes.db: 20 bits flipped, then doctor --fix": _flip_bits,
    "notes.db: replaced by a text": _whole_file(lambda _: b"not a database\n" * 1000),
    "notes.db: replaced by random bytes": _whole_file(lambda world: world.random.randbytes(100_000)),
    "notes.db: emptied": _whole_file(lambda _: b""),
    "notes.db: removed": _remove_database,
    "notes.db: removed while it is open": _remove_while_open,
    "notes.db: head zeroed while two have it open": _damage_while_open,
    "write-ahead log: removed": _log(lambda _, path: path.unlink()),
    "write-ahead log: torn": _log(_torn),
    "write-ahead log: overwritten in places": _log(_random_bytes),
    "a table of another program's": _statement(
        "DROP TABLE passages", "DROP TABLE meta", "ALTER TABLE sections RENAME COLUMN units TO other"
    ),
    "a quote changed in the database": _statement("UPDATE sections SET units = replace(units, '木', '本')"),
    "an unknown schema": _statement("UPDATE meta SET value = 99 WHERE name = 'schema'"),
    "vectors of another length": _statement(
        "UPDATE vectors SET scales = x'00'",
        "UPDATE vectors SET tokens = x''",
        "UPDATE vectors SET pooled = substr(pooled, 1, 40) WHERE key IN (SELECT key FROM vectors LIMIT 1)",
        "UPDATE vectors SET surface = 'text'",
    ),
    "another model": _another_model,
    "vectors.faiss: removed": _faiss(lambda _, path: path.unlink()),
    "vectors.faiss: torn": _faiss(_torn),
    "vectors.faiss: overwritten in places": _faiss(_random_bytes),
    "vectors.faiss: of another index": _faiss(_foreign_faiss),
    "exams.jsonl: removed": _copy(lambda _, path: path.unlink()),
    "exams.jsonl: torn": _copy(_torn),
    "exams.jsonl: overwritten in places": _copy(_random_bytes),
    "exams.jsonl torn and the notes' tables damaged": _both_damaged,
    "everything but exams.jsonl removed": _no_folder,
    "rubbish in the place of the small files": _litter,
    "disk full": _full_disk,
    "index folder read-only": _read_only,
    "clock going back": _clock_back,
    "content changed under its old time and size": _same_time,
    "unreadable files among the notes": _unreadable_notes,
    "notes folder gone for a while": _notes_away,
    "two processes index at once": _two_at_once,
    "three processes find the damage at once": _all_find_damage,
}
