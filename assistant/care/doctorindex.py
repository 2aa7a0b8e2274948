"""What ``doctor`` finds in an index folder. The database is opened as it is: nothing is created, migrated or mended."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from ..dense import DenseIndex, seal_of
from ..errors import AssistantError
from ..exams.record.examcopy import ExamCopy
from ..folder.standing import count_changed
from ..model.bundled import bundled_fingerprint
from ..storage.rows import file_row, section_row, vector_key
from ..storage.schema import SCHEMA_VERSION, SELECT_FILE, SELECT_SECTION
from ..storage.soundness import UnreadableRow, checked_database
from ..store import Store
from .doctor import Finding, left_over
from .recovery import mend

__all__ = ["diagnose_index"]


def diagnose_index(notes: Path, index: Path, model: str | None) -> Iterator[Finding]:
    """The folder, the database, the FAISS file beside it, and whether the notes have changed since."""
    values: dict[str, object] = {"folder": index}
    path = index / "notes.db"
    if index.exists() and not (index.is_dir() and os.access(index, os.W_OK | os.X_OK)):
        yield Finding("index_folder", "error", "doctor.index_folder.closed", "doctor.index_folder.remedy", values)
        return
    yield Finding("index_folder", "ok", "doctor.index_folder.ok", values=values)
    if not path.exists():
        lost = bool(ExamCopy(index).size())
        yield Finding("index", "ok", "doctor.index.lost" if lost else "doctor.index.later", values=values)
        return
    try:
        uri = f"file:{quote(str(path.absolute()))}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            yield from _database(connection, notes, index, model)
    except (sqlite3.Error, ValueError, TypeError) as error:
        yield _damaged(index, " ".join(str(error).split()), None)
    yield left_over(index)


def _damaged(index: Path, problem: str, born: int | None) -> Finding:
    values: dict[str, object] = {"folder": index, "problem": problem}
    return Finding(
        "index", "error", "doctor.index.damaged", "doctor.index.remedy", values, fix=lambda: mend(index, born)
    )


def _database(connection: sqlite3.Connection, notes: Path, index: Path, model: str | None) -> Iterator[Finding]:
    problem = checked_database(connection)
    if problem:
        yield _damaged(index, problem, None)
        return
    meta = dict(connection.execute("SELECT name, value FROM meta"))
    values: dict[str, object] = {"folder": index, "schema": meta.get("schema"), "model": meta.get("model")}
    if meta.get("schema") != SCHEMA_VERSION:
        yield Finding("index", "warning", "doctor.index.schema", "doctor.index.next_question", values)
        return
    problem = _wrong_content(connection, str(meta.get("model")))
    if problem:
        yield _damaged(index, problem, meta.get("born"))
        return
    if model is None and meta.get("model") not in (None, _fingerprint()):
        yield Finding("index", "warning", "doctor.index.model", "doctor.index.next_question", values)
        return
    count = "SELECT (SELECT count(*) FROM files), (SELECT count(*) FROM sections), (SELECT count(*) FROM exams)"
    files, sections, exams = connection.execute(count).fetchone()
    values |= {"files": files, "sections": sections, "exams": exams, "generation": meta.get("generation")}
    yield Finding("index", "ok", "doctor.index.ok", values=values)
    yield _faiss(index, meta)
    yield _freshness(connection, notes)


def _fingerprint() -> str:
    try:
        return bundled_fingerprint()
    except AssistantError:
        return ""


def _wrong_content(connection: sqlite3.Connection, model: str) -> str:
    """What SQLite cannot know: whether every row is the one that was written."""
    try:
        for row in connection.execute(SELECT_SECTION):
            section_row(row)
        for passage, text, key in connection.execute("SELECT id, text, key FROM passages"):
            if vector_key(model, text) != key:
                return f"passage {passage}"
    except UnreadableRow as error:
        return str(error)
    (lost,) = connection.execute("SELECT count(*) FROM passages WHERE key NOT IN (SELECT key FROM vectors)").fetchone()
    return f"{lost} passages without vectors" if lost else ""


def _faiss(index: Path, meta: dict[str, object]) -> Finding:
    try:
        found = seal_of(index / "vectors.faiss")
    except OSError:
        found = ""
    # One that is whole but behind is brought up by whoever opens it.
    if found == str(meta.get("faiss_stamp")).partition(":")[2] or not meta.get("updated_at"):
        return Finding("faiss", "ok", "doctor.faiss.ok")
    return Finding("faiss", "warning", "doctor.faiss.behind", "doctor.index.next_question", fix=lambda: _rebuild(index))


def _rebuild(index: Path) -> None:
    with closing(Store(index)) as store:
        DenseIndex(store).synchronise()


def _freshness(connection: sqlite3.Connection, notes: Path) -> Finding:
    count = count_changed({row.path: row for row in map(file_row, connection.execute(SELECT_FILE))}, notes)
    return Finding("freshness", "ok", "doctor.freshness.some" if count else "doctor.freshness.ok", "", {"count": count})
