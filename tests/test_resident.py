"""The resident engine as processes: who starts it, who finds it, how it ends, and that it answers the same.

An engine over an empty folder has nothing to load and is there in a second or two; most of what is asked here needs no
more. The file, the lock and the other parts are tested in ``test_engineparts.py``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from assistant.faces.resident.client import EngineClient
from assistant.faces.resident.process import LOG_FILE, EngineRecord, Target, read_record, source_version, write_record
from assistant.records import Progress
from tests.conftest import loaded_by

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are not the same there")
#: Many engines, one after the other: minutes.
many = pytest.mark.skipif(not os.environ.get("TEST_ENGINES"), reason="set TEST_ENGINES=1 to start many engines")

HOME = Path(__file__).resolve().parents[1]
QUESTION = "FIFOキューの特徴は？"
EXAM = "順番が保たれるのはどれか。\nA. 標準キュー\nB. FIFOキュー\nC. Amazon SNS\nD. ライフサイクル"
Run = Callable[..., Result]


class Folder:
    """A notes folder with an index folder, and the program run over them as processes."""

    def __init__(self, notes: Path, index: Path) -> None:
        self.notes = notes
        self.index = index
        self.pids: set[int] = set()

    def start(self, *args: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(HOME / "app.py"), *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ
            | {"NOTES_LANG": "en", "ASSISTANT_ENGINE": "on"}
            | {"NOTES_DIR": str(self.notes), "INDEX_DIR": str(self.index)}
            | env,
        )

    def run(self, *args: str, stdin: str = "", **env: str) -> tuple[int, str, str]:
        with self.start(*args, **env) as process:
            out, err = process.communicate(stdin, timeout=150)
        self._remember()
        return process.returncode, out, err

    def engine(self) -> EngineRecord:
        record = self._remember()
        assert record is not None, "an engine is running"
        return record

    def wait_for_engine(self, other_than: int = 0) -> EngineRecord:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            record = self._remember()
            if record is not None and record.pid != other_than:
                return record
            time.sleep(0.05)
        raise AssertionError("no engine came")

    def end_all(self) -> None:
        self._remember()
        for pid in self.pids:
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)

    def _remember(self) -> EngineRecord | None:
        record = read_record(self.index)
        if record is not None and record.pid != os.getpid():
            self.pids.add(record.pid)
        return record


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:  # one that has ended and that nobody has asked about
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True


def wait_until_gone(pid: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while is_running(pid):
        assert time.monotonic() < deadline, f"{pid} is still there"
        time.sleep(0.05)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Folder]:
    """A folder without notes: each command ends with 2, whoever answers it."""
    (tmp_path / "notes").mkdir()
    folder = Folder(tmp_path / "notes", tmp_path / "index")
    yield folder
    folder.end_all()


def assert_no_notes(ended: tuple[int, str, str], folder: Folder) -> None:
    code, out, err = ended
    assert (code, out) == (2, ""), err
    assert re.fullmatch(r"There are no notes in [^\n]+\n", err), err
    assert str(folder.notes) in err


# --- starting and ending


def test_two_commands_at_once_start_one_engine_and_stop_ends_it(empty: Folder) -> None:
    both = [empty.start("search", "x"), empty.start("ask", "x")]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert_no_notes((process.returncode, out, err), empty)
    record = empty.engine()
    if shutil.which("ps"):
        listed = subprocess.run(["ps", "-axww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
        engines = [line.split()[0] for line in listed.split("\n") if f"engine --notes {empty.notes} " in line]
        assert engines == [str(record.pid)]
    code, out, err = empty.run("engine")
    assert (code, out) == (0, "")
    assert str(record.pid) in err
    assert empty.run("stop") == (0, "", "The engine has been stopped.\n")
    wait_until_gone(record.pid)
    assert read_record(empty.index) is None
    assert empty.run("stop") == (0, "", "No engine is running.\n")


@many
def test_an_engine_that_is_dead_or_of_other_code_or_notes_is_replaced(empty: Folder, tmp_path: Path) -> None:
    empty.run("search", "x")
    first = empty.engine()
    os.kill(first.pid, signal.SIGKILL)
    assert_no_notes(empty.run("search", "x"), empty)
    second = empty.engine()
    assert second.pid != first.pid
    write_record(empty.index, replace(second, version="other"))
    assert_no_notes(empty.run("search", "x"), empty)
    third = empty.engine()
    assert third.pid != second.pid
    wait_until_gone(second.pid)
    (tmp_path / "more notes").mkdir()
    other = Folder(tmp_path / "more notes", empty.index)
    assert_no_notes(other.run("search", "x"), other)
    fourth = other.engine()
    empty.pids.add(fourth.pid)
    assert fourth.notes == str(other.notes)
    wait_until_gone(third.pid)


@many
def test_an_engine_that_hangs_is_not_waited_for_without_end(empty: Folder) -> None:
    empty.index.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = Target(empty.notes, empty.index, None)
        write_record(
            empty.index,
            EngineRecord(
                os.getpid(),
                "127.0.0.1",
                silent.getsockname()[1],
                "1f",
                "2e",
                source_version(),
                target.notes_key,
                None,
                "engine",
                "",
            ),
        )
        assert_no_notes(empty.run("search", "x"), empty)
    assert empty.engine().pid != os.getpid()


@many
def test_an_engine_ends_itself_when_nobody_asks(empty: Folder) -> None:
    empty.run("search", "x", ASSISTANT_IDLE="0.01")
    pid = next(iter(empty.pids)) if empty.pids else 0
    if pid:
        wait_until_gone(pid)
    deadline = time.monotonic() + 10
    while read_record(empty.index) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert read_record(empty.index) is None
    assert (empty.index / LOG_FILE).is_file(), "there has been one"


@many
def test_an_engine_whose_folder_has_gone_ends_itself(empty: Folder) -> None:
    empty.run("search", "x")
    record = empty.engine()
    (empty.index / "engine.json").unlink()
    wait_until_gone(record.pid)


@many
def test_without_an_engine_to_be_had_the_command_answers_and_says_so(empty: Folder) -> None:
    code, out, err = empty.run("search", "x", ASSISTANT_IDLE="soon")
    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert "--idle" in first
    assert "ASSISTANT_ENGINE=off" in first
    assert str(empty.notes) in second
    assert not empty.pids


def test_switched_off_nothing_is_started(empty: Folder) -> None:
    assert_no_notes(empty.run("search", "x", ASSISTANT_ENGINE="off"), empty)
    assert not [path for path in empty.index.iterdir() if path.name.startswith("engine")]


def test_an_index_folder_that_cannot_be_used_is_one_line(empty: Folder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    code, out, err = empty.run("search", "x", INDEX_DIR=str(tmp_path / "file"))
    assert (code, out, err.count("\n")) == (3, "", 1)


@many
def test_status_starts_nothing_and_is_the_same_either_way(empty: Folder) -> None:
    code, alone, _ = empty.run("status", "--json")
    assert code == 0
    assert not empty.pids
    empty.run("search", "x")
    empty.engine()
    assert empty.run("status", "--json") == (0, alone, "")


@many
def test_the_chat_takes_over_from_an_engine_and_stop_leaves_it_alone(empty: Folder) -> None:
    empty.run("search", "x")
    engine = empty.engine()
    chat = empty.start("--port", "0", "--no-open")
    try:
        record = empty.wait_for_engine(other_than=engine.pid)
        assert (record.pid, record.kind) == (chat.pid, "chat")
        wait_until_gone(engine.pid)
        assert_no_notes(empty.run("search", "x"), empty)
        assert empty.engine().pid == chat.pid
        code, _, err = empty.run("stop")
        assert code == 2
        assert "Ctrl-C" in err
        chat.send_signal(signal.SIGINT)
        chat.communicate(timeout=60)
        assert read_record(empty.index) is None
    finally:
        chat.kill()
        chat.wait()


# --- answering


@pytest.fixture(scope="module")
def answered(notes_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """A folder whose engine has answered its first question."""
    folder = Folder(notes_dir, tmp_path_factory.mktemp("resident"))
    try:
        code, out, err = folder.run("ask", QUESTION)
        assert (code, err) == (0, ""), err
        assert "messaging.md:7:" in out
        yield folder
    finally:
        folder.end_all()


@many
@pytest.mark.model
def test_an_engine_that_is_killed_under_a_question_is_replaced(answered: Folder, tmp_path: Path) -> None:
    folder = Folder(answered.notes, tmp_path)
    try:
        impatient = folder.start("ask", QUESTION)
        first = folder.wait_for_engine()
        time.sleep(0.5)
        impatient.send_signal(signal.SIGINT)
        _, err = impatient.communicate(timeout=60)
        assert (impatient.returncode, err.strip().count("\n")) == (130, 0)
        assert "app.py stop" in err
        assert is_running(first.pid), "Ctrl-C is for the command, not for the engine"
        patient = folder.start("ask", QUESTION)
        time.sleep(1)
        assert patient.poll() is None, "it waits for the engine"
        os.kill(first.pid, signal.SIGKILL)
        out, err = patient.communicate(timeout=150)
        assert (patient.returncode, err) == (0, "The engine broke off; a new one is started to go on.\n")
        assert "messaging.md:7:" in out
        assert folder.engine().pid != first.pid
    finally:
        folder.end_all()


def timeless(text: str) -> str:
    return re.sub(r'("elapsed_ms": )\d+', r"\1", text)


@pytest.mark.model
@pytest.mark.parametrize(
    "args",
    [
        ["ask", QUESTION],
        ["ask", QUESTION, "--json"],
        ["ask", "おいしいパンの焼き方は？", "--json"],
        ["ask", "標準キューとFIFOキューの違いは？", "--json"],
        ["ask", "Amazon MQとは？"],
        ["search", "前の版に戻す", "-k", "2"],
        ["search", "who called the API", "--json"],
        ["ask", "--batch", "-"],
        ["check", EXAM],
        ["check", EXAM, "--mine", "B", "--json"],
        ["index", "--json"],
    ],
    ids=" ".join,
)
def test_an_engine_answers_the_same_as_a_command_by_itself(answered: Folder, ask_command: Run, args: list[str]) -> None:
    batch = f'{{"id": 1, "question": "{QUESTION}"}}\n\nnothing\n{{"id": [2], "question": "SNSとは"}}\n'
    stdin = batch if "--batch" in args else ""
    pid = answered.engine().pid
    alone = ask_command(*args, stdin=stdin)
    code, out, err = answered.run(*args, stdin=stdin)
    assert answered.engine().pid == pid
    if args[0] == "index":
        assert json.loads(out).keys() == json.loads(alone.stdout).keys()
        return
    assert (code, timeless(out), err) == (alone.exit_code, timeless(alone.stdout), alone.stderr)


HEAVY = ("numpy", "torch", "faiss", "gradio", "fastapi", "uvicorn", "httpx", "http.client", "asyncio", "ssl")


@pytest.mark.model
@pytest.mark.parametrize(
    "args", [["ask", QUESTION], ["search", "SNS", "--json"], ["check", EXAM]], ids=lambda args: args[0]
)
def test_a_command_that_an_engine_answers_imports_nothing_heavy(answered: Folder, args: list[str]) -> None:
    loaded = loaded_by(*args, ASSISTANT_ENGINE="on", NOTES_DIR=str(answered.notes), INDEX_DIR=str(answered.index))
    assert "assistant.faces.resident.client" in loaded
    assert not loaded & {*HEAVY}


@pytest.mark.model
def test_changed_notes_and_unreadable_files_are_seen_through_the_engine(answered: Folder) -> None:
    added = answered.notes / "bad.md"
    try:
        added.write_bytes(b"\x7fELF\x00\x01\x02\xff" * 200)
        code, _, err = answered.run("ask", QUESTION)
        assert code == 0
        assert "bad.md (not text)" in err
    finally:
        added.unlink()
    assert answered.run("ask", QUESTION)[2] == ""


@pytest.mark.model
@pytest.mark.skipif("coverage" in sys.modules, reason="watching every line takes longer than the question")
def test_a_warm_question_costs_the_terminal_little(answered: Folder) -> None:
    def processor_seconds() -> float:
        before = os.times()
        code, _, _ = answered.run("ask", QUESTION)
        after = os.times()
        assert code == 0
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(processor_seconds() for _ in range(3)) < 0.4


@many
@pytest.mark.model
def test_progress_is_told_while_a_large_folder_is_read(answered: Folder, tmp_path: Path) -> None:
    """Last: the engine is another folder's afterwards."""
    notes = tmp_path / "notes"
    notes.mkdir()
    for name in range(3):
        lines = "\n\n".join(f"## 節 {name}-{n}\nこの節には番号{n}の説明を書いておく。" for n in range(150))
        (notes / f"{name}.md").write_text(lines, encoding="utf-8")
    seen: list[Progress] = []
    waited: list[Any] = []
    with EngineClient(Target(notes, answered.index, None), start=True, notice=waited.append) as client:
        report = client.refresh(seen.append)
    answered.engine()
    assert report.files == 3
    assert waited[0] == "cli.engine.starting"
    encoding = [at for at in seen if at.stage == "encode"]
    assert encoding
    assert {at.total for at in encoding} == {450}
    assert [at.done for at in encoding] == sorted(at.done for at in encoding)
