"""From ranked sections to the lines that are quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .names import mentions
from .notes import Section, Unit, UnitKind
from .search import Match, ranked_units
from .store import SectionRow, Store

__all__ = ["Quote", "choose_list", "choose_lookup", "list_items"]

#: A second line is quoted when its score comes this near to the best one's.
_NEAR: Final = 0.06
#: A second section is quoted when its fused score (in standard deviations) comes this near to the first one's.
_CLOSE_SECTIONS: Final = 0.6
_MOST_LOOKUP: Final = 3
_MOST_ITEMS: Final = 30


@dataclass(frozen=True, slots=True)
class Quote:
    """Units of one section that are quoted together; ``units`` are consecutive indices into ``section.units``."""

    row: SectionRow
    units: tuple[int, ...]
    score: float

    @property
    def section(self) -> Section:
        return self.row.section

    @property
    def parts(self) -> tuple[Unit, ...]:
        return tuple(self.row.section.units[index] for index in self.units)

    @property
    def text(self) -> str:
        """The source lines, verbatim."""
        return "\n".join(unit.quote for unit in self.parts)


def choose_lookup(matches: Sequence[Match]) -> list[Quote]:
    """The best line of the best section; then what comes near to it, of the same section or of the next."""
    if not matches:
        return []
    first = matches[0]
    lines = ranked_units(first)
    if not lines:
        return []
    best, best_score = lines[0]
    quotes = [Quote(first.row, (best,), best_score)]
    more = [Quote(first.row, (index,), score) for index, score in lines[1:] if score > best_score - _NEAR]
    for other in matches[1:3]:
        if first.fused - other.fused < _CLOSE_SECTIONS and (others := ranked_units(other)):
            more.append(Quote(other.row, (others[0][0],), others[0][1]))
    more.sort(key=lambda quote: -quote.score)
    return (quotes + more)[:_MOST_LOOKUP]


def list_items(row: SectionRow, score: float) -> list[Quote]:
    """The entries that a section lists, in its order: items of its outermost list, or rows of its table."""
    units = row.section.units
    entries = [i for i, unit in enumerate(units) if unit.kind in (UnitKind.ITEM, UnitKind.ROW)]
    if not entries:
        return []
    outermost = min(units[index].depth for index in entries)
    starts = [
        index
        for index in entries
        if units[index].depth == outermost and not _continues(units, index)
    ]
    return [Quote(row, (index,), score) for index in starts]


def _continues(units: Sequence[Unit], index: int) -> bool:
    """Whether a unit is a further sentence of the item before it."""
    parent = units[index].parent
    return parent is not None and units[parent].kind is UnitKind.ITEM and units[parent].depth == units[index].depth


def choose_list(store: Store, question: str, matches: Sequence[Match]) -> list[Quote]:
    """All entries under the heading that the question names, in the notes' order; of its sub-sections if need be."""
    if not matches:
        return []
    best = matches[0]
    score = best.late
    container = _named_container(store, question, best.row)
    if container is not None:
        quotes = [quote for row in container for quote in list_items(row, score) or _whole(row, score)]
        if len(quotes) > 1:
            return quotes[:_MOST_ITEMS]
    items = list_items(best.row, score)
    if len(items) > 1:
        return items[:_MOST_ITEMS]
    return []


def _whole(row: SectionRow, score: float) -> list[Quote]:
    units = [i for i, unit in enumerate(row.section.units) if unit.text and unit.kind is not UnitKind.IMAGE]
    return [Quote(row, (units[0],), score)] if units else []


def _named_container(store: Store, question: str, row: SectionRow) -> list[SectionRow] | None:
    """The sections under the innermost heading above ``row`` that the question names, unless it names the row's own."""
    path = row.section.heading_path
    if not path or mentions(path[-1], question):
        return None
    for depth in range(len(path) - 1, 0, -1):
        if mentions(path[depth - 1], question):
            return [
                other
                for other in store.sections_of(row.section.file)
                if other.section.heading_path[:depth] == path[:depth] and len(other.section.heading_path) > depth
            ]
    return None
