"""Lines that meet a question and tell nothing, or the reverse of what is so.

A name alone is met best of all by a question about it; a link says that something is told elsewhere; and what a learner
has noted down as a mistake (「❌ ……」, 「…… → 誤り」) reads like a statement, as the options of a mock exam do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ..asking.form import form_of
from ..naming.names import squash
from ..notes import Section, Unit, UnitKind
from .branches import end_of_branch
from .openquestions import is_open_question, is_option

__all__ = ["LINK", "asks_for_more", "bare_subject", "is_denied", "is_link", "only_names", "tells_nothing"]

#: A link as Markdown has it.
LINK: Final = re.compile(r"\[[^\[\]]{0,200}\]\([^()\s]{0,1500}\)")
_LINKS: Final = re.compile(rf"{LINK.pattern}|<?https?://\S{{1,500}}")
#: What stands before a link that is all there is: 「参考：[…](…)」, 「見分け方を確認したい → […](…)」.
_LABELS_LINK: Final = re.compile(
    r"[\s*_>()（）、。:：]*(?:(?:参考|参照|出典|引用|公式|関連|詳細|詳しく|くわしく|リンク|see|refs?|references?|sources?|via|cf\.?)"
    r"[ぁ-ん元先情報文献資料記事\s]{0,10}[:：]?[\s*_>()（）、。:：]*)?|[^。]{0,80}(?:→|⇒|->|=>)\s*",
    re.IGNORECASE,
)
_ABOUT_LINKS: Final = re.compile(
    r"リンク|URL|参考|出典|文献|資料|サイト|記事|\blinks?\b|\breferences?\b|\bsources?\b", re.I
)
_CROSS: Final = "❌✗✘✖✕❎"
_TICKED: Final = re.compile(r"[\s「『\"'*_]*[⭕○◯✅✔✓☑]")
#: A sign of multiplication stands before a number, or right before what it multiplies.
_CROSSED: Final = re.compile(rf"^[\s「『\"'*_]*(?:[{_CROSS}]|[×✕]\s+(?=[^\s0-9０-９]))")
_DENIES: Final = re.compile(
    rf"(?:→|⇒|->|=>|[:：])\s*[*_「]*(?:[{_CROSS}×]|誤り|間違い|誤解|(?:false|wrong|incorrect)\b)[*_」。.]*\s*$"
    rf"|\s[{_CROSS}]\s*$",
    re.IGNORECASE,
)
#: 「ア：誤り。これは…」
_FALSE_OPTION: Final = re.compile(
    r"^[^\s:：.．、]{1,3}\s*[:：.．、]\s*\**(?:誤り|間違い|不正解|不適切|[×❌])(?![はが])"
)
_MISTAKES: Final = re.compile(r"誤解|勘違い|間違い(?!探し)|誤り|\bmisconceptions?\b|\bmyths?\b", re.IGNORECASE)
#: What a mistake is set right by, on the same line.
_SET_RIGHT: Final = re.compile(
    r"→|⇒|->|=>|正しくは|実際|ではな|じゃな|だけでな|とは限らな|\bnot\b|\bactually\b", re.IGNORECASE
)
_ENGLISH_ASKS: Final = re.compile(r"\b(?:what|which|how|why|when|who|where)\b", re.IGNORECASE)
_ASKS: Final = re.compile("何|誰|だれ|どこ|どの|どれ|どう|どん|いつ|いく[つら]|なぜ|どちら|とは|って[?？。]?$|違い")


def is_denied(section: Section, index: int) -> bool:
    """Whether a line states what is not so, or may not be: it is crossed out, listed under a heading for mistakes, or
    among the options of a question.
    """
    unit = section.units[index]
    if _DENIES.search(unit.text) or _FALSE_OPTION.search(unit.text) or is_option(section.units, index):
        return True
    if _CROSSED.search(unit.text):
        return not _SET_RIGHT.search(unit.text)
    return _is_listed_mistake(section, index) and not _SET_RIGHT.search(unit.text)


def _is_listed_mistake(section: Section, index: int) -> bool:
    """Whether a line is an item that stands right under a heading for mistakes. What a sentence introduces there may
    well be what is so: 「次のように切り分ける」.
    """
    units = section.units
    unit = units[index]
    if unit.kind is not UnitKind.ITEM or end_of_branch(units, index) != index or _MISTAKES.search(section.leaf) is None:
        return False
    above = next((one for one in reversed(units[:index]) if one.kind is not UnitKind.ITEM), None)
    return _TICKED.match(unit.text) is None and (above is None or _MISTAKES.search(above.text) is not None)


def is_link(unit: Unit, question: str = "") -> bool:
    """Whether a line only leads elsewhere, and the question does not ask for that."""
    left, links = _LINKS.subn("", unit.quote)
    hollow = not left.strip() or (links > 0 and _LABELS_LINK.fullmatch(left.rstrip()) is not None)
    return hollow and _ABOUT_LINKS.search(question) is None


@lru_cache(maxsize=256)
def asks_for_more(question: str) -> bool:
    """Whether a question asks for something to be told of what it names, rather than naming what it looks for."""
    form = form_of(question)
    return bool(
        form.defines or form.aspect or form.kind or _ASKS.search(question) or _ENGLISH_ASKS.search(question)
    ) and not (form.is_wish or form.claim)


def only_names(units: Sequence[Unit], index: int, names: str) -> bool:
    """Whether a line has no more than what ``names`` holds, and neither hangs under another nor has any under it."""
    unit = units[index]
    said = squash(unit.text)
    if not said or said not in squash(names) or unit.kind is UnitKind.ROW:
        return False
    hangs = unit.parent is not None and units[unit.parent].kind is UnitKind.ITEM
    return not hangs and end_of_branch(units, index) == index


def tells_nothing(question: str, units: Sequence[Unit], index: int) -> bool:
    """Whether a line asks itself, or has no more than the name that ``question`` asks something of."""
    return is_open_question(units, index) or (asks_for_more(question) and only_names(units, index, question))


def bare_subject(question: str, units: Sequence[Unit]) -> str:
    """What the question is about, where a line of a section has that name and no more; else empty.

    In a list of names, what stands under another one says nothing of it.
    """
    form = form_of(question)
    wanted = squash(form.subject) if form.topical else ""
    bare = wanted and any(
        squash(unit.text) == wanted and only_names(units, index, form.subject) for index, unit in enumerate(units)
    )
    return form.subject if bare else ""
