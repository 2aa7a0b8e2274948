"""``check``: exam questions against the notes, and the record of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from ..answering import answering, open_here, prepared
from ..frontdoor import Command, say_here
from ..resident import Target
from .options import BATCH, DEBUG, FOLDERS, JSON, options
from .printing import print_json, run_batch

if TYPE_CHECKING:
    from ...examrecords import ExamQuestion

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
    from .. import examcommand as exam

    target = Target(notes, index, model)
    if review or export is not None:
        with open_here(target) as assistant:
            if export is not None:
                exam.export_record(assistant, export)
            elif as_json:
                print_json({"review": [group.to_json() for group in assistant.exams.review()]})
            else:
                click.echo(exam.show_review(assistant))
        return 0
    due: list[ExamQuestion] = []
    if retest:
        from ..examretest import due_questions
        from ..examretest import retest as ask_again

        with open_here(target) as assistant:
            due = due_questions(assistant)
    given = exam.exam_text(text) if batch is None and not retest else ""
    with answering(target, "start") as assistant:
        prepared(assistant)
        if batch is not None:
            return run_batch(batch, lambda given, row: exam.check_batch_line(assistant, given, row), "text")
        if retest:
            found = ask_again(assistant, due, lambda text: click.echo(text, err=as_json))
        else:
            found = exam.check_text(assistant, given, mine)
    if report is not None:
        exam.save_report(found, report)
    if as_json:
        print_json(found.to_json() if retest else exam.report_json(found))
    elif not retest:
        click.echo(exam.render(found))
    return 0 if retest or all(item.verdict == "decided" for item in found.checked) else 1
