"""What a request may be: the bounds of a question, and the form of a line of a JSON Lines file.

Free of the engine, so that every face can turn a request down before anything heavy is loaded.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from .errors import BadRequest, EmptyQuestion, QuestionTooLong
from .messages import Language, say

__all__ = [
    "MAX_QUESTION_CHARACTERS",
    "BadLine",
    "checked_question",
    "json_object",
    "parse_json",
    "required_field",
    "text_field",
]

#: Some ten pages: room for a pasted exam question with its options, too little to keep the machine busy for minutes.
MAX_QUESTION_CHARACTERS: Final = 10_000

# Half a character: a shell or "\ud800" in JSON can deliver one, and no tokenizer or UTF-8 stream takes it.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class BadLine(BadRequest):
    """A line that cannot be used. Values: ``where``, ``problem`` (a ``cli.line.`` key's end), and what that needs."""

    def message(self, language: Language) -> str:
        problem = say(f"cli.line.{self.values['problem']}", language, **self.values)
        return say(self.key, language, where=self.values["where"], problem=problem)


def checked_question(text: str) -> str:
    """``text`` without the blanks around it; an error where nothing is left, or more than the limit."""
    question = _LONE_SURROGATE.sub("\ufffd", text).strip()
    if not question:
        raise EmptyQuestion()
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionTooLong(length=len(question), limit=MAX_QUESTION_CHARACTERS)
    return question


def parse_json(text: str | bytes) -> Any:
    """As ``json.loads``, but strictly JSON: NaN and the infinities are none. Raises ``ValueError`` for what is not."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _no_constant(name: str) -> None:
    raise ValueError(name)


def json_object(line: bytes, where: str) -> dict[str, Any]:
    """The JSON object on ``line``; ``where`` names the line in the error."""
    try:
        row = parse_json(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLine(where=where, problem="not_utf8") from None
    except ValueError:
        raise BadLine(where=where, problem="not_json") from None
    if not isinstance(row, dict):
        raise BadLine(where=where, problem="not_object")
    return row


def required_field(row: dict[str, Any], field: str, where: str) -> Any:
    """What ``row`` holds under ``field``; an error where that is missing."""
    if field not in row:
        raise BadLine(where=where, problem="no_field", field=field)
    return row[field]


def text_field(row: dict[str, Any], field: str, where: str) -> str:
    """The string that ``row`` holds under ``field``."""
    value = required_field(row, field, where)
    if not isinstance(value, str):
        raise BadLine(where=where, problem="bad_field", field=field, expected="string")
    return value
