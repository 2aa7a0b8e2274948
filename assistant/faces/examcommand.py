"""What the ``check`` command does, and ``eval --exam``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from ..errors import BadRequest, NotOneQuestion, RequestError
from ..examrecords import CheckedQuestion, ExamProblem
from ..examtext import parse_exam
from ..messages import preferred_language, say
from ..records import Json
from .examanswer import render_checked, render_review, render_score
from .frontdoor import complain, say_here
from .terminal import View

if TYPE_CHECKING:
    from ..engine import Assistant
    from ..examevaluate import ExamReport
    from ..examexport import ExportFormat
    from ..examgold import GoldExamQuestion
    from .answering import Answering

__all__ = ["check_batch_line", "check_text", "evaluated_exam", "export_record", "labels", "show_review"]

_FORMS: Final = ("md", "json", "csv", "apkg")
_BETWEEN: Final = re.compile(r"[\s,、，・/+&]+")


def labels(mine: str) -> tuple[str, ...]:
    """The labels in "B, D"."""
    return tuple(part for part in _BETWEEN.split(mine) if part)


def check_text(assistant: Answering, text: str, mine: str) -> tuple[list[CheckedQuestion], str]:
    """Every question of ``text`` checked and recorded, and what to show. What could not be read is said on stderr."""
    exam = parse_exam(text)
    if not exam.questions:
        raise _unread(exam.problems)
    if mine and len(exam.questions) > 1:
        raise NotOneQuestion(reason="exam.mine_of_several", count=len(exam.questions))
    for problem in exam.problems:
        complain(say_here(problem.reason, line=problem.line))
    chosen = labels(mine)
    checked = [assistant.check_question(question, chosen, record=True) for question in exam.questions]
    view, language = View.of_stdout(), preferred_language()
    shown = [render_checked(item, view, language) for item in checked]
    if len(checked) > 1:
        shown.append(view.bold(render_score(checked, language)))
    return checked, "\n\n".join(shown)


def _unread(problems: Sequence[ExamProblem]) -> RequestError:
    if not problems:
        return NotOneQuestion(reason="error.exam.none")
    return NotOneQuestion(reason=problems[0].reason, line=problems[0].line)


def check_batch_line(assistant: Answering, text: str, row: Json) -> Json:
    """The result for one line of a batch: ``{"id", "text", "mine"?}``."""
    mine = row.get("mine", "")
    chosen = labels(mine) if isinstance(mine, str) else tuple(str(label) for label in mine)
    return assistant.check(text, chosen).to_json()


def show_review(assistant: Assistant) -> str:
    return render_review(assistant.exams.review(), View.of_stdout(), preferred_language())


def export_record(assistant: Assistant, path: Path) -> None:
    """Writes the record of all checked questions to ``path``, in the form that its name ends in."""
    from ..examexport import export

    form = path.suffix.lower().lstrip(".")
    if form not in _FORMS:
        raise BadRequest(
            where="--export", problem=say_here("exam.export_forms", forms=", ".join(f".{f}" for f in _FORMS))
        )
    content = export(assistant.exams.attempts(), cast("ExportFormat", form), preferred_language())
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise BadRequest(where=str(path), problem=error.strerror) from error
    complain(say("exam.exported", preferred_language(), path=path))


def evaluated_exam(
    assistant: Assistant, questions: Sequence[GoldExamQuestion], progress: Callable[[int], None]
) -> ExamReport:
    """Checks every gold question as it would be pasted, beside two plain ways to choose an option."""
    from ..examevaluate import ExamCase, evaluate_exam, longest_option, plain_retrieval

    cases = []
    for done, gold in enumerate(questions):
        progress(done)
        try:
            checked = assistant.check(gold.text)
        except RequestError:
            checked = None
        cases.append(ExamCase(gold, checked))

    def best(text: str) -> float:
        return max((hit.score for hit in assistant.search(text, 1).hits), default=0.0)

    return evaluate_exam(cases, {"longest_option": longest_option, "plain_retrieval": plain_retrieval(best)})
