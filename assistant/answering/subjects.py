"""What a line is about, as far as its form tells: 「KMSは…」, 「KMS：…」, "KMS is …"."""

from __future__ import annotations

import re
from typing import Final

from ..markdown.sections import UnitKind

__all__ = ["AFTER_SUBJECT", "LONGEST_SUBJECT", "head_of", "names_of_heading", "subject_of", "without_brackets"]

#: What stands before the first of these is what a line is about.
AFTER_SUBJECT: Final = re.compile(r"とは|は|：|:|－| - |―|—|＝|=| is | are |…")
#: In characters: a subject is cut there.
LONGEST_SUBJECT: Final = 80
_IN_BRACKETS: Final = re.compile(r"\s*[(（][^()（）]*[)）]$")
_BRACKETED: Final = re.compile(r"\s*[(（]([^()（）]*)[)）]\s*")
#: Between a name in one script and the same in the other: "Sampling 標本抽出".
_SCRIPTS: Final = re.compile(
    r"(?<=[0-9A-Za-z])[\s　]+(?=[ぁ-んァ-ヺ一-龥])|(?<=[ぁ-んァ-ヺー一-龥])[\s　]+(?=[A-Za-z])"
)


def subject_of(text: str, ends: re.Pattern[str] = AFTER_SUBJECT) -> str:
    """How ``text`` begins, up to where it says something of its subject; all of it (80 characters) if it never does."""
    return ends.split(text, maxsplit=1)[0][:LONGEST_SUBJECT]


def head_of(text: str, kind: UnitKind) -> str:
    """Where a line says what it is about: of a table's row, as it is read, the first cell, else all of it.

    "Name: KMS | Use: keys" -> KMS
    """
    return text.split(" | ", 1)[0].split(": ", 1)[-1] if kind is UnitKind.ROW else text


def without_brackets(name: str) -> str:
    """A name without another for it: "T helper (CD4)", 再現率（Recall）."""
    return _IN_BRACKETS.sub("", name)


def names_of_heading(leaf: str) -> tuple[str, ...]:
    """What a heading calls its thing: as a whole, without what stands in brackets, that, and each script's part.

    "Elastic Container Service (ECS)" -> also "Elastic Container Service", "ECS"
    """
    plain = _BRACKETED.sub(" ", leaf).strip()
    inside = [part.strip() for part in _BRACKETED.findall(leaf)]
    scripts = _SCRIPTS.split(plain)
    return tuple(dict.fromkeys(name for name in (leaf, plain, *inside, *scripts) if name))
