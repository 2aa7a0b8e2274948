"""What a line is about, as far as its form tells: 「KMSは…」, 「KMS：…」, "KMS is …"."""

from __future__ import annotations

import re
from typing import Final

from ._sections import UnitKind

__all__ = ["AFTER_SUBJECT", "first_cell", "head_of", "subject_of"]

#: What stands before the first of these is what a line is about.
AFTER_SUBJECT: Final = re.compile(r"とは|は|：|:|－| - |―|—|＝|=| is | are |…")
_LONGEST: Final = 80


def subject_of(text: str, ends: re.Pattern[str] = AFTER_SUBJECT) -> str:
    """How ``text`` begins, up to where it says something of its subject; all of it (80 characters) if it never does."""
    return ends.split(text, maxsplit=1)[0][:_LONGEST]


def head_of(text: str, kind: UnitKind) -> str:
    """Where a line says what it is about: of a table's row the first cell, else all of it."""
    return first_cell(text) if kind is UnitKind.ROW else text


def first_cell(row: str) -> str:
    """What the first cell of a table's row holds, of the row as it is read: "Name: KMS | Use: keys" -> KMS."""
    return row.split(" | ", 1)[0].split(": ", 1)[-1]
