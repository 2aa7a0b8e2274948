"""A question while other programs keep the cores busy, with as many threads of the model as are free and with all."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

import torch

from assistant.engine import Assistant
from assistant.evaluation.goldfile import read_gold

from ._figures import machine, record, spread, timed

_HOME: Final = Path(__file__).resolve().parents[1]
_QUESTIONS: Final = 24
_ROUNDS: Final = 2
#: A program that is busy and does nothing.
_COUNT: Final = "while True: pass"


def run(most: int = 2) -> None:
    """Over the notes in ``corpus/``, with 0 to ``most`` busy programs beside it."""
    about = machine()
    questions = [one.question for one in read_gold(_HOME / "tests/gold/corpus.jsonl")[:_QUESTIONS]]
    result: dict[str, object] = {"machine": about, "questions": len(questions), "threads": torch.get_num_threads()}
    with TemporaryDirectory() as index, Assistant(_HOME / "corpus", Path(index)) as assistant:
        assistant.refresh()
        for busy in range(most + 1):
            with ExitStack() as others:
                for _ in range(busy):
                    program = others.enter_context(subprocess.Popen([sys.executable, "-c", _COUNT]))
                    others.callback(program.kill)
                free: list[float] = []
                every: list[float] = []
                for _ in range(_ROUNDS):
                    free += _asked(assistant, questions)
                    with patch("assistant.encoder.free_threads", lambda count: count):
                        every += _asked(assistant, questions)
            result[f"busy_{busy}"] = {"free_threads": spread(free), "all_threads": spread(every)}
    record("busy", result)


def _asked(assistant: Assistant, questions: list[str]) -> list[float]:
    """The seconds that each of the questions takes."""
    return [timed(partial(assistant.ask, question)) for question in questions]
