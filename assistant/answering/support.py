"""How far a question's answer can be trusted: a probability from signals that mean the same in any corpus.

The signals are absolute: how well each word of the question meets the section, measured against how well the question
meets the notes' other sections; whether the notes know what the question is about, and the section speaks of that side
of it that is asked for; and whether a question for a number, a date or a price meets any such thing.
``bench/calibrate.py`` fits their weights (logistic regression) and shows how they hold on notes that were left out of
the fit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ..asking.asked import content_words, numbered, type_held, type_missing
from ..asking.form import Form, form_of
from ..naming.gazetteer import initials
from ..naming.names import SAME_NAME, best_likeness, mentions, squash
from ..notes import Section
from ..search import Match, Query
from ..store import SectionRow, Store
from ..text import identifiers, is_japanese, normalise, terms, written
from .evidence import Quote
from .hollow import tells_nothing
from .lacking import given_missing, side_missing, undefined, words_missing
from .listing import counted_out
from .openquestions import is_question
from .subjects import names_of_heading

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SIGNALS", "Judge", "Verdict", "find_empty_heading"]


SIGNALS: Final = (
    "above_background",  # how well the question meets the section, in standard deviations above other sections
    "pooled",  # cosine of the pooled vectors
    "weakest_words",  # mean best cosine of the least met quarter of the question's tokens
    "unknown_names",  # names in the question that occur nowhere in the section
    "type_missing",  # a number, date, price … is asked for, and the quotes have none
    "weakest_wording",  # as weakest_words, in the layer that is nearer to the wording
    "words_missing",  # share of the question's content words that the section does not hold
    "other_language",  # question and section are in different languages: all likenesses are lower then
    "foreign_subject",  # what the question is about is a name that occurs nowhere in the notes
    "aspect_missing",  # the side of it that is asked for, or what is claimed of it, is not spoken of in the section
    "undefined",  # what a name means is asked for, and the section does not say it
    "wish",  # somebody tells what they want, in words of their own: notes share fewer of these
)
#: The most that is the probability that notes on RAID0 and RAID5 say what is asked of RAID10.
_RENUMBERED: Final = 0.2
#: In another language than the question's a section shares no words with it: where it meets the question hardly better
#: than the others do, the most that is the probability that it answers.
_HARDLY_ABOVE: Final = 0.2
_FOREIGN: Final = 0.3
#: What the section may lack although it is about the thing.
_OF_THE_SIDE: Final = ("type_missing", "aspect_missing", "undefined", "words_missing")
#: What counts the absence of the side that is asked for where the line quoted holds such a thing: "最大15分", asked for
#: as 実行時間の上限.
_TYPED: Final = 0.5
_SHORTEST_ABBREVIATION: Final = 3
#: A part of a heading that names its thing.
_PART: Final = re.compile("[一-龥々]{2,}|.{4,}")
#: What a heading has before the question that it asks.
_LABEL: Final = re.compile(r"^[^:：]*[:：]\s*")
#: In letters.
_SHORTEST_ASKED: Final = 8
_WORD: Final = re.compile("[0-9a-z]+")

#: Log-odds that the notes answer the question, and that the quotes chosen are the ones that do.
_ANSWERABLE: Final = {
    "above_background": 0.26,
    "pooled": 3.58,
    "weakest_words": 0.6,
    "unknown_names": -0.83,
    "type_missing": -3.88,
    "weakest_wording": 0.43,
    "words_missing": -0.53,
    "other_language": 1.26,
    "foreign_subject": -2.54,
    "aspect_missing": -3.48,
    "undefined": -2.76,
    "wish": 0.84,
    "bias": -1.15,
}
_RIGHT: Final = {
    "above_background": 0.63,
    "pooled": 2.67,
    "weakest_words": 1.06,
    "unknown_names": -0.5,
    "type_missing": -3.68,
    "weakest_wording": 0.27,
    "words_missing": -0.64,
    "other_language": 1.13,
    "foreign_subject": -2.2,
    "aspect_missing": -3.18,
    "undefined": -3.22,
    "wish": 0.07,
    "bias": -2.57,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """``answerable``: the probability that the notes answer the question; ``support``: that the quotes do.

    ``near``: the probability that they would, if they spoke of that side of the thing that is asked for.
    """

    answerable: float
    support: float
    near: float = 0.0


class Judge:
    """Judges answers from a store. Call within ``store.reading()``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def judge(self, query: Query, matches: Sequence[Match], quotes: Sequence[Quote]) -> Verdict:
        if not quotes or not matches or not query.terms:  # what holds no word asks nothing
            return Verdict(0.0, 0.0)
        signals = self.signals(query, matches, quotes)
        first = quotes[0]
        if len(first.units) == 1 and tells_nothing(query.text, first.section.units, first.units[0]):
            return Verdict(0.0, 0.0, _probability(_ANSWERABLE, signals))
        most = _RENUMBERED if self._renumbered(query.text, quotes) else 1.0
        if signals["other_language"] and signals["above_background"] < _HARDLY_ABOVE:
            most = min(most, _FOREIGN)
        near = _probability(_ANSWERABLE, signals | dict.fromkeys(_OF_THE_SIDE, 0.0))
        answerable, right = (min(most, _probability(weights, signals)) for weights in (_ANSWERABLE, _RIGHT))
        return Verdict(answerable, right, near)

    def unknown_names(self, query: Query) -> tuple[str, ...]:
        """The names in a question that are nowhere in the notes, as they are written, in order."""
        return written(query.text, self._foreign(query, identifiers(query.text)))

    def _foreign(self, query: Query, names: Iterable[str]) -> list[str]:
        """Those of ``names`` that are nowhere in the notes and stand for nothing that is spelled out there."""
        spelled_out = {initials(_WORD.findall(normalise(name))) for name in query.also}
        return [name for name in names if not self._store.knows(terms(name)) and name not in spelled_out]

    def _renumbered(self, question: str, quotes: Sequence[Quote]) -> bool:
        """Whether the question names by a number what the notes don't have, and the quotes its like by another one:
        RAID10 beside RAID0, SHA-512 beside SHA-256, 1590年 beside 1588年.
        """
        strange = [(kind, name) for kind, name in numbered(question) if not self._store.knows(terms(name))]
        quoted = {kind for kind, _ in numbered("\n".join(quote.text for quote in quotes))} if strange else set()
        return any(kind in quoted or kind == "番" for kind, _ in strange)

    def signals(self, query: Query, matches: Sequence[Match], quotes: Sequence[Quote]) -> dict[str, float]:
        """The value of each of ``SIGNALS``, roughly within -3..3."""
        best = next((match for match in matches if match.row.id == quotes[0].row.id), matches[0])
        mean, spread = best.background
        section = best.row.section
        text = section.text
        # What another section has says nothing of this one's thing.
        own = [quote for quote in quotes if quote.row.id == best.row.id]
        # A cell is what the name of its column says that it is.
        read = ["\n".join(unit.text for unit in quote.parts) for quote in own or quotes]
        quoted = "\n".join((section.leaf, *read))
        there = set(terms(text))
        names = identifiers(query.text)
        unknown = [name for name in names if best_likeness(name, text) < SAME_NAME]
        form = form_of(query.text)
        typed = type_held(query.text, read[0])
        japanese = is_japanese(query.text)
        other = japanese != is_japanese(text)
        side = max(side_missing(form, text, there) * (_TYPED if typed else 1.0), given_missing(form, text, there))
        return {
            "above_background": min((best.late - mean) / max(spread, 0.02), 8.0) / 2 - 1,
            "pooled": 10 * (best.pooled - 0.85),
            "weakest_words": 5 * _weakest(best.tokens),
            "unknown_names": float(min(len(unknown), 3)),
            "type_missing": float(type_missing(query.text, quoted) and not counted_out(query.text, own)),
            "weakest_wording": 5 * _weakest(best.wording),
            "words_missing": words_missing(content_words(query.text), there),
            "other_language": float(other),
            "foreign_subject": float(self._is_foreign(form.subject, self._foreign(query, unknown))),
            "aspect_missing": 0.0 if other else side,
            "undefined": float(self._is_undefined(form, section, other)),
            "wish": float(form.is_wish),
        }

    def _is_foreign(self, subject: str, foreign: Sequence[str]) -> bool:
        """Whether a name in the subject is ``foreign``, and the notes do not abbreviate the subject either."""
        if not any(mentions(name, subject) for name in foreign):
            return False
        words = _WORD.findall(normalise(subject))
        return len(words) < _SHORTEST_ABBREVIATION or not self._store.knows([initials(words)])

    def _is_undefined(self, form: Form, section: Section, other: bool) -> bool:
        """Whether a section does not say what the name means that is asked for; of a section in an ``other`` language
        only where it is a proper name, which is the same there.
        """
        proper = any(char.isupper() or char.isdigit() for char in form.subject)
        return form.defines and (proper or not other) and undefined(form.subject, section)


def _probability(weights: dict[str, float], signals: dict[str, float]) -> float:
    log_odds = weights["bias"] + sum(weights[name] * value for name, value in signals.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _weakest(tokens: NDArray[np.float32]) -> float:
    count = max(1, len(tokens) // 4)
    return float(np.sort(tokens)[:count].mean()) if len(tokens) else 0.0


def find_empty_heading(store: Store, question: str, quotes: Sequence[Quote]) -> SectionRow | None:
    """A heading without a body that the question names, where the quotes are not about it."""
    for row in store.bodyless_sections():
        for name in _names_in(row.section.leaf):
            named = mentions(name, question) or _is_asked(name, question)
            if named and not any(_speaks_of(quote, name) for quote in quotes):
                return row
    return None


def _names_in(leaf: str) -> tuple[str, ...]:
    """A heading, and its part in each script: 「Sampling 標本抽出」."""
    parts = [part for part in names_of_heading(leaf) if _PART.fullmatch(squash(part)) and f"({part})" not in leaf]
    return tuple(dict.fromkeys((leaf, *parts))) if leaf else ()


def _is_asked(heading: str, question: str) -> bool:
    """Whether a heading asks the question: 「メモ: 錨は何のためにあるか」."""
    last = _LABEL.sub("", heading)
    asked = squash(last).rstrip("かの")
    return is_question(last) and len(asked) >= _SHORTEST_ASKED and asked in squash(question)


def _speaks_of(quote: Quote, name: str) -> bool:
    return any(mentions(name, text) for text in (*quote.section.heading_path, *(unit.text for unit in quote.parts)))
