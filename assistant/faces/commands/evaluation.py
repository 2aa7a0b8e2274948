"""``eval``: how good the answers are, by questions with known ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import BadRequest
from ...messages import preferred_language
from ..console import terminal
from ..console.answering import open_here, refreshed
from ..frontdoor import Command, say_here
from ..resident.process import Target
from .options import DEBUG, FOLDERS, JSON, options
from .printing import json_text, print_json

if TYPE_CHECKING:
    from ...engine import Assistant
    from ...evaluate import Report
    from ...evaluation.examgold import GoldExamQuestion
    from ...evaluation.goldfile import GoldQuestion
    from ...examevaluate import ExamReport

__all__ = ["evaluate"]


@click.command("eval", cls=Command, help=say_here("cli.help.eval"))
@click.argument("gold", metavar="GOLD.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options(
    click.option("--exam", is_flag=True, help=say_here("cli.exameval.help")),
    click.option("--failures", is_flag=True, help=say_here("cli.help.failures")),
    click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.json", help=say_here("cli.help.out")
    ),
    *FOLDERS,
    JSON,
    DEBUG,
)
def evaluate(
    gold: Path,
    exam: bool,
    failures: bool,
    out: Path | None,
    notes: Path,
    index: Path,
    model: str | None,
    as_json: bool,
) -> int:
    with open_here(Target(notes, index, model)) as assistant:
        report = (_exam_report if exam else _report)(assistant, notes, gold)
        facts = {"gold": gold.name, "model": assistant.status().model}
    if as_json:
        print_json(facts | report.to_json(failures=failures))
    else:
        view = terminal.View.of_stdout()
        click.echo(_report_text(report, view, failures))
    if out is not None:
        try:
            out.write_text(json_text(facts | report.to_json(failures=True), indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise BadRequest(where=str(out), problem=error.strerror) from error
    return 0


def _check_files(notes: Path, questions: Sequence[GoldQuestion | GoldExamQuestion]) -> None:
    """The gold lines have to be of these notes."""
    files = {lines.file for question in questions for lines in question.lines}
    missing = sorted(file for file in files if not (notes / file).is_file())
    if missing:
        raise BadRequest(where="GOLD.jsonl", problem=say_here("cli.eval.other_notes", file=missing[0], folder=notes))


def _report(assistant: Assistant, notes: Path, gold: Path) -> Report:
    from functools import cache

    from ...evaluate import Case, evaluate
    from ...evaluation.goldfile import read_gold
    from ...notes import read_note, split_lines

    questions = read_gold(gold)
    _check_files(notes, questions)
    refreshed(assistant)
    cases = []
    with terminal.progress_bar(preferred_language()) as show:
        for done, asked in enumerate(questions):
            show("ask", done, len(questions))
            cases.append(Case(asked, assistant.ask(asked.question), assistant.search(asked.question)))
    return evaluate(cases, cache(lambda file: split_lines(read_note(notes / file))))


def _exam_report(assistant: Assistant, notes: Path, gold: Path) -> ExamReport:
    from ...evaluation.examgold import read_exam_gold
    from ..console.examcommand import evaluated_exam

    questions = read_exam_gold(gold)
    _check_files(notes, questions)
    refreshed(assistant)
    with terminal.progress_bar(preferred_language()) as show:
        return evaluated_exam(assistant, questions, lambda done: show("ask", done, len(questions)))


def _report_text(report: Report | ExamReport, view: terminal.View, failures: bool) -> str:
    from ...evaluate import Report

    if isinstance(report, Report):
        from ..console.evalterminal import render_report

        return render_report(report, view, preferred_language(), failures=failures)
    from ..console.examterminal import render_exam_report

    return render_exam_report(report, view, preferred_language(), failures=failures)
