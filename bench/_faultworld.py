"""What ``faults.py`` breaks: notes whose facts are known, an index over them, and processes that can be killed."""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from unittest import mock

from assistant.encoder import Encoder, Encoding
from assistant.engine import Assistant
from assistant.examrecords import CheckedQuestion, ExamOption, ExamQuestion, JudgedOption
from assistant.notes import read_note, split_lines

__all__ = [
    "PAGE",
    "Kind",
    "RememberingEncoder",
    "Report",
    "Unavailable",
    "World",
    "overwrite",
    "overwrite_page",
    "remove_database",
    "settled",
]

_TREES: Final = (
    "アカシア", "イチョウ", "カエデ", "ケヤキ", "サクラ", "シラカバ",
    "スギ", "ツバキ", "ヒノキ", "ポプラ", "モミジ", "ヤナギ",
)  # fmt: skip
_PLACES: Final = (
    "北の庭", "南の庭", "東の門", "西の門", "池の端", "裏山",
    "駅前", "川岸", "丘の上", "校庭", "温室", "寺の前",
)  # fmt: skip
_PER_FILE: Final = 3
_CHILD_SECONDS: Final = 60.0

#: The bytes of a page of the database.
PAGE: Final = 4096

Report = Callable[[str], None]


class RememberingEncoder(Encoder):
    """The bundled model, asked once for each passage."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Encoding] = {}

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> list[Encoding]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= zip(missing, super().encode_passages(missing, progress), strict=True)
        return [self._known[text] for text in texts]


class Unavailable(Exception):
    """A fault that cannot be made on this machine."""


class World:
    """A notes folder whose facts are known, an index over it, and the exam records that were acknowledged."""

    def __init__(self, folder: Path, encoder: Encoder, seed: int) -> None:
        self.notes, self.index = folder / "notes", folder / "index"
        self.encoder = encoder
        self.random = random.Random(seed)
        self.places = dict(zip(_TREES, _PLACES, strict=True))
        self.acknowledged: list[str] = []
        self.seconds: dict[str, float] = {}
        self._asked = 0
        self.notes.mkdir(parents=True)
        self.write()
        with self.open() as assistant:
            assistant.refresh()
            self.record(assistant, self.acknowledged.append)

    @property
    def database(self) -> Path:
        return self.index / "notes.db"

    def open(self) -> Assistant:
        with mock.patch("assistant.engine.Encoder", return_value=self.encoder):
            return Assistant(self.notes, self.index)

    # -- what happens to the notes

    def write(self) -> None:
        for at in range(0, len(_TREES), _PER_FILE):
            trees = _TREES[at : at + _PER_FILE]
            text = "\n".join(f"# {tree}\n{tree}の木は{self.places[tree]}に植えてある。\n" for tree in trees)
            path = self.notes / f"{at}.md"
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")

    def read(self) -> None:
        """Takes the facts from the notes: another process has edited them."""
        for path in self.notes.glob("*.md"):
            for line in path.read_text(encoding="utf-8").split("\n"):
                tree, _, rest = line.partition("の木は")
                if tree in self.places and rest:
                    self.places[tree] = rest.removesuffix("に植えてある。")

    def refresh(self) -> None:
        with self.open() as assistant:
            assistant.refresh()

    def edit(self) -> None:
        self.places[self.random.choice(_TREES)] = self.random.choice(_PLACES)
        self.write()

    # -- what people do

    def record(self, assistant: Assistant, acknowledge: Report) -> None:
        """Files an exam question; acknowledged when the call has returned."""
        self._asked += 1
        stem = f"{os.getpid()}-{self._asked}-{self.random.getrandbits(32)}番目の問題"
        question = ExamQuestion(stem, (ExamOption("A", "甲"), ExamOption("B", "乙")))
        judged = (JudgedOption("A", "甲", "related", 0.2), JudgedOption("B", "乙", "related", 0.1))
        assistant.exams.record(CheckedQuestion(question, "undecided", (), 0.0, judged, ("A",), None))
        acknowledge(stem)

    def faults_seen(self, questions: int = 2) -> tuple[int, int]:
        """Wrong answers and lost records, as a new assistant gives them."""
        with self.open() as assistant:
            wrong = sum(not self._is_right(assistant, tree) for tree in self.random.sample(_TREES, questions))
            present = {attempt.checked.question.stem for attempt in assistant.exams.attempts()}
        return wrong, len(set(self.acknowledged) - present)

    def _is_right(self, assistant: Assistant, tree: str) -> bool:
        answer = assistant.ask(f"{tree}の木はどこに植えてある？")
        if answer.status != "answered":
            return False
        for citation in answer.citations:
            lines = split_lines(read_note(self.notes / citation.file))
            if citation.quote.split("\n") != lines[citation.line_start - 1 : citation.line_end]:
                return False
        return f"{tree}の木は{self.places[tree]}に植えてある。" in answer.citations[0].quote

    # -- processes

    def killed(self, name: str, work: Callable[[Report], None]) -> None:
        """Runs ``work`` in a process of its own, which is killed at some moment between its beginning and its end."""
        seconds = self.seconds.get(name)
        begun = time.monotonic()
        acknowledged = self._child(work, None if seconds is None else self.random.uniform(0, 1.1 * seconds))
        self.seconds.setdefault(name, time.monotonic() - begun)
        self.acknowledged += acknowledged

    def together(self, *works: Callable[[Report], None]) -> None:
        """Runs each of ``works`` to its end in a process of its own, all at once. A failure of one is raised."""
        children = [self._fork(work) for work in works]
        for pid, pipe in children:
            self.acknowledged += _said(pipe, _CHILD_SECONDS)
            if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0:
                raise RuntimeError("a process that was not killed failed")

    def _child(self, work: Callable[[Report], None], limit: float | None) -> list[str]:
        pid, pipe = self._fork(work)
        if limit is not None:
            time.sleep(limit)
            os.kill(pid, signal.SIGKILL)
        said = _said(pipe, _CHILD_SECONDS)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code not in (0, -signal.SIGKILL) or (limit is None and code):
            raise RuntimeError("a process failed before it was killed")
        return said

    def _fork(self, work: Callable[[Report], None]) -> tuple[int, int]:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.close(reader)
                # With another state than the parent's, or each child would do the same.
                self.random.seed(os.getpid() ^ time.time_ns())
                work(lambda text: _write(writer, text))
                code = 0
            finally:
                os._exit(code)
        os.close(writer)
        return pid, reader


def _write(pipe: int, text: str) -> None:
    os.write(pipe, f"{text}\n".encode())


def _said(pipe: int, seconds: float) -> list[str]:
    """The whole lines that a process wrote until it ended."""
    data = b""
    deadline = time.monotonic() + seconds
    with os.fdopen(pipe, "rb", buffering=0) as stream:
        while select.select([stream], [], [], max(deadline - time.monotonic(), 0))[0]:
            part = stream.read(65536)
            if not part:
                break
            data += part
    return data.decode().split("\n")[:-1]


# --- damage

#: Makes one fault.
Kind = Callable[[World], None]


def overwrite(path: Path, at: int, data: bytes) -> None:
    if path.exists():
        with path.open("r+b") as stream:
            stream.seek(at)
            stream.write(data)


def settled(world: World) -> Path:
    """The database with everything in its one file."""
    with closing(sqlite3.connect(world.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return world.database


def overwrite_page(world: World) -> None:
    path = settled(world)
    page = world.random.randrange(path.stat().st_size // PAGE)
    overwrite(path, page * PAGE, world.random.randbytes(PAGE))


def remove_database(world: World) -> None:
    for path in world.index.glob("notes.db*"):
        path.unlink()
