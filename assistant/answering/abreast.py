"""Of the lines that can stand for each of several names, those that stand beside one another."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..notes import Unit, UnitKind
from ..store import SectionRow
from .subjects import head_of, subject_of

__all__ = ["Candidate", "beside_one_another"]

#: How many lines for each name are looked at, and how far behind the first they may be.
_MOST: Final = 8
_REACH: Final = 0.5
#: What two lines are ahead by that are entries of one list or rows of one table, lines of one section, or lines of two
#: sections under one heading; the last once more if both tell the same of their names: "Use: …", "Use: …". And by how
#: alike two lines of one list are otherwise.
_SAME_LIST: Final = 0.2
_SAME_SECTION: Final = 0.1
_SIBLINGS: Final = 0.15
_SAME_KEY: Final = 0.1
_SAME_FORM: Final = 0.1
#: Of so many characters each, which bounds the time.
_FORM: Final = 80


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that can stand for a name. ``under``: whether it does so by the heading that it stands under."""

    row: SectionRow
    unit: int
    rank: float
    score: float
    under: bool

    @property
    def told(self) -> Unit:
        return self.row.section.units[self.unit]


def beside_one_another(found: Sequence[Sequence[Candidate]]) -> list[Candidate | None]:
    """One of the candidates of each name, all best first; ``None`` where there are none.

    Notes that tell things apart do it in one place: lines that stand beside one another answer better than two that
    are each nearest by themselves, and tell the same side of both.
    """
    pools = [[one for one in own[:_MOST] if one.rank >= own[0].rank - _REACH] for own in found]
    filled = [pool for pool in pools if pool]
    best: list[Candidate] = [pool[0] for pool in filled]
    if len(filled) > 1:
        ways = [_around(anchor, filled, own) for own, pool in enumerate(filled) for anchor in pool]
        best = max(ways, key=_worth)
    chosen = iter(best)
    return [next(chosen) if pool else None for pool in pools]


def _around(anchor: Candidate, pools: Sequence[Sequence[Candidate]], own: int) -> list[Candidate]:
    """``anchor``, of the pool ``own``, with the candidate of each other pool that goes best with it."""
    return [
        anchor if place == own else max(pool, key=lambda one: one.rank + _nearness(anchor, one))
        for place, pool in enumerate(pools)
    ]


def _worth(way: Sequence[Candidate]) -> float:
    near = sum(_nearness(one, next_one) for one, next_one in itertools.pairwise(way))
    return sum(one.rank for one in way) + near


def _nearness(one: Candidate, other: Candidate) -> float:
    if one.row.id == other.row.id:
        # Under the heading of one of the names, another is spoken of in passing.
        if one.unit == other.unit or one.under != other.under:
            return 0.0
        entries = one.told.kind is other.told.kind and one.told.kind in (UnitKind.ITEM, UnitKind.ROW)
        if not entries or one.told.parent != other.told.parent:
            return _SAME_SECTION
        form = difflib.SequenceMatcher(None, one.told.text[:_FORM], other.told.text[:_FORM], autojunk=False).ratio()
        return _SAME_LIST + _SAME_FORM * form
    a, b = one.row.section, other.row.section
    if a.file != b.file or len(a.heading_path) < 2 or a.heading_path[:-1] != b.heading_path[:-1]:
        return 0.0
    keys = [subject_of(head_of(line.text, line.kind)) for line in (one.told, other.told)]
    alike = keys[0] == keys[1] and keys[0] != one.told.text
    return _SIBLINGS + _SAME_KEY * alike
