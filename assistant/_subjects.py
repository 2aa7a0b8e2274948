"""What a line is about, as far as its form tells: 「KMSは…」, 「KMS：…」, "KMS is …"."""

from __future__ import annotations

import re
from typing import Final

from ._sections import UnitKind

__all__ = ["AFTER_SUBJECT", "head_of", "subject_of", "without_brackets"]

#: What stands before the first of these is what a line is about.
AFTER_SUBJECT: Final = re.compile(r"とは|は|：|:|－| - |―|—|＝|=| is | are |…")
_LONGEST: Final = 80
_IN_BRACKETS: Final = re.compile(r"\s*[(（][^()（）]*[)）]$")


def subject_of(text: str, ends: re.Pattern[str] = AFTER_SUBJECT) -> str:
    """How ``text`` begins, up to where it says something of its subject; all of it (80 characters) if it never does."""
    return ends.split(text, maxsplit=1)[0][:_LONGEST]


def head_of(text: str, kind: UnitKind) -> str:
    """Where a line says what it is about: of a table's row, as it is read, the first cell, else all of it.

    "Name: KMS | Use: keys" -> KMS
    """
    return text.split(" | ", 1)[0].split(": ", 1)[-1] if kind is UnitKind.ROW else text


def without_brackets(name: str) -> str:
    """A name without another for it: "T helper (CD4)", 再現率（Recall）."""
    return _IN_BRACKETS.sub("", name)
