"""The command line. Nothing but click is imported before a command needs it, so that ``--help`` is there at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..messages import preferred_language, say
from .commands.engines import engine, stop
from .commands.evaluation import evaluate
from .commands.exams import check
from .commands.indexing import doctor, index, status
from .commands.options import DEBUG, FOLDERS, options
from .commands.questions import ask, chat, search
from .console.answering import open_here
from .frontdoor import FrontDoor, say_here
from .resident.process import Target, switched_off

if TYPE_CHECKING:
    from ..engine import Assistant
    from .resident.enginehttp import Resident

__all__ = ["cli", "main"]


@click.group(
    cls=FrontDoor,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=say_here("cli.help.chat"),
)
@options(
    click.option(
        "--port", type=click.IntRange(0, 65535), default=7860, show_default=True, help=say_here("cli.help.port")
    ),
    click.option("--host", default="127.0.0.1", show_default=True, help=say_here("cli.help.host")),
    click.option("--auth", metavar="USER:PASS", help=say_here("cli.help.auth")),
    click.option(
        "--auth-file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=say_here("cli.help.auth_file"),
    ),
    click.option("--no-open", is_flag=True, help=say_here("cli.help.no_open")),
    *FOLDERS,
    DEBUG,
)
@click.pass_context
def cli(
    ctx: click.Context,
    port: int,
    host: str,
    auth: str | None,
    auth_file: Path | None,
    no_open: bool,
    notes: Path,
    index: Path,
    model: str | None,
) -> None:
    if ctx.invoked_subcommand is not None:
        _refuse_options_before(ctx, ctx.invoked_subcommand)
        return
    from .web.login import read_login
    from .web.serving import serve

    language = preferred_language()
    login = read_login(auth, auth_file, language)
    target = Target(notes, index, model)

    def resident(assistant: Assistant) -> Resident:
        from .resident.enginehttp import Resident

        return Resident(assistant, target, "chat")

    serve(
        lambda: open_here(target),
        host=host,
        port=port,
        open_browser=not no_open,
        language=language,
        on_open=lambda address: click.echo(say("cli.serving", language, address=address), err=True),
        resident=None if switched_off() else resident,
        login=login,
    )


def _refuse_options_before(ctx: click.Context, command: str) -> None:
    """Options before a command's name are the chat's: rather than to ignore them, say where they belong."""
    given = click.core.ParameterSource.COMMANDLINE
    for param in ctx.command.get_params(ctx):
        if param.expose_value and param.name and ctx.get_parameter_source(param.name) is given:
            raise click.UsageError(say_here("cli.usage.option_before", option=param.opts[0], command=command), ctx)


for _command in (ask, chat, check, doctor, engine, evaluate, index, search, status, stop):
    cli.add_command(_command)


def main() -> None:
    """Runs the command line as it was typed, and ends the program with its exit code."""
    cli.main()
