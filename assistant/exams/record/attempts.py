"""What the record of checked questions holds, and how it is packed: attempts on one side, rows and JSON on the other.

The other records are what the log tells of them (see ``examlog.py``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from ..._json import Json
from ...examrecords import CheckedQuestion, ExamOption, ExamQuestion, JudgedOption
from ...records import Citation, Place
from ...storage.rows import dump
from ...text import normalise

__all__ = [
    "Attempt",
    "Gap",
    "ReviewGroup",
    "attempt_of",
    "identity_of",
    "place",
    "row_of",
    "whole",
]

#: Half a character, which UTF-8 cannot hold.
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A question as it was checked once, at ``at`` (UTC).

    ``id``: its row, 0 outside of the log; two attempts can be equal without it. ``checked.elapsed_ms`` is not kept.
    """

    id: int = field(compare=False)
    at: datetime
    identity: str
    checked: CheckedQuestion

    @property
    def right(self) -> tuple[str, ...]:
        """The labels of the right options: the key's, else the notes' answer; empty where neither tells."""
        return self.checked.question.key or self.checked.answer

    @property
    def evidence(self) -> tuple[Citation, ...]:
        """What is cited for the right options; every option's citations where nothing is."""
        options = self.checked.options
        of_right = [citation for option in options if option.label in self.right for citation in option.citations]
        return tuple(of_right or [citation for option in options for citation in option.citations])

    def to_json(self) -> Json:
        """Complete: :meth:`from_json` makes the same attempt of it."""
        checked = self.checked
        return {
            "at": _stamp(self.at),
            "identity": self.identity,
            "question": asdict(checked.question),
            "yours": checked.yours,
            "verdict": checked.verdict,
            "answer": checked.answer,
            "support": checked.support,
            "correct": checked.correct,
            "options": [_judged_json(option) for option in checked.options],
        }

    @classmethod
    def from_json(cls, row: Json) -> Attempt:
        """The identity is worked out anew, not taken from ``row``."""
        question = _question(row["question"])
        checked = CheckedQuestion(
            question=question,
            verdict=row["verdict"],
            answer=tuple(row["answer"]),
            support=row["support"],
            options=_judged(row["options"]),
            yours=tuple(row["yours"]),
            correct=row["correct"],
        )
        return cls(0, datetime.fromisoformat(row["at"]).astimezone(UTC), identity_of(question), checked)


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """Questions to go over again whose right (or nearest) option is cited from one section, missed ones first.

    ``line``: the first line cited. ``file`` is empty, and ``line`` 0, in the group of what is not in the notes.
    """

    file: str
    heading_path: tuple[str, ...]
    line: int
    attempts: tuple[Attempt, ...]

    @property
    def missed(self) -> int:
        return sum(attempt.checked.correct is False for attempt in self.attempts)

    def to_json(self) -> Json:
        return {
            "file": self.file,
            "heading_path": list(self.heading_path),
            "line": self.line,
            "missed": self.missed,
            "attempts": [attempt.to_json() for attempt in self.attempts],
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that the notes leave undecided; ``missing``: the options' texts that they say nothing about.

    ``asked`` and ``missed`` count all attempts at it.
    """

    identity: str
    stem: str
    missing: tuple[str, ...]
    asked: int
    missed: int

    def to_json(self) -> Json:
        return asdict(self)


def identity_of(question: ExamQuestion) -> str:
    """32 hexadecimal digits: the same for the same stem and the same options, whatever their labels and order.

    Blanks, line breaks and the width of characters make no difference.
    """
    options = sorted({_squeezed(option.text) for option in question.options})
    return hashlib.sha256(dump([_squeezed(question.stem), options]).encode()).hexdigest()[:32]


def place(citation: Citation) -> str:
    """``file:line`` or ``file:first-last``."""
    last = "" if citation.line_end == citation.line_start else f"-{citation.line_end}"
    return f"{citation.file}:{citation.line_start}{last}"


def whole(text: str) -> str:
    """``text`` without halves of characters, which no UTF-8 can hold."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _squeezed(text: str) -> str:
    return "".join(normalise(whole(text)).split())


def _stamp(at: datetime) -> str:
    """ISO 8601 in UTC, always of the same width, so that it sorts as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def row_of(attempt: Attempt) -> tuple[Any, ...]:
    """The columns of ``exams`` after ``id``."""
    checked = attempt.checked
    return (
        _stamp(attempt.at),
        identity_of(checked.question),
        whole(dump(asdict(checked.question))),
        whole(dump(checked.yours)),
        checked.verdict,
        whole(dump(checked.answer)),
        checked.support,
        checked.correct,
        whole(dump([_judged_json(option) for option in checked.options])),
    )


def attempt_of(row: Sequence[Any]) -> Attempt:
    """From the columns of ``exams``. Raises ValueError, TypeError or KeyError for what it cannot read."""
    row_id, at, identity, question, yours, verdict, answer, support, correct, options = row
    checked = CheckedQuestion(
        question=_question(json.loads(question)),
        verdict=verdict,
        answer=tuple(json.loads(answer)),
        support=support,
        options=_judged(json.loads(options)),
        yours=tuple(json.loads(yours)),
        correct=None if correct is None else bool(correct),
    )
    return Attempt(row_id, datetime.fromisoformat(at), identity, checked)


def _judged_json(option: JudgedOption) -> Json:
    """Exact, unlike the records' ``to_json``, and without what is seldom there."""
    row = asdict(option)
    for citation in row["citations"]:
        for name in ("also", "entries", "readings"):
            if not citation[name]:
                del citation[name]
    return row


# One by one and by name: thousands of them are read at once.


def _question(row: Json) -> ExamQuestion:
    return ExamQuestion(
        stem=row["stem"],
        options=tuple([ExamOption(option["label"], option["text"]) for option in row["options"]]),
        choose=row["choose"],
        negated=row["negated"],
        kind=row["kind"],
        key=tuple(row["key"]),
        explanation=row["explanation"],
        number=row["number"],
        line=row["line"],
    )


def _judged(rows: Iterable[Json]) -> tuple[JudgedOption, ...]:
    return tuple(
        [
            JudgedOption(
                row["label"], row["text"], row["support"], row["score"], tuple(map(_citation, row["citations"]))
            )
            for row in rows
        ]
    )


def _citation(row: Json) -> Citation:
    return Citation(
        n=row["n"],
        file=row["file"],
        line_start=row["line_start"],
        line_end=row["line_end"],
        heading_path=tuple(row["heading_path"]),
        quote=row["quote"],
        score=row["score"],
        also=tuple([Place(**place) for place in row["also"]]) if "also" in row else (),
        entries=tuple(row["entries"]) if "entries" in row else (),
        readings=tuple(row["readings"]) if "readings" in row else (),
    )
