"""The lines of a pasted exam: what a copy of a page, a PDF or a notebook puts around and between them is taken off."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["WIDE_STOP", "Line", "ends_of", "fold", "read_lines"]


@dataclass(frozen=True, slots=True)
class Line:
    """``plain``: ``raw`` with ASCII for its full-width forms and a blank for what nobody sees, of the same length.

    ``number`` is 1-based; the pieces of a line with ``<br>`` share it.
    """

    number: int
    raw: str
    plain: str
    code: bool = False

    @property
    def blank(self) -> bool:
        return not self.plain.strip()

    @property
    def indent(self) -> int:
        return len(self.plain) - len(self.plain.lstrip())


#: In ``Line.plain``, the full-width stop behind a label that a digit follows: "1．20" is label 1 and 20, not 1.20.
WIDE_STOP: Final = "．"
_FOLD: Final = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys((0x3000, 0xA0, 0x202F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD), 0x20)
    | {0x2003: 0x20, 0x2002: 0x20, 0xFE0F: 0x20, 0x20E3: 0x20}
)  # fmt: skip
_BREAK: Final = re.compile(r"<br[ ]?/?>", re.IGNORECASE)
_FOLDING: Final = re.compile(r"</?(?:details|summary)\b[^<>]{0,80}>", re.IGNORECASE)
#: What a copy of a web page has around lines, and what begins an entry of a list there.
_BLOCKS: Final = re.compile(
    r"</?(?:p|ol|ul|div|span|strong|b|label|section|h[1-6])\b[^<>]{0,200}>|</li>", re.IGNORECASE
)
_WEB_PAGE: Final = re.compile(r"</(?:li|p|div)>", re.IGNORECASE)
_ENTRY: Final = re.compile(r"[ \t]*<li\b[^<>]{0,200}>[ \t]*", re.IGNORECASE)
_FENCE: Final = re.compile(r"[ \t>]*(`{3,}|~{3,})")


#: So many blanks in a row are kept: nobody means more, and patterns that begin or end with blanks take the square of
#: their number.
_MOST_BLANKS: Final = 40
_END: Final = 500
_MANY_BLANKS: Final = re.compile(rf"[^\S\n]{{{_MOST_BLANKS + 1},}}")


def fold(text: str) -> str:
    """``text`` with ASCII for its full-width forms and a blank for what nobody sees; as long as before."""
    return text if text.isascii() else text.translate(_FOLD)


#: At the head of a line, or behind a sentence or a wide gap.
_STOPPED: Final = re.compile(
    r"(?:^\s*|\t\s*|\s{2,}|\u3000|[。.？?！!：:）)]\s*)[0-9０-９A-ZＡ-Ｚa-zａ-ｚァ-ヶ]{1,2}(．)(?=[0-9０-９])"
)
#: The number of a page, what an answer counts, a button: "- 12 -", "Page 3 of 12", "[2 marks]", "Show Answer"; and what
#: a learning platform shows of an attempt: "Not yet answered", "最大評点 1.00".
_FURNITURE: Final = re.compile(
    r"\s*(?:[-‐–—―─~〜][ ]?[0-9]{1,4}[ ]?[-‐–—―─~〜]|page[ ][0-9]{1,4}[ ]?(?:of|/)[ ]?[0-9]{1,4}|(?:item[ ])?[0-9]{1,4}[ ]of[ ][0-9]{1,4}"
    r"|[(\[【][0-9]{1,3}(?:\.[0-9])?[ ]?(?:点|points?|pts?\.?|marks?)[)\]】]|[0-9]{1,3}[ ](?:points?|pts\.?|ポイント)"
    r"|not[ ]yet[ ]answered|answer[ ]saved|(?:un)?flag[ ]question|mark(?:ed)?[ ](?:[0-9.]{1,6}[ ])?out[ ]of[ ][0-9.]{1,6}"
    r"|未解答|(?:一部)?解答済み|問題(?:に|を)?フラグ(?:する|を(?:付|つ)ける)|最大評点[ ][0-9.]{1,6}|[0-9.]{1,6}[ ]?点満点中[ ]?[0-9.]{1,6}[ ]?点"
    r"|(?:show|hide|reveal|view)[ ](?:suggested[ ]|correct[ ])?(?:answer|solution|explanation)s?(?:[ ]+discussions?[ ]*[0-9]*)?"
    r"|(?:正解|正答|解答|答え|解説)(?:(?:・|と|/)解説)?を(?:表示|見る|隠す|確認)(?:する)?)\s*",
    re.IGNORECASE,
)


def _line(number: int, raw: str, code: bool) -> Line:
    plain = fold(raw)
    if not code and _FURNITURE.fullmatch(plain):
        return Line(number, "", "")
    if WIDE_STOP in raw and not code:
        for match in _STOPPED.finditer(raw):
            plain = f"{plain[: match.start(1)]}{WIDE_STOP}{plain[match.end(1) :]}"
    return Line(number, raw, plain, code)


def ends_of(lines: Iterable[Line]) -> str:
    """The lines as they are, of long ones the end: there they ask what they ask."""
    return "\n".join(line.raw[-_END:] for line in lines)


def _few_blanks(text: str) -> str:
    return _MANY_BLANKS.sub(lambda run: run.group()[:_MOST_BLANKS], text)


def read_lines(text: str) -> list[Line]:
    """The lines of ``text``; those inside a closed code fence are marked, and a fence or quotation around all is left out."""
    rows = _few_blanks(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    shown = [row for row in rows if row.strip()]
    if shown and all(row.lstrip().startswith(">") for row in shown):
        rows = [re.sub(r"^\s*>[ ]?", "", row) for row in rows]
    fences = _fences(rows)
    code = set[int]()
    for first, last in fences:
        if any(row.strip() for row in (*rows[:first], *rows[last + 1 :])):
            code.update(range(first, last + 1))
        else:
            rows[first] = rows[last] = ""
    web = _WEB_PAGE.search(text) is not None
    lines: list[Line] = []
    for index, row in enumerate(rows):
        pieces = [row]
        if "<" in row and index not in code:
            row = _FOLDING.sub("", row)
            row = _ENTRY.sub("\n- ", _BLOCKS.sub("", row)) if web else row
            pieces = (
                [row] if row.lstrip().startswith("|") else [*itertools.chain(*map(str.splitlines, _BREAK.split(row)))]
            )
        if "&" in row and index not in code:
            pieces = [_few_blanks(html.unescape(piece)) for piece in pieces]
        lines.extend(_line(index + 1, piece, index in code) for piece in pieces)
    return lines


def _fences(rows: list[str]) -> list[tuple[int, int]]:
    """First and last row of every code fence that is closed."""
    found: list[tuple[int, int]] = []
    opened: tuple[int, str] | None = None
    for index, row in enumerate(rows):
        if "`" not in row and "~" not in row:
            continue
        match = _FENCE.match(row)
        if match and opened is None:
            opened = index, match[1]
        elif match and opened and match[1].startswith(opened[1]) and not row[match.end() :].strip():
            found.append((opened[0], index))
            opened = None
    return found
