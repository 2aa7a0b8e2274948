"""Faults: files of the index that are damaged, replaced or gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from assistant.care.doctorindex import diagnose_index
from assistant.exams.record.examlog import ExamLog
from assistant.store import Store
from bench._faultworld import (
    PAGE,
    Kind,
    Report,
    World,
    overwrite,
    overwrite_page,
    remove_database,
    settled,
)

__all__ = ["KINDS"]


def _many_pages(world: World) -> None:
    path = settled(world)
    for page in range(path.stat().st_size // PAGE):
        if world.random.random() < 0.5:
            overwrite(path, page * PAGE, bytes(PAGE))


def _cut(world: World) -> None:
    path = settled(world)
    os.truncate(path, world.random.randrange(path.stat().st_size))


def _flip_bits(world: World) -> None:
    """Some are where nothing notices before they are read; ``doctor --fix`` looks at every row."""
    path = settled(world)
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
        settled(world).write_bytes(content(world))

    return inject


def _remove_while_open(world: World) -> None:
    with world.open() as assistant:
        assistant.refresh()
        remove_database(world)
        assistant.ask("スギの木はどこに植えてある？")
        world.record(assistant, world.acknowledged.append)


def _damage_while_open(world: World) -> None:
    with world.open() as assistant:
        assistant.refresh()
        settled(world)
        overwrite(world.database, 0, bytes(100))
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
    overwrite(path, world.random.randrange(path.stat().st_size), world.random.randbytes(50))


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


def _another_model(world: World) -> None:
    with closing(Store(world.index)) as store:
        store.use_model("another model")
        ExamLog(store)


KINDS: Final[dict[str, Kind]] = {
    "notes.db: a page overwritten": overwrite_page,
    "notes.db: half of the pages zeroed": _many_pages,
    "notes.db: head zeroed": lambda world: overwrite(settled(world), 0, bytes(100)),
    "notes.db: cut off anywhere": _cut,
    "notes.db: 20 bits flipped, then doctor --fix": _flip_bits,
    "notes.db: replaced by a text": _whole_file(lambda _: b"not a database\n" * 1000),
    "notes.db: replaced by random bytes": _whole_file(lambda world: world.random.randbytes(100_000)),
    "notes.db: emptied": _whole_file(lambda _: b""),
    "notes.db: removed": remove_database,
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
}
