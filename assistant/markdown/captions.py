"""Captions: lines that are headings in all but the mark.

Many notes name the parts of a section by a short line alone, plain or in bold, with a list under it:

    Stored Volumes

    - **Capacity**: 1 GB to 16 TB

    Cached Volumes

    - **Capacity**: 1 GB to 32 TB

What stands under such a line is told apart from the other parts by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..text import width
from .sections import LISTED, Unit, UnitKind

__all__ = ["Caption", "captions"]

#: In full-width characters.
_LONGEST: Final = 30
#: A line alone could be anything; two of them with lists under them are the parts of a section. One that is bold or has
#: a mark drawn before it will do.
_FEWEST: Final = 2
#: There may be this many other lines of prose for each caption, else the captions are part of a running text.
_PROSE: Final = 0.5

_BOLD: Final = re.compile(r"(\*\*|__)(?:(?!\1).)+\1")
#: What is drawn around a name: 【特徴】, ■ 特徴.
_DRAWN: Final = re.compile(r"^[■□◆◇●○◎▼▽▲△▶►★☆\s]+|^[【＜〈《\[]|[】＞〉》\]]$")
#: As whoever writes without Markdown draws a heading; other marks may begin the items of a list.
_HEADING: Final = re.compile(r"【[^【】]+】$|[■◆▼]")
_STARTS: Final = re.compile(r"[0-9A-Za-zａ-ｚＡ-Ｚ０-９ぁ-んァ-ヺ一-龥々]")
# A name ends in a noun: 違い, 仕組み, 流れ among them. What else ends in hiragana, or in a comma, a colon or a full
# stop, goes on or is a sentence.
_ENDS: Final = re.compile(r"(?:[0-9A-Za-zＡ-Ｚａ-ｚ０-９ァ-ヺー一-龥々)）%％+＋#]|[一-龥々][いきけめみりれえ]|まとめ)$")
_BOLD_ENDS: Final = re.compile(r"[^。．.!！?？:：、,，;；]$")
#: What makes a line a statement.
_STATES: Final = re.compile(r"[。、:：=＝→⇒|]|は|://|->")


@dataclass(frozen=True, slots=True)
class Caption:
    """``line`` and ``body``: the indices of the unit that is the caption, and of the first one under it.

    ``names``: what it says; two where the first caption of several stands right under one for them.
    """

    line: int
    body: int
    names: tuple[str, ...]


def captions(units: Sequence[Unit]) -> list[Caption]:
    """The captions among the units of a section, in order; empty where it has none."""
    said = [index for index, unit in enumerate(units) if unit.text]
    names = {index: name for index in said if (name := _name(units[index])) and _stands_apart(units, index)}
    found: list[Caption] = []
    for before, here, below in zip([-1, *said], said, said[1:], strict=False):
        if here in names and (units[below].kind in LISTED or _heads_prose(units[here], below, names)):
            double = before in names
            first = before if double else here
            found.append(Caption(first, here + 1, (names[before], names[here]) if double else (names[here],)))
    set_off = [caption for caption in found if _is_set_off(units[caption.body - 1])]
    if len(set_off) == len(found):
        return found
    behind = [index for index in said if index > found[0].line and index not in names]
    prose = sum(units[index].kind is UnitKind.PARAGRAPH and not units[index].depth for index in behind)
    return found if len(found) >= _FEWEST and prose <= _PROSE * len(found) else set_off


def _name(unit: Unit) -> str | None:
    """What a unit names if it has the form of a caption: one short line alone that states nothing."""
    if unit.kind is not UnitKind.PARAGRAPH or unit.depth or unit.line_start != unit.line_end:
        return None
    name = _DRAWN.sub("", _DRAWN.sub("", unit.text).strip()).strip()
    if not name or width(name) > _LONGEST or not _STARTS.match(name) or _STATES.search(name):
        return None
    ends = _BOLD_ENDS if _is_bold(unit) or _HEADING.match(unit.text.strip()) else _ENDS
    return name if ends.search(name) else None


def _heads_prose(unit: Unit, below: int, names: Mapping[int, str]) -> bool:
    """Whether a line is drawn as a heading so that whatever follows stands under it."""
    return below not in names and _HEADING.match(unit.text.strip()) is not None


def _is_set_off(unit: Unit) -> bool:
    return _is_bold(unit) or _DRAWN.match(unit.text.strip()) is not None


def _is_bold(unit: Unit) -> bool:
    return _BOLD.fullmatch(unit.quote.strip()) is not None


def _stands_apart(units: Sequence[Unit], index: int) -> bool:
    """Whether a unit is a paragraph of its own rather than the last line of one."""
    return (
        index == 0
        or units[index - 1].kind is not UnitKind.PARAGRAPH
        or units[index - 1].line_end < units[index].line_start - 1
    )
