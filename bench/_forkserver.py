"""Runs tests over and over in processes that have the libraries and the model already, but none of what is mutated.

    python -m bench._forkserver SOCKET SECONDS model|plain pytest-arguments…     the server
    python bench/_forkserver.py SOCKET      one run: exit status 0 where all tests pass

Starting Python, the libraries and the model takes longer than most tests; a fork has them at once.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

__all__ = ["serve"]


#: A run that waits for what never comes is stopped after so many times what it may compute.
_WAITING: Final = 10
#: pytest warns of libraries that were there before it.
_UNWARNED: Final = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


def serve(address: Path, seconds: int, arguments: Sequence[str], *, model: bool) -> None:
    """Serves one run at a time, each bounded by ``seconds`` of the processor, until it is killed.

    It first runs the tests once, and ends where they do not pass as the code is.
    """
    import click  # noqa: F401
    import faiss  # noqa: F401
    import hypothesis  # noqa: F401
    import markdown_it  # noqa: F401
    import numpy  # noqa: F401
    import pytest  # noqa: F401

    if model:
        _hold_the_model()
    if _status(_tests(seconds, arguments), seconds):
        raise SystemExit("the tests do not pass without a mutation")
    sys.dont_write_bytecode = True  # a mutant may have the size and the second of the one before
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(BrokenPipeError):
                connection.sendall(b"1" if _status(_tests(seconds, arguments), seconds) else b"0")


def _hold_the_model() -> None:
    import torch

    from assistant import encoder

    torch.set_num_threads(1)
    warm = encoder.Encoder()
    warm.warm_up()
    encoder.Encoder = lambda *_: warm  # type: ignore[misc, assignment]


def _tests(seconds: int, arguments: Sequence[str]) -> int:
    """The process in which the tests run, quietly."""
    import pytest

    child = os.fork()
    if child:
        return child
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(quiet, stream)
    os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *_UNWARNED, *arguments])))


def _status(child: int, seconds: int) -> int:
    """How the process ended; not 0 where it had to be stopped."""
    deadline = time.monotonic() + _WAITING * seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -1


def _run(address: str) -> int:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        return int(connection.recv(1) or b"1")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        sys.exit(_run(sys.argv[1]))
    serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[4:], model=sys.argv[3] == "model")
