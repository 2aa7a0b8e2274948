"""The start of the chat as a whole process: until ``/healthz`` answers, the page is there, and questions are answered.

Each is what somebody outside of the process sees, from the moment it is started.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np

from ._figures import machine, record

_HOME: Final = Path(__file__).resolve().parents[1]
_LONGEST: Final = 180.0
_STEP: Final = 0.01


def run(rounds: int = 7) -> None:
    """Over the notes in ``corpus/``, which an earlier start has read."""
    about = machine()
    health: list[float] = []
    page: list[float] = []
    ready: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "notes")
        shutil.copytree(_HOME / "corpus", notes)
        for number in range(rounds + 1):
            seconds = _started(notes, Path(folder, "index"))
            if number:  # the first one reads the notes
                for figures, value in zip((health, page, ready), seconds, strict=True):
                    figures.append(value)
    record(
        "start",
        {"machine": about, "rounds": rounds}
        | {
            name: {"median_s": round(float(np.median(values)), 2), "slowest_s": round(max(values), 2)}
            for name, values in (("healthz", health), ("page", page), ("ready", ready))
        },
    )


def _started(notes: Path, index: Path) -> tuple[float, float, float]:
    """Seconds until each of the three."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "app.py", "--no-open", "--port", str(port), "--notes", str(notes), "--index", str(index)]
    begun = time.perf_counter()
    server = subprocess.Popen(command, cwd=_HOME, env=os.environ | {"NOTES_LANG": "en"}, stderr=subprocess.DEVNULL)
    try:
        while _get(port, "/healthz") is None:
            time.sleep(_STEP)
        health = time.perf_counter() - begun
        while b"gradio_config" not in (_get(port, "/") or b""):  # the answer waits for the page
            time.sleep(_STEP)
        page = time.perf_counter() - begun
        while b'"ready":true' not in (_get(port, "/healthz") or b""):
            time.sleep(_STEP)
        return health, page, time.perf_counter() - begun
    finally:
        server.terminate()
        server.wait(20)


def _get(port: int, path: str) -> bytes | None:
    """What is answered; None while nothing listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_LONGEST)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
