"""Lines of a note as HTML: line by line, lightly formatted, every character escaped.

Not a Markdown renderer on purpose. What is shown has to stay the source, so that a quote can be compared with it;
and each source line has to stay one element, so that it can carry its number and be highlighted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import groupby
from typing import Final, Literal

from ...messages import Language, say
from ...records import SourceLine
from .marks import Marker, marked

__all__ = ["FormattedLine", "Pictures", "format_lines", "format_quote", "inline", "plain"]

#: From the target of a picture, as written in the note, to the address it is served at; None where it cannot be shown.
Pictures = Callable[[str], str | None]

# What is opened and never closed is given up at the next opening: else a line of them takes the square of its length.
_PICTURE: Final = (
    r"!\[(?P<alt>(?:[^\[\]]|\[[^\[\]]*\])*)\]\("
    r"(?:<(?P<angled>[^<>]*)>|(?P<target>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*))"
    r"(?:\s+[\"'][^\"']*[\"'])?\s*\)"
)
_INLINE: Final = re.compile(
    r"(?<!`)(?P<ticks>`++)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    rf"|{_PICTURE}"
    r"|!\[\[(?P<embed>[^\[\]|]+)(?:\|[^\[\]]*)?\]\]"
    r"|\*\*(?P<bold>[^\s*](?:[^*]*[^\s*])?)\*\*"
    r"|(?P<br><br\s*/?>)",
    re.IGNORECASE,
)
_FENCE: Final = re.compile(r"\s*(?P<mark>`{3,}|~{3,})")
_HEADING: Final = re.compile(r"\s{0,3}(?P<marks>#{1,6})(?P<blank>\s*)(?P<text>.*)$")
_ITEM: Final = re.compile(r"(?P<indent>\s*)(?P<mark>[-*+]|\d{1,9}[.)])\s+(?P<task>\[[ xX]\]\s+)?(?P<text>.*)$")
_QUOTED: Final = re.compile(r"\s*>\s?(?P<text>.*)$")
_RULE: Final = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$")
_ROW: Final = re.compile(r"\s*\|(?P<cells>.*)\|\s*$")
_CELL_BREAK: Final = re.compile(r"(?<!\\)\|")
_DASHES: Final = re.compile(r"\s*:?-+:?\s*$")

LineKind = Literal["heading", "item", "text", "row", "rule", "quote", "code", "blank"]


@dataclass(frozen=True, slots=True)
class FormattedLine:
    """One source line: its number, what kind of line it is, and its HTML."""

    number: int
    kind: LineKind
    html: str


def inline(text: str, language: Language, pictures: Pictures | None = None, marker: Marker | None = None) -> str:
    """Bold, code, pictures and ``<br>``; the rest is escaped. Without ``pictures`` only a picture's name is shown."""
    parts: list[str] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts.append(marked(text[end : match.start()], marker))
        end = match.end()
        if match["code"] is not None:
            parts.append(f"<code>{marked(match['code'].strip() or match['code'], marker)}</code>")
        elif match["bold"] is not None:
            parts.append(f"<strong>{inline(match['bold'], language, marker=marker)}</strong>")
        elif match["br"] is not None:
            parts.append("<br>")
        else:
            target = match["embed"] or match["angled"] or match["target"] or ""
            parts.append(_picture(target, match["alt"] or "", language, pictures))
    parts.append(marked(text[end:], marker))
    return "".join(parts)


def plain(text: str) -> str:
    """``text`` without the marks that ``inline`` turns into elements: for headings in one line."""
    return _INLINE.sub(lambda m: m["code"] or m["bold"] or m["alt"] or m["embed"] or " ", text).strip()


def format_quote(quote: str, language: Language, marker: Marker | None = None) -> str:
    """A quote inside an answer: its lines, each formatted; the cells of a table row apart from each other."""
    rows = []
    for line in quote.split("\n"):
        row = _ROW.match(line)
        if row is None:
            item = _ITEM.match(line)
            rows.append(inline(item["text"] if item else line.strip(), language, marker=marker))
        elif not _is_divider(row["cells"]):
            cells = (inline(cell, language, marker=marker) for cell in _cells(row["cells"]))
            rows.append('<span class="nq-cellbreak"></span>'.join(cells))
    return "<br>".join(row for row in rows if row)


def format_lines(
    lines: Iterable[SourceLine], language: Language, pictures: Pictures, marker: Marker | None = None
) -> Iterator[FormattedLine]:
    """The lines of one section, which begins outside of any code fence; what ``marker`` finds in them is marked."""
    show = partial(inline, language=language, pictures=pictures, marker=marker)
    lines = list(lines)
    columns = _columns(lines)
    fence = ""
    for line in lines:
        text = line.text.rstrip("\r\n")
        opened = _FENCE.match(text)
        if fence:
            if opened and opened["mark"].startswith(fence) and not text.strip().strip(fence[0]):
                fence = ""
            yield FormattedLine(line.number, "code", marked(text, marker) or "&nbsp;")
        elif opened:
            fence = opened["mark"]
            yield FormattedLine(line.number, "code", marked(text, marker))
        else:
            kind, html = _format_line(text, line is lines[0], columns.get(line.number, ""), show)
            yield FormattedLine(line.number, kind, html)


def _format_line(text: str, first: bool, columns: str, show: Callable[[str], str]) -> tuple[LineKind, str]:
    if not text.strip():
        return "blank", "&nbsp;"
    heading = _HEADING.match(text)
    # A hash right before a word may be a hashtag; only at the start of a section is it surely a heading.
    name = heading["text"].rstrip().rstrip("#").rstrip() if heading else ""
    if heading and name and (heading["blank"] or first):
        level = len(heading["marks"])
        return "heading", f'<span class="nq-h nq-h{level}">{show(name)}</span>'
    row = _ROW.match(text)
    if row:
        if _is_divider(row["cells"]):
            return "rule", "<hr>"
        cells = [f"<span>{show(cell)}</span>" for cell in _cells(row["cells"])]
        return "row", f'<span class="nq-row" style="--columns:{columns}">{"".join(cells)}</span>'
    if _RULE.match(text):
        return "rule", "<hr>"
    item = _ITEM.match(text)
    if item:
        depth = min(len(item["indent"].expandtabs(4)) // 2, 8)
        mark = escape(item["mark"]) if item["mark"][0].isdigit() else "•"
        if item["task"]:
            mark = "☐" if item["task"][1] == " " else "☑"
        body = show(item["text"])
        return "item", f'<span class="nq-item" style="--depth:{depth}"><i>{mark}</i><span>{body}</span></span>'
    quoted = _QUOTED.match(text)
    if quoted:
        return "quote", f'<span class="nq-quoted">{show(quoted["text"]) or "&nbsp;"}</span>'
    return "text", show(text.strip())


def _columns(lines: Sequence[SourceLine]) -> dict[int, str]:
    """The widths of the columns of each table row, by line number: the same for all rows of one table."""
    rows = [(line.number, _ROW.match(line.text)) for line in lines]
    found: dict[int, str] = {}
    for is_row, group in groupby(rows, key=lambda pair: pair[1] is not None):
        if not is_row:
            continue
        table = [(number, _cells(row["cells"])) for number, row in group if row]
        width = max(len(cells) for _, cells in table)
        longest = [max(len(cells[i]) if i < len(cells) else 0 for _, cells in table) for i in range(width)]
        shares = " ".join(f"minmax({min(n, 24 // width)}em,{min(max(n, 4), 30)}fr)" for n in longest)
        found |= dict.fromkeys((number for number, _ in table), shares)
    return found


def _cells(row: str) -> list[str]:
    return [cell.replace(r"\|", "|").strip() for cell in _CELL_BREAK.split(row)]


def _is_divider(row: str) -> bool:
    return all(_DASHES.match(cell) for cell in _CELL_BREAK.split(row))


def _picture(target: str, alt: str, language: Language, pictures: Pictures | None) -> str:
    name = alt.strip() or target.rpartition("/")[2]
    address = pictures(target) if pictures else None
    if address is not None:
        return f'<img class="nq-picture" src="{escape(address)}" alt="{escape(name)}" loading="lazy">'
    key = "web.picture_missing" if pictures else "web.picture"
    return f'<span class="nq-nopicture">{escape(say(key, language, name=name))}</span>'
