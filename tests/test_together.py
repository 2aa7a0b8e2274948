"""Calls that are made together: each gets its own results, and one call serves all that wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest

from assistant.model.together import Together

_PATIENCE = 60


def _all_at_once(calls: Sequence[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


class Held:
    """Doubles numbers; the first call stays in until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.entered, self.go = threading.Event(), threading.Event()
        self.double = Together[int, int](self._double)

    def _double(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.entered.set()
        assert self.go.wait(_PATIENCE)
        if -1 in numbers:
            raise ValueError("minus one")
        return [2 * number for number in numbers]

    def crowd(self, calls: Sequence[Sequence[int]]) -> dict[int, object]:
        """What each of the calls gave or raised, all made while a first one is under way."""
        found: dict[int, object] = {}

        def ask(place: int, numbers: Sequence[int]) -> None:
            try:
                found[place] = self.double(numbers)
            except ValueError as error:
                found[place] = str(error)

        first = threading.Thread(target=ask, args=(-1, [0]))
        first.start()
        assert self.entered.wait(_PATIENCE)
        threads = [threading.Thread(target=ask, args=item) for item in enumerate(calls)]
        for thread in threads:
            thread.start()
        while len(self.double._waiting) < len(calls):
            threading.Event().wait(0.001)
        self.go.set()
        for thread in [first, *threads]:
            thread.join(_PATIENCE)
        return found


def test_one_call_serves_all_that_wait_each_with_its_own() -> None:
    held = Held()
    found = held.crowd([[1, 2], [3], [4, 5, 6]])
    assert found == {-1: [0], 0: [2, 4], 1: [6], 2: [8, 10, 12]}
    assert len(held.batches) == 2
    assert sorted(held.batches[1]) == [1, 2, 3, 4, 5, 6]


def test_an_error_reaches_those_that_were_in_the_call_and_no_later_one() -> None:
    held = Held()
    found = held.crowd([[1], [-1]])
    assert found == {-1: [0], 0: "minus one", 1: "minus one"}
    assert held.double([7]) == [14]


def test_a_thread_that_is_to_end_leaves_the_others_theirs() -> None:
    interrupted = threading.Event()

    def call(numbers: Sequence[int]) -> list[int]:
        if not interrupted.is_set():
            interrupted.set()
            raise KeyboardInterrupt
        return [2 * number for number in numbers]

    double = Together[int, int](call)
    with pytest.raises(KeyboardInterrupt):
        double([1])
    found: list[list[int]] = []
    _all_at_once([lambda: found.append(double([2])), lambda: found.append(double([3]))])
    assert sorted(found) == [[4], [6]]
