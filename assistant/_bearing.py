"""How far the line that is to bear out an option speaks of what the stem and the option say.

That an option and the stem mean the same line more than the other options do says nothing of whether that line is
about them at all: among notes on other things some line is always the likeliest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ._lacking import words_missing
from ._weighing import Weighed
from .asked import content_words
from .examrecords import ExamQuestion
from .names import SAME_NAME, best_likeness
from .text import identifiers, terms

__all__ = ["BEARING_SIGNALS", "bearing"]

BEARING_SIGNALS: Final = (
    "meeting",  # log-probability that stem and option mean the line
    "names_missing",  # names in the stem that neither the line nor its headings hold
    "stem_missing",  # share of the stem's content words that they don't hold
    "option_missing",  # share of the option's content words that they don't hold
)
_MOST_NAMES: Final = 2


def bearing(question: ExamQuestion, weighed: Weighed, borne_out: Sequence[int]) -> dict[str, float]:
    """The value of each of ``BEARING_SIGNALS``, of the options ``borne_out`` that for which it is worst."""
    names, words = identifiers(question.stem), content_words(question.stem)
    rows = [_of_option(names, words, question.options[index].text, weighed, index) for index in borne_out]
    if not rows:
        return dict.fromkeys(BEARING_SIGNALS, 0.0)
    meeting, *missing = zip(*rows, strict=True)
    return dict(zip(BEARING_SIGNALS, (min(meeting), *map(max, missing)), strict=True))


def _of_option(
    names: Sequence[str], words: Sequence[str], option: str, weighed: Weighed, index: int
) -> tuple[float, float, float, float]:
    """The signals of one option. ``names``, ``words``: those of the stem."""
    shared = weighed.shared[index]
    line = weighed.lines[int(shared.argmax())]
    read = f"{line.path} {line.text}"
    there = set(terms(read))
    missing = sum(best_likeness(name, read) < SAME_NAME for name in names)
    return (
        float(shared.max()),
        float(min(missing, _MOST_NAMES)),
        words_missing(words, there),
        words_missing([*content_words(option), *identifiers(option)], there),
    )
