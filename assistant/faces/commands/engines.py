"""``engine`` and ``stop``: the process that keeps the model loaded for the other commands."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ...errors import BadRequest, IndexUnusable
from ..console import terminal
from ..console.answering import open_here
from ..frontdoor import Command, complain, say_here
from ..resident.process import Target, read_record
from .options import DEBUG, FOLDERS, options

if TYPE_CHECKING:
    from ...engine import Assistant
    from ..resident.enginehttp import Resident

__all__ = ["engine", "stop"]

_MOST_MINUTES: Final = 100_000


def _minutes(_ctx: click.Context, _param: click.Parameter, value: str) -> float:
    try:
        minutes = float(value)
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes <= _MOST_MINUTES:
        raise click.BadParameter(say_here("cli.engine.bad_idle", limit=_MOST_MINUTES))
    return minutes


@click.command(cls=Command, help=say_here("cli.engine.help"))
@options(
    click.option(
        "--idle",
        envvar="ASSISTANT_IDLE",
        default="15",
        show_default=True,
        callback=_minutes,
        metavar="MINUTES",
        help=say_here("cli.engine.help_idle"),
    ),
    *FOLDERS,
    DEBUG,
)
def engine(idle: float, notes: Path, index: Path, model: str | None) -> int:
    from ..resident.client import find_engine

    target = Target(notes, index, model)
    running = find_engine(target)
    if running is not None:
        complain(say_here("cli.engine.running", pid=running.pid))
        return 0
    from ..resident.enginehttp import Resident
    from ..web.serving import serve

    def resident(assistant: Assistant) -> Resident:
        return Resident(assistant, target, "engine", idle_seconds=idle * 60 or math.inf)

    try:
        serve(lambda: open_here(target), port=0, open_browser=False, page=False, resident=resident)
    except OSError as error:
        raise IndexUnusable(folder=index, problem=error.strerror or error) from error
    return 0


@click.command(cls=Command, help=say_here("cli.engine.help_stop"))
@options(*FOLDERS, DEBUG)
def stop(notes: Path, index: Path, model: str | None) -> int:
    """Whatever notes and model it is for: there is one engine to an index folder."""
    record = read_record(index)
    stopped = None
    if record is not None:
        from ..resident.client import stop_engine

        with terminal.erasable_line(say_here("cli.engine.stopping")):
            stopped = stop_engine(record, Target(notes, index, model))
    if stopped == "chat":
        raise BadRequest(where="stop", problem=say_here("cli.engine.is_chat"))
    complain(say_here("cli.engine.stopped" if stopped else "cli.engine.none"))
    return 0
