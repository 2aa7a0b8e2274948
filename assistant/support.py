"""How far a question's answer can be trusted: a probability from signals that mean the same in any corpus.

The signals are absolute: how well each word of the question meets the section, measured against how well the question
meets the notes' other sections; how much of its rare terms and names the section holds; and whether a question for a
number, a date or a price meets any such thing. ``bench/calibrate.py`` fits their weights (logistic regression) and
shows how they hold on notes that were left out of the fit.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from .evidence import Quote
from .names import SAME_NAME, best_likeness, mentions
from .search import Match, Query
from .store import SectionRow, Store
from .text import identifiers, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SIGNALS", "Judge", "Verdict", "find_empty_heading"]


SIGNALS: Final = (
    "late",  # how well the question meets the section
    "above_background",  # the same, in standard deviations above other sections
    "pooled",  # cosine of the pooled vectors
    "weakest_words",  # mean best cosine of the least met quarter of the question's tokens
    "coverage",  # share of the question's rare terms that the section holds
    "rare_missing",  # how rare the rarest term is that it does not hold
    "unknown_names",  # names in the question that occur nowhere in the section
    "foreign_names",  # names in the question that occur nowhere in the notes
    "type_missing",  # a number, date, price … is asked for, and the section has none
)

#: Log-odds that the notes answer the question, and that the quotes chosen are the ones that do.
_ANSWERABLE: Final = {
    "late": 0.31,
    "above_background": 0.01,
    "pooled": 1.96,
    "weakest_words": 0.72,
    "coverage": 0.54,
    "rare_missing": -0.49,
    "unknown_names": -0.05,
    "foreign_names": -0.94,
    "type_missing": -2.88,
    "bias": 1.16,
}
_RIGHT: Final = {
    "late": 0.96,
    "above_background": 0.39,
    "pooled": 0.46,
    "weakest_words": 0.83,
    "coverage": 0.32,
    "rare_missing": -0.23,
    "unknown_names": -0.37,
    "foreign_names": -0.38,
    "type_missing": -2.39,
    "bias": -1.27,
}

# What a question asks for, by its wording, and what an answer to that must hold somewhere.
_DIGITS: Final = "[0-9〇一二三四五六七八九十百千万億半]"
_COUNTED: Final = (
    "個|つ|種類?|回|台|人|本|件|枚|倍|分|秒|時間|日|週間|か月|年間|行|文字|バイト|ビット|メートル|キロ|度|ボルト|割"
    "|パーセント|%|MB|GB|TB"
)
_ASKED_PATTERNS: Final = tuple(
    (re.compile("|".join(asked), re.IGNORECASE), re.compile(needed, re.IGNORECASE))
    for asked, needed in (
        (  # a price
            (
                "いくら|料金|価格|値段|費用は|月額|年額|単価",
                r"\bprice|\bpricing\b|\bcosts?\b.*\?|\bhow much (?:does|do|is)\b",
            ),
            rf"{_DIGITS}+\s*(?:円|ドル|セント)|[$¥€]|\bUSD\b|無料|\bfree\b",
        ),
        (  # a date
            (
                "何年(?!間)|何月|何日(?!間|ごと|おき)|何世紀",
                r"\bwhen\b.*\b(?:was|did|were|released|launched)\b|\bwhat year\b",
            ),
            rf"{_DIGITS}+\s*(?:年|月|日|世紀)|\b(?:19|20)\d\d\b|[0-9]{{3,4}}",
        ),
        (  # a time
            ("いつ(?!も|でも|か)", r"^when\b"),
            rf"{_DIGITS}|朝|昼|夜|夕|正午|午前|午後|時代|時期|とき|ころ|頃|直後|直前|以降|毎|前に|後に|たら|\bwhen|\bafter|\bbefore",
        ),
        (  # an amount
            (
                f"何(?:{_COUNTED})",
                "いくつ|どのくらい|どれくらい|どれぐらい|最大で?何|上限は|下限は",
                "番号は|面積|標高|高さは|長さは|重さは|人口|割合は|比率|間隔は",
                r"\bhow (?:many|much|long|often|large|big|far|fast|old)\b",
                r"\bwhat (?:number|percentage|port)\b|\b(?:upper |lower |throughput )?limit of\b",
            ),
            _DIGITS,
        ),
    )
)
# A digit within a name says nothing about amounts: S3, P2, l2.
_NAME_WITH_DIGIT: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*[0-9][A-Za-z0-9]*|[0-9]+[A-Za-z]{2,}|[（(][0-9]+[)）]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``answerable``: the probability that the notes answer the question; ``support``: that the quotes do."""

    answerable: float
    support: float


class Judge:
    """Judges answers from a store. Call within ``store.reading()``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def judge(self, query: Query, matches: Sequence[Match], quotes: Sequence[Quote]) -> Verdict:
        if not quotes or not matches:
            return Verdict(0.0, 0.0)
        signals = self.signals(query, matches, quotes)
        return Verdict(_probability(_ANSWERABLE, signals), _probability(_RIGHT, signals))

    def signals(self, query: Query, matches: Sequence[Match], quotes: Sequence[Quote]) -> dict[str, float]:
        """The value of each of ``SIGNALS``, roughly within -3..3."""
        best = next((match for match in matches if match.row.id == quotes[0].row.id), matches[0])
        mean, spread = best.background
        section = best.row.section
        text = "\n".join((*section.heading_path, *(unit.text for unit in section.units)))
        quoted = "\n".join((section.heading_path[-1] if section.heading_path else "", *(q.text for q in quotes)))
        coverage, missing = self._coverage(query, text)
        names = identifiers(query.text)
        unknown = [name for name in names if best_likeness(name, text) < SAME_NAME]
        foreign = [name for name in unknown if not self._store.knows(terms(name))]
        return {
            "late": 5 * (best.late - 0.35),
            "above_background": min((best.late - mean) / max(spread, 0.02), 8.0) / 2 - 1,
            "pooled": 10 * (best.pooled - 0.85),
            "weakest_words": 5 * _weakest(best.tokens),
            "coverage": 2 * coverage - 1,
            "rare_missing": missing,
            "unknown_names": float(min(len(unknown), 3)),
            "foreign_names": float(min(len(foreign), 2)),
            "type_missing": float(type_missing(query.text, quoted)),
        }

    def _coverage(self, query: Query, text: str) -> tuple[float, float]:
        """The share of the question's terms, by rarity, that ``text`` holds; and the rarity of the rarest it lacks."""
        wanted = [term for term in dict.fromkeys(query.terms) if len(term) > 1]
        if not wanted:
            return 0.0, 0.0
        rarity = self._store.rarity(wanted)
        there = set(terms(text))
        total = sum(rarity.values())
        held = sum(value for term, value in rarity.items() if term in there)
        lacking = sorted((value for term, value in rarity.items() if term not in there), reverse=True)
        return held / total if total else 0.0, float(np.mean(lacking[:3])) if lacking else 0.0


def _probability(weights: dict[str, float], signals: dict[str, float]) -> float:
    log_odds = weights["bias"] + sum(weights[name] * value for name, value in signals.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _weakest(tokens: NDArray[np.float32]) -> float:
    count = max(1, len(tokens) // 4)
    return float(np.sort(tokens)[:count].mean()) if len(tokens) else 0.0


def type_missing(question: str, text: str) -> bool:
    """Whether the question asks for a kind of thing (an amount, a date, a price) that ``text`` does not hold."""
    plain = unicodedata.normalize("NFKC", question)
    for asked, needed in _ASKED_PATTERNS:
        if asked.search(plain):
            return needed.search(_NAME_WITH_DIGIT.sub(" ", unicodedata.normalize("NFKC", text))) is None
    return False


def find_empty_heading(store: Store, question: str, quotes: Sequence[Quote]) -> SectionRow | None:
    """A heading without a body that the question names, where the quotes are not about it."""
    for row in store.bodyless_sections():
        name = row.section.heading_path[-1] if row.section.heading_path else ""
        if name and mentions(name, question) and not any(_speaks_of(quote, name) for quote in quotes):
            return row
    return None


def _speaks_of(quote: Quote, name: str) -> bool:
    return any(mentions(name, text) for text in (*quote.section.heading_path, *(unit.text for unit in quote.parts)))
