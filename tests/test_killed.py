"""Indexing in a process that is killed at any moment: what it committed stays, and is not encoded again.

``KILLS=20`` does so twenty times.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.engine import Assistant

pytestmark = [pytest.mark.model, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")]

ROOT = Path(__file__).resolve().parents[1]
SECTIONS = 96
#: Files its vectors often, so that there is something to be committed in a short time.
CHILD = """
import sys
from pathlib import Path
import assistant.index
assistant.index._CHUNK = 8
from assistant import Assistant
with Assistant(Path(sys.argv[1]), Path(sys.argv[2])) as one:
    one.refresh()
"""


def committed(index: Path) -> dict[bytes, bytes]:
    """The pooled vectors that are filed, by their keys."""
    if not (index / "notes.db").exists():
        return {}
    with closing(sqlite3.connect(index / "notes.db", timeout=30)) as connection:
        try:
            return dict(connection.execute("SELECT key, pooled FROM vectors"))
        except sqlite3.OperationalError:  # its tables are not made yet
            return {}


def kill_while_indexing(notes: Path, index: Path, at_least: int) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(notes), str(index)], cwd=ROOT)
    try:
        while child.poll() is None and len(committed(index)) < at_least:
            time.sleep(0.005)
        time.sleep(random.uniform(0, 0.1))
    finally:
        child.kill()
    assert child.wait(60) in (0, -signal.SIGKILL)


@pytest.mark.parametrize("number", range(int(os.environ.get("KILLS", "1"))))
def test_a_killed_process_costs_only_what_it_had_not_committed(
    number: int, tmp_path: Path, open_assistant: Callable[[Path, Path], Assistant]
) -> None:
    notes, index = tmp_path / "notes", tmp_path / "index"
    notes.mkdir()
    for place in range(SECTIONS):
        text = f"# 棚{place}\n{place}番の棚には、{place * 7 % 100}冊の本と{place * 13 % 100}枚の絵がある。\n"
        (notes / f"{place // 8}-{place}.md").write_text(text, encoding="utf-8")
    kill_while_indexing(notes, index, random.Random(number).randrange(8, SECTIONS // 2))
    before = committed(index)
    assert before, "nothing had been committed"
    with open_assistant(notes, index) as assistant:
        report = assistant.refresh()
        assert report.passages == SECTIONS
        assert report.encoded == SECTIONS - len(before)
        after = committed(index)
        assert len(after) == SECTIONS
        assert before.items() <= after.items()
        for place in (0, SECTIONS // 2, SECTIONS - 1):
            answer = assistant.ask(f"{place}番の棚には何がある？")
            assert answer.citations[0].file == f"{place // 8}-{place}.md"
