"""How far a question's answer can be trusted: a probability from signals that mean the same in any corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .evidence import Quote
from .names import best_likeness, mentions
from .search import Match
from .store import SectionRow, Store
from .text import identifiers

__all__ = ["Judge", "find_empty_heading"]


class Judge:
    def __init__(self, store: Store) -> None:
        self._store = store

    def support(self, question: str, matches: Sequence[Match], quotes: Sequence[Quote]) -> float:
        """The probability that ``quotes`` answer ``question``."""
        if not quotes or not matches:
            return 0.0
        best = matches[0]
        text = " ".join(" ".join((*quote.section.heading_path, *(u.text for u in quote.section.units))) for quote in quotes)
        names = identifiers(question)
        unknown = sum(best_likeness(name, text) < 0.8 for name in names)
        score = 12.0 * (best.late - 0.30) - 1.6 * unknown
        return float(1 / (1 + np.exp(-score)))


def find_empty_heading(store: Store, question: str, quotes: Sequence[Quote]) -> SectionRow | None:
    """A heading without a body that the question names, where the quotes are not about it."""
    for row in store.bodyless_sections():
        name = row.section.heading_path[-1] if row.section.heading_path else ""
        if name and mentions(name, question) and not any(_speaks_of(quote, name) for quote in quotes):
            return row
    return None


def _speaks_of(quote: Quote, name: str) -> bool:
    return any(mentions(name, text) for text in (*quote.section.heading_path, *(unit.text for unit in quote.parts)))
