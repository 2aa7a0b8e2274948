"""Branches of a nested list: an item with what hangs under it.

Many notes have no headings but the items of a list: 「- Amazon RDS」 over what is said of it, one level deeper.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from ..asking.form import form_of
from ..naming.names import best_likeness, mentions, squash
from ..notes import Unit, UnitKind
from ..text import width

__all__ = ["end_of_branch", "is_label", "named_branch"]

#: In full-width characters.
_LONGEST_LABEL: Final = 30
#: What makes a line say something by itself.
_STATES: Final = ("。", "：", ": ", "→", "⇒", "＝", " = ", "は")
_SHORTEST_NAME: Final = 2
_FEWEST: Final = 2


def end_of_branch(units: Sequence[Unit], index: int) -> int:
    """The last unit that hangs under the item at ``index``; ``index`` itself where none does."""
    end, within = index, {index}
    while end + 1 < len(units) and units[end + 1].parent in within:
        end += 1
        within.add(end)
    return end


def is_label(unit: Unit) -> bool:
    """Whether an item only names what hangs under it."""
    text = unit.text.strip()
    return (
        unit.kind is UnitKind.ITEM
        and 0 < width(text) <= _LONGEST_LABEL
        and not any(states in text for states in _STATES)
    )


def named_branch(question: str, units: Sequence[Unit]) -> tuple[int, int] | None:
    """The first and the last unit under the item that the question names, if several hang there."""
    subject = form_of(question).subject
    found: list[tuple[int, int, int]] = []
    for index, unit in enumerate(units):
        if not is_label(unit) or not _is_named(unit.text, question, subject):
            continue
        first, end = index + 1, end_of_branch(units, index)
        # What alone hangs there announces the rest.
        while first < end and end_of_branch(units, first) == end and not is_label(units[first]):
            first += 1
        if end - first + 1 >= _FEWEST:
            found.append((len(squash(unit.text)), first, end))
    kinds = _kinds(units, subject)
    if kinds is not None and not any(mentions(units[index].text, question) for index in kinds):
        return kinds[0], end_of_branch(units, kinds[-1])
    if not found:
        return None
    longest = max(length for length, *_ in found)
    return next((first, end) for length, first, end in found if length == longest)


def _kinds(units: Sequence[Unit], subject: str) -> list[int] | None:
    """Two or more labels beside one another whose names end in, or hold, the one that the question is about: Classic
    Load Balancer and Network Load Balancer, where load balancers are asked for.
    """
    if len(squash(subject)) < _SHORTEST_NAME:
        return None
    held = [index for index, unit in enumerate(units) if is_label(unit) and best_likeness(subject, unit.text) > 0]
    held = [index for index in held if not _is_the(units[index].text, subject)]
    if len(held) < _FEWEST or len({units[index].parent for index in held}) > 1:
        return None
    between = itertools.pairwise(held)
    return held if all(end_of_branch(units, one) + 1 == other for one, other in between) else None


def _is_the(label: str, subject: str) -> bool:
    """Whether a label is the name, but for one word before it: "Amazon RDS"."""
    wanted, words = squash(subject), label.split()
    return squash(label) == wanted or squash(" ".join(words[1:])) == wanted


def _is_named(label: str, question: str, subject: str) -> bool:
    if len(squash(label)) < _SHORTEST_NAME:
        return False
    if mentions(label, question):
        return True
    return len(squash(subject)) >= _SHORTEST_NAME and best_likeness(subject, label) > 0
