"""Lines of notes that ask instead of telling: 「隠れ端末問題とは。」, "What does MIMO stand for?".

People collect questions to test themselves with. Such a line meets a learner's question better than any other, and does
not answer it; what follows it may. Of what follows a question with options, most is not so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..notes import Unit, UnitKind
from .subjects import without_brackets

__all__ = ["is_open_question", "is_option", "is_question"]

#: A longer line than this tells something, whatever it ends in.
_LONGEST: Final = 120
_STOPS: Final = " \t\n\u3000。．.*_」』"
_ASKS: Final = re.compile(
    r"[?？]$|^[^。：]*(?:って|(?<![でに])は)$|^(?!.*かどうか$)[^。：:]*?(?:何|誰|だれ|どこ|どの|どれ|どう|どん|いつ|いく[つら]|なぜ|どちら)[^。：:]*か$"
)
#: What has the right ones chosen among the lines that follow.
_CHOOSE: Final = re.compile(
    r"(?:どれ(?:か|です(?:か)?|でしょう(?:か)?)?|選(?:べ|びなさい|ぼう|択せよ|択しなさい|ん[でだ][ぁ-ん]{0,6}))[。．.?？)）」\s]*$"
    r"|\bwhich (?:one )?of (?:the following|these)\b"
    r"|\b(?:choose|select)\s+(?:one|two|three|the|all)\b",
    re.IGNORECASE,
)
_FEWEST_OPTIONS: Final = 3
_MOST_OPTIONS: Final = 10
_LONGEST_STEM: Final = 400


def is_question(text: str) -> bool:
    """Whether a line asks: it ends as questions do, behind what stands in brackets."""
    if len(text) > _LONGEST:
        return False
    plain = without_brackets(text.strip(_STOPS)).strip(_STOPS)
    return _ASKS.search(plain) is not None


def is_open_question(units: Sequence[Unit], index: int) -> bool:
    """Whether a line asks, and nothing follows it that could be the answer. A row of a table answers by its cells."""
    if units[index].kind is UnitKind.ROW or not is_question(units[index].text):
        return False
    if index + 1 < len(units) and is_option(units, index + 1):
        return True
    following = next((unit.text for unit in units[index + 1 :] if unit.text), "")
    return not following or is_question(following)


def is_option(units: Sequence[Unit], index: int) -> bool:
    """Whether a line is one of a list of three or more among which the line before has the right ones chosen."""
    item = units[index]
    if item.kind is not UnitKind.ITEM:
        return False
    first = index
    while first > 0 and index - first < _MOST_OPTIONS and _beside(units[first - 1], item):
        first -= 1
    stem = units[first - 1] if first else None
    if stem is None or stem.depth >= item.depth or len(stem.text) > _LONGEST_STEM or not _CHOOSE.search(stem.text):
        return False
    return all(_beside(unit, item) for unit in units[first : first + _FEWEST_OPTIONS]) and (
        len(units) >= first + _FEWEST_OPTIONS
    )


def _beside(unit: Unit, item: Unit) -> bool:
    return unit.kind is UnitKind.ITEM and unit.depth == item.depth and unit.parent == item.parent
