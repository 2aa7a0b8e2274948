"""Blocks of Markdown -> the units that are cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final

from ..text import join_lines, reading, width
from .blocks import Block, Container
from .inline import Line, References, read_lines, strip_html
from .sections import Unit, UnitKind
from .wrapping import sentences

__all__ = ["Draft", "draft_units"]

#: Longer code is cut into blocks of at most this many lines, if possible at a blank line.
_CODE_LINES: Final = 12

_TASK: Final = re.compile(r"\[[ xX]\][ \t\u3000]+")
_CALLOUT: Final = re.compile(r"\[![\w-]{1,30}\][+-]?[ \t]*")
#: A list marker that CommonMark does not take for one: behind text, "2." under it, with an ideographic blank.
_MARKER: Final = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])[ \t\u3000\u00a0]+(?=\S)")
#: A mark that people type for a list's, which Markdown does not know; two of them are an ellipsis.
_DOT: Final = re.compile(r"(?P<indent>\s*)[・･•‣⁃◦▪∙](?![・･•.…])[ \t\u3000\u00a0]*(?=\S)")
#: A number that sets lines apart likewise; it is part of what is read.
_NUMBER: Final = re.compile(
    r"(?P<indent>\s*)(?:[①-⑳⑴-⒇➀-➓]|[（(](?:[0-9０-９]{1,2}|[a-zア-ヲ])[)）])[ \t\u3000]*(?=\S)"
)
_FEWEST_NUMBERS: Final = 2
_DIRECTIVE: Final = re.compile(r":{3,}\s*(?:\{[^{}]*\}|[\w-]*)\s*")
_CONTENTS_MARK: Final = re.compile(r"@?\[{1,2}_?toc_?\]{1,2}|\{:?toc\}", re.IGNORECASE)
#: Lines drawn with characters, and a component's tag on a line of its own.
_DRAWN: Final = re.compile(r"[-=_*~#+.·・─━―‐－＝＿＊～ー|｜$\s]+|<[A-Z][\w.]*>")


@dataclass(slots=True)
class Draft:
    """The units of one section in the making, with what is needed to tell a table of contents."""

    units: list[Unit] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    #: the list or block that a unit is an entry of
    groups: list[tuple[str, int] | None] = field(default_factory=list)
    linked: list[bool] = field(default_factory=list)
    anchored: list[bool] = field(default_factory=list)

    def add(
        self, unit: Unit, group: tuple[str, int] | None = None, linked: bool = False, anchored: bool = False
    ) -> int:
        self.units.append(unit)
        self.groups.append(group)
        self.linked.append(linked)
        self.anchored.append(anchored)
        return len(self.units) - 1


def draft_units(draft: Draft, blocks: Sequence[Block], references: References) -> None:
    """Adds the units of ``blocks`` (the body of one section, in order) to ``draft``."""
    for block in blocks:
        match block.kind:
            case "code":
                _code(draft, block)
            case "table":
                _table(draft, block, references)
            case "html":
                _html(draft, block, references)
            case "rule":
                draft.add(_unit(UnitKind.RULE, block, 0, 1, "", block.lines))
            case _:
                _prose(draft, block, references)


def _unit(kind: UnitKind, block: Block, first: int, end: int, text: str, quote: Sequence[str]) -> Unit:
    return Unit(
        kind,
        block.line + first,
        block.line + end - 1,
        text,
        "\n".join(quote),
        block.container.depth if block.container else 0,
        _parent(block.container),
    )


def _item(container: Container | None) -> Container | None:
    while container and container.kind != "item":
        container = container.parent
    return container


def _parent(container: Container | None) -> int | None:
    while container:
        if container.kind == "item" and container.unit is not None:
            return container.unit
        container = container.parent
    return None


def _adopt(block: Block, index: int) -> None:
    """Makes the unit the one that the rest of its list item hangs under, if it is the item's first."""
    item = _item(block.container)
    if item and item.unit is None:
        item.unit = index


# --- text


def _prose(draft: Draft, block: Block, references: References) -> None:
    container = block.container
    kind = UnitKind.PARAGRAPH
    if container and container.kind == "quote":
        kind = UnitKind.QUOTE
    elif container and container.unit is None:
        kind = UnitKind.ITEM
    heading = block.kind == "heading"
    # ``raw`` is quoted, ``source`` is read.
    raw = list(block.lines)
    if kind is UnitKind.ITEM:
        raw[0] = _behind(_TASK, raw[0])
    marked = [False] * len(raw)
    levels = [0] * len(raw) if heading else _levels(raw)
    for index, line in enumerate(raw):
        marked[index] = levels[index] > 0
        match = _DOT.match(line) if levels[index] else _MARKER.match(line)
        # The first line of a block has been looked at by the parser, unless its blank is ideographic.
        unread = levels[index] or index or (match and ("\u3000" in match[0] or "\u00a0" in match[0]))
        if match and not heading and unread:
            marked[index], raw[index] = True, line[match.end() :]
    if heading:
        source = [block.title] + [""] * (len(raw) - 1)
    else:
        source = [_behind(_DIRECTIVE, line) for line in raw]
        if kind is UnitKind.QUOTE:
            source[0] = _behind(_CALLOUT, source[0])
    read = read_lines(source, references)
    alone = [_stands_alone(line, text) for line, text in zip(read, raw, strict=True)]
    apart = [marked[index] or alone[index] or (index > 0 and alone[index - 1]) for index in range(len(raw))]
    runs = [(0, len(read))] if heading else sentences(read, apart)
    above: dict[int, int] = {}
    for first, end in runs:
        text = reduce(join_lines, (line.text for line in read[first:end]))
        lines = read[first:end]
        quote = [line.strip() for line in raw[first:end]]
        unit = _unit(_kind(kind, lines, raw[first], text, marked[first]), block, first, end, text, quote)
        level = levels[first]
        if level:
            above[level] = len(draft.units)
            unit = replace(unit, parent=above.get(level - 1, unit.parent))
        _add(draft, block, replace(unit, depth=unit.depth + (level or marked[first])), lines)


def _levels(lines: Sequence[str]) -> list[int]:
    """How deep in a list each line is by its dot or number and what it is indented by; 0 for one without either."""
    numbers = [_NUMBER.match(line) for line in lines]
    if sum(match is not None for match in numbers) < _FEWEST_NUMBERS:
        numbers = [None] * len(lines)
    found = []
    indents: list[float] = []
    for line, number in zip(lines, numbers, strict=True):
        match = number or _DOT.match(line)
        if match:
            indent = width(match["indent"].expandtabs(4))
            while indents and indents[-1] > indent:
                indents.pop()
            if not indents or indents[-1] < indent:
                indents.append(indent)
        found.append(len(indents) if match else 0)
    return found


def _behind(mark: re.Pattern[str], line: str) -> str:
    """``line`` without the mark that it begins with, if it does."""
    match = mark.match(line)
    return line[match.end() :] if match else line


def _add(draft: Draft, block: Block, unit: Unit, lines: Sequence[Line]) -> None:
    if unit.kind is UnitKind.RULE:
        unit = replace(unit, text="")
    in_list = block.container is not None and block.container.depth > 0
    group = ("list", block.container.root) if in_list and block.container else ("block", block.number)
    linked = any(line.linked for line in lines)
    index = draft.add(unit, group, linked, any(line.anchored for line in lines))
    for line in lines:
        draft.images += line.images
    if unit.text:
        _adopt(block, index)


def _kind(kind: UnitKind, lines: Sequence[Line], raw: str, text: str, marked: bool) -> UnitKind:
    if all(line.only_images for line in lines):
        return UnitKind.IMAGE
    if _CONTENTS_MARK.fullmatch(raw.strip()):
        return UnitKind.CONTENTS
    if not text or _DRAWN.fullmatch(text):
        return UnitKind.RULE
    return UnitKind.ITEM if marked else kind


def _stands_alone(line: Line, raw: str) -> bool:
    return (
        line.only_images
        or raw.startswith(":::")
        or not line.text
        or _DRAWN.fullmatch(line.text) is not None
        or _CONTENTS_MARK.fullmatch(raw.strip()) is not None
    )


def _html(draft: Draft, block: Block, references: References) -> None:
    stripped, images = strip_html("\n".join(block.lines))
    read = read_lines(stripped.split("\n"), references)
    pictures = bool(images) and all(
        "<img" in raw.lower() or not line.text for raw, line in zip(block.lines, read, strict=True)
    )
    draft.images += images
    alone = [not line.text for line in read]
    first = 0
    for end in range(1, len(read) + 1):
        # A run of lines without text is one unit; each line with text is one of its own.
        if end < len(read) and alone[end] and alone[end - 1] and not pictures:
            continue
        raw = block.lines[first:end]
        text = read[first].text
        kind = UnitKind.HTML if text else UnitKind.RULE
        if pictures and any("<img" in line.lower() for line in raw):
            kind = UnitKind.IMAGE
        unit = _unit(kind, block, first, end, text, [line.strip() for line in raw])
        if any(unit.quote.split("\n")):
            _add(draft, block, _trimmed(unit), read[first:end])
        first = end


def _trimmed(unit: Unit) -> Unit:
    """``unit`` without blank lines at its ends."""
    lines = unit.quote.split("\n")
    start = next(index for index, line in enumerate(lines) if line)
    end = next(index for index in range(len(lines), 0, -1) if lines[index - 1])
    return replace(
        unit,
        line_start=unit.line_start + start,
        line_end=unit.line_start + end - 1,
        quote="\n".join(lines[start:end]),
    )


# --- code and tables


def _code(draft: Draft, block: Block) -> None:
    lines = block.lines
    first = 0
    while first < len(lines):
        if not lines[first].strip():
            first += 1
            continue
        end = min(len(lines), first + _CODE_LINES)
        if end < len(lines):
            # the last blank line of the second half, if there is one
            end = next((at for at in range(end, first + _CODE_LINES // 2, -1) if not lines[at].strip()), end)
        last = next(at for at in range(end, first, -1) if lines[at - 1].strip())
        quote = lines[first:last]
        text = reading("\n".join(line.rstrip() for line in quote))
        _adopt(block, draft.add(_unit(UnitKind.CODE, block, first, last, text, quote)))
        first = end


def _table(draft: Draft, block: Block, references: References) -> None:
    names = [_cell(draft, cell, references) for cell in _cells(block.lines[0])]
    text = " | ".join(name for name in names if name)
    header = draft.add(_unit(UnitKind.TABLE_HEADER, block, 0, 1, text, block.lines[:1]))
    for index in range(2, len(block.lines)):
        line = block.lines[index]
        cells: list[str] = []
        for column, cell in enumerate(_cells(line)):
            value = _cell(draft, cell, references)
            name = names[column] if column < len(names) else ""
            if value:
                cells.append(f"{name}: {value}" if name else value)
        unit = _unit(UnitKind.ROW, block, index, index + 1, " | ".join(cells), [line])
        draft.add(replace(unit, parent=header))
    _adopt(block, header)


def _cell(draft: Draft, cell: str, references: References) -> str:
    line = read_lines([cell.strip()], references)[0]
    draft.images += line.images
    return line.text


def _cells(row: str) -> list[str]:
    """The cells of a table row: split at bars that are not escaped."""
    row = row.strip().removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    cells = re.split(r"(?<!\\)\|", row)
    return [cell.replace("\\|", "|") for cell in cells]
