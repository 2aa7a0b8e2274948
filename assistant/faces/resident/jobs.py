"""Work that outlives the request that asked for it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from typing import Final, Generic, TypeVar

__all__ = ["Jobs"]

#: A result that nobody fetched for so long is dropped: its client has gone.
_UNCLAIMED_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.05

T = TypeVar("T")


class Jobs(Generic[T]):
    """Functions run by a few threads that stay: each that reads the store keeps a connection to it. Thread-safe.

    The threads do not keep the process from ending.
    """

    def __init__(self, workers: int) -> None:
        self._waiting: queue.SimpleQueue[tuple[Future[T], Callable[[], T]]] = queue.SimpleQueue()
        self._futures: dict[int, Future[T]] = {}
        self._ended: dict[int, float] = {}
        self._running = 0
        self._last = time.monotonic()
        self._guard = threading.Lock()
        self._numbers = count(1)
        for number in range(workers):
            threading.Thread(target=self._work, name=f"job-{number}", daemon=True).start()

    def start(self, function: Callable[[], T]) -> int:
        """Has ``function`` run as soon as a thread is free; the number is what its result is asked for by."""
        future: Future[T] = Future()
        with self._guard:
            number = next(self._numbers)
            for old in [old for old, at in self._ended.items() if time.monotonic() - at > _UNCLAIMED_SECONDS]:
                del self._futures[old], self._ended[old]
            self._futures[number] = future
            self._running += 1
        future.add_done_callback(lambda _: self._finished(number))
        self._waiting.put((future, function))
        return number

    def get(self, number: int) -> Future[T] | None:
        """The job ``number``; None where there is none, or its result has been fetched or dropped."""
        with self._guard:
            return self._futures.get(number)

    def forget(self, number: int) -> None:
        with self._guard:
            self._futures.pop(number, None)
            self._ended.pop(number, None)

    def idle_seconds(self) -> float:
        """For how long there has been nothing to do."""
        with self._guard:
            return 0.0 if self._running else time.monotonic() - self._last

    def settle(self, seconds: float) -> None:
        """Waits until nothing runs, at most ``seconds``."""
        deadline = time.monotonic() + seconds
        while self._running and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)

    def _work(self) -> None:
        while True:
            future, function = self._waiting.get()
            try:
                future.set_result(function())
            except BaseException as error:  # it is the asker's to see
                future.set_exception(error)

    def _finished(self, number: int) -> None:
        with self._guard:
            self._running -= 1
            self._last = time.monotonic()
            if number in self._futures:
                self._ended[number] = self._last
