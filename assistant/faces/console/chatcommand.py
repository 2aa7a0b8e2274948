"""A conversation in the terminal: each question is understood with those before it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import click

from ...errors import AssistantError
from ...messages import preferred_language
from ..frontdoor import complain, say_here
from . import terminal
from .answering import Answering

__all__ = ["converse"]

_NEW: Final = "/new"
_LEAVE: Final = frozenset({"/quit", "/exit"})
_PROMPT: Final = "> "


def converse(assistant: Answering, view: terminal.View) -> bool:
    """Answers what is typed, or read from a pipe line by line, until it ends; whether the last question was answered.

    A question that cannot be taken costs one line on stderr, not the conversation.
    """
    history: list[str] = []
    answered = False
    if sys.stdin.isatty():
        complain(say_here("cli.chat.welcome", new=_NEW, leave="/quit"))
    for line in _lines():
        question = line.strip()
        if question in _LEAVE:
            break
        if question == _NEW:
            history.clear()
            continue
        if not question:
            continue
        try:
            with terminal.erasable_line(say_here("cli.thinking")):
                answer = assistant.ask(question, history)
        except AssistantError as error:
            complain(error.message(preferred_language()))
            continue
        history.append(answer.understood or question)
        answered = answer.status == "answered"
        click.echo(terminal.render_answer(answer, view) + "\n")
    return answered


def _lines() -> Iterator[str]:
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    with suppress(ImportError):
        import readline  # noqa: F401  arrow keys and earlier questions at the prompt
    while True:
        try:
            yield input(_PROMPT)
        except EOFError:
            click.echo()
            return
