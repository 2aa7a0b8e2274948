"""What SECURITY.md promises: the notes are only read, answers are of one state, and nothing runs what it reads."""

from __future__ import annotations

import ast
import itertools
import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.records import Answer
from tests.conftest import NOTES, OpenAssistant, RunCommand, write_notes

HOME = Path(__file__).resolve().parents[1]
EXAM = "メッセージを送った順に届けるキューはどれか。\nA. 標準キュー\nB. FIFOキュー"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write_notes(tmp_path / "notes")


# --- the notes are only read


def state(folder: Path) -> dict[str, tuple[object, ...]]:
    """Everything that a write would change: content, names, modes, times."""
    found: dict[str, tuple[object, ...]] = {}
    for path in (folder, *sorted(folder.rglob("*"))):
        facts = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(facts.st_mode) else b""
        found[str(path)] = (facts.st_mode, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, content)
    return found


@pytest.mark.model
def test_no_command_writes_into_the_notes_folder(
    notes: Path, tmp_path: Path, run_command: RunCommand, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engine.Encoder", lambda _: assistant._encoder)
    (notes / "torn.md").write_bytes(b"\0\0")
    (notes / "twin.md").write_text(NOTES["messaging.md"], encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        '{"id": "1", "type": "fact", "question": "FIFO", "answerable": false, "gold": []}\n', encoding="utf-8"
    )
    before = state(notes)
    commands = (
        *(("index",), ("ask", "FIFOキューの特徴は？"), ("search", "FIFO"), ("check", EXAM, "--mine", "B"), ("status",)),
        *(("check", "--review"), ("check", "--export", tmp_path / "e.json"), ("doctor",), ("doctor", "--fix")),
        *(("eval", gold), ("stop",), ("index", "--model", tmp_path / "nowhere")),
    )
    for command in commands:
        done = run_command(*command, NOTES_DIR=str(notes))
        assert "Traceback" not in done.output
        assert done.exit_code in (0, 1) or "--model" in command, (command, done.output)
        assert state(notes) == before, command


# --- several at once


def lines_of(answer: Answer) -> list[str]:
    return [line for citation in answer.citations for line in citation.quote.split("\n")]


@pytest.mark.model
def test_two_engines_ten_askers_and_edits_mix_nothing(
    notes: Path, tmp_path: Path, open_assistant: OpenAssistant
) -> None:
    """Each edit changes two notes at once, so an answer with both is of one state only if they agree."""

    def write(version: int) -> None:
        text = f"# {{}}\n{{}}の保管庫は第{version}倉庫にある。\n"
        for name in ("青い箱", "赤い箱"):
            scratch = tmp_path / "scratch"
            scratch.write_text(text.format(name, name), encoding="utf-8")
            scratch.replace(notes / f"{name}.md")

    write(0)
    errors: list[Exception] = []
    answers: list[tuple[str, list[str]]] = []
    stop = threading.Event()

    def run(work: Callable[[], object]) -> Callable[[], None]:
        def loop() -> None:
            try:
                while not stop.is_set():
                    work()
            except Exception as error:
                errors.append(error)

        return loop

    with open_assistant(notes, tmp_path / "index") as first, open_assistant(notes, tmp_path / "index") as second:
        first.refresh()
        versions = itertools.count(1)
        asked = itertools.count()

        def ask() -> None:
            number = next(asked)
            engine = (first, second)[number % 2]
            name = ("青い箱", "赤い箱")[number // 2 % 2]
            answers.append((name, lines_of(engine.ask(f"{name}の保管庫はどこにある？"))))

        def edit() -> None:
            write(next(versions))
            time.sleep(0.02)

        works: list[Callable[[], object]] = [*[ask] * 10, edit, first.refresh]
        works.append(lambda: second.check(EXAM, ("B",), record=True))
        threads = [threading.Thread(target=run(work)) for work in works]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 60
        while (len(answers) < 40 or next(versions) < 10) and not errors and time.monotonic() < deadline:
            time.sleep(0.1)
        stop.set()
        for thread in threads:
            thread.join()
        assert errors == []
        assert len(answers) >= 20
        for name, lines in answers:
            # Never the line of the other box, never half of a line.
            assert any(line.startswith(f"{name}の保管庫は第") and line.endswith("倉庫にある。") for line in lines), (
                lines
            )
        last = next(versions)
        write(last)
        first.refresh()
        for engine in (first, second):
            for name in ("青い箱", "赤い箱"):
                assert f"{name}の保管庫は第{last}倉庫にある。" in lines_of(engine.ask(f"{name}の保管庫はどこにある？"))


# --- nothing runs what it reads

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "joblib",
    "yaml",
    "xml.etree",
    "telnetlib",
    "ftplib",
    "smtplib",
}
FORBIDDEN_NAMES = {"system", "popen", "read_pickle", "unsafe_load"}


@pytest.mark.parametrize("path", sorted((HOME / "assistant").rglob("*.py")), ids=lambda path: path.stem)
def test_the_program_runs_nothing_that_it_reads(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            assert not {name.partition(".")[0] for name in names} & FORBIDDEN_MODULES
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                assert node.func.id not in FORBIDDEN_CALLS, node.lineno
            if isinstance(node.func, ast.Attribute):
                assert node.func.attr not in FORBIDDEN_NAMES, node.lineno
            for keyword in node.keywords:
                if keyword.arg in ("shell", "trust_remote_code", "allow_pickle"):
                    assert isinstance(keyword.value, ast.Constant)
                    assert keyword.value.value is False, node.lineno
                if keyword.arg == "weights_only":
                    assert isinstance(keyword.value, ast.Constant)
                    assert keyword.value.value is True, node.lineno


@pytest.mark.model
@pytest.mark.skipif(os.name == "nt", reason="no such modes there")
def test_what_is_private_is_readable_by_nobody_else(notes: Path, tmp_path: Path, open_assistant: OpenAssistant) -> None:
    with open_assistant(notes, tmp_path / "index") as assistant:
        assistant.check(EXAM, ("B",), record=True)
    assert stat.S_IMODE((tmp_path / "index" / "exams.jsonl").stat().st_mode) == 0o600
