"""What the ``check`` command does, and ``eval --exam``."""

from __future__ import annotations

import errno
import json
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ..._json import Json
from ...errors import BadRequest, NotOneQuestion, RequestError
from ...messages import preferred_language
from ..frontdoor import complain, say_here
from .examanswer import render_checked, render_review, render_score
from .terminal import progress_bar
from .view import View

if TYPE_CHECKING:
    from ...engine import Assistant
    from ...evaluation.examgold import GoldExamQuestion
    from ...examevaluate import ExamReport as Evaluation
    from ...exams.record.examsheet import ExamReport
    from .answering import Answering

__all__ = [
    "check_batch_line",
    "check_text",
    "evaluated_exam",
    "exam_text",
    "export_record",
    "labels",
    "render",
    "report_json",
    "save_report",
    "show_review",
]

#: Nothing else looks like this: a name that ends as files with exams do.
_FILE_NAME: Final = re.compile(r"[^\s?？。]+\.(?:md|markdown|txt|jsonl|json)", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s,、，・/+&]+")


def labels(mine: str) -> tuple[str, ...]:
    """The labels in "B, D"."""
    return tuple(part for part in _BETWEEN.split(mine) if part)


def exam_text(words: Sequence[str]) -> str:
    """The exam on the command line: the text itself, a file that holds it, or ``-`` for stdin."""
    if not words:
        raise click.UsageError(say_here("cli.usage.no_exam"), click.get_current_context())
    if list(words) == ["-"]:
        return _decoded(sys.stdin.buffer.read(), "stdin")
    given = " ".join(words)
    if len(words) > 1 or "\n" in given:
        return given
    try:
        if Path(given).is_file():
            return _decoded(Path(given).read_bytes(), given)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise BadRequest(where=given, problem=error.strerror) from error
    if _FILE_NAME.fullmatch(given):
        raise BadRequest(where=given, problem=say_here("exam.no_file"))
    return given


def _decoded(data: bytes, name: str) -> str:
    from ...notes import UnreadableNote, decode

    try:
        return decode(data)
    except UnreadableNote as error:
        raise BadRequest(where=name, problem=say_here(error.reason)) from error


def check_text(assistant: Answering, text: str, mine: str) -> ExamReport:
    """Every question of ``text`` checked and recorded. What could not be read is said on stderr.

    ``mine``: the person's answer "B" or "B,D"; of several questions one for each, "B; A,C; -; D".
    """
    from ...exams.record.examsheet import check_sheet, read_exam

    sheet = read_exam(text).with_questions()
    for problem in sheet.problems:
        complain(say_here(problem.reason, line=problem.line))
    if mine.strip():
        sheet = sheet.answered(_answers(mine, len(sheet.items)))
    with progress_bar(preferred_language()) as show:
        return check_sheet(
            partial(assistant.check_questions, record=True),
            sheet,
            progress=(lambda done, total: show("check", done, total)) if len(sheet.items) > 1 else None,
        )


def _answers(mine: str, count: int) -> list[object]:
    """The person's answers to ``count`` questions; "-" or nothing between two semicolons leaves one out."""
    if count == 1:
        return [labels(mine)]
    each = re.split(r"[;；\n]", mine) if re.search("[;；\n]", mine) else mine.split()
    if not 1 < len(each) <= count:
        raise NotOneQuestion(reason="exam.mine_of_several", count=count)
    return [() if one.strip() in ("", "-", "–") else labels(one) for one in each]


def render(report: ExamReport) -> str:
    """All questions as they are shown on the terminal, with one line over all of them where they are several."""
    view, language = View.of_stdout(), preferred_language()
    shown = [render_checked(item, view, language) for item in report.checked]
    if len(report.checked) > 1:
        shown.append(view.bold(render_score(report.checked, language)))
    return "\n\n".join(shown)


def report_json(report: ExamReport) -> Json:
    """As ``POST /api/check``: of one question its result, of several the whole report."""
    return report.checked[0].to_json() if len(report.checked) == 1 else report.to_json()


def save_report(report: ExamReport, path: Path) -> None:
    """Writes the report to ``path`` as Markdown, or as JSON where its name says so."""
    from ...exams.record.examsheet import report_markdown

    if path.suffix.lower() == ".json":
        _write(path, json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        _write(path, report_markdown(report, preferred_language()))


def check_batch_line(assistant: Answering, text: str, row: Json) -> Json:
    """The result for one line of a batch: ``{"id", "text", "mine"?}``."""
    mine = row.get("mine", "")
    chosen = labels(mine) if isinstance(mine, str) else tuple(str(label) for label in mine)
    return assistant.check(text, chosen).to_json()


def show_review(assistant: Assistant) -> str:
    return render_review(assistant.exams.review(), View.of_stdout(), preferred_language())


def export_record(assistant: Assistant, path: Path) -> None:
    """Writes the record of all checked questions to ``path``, in the form that its name ends in."""
    from ...exams.record.examexport import EXPORT_FORMATS, export

    ending = path.suffix.lower().lstrip(".")
    form = next((form for form in EXPORT_FORMATS if form == ending), None)
    if form is None:
        forms = ", ".join(f".{form}" for form in EXPORT_FORMATS)
        raise BadRequest(where="--export", problem=say_here("exam.export_forms", forms=forms))
    content = export(assistant.exams.attempts(), form, preferred_language())
    _write(path, content)


def _write(path: Path, content: str | bytes) -> None:
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise BadRequest(where=str(path), problem=error.strerror) from error
    complain(say_here("exam.exported", path=path))


def evaluated_exam(
    assistant: Assistant, questions: Sequence[GoldExamQuestion], progress: Callable[[int], None]
) -> Evaluation:
    """Checks every gold question as it would be pasted, beside two plain ways to choose an option."""
    from ...examevaluate import ExamCase, evaluate_exam, longest_option, plain_retrieval

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
