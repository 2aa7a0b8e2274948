"""Exam questions from JSON Lines: one object per line, with the answer key and the person's choice where given.

``{"text"}`` or ``{"stem", "options"}``, and ``id``, ``answer`` (the key) and ``yours`` if they are known. ``options``
is a list of texts or of ``{"label", "text"}``, or an object from label to text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from ...examrecords import ExamOption, ExamProblem, ExamQuestion
from .asking import choose_count, exam_kind, is_negated
from .examtext import parse_exam
from .keys import labels_in
from .labels import canonical

__all__ = ["SheetItem", "is_json_lines", "read_json_lines", "resolved"]

_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class SheetItem:
    """A question of an exam. ``yours``: the labels that the person chose; ``id``: as in the file, else ``None``."""

    question: ExamQuestion
    yours: tuple[str, ...] = ()
    id: Any = None


def is_json_lines(text: str) -> bool:
    """Whether the first line that is not blank is a JSON object."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return first.lstrip().startswith("{") and isinstance(_loaded(first), dict)


def read_json_lines(text: str) -> Iterator[SheetItem | ExamProblem]:
    """Every line that is not blank, as a question or as what is wrong with it. Never raises."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _item(line, number)


def resolved(value: object, options: tuple[ExamOption, ...]) -> tuple[str, ...] | None:
    """The labels as printed that ``value`` names, by label or by text, in its order: "B, D", ["B", "D"], 2.

    Empty for nothing; ``None`` where something in it names no option.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return ()
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        found = labels_in(value, options)
        return found[0] if found and not found[1] else None
    if not isinstance(value, list | tuple):
        return None
    named: dict[str, None] = {}
    for part in value:
        labels = resolved(part, options)
        if labels is None:
            return None
        named |= dict.fromkeys(labels)
    return tuple(named)


def _item(line: str, number: int) -> SheetItem | ExamProblem:
    row = _loaded(line)
    if not isinstance(row, dict):
        return _problem(number, line, "not_json")
    question = _of_text(row["text"], number, line) if "text" in row else _of_parts(row, number, line)
    if isinstance(question, ExamProblem):
        return question
    key = resolved(row.get("answer"), question.options)
    if key is None:
        return _problem(number, line, "key")
    yours = resolved(row.get("yours"), question.options)
    if yours is None:
        return _problem(number, line, "yours")
    return SheetItem(replace(question, key=key or question.key, line=number), yours, row.get("id"))


def _of_text(text: object, number: int, line: str) -> ExamQuestion | ExamProblem:
    if not isinstance(text, str):
        return _problem(number, line, "bad_row")
    exam = parse_exam(text)
    if len(exam.questions) == 1:
        return exam.questions[0]
    if exam.questions:
        return _problem(number, line, "several")
    return ExamProblem(number, line[:_SHOWN], exam.problems[0].reason if exam.problems else "exam.problem.bad_row")


def _of_parts(row: dict[str, Any], number: int, line: str) -> ExamQuestion | ExamProblem:
    stem, options = row.get("stem"), _options(row.get("options"))
    if not isinstance(stem, str) or not stem.strip() or options is None:
        return _problem(number, line, "bad_row")
    if len(options) < 2:
        return _problem(number, line, "one_option" if options else "no_options")
    if not all(option.text.strip() for option in options):
        return _problem(number, line, "empty_option")
    if len({canonical(option.label) for option in options}) < len(options):
        return _problem(number, line, "duplicate")
    kind = exam_kind(stem, [option.text for option in options])
    return ExamQuestion(
        stem=stem.strip(),
        options=options,
        choose=choose_count(stem) if kind != "true_false" else 1,
        negated=kind == "choice" and is_negated(stem),
        kind=kind,
    )


def _options(value: object) -> tuple[ExamOption, ...] | None:
    if isinstance(value, dict):
        value = [{"label": label, "text": text} for label, text in value.items()]
    if not isinstance(value, list):
        return None
    options = []
    for count, item in enumerate(value, 1):
        row = item if isinstance(item, dict) else {"text": item}
        label, text = row.get("label", str(count)), row.get("text")
        if not isinstance(label, str) or not isinstance(text, str) or not label.strip():
            return None
        options.append(ExamOption(label.strip(), text.strip()))
    return tuple(options)


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _problem(number: int, line: str, reason: str) -> ExamProblem:
    return ExamProblem(number, line[:_SHOWN], f"exam.problem.{reason}")
