"""What to show where the notes do not answer: lines that are near, of those that speak of what the question names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..asking.asked import content_words
from ..asking.form import form_of
from ..naming.names import mentions, squash
from ..search import Match, ranked_units
from ..text import identifiers, is_japanese, normalise
from .evidence import Quote, choose_lookup, quote_around

__all__ = ["nearby"]

_MOST: Final = 3


def nearby(question: str, matches: Sequence[Match]) -> tuple[list[Quote], bool]:
    """A line each of the nearest sections that hold the name of what is asked about; the line holds it, or the heading.
    First the one that is headed by it.

    Where none holds it, of those that are nearest; and whether what is shown has any word of the question, or may have
    it in another language. Where one section is about the thing the others may be about anything: what falls far behind
    the first is left out.
    """
    about = form_of(question).subject if is_japanese(question) else question
    names = [name for name in identifiers(question) if mentions(name, about)]
    held = [_names_held(names, match.row.section.text) for match in matches]
    if most := max(held, default=0):
        speaking = [match for match, count in zip(matches, held, strict=True) if count == most]
        speaking.sort(key=lambda match: squash(match.row.section.leaf) not in map(squash, names))
        return [quote for match in speaking[:_MOST] for quote in _line_with(names, match)], True
    near = [match for match in matches[:_MOST] if match is matches[0] or match.fused >= matches[0].fused / 2]
    return [quote for match in near for quote in choose_lookup([match])[:1]], any(_shares(question, m) for m in near)


def _names_held(names: Sequence[str], text: str) -> int:
    return sum(mentions(name, text) for name in names)


def _line_with(names: Sequence[str], match: Match) -> list[Quote]:
    section = match.row.section
    if not any(mentions(name, section.leaf) for name in names):
        for index, score in ranked_units(match):
            if any(mentions(name, section.units[index].text) for name in names):
                return [quote_around(match.row, index, score)]
    return choose_lookup([match])[:1]


def _shares(question: str, match: Match) -> bool:
    text = normalise(match.row.section.text)
    if is_japanese(question) != is_japanese(text):
        return True
    return any(normalise(word) in text for word in content_words(question) if len(word) > 1)
