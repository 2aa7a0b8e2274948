"""An index that was lost, torn or damaged: the next question gets the right answer, and the exam record is whole."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.care.recovery import mend, salvage
from assistant.encoder import Encoder
from assistant.engine import Assistant
from assistant.errors import IndexBusy, IndexDamaged
from assistant.exams.record.examexport import read_export
from assistant.exams.record.examlog import Attempt, ExamLog
from assistant.notes import read_note, split_lines
from assistant.store import Store
from tests.conftest import NOTES, OpenAssistant

pytestmark = pytest.mark.model

EXAM = "メッセージを送った順に届けるキューはどれか。\nA. 標準キュー\nB. FIFOキュー"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, open_assistant: OpenAssistant) -> Path:
    """A folder with notes, an index over them and three exam records; not to be changed."""
    folder = tmp_path_factory.mktemp("sound")
    for name, text in NOTES.items():
        path = folder / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    # enough for a few pages of each table
    many = "".join(f"# 部品{n}\n部品{n}は倉庫{n % 7}の棚{n % 11}に置いてある。\n\n" for n in range(8))
    (folder / "notes" / "parts.md").write_text(many, encoding="utf-8")
    with open_assistant(folder / "notes", folder / "index") as assistant:
        assistant.refresh()
        for mine in ("B", "A", "B"):
            assistant.check(EXAM, (mine,), record=True)
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "f")
    return tmp_path / "f"


@pytest.fixture
def opened(folder: Path, open_assistant: OpenAssistant) -> Iterator[Callable[[], Assistant]]:
    assistants: list[Assistant] = []

    def open_one() -> Assistant:
        assistants.append(open_assistant(folder / "notes", folder / "index"))
        return assistants[-1]

    yield open_one
    for assistant in assistants:
        assistant.close()


def answers_rightly(assistant: Assistant) -> None:
    answer = assistant.ask("FIFOキューの特徴は？")
    assert answer.status == "answered"
    assert "送った順に届き" in answer.citations[0].quote
    for citation in answer.citations:
        lines = split_lines(read_note(assistant.notes_dir / citation.file))
        for quote, line in zip(citation.quote.split("\n"), lines[citation.line_start - 1 :], strict=False):
            assert quote in line


def chosen(assistant: Assistant) -> list[str]:
    return ["".join(attempt.checked.yours) for attempt in assistant.exams.attempts()]


def damage(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as stream:
        stream.seek(at)
        stream.write(data)


def page_of(path: Path, table: str) -> int:
    """Where the root page of a table or index begins, in bytes."""
    connection = sqlite3.connect(path)
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    connection.close()
    return int((root - 1) * size)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "its head overwritten": lambda path: damage(path, 0, b"\0" * 100),
    "replaced by a text": lambda path: path.write_bytes(b"not a database" * 999),
    "replaced by random bytes": lambda path: path.write_bytes(random.Random(1).randbytes(200_000)),
    "emptied": lambda path: path.write_bytes(b""),
    "removed": lambda path: path.unlink(),
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut within a page": lambda path: os.truncate(path, path.stat().st_size - 1234),
    "sections overwritten": lambda path: damage(path, page_of(path, "sections"), b"\xff" * 4096),
    "passages overwritten": lambda path: damage(path, page_of(path, "passages"), b"\xff" * 4096),
    "vectors overwritten": lambda path: damage(path, page_of(path, "vectors"), b"\xff" * 4096),
    "files overwritten": lambda path: damage(path, page_of(path, "files"), b"\xff" * 4096),
    "meta overwritten": lambda path: damage(path, page_of(path, "meta"), b"\xff" * 4096),
    "the lexicon overwritten": lambda path: damage(path, page_of(path, "lexicon_data"), b"\xff" * 4096),
    "the exams overwritten": lambda path: damage(path, page_of(path, "exams"), b"\xff" * 4096),
    "everything behind the head overwritten": lambda path: damage(path, 4096, b"\x5a" * (path.stat().st_size - 4096)),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_database_is_rebuilt_and_the_record_kept(
    kind: str, folder: Path, opened: Callable[[], Assistant]
) -> None:
    DAMAGES[kind](folder / "index" / "notes.db")
    assistant = opened()
    answers_rightly(assistant)
    assert chosen(assistant) == ["B", "A", "B"]
    assert assistant.status().stale_files == 0
    assert assistant.check(EXAM, ("A",), record=True).correct is False
    again = opened()
    answers_rightly(again)
    assert chosen(again) == ["B", "A", "B", "A"]


@pytest.mark.parametrize("kind", ["its head overwritten", "sections overwritten", "removed", "replaced by a text"])
def test_a_database_that_is_damaged_while_it_is_open(kind: str, folder: Path, opened: Callable[[], Assistant]) -> None:
    first, second = opened(), opened()
    answers_rightly(first)
    answers_rightly(second)
    path = folder / "index" / "notes.db"
    if kind in ("removed", "replaced by a text"):
        path.unlink()
    DAMAGES[kind](path) if kind != "removed" else None
    for assistant in (first, second, opened()):
        answers_rightly(assistant)
        assert chosen(assistant) == ["B", "A", "B"]


def test_the_record_is_exported_before_anything_is_emptied(folder: Path) -> None:
    damage(folder / "index" / "notes.db", 0, b"\0" * 100)
    done = mend(folder / "index", None)
    assert (done.rebuilt, done.records) == (True, 3)
    assert done.export is not None
    kept = read_export(done.export.read_text(encoding="utf-8"))
    assert [attempt.checked.yours for attempt in kept] == [("B",), ("A",), ("B",)]
    # Whoever comes next finds it done.
    assert mend(folder / "index", None).rebuilt is False


def test_records_come_from_the_database_where_the_copy_is_lost(folder: Path) -> None:
    index = folder / "index"
    before = salvage(index / "notes.db")
    (index / "exams.jsonl").unlink()
    damage(index / "notes.db", page_of(index / "notes.db", "sections"), b"\xff" * 4096)
    assert salvage(index / "notes.db") == before
    assert mend(index, None).records == 3


COPIES: dict[str, Callable[[Path], object]] = {
    "lost": lambda path: path.unlink(),
    "emptied": lambda path: path.write_bytes(b""),
    "torn": lambda path: os.truncate(path, path.stat().st_size - 7),
    "overwritten": lambda path: path.write_bytes(b"\xff" * 500),
    "with a line too many": lambda path: path.write_bytes(path.read_bytes() + b"00000000 {}\n"),
    "with a wrong form": lambda path: path.write_bytes(b'c1d1e1f1 []\n1 {"at": 1}\n\n\n'),
}


@pytest.mark.parametrize("kind", COPIES)
def test_the_copy_of_the_record_is_put_right(kind: str, folder: Path, opened: Callable[[], Assistant]) -> None:
    index = folder / "index"
    before = (index / "exams.jsonl").read_bytes()
    COPIES[kind](index / "exams.jsonl")
    assert chosen(opened()) == ["B", "A", "B"]
    assert (index / "exams.jsonl").read_bytes() == before


def test_what_was_forgotten_does_not_come_back(folder: Path, opened: Callable[[], Assistant]) -> None:
    assistant = opened()
    assistant.exams.forget(assistant.exams.attempts()[0].identity)
    (folder / "index" / "notes.db").unlink()
    assert chosen(opened()) == []


def test_an_attempt_is_in_the_copy_as_it_is_in_the_database(folder: Path) -> None:
    store = Store(folder / "index")
    log = ExamLog(store)
    rows = (folder / "index" / "exams.jsonl").read_text(encoding="utf-8").splitlines()
    kept = [Attempt.from_json(json.loads(row.partition(" ")[2])) for row in rows]
    assert kept == list(log.attempts())
    assert [row[:8].isalnum() for row in rows] == [True] * 3
    store.close()


# --- bits that flip where SQLite does not look


def test_a_quote_that_lost_a_bit_is_not_shown(folder: Path, opened: Callable[[], Assistant]) -> None:
    path = folder / "index" / "notes.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = path.read_bytes()
    needle = "送った順に届き".encode()
    assert data.count(needle) >= 2
    path.write_bytes(data.replace(needle, "送った順に屈き".encode()))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()
    answers_rightly(opened())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vectors SET scales = zeroblob(length(scales) - 4)",
        "UPDATE vectors SET pooled = cast(replace(hex(pooled), '3', 'F') AS BLOB)",
        "UPDATE vectors SET tokens = 'text'",
        "UPDATE meta SET value = cast('abc' AS BLOB) WHERE name = 'mean_tokens'",
        "UPDATE files SET read_ns = 'soon'",
        "UPDATE sections SET level = 'x'",
        "UPDATE sections SET units = '[]'",
        "UPDATE sections SET heading_path = cast(x'ff' AS TEXT)",
        "DROP TABLE vocabulary",
        "DROP TABLE passages",
        "ALTER TABLE sections RENAME COLUMN units TO other",
        "DROP TABLE meta",
        "ALTER TABLE exams RENAME COLUMN yours TO other",
        "DROP TABLE exams",
    ],
)
def test_rows_and_tables_that_are_not_ours(statement: str, folder: Path, opened: Callable[[], Assistant]) -> None:
    with sqlite3.connect(folder / "index" / "notes.db") as connection:
        connection.execute(statement)
    connection.close()
    assistant = opened()
    answers_rightly(assistant)
    assert chosen(assistant) == ["B", "A", "B"]


def test_a_disk_that_fails_again_and_again_is_said(
    opened: Callable[[], Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = opened()

    def fail(*_: object) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    monkeypatch.setattr(Store, "lexical_candidates", fail)
    for _ in range(5):
        with pytest.raises(IndexDamaged, match="malformed"):
            assistant.search("鍵")


def test_an_error_that_is_no_damage_empties_nothing(
    folder: Path, opened: Callable[[], Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = opened()
    answers_rightly(assistant)
    before = assistant.status()

    def fail(*_: object) -> None:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Store, "lexical_candidates", fail)
        with pytest.raises(IndexBusy):
            assistant.search("鍵")
    assert assistant.status() == before


# --- another version, another model


def test_an_older_schema_is_carried_over_without_encoding_the_notes_anew(
    folder: Path, opened: Callable[[], Assistant], encoder: Encoder
) -> None:
    path = folder / "index" / "notes.db"
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE sections DROP COLUMN checksum")
        connection.execute("ALTER TABLE files DROP COLUMN ctime_ns")
        connection.execute("UPDATE meta SET value = 2 WHERE name = 'schema'")
    connection.close()
    assistant = opened()
    assert assistant.refresh().encoded == 0
    answers_rightly(assistant)
    assert chosen(assistant) == ["B", "A", "B"]


@pytest.mark.parametrize("version", [1, 999, "x", None])
def test_an_unknown_schema_is_rebuilt(version: object, folder: Path, opened: Callable[[], Assistant]) -> None:
    with sqlite3.connect(folder / "index" / "notes.db") as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (version,))
    connection.close()
    assistant = opened()
    answers_rightly(assistant)
    assert chosen(assistant) == ["B", "A", "B"]
