"""Lines of notes that ask instead of telling: 「隠れ端末問題とは。」, "What does MIMO stand for?".

People collect questions to test themselves with. Such a line meets a learner's question better than any other, and does
not answer it; what follows it may.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..notes import Unit, UnitKind
from .subjects import without_brackets

__all__ = ["is_open_question", "is_question"]

#: A longer line than this tells something, whatever it ends in.
_LONGEST: Final = 120
_STOPS: Final = " \t\n\u3000。．.*_」』"
_ASKS: Final = re.compile(
    r"[?？]$|^[^。：]*(?:って|(?<![でに])は)$|^(?!.*かどうか$)[^。：:]*?(?:何|誰|だれ|どこ|どの|どれ|どう|どん|いつ|いく[つら]|なぜ|どちら)[^。：:]*か$"
)


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
    following = next((unit.text for unit in units[index + 1 :] if unit.text), "")
    return not following or is_question(following)
