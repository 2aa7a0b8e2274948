"""Reads a gold file of exam questions: what a person would paste, and what has to come out of it.

One JSON object per line with ``text``, ``stem``, ``options`` (each ``label`` and ``text``) and ``decidable`` (whether
the notes tell); where given also ``id``, ``kind``, ``answer_index`` (the right options, 0-based; needed where
decidable), ``answer`` (their labels), ``multi`` (whether several are to be chosen) and ``gold`` (the lines that tell).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..examrecords import ExamOption
from ..limits import BadLine, json_object, required_field, text_field
from .goldfile import GoldLines, is_whole, read_rows

__all__ = ["GoldExamQuestion", "read_exam_gold"]


@dataclass(frozen=True, slots=True)
class GoldExamQuestion:
    """An exam question with its right outcome.

    ``choose``: how many options are to be chosen, ``None`` where the file names no answer. ``answer``: the right
    options, as places in ``options``. Where not ``decidable``, the right outcome is to leave it undecided. ``lines``:
    any of them is evidence.
    """

    id: Any
    kind: str
    text: str
    stem: str
    options: tuple[ExamOption, ...]
    choose: int | None
    answer: tuple[int, ...]
    decidable: bool
    lines: tuple[GoldLines, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the right options."""
        return tuple(self.options[at].label for at in self.answer)


def read_exam_gold(path: Path) -> tuple[GoldExamQuestion, ...]:
    """All questions of the file; the first line that cannot be used is a ``BadLine`` that names file and line."""
    return read_rows(path, _question)


def _question(line: bytes, where: str, number: int) -> GoldExamQuestion:
    row = json_object(line, where)
    options = tuple(
        ExamOption(text_field(item, "label", where), text_field(item, "text", where))
        for item in _objects(row, "options", where)
    )
    decidable = _truth(row, "decidable", where)
    answer = _answer(row, options, decidable, where)
    several = _truth(row, "multi", where) if "multi" in row else len(answer) > 1
    choose = (len(answer) if several else 1) if answer else None
    return GoldExamQuestion(
        id=row.get("id", number),
        kind=text_field(row, "kind", where) if "kind" in row else "-",
        text=text_field(row, "text", where),
        stem=text_field(row, "stem", where),
        options=options,
        choose=choose,
        answer=answer,
        decidable=decidable,
        lines=tuple(_lines(item, where) for item in _objects(row, "gold", where)) if "gold" in row else (),
    )


def _answer(row: dict[str, Any], options: tuple[ExamOption, ...], decidable: bool, where: str) -> tuple[int, ...]:
    found = row.get("answer_index", [])
    if not isinstance(found, list) or not all(is_whole(at) and 0 <= at < len(options) for at in found):
        expected = f"[0 … {len(options) - 1}, …]"
        raise BadLine(where=where, problem="bad_field", field="answer_index", expected=expected)
    if decidable and not found:
        raise BadLine(where=where, problem="bad_field", field="answer_index", expected="[0, …]")
    labels = [options[at].label for at in found]
    if row.get("answer", labels) != labels:
        raise BadLine(where=where, problem="bad_field", field="answer", expected=labels)
    return tuple(found)


def _lines(item: dict[str, Any], where: str) -> GoldLines:
    start, end = item.get("line_start"), item.get("line_end")
    if not is_whole(start) or start < 1:
        raise BadLine(where=where, problem="bad_field", field="gold.line_start", expected="integer >= 1")
    if not is_whole(end) or end < start:
        raise BadLine(where=where, problem="bad_field", field="gold.line_end", expected=f"integer >= {start}")
    return GoldLines(
        file=text_field(item, "file", where),
        line_start=start,
        line_end=end,
        must_contain=text_field(item, "must_contain", where),
        sides=(),
    )


def _objects(row: dict[str, Any], field: str, where: str) -> list[dict[str, Any]]:
    value = required_field(row, field, where)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadLine(where=where, problem="bad_field", field=field, expected="[{…}, …]")
    return value


def _truth(row: dict[str, Any], field: str, where: str) -> bool:
    value = required_field(row, field, where)
    if not isinstance(value, bool):
        raise BadLine(where=where, problem="bad_field", field=field, expected="true | false")
    return value
