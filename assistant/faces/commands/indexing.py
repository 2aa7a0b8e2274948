"""``index``, ``status`` and ``doctor``: what is known of the notes, and how it is."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from ...messages import preferred_language
from ..console import terminal
from ..console.answering import answering, refreshed
from ..frontdoor import Command, say_here
from ..resident.process import Target
from .options import DEBUG, FOLDERS, JSON, options
from .printing import print_json

__all__ = ["doctor", "index", "status"]


@click.command(cls=Command, help=say_here("cli.help.index"))
@options(*FOLDERS, JSON, DEBUG)
def index(notes: Path, index: Path, model: str | None, as_json: bool) -> int:
    with answering(Target(notes, index, model), "running") as assistant:
        report = refreshed(assistant)
    language = preferred_language()
    if as_json:
        print_json(report.to_json())
    else:
        click.echo(terminal.render_refresh(report, language))
    return 0


@click.command(cls=Command, help=say_here("cli.help.status"))
@options(*FOLDERS, JSON, DEBUG)
def status(notes: Path, index: Path, model: str | None, as_json: bool) -> int:
    from ...folder.standing import standing
    from ...model.modelname import BUNDLED_NAME
    from ...store import Store

    with closing(Store(index)) as store:
        found = standing(store, notes, model or BUNDLED_NAME)
    if as_json:
        print_json(found.to_json())
    else:
        click.echo(terminal.render_status(found, preferred_language()))
    return 0


@click.command(cls=Command, help=say_here("cli.help.doctor"))
@options(click.option("--fix", is_flag=True, help=say_here("cli.help.fix")), *FOLDERS, JSON, DEBUG)
def doctor(fix: bool, notes: Path, index: Path, model: str | None, as_json: bool) -> int:
    from ..console.doctorcommand import examine, render_findings, to_json

    target = Target(notes, index, model)
    with terminal.erasable_line(say_here("cli.preparing")):
        findings, fixed = examine(target, fix=fix)
    if as_json:
        print_json(to_json(findings, fixed))
    else:
        click.echo(render_findings(findings, fixed, terminal.View.of_stdout()))
    return int(any(finding.severity == "error" for finding in findings))
