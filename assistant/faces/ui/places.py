"""Places in the notes: how they read, and how the page opens them.

A place is named by ``data-file`` and ``data-line`` (never by a position in some list, which the next refresh would
shift), with ``data-hl="first-last"`` for the lines to highlight and ``data-n`` for the number shown. The page's one
click listener opens whatever carries these (panel.js), and marks there the words of the nearest ``data-asked``.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .markup import plain

__all__ = ["crumb", "open_attributes", "place"]


def crumb(heading_path: Sequence[str], file: str) -> str:
    """Heading path in one line; the file's name where a note has no headings."""
    return " › ".join(plain(heading) for heading in heading_path) or file


def place(file: str, first: int, last: int | None = None) -> str:
    return f"{file}:{first}" if last is None or last == first else f"{file}:{first}–{last}"


def open_attributes(file: str, line: int, highlight: tuple[int, int] | None = None, number: str = "") -> str:
    """The attributes that make a button open a place in the note panel."""
    lines = f"{highlight[0]}-{highlight[1]}" if highlight else ""
    return f'data-file="{escape(file)}" data-line="{line}" data-hl="{lines}" data-n="{escape(number)}"'
