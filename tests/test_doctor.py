"""``doctor``: each trouble has its row with a remedy, ``--fix`` loses nothing, and looking changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.faces.resident.process import EngineRecord, new_secret, source_version, write_record
from assistant.messages import CATALOGUE
from assistant.model.bundled import bundled_fingerprint
from tests.conftest import NOTES, OpenAssistant, RunCommand, write_notes

HOME = Path(__file__).resolve().parents[1]
EXAM = "メッセージを送った順に届けるキューはどれか。\nA. 標準キュー\nB. FIFOキュー"

Examine = Callable[..., dict[str, dict[str, str]]]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write_notes(tmp_path / "notes")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def examine(notes: Path, index: Path, run_command: RunCommand) -> Examine:
    """The rows by name; the exit code is checked against them."""

    def run(*args: str, **env: str) -> dict[str, dict[str, str]]:
        done = run_command("doctor", "--json", *args, NOTES_DIR=str(notes), INDEX_DIR=str(index), **env)
        found: dict[str, Any] = json.loads(done.stdout)
        rows = {row["name"]: row for row in found["checks"]}
        assert all(row.keys() == {"name", "severity", "message", "remedy"} for row in found["checks"])
        assert len(rows) == len(found["checks"])
        for severity in ("error", "warning"):
            # What is wrong comes with what to do about it, but for errors that say it themselves.
            count = sum(row["severity"] == severity for row in found["checks"])
            assert found[f"{severity}s"] == count
        assert done.exit_code == int(found["errors"] > 0)
        return rows | {"fixed": {"message": " ".join(found["fixed"])}}

    return run


def wrong(rows: dict[str, dict[str, str]]) -> dict[str, str]:
    """What is not as it should be, but for what depends on the machine that runs the tests."""
    kept = {name: row.get("severity", "ok") for name, row in rows.items() if name not in ("disk", "port", "packages")}
    return {name: severity for name, severity in kept.items() if severity != "ok"}


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_looking_changes_nothing_and_loads_no_model(notes: Path, index: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    code = (
        "import sys\nfrom assistant.faces.cli import cli\n"
        "try:\n    cli.main(['doctor', '--json'])\nexcept SystemExit as end:\n    code = end.code\n"
        "loaded = {'torch', 'sentence_transformers', 'faiss', 'gradio'} & set(sys.modules)\n"
        "sys.exit(9 if loaded else code)"
    )
    env = os.environ | {"NOTES_DIR": str(notes), "INDEX_DIR": str(index), "NOTES_LANG": "en"}
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, env=env)
    assert done.returncode in (0, 1), done.stderr  # 1 where the disk of the machine is full, say
    names = [row["name"] for row in json.loads(done.stdout)["checks"]]
    assert names == [
        *("python", "packages", "model", "disk", "notes", "files", "encodings", "empty_sections", "duplicates"),
        *("pictures", "index_folder", "index", "engine", "port"),
    ]
    assert tree(tmp_path) == before
    assert not index.exists()


def test_the_notes(notes: Path, examine: Examine) -> None:
    assert wrong(examine()) == {"empty_sections": "warning"}
    (notes / "sjis.md").write_bytes("# 鍵\n鍵の管理はKMSで行うのがよいでしょう。\n".encode("cp932"))
    (notes / "binary.md").write_bytes(b"\0" * 100)
    (notes / "copy.md").write_text(
        "# S3\n\n## バージョニング\n上書きや削除をしても、前の版のオブジェクトを取り出せる。\n"
    )
    (notes / "絵.md").write_text(
        "# 図\n![無い](images/none.png)\n![有る](<b c.png>)\n![有る](b%20c.png)\n![外](https://example.com/x.png)\n"
    )
    (notes / "b c.png").write_bytes(b"")
    rows = examine()
    assert wrong(rows) == dict.fromkeys(("files", "duplicates", "empty_sections", "pictures"), "warning")
    assert rows["files"]["message"] == "1 are not read: binary.md (not text)"
    assert "cp932 (1)" in rows["encodings"]["message"]
    assert rows["empty_sections"]["message"] == "1 headings over nothing: messaging.md:12 (メッセージング > Amazon MQ)"
    assert "ストレージ.md:6 (copy.md:3)" in rows["duplicates"]["message"]
    assert rows["pictures"]["message"] == "1 pictures are missing: 絵.md:1 (images/none.png)"
    assert all(rows[name]["remedy"] for name in wrong(rows))


@pytest.mark.parametrize("state", ["missing", "empty", "unreadable"])
def test_notes_that_are_not_there(state: str, notes: Path, examine: Examine) -> None:
    shutil.rmtree(notes)
    if state != "missing":
        notes.mkdir()
    if state == "unreadable":
        (notes / "a.md").write_bytes(b"\0\0\0\0")
    rows = examine()
    assert rows["files" if state == "unreadable" else "notes"]["severity"] == "error"


@pytest.mark.model
def test_a_damaged_index(notes: Path, index: Path, examine: Examine, open_assistant: OpenAssistant) -> None:
    (notes / "messaging.md").write_text(NOTES["messaging.md"].replace("\n## Amazon MQ\n", ""), encoding="utf-8")
    with open_assistant(notes, index) as assistant:
        assistant.refresh()
        assistant.check(EXAM, ("B",), record=True)
    rows = examine()
    assert wrong(rows) == {}
    assert "3 files, 7 sections, 1 exam records" in rows["index"]["message"]
    assert rows["freshness"]["message"] == "in step with the notes"

    (index / "vectors.faiss").write_bytes(b"torn")
    assert wrong(examine()) == {"faiss": "warning"}
    assert examine("--fix")["fixed"]["message"] == "faiss"
    assert wrong(examine()) == {}

    with sqlite3.connect(index / "notes.db") as connection:
        connection.execute("UPDATE sections SET units = replace(units, '標準', '標隼')")
    connection.close()
    rows = examine()
    assert wrong(rows) == {"index": "error"}
    assert "checksum" in rows["index"]["message"]
    assert "--fix" in rows["index"]["remedy"]

    (index / "notes.db").write_bytes(b"no database" * 1000)
    for left in ("-wal", "-shm"):
        (index / f"notes.db{left}").unlink(missing_ok=True)
    rows = examine()
    assert wrong(rows) == {"index": "error"}
    rows = examine("--fix")
    assert wrong(rows) == {}
    assert rows["fixed"]["message"] == "index"
    assert "0 files, 0 sections, 1 exam records" in rows["index"]["message"]
    assert len(list(index.glob("exams-saved-*.json"))) == 1
    with open_assistant(notes, index) as assistant:
        assert assistant.ask("FIFOキューの特徴は？").status == "answered"
        assert len(assistant.exams.attempts()) == 1


@pytest.mark.model
@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        ("UPDATE meta SET value = 1 WHERE name = 'schema'", "warning"),
        ("UPDATE meta SET value = 'other' WHERE name = 'model'", "error"),
        ("DELETE FROM vectors", "error"),
        ("DROP TABLE files", "error"),
        ("UPDATE passages SET text = text || '!'", "error"),
    ],
)
def test_an_index_of_another_kind(
    statement: str, severity: str, notes: Path, index: Path, examine: Examine, open_assistant: OpenAssistant
) -> None:
    with open_assistant(notes, index) as assistant:
        assistant.refresh()
    with sqlite3.connect(index / "notes.db") as connection:
        connection.execute(statement)
    connection.close()
    assert examine()["index"]["severity"] == severity


def test_what_others_have_left(notes: Path, index: Path, examine: Examine) -> None:
    index.mkdir()
    sqlite3.connect(index / "notes.db").close()
    (index / "vectors.abc.tmp").write_bytes(b"x")
    (index / "fresh.tmp").write_bytes(b"x")
    long_ago = time.time() - 10_000
    os.utime(index / "vectors.abc.tmp", (long_ago, long_ago))
    record = EngineRecord(
        pid=1,
        host="127.0.0.1",
        port=1,
        token=new_secret(),
        seal=new_secret(),
        version=source_version(),
        notes=str(notes),
        model=None,
        kind="engine",
        started="2026-01-01T00:00:00Z",
    )
    write_record(index, record)
    rows = examine()
    assert {rows[name]["severity"] for name in ("engine", "leftovers")} == {"warning"}
    rows = examine("--fix")
    assert {rows[name]["severity"] for name in ("engine", "leftovers")} == {"ok"}
    assert {path.name for path in index.glob("*.tmp")} == {"fresh.tmp"}
    assert not (index / "engine.json").exists()


def test_the_model(tmp_path: Path, examine: Examine) -> None:
    cache = tmp_path / "cache"
    assert examine(NOTES_CACHE_DIR=str(cache))["model"]["severity"] == "ok"
    folder = cache / bundled_fingerprint()
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    rows = examine(NOTES_CACHE_DIR=str(cache))
    assert (rows["model"]["severity"], bool(rows["model"]["remedy"])) == ("error", True)
    assert examine("--fix", NOTES_CACHE_DIR=str(cache))["model"]["severity"] == "ok"
    assert not folder.exists()
    assert examine("--model", str(tmp_path / "nowhere"))["model"]["severity"] == "error"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here that nobody can write to")
def test_an_index_folder_that_cannot_be_used(tmp_path: Path, notes: Path, run_command: RunCommand) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = run_command("doctor", NOTES_DIR=str(notes), INDEX_DIR=str(tmp_path / "file"))
    assert done.exit_code == 1
    assert "--index" in done.stdout


@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_is_shown_in_both_languages(language: str, notes: Path, index: Path, run_command: RunCommand) -> None:
    (notes / "\x1b[31m.md").write_bytes(b"\0")
    done = run_command("doctor", NOTES_DIR=str(notes), INDEX_DIR=str(index), NOTES_LANG=language)
    assert CATALOGUE["doctor.files.remedy"][language == "en"] in done.stdout
    assert "\x1b" not in done.stdout
    assert done.exit_code in (0, 1)
