"""What was read lately, kept as long as there is room: questions ask for the same things again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from typing import Generic, TypeVar

__all__ = ["Recent"]

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by key, those asked for last as long as their weights sum up to no more than ``most``. Thread-safe.

    All are of one ``state``; with another one the cache begins anew.
    """

    def __init__(self, most: int, weight: Callable[[V], int] = lambda _: 1) -> None:
        self._most = most
        self._weight = weight
        self._held: dict[K, V] = {}
        self._weights = 0
        self._state: object = None
        self._guard = threading.Lock()

    def filled(
        self, state: object, keys: Collection[K], read: Callable[[list[K]], dict[K, V]], *, lasting: bool = True
    ) -> dict[K, V]:
        """The values of ``keys``: those that are held, and of the others what ``read`` finds.

        The latter are kept, unless what is read could be of another state already: ``lasting`` is false then.
        """
        found = self.of(state, keys)
        missing = [key for key in keys if key not in found]
        if missing:
            values = read(missing)
            if lasting:
                self.keep(state, values)
            found |= values
        return found

    def of(self, state: object, keys: Iterable[K]) -> dict[K, V]:
        """Those of ``keys`` that are held."""
        with self._guard:
            if state != self._state:
                return {}
            found = {key: self._held.pop(key) for key in keys if key in self._held}
            self._held |= found  # the latest are last
            return found

    def keep(self, state: object, values: dict[K, V]) -> None:
        with self._guard:
            if state != self._state:
                self._held, self._weights, self._state = {}, 0, state
            for key, value in values.items():
                if key not in self._held:
                    self._held[key] = value
                    self._weights += self._weight(value)
            while self._weights > self._most:
                self._weights -= self._weight(self._held.pop(next(iter(self._held))))
