"""How far the line that is to bear out an option speaks of what the stem and the option say.

That an option and the stem mean the same line more than the other options do says nothing of whether that line is
about them at all: among notes on other things some line is always the likeliest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ...answering.lacking import words_missing
from ...asking.asked import content_words
from ...examrecords import ExamQuestion
from ...naming.names import SAME_NAME, best_likeness
from ...text import identifiers, is_function_word, is_japanese, normalise, terms
from ..paste.asking import without_asking
from .weighing import Weighed

__all__ = ["BEARING_SIGNALS", "bearing"]

#: Of one option, by the line that bears it out.
_OF_OPTION: Final = (
    "fit",  # mean cosine of the option with the line
    "names_missing",  # names in the stem that neither the line nor its headings hold
    "stem_missing",  # share of the stem's names and content words that they don't hold
)
BEARING_SIGNALS: Final = (
    *_OF_OPTION,
    "strangers",  # share of the other options that are names which the notes don't have
    "beside",  # share of the options not chosen which mean the line that a chosen one means
)
_MOST_NAMES: Final = 2.0
#: What may stand between the words of one name: "Cost and Usage Report".
_WITHIN_NAME: Final = re.compile(r"[\s/&]*(?:(?:and|of|for|the)\s+)?")
_ENGLISH_WORD: Final = re.compile(r"[a-z]{3,}")
_ENDING: Final = re.compile(r"(?<=[a-z]{3})(?:ings?|ed|es|s|ly)$")


@dataclass(frozen=True, slots=True)
class _Stem:
    """What a stem speaks of: its names, each as its words, and its other content words."""

    names: list[list[str]]
    words: list[str]
    japanese: bool

    @classmethod
    def of(cls, text: str) -> _Stem:
        asked = without_asking(text)
        names = _names(asked)
        japanese = is_japanese(asked)
        words = content_words(asked) if japanese else _english(asked, {word for name in names for word in name})
        return cls(names, words, japanese)


def bearing(question: ExamQuestion, weighed: Weighed, chosen: Sequence[int], left: Sequence[int]) -> dict[str, float]:
    """The value of each of ``BEARING_SIGNALS``: of the options to be borne out that for which it is worst.

    Of a negated question, the notes have to bear out the options that are ``left``: there, the mean of them.
    """
    borne_out, others = (left, chosen) if question.negated else (chosen, left)
    stem = _Stem.of(question.stem)
    rows = np.array([_of_option(stem, weighed, index) for index in borne_out])
    if not len(rows):
        rows = np.zeros((1, len(_OF_OPTION)))
    # The fit is the better the higher it is, the others the lower.
    worst = rows.mean(axis=0) if question.negated else np.array([rows[:, 0].min(), *rows[:, 1:].max(axis=0)])
    best = weighed.shared.argmax(axis=1)
    strange = [weighed.are_names[index] and not weighed.anchors[index].any() for index in others]
    return dict(zip(_OF_OPTION, worst.tolist(), strict=True)) | {
        "strangers": float(np.mean(strange)) if others else 0.0,
        "beside": float(np.isin(best[left], best[list(chosen)]).mean()) if left else 0.0,
    }


def _of_option(stem: _Stem, weighed: Weighed, index: int) -> tuple[float, float, float]:
    """The value of each of ``_OF_OPTION``."""
    best = int(weighed.shared[index].argmax())
    line = weighed.lines[best]
    read = f"{line.path} {line.text}"
    names = [float(np.mean([best_likeness(word, read) < SAME_NAME for word in name])) for name in stem.names]
    # In another language it is said in other words, but for the names.
    words = stem.words if stem.japanese == is_japanese(read) else []
    missing = (_missing if stem.japanese else _english_missing)(words, read)
    count = len(names) + len(words)
    missing = (sum(names) + missing * len(words)) / count if count else 0.0
    return float(weighed.fit[1 + index][best]), min(sum(names), _MOST_NAMES), missing


def _missing(words: Sequence[str], read: str) -> float:
    return words_missing(words, set(terms(read)))


def _names(text: str) -> list[list[str]]:
    """The names in ``text``, each as its words: [[aws, trainium], [s3]]."""
    plain = normalise(text)
    names: list[list[str]] = []
    end = -1
    for word in identifiers(text):
        start = plain.find(word)
        if names and 0 <= end <= start and _WITHIN_NAME.fullmatch(plain, end, start):
            names[-1].append(word)
        else:
            names.append([word])
        end = start + len(word) if start >= 0 else -1
    return names


def _english(text: str, names: set[str]) -> list[str]:
    words = dict.fromkeys(_ENGLISH_WORD.findall(normalise(text)))
    return [word for word in words if word not in names and not is_function_word(word)]


def _english_missing(words: Sequence[str], read: str) -> float:
    """The share of the ``words`` that are not in ``read`` with any ending."""
    there = {_ENDING.sub("", word) for word in _ENGLISH_WORD.findall(normalise(read))}
    return float(np.mean([_ENDING.sub("", word) not in there for word in words])) if words else 0.0
