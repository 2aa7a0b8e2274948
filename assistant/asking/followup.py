"""Follow-up questions: "what about X?", "料金は？", "それの上限は？" made whole with what was asked before.

Everything is read from the wording, without the notes. Where it is not clear that a question leans on the one before,
it is left as it is: most questions in a conversation stand alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from ..limits import MAX_QUESTION_CHARACTERS
from .anaphora import contrast, pronoun, refers
from .ellipsis import aspect, new_topic
from .pastquestion import past_question
from .question import understand

__all__ = ["is_followup", "resolve"]

#: What refers to a question before is short.
_LONGEST: Final = 80
_LOOK_BACK: Final = 4

# What joins a question to the one before it and says nothing itself.
_CONNECTIVE: Final = re.compile(
    r"^(?:(?:(?:それ)?じゃあ|(?:それ)?じゃ(?![ぁ-ん])|それでは(?=[、,\s])|それなら|それだと|では(?:(?=[、,\s])|(?![ぁ-ん]))"
    r"|(?:で|なら|あと|次は?|次に|それと|だと)(?=[、,\s])|ちなみに|ところで|結局|なるほど|ふむ+|へ[えぇ]ー?|了解|えーっ?と|えっと|ねえ"
    r"|(?:ok(?:ay)?|so|well|then|and|but|cool|thanks|got it|i see)\b(?!-))[、,。.!！…\s]*)+",
    re.IGNORECASE,
)


def resolve(question: str, history: Sequence[str]) -> str:
    """``question`` so that it can be understood without ``history``, the resolved questions before it, oldest first.

    A question that stands alone comes back as it is, at most without a connective at its beginning ("じゃあ").
    Never empty unless ``question`` is; never longer than a question may be unless ``question`` is. Never raises.
    """
    whole, bare = _whole(question, history)
    result = whole or bare
    return result if result and len(result) <= MAX_QUESTION_CHARACTERS else question


def is_followup(question: str, history: Sequence[str]) -> bool:
    """Whether ``question`` can only be understood with ``history``."""
    return bool(_whole(question, history)[0])


def _whole(question: str, history: Sequence[str]) -> tuple[str, str]:
    """The question made whole, empty if it stands alone; and the question without a connective."""
    past = [plain for plain in map(_plain, history[-_LOOK_BACK:]) if plain]
    plain = _plain(question)
    if not past or not plain or len(plain) > _LONGEST:
        return "", question
    rest = _CONNECTIVE.sub("", plain, count=1)
    continues = 0 < len(rest) < len(plain)
    asked = rest if continues else plain
    if understand(asked).kind == "comparison" and not refers(asked):
        # "では、AとBの違いは？": connected, but whole.
        return "", asked if continues else question
    before = [past_question(text) for text in past]
    found = pronoun(asked, before) or contrast(asked, before) or aspect(asked, before[-1])
    found = found or new_topic(asked, before[-1], continues)
    return "" if found == plain else found, asked if continues else question


def _plain(text: str) -> str:
    """``text`` with letters and digits in their usual width and single blanks; punctuation stays as typed."""
    usual = re.sub("[Ａ-Ｚａ-ｚ０-９｡-ﾟ－　]+", lambda run: unicodedata.normalize("NFKC", run.group()), text)
    return " ".join(usual.split())
