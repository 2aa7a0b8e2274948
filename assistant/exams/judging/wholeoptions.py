"""Options of an exam that say nothing themselves, but that all the others are right, or none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal

__all__ = ["Whole", "whole_options"]

#: What an option says of all the others.
Whole = Literal["all", "none"]

_ABOVE: Final = "(?:上記|以上|これら|選択肢|どれ|いずれ)(?:の(?:選択肢|もの|中)?)?(?:に|は|が|も)?、?"
_RIGHT: Final = "(?:正しい|(?:適切|適当|妥当)な?|正解|当てはまる|該当する)"
_IS: Final = "(?:である|です|だ|もの)?"
_THEM: Final = "(?:the )?(?:above|these|them|options|choices)(?: (?:is|are) (?:correct|true|right))?"
_ALL: Final = re.compile(
    rf"(?:{_ABOVE})?(?:すべて|全て|全部)(?:の(?:選択肢|もの))?(?:が|は)?{_RIGHT}?{_IS}|(?:いずれ|どれ)も{_RIGHT}{_IS}"
    rf"|(?:all|both|each) of {_THEM}|all are (?:correct|true|right)",
    re.IGNORECASE,
)
_NONE: Final = re.compile(
    rf"(?:{_ABOVE}|(?:{_ABOVE})?(?:該当(?:する(?:もの|選択肢))?|{_RIGHT}(?:もの|選択肢|答え)|正解|答え)(?:は|が)?)"
    r"(?:ない|無い|なし|無し|ありません)"
    rf"|(?:{_ABOVE})?(?:いずれ|どれ)(?:で|に)?も(?:ない|該当しない|当てはまらない|正しくない|適切で(?:は)?ない|誤り){_IS}"
    rf"|none of {_THEM}|no (?:correct|right) (?:answer|option)",
    re.IGNORECASE,
)
#: All of them are what the stem asks for: 「すべて有効」 where it asks what is 有効.
_ALL_SO: Final = re.compile("(?:すべて|全て|全部)(?:が|は)?(?P<so>[一-龥]{2})[^、。]{0,5}")
#: A longer option says something itself.
_LONGEST: Final = 40


def whole_options(options: Sequence[str], stem: str = "") -> dict[int, Whole]:
    """Those of the ``options`` that say nothing but that all the others are right, or none, by their place."""
    found: dict[int, Whole] = {}
    for place, option in enumerate(options):
        text = unicodedata.normalize("NFKC", option).strip(" 　。.()").replace("　", "")
        if len(text) > _LONGEST:
            continue
        so = _ALL_SO.fullmatch(text)
        if _ALL.fullmatch(text) or (so and so["so"] in stem):
            found[place] = "all"
        elif _NONE.fullmatch(text):
            found[place] = "none"
    return found if len(options) - len(found) > 1 else {}
