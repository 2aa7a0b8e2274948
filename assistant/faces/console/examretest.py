"""``check --retest``: asks again what was missed or left open, and shows the answer only afterwards."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import click

from ...errors import UnknownChoice
from ...examrecords import CheckedQuestion, ExamQuestion
from ...messages import Language, preferred_language, say
from .examanswer import render_checked
from .examcommand import labels
from .view import View

if TYPE_CHECKING:
    from ...engine import Assistant
    from ...exams.record.examsheet import ExamReport
    from .answering import Answering

__all__ = ["due_questions", "retest"]

_END: Final = ("q", "quit", "ｑ")


def due_questions(assistant: Assistant) -> list[ExamQuestion]:
    """What was not answered right the last time: missed, never answered, or nothing tells."""
    return [attempt.checked.question for attempt in assistant.exams.due() if attempt.checked.correct is not True]


def retest(assistant: Answering, due: Sequence[ExamQuestion], tell: Callable[[str], None]) -> ExamReport:
    """Asks the questions ``due``, checks and records the answers from stdin.

    ``tell`` shows a piece of text. An empty line leaves a question out, "q" and the end of the input end the round.
    """
    from ...exams.record.examsheet import ExamReport

    begun = time.perf_counter()
    language, view = preferred_language(), View.of_stdout()
    tell(say("exam.retest.begin" if due else "exam.review.nothing", language, count=len(due)))
    checked: list[CheckedQuestion] = []
    for at, question in enumerate(due, 1):
        tell("\n" + _asked(question, at, len(due), view))
        answer = _answered(assistant, question, tell, language)
        if answer is None:
            break
        if answer.yours:
            checked.append(answer)
            tell("\n" + render_checked(answer, view, language))
    if due:
        right = sum(item.correct is True for item in checked)
        tell("\n" + view.bold(say("exam.retest.end", language, answered=len(checked), right=right)))
    elapsed = round((time.perf_counter() - begun) * 1000)
    return ExamReport(tuple(checked), (None,) * len(checked), (), elapsed)


def _asked(question: ExamQuestion, at: int, count: int, view: View) -> str:
    lines = [view.dim(f"{at}/{count}"), *view.lines(question.stem)]
    for option in question.options:
        lines += view.lines(f"  {option.label}. {option.text}")
    return "\n".join(lines)


def _answered(
    assistant: Answering, question: ExamQuestion, tell: Callable[[str], None], language: Language
) -> CheckedQuestion | None:
    """The question checked with what was typed, without a choice where it is left out; ``None`` at the end."""
    while True:
        click.echo(say("exam.retest.prompt", language), nl=False, err=True)
        line = sys.stdin.readline()
        typed = line.strip()
        known = {option.label.casefold() for option in question.options}
        if not line or (typed.casefold() in _END and typed.casefold() not in known):
            return None
        if not typed:
            return assistant.check_questions([question], [()])[0]
        try:
            return assistant.check_questions([question], [labels(typed)], record=True)[0]
        except UnknownChoice as error:
            tell(error.message(language))
