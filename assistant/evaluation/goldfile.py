"""Reads a gold file: questions with the lines of the notes that answer them, one JSON object per line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from ..limits import BadLine, json_object, text_field

__all__ = ["GoldLines", "GoldQuestion", "is_whole", "read_gold", "read_rows"]

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class GoldLines:
    """Lines that answer a question. A quote of them has to hold ``must_contain``; ``sides`` is for comparisons."""

    file: str
    line_start: int
    line_end: int
    must_contain: str
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, and what a right answer cites: any of ``lines``, or with ``each_side`` some of each side's."""

    id: Any
    type: str
    question: str
    answerable: bool
    each_side: bool
    lines: tuple[GoldLines, ...]


def read_gold(path: Path) -> tuple[GoldQuestion, ...]:
    """All questions of the file; the first line that cannot be used is a ``BadLine`` that names file and line."""
    return read_rows(path, _question)


def read_rows(path: Path, read: Callable[[bytes, str, int], _Row]) -> tuple[_Row, ...]:
    """What ``read`` makes of each line of the file, told where the line stands and its number.

    Blank lines are passed over. Raises ``BadLine`` where nothing is left, and what ``read`` raises.
    """
    with path.open("rb") as stream:
        rows = tuple(
            read(line, f"{path.name}:{number}", number) for number, line in enumerate(stream, 1) if line.strip()
        )
    if not rows:
        raise BadLine(where=path.name, problem="no_questions")
    return rows


def _question(line: bytes, where: str, number: int) -> GoldQuestion:
    row = json_object(line, where)
    answerable = row.get("answerable", True)
    if not isinstance(answerable, bool):
        raise BadLine(where=where, problem="bad_field", field="answerable", expected="true | false")
    mode = row.get("gold_mode", "any")
    if mode not in ("any", "each_side"):
        raise BadLine(where=where, problem="bad_field", field="gold_mode", expected='"any" | "each_side"')
    gold = row.get("gold", [])
    if not isinstance(gold, list) or not all(isinstance(item, dict) for item in gold):
        raise BadLine(where=where, problem="bad_field", field="gold", expected="[{…}, …]")
    if answerable and not gold:
        raise BadLine(where=where, problem="no_gold")
    return GoldQuestion(
        id=row.get("id", number),
        type=text_field(row, "type", where) if "type" in row else "-",
        question=text_field(row, "question", where),
        answerable=answerable,
        each_side=mode == "each_side",
        lines=tuple(_lines(item, where) for item in gold),
    )


def _lines(item: dict[str, Any], where: str) -> GoldLines:
    start, end = (_line_number(item, field, where) for field in ("line_start", "line_end"))
    if start > end:
        raise BadLine(where=where, problem="bad_field", field="gold.line_end", expected=f">= {start}")
    sides = item.get("side", ["?"])
    if isinstance(sides, str):
        sides = [sides]
    if not isinstance(sides, list) or not all(isinstance(side, str) for side in sides):
        raise BadLine(where=where, problem="bad_field", field="gold.side", expected='["A", …]')
    return GoldLines(
        file=text_field(item, "file", where),
        line_start=start,
        line_end=end,
        must_contain=text_field(item, "must_contain", where),
        sides=tuple(sides),
    )


def _line_number(item: dict[str, Any], field: str, where: str) -> int:
    value = item.get(field)
    if not is_whole(value) or value < 1:
        raise BadLine(where=where, problem="bad_field", field=f"gold.{field}", expected="integer >= 1")
    return value


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value of JSON is a whole number, which ``true`` is not."""
    return isinstance(value, int) and not isinstance(value, bool)
