"""Lines of notes that ask instead of telling: 「隠れ端末問題とは。」, "What does MIMO stand for?".

People collect questions to test themselves with. Such a line meets a learner's question better than any other, and does
not answer it; what follows it may. Of what follows a question with options, most is not so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
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
#: What says something of something.
_TELLS: Final = re.compile("[:：→⇒＝=]|(?:は|が|を)[^、。]*(?:[るすくうつぬむぶぐた]|ない|い|です|ます)[。．]?$")
_COUNTED: Final = re.compile(
    r"[0-9０-９二三四五六七八九](?:つ|個|種類?|例|点|項目)(?:の[^、。はがを]{1,20}|のうち[^。]{1,20}以外)?$"
)
_AROUND: Final = 5
_FEWEST_BESIDE: Final = 3
_MOSTLY: Final = 0.6
_MOST_OPTIONS: Final = 10
_LONGEST_STEM: Final = 400


@lru_cache(maxsize=4096)
def is_question(text: str) -> bool:
    """Whether a line asks: it ends as questions do, behind what stands in brackets."""
    if len(text) > _LONGEST:
        return False
    plain = without_brackets(text.strip(_STOPS)).strip(_STOPS)
    return _ASKS.search(plain) is not None


def is_open_question(units: Sequence[Unit], index: int) -> bool:
    """Whether a line asks, and nothing follows it that could be the answer. A row of a table answers by its cells."""
    if units[index].kind is UnitKind.ROW or not (is_question(units[index].text) or _is_demand(units, index)):
        return False
    if index + 1 < len(units) and is_option(units, index + 1):
        return True
    at = next((at for at in range(index + 1, len(units)) if units[at].text), None)
    return at is None or is_question(units[at].text) or _is_demand(units, at)


def _is_demand(units: Sequence[Unit], index: int) -> bool:
    """Whether an item asks without saying so, as most items around it do by their words: 「機能3つ。」."""
    item = units[index]
    if item.kind is not UnitKind.ITEM or len(item.text) > _LONGEST:
        return False
    if _TELLS.search(item.text) and not _counts(item.text):
        return False
    if index + 1 < len(units) and units[index + 1].parent == index:
        return False
    near = units[max(0, index - _AROUND) : index + _AROUND + 1]
    beside = [unit for unit in near if unit is not item and _beside(unit, item)]
    asking = [is_question(unit.text) for unit in beside]
    counted = [_counts(unit.text) for unit in beside]
    share = sum(map(max, asking, counted))
    return any(asking) and len(beside) >= _FEWEST_BESIDE and share >= _MOSTLY * len(beside)


@lru_cache(maxsize=4096)
def _counts(text: str) -> bool:
    """Whether a line ends in a number of things: 「機能3つ。」, 「3つの要素」."""
    plain = without_brackets(text[-_LONGEST:].strip(_STOPS)).strip(_STOPS)
    return _COUNTED.search(plain) is not None


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
