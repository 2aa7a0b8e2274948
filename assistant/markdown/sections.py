"""The records of a parsed note.

Lines are 1-based and inclusive; positions in a passage are in characters, half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["LISTED", "Passage", "Section", "Span", "Unit", "UnitKind"]


class UnitKind(StrEnum):
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    TABLE_HEADER = "table_header"
    CODE = "code"
    QUOTE = "quote"
    HTML = "html"
    IMAGE = "image"
    #: an entry of the front matter
    META = "meta"
    #: an entry of a table of contents
    CONTENTS = "contents"
    #: a rule, a comment, a line of nothing but markup: ``text`` is empty
    RULE = "rule"


#: What lists and tables are made of.
LISTED: Final = frozenset({UnitKind.ITEM, UnitKind.ROW, UnitKind.TABLE_HEADER})


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that is cited: a sentence-bearing line, a list item, a table row, a block of code.

    ``text`` is for reading: markup stripped, wrapped lines joined. ``quote`` is the source of exactly the lines
    ``line_start..line_end``, joined by line feeds: no indentation, no list or quote markers, otherwise verbatim.
    ``depth`` counts the lists around it. ``parent`` is the index in ``Section.units`` of the list item or table header
    that it hangs under; further sentences of an item hang under its first.
    """

    kind: UnitKind
    line_start: int
    line_end: int
    text: str
    quote: str
    depth: int = 0
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its own body: from the heading's line to the body's last non-blank line, without sub-sections.

    ``level`` is 0 for the text before a file's first heading. ``named`` is false there and under an empty heading,
    which begins a section but is no part of ``heading_path``.
    """

    file: str
    ordinal: int
    level: int
    heading_path: tuple[str, ...]
    heading_line: int | None
    line_start: int
    line_end: int
    units: tuple[Unit, ...]
    images: tuple[str, ...]
    named: bool = True

    @property
    def leaf(self) -> str:
        """The heading that the section stands right under; empty where there is none."""
        return self.heading_path[-1] if self.heading_path else ""

    @property
    def is_empty(self) -> bool:
        """Whether this is a named heading over nothing: no text and no image, at most rules and comments."""
        return self.named and not self.images and not any(unit.text for unit in self.units)

    @property
    def text(self) -> str:
        """Its headings from the outermost one on, then its units as they are read, a line each."""
        return "\n".join((*self.heading_path, *(unit.text for unit in self.units)))

    def is_part_of(self, other: Section) -> bool:
        """Whether this is a part of ``other``, the section that stands right before it, by its level."""
        return self.file == other.file and self.level > other.level

    @property
    def image_only(self) -> bool:
        """Whether images are all that the section holds."""
        others = (unit for unit in self.units if unit.kind is not UnitKind.IMAGE)
        return bool(self.images) and not any(unit.text for unit in others)


@dataclass(frozen=True, slots=True)
class Span:
    """The characters of a passage that come from one unit (an index into ``Section.units``; -1: the heading path)."""

    char_start: int
    char_end: int
    unit: int


@dataclass(frozen=True, slots=True)
class Passage:
    """What is encoded: the heading path on a line of its own, then the body. ``spans`` cover ``text`` in order."""

    text: str
    spans: tuple[Span, ...]
