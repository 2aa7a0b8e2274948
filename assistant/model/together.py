"""Calls from several threads that come while one is under way, made as one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Together"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class _Call(Generic[T, R]):
    items: Sequence[T]
    results: list[R] | None = None
    error: Exception | None = None


class Together(Generic[T, R]):
    """``call``, which makes one result of each item, as a function for several threads.

    One thread at a time is in ``call``; whoever is next has it done for all that wait by then (flat combining:
    Hendler, Incze, Shavit and Tzafrir 2010, doi:10.1145/1810479.1810540).
    """

    def __init__(self, call: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._call = call
        self._waiting: list[_Call[T, R]] = []
        self._guard = threading.Lock()
        self._turn = threading.Lock()

    def __call__(self, items: Sequence[T]) -> list[R]:
        """The results of ``items``, in order. Raises what the call that they were in raised."""
        mine = _Call[T, R](items)
        with self._guard:
            self._waiting.append(mine)
        with self._turn:
            if mine.results is None and mine.error is None:
                self._serve(mine)
        if mine.error is not None:
            raise mine.error
        return mine.results or []

    def _serve(self, mine: _Call[T, R]) -> None:
        """Serves all that wait, the caller's own call among them."""
        with self._guard:
            served, self._waiting = self._waiting, []
        try:
            results = iter(self._call([item for call in served for item in call.items]))
            for call in served:
                call.results = [next(results) for _ in call.items]
        except Exception as error:
            for call in served:
                call.results, call.error = None, error
        except BaseException:  # this thread is to end; the others still want theirs
            with self._guard:
                self._waiting = [call for call in served if call is not mine] + self._waiting
            raise
