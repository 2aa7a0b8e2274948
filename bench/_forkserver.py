"""Runs tests over and over in processes that have the libraries and the model already, but none of what is mutated.

    python -m bench._forkserver SOCKET SECONDS model|plain pytest-arguments…     the server
    python bench/_forkserver.py SOCKET      one run: exit status 0 where all tests pass

Starting Python, the libraries and the model takes longer than most tests; a fork has them at once. A run has only the
tests that reach the lines which differ from how the server found them, the quickest first.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

__all__ = ["serve"]


#: A run may take so much longer than its tests did, and so many seconds besides, before it counts as hanging.
_SLOWER: Final = 8
_SECONDS_BESIDES: Final = 20
#: A run that waits for what never comes is stopped after so many times what it may compute.
_WAITING: Final = 10
_MOST_SECONDS: Final = 1200
#: pytest warns of libraries that were there before it.
_QUIET: Final = ("-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")


def serve(address: Path, seconds: float, arguments: Sequence[str], *, model: bool) -> None:
    """Serves one run at a time, of tests that take ``seconds`` together at most, until it is killed.

    It first runs the tests once, and ends where they do not pass as the code is.
    """
    import click  # noqa: F401
    import coverage  # noqa: F401
    import faiss  # noqa: F401
    import hypothesis  # noqa: F401
    import markdown_it  # noqa: F401
    import numpy  # noqa: F401
    import pytest

    from bench import _reaching

    if model:
        _hold_the_model()
    result = address.with_suffix(".json")
    if _status(_child(lambda: _reaching.watched([*_QUIET, *arguments], result), _MOST_SECONDS), _MOST_SECONDS):
        raise SystemExit("the tests do not pass without a mutation")
    reaching = _reaching.Reaching(Path("assistant"), result)

    def passes() -> bool:
        tests = [test for change in _changed(reaching.sources) for test in reaching.tests(*change, seconds)]
        if not tests:
            return True
        limit = int(_SECONDS_BESIDES + _SLOWER * reaching.seconds(tests))
        files = sorted({test.partition("::")[0] for test in tests})
        chosen = _reaching.Chosen(tests)
        return _status(_child(lambda: int(pytest.main([*_QUIET, *files], plugins=[chosen])), limit), limit) == 0

    sys.dont_write_bytecode = True  # a mutant may have the size and the second of the one before
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(BrokenPipeError):
                connection.sendall(b"0" if passes() else b"1")


def _changed(sources: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """File and line of the first difference of each module that is no longer as it was."""
    for name, before in sources.items():
        now = Path("assistant", name).read_text("utf-8")
        if now != before:
            pairs = itertools.zip_longest(before.split("\n"), now.split("\n"))
            yield name, next(line for line, (old, new) in enumerate(pairs, 1) if old != new)


def _hold_the_model() -> None:
    import torch

    from assistant import encoder

    torch.set_num_threads(1)
    warm = encoder.Encoder()
    warm.warm_up()
    encoder.Encoder = lambda *_: warm  # type: ignore[misc, assignment]


def _child(task: Callable[[], int], seconds: int) -> int:
    """The process that does ``task`` quietly, with ``seconds`` of the processor, and exits with what that gives."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(quiet, stream)
    os._exit(task())


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
    serve(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[4:], model=sys.argv[3] == "model")
