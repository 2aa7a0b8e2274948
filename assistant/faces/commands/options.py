"""The options that several commands have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from ..frontdoor import Run, say_here

__all__ = ["BATCH", "DEBUG", "FOLDERS", "JSON", "QUESTION", "options"]

_HOME: Final = Path(__file__).resolve().parents[3]

_F = TypeVar("_F", bound=Callable[..., Any])


def _folder(_ctx: click.Context, _param: click.Parameter, value: str | Path) -> Path:
    if not str(value).strip():
        # An unset variable in a script, which would otherwise mean the current folder with all that is in it.
        raise click.BadParameter(say_here("cli.usage.empty_folder"))
    return Path(value).expanduser()


def _set_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.ensure_object(Run).debug |= value


def options(*chosen: Callable[[_F], _F]) -> Callable[[_F], _F]:
    """Several options as one decorator, in the order in which ``--help`` shows them."""

    def decorate(function: _F) -> _F:
        for option in reversed(chosen):
            function = option(function)
        return function

    return decorate


FOLDERS = (
    click.option(
        "--notes",
        envvar="NOTES_DIR",
        default=str(_HOME / "corpus"),
        callback=_folder,
        metavar="DIR",
        help=say_here("cli.help.notes"),
    ),
    click.option(
        "--index",
        envvar="INDEX_DIR",
        default=str(_HOME / "index"),
        callback=_folder,
        metavar="DIR",
        help=say_here("cli.help.index_folder"),
    ),
    click.option("--model", envvar="NOTES_MODEL", metavar="NAME_OR_PATH", help=say_here("cli.help.model")),
)
JSON = click.option("--json", "as_json", is_flag=True, help=say_here("cli.help.json"))
BATCH = click.option("--batch", type=click.File("rb"), metavar="FILE.jsonl", help=say_here("cli.help.batch"))
DEBUG = click.option(
    "--debug",
    is_flag=True,
    envvar="NOTES_DEBUG",
    expose_value=False,
    callback=_set_debug,
    help=say_here("cli.help.debug"),
)
QUESTION = click.argument("question", nargs=-1)
