"""A terminal question as a whole process: answered by a warm engine, and by the process itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ._figures import machine, record, spread, timed

_HOME = Path(__file__).resolve().parents[1]
_QUESTION = "SageMakerのエンドポイントとは？"


def run(rounds: int = 20) -> None:
    """Over the notes in ``corpus/``."""
    about = machine()
    with tempfile.TemporaryDirectory() as index:
        folders = {"NOTES_DIR": str(_HOME / "corpus"), "INDEX_DIR": index, "NOTES_LANG": "en"}

        def command(*args: str, engine: str = "on") -> float:
            env = os.environ | folders | {"ASSISTANT_ENGINE": engine}
            return timed(
                lambda: subprocess.run([sys.executable, "app.py", *args], cwd=_HOME, env=env, capture_output=True)
            )

        command("index", engine="off")
        begun = time.perf_counter()
        try:
            command("ask", _QUESTION)
            first = time.perf_counter() - begun
            warm, help_, status, alone = [], [], [], []
            for number in range(rounds):
                warm.append(command("ask", _QUESTION))
                help_.append(command("--help"))
                status.append(command("status"))
                if number % 7 == 0:
                    alone.append(command("ask", _QUESTION, engine="off"))
        finally:
            command("stop")
    figures = {"warm_engine": warm, "help": help_, "status": status, "in_process": alone}
    record(
        "terminal",
        {"machine": about, "rounds": rounds, "first_with_start_s": round(first, 2)}
        | {name: spread(seconds) for name, seconds in figures.items()}
        | {"in_process_to_warm": round(spread(alone)["p50_ms"] / spread(warm)["p50_ms"], 1)},
    )
