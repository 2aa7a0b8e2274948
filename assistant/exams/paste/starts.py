"""Where the questions of a pasted exam begin, and what around a stem is not part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from .asking import choose_count
from .labels import canonical
from .lines import Line

__all__ = [
    "Numbered",
    "Start",
    "find_starts",
    "heading_text",
    "is_header",
    "is_separator",
    "is_title",
    "mark_leading",
    "number_key",
    "numbered",
    "past_remark",
]


@dataclass(frozen=True, slots=True)
class Start:
    """A line that begins a question by saying so. ``rest``: the column where the stem goes on.

    ``emphasis``: the Markdown emphasis that is still open there. ``asks``: it says Q, so that A may say the answer.
    ``worded``: it says so by a word, and is more than a number. ``leads``: another way of numbering begins with 1 at the next start, so that this may be the title of those.
    """

    line: int
    number: str
    rest: int
    emphasis: str = ""
    asks: bool = False
    leads: bool = False
    worded: bool = True


# The quantifiers of blanks are possessive: else a long run of them would be divided between two in every way.
_OPENING: Final = r"[ \t>]{0,8}(?:#{1,6}[ \t]*+)?(?:[-*+•・][ \t]++)?(?P<emphasis>\*{1,3}|__?)?[ \t]*+(?P<open>[【\[(<〔「■□◆◇●▼▶◎★]?)[ \t]*+"
_WORD: Final = r"(?:練習問題|模擬問題|確認問題|例題|過去問|演習問題|演習|設問|大問|小問|問題|問い|問|クイズ|quiz|problem|exercise|(?:new[ ])?question|Q)"
_DIGITS: Final = r"(?:[0-9]{1,4}(?:[-‐–_.][0-9]{1,3}){0,2}|[一二三四五六七八九十百]{1,4})"
_NUMBERED_START: Final = re.compile(
    rf"{_OPENING}(?:topic[ ]*+[0-9]{{1,3}}[ ,:-]*+)?(?P<number>{_WORD}[ \t]*+(?:[#№]|No\b[.:]{{0,2}})?[ \t]*+{_DIGITS}|Q\.(?:{_DIGITS}|[ ]{_DIGITS}(?=[ ]+(?-i:[^a-zつ個回点件人年月日台社番目])))|{_WORD}[ \t]*+:[ \t]*+{_DIGITS}(?=[ \t]*$)|[#№][ ]?[0-9]{{1,4}}(?=[ \t.:)])|(?:new[ ]question|No\.)[ \t]*+[0-9]{{1,4}}|第[ ]?{_DIGITS}[ ]?(?:問|題))"
    r"(?:[ ]?(?:/|of)[ ]?[0-9]{1,4})?(?P<inner>\*{1,3}|__?)?"
    r"(?:[ \t]*+(?P<close>[】\])>〕」]))?(?P<stop>[ \t]*+(?:[.:)、。|](?![0-9])|[-–—](?=[ \t]))|)(?P<outer>\*{1,3}|__?)?[ \t]*+",
    re.IGNORECASE,
)
_PLAIN_START: Final = re.compile(
    rf"{_OPENING}(?:問題文?|設問|問い|質問|question|Q)(?P<inner>\*{{1,3}}|__?)?[ \t]*+"
    r"(?:(?P<close>[】\])>〕」])[.:]?|(?P<stop>[.:](?![0-9A-Za-z])))(?P<outer>\*{1,3}|__?)?[ \t]*+",
    re.IGNORECASE,
)
#: What stands between a question's number and its stem: how much it counts, what it is about.
_REMARK: Final = re.compile(
    r"(?:topic[ ]?[0-9]{1,3}(?=[ \t]*$)"
    r"|[(\[【〔][^()\[\]【】〔〕]{0,8}[0-9]{1,3}[ ]?(?:点|points?|pts?\.?|marks?)[)\]】〕]|(?P<alone>[(【〔][^()【】〔〕]{1,20}[)】〕])(?=[ \t]*$))"
    r"[ \t]*",
    re.IGNORECASE,
)
#: "問3つ", "問1は": an amount, or a sentence about a question.
_GLUED: Final = re.compile(r"[0-9A-Za-z_%つ個回点件人年月日台社番目ぁ-ん〜~-]")
_ABOUT: Final = re.compile(r"(?:と同|は|の|を|に|が|も|で)(?:[^ぁ-ん]|、|同)")
_DIGIT_RUN: Final = re.compile(rf"{_DIGITS}")
_PAIRS: Final = {"【": "】", "[": "]", "(": ")", "<": ">", "〔": "〕", "「": "」"}


def find_starts(lines: Sequence[Line]) -> list[Start]:
    """The lines that say that a question begins: 問12, 【問1】, Q3:, Question 5, 第2問, ## 問1, 【問題】."""
    found: list[Start] = []
    for index, line in enumerate(lines):
        if line.code or line.blank:
            continue
        start = _numbered_start(index, line) or _plain_start(index, line)
        if start is None:
            continue
        if not start.number and found and _follows(lines, found[-1], index):
            # "問1" on one line and "問題文：…" on the next one.
            before = found.pop()
            start = replace(start, number=before.number)
        found.append(start)
    return found


def _numbered_start(index: int, line: Line) -> Start | None:
    match = _NUMBERED_START.match(line.plain)
    if match is None:
        return None
    if (match["open"] in _PAIRS) != bool(match["close"]) and match["close"] != ")":
        return None
    rest = line.plain[match.end() :]
    if not match["stop"] and not match["close"] and not (match["inner"] or match["outer"]):
        glued = match.end() == match.end("number") and past_remark(line, match.end()) == match.end()
        if glued and rest and (match["number"][0] in "Qq" or _GLUED.match(rest)):
            return None
        if not glued and _ABOUT.match(rest):
            return None
    return Start(
        index,
        line.raw[slice(*match.span("number"))].strip(),
        past_remark(line, match.end()),
        _open_emphasis(match),
        match["number"][0] in "Qq",
    )


def past_remark(line: Line, column: int) -> int:
    """The column where the stem goes on behind a remark at ``column``: "(2点)", "Topic 1", "(物理)" alone on its line."""
    match = _REMARK.match(line.plain, column)
    return match.end() if match and not (match["alone"] and choose_count(match["alone"]) != 1) else column


def _plain_start(index: int, line: Line) -> Start | None:
    match = _PLAIN_START.match(line.plain)
    if match is None or (match["close"] and _PAIRS.get(match["open"]) != match["close"]):
        return None
    return Start(index, "", match.end(), _open_emphasis(match), "q" in match.group().lower())


def _open_emphasis(match: re.Match[str]) -> str:
    return "" if match["inner"] or match["outer"] else match["emphasis"] or ""


def _follows(lines: Sequence[Line], start: Start, index: int) -> bool:
    return not lines[start.line].plain[start.rest :].strip() and all(
        line.blank or is_separator(line) for line in lines[start.line + 1 : index]
    )


def mark_leading(lines: Sequence[Line], starts: Sequence[Start]) -> list[Start]:
    """``starts`` in their order, each with what the next one tells of it."""
    ordered = sorted(starts, key=lambda start: start.line)
    kinds = [_DIGIT_RUN.sub("#", lines[start.line].plain[: start.rest].strip(" \t#*_>")) for start in ordered]
    return [
        replace(
            start,
            leads=at + 1 < len(ordered) and kinds[at] != kinds[at + 1] and number_key(ordered[at + 1].number) == "1",
        )
        for at, start in enumerate(ordered)
    ]


def number_key(number: str) -> str:
    """What tells a question from the others: its number without the word."""
    digits = re.search(r"[0-9０-９一二三四五六七八九十].*?(?=[ ]?[問題]|$)", number)
    key = canonical(digits.group()) if digits else ""
    return str(int(key)) if key.isdecimal() else key


# -- lines that are no text

_SEPARATOR: Final = re.compile(r"[ \t]*(?P<sign>[-*_=─━—＝~・＊])(?:[ \t]?(?P=sign)){2,}[ \t]*")
_HEADING: Final = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]+|$)")
_HEADER: Final = re.compile(
    r"[ \t#>*_【〔\[(<■□◆◇●▼「]{0,12}(?:問題(?:文|テキスト)?|設問|質問|question(?:[ ]text)?|選択肢群?|解答群|回答群|選択|(?:group[ ]of[ ])?answer[ ](?:choices|options)|options?|choices)[ \t:】〕\])>*_」.]*",
    re.IGNORECASE,
)
_TITLE_WORD: Final = re.compile(
    r"試験|模試|テスト|問題集|過去問|クイズ|演習|\b(?:exams?|quiz(?:zes)?|tests?|practice|mock)\b", re.IGNORECASE
)
_TITLE_END: Final = re.compile(r"[。.?!:、,]\s*$")


def is_separator(line: Line) -> bool:
    """A rule: ---, ***, ====."""
    return not line.code and _SEPARATOR.fullmatch(line.plain) is not None


def heading_text(line: Line) -> str | None:
    """The text of a Markdown heading; ``None`` where the line is none."""
    match = None if line.code else _HEADING.match(line.plain)
    return line.raw[match.end() :].strip().rstrip("#").strip() if match else None


def is_header(line: Line) -> bool:
    """A line that only names what follows: "選択肢：", "【問題文】", "Options:"."""
    return not line.code and len(line.plain) < 40 and _HEADER.fullmatch(line.plain) is not None


def is_title(line: Line) -> bool:
    """A short line that calls itself an exam and is no sentence."""
    plain = line.plain.strip(" \t*_#「」『』【】")
    return len(plain) <= 40 and _TITLE_WORD.search(plain) is not None and not _TITLE_END.search(plain)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line that begins with a number as a question may: "12. …", "(3) …", "4" alone."""

    number: str
    form: str
    rest: int
    emphasis: str = ""


_NUMBERED: Final = re.compile(
    r"[ \t>]{0,8}(?:#{1,6}[ \t]+)?(?P<emphasis>\*{1,3}|__?)?"
    r"(?P<open>[(\[【]?)(?P<number>[0-9]{1,4})(?P<inner>\*{1,3}|__?)?(?P<stop>\\?[.:)\]】、](?![0-9])\.?|(?=[ \t]*$))(?P<outer>\*{1,3}|__?)?[ \t]*"
)


def numbered(line: Line) -> Numbered | None:
    """The number that ``line`` begins with, if any."""
    match = None if line.code else _NUMBERED.match(line.plain)
    if match is None:
        return None
    form = match["open"] + match["stop"]
    return Numbered(match["number"].lstrip("0") or "0", form, match.end(), _open_emphasis(match))
