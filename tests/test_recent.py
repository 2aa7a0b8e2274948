"""What was read lately is kept within its bounds, and never for another state of things."""

from __future__ import annotations

from assistant.storage.recent import Recent


def test_what_was_asked_for_last_stays() -> None:
    recent: Recent[str, str] = Recent(10, len)
    recent.keep(1, {"a": "xxxx", "b": "xxxx"})
    assert recent.of(1, ["a", "c"]) == {"a": "xxxx"}
    recent.keep(1, {"c": "xxxx"})
    assert recent.of(1, ["a", "b", "c"]) == {"a": "xxxx", "c": "xxxx"}


def test_what_is_too_large_alone_is_not_kept() -> None:
    recent: Recent[str, str] = Recent(10, len)
    recent.keep(1, {"a": "x" * 11})
    assert recent.of(1, ["a"]) == {}


def test_another_state_begins_anew() -> None:
    recent: Recent[str, str] = Recent(10)
    recent.keep(1, {"a": "old"})
    assert recent.of(2, ["a"]) == {}
    recent.keep(2, {"b": "new"})
    assert recent.of(2, ["a", "b"]) == {"b": "new"}
    assert recent.of(1, ["a"]) == {}


def test_only_what_is_not_held_is_read() -> None:
    recent: Recent[str, str] = Recent(10)
    asked: list[list[str]] = []

    def read(keys: list[str]) -> dict[str, str]:
        asked.append(keys)
        return {key: f"{key}{len(asked)}" for key in keys if key != "gone"}

    assert recent.filled(1, ["a", "b"], read) == {"a": "a1", "b": "b1"}
    assert recent.filled(1, ["gone", "c", "b"], read) == {"b": "b1", "c": "c2"}
    assert recent.filled(1, ["c", "a"], read) == {"c": "c2", "a": "a1"}
    assert recent.filled(1, ["a", "d"], read, lasting=False) == {"a": "a1", "d": "d3"}
    assert recent.filled(1, ["a", "d"], read) == {"a": "a1", "d": "d4"}
    assert recent.filled(2, ["a"], read) == {"a": "a5"}
    assert asked == [["a", "b"], ["gone", "c"], ["d"], ["d"], ["a"]]
