"""Lines that speak of several things in turn, cut where the next subject begins.

"A is so, whereas B is such" bears out "B is such" but not "A is such", though it holds every word of it.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["parts_of_line"]

#: A short name, perhaps with another one in brackets, and what makes it the subject of what follows.
_SUBJECT: Final = (
    r"(?:また、|一方(?:で)?、?)?[^、。；;：:（）()ぁ-ん\s][^、。；;：:（）()ぁ-でど-ねは-ん]{0,17}"
    r"(?:[（(][^）)]{1,20}[）)])?\s?(?:は|が|なら|では|＝|=)"
)
_BEGINS: Final = re.compile(rf"{_SUBJECT}[^、。]")
_BETWEEN_CLAUSES: Final = re.compile(rf"[、。；;]\s*(?={_SUBJECT}[^、。])|[;,]\s+(?=(?:while|whereas|but)\s)")
#: What says no more than that a difference follows.
_ANNOUNCES: Final = re.compile(r".{0,40}(?:違い|差|特徴)は")
#: Entries side by side: 炭素：ダイヤモンドと黒鉛　酸素：酸素とオゾン.
_BETWEEN_ENTRIES: Final = re.compile(r"[ \u3000]+(?=[^\s：:、。]{1,16}：)")
#: Names each with what belongs to it in brackets: 井原西鶴（浮世草子）、松尾芭蕉（俳諧）.
_BETWEEN_GLOSSED: Final = re.compile(r"(?<=[）)])[、,，・]\s*(?=[^、,，（()）]{1,24}[（(])")


def parts_of_line(text: str) -> list[str]:
    """The parts of ``text``, at least two, or none where it speaks of one thing."""
    entries = _BETWEEN_ENTRIES.split(text)
    if len(entries) > 1 and all("：" in entry for entry in entries):
        return entries
    glossed = _BETWEEN_GLOSSED.split(text)
    if len(glossed) > 1:
        return glossed
    clauses = [clause for clause in _BETWEEN_CLAUSES.split(text) if not _ANNOUNCES.fullmatch(clause)]
    # English: the joint itself tells that two things are set side by side.
    if len(clauses) > 1 and (text.isascii() or all(map(_BEGINS.match, clauses))):
        return clauses
    return []
