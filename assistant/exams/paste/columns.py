"""Options printed in columns that are read downwards: "a. …    c. …" above "b. …    d. …"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from .labels import BULLET, Mark, Style, line_marks
from .lines import Line

__all__ = ["down_columns"]

_GAP: Final = re.compile(r"\S(?:[ ]{2}|[ ]?\t)[ \t]*\S")


def down_columns(lines: Sequence[Line]) -> list[Line]:
    """``lines`` with the rows of such options taken apart, one option to a line in the order of the labels."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        taken = _table(lines, at)
        if taken:
            found += taken[1]
            at += taken[0]
        else:
            found.append(lines[at])
            at += 1
    return found


def _table(lines: Sequence[Line], begin: int) -> tuple[int, list[Line]] | None:
    """How many rows from ``begin`` on are such options, and their cells, downwards."""
    if lines[begin].code or not _GAP.search(lines[begin].plain):
        return None
    for style, height in _heights(lines, begin):
        rows = [_row(lines, index, style) for index in range(begin, min(begin + height, len(lines)))]
        cells = {ordinal: mark for row in rows for ordinal, mark in row}
        straight = all(
            [ordinal for ordinal, _ in row] == [at + height * column for column in range(len(row))]
            for at, row in enumerate(rows, 1)
        )
        if straight and len(rows) == height and sorted(cells) == list(range(1, len(cells) + 1)):
            ends = {
                mark: behind.start
                for row in rows
                for (_, mark), (_, behind) in itertools.pairwise(row)
            }  # fmt: skip
            return height, [_cell(lines[cells[at].line], cells[at], ends.get(cells[at])) for at in sorted(cells)]
    return None


def _heights(lines: Sequence[Line], begin: int) -> list[tuple[Style, int]]:
    """For each style in which the row can be the first one, by how much its second label is ahead of its first."""
    marks = [mark for mark in line_marks(begin, lines[begin]) if mark.head or mark.wide]
    if len(marks) < 2 or not marks[0].head or marks[0].form == BULLET:
        return []
    first, second = marks[0], marks[1]
    return [
        ((alphabet, first.form), ordinal - 1)
        for alphabet, ordinal in second.readings
        if (alphabet, 1) in first.readings and second.form == first.form and ordinal > 2
    ]


def _row(lines: Sequence[Line], index: int, style: Style) -> list[tuple[int, Mark]]:
    """The labels of ``style`` on a line that begins with one."""
    found = [
        (ordinal, mark)
        for mark in line_marks(index, lines[index])
        if (mark.head or mark.wide) and mark.form == style[1]
        for alphabet, ordinal in mark.readings
        if alphabet == style[0]
    ]
    return found if found and found[0][1].head else []


def _cell(line: Line, mark: Mark, end: int | None) -> Line:
    return replace(line, raw=line.raw[mark.start : end], plain=line.plain[mark.start : end])
