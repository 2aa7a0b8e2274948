"""Mock exams over HTTP: what a request may say, and what comes back. Knows nothing of the server.

What reads exams brings numpy along, so it is imported by the first request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from .._json import Json
from ..errors import BadRequest
from ..messages import Language, say

if TYPE_CHECKING:
    from ..engine import Assistant
    from ..exams.record.examexport import ExportFormat
    from ..exams.record.examsheet import ExamSheet

__all__ = ["CheckRequest", "exported", "record_json", "sheet_of"]

_MOST_ENTRIES: Final = 300
#: The forms of an export, with their media types.
_EXPORT_TYPES: Final[Mapping[ExportFormat, str]] = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "apkg": "application/octet-stream",
}


def sheet_of(text: str, language: Language) -> ExamSheet:
    """The questions of ``text``, at least one and at most ``MAX_QUESTIONS``.

    Raises :class:`~assistant.errors.NotOneQuestion` with the first reason where there is none, and
    :class:`~assistant.errors.BadRequest` where there are too many.
    """
    from ..exams.record.examsheet import MAX_QUESTIONS, read_exam

    sheet = read_exam(text)
    if len(sheet.items) > MAX_QUESTIONS:
        problem = say("web.exam_too_many", language, count=len(sheet.items), limit=MAX_QUESTIONS)
        raise BadRequest(where="text", problem=problem)
    return sheet.with_questions()


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """``{"id", "text", "mine", "record"}``: an exam with the person's answers, and whether it goes into the record.

    ``mine``: of one question the labels, "B" or ["B", "D"]; of several a list with one such entry for each.
    """

    id: Any
    sheet: ExamSheet
    record: bool
    language: Language

    @classmethod
    def read(cls, text: str, body: Json, language: Language) -> CheckRequest:
        """``text`` is that of ``body``, known to be one. Raises a :class:`~assistant.errors.RequestError`."""
        record = body.get("record", True)
        if not isinstance(record, bool):
            raise BadRequest(where="record", problem=say("web.not_truth", language))
        mine = body.get("mine")
        if not _well_formed(mine):
            raise BadRequest(where="mine", problem=say("web.exam_mine", language))
        sheet = sheet_of(text, language)
        if len(sheet.items) == 1:
            return cls(body.get("id"), sheet.answered([_of_one(mine)]), record, language)
        if isinstance(mine, str) or (mine and len(mine) > len(sheet.items)):
            raise BadRequest(where="mine", problem=say("web.exam_mine_several", language, count=len(sheet.items)))
        return cls(body.get("id"), sheet.answered(mine or ()), record, language)

    def reply(self, assistant: Assistant) -> Json:
        """The contract's JSON of one question; of several ``{"id", "questions", "problems", "report"}``."""

        from ..exams.record.examsheet import check_sheet

        report = check_sheet(partial(assistant.check_questions, record=self.record), self.sheet)
        if len(report.checked) == 1:
            return report.checked[0].to_json(self.id)
        return {"id": self.id} | report.to_json(self.language)


def record_json(assistant: Assistant) -> Json:
    """The record so far: score, what to review, what the notes lack, and the last attempt at each question."""
    exams = assistant.exams
    return {
        "score": exams.score().to_json(),
        "review": [group.to_json() for group in exams.review()],
        "gaps": [gap.to_json() for gap in exams.gaps()],
        "latest": [attempt.to_json() for attempt in exams.latest()],
    }


def exported(assistant: Assistant, form: str | None, language: Language) -> tuple[bytes, str, str]:
    """All attempts as a file: its bytes, media type and name. Raises BadRequest for an unknown ``form``."""
    from ..exams.record.examexport import export

    known = next((known for known in _EXPORT_TYPES if known == form), None)
    if known is None:
        raise BadRequest(where="form", problem=say("web.not_one_of", language, known=", ".join(_EXPORT_TYPES)))
    content = export(assistant.exams.attempts(), known, language)
    return content.encode() if isinstance(content, str) else content, _EXPORT_TYPES[known], f"exam-record.{known}"


def _well_formed(mine: object, depth: int = 2) -> bool:
    if isinstance(mine, list):
        return depth > 0 and len(mine) <= _MOST_ENTRIES and all(_well_formed(entry, depth - 1) for entry in mine)
    return mine is None or isinstance(mine, str)


def _of_one(mine: Any) -> object:
    """The answer to the only question, also as the only entry of a list with one for each question."""
    return mine[0] if isinstance(mine, list) and len(mine) == 1 and isinstance(mine[0], list) else mine
