"""The words with which an exam says right and wrong: ○ and ×, True and False."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["truth_word"]

_TRUTH: Final = {
    **dict.fromkeys(("○", "〇", "◯", "正しい", "正", "真", "true", "t", "はい", "yes", "正解", "まる", "マル"), "○"),
    **dict.fromkeys(
        (
            "×",
            "✕",
            "✖",
            "x",
            "誤り",
            "誤",
            "偽",
            "間違い",
            "誤っている",
            "正しくない",
            "間違っている",
            "false",
            "f",
            "いいえ",
            "no",
            "不正解",
            "ばつ",
            "バツ",
        ),
        "×",
    ),
}


def truth_word(text: str) -> str:
    """○ or × where ``text`` says nothing but one of them, else nothing."""
    return _TRUTH.get(unicodedata.normalize("NFKC", text).strip(" 　。.()").casefold(), "")
