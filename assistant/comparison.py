"""Two or more names set side by side: for each, the line of the notes that speaks of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .evidence import Quote
from .names import best_likeness, mentions
from .notes import UnitKind
from .search import Match, Searcher
from .store import SectionRow
from .text import terms

__all__ = ["Compared", "compare"]

#: From this likeness on, a name in the notes is taken for the name that was asked for.
_SAME_NAME: Final = 0.8
_SIDE_MATCHES: Final = 12
_DIFFERENCE: Final = re.compile(
    r"違[いうっえ]|相違|異な|差は|一方|に対し|比べ|ではなく|\bdiffer|\bwhereas\b|\bunlike\b|\bversus\b|\bvs\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Compared:
    """``difference``: lines that state the difference outright. ``sides``: for each name its lines, best first."""

    difference: tuple[Quote, ...]
    sides: tuple[tuple[str, tuple[Quote, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: SectionRow
    unit: int
    about: float
    score: float


def compare(searcher: Searcher, names: Sequence[str], matches: Sequence[Match]) -> Compared:
    """Finds the lines for each name. ``matches``: what the whole question found. Call within ``reading()``."""
    difference = _stated_difference(names, matches)
    sides = []
    for name in names:
        candidates = _candidates(name, searcher.rank(searcher.query(name), _SIDE_MATCHES), [*names])
        quotes = [Quote(c.row, (c.unit,), c.score) for c in candidates if c.about >= _SAME_NAME]
        sides.append((name, tuple(quotes[:1])))
    return Compared(tuple(difference), tuple(sides))


def _stated_difference(names: Sequence[str], matches: Sequence[Match]) -> list[Quote]:
    found = []
    for match in matches:
        for index, unit in enumerate(match.row.section.units):
            named = all(mentions(name, unit.text) for name in names) or (
                # "Lambdaとの違いは…" under the heading of the other side
                _DIFFERENCE.search(unit.text) is not None
                and all(mentions(name, f"{_leaf(match)} {unit.text}") for name in names)
                and any(mentions(name, unit.text) for name in names)
            )
            if named and _DIFFERENCE.search(unit.text) and not np.isnan(match.units[index]):
                found.append(Quote(match.row, (index,), float(match.units[index])))
    found.sort(key=lambda quote: -quote.score)
    return found[:1]


def _leaf(match: Match) -> str:
    path = match.row.section.heading_path
    return path[-1] if path else ""


def _candidates(name: str, matches: Sequence[Match], names: Sequence[str]) -> list[_Candidate]:
    """Lines that can stand for ``name``, best first: those that begin with it or stand under it before others."""
    others = [other for other in names if other != name]
    found = []
    for match in matches:
        leaf = _leaf(match)
        under = _about(name, leaf)
        for index, unit in enumerate(match.row.section.units):
            score = float(match.units[index])
            if np.isnan(score) or unit.kind is UnitKind.TABLE_HEADER:
                continue
            subject = _about(name, _subject(unit.text))
            inside = _about(name, unit.text)
            # A line whose subject is another of the names speaks of that one.
            foreign = max((best_likeness(other, _subject(unit.text)) for other in others), default=0.0)
            about = max(subject, under * 0.98, inside * 0.9)
            if foreign >= _SAME_NAME > subject:
                about *= 0.5
            found.append(_Candidate(match.row, index, about, score))
    return sorted(found, key=lambda c: -(c.about + c.score))


def _subject(text: str) -> str:
    """What a line is about, as far as its form tells: what stands before its first は, colon or dash."""
    return re.split(r"は、|は|とは|：|:|－| - |—|＝|=| is | are |…", text, maxsplit=1)[0][:80]


def _about(name: str, text: str) -> float:
    """How surely ``text`` names ``name``: by likeness, or by the share of the name's terms that it holds."""
    if not text:
        return 0.0
    alike = best_likeness(name, text)
    wanted, there = set(terms(name)), set(terms(text))
    return max(alike, len(wanted & there) / len(wanted) * 0.95 if wanted else 0.0)
