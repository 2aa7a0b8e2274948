"""``check``: exam questions against the notes, and the record of them."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

from ..console.answering import answering, open_here, prepared
from ..frontdoor import Command, say_here
from ..resident.process import Target
from .options import BATCH, DEBUG, FOLDERS, JSON, options
from .printing import print_json, run_batch

__all__ = ["check"]


@click.command(cls=Command, help=say_here("cli.help.check"))
@click.argument("text", nargs=-1)
@options(
    click.option("--mine", metavar="LABELS", default="", help=say_here("cli.help.mine")),
    click.option(
        "--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=say_here("cli.help.report")
    ),
    click.option("--review", is_flag=True, help=say_here("cli.help.review")),
    click.option("--retest", is_flag=True, help=say_here("cli.help.retest")),
    click.option(
        "--export", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=say_here("cli.help.export")
    ),
    BATCH,
    *FOLDERS,
    JSON,
    DEBUG,
)
def check(
    text: tuple[str, ...],
    mine: str,
    report: Path | None,
    review: bool,
    retest: bool,
    export: Path | None,
    batch: BinaryIO | None,
    notes: Path,
    index: Path,
    model: str | None,
    as_json: bool,
) -> int:
    target = Target(notes, index, model)
    if review or export is not None:
        return _from_record(target, export, as_json)
    if retest and batch is None:
        return _ask_again(target, report, as_json)
    from ..console import examcommand as exam

    given = exam.exam_text(text) if batch is None else ""
    with answering(target, "start") as assistant:
        prepared(assistant)
        if batch is not None:
            return run_batch(batch, lambda given, row: exam.check_batch_line(assistant, given, row), "text")
        found = exam.check_text(assistant, given, mine)
    if report is not None:
        exam.save_report(found, report)
    if as_json:
        print_json(exam.report_json(found))
    else:
        click.echo(exam.render(found))
    return 0 if all(item.verdict == "decided" for item in found.checked) else 1


def _from_record(target: Target, export: Path | None, as_json: bool) -> int:
    """What was checked before: written to ``export``, else what of it to review."""
    from ..console.examcommand import export_record, show_review

    with open_here(target) as assistant:
        if export is not None:
            export_record(assistant, export)
        elif as_json:
            print_json({"review": [group.to_json() for group in assistant.exams.review()]})
        else:
            click.echo(show_review(assistant))
    return 0


def _ask_again(target: Target, report: Path | None, as_json: bool) -> int:
    from ..console.examcommand import save_report
    from ..console.examretest import due_questions, retest

    with open_here(target) as assistant:
        due = due_questions(assistant)
    with answering(target, "start") as assistant:
        prepared(assistant)
        found = retest(assistant, due, lambda text: click.echo(text, err=as_json))
    if report is not None:
        save_report(found, report)
    if as_json:
        print_json(found.to_json())
    return 0
