"""What the ``doctor`` command does: the rows of ``doctor.py``, those of the engine and the port, and their remedies."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

from ..._json import Json
from ...care.doctor import Finding, diagnose_installation, diagnose_notes
from ...care.doctorindex import diagnose_index
from ...messages import preferred_language, say
from ..resident.client import find_engine
from ..resident.process import Target, read_record, remove_record
from .view import View, display_width, pad

__all__ = ["examine", "render_findings", "to_json"]

_PORT: Final = 7860
_COLOURS: Final = {"ok": "green", "warning": "yellow", "error": "red"}


def examine(target: Target, *, fix: bool) -> tuple[list[Finding], list[str]]:
    """All rows, and with ``fix`` the names of those that were put right; the rows are of after that then.

    A remedy that fails raises what it raises, an :class:`~assistant.errors.AssistantError` or ``OSError``.
    """
    findings = list(_findings(target))
    fixable = [finding for finding in findings if finding.fix is not None] if fix else []
    for finding in fixable:
        if finding.fix is not None:
            finding.fix()
    return (list(_findings(target)) if fixable else findings), [finding.name for finding in fixable]


def _findings(target: Target) -> Iterator[Finding]:
    yield from diagnose_installation(target.index, target.model)
    yield from diagnose_notes(target.notes)
    yield from diagnose_index(target.notes, target.index, target.model)
    yield _engine(target)
    yield _port()


def _engine(target: Target) -> Finding:
    record = read_record(target.index)
    if record is None:
        return Finding("engine", "ok", "doctor.engine.none")
    values: dict[str, object] = {"pid": record.pid, "port": record.port}
    if find_engine(target) is not None or _listens(record.host, record.port):
        return Finding("engine", "ok", "doctor.engine.running", values=values)
    return Finding(
        "engine",
        "warning",
        "doctor.engine.dead",
        "doctor.engine.remedy",
        values,
        fix=lambda: remove_record(target.index, record.token),
    )


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1.0).close()
    except OSError:
        return False
    return True


def _port() -> Finding:
    """The chat's usual port."""
    try:
        with closing(socket.create_server(("127.0.0.1", _PORT))):
            return Finding("port", "ok", "doctor.port.ok", values={"port": _PORT})
    except OSError as error:
        problem = os.strerror(error.errno) if error.errno else error
        return Finding(
            "port", "warning", "doctor.port.taken", "doctor.port.remedy", {"port": _PORT, "problem": problem}
        )


def to_json(findings: Sequence[Finding], fixed: Sequence[str]) -> Json:
    language = preferred_language()
    return {
        "checks": [finding.to_json(language) for finding in findings],
        "errors": sum(finding.severity == "error" for finding in findings),
        "warnings": sum(finding.severity == "warning" for finding in findings),
        "fixed": list(fixed),
    }


def render_findings(findings: Sequence[Finding], fixed: Sequence[str], view: View) -> str:
    language = preferred_language()
    marks = {severity: say(f"doctor.severity.{severity}", language) for severity in _COLOURS}
    width = max(map(display_width, marks.values()))
    margin = max(len(finding.name) for finding in findings)
    indent = " " * (width + margin + 4)
    lines = [say("doctor.fixed", language, name=name) for name in fixed]
    for finding in findings:
        mark = view.paint(pad(marks[finding.severity], width), fg=_COLOURS[finding.severity])
        texts = view.lines(finding.text(language), indent)
        lines.append(f"{mark}  {finding.name:<{margin}}  {texts[0][len(indent) :]}")
        lines += texts[1:]
        if advice := finding.advice(language):
            lines += [view.dim(line) for line in view.lines(advice, indent)]
    summary = to_json(findings, fixed)
    lines.append(say("doctor.summary", language, errors=summary["errors"], warnings=summary["warnings"]))
    return "\n".join(lines)
