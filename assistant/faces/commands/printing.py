"""Results as JSON: of one request, or a line for each of a batch."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import click

from ..._json import Json
from ...errors import AssistantError, RequestError
from ...limits import checked_question, json_object, text_field
from ...messages import preferred_language
from ..frontdoor import Run, complain, fault_line, report_error, say_here

__all__ = ["json_text", "print_json", "run_batch"]

_LINE_ENDS: Final = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def run_batch(stream: BinaryIO, handle: Callable[[str, Json], Json], field: str = "question") -> int:
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
        click.echo(json_text({"id": None} | result | {"id": row.get("id")}))
        sys.stdout.flush()
    if failed:
        complain(say_here("cli.batch_failed", failed=failed))
    return code


def json_text(value: Json, indent: int | None = None) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Some readers of JSON Lines end a line at these as well.
    return text.translate(_LINE_ENDS)


def print_json(value: Json) -> None:
    click.echo(json_text(value, indent=2))
