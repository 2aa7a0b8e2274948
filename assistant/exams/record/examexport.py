"""Attempts at exam questions as files: Markdown to read, JSON to keep, CSV for a spreadsheet, a deck of Anki cards."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Literal, get_args, overload

from ...examrecords import ExamKind, JudgedOption, OptionSupport, Verdict
from ...limits import BadLine, json_object
from ...messages import Language, say
from .attempts import Attempt, place, whole

__all__ = ["EXPORT_FORMATS", "ExportFormat", "export", "read_export"]

ExportFormat = Literal["md", "json", "csv", "apkg"]
EXPORT_FORMATS: Final[tuple[ExportFormat, ...]] = get_args(ExportFormat)

_FORMAT_NAME: Final = "exam-attempts"
_FORMAT_VERSION: Final = 1


@overload
def export(attempts: Sequence[Attempt], form: Literal["md", "json"], language: Language) -> str: ...
@overload
def export(attempts: Sequence[Attempt], form: Literal["csv", "apkg"], language: Language) -> bytes: ...
@overload
def export(attempts: Sequence[Attempt], form: ExportFormat, language: Language) -> str | bytes: ...
def export(attempts: Sequence[Attempt], form: ExportFormat, language: Language) -> str | bytes:
    """The attempts in their order; text for ``md`` and ``json``, a file's bytes for ``csv`` and ``apkg``.

    ``json`` holds everything and can be read back (:func:`read_export`). ``csv`` is UTF-8 with a byte order mark.
    ``apkg`` has one card for each question, after its last attempt; when it is imported again, Anki updates the cards
    that it has. Times are UTC in ``json``, else local.
    """
    match form:
        case "md":
            return _markdown(attempts, language)
        case "json":
            return _json(attempts)
        case "csv":
            return _csv(attempts, language)
        case "apkg":
            from .ankideck import package

            return package(attempts, language)


# -- JSON


def _json(attempts: Iterable[Attempt]) -> str:
    rows = [attempt.to_json() for attempt in attempts]
    document = {"format": _FORMAT_NAME, "version": _FORMAT_VERSION, "attempts": rows}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read_export(text: str) -> tuple[Attempt, ...]:
    """The attempts of a ``json`` export. Raises :class:`~assistant.errors.BadRequest`, which names what is wrong."""
    document = json_object(text.encode("utf-8", "replace"), "JSON")
    if document.get("format") != _FORMAT_NAME or document.get("version") != _FORMAT_VERSION:
        raise _bad("format, version", f"{_FORMAT_NAME}, {_FORMAT_VERSION}")
    return tuple(map(Attempt.from_json, _formed(document.get("attempts"), [_ATTEMPT], "attempts")))


def _bad(field: str, expected: str) -> BadLine:
    return BadLine(where="JSON", problem="bad_field", field=field, expected=expected)


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise _bad(field, "string")
    return whole(value)


def _time(value: Any, field: str) -> str:
    try:
        # The years that every system can turn into local time.
        if 1971 <= datetime.fromisoformat(value).year <= 9998:
            return str(value)
    except (ValueError, TypeError):
        pass
    raise _bad(field, "ISO 8601")


def _share(value: Any, field: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise _bad(field, "0..1")
    return float(value)


def _score(value: Any, field: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 1e9:
        raise _bad(field, "number")
    return float(value)


def _count(value: Any, field: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        raise _bad(field, "0, 1, 2, …")
    return value


def _flag(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        raise _bad(field, "true | false")
    return value


def _or_null(check: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    return lambda value, field: None if value is None else check(value, field)


def _one_of(words: Sequence[str]) -> Callable[[Any, str], str]:
    def check(value: Any, field: str) -> str:
        if not isinstance(value, str) or value not in words:
            raise _bad(field, " | ".join(words))
        return value

    return check


class _Optional(list[Any]):
    """A list that may be left out."""


_CITATION: Final = {
    "n": _count,
    "file": _text,
    "line_start": _count,
    "line_end": _count,
    "heading_path": [_text],
    "quote": _text,
    "score": _score,
    "also": _Optional([{"file": _text, "line_start": _count, "line_end": _count}]),
    "entries": _Optional([_text]),
    "readings": _Optional([_text]),
}
_ATTEMPT: Final = {
    "at": _time,
    "question": {
        "stem": _text,
        "options": [{"label": _text, "text": _text}],
        "choose": _or_null(_count),
        "negated": _flag,
        "kind": _one_of(get_args(ExamKind)),
        "key": [_text],
        "explanation": _text,
        "number": _text,
        "line": _count,
    },
    "yours": [_text],
    "verdict": _one_of(get_args(Verdict)),
    "answer": [_text],
    "support": _share,
    "correct": _or_null(_flag),
    "options": [
        {
            "label": _text,
            "text": _text,
            "support": _one_of(get_args(OptionSupport)),
            "score": _share,
            "citations": [_CITATION],
        }
    ],
}


def _formed(value: Any, form: Any, field: str) -> Any:
    """``value`` with what ``form`` names and nothing else; a list of one form stands for any number of it."""
    if isinstance(form, dict):
        if not isinstance(value, dict):
            raise _bad(field, "{…}")
        wanted = {name: below for name, below in form.items() if name in value or not isinstance(below, _Optional)}
        return {name: _formed(value.get(name), below, f"{field}.{name}") for name, below in wanted.items()}
    if isinstance(form, list):
        if not isinstance(value, list):
            raise _bad(field, "[…]")
        return [_formed(item, form[0], f"{field}[{at}]") for at, item in enumerate(value)]
    return form(value, field)


# -- Markdown

_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&|~$]")
#: What makes a list, a heading or a rule of a line, by its beginning.
_BLOCK: Final = re.compile(r"(?:(\d{1,9})(?=[.)](?:\s|$))|(?=[-+=#:]))")


def _markdown(attempts: Iterable[Attempt], language: Language) -> str:
    blocks = [f"# {say('exam.export.title', language)}"]
    for number, attempt in enumerate(attempts, 1):
        question = attempt.checked.question
        title = [_plain(" ".join(question.number.split())), _result(attempt, language)]
        blocks.append(f"## {number}. {' · '.join(filter(None, title))}")
        blocks.append(_plain(question.stem))
        blocks.append("\n".join(_option_item(option, language) for option in attempt.checked.options))
        cells = _cells(attempt, language)
        facts = [(name, cells[name]) for name in ("at", "yours", "key", "answer", "support", "explanation")]
        # Another sign begins another list.
        blocks.append(
            "\n".join(f"* {_column(name, language)}: {_plain(str(value), 2)}" for name, value in facts if value != "")
        )
        # A quote is Markdown already; as it stands in the note, it can be found there.
        for citation in attempt.evidence:
            crumb = " > ".join((place(citation), *citation.heading_path))
            blocks += [_plain(crumb), "\n".join(f"> {line}" for line in citation.quote.splitlines())]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _option_item(option: JudgedOption, language: Language) -> str:
    support = say(f"exam.export.support.{option.support}", language)
    return f"- **{_plain(option.label)}** {_plain(option.text, 2)} — {support}"


def _plain(text: str, indent: int = 0) -> str:
    """``text`` so that Markdown shows it as it is, line by line; ``indent``: where its further lines begin."""
    lines = []
    for line in text.splitlines():
        words = _MARKUP.sub(r"\\\g<0>", line.strip())
        if words:
            blanks = len(line) - len(line.lstrip())
            lines.append("&nbsp;" * blanks + (_BLOCK.sub(r"\1\\", words, count=1) if _BLOCK.match(words) else words))
    return ("\\\n" + " " * indent).join(lines)


# -- CSV

_FORMULA: Final = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\0]")


def _csv(attempts: Iterable[Attempt], language: Language) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_column(name, language) for name in _COLUMNS)
    for attempt in attempts:
        cells = _cells(attempt, language)
        writer.writerow(_inert(cells[name]) for name in _COLUMNS)
    return out.getvalue().encode("utf-8-sig", "replace")


def _inert(cell: str | float) -> str | float:
    """A cell that no spreadsheet program takes for a formula: an apostrophe makes text of it."""
    if isinstance(cell, str) and _FORMULA.match(cell):
        return f"'{cell}"
    return cell


# -- what is shown to a person

_COLUMNS: Final = (
    "at", "number", "stem", "options", "yours", "result", "key", "answer", "support", "sources", "explanation",
)  # fmt: skip


def _column(name: str, language: Language) -> str:
    return say(f"exam.export.column.{name}", language)


def _cells(attempt: Attempt, language: Language) -> dict[str, str | float]:
    """The columns of one attempt; empty where there is nothing to show."""
    checked = attempt.checked
    question = checked.question
    decided = checked.verdict == "decided"
    return {
        "at": attempt.at.astimezone().strftime("%Y-%m-%d %H:%M"),
        "number": question.number,
        "stem": question.stem,
        "options": "\n".join(f"{option.label}. {option.text}" for option in question.options),
        "yours": ", ".join(checked.yours),
        "result": _result(attempt, language),
        "key": ", ".join(question.key),
        "answer": ", ".join(checked.answer) if decided else say("exam.export.undecided", language),
        "support": round(checked.support, 2) if decided else "",
        "sources": "\n".join(f"{place(citation)} {citation.quote}" for citation in attempt.evidence),
        "explanation": question.explanation,
    }


def _result(attempt: Attempt, language: Language) -> str:
    checked = attempt.checked
    if not checked.yours:
        return say("exam.export.result.unanswered", language)
    outcome = {True: "right", False: "wrong", None: "undecided"}[checked.correct]
    return say(f"exam.export.result.{outcome}", language)
