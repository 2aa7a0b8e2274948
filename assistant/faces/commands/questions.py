"""``ask``, ``chat`` and ``search``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

import click

from ...limits import checked_question
from ..console import terminal
from ..console.answering import answering, prepared
from ..frontdoor import Command, say_here
from ..resident.process import Target
from .options import BATCH, DEBUG, FOLDERS, JSON, QUESTION, options
from .printing import print_json, run_batch

__all__ = ["ask", "chat", "search"]

_LARGEST_K: Final = 1_000


@click.command(cls=Command, help=say_here("cli.help.ask"))
@QUESTION
@options(BATCH, *FOLDERS, JSON, DEBUG)
def ask(
    question: tuple[str, ...], batch: BinaryIO | None, notes: Path, index: Path, model: str | None, as_json: bool
) -> int:
    asked = _asked(question, batch)
    with answering(Target(notes, index, model), "start") as assistant:
        prepared(assistant)
        if batch is not None:
            return run_batch(batch, lambda text, _: assistant.ask(text).to_json())
        with terminal.erasable_line(say_here("cli.thinking")):
            answer = assistant.ask(asked)
    if as_json:
        print_json(answer.to_json())
    else:
        click.echo(terminal.render_answer(answer, terminal.View.of_stdout()))
    return 0 if answer.status == "answered" else 1


@click.command(cls=Command, help=say_here("cli.chat.help"))
@options(*FOLDERS, DEBUG)
def chat(notes: Path, index: Path, model: str | None) -> int:
    from ..console.chatcommand import converse

    with answering(Target(notes, index, model), "start") as assistant:
        prepared(assistant)
        return 0 if converse(assistant, terminal.View.of_stdout()) else 1


@click.command(cls=Command, help=say_here("cli.help.search"))
@QUESTION
@options(
    click.option("-k", type=click.IntRange(1, _LARGEST_K), default=10, show_default=True, help=say_here("cli.help.k")),
    BATCH,
    *FOLDERS,
    JSON,
    DEBUG,
)
def search(
    question: tuple[str, ...],
    k: int,
    batch: BinaryIO | None,
    notes: Path,
    index: Path,
    model: str | None,
    as_json: bool,
) -> int:
    asked = _asked(question, batch)
    with answering(Target(notes, index, model), "start") as assistant:
        prepared(assistant)
        if batch is not None:
            return run_batch(batch, lambda text, _: assistant.search(text, k).to_json())
        with terminal.erasable_line(say_here("cli.thinking")):
            result = assistant.search(asked, k)
    if as_json:
        print_json(result.to_json())
    else:
        click.echo(terminal.render_search(result, terminal.View.of_stdout()))
    return 0 if result.hits else 1


def _asked(words: Sequence[str], batch: BinaryIO | None) -> str:
    """The question of the command line, checked before anything is loaded; ``-`` stands for stdin."""
    if batch is not None:
        if words:
            raise click.UsageError(say_here("cli.usage.question_and_batch"), click.get_current_context())
        return ""
    if not words:
        raise click.UsageError(say_here("cli.usage.no_question"), click.get_current_context())
    if list(words) == ["-"]:
        return checked_question(sys.stdin.buffer.read().decode("utf-8-sig", "replace"))
    # Whoever forgets the quotation marks means one question all the same.
    return checked_question(" ".join(words))
