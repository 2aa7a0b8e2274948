"""The commands. Nothing but click is imported before a command needs it, so that ``--help`` is there at once."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

import click

from ..errors import AssistantError, BadRequest, IndexUnusable, RequestError
from ..limits import checked_question, json_object, text_field
from ..messages import preferred_language, say
from . import terminal
from .answering import Answering, answering, open_here, prepared, refreshed
from .frontdoor import FrontDoor, Run, complain, fault_line, report_error, say_here
from .resident import Target, read_record, switched_off

if TYPE_CHECKING:
    from ..engine import Assistant
    from ..evaluate import Report
    from ..examevaluate import ExamReport
    from ..examgold import GoldExamQuestion
    from ..examrecords import ExamQuestion
    from ..goldfile import GoldQuestion
    from .enginehttp import Resident

__all__ = ["cli", "main"]

_HOME: Final = Path(__file__).resolve().parents[2]
_LARGEST_K: Final = 1_000
_MOST_MINUTES: Final = 100_000
_LINE_ENDS: Final = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}

Json = dict[str, Any]
_F = TypeVar("_F", bound=Callable[..., Any])


# --- options


def _folder(_ctx: click.Context, _param: click.Parameter, value: str | Path) -> Path:
    if not str(value).strip():
        # An unset variable in a script, which would otherwise mean the current folder with all that is in it.
        raise click.BadParameter(say_here("cli.usage.empty_folder"))
    return Path(value).expanduser()


def _set_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.ensure_object(Run).debug |= value


def _minutes(_ctx: click.Context, _param: click.Parameter, value: str) -> float:
    try:
        minutes = float(value)
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes <= _MOST_MINUTES:
        raise click.BadParameter(say_here("cli.engine.bad_idle", limit=_MOST_MINUTES))
    return minutes


def _options(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    def decorate(function: _F) -> _F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_FOLDERS = (
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
_JSON = click.option("--json", "as_json", is_flag=True, help=say_here("cli.help.json"))
_BATCH = click.option("--batch", type=click.File("rb"), metavar="FILE.jsonl", help=say_here("cli.help.batch"))
_DEBUG = click.option(
    "--debug",
    is_flag=True,
    envvar="NOTES_DEBUG",
    expose_value=False,
    callback=_set_debug,
    help=say_here("cli.help.debug"),
)
_QUESTION = click.argument("question", nargs=-1)


# --- commands


@click.group(
    cls=FrontDoor,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=say_here("cli.help.chat"),
)
@_options(
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
    *_FOLDERS,
    _DEBUG,
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
    from .login import read_login
    from .serving import serve

    language = preferred_language()
    login = read_login(auth, auth_file, language)
    target = Target(notes, index, model)

    def resident(assistant: Assistant) -> Resident:
        from .enginehttp import Resident

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


@cli.command(help=say_here("cli.help.index"))
@_options(*_FOLDERS, _JSON, _DEBUG)
def index(notes: Path, index: Path, model: str | None, as_json: bool) -> int:
    with answering(Target(notes, index, model), "running") as assistant:
        report = refreshed(assistant)
    language = preferred_language()
    if as_json:
        _print_json(report.to_json())
    else:
        click.echo(terminal.render_refresh(report, language))
    return 0


@cli.command(help=say_here("cli.help.ask"))
@_QUESTION
@_options(_BATCH, *_FOLDERS, _JSON, _DEBUG)
def ask(
    question: tuple[str, ...], batch: BinaryIO | None, notes: Path, index: Path, model: str | None, as_json: bool
) -> int:
    asked = _asked(question, batch)
    with answering(Target(notes, index, model), "start") as assistant:
        prepared(assistant)
        if batch is not None:
            return _run_batch(batch, lambda text, _: assistant.ask(text).to_json())
        with terminal.erasable_line(say_here("cli.thinking")):
            answer = assistant.ask(asked)
    if as_json:
        _print_json(answer.to_json())
    else:
        click.echo(terminal.render_answer(answer, terminal.View.of_stdout()))
    return 0 if answer.status == "answered" else 1


@cli.command(help=say_here("cli.chat.help"))
@_options(*_FOLDERS, _DEBUG)
def chat(notes: Path, index: Path, model: str | None) -> int:
    from .chatcommand import converse

    with answering(Target(notes, index, model), "start") as assistant:
        prepared(assistant)
        return 0 if converse(assistant, terminal.View.of_stdout()) else 1


@cli.command(help=say_here("cli.help.search"))
@_QUESTION
@_options(
    click.option("-k", type=click.IntRange(1, _LARGEST_K), default=10, show_default=True, help=say_here("cli.help.k")),
    _BATCH,
    *_FOLDERS,
    _JSON,
    _DEBUG,
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
            return _run_batch(batch, lambda text, _: assistant.search(text, k).to_json())
        with terminal.erasable_line(say_here("cli.thinking")):
            result = assistant.search(asked, k)
    if as_json:
        _print_json(result.to_json())
    else:
        click.echo(terminal.render_search(result, terminal.View.of_stdout()))
    return 0 if result.hits else 1


@cli.command(help=say_here("cli.help.status"))
@_options(*_FOLDERS, _JSON, _DEBUG)
def status(notes: Path, index: Path, model: str | None, as_json: bool) -> int:
    from .._modelname import BUNDLED_NAME
    from ..standing import standing
    from ..store import Store

    with closing(Store(index)) as store:
        found = standing(store, notes, model or BUNDLED_NAME)
    if as_json:
        _print_json(found.to_json())
    else:
        click.echo(terminal.render_status(found, preferred_language()))
    return 0


@cli.command(help=say_here("cli.help.doctor"))
@_options(click.option("--fix", is_flag=True, help=say_here("cli.help.fix")), *_FOLDERS, _JSON, _DEBUG)
def doctor(fix: bool, notes: Path, index: Path, model: str | None, as_json: bool) -> int:
    from .doctorcommand import examine, render_findings, to_json

    target = Target(notes, index, model)
    with terminal.erasable_line(say_here("cli.preparing")):
        findings, fixed = examine(target, fix=fix)
    if as_json:
        _print_json(to_json(findings, fixed))
    else:
        click.echo(render_findings(findings, fixed, terminal.View.of_stdout()))
    return int(any(finding.severity == "error" for finding in findings))


@cli.command(help=say_here("cli.help.check"))
@click.argument("text", nargs=-1)
@_options(
    click.option("--mine", metavar="LABELS", default="", help=say_here("cli.help.mine")),
    click.option(
        "--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=say_here("cli.help.report")
    ),
    click.option("--review", is_flag=True, help=say_here("cli.help.review")),
    click.option("--retest", is_flag=True, help=say_here("cli.help.retest")),
    click.option(
        "--export", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=say_here("cli.help.export")
    ),
    _BATCH,
    *_FOLDERS,
    _JSON,
    _DEBUG,
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
    from . import examcommand as exam

    target = Target(notes, index, model)
    if review or export is not None:
        with open_here(target) as assistant:
            if export is not None:
                exam.export_record(assistant, export)
            elif as_json:
                _print_json({"review": [group.to_json() for group in assistant.exams.review()]})
            else:
                click.echo(exam.show_review(assistant))
        return 0
    due: list[ExamQuestion] = []
    if retest:
        from .examretest import due_questions
        from .examretest import retest as ask_again

        with open_here(target) as assistant:
            due = due_questions(assistant)
    given = exam.exam_text(text) if batch is None and not retest else ""
    with answering(target, "start") as assistant:
        prepared(assistant)
        if batch is not None:
            return _run_batch(batch, lambda given, row: exam.check_batch_line(assistant, given, row), "text")
        if retest:
            found = ask_again(assistant, due, lambda text: click.echo(text, err=as_json))
        else:
            found = exam.check_text(assistant, given, mine)
    if report is not None:
        exam.save_report(found, report)
    if as_json:
        _print_json(found.to_json() if retest else exam.report_json(found))
    elif not retest:
        click.echo(exam.render(found))
    return 0 if retest or all(item.verdict == "decided" for item in found.checked) else 1


@cli.command("eval", help=say_here("cli.help.eval"))
@click.argument("gold", metavar="GOLD.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_options(
    click.option("--exam", is_flag=True, help=say_here("cli.exameval.help")),
    click.option("--failures", is_flag=True, help=say_here("cli.help.failures")),
    click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.json", help=say_here("cli.help.out")
    ),
    *_FOLDERS,
    _JSON,
    _DEBUG,
)
def evaluate(
    gold: Path,
    exam: bool,
    failures: bool,
    out: Path | None,
    notes: Path,
    index: Path,
    model: str | None,
    as_json: bool,
) -> int:
    with open_here(Target(notes, index, model)) as assistant:
        report: Report | ExamReport
        if exam:
            from ..examgold import read_exam_gold
            from .examcommand import evaluated_exam

            questions = read_exam_gold(gold)
            _check_files(notes, questions)
            refreshed(assistant)
            with terminal.progress_bar(preferred_language()) as show:
                report = evaluated_exam(assistant, questions, lambda done: show("ask", done, len(questions)))
        else:
            from ..goldfile import read_gold

            asked = read_gold(gold)
            _check_files(notes, asked)
            refreshed(assistant)
            report = _evaluated(assistant, notes, asked)
        facts = {"gold": gold.name, "model": assistant.status().model}
    if as_json:
        _print_json(facts | report.to_json(failures=failures))
    else:
        view = terminal.View.of_stdout()
        click.echo(_report_text(report, view, failures))
    if out is not None:
        try:
            out.write_text(_json_text(facts | report.to_json(failures=True), indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise BadRequest(where=str(out), problem=error.strerror) from error
    return 0


@cli.command(help=say_here("cli.engine.help"))
@_options(
    click.option(
        "--idle",
        envvar="ASSISTANT_IDLE",
        default="15",
        show_default=True,
        callback=_minutes,
        metavar="MINUTES",
        help=say_here("cli.engine.help_idle"),
    ),
    *_FOLDERS,
    _DEBUG,
)
def engine(idle: float, notes: Path, index: Path, model: str | None) -> int:
    from .client import find_engine

    target = Target(notes, index, model)
    running = find_engine(target)
    if running is not None:
        complain(say_here("cli.engine.running", pid=running.pid))
        return 0
    from .enginehttp import Resident
    from .serving import serve

    def resident(assistant: Assistant) -> Resident:
        return Resident(assistant, target, "engine", idle_seconds=idle * 60 or math.inf)

    try:
        serve(lambda: open_here(target), port=0, open_browser=False, page=False, resident=resident)
    except OSError as error:
        raise IndexUnusable(folder=index, problem=error.strerror or error) from error
    return 0


@cli.command(help=say_here("cli.engine.help_stop"))
@_options(*_FOLDERS, _DEBUG)
def stop(notes: Path, index: Path, model: str | None) -> int:
    """Whatever notes and model it is for: there is one engine to an index folder."""
    record = read_record(index)
    stopped = None
    if record is not None:
        from .client import stop_engine

        with terminal.erasable_line(say_here("cli.engine.stopping")):
            stopped = stop_engine(record, Target(notes, index, model))
    if stopped == "chat":
        raise BadRequest(where="stop", problem=say_here("cli.engine.is_chat"))
    complain(say_here("cli.engine.stopped" if stopped else "cli.engine.none"))
    return 0


def main() -> None:
    """Runs the command line as it was typed, and ends the program with its exit code."""
    cli.main()


# --- what the commands share


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


def _report_text(report: Report | ExamReport, view: terminal.View, failures: bool) -> str:
    from ..evaluate import Report

    if isinstance(report, Report):
        return terminal.render_report(report, view, preferred_language(), failures=failures)
    from .examterminal import render_exam_report

    return render_exam_report(report, view, preferred_language(), failures=failures)


def _check_files(notes: Path, questions: Sequence[GoldQuestion | GoldExamQuestion]) -> None:
    """The gold lines have to be of these notes."""
    files = {lines.file for question in questions for lines in question.lines}
    missing = sorted(file for file in files if not (notes / file).is_file())
    if missing:
        raise BadRequest(where="GOLD.jsonl", problem=say_here("cli.eval.other_notes", file=missing[0], folder=notes))


def _run_batch(stream: BinaryIO, handle: Callable[[str, Json], Json], field: str = "question") -> int:
    """A result line for each request line, in order, as soon as it is there. Blank lines are no requests."""
    failed, code, run = 0, 0, click.get_current_context().find_object(Run) or Run()
    name = Path(getattr(stream, "name", "<stdin>")).name
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        row: Json = {}
        try:
            row = json_object(line, f"{name}:{number}")
            result = handle(checked_question(text_field(row, field, f"{name}:{number}")), row)
        except RequestError as error:
            result, code = {"error": error.message(preferred_language())}, max(code, 2)
        except AssistantError:
            raise  # the notes or the index: no other line would fare better
        except Exception as error:
            # A fault that this line met; the others still get their results.
            code = report_error(error, run)
            result = {"error": fault_line(error)}
        failed += "error" in result
        click.echo(_json_text({"id": None} | result | {"id": row.get("id")}))
        sys.stdout.flush()
    if failed:
        complain(say_here("cli.batch_failed", failed=failed))
    return code


def _evaluated(assistant: Answering, notes: Path, questions: Sequence[GoldQuestion]) -> Report:
    from functools import cache

    from ..evaluate import Case, evaluate
    from ..notes import read_note, split_lines

    cases = []
    with terminal.progress_bar(preferred_language()) as show:
        for done, gold in enumerate(questions):
            show("ask", done, len(questions))
            cases.append(Case(gold, assistant.ask(gold.question), assistant.search(gold.question)))
    return evaluate(cases, cache(lambda file: split_lines(read_note(notes / file))))


def _json_text(value: Json, indent: int | None = None) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Some readers of JSON Lines end a line at these as well.
    return text.translate(_LINE_ENDS)


def _print_json(value: Json) -> None:
    click.echo(_json_text(value, indent=2))
