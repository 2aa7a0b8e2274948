"""Who answers a command: a running engine, one that is started for it, or this process itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final, Literal, Protocol

import click

from ...messages import preferred_language
from ..frontdoor import complain, say_here
from ..resident.process import Target, switched_off
from . import terminal

if TYPE_CHECKING:
    from ...engine import Assistant
    from ...examrecords import CheckedQuestion, ExamQuestion
    from ...records import Answer, Freshness, Progress, RefreshReport, SearchResult, SkippedFile
    from ..resident.client import EngineClient

__all__ = ["Answering", "answering", "open_here", "prepared", "refreshed"]

#: ``start``: an engine is worth starting; ``running``: one that is there is used.
Engine = Literal["start", "running"]

#: Notices that stay, and are given to whoever reads stderr.
_LASTING: Final = frozenset({"cli.engine.again"})


class Answering(Protocol):
    """What ``Assistant`` and ``EngineClient`` have in common; see the former."""

    def refresh(self, progress: Callable[[Progress], None] | None = None) -> RefreshReport: ...

    def catch_up(self, progress: Callable[[Progress], None] | None = None) -> Freshness: ...

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer: ...

    def search(self, question: str, k: int = 10) -> SearchResult: ...

    def check(self, text: str, yours: Sequence[str] = ()) -> CheckedQuestion: ...

    def check_questions(
        self, questions: Sequence[ExamQuestion], yours: Sequence[Sequence[str]], *, record: bool = False
    ) -> list[CheckedQuestion]: ...


@contextmanager
def answering(target: Target, engine: Engine) -> Iterator[Answering]:
    """Opens who answers. Raises :class:`~assistant.errors.IndexUnusable` when the index folder cannot be used."""
    waiting = _Waiting()
    client, problem = None, ""
    try:
        # A missing folder is no reason to start anything: this process says so at once.
        if not switched_off() and target.notes.is_dir():
            client, problem = _engine(target, engine == "start", waiting)
        if client is not None:
            with client:
                yield client
            return
    except KeyboardInterrupt:
        if waiting.begun:
            complain(say_here("cli.engine.left_running"))
        raise
    with open_here(target) as assistant:
        if problem:
            complain(say_here("cli.engine.not_started", problem=problem))
        yield assistant


def open_here(target: Target) -> Assistant:
    """The assistant in this process."""
    from ...engine import Assistant

    return Assistant(target.notes, target.index, model=target.model)


def refreshed(assistant: Answering) -> RefreshReport:
    """Brings the index in step with the notes, shows how far it is, and says which files could not be read."""
    with _progress_shown() as show:
        report = assistant.refresh(show)
    _tell(report.skipped)
    return report


def prepared(assistant: Answering) -> None:
    """The same as far as questions wait for it: an engine answers from what it has while a large change is read."""
    with _progress_shown() as show:
        fresh = assistant.catch_up(show)
    _tell(fresh.skipped)
    if fresh.pending_files:
        complain(say_here("cli.pending", files=fresh.pending_files))


@contextmanager
def _progress_shown() -> Iterator[Callable[[Progress], None]]:
    with terminal.erasable_line(say_here("cli.preparing")), ExitStack() as shown:
        bar: Callable[[str, int, int], None] | None = None

        def show(at: Progress) -> None:
            nonlocal bar
            bar = bar or shown.enter_context(terminal.progress_bar(preferred_language()))
            bar(at.stage, at.done, at.total)

        yield show


def _tell(skipped: Sequence[SkippedFile]) -> None:
    if skipped:
        complain(terminal.render_skipped(skipped, preferred_language()))


def _engine(target: Target, start: bool, waiting: _Waiting) -> tuple[EngineClient | None, str]:
    """The engine, or why there is none."""
    from ..resident.client import EngineClient, EngineUnavailable

    with terminal.erasable_line(say_here("cli.preparing")):
        try:
            return EngineClient(target, start=start, notice=waiting.show), ""
        except EngineUnavailable as error:
            return None, error.problem


class _Waiting:
    """Shows on a terminal what the engine is waited for, in a line that the next one overwrites."""

    def __init__(self) -> None:
        self.begun = False

    def show(self, key: str) -> None:
        self.begun = True
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{say_here(key)}", err=True, nl=key in _LASTING)
        elif key in _LASTING:
            complain(say_here(key))
