"""A whole mock exam: its text or file -> checked questions -> how it went, and what the notes lack.

read_exam --> ExamSheet --> check_sheet --> ExamReport --> to_json, report_markdown
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from ._attempts import whole
from ._examjson import SheetItem, is_json_lines, read_json_lines, resolved
from ._examscore import Score, score_of
from .errors import NotOneQuestion, UnknownChoice
from .examrecords import CheckedQuestion, ExamProblem, ExamQuestion
from .examtext import parse_exam
from .limits import MAX_QUESTION_CHARACTERS
from .messages import Language, preferred_language, say
from .records import Citation, Json

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


@dataclass(frozen=True, slots=True)
class GapQuestion:
    """A question that the notes do not fully cover.

    ``at``: its place in the exam (1-based). ``missed``: the person's answer was wrong. ``missing``: the texts of the
    options that the notes say nothing about.
    """

    at: int
    number: str
    stem: str
    undecided: bool
    missed: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Gaps by the section that comes nearest, where something could be added; all three are empty where none does."""

    file: str
    heading_path: tuple[str, ...]
    line: int
    questions: tuple[GapQuestion, ...]

    @property
    def missed(self) -> int:
        return sum(question.missed for question in self.questions)


@dataclass(frozen=True, slots=True)
class ExamReport:
    """A checked exam. ``checked`` and ``ids`` are in the order of the questions."""

    checked: tuple[CheckedQuestion, ...]
    ids: tuple[Any, ...]
    problems: tuple[ExamProblem, ...]
    elapsed_ms: int

    @property
    def score(self) -> Score:
        return score_of(self.checked)

    @property
    def undecided(self) -> tuple[int, ...]:
        """The places (1-based) of the questions that the notes do not decide."""
        return tuple(at for at, item in enumerate(self.checked, 1) if item.verdict == "undecided")

    @property
    def gaps(self) -> tuple[GapGroup, ...]:
        """What the notes lack, by the nearest section: the one with the most misses first, no section at all last.

        Those are the multiple-choice questions that are undecided, or of which an option is not in the notes.
        """
        groups: defaultdict[tuple[str, tuple[str, ...]], list[tuple[int, GapQuestion]]] = defaultdict(list)
        for at, item in enumerate(self.checked, 1):
            gap = _gap(at, item)
            if gap is not None:
                near = _nearest(item)
                section = (near.file, near.heading_path) if near else ("", ())
                groups[section].append((near.line_start if near else 0, gap))
        found = [
            GapGroup(file, path, min(line for line, _ in gaps), tuple(sorted((gap for _, gap in gaps), key=_urgency)))
            for (file, path), gaps in groups.items()
        ]
        return tuple(sorted(found, key=lambda group: (not group.file, -group.missed, -len(group.questions))))

    def to_json(self, language: Language | None = None) -> Json:
        """``{"questions", "problems", "report"}``; ``language``: of the problems' messages, else the person's."""
        spoken = language or preferred_language()
        return {
            "questions": [item.to_json(given) for item, given in zip(self.checked, self.ids, strict=True)],
            "problems": [
                {
                    "line": problem.line,
                    "text": problem.text,
                    "reason": problem.reason.rpartition(".")[2],
                    "message": say(problem.reason, spoken, line=problem.line),
                }
                for problem in self.problems
            ],
            "report": {
                "score": self.score.to_json(),
                "undecided": list(self.undecided),
                "gaps": [asdict(group) for group in self.gaps],
                "elapsed_ms": self.elapsed_ms,
            },
        }


def read_exam(text: str) -> ExamSheet:
    """The exam in ``text``: pasted questions, a Markdown file, or JSON Lines (``_examjson.py``). Never raises."""
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


def report_markdown(report: ExamReport, language: Language) -> str:
    """The report to read: the figures, what the notes lack, what could not be read, then each question."""
    from ._examreport import markdown

    return markdown(report, language)


def _gap(at: int, item: CheckedQuestion) -> GapQuestion | None:
    missing = tuple(option.text for option in item.options if option.support == "not_in_notes")
    undecided = item.verdict == "undecided"
    if item.question.kind != "choice" or not (undecided or missing):
        return None
    question = item.question
    return GapQuestion(at, question.number, question.stem, undecided, item.correct is False, missing)


def _urgency(gap: GapQuestion) -> tuple[bool, bool, int]:
    return not gap.missed, not gap.undecided, gap.at


def _nearest(item: CheckedQuestion) -> Citation | None:
    """The best line of the right option, else of any."""
    right = item.question.key or item.answer
    options = sorted(item.options, key=lambda option: (option.label not in right, -option.score))
    return next((option.citations[0] for option in options if option.citations), None)
