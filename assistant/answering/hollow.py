"""Lines that meet a question and tell nothing, or the reverse of what is so.

A name alone is met best of all by a question about it; a link says that something is told elsewhere; and what a learner
has noted down as a mistake (「❌ ……」, 「…… → 誤り」) reads like a statement.
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
from .openquestions import is_open_question

__all__ = ["LINK", "asks_for_more", "bare_subject", "is_denied", "is_link", "only_names", "tells_nothing"]

#: A link as Markdown has it.
LINK: Final = re.compile(r"\[[^\[\]]{0,200}\]\([^()\s]{0,500}\)")
_LINKS: Final = re.compile(rf"{LINK.pattern}|<?https?://\S{{1,500}}")
_ABOUT_LINKS: Final = re.compile(
    r"リンク|URL|参考|出典|文献|資料|サイト|記事|\blinks?\b|\breferences?\b|\bsources?\b", re.I
)
_CROSS: Final = "❌✗✘✖✕❎"
_CROSSED: Final = re.compile(rf"^[\s「『\"'*_]*[{_CROSS}]")
_DENIES: Final = re.compile(
    rf"(?:→|⇒|->|=>|[:：])\s*[*_「]*(?:[{_CROSS}×]|誤り|間違い|誤解|(?:false|wrong|incorrect)\b)[*_」。.]*\s*$"
    rf"|\s[{_CROSS}]\s*$",
    re.IGNORECASE,
)
_MISTAKES: Final = re.compile(r"誤解|勘違い|間違い(?!探し)|誤り|\bmisconceptions?\b|\bmyths?\b", re.IGNORECASE)
#: What a mistake is set right by, on the same line.
_SET_RIGHT: Final = re.compile(
    r"→|⇒|->|=>|正しくは|実際|ではな|じゃな|だけでな|とは限らな|\bnot\b|\bactually\b", re.IGNORECASE
)
_ENGLISH_ASKS: Final = re.compile(r"\b(?:what|which|how|why|when|who|where)\b", re.IGNORECASE)
_ASKS: Final = re.compile("何|誰|だれ|どこ|どの|どれ|どう|どん|いつ|いく[つら]|なぜ|どちら|とは|って[?？。]?$|違い")


def is_denied(section: Section, index: int) -> bool:
    """Whether a line states what is not so: it is crossed out, or listed under a heading for mistakes."""
    unit = section.units[index]
    if _DENIES.search(unit.text):
        return True
    if _CROSSED.search(unit.text):
        return not _SET_RIGHT.search(unit.text)
    listed = unit.kind is UnitKind.ITEM and end_of_branch(section.units, index) == index
    return listed and _MISTAKES.search(section.leaf) is not None and not _SET_RIGHT.search(unit.text)


def is_link(unit: Unit, question: str = "") -> bool:
    """Whether a line only leads elsewhere, and the question does not ask for that."""
    return not _LINKS.sub("", unit.quote).strip() and _ABOUT_LINKS.search(question) is None


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
