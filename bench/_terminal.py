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
        folders["PYTHONDONTWRITEBYTECODE"] = ""  # as for whoever has run a command before

        def run_bare() -> None:
            subprocess.run([sys.executable, "-I", "-S", "-c", "pass"])

        def command(*args: str, engine: str = "on") -> tuple[float, float]:
            """Seconds by the clock, and of the processor: on a machine that is shared, these are the command's own."""
            env = os.environ | folders | {"ASSISTANT_ENGINE": engine}
            before = _processor_seconds()
            wall = timed(
                lambda: subprocess.run([sys.executable, "app.py", *args], cwd=_HOME, env=env, capture_output=True)
            )
            return wall, _processor_seconds() - before

        command("index", engine="off")
        begun = time.perf_counter()
        try:
            command("ask", _QUESTION)
            first = time.perf_counter() - begun
            warm, help_, status, alone, bare = [], [], [], [], []
            for number in range(rounds):
                warm.append(command("ask", _QUESTION))
                help_.append(command("--help"))
                status.append(command("status"))
                bare.append(timed(run_bare))
                if number % 7 == 0:
                    alone.append(command("ask", _QUESTION, engine="off"))
        finally:
            command("stop")
    figures = {"warm_engine": warm, "help": help_, "status": status, "in_process": alone}
    walls = {name: spread([wall for wall, _ in taken]) for name, taken in figures.items()}
    record(
        "terminal",
        {"machine": about, "rounds": rounds, "first_with_start_s": round(first, 2)}
        | {"bare_interpreter": spread(bare)}
        | walls
        | {f"{name}_cpu": spread([cpu for _, cpu in taken]) for name, taken in figures.items()}
        | {"in_process_to_warm": round(walls["in_process"]["p50_ms"] / walls["warm_engine"]["p50_ms"], 1)},
    )


def _processor_seconds() -> float:
    """Of the processes that were waited for; an engine that stays is none of them."""
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
