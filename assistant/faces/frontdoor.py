"""Around the commands: whatever goes wrong becomes one line on stderr, in the person's language, and an exit code."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import click

from ..errors import AssistantError
from ..messages import preferred_language, say
from .resident.wire import EngineFault

__all__ = ["Command", "FrontDoor", "Run", "complain", "fault_line", "report_error", "say_here"]

_PROGRAM: Final = "app.py"
_WRONG_USAGE: Final = 2
_BROKEN: Final = 3
_INTERRUPTED: Final = 130
_PIPE_CLOSED: Final = 141


@dataclass
class Run:
    """What holds for one run of the program, whichever command it is."""

    debug: bool = False


def say_here(key: str, **values: object) -> str:
    """The sentence of ``key`` in the language of whoever started the program."""
    return say(key, preferred_language(), **values)


def complain(text: str) -> None:
    """One line on stderr."""
    click.echo(" ".join(text.splitlines()), err=True)


def report_error(error: Exception, run: Run) -> int:
    """One line for the person, and the exit code; the traceback only for whoever asks for it."""
    if run.debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, AssistantError):
        complain(error.message(preferred_language()))
        return error.exit_code
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] != "assistant":
        complain(say_here("cli.not_installed", module=error.name))
    else:
        complain(fault_line(error))
    return _BROKEN


def fault_line(error: Exception) -> str:
    """What is said of a fault of the program, wherever it happened."""
    return f"{say_here('error.internal')} ({error.fault if isinstance(error, EngineFault) else type(error).__name__})"


class _PipeClosedError(Exception):
    """Who reads the output has gone. Not an ``OSError``, since click makes its own end of such a one."""


class Command(click.Command):
    """A command whose own help option is explained in the person's language as well."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say_here("cli.help.help")
        return option


class FrontDoor(Command, click.Group):
    """The group of commands, whose ``main`` always ends in ``SystemExit``."""

    def main(self, *args: Any, **extra: Any) -> Any:
        sys.exit(self._run(*args, **extra))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _PipeClosedError from error

    def _run(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> int:
        _prepare_streams()
        run = Run()
        try:
            code = super().main(args, **{**extra, "prog_name": _PROGRAM, "standalone_mode": False, "obj": run})
        except (click.Abort, KeyboardInterrupt):
            return _INTERRUPTED
        except click.ClickException as error:
            complain(_usage(error))
            return _WRONG_USAGE
        except _PipeClosedError:
            # What is still buffered has no reader; without this the interpreter complains about it at its exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return _PIPE_CLOSED
        except Exception as error:
            return report_error(error, run)
        return code if isinstance(code, int) else 0


def _prepare_streams() -> None:
    """In a pipe everything is UTF-8, whatever the locale; a character that cannot be shown stops nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


# --- usage errors


def _usage(error: click.ClickException) -> str:
    """What is wrong with the command line, and where to read how it goes."""
    ctx = getattr(error, "ctx", None)
    return f"{_problem(error)}{say_here('cli.usage.next', command=ctx.command_path if ctx else _PROGRAM)}"


def _problem(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        from difflib import get_close_matches

        # click's own guesses are rather bold.
        meant = get_close_matches(error.option_name, error.possibilities or (), 1, cutoff=0.75)
        return " ".join((say_here("cli.usage.no_such_option", option=error.option_name), *(f"{it}?" for it in meant)))
    if isinstance(error, click.NoSuchCommand):
        return say_here("cli.usage.no_such_command", command=error.command_name)
    if isinstance(error, click.BadOptionUsage):
        return say_here("cli.usage.bad_option", option=error.option_name)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad_parameter(error, error.param)
    return error.format_message()


def _bad_parameter(error: click.BadParameter, param: click.Parameter) -> str:
    name = param.opts[0] if isinstance(param, click.Option) else param.human_readable_name
    if isinstance(error, click.MissingParameter):
        return say_here("cli.usage.missing", name=name)
    if isinstance(param.type, click.IntRange):
        return say_here("cli.usage.not_in_range", name=name, low=param.type.min, high=param.type.max)
    if isinstance(param.type, click.File | click.Path):
        return say_here("cli.usage.no_file", name=name)
    return f"{name}: {error.message}"
