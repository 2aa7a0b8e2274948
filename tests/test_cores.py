"""Threads of the model that wait for each other: no more than there are cores that nobody else wants."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.encoder import Encoder
from assistant.model import cores as _cores

CORES = _cores.usable_cores()
DEADLINE_SECONDS = 60.0
LINUX = pytest.mark.skipif(not Path("/proc/loadavg").exists(), reason="only Linux says how many threads run")


@pytest.fixture
def all_cores_busy() -> Iterator[None]:
    with ExitStack() as programs:
        for _ in range(CORES + 1):
            program = programs.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            programs.callback(program.kill)
        yield


@LINUX
def test_other_programs_take_their_cores_from_the_threads(all_cores_busy: None) -> None:
    begun = time.monotonic()
    while _cores.free_threads(8) > 1 and time.monotonic() - begun < DEADLINE_SECONDS:
        time.sleep(0.05)
    assert _cores.free_threads(8) == 1


@LINUX
@pytest.mark.parametrize(
    ("running", "most", "expected"), [(1, 2, 2), (2, 2, 1), (9, 2, 1), (0, 2, 2), (1, 1, 1), (3, 4, 2), (1, 8, 4)]
)
def test_each_thread_that_runs_elsewhere_takes_one(
    running: int, most: int, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = tmp_path / "loadavg"
    load.write_text(f"0.21 0.33 0.40 {running}/345 6789\n", "utf-8")
    monkeypatch.setattr(_cores, "_LOAD", load)
    monkeypatch.setattr(_cores, "usable_cores", lambda: max(2, min(most, 4)))
    assert _cores.free_threads(most) == expected


@pytest.mark.parametrize("content", [None, b"", b"0.1 0.1 0.1", b"0.1 0.1 0.1 many/12 3"])
def test_where_nobody_says_what_runs_all_are_free(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "loadavg").write_bytes(content)
    monkeypatch.setattr(_cores, "_LOAD", tmp_path / "loadavg")
    assert _cores.free_threads(6) == 6


def test_a_thread_gets_back_the_number_that_it_had() -> None:
    before = torch.get_num_threads()
    with _cores.threads(1):
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_vectors_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Encoder()
    found = []
    for count in (1, 2):
        monkeypatch.setattr("assistant.encoder.free_threads", lambda most, count=count: count)
        found.append(encoder.encode_query("バッチ変換とリアルタイム推論の違いは？"))
    assert np.allclose(found[0].tokens, found[1].tokens, atol=1e-5)
    assert np.allclose(found[0].vector, found[1].vector, atol=1e-5)


def test_a_question_asked_from_several_threads_meets_the_same_vectors() -> None:
    encoder = Encoder()
    expected = encoder.encode_query("エンドポイントとは").vector
    found: list[np.ndarray] = []
    askers = [
        threading.Thread(target=lambda: found.append(encoder.encode_query("エンドポイントとは").vector))
        for _ in range(6)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(found) == 6
    assert all(np.allclose(vector, expected, atol=1e-5) for vector in found)
