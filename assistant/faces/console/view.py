"""Where text goes, and what fits into a line of it.

Full-width characters take two columns, so nothing here counts with ``len``.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import click

__all__ = ["View", "display_width", "pad", "printable", "wrap"]

_NARROWEST: Final = 20

# A line does not begin with the first kind nor end with the second (the core of JIS X 4051).
_CLOSING: Final = "、。，．・：；？！）］｝」』】〉》〕ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…"
_OPENING: Final = "（［｛「『【〈《〔"
#: What is not broken: blanks, or a Latin word or a single other character with its punctuation.
_UNIT: Final = re.compile(rf"[^\S\n]+|[{_OPENING}]*(?:[!-~\u00a1-\u024f]+|\S)[{_CLOSING}]*")

# Notes can come from anywhere: a terminal must not take orders from them, nor show text in another order than it has.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class View:
    """Where text goes: a terminal of so many columns, or (``width`` None) a pipe or a file."""

    width: int | None
    colour: bool

    @classmethod
    def of_stdout(cls) -> View:
        if not sys.stdout.isatty():
            return cls(None, colour=False)
        colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(max(shutil.get_terminal_size().columns, _NARROWEST), colour)

    def paint(self, text: str, **style: Any) -> str:
        return click.style(text, **style) if self.colour else text

    def dim(self, text: str) -> str:
        return self.paint(text, dim=True)

    def bold(self, text: str) -> str:
        return self.paint(text, bold=True)

    def place(self, text: str) -> str:
        return self.paint(text, fg="cyan")

    def lines(self, text: str, indent: str = "") -> list[str]:
        """``text`` as lines that fit; as it is where there is no width."""
        if self.width is None:
            return [indent + line for line in text.split("\n")]
        return wrap(printable(text), self.width, indent)


def display_width(text: str) -> int:
    """Columns that ``text`` takes on a terminal."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """``text`` in lines of at most ``width`` columns; a list item or quote hangs under its first character."""
    lines: list[str] = []
    for source in text.split("\n"):
        marker = re.match(r"\s*(?:[-*+>]\s+|\d+[.)]\s+)*", source)
        hanging = indent + " " * display_width(marker.group() if marker else "")
        if display_width(hanging) > width // 2:
            hanging = indent
        lines.extend(_fill(source, width, indent, hanging))
    return lines


def _fill(source: str, width: int, first: str, rest: str) -> Iterator[str]:
    line, used, begun = first, display_width(first), False
    for unit in _units(source, max(width - display_width(rest), 2)):
        if begun and used + display_width(unit.rstrip()) > width:
            yield line.rstrip()
            line, used, begun = rest, display_width(rest), False
            unit = unit.lstrip()
        elif not begun and unit.isspace() and used + display_width(unit) > width // 2:
            continue  # an indentation that leaves no room for what is indented
        elif not begun and used + display_width(unit) > width:
            line, used = first, display_width(first)
        line += unit
        used += display_width(unit)
        begun = begun or bool(unit.strip())
    yield line.rstrip()


def _units(source: str, room: int) -> Iterator[str]:
    for match in _UNIT.finditer(source.expandtabs(4)):
        unit = match.group()
        begin = used = 0
        for at, character in enumerate(unit):
            columns = _columns(character)
            if used + columns > room and at > begin:
                yield unit[begin:at]
                begin, used = at, 0
            used += columns
        yield unit[begin:]


def printable(text: str) -> str:
    """``text`` without what would steer the terminal."""
    return _CONTROL.sub("\ufffd", text)
