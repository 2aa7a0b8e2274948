"""Quotes to numbered citations."""

from __future__ import annotations

from collections.abc import Iterable

from ..records import Citation, Place
from ..store import Store
from .evidence import Quote

__all__ = ["cite", "distinct", "quote_key"]


def cite(store: Store, quotes: Iterable[Quote], *, first: int = 1) -> tuple[Citation, ...]:
    """Citations of the distinct quotes, numbered from ``first``; copies of a section elsewhere are named with them.

    Call within ``store.reading()``.
    """
    return tuple(_citation(store, n, quote) for n, quote in enumerate(distinct(quotes), start=first))


def distinct(quotes: Iterable[Quote]) -> list[Quote]:
    """Each quote once, in order."""
    first: dict[tuple[int, tuple[int, ...]], Quote] = {}
    for quote in quotes:
        first.setdefault(quote_key(quote), quote)
    return list(first.values())


def quote_key(quote: Quote) -> tuple[int, tuple[int, ...]]:
    """What makes two quotes the same."""
    return quote.row.id, quote.units


def _citation(store: Store, n: int, quote: Quote) -> Citation:
    section, parts = quote.section, quote.parts
    also = []
    for copy in store.copies(quote.row.identity):
        if copy.id != quote.row.id:
            units = [copy.section.units[index] for index in quote.units]
            also.append(Place(copy.section.file, units[0].line_start, units[-1].line_end))
    return Citation(
        n,
        section.file,
        parts[0].line_start,
        parts[-1].line_end,
        section.heading_path,
        quote.text,
        quote.score,
        tuple(also),
        quote.entries,
        quote.readings,
    )
