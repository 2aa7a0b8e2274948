"""The line above a list or a table that says what it is a list of: a heading in all but its mark.

VPC Peering                  Redis の特徴:

- 用途: 少数のVPCを直接つなぐ    | 項目 | 内容 |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..text import width
from .sections import LISTED, Unit, UnitKind

__all__ = ["leads_of"]

#: A longer line, in full-width characters, says something itself.
_LONGEST: Final = 30
_ENDS: Final = "。．!！?？"


def leads_of(units: Sequence[Unit]) -> list[str]:
    """For each unit the line above its list or table, where that is no sentence; empty elsewhere."""
    leads, lead = [], ""
    for before, unit in zip((None, *units), units, strict=False):
        if unit.kind not in LISTED:
            lead = ""
        elif before is not None and before.kind not in LISTED:
            lead = before.text if _is_lead(before, unit) else ""
        leads.append(lead)
    return leads


def _is_lead(unit: Unit, below: Unit) -> bool:
    text = unit.text.strip()
    return (
        unit.kind is UnitKind.PARAGRAPH
        and unit.depth == 0
        and below.line_start - unit.line_end <= 2
        and 0 < width(text) <= _LONGEST
        and not text.endswith(tuple(_ENDS))
    )
