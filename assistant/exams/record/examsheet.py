"""A whole mock exam: its text or file -> checked questions -> how it went, and what the notes lack.

read_exam --> ExamSheet --> check_sheet --> ExamReport --> to_json, report_markdown
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...errors import NotOneQuestion, UnknownChoice
from ...examrecords import CheckedQuestion, ExamProblem, ExamQuestion
from ...limits import MAX_QUESTION_CHARACTERS
from ..paste.examjson import SheetItem, is_json_lines, read_json_lines, resolved
from ..paste.examtext import parse_exam
from .attempts import whole
from .exammarkdown import report_markdown
from .examreport import ExamReport, GapGroup, GapQuestion
from .examscore import score_of

__all__ = [
    "MAX_QUESTIONS",
    "ExamReport",
    "ExamSheet",
    "GapGroup",
    "GapQuestion",
    "SheetItem",
    "check_exam",
    "check_sheet",
    "choices",
    "read_exam",
    "report_markdown",
    "score_of",
]

#: As many questions are taken in one request; the longest certification exams have under 200.
MAX_QUESTIONS: Final = 300

#: Judges questions; the second argument are the labels that the person chose for each. ``Assistant.check_questions``
#: is one.
Check = Callable[[Sequence[ExamQuestion], Sequence[Sequence[str]]], Sequence[CheckedQuestion]]

#: So many go to the model together: more are hardly faster, and who waits wants to see them pass.
_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class ExamSheet:
    """An exam as it was read, with the person's answers; ``problems``: what could not be read, in its order."""

    items: tuple[SheetItem, ...]
    problems: tuple[ExamProblem, ...] = ()

    def with_questions(self) -> ExamSheet:
        """Itself. Raises :class:`~assistant.errors.NotOneQuestion` with the first reason where it has no question."""
        if not self.items:
            first = self.problems[0] if self.problems else None
            raise NotOneQuestion(reason=first.reason if first else "error.exam.none", line=first.line if first else 1)
        return self

    def answered(self, yours: Sequence[object]) -> ExamSheet:
        """The sheet with the choices of ``yours``, one for each question in turn: "B, D", ["B", "D"], or nothing.

        What is missing at the end leaves those questions as they are. Raises
        :class:`~assistant.errors.UnknownChoice` for a label that its question does not have.
        """
        given = [choices(value, item.question) for value, item in zip(yours, self.items, strict=False)]
        items = [
            replace(item, yours=chosen) if chosen else item for chosen, item in zip(given, self.items, strict=False)
        ]
        return replace(self, items=(*items, *self.items[len(items) :]))


def read_exam(text: str) -> ExamSheet:
    """The exam in ``text``: pasted questions, a Markdown file, or JSON Lines (``examjson.py``). Never raises."""
    text = whole(text).removeprefix("\ufeff")
    items: list[SheetItem] = []
    problems: list[ExamProblem] = []
    if is_json_lines(text):
        for found in read_json_lines(text):
            if isinstance(found, ExamProblem):
                problems.append(found)
            else:
                items.append(found)
    else:
        exam = parse_exam(text)
        items += map(SheetItem, exam.questions)
        problems += exam.problems
    fitting = []
    for item in items:
        question = item.question
        length = len(question.stem) + sum(len(option.text) for option in question.options)
        if length > MAX_QUESTION_CHARACTERS:
            problems.append(ExamProblem(question.line, question.stem[:200], "exam.problem.too_long"))
        else:
            fitting.append(item)
    return ExamSheet(tuple(fitting), tuple(sorted(problems, key=lambda problem: problem.line)))


def choices(value: object, question: ExamQuestion) -> tuple[str, ...]:
    """The labels of ``question`` that ``value`` names. Raises :class:`~assistant.errors.UnknownChoice`."""
    found = resolved(value, question.options)
    if found is None:
        labels = ", ".join(option.label for option in question.options)
        given = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        raise UnknownChoice(choice=whole(given[:40]), labels=labels)
    return found


def check_sheet(check: Check, sheet: ExamSheet, *, progress: Callable[[int, int], None] | None = None) -> ExamReport:
    """Judges every question, some at once. ``progress`` gets how many are done, of how many, at first, in between and
    at the end.
    """
    begun = time.perf_counter()
    checked: list[CheckedQuestion] = []
    for start in range(0, len(sheet.items), _AT_ONCE):
        items = sheet.items[start : start + _AT_ONCE]
        if progress:
            progress(len(checked), len(sheet.items))
        checked += check([item.question for item in items], [item.yours for item in items])
    if progress:
        progress(len(checked), len(sheet.items))
    elapsed = round((time.perf_counter() - begun) * 1000)
    return ExamReport(tuple(checked), tuple(item.id for item in sheet.items), sheet.problems, elapsed)


def check_exam(
    check: Check,
    text: str,
    yours: Sequence[object] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
) -> ExamReport:
    """:func:`read_exam`, then :func:`check_sheet`; ``yours`` as in :meth:`ExamSheet.answered`."""
    return check_sheet(check, read_exam(text).answered(yours), progress=progress)
