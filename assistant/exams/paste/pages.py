"""Pages that show how an attempt at a practice test went, as they are copied: what they say of it is put as a sheet would.

Question 3                      Question 3
Incorrect
Which service sends e-mail?     Which service sends e-mail?
Amazon SQS                  →   Amazon SQS
Explanation
It is a queue.
Correct answer
Amazon SES                      Amazon SES (Correct)
Overall explanation             Overall explanation

Such a page has no labels; which option is right stands on a line above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from .lines import Line

__all__ = ["without_results"]

_STATUS: Final = (
    r"(?:(?:partially[ ])?(?:in)?correct|skipped|(?:un|not[ ])(?:answered|attempted)"
    r"|(?:一部)?不?正解|スキップ(?:済み|しました)?|未(?:回答|解答))"
)
_WORD_NUMBER: Final = r"[ \t]*(?:question|問題?|設問|Q)[ ]?[0-9]{1,4}"
#: "Question 3Incorrect", "問題 5: 不正解": the number of a question, and how it was answered.
_NUMBER: Final = re.compile(rf"(?P<number>{_WORD_NUMBER})(?:[ ]?:[ ]?)?{_STATUS}[ \t]*", re.IGNORECASE)
_NUMBER_ALONE: Final = re.compile(rf"{_WORD_NUMBER}[ ]?:?[ \t]*", re.IGNORECASE)
_STATUS_ALONE: Final = re.compile(rf"[ \t]*{_STATUS}[ \t]*", re.IGNORECASE)
_YOURS: Final = r"(?:your[ ](?:answer|selection)[ ]is[ ]|あなたの(?:答え|回答|解答|選択)は)"
#: Above an option: that it is right, or that it was chosen and is not.
_RIGHT_BELOW: Final = re.compile(
    rf"[ \t]*(?:correct[ ](?:answer|selection|option)|正解|正しい(?:選択|答え|回答)|{_YOURS}(?:correct|正解|正しい)(?:です)?)[ \t]*",
    re.IGNORECASE,
)
_WRONG_BELOW: Final = re.compile(
    rf"[ \t]*{_YOURS}(?:incorrect|不正解|間違い|誤り|正しくありません)(?:です)?[ \t]*", re.IGNORECASE
)
#: Nothing but such a page says this.
_TELLING: Final = re.compile(
    rf"[ \t]*(?:overall[ ]explanation|全体的な説明|correct[ ]selection|正しい選択|{_YOURS}.{{1,20}})[ \t]*",
    re.IGNORECASE,
)
_EXPLAINS_OPTION: Final = re.compile(r"[ \t]*(?:explanation|説明)[ \t]*", re.IGNORECASE)
_EXPLAINS_ALL: Final = re.compile(r"[ \t]*(?:overall[ ]explanation|全体的な説明)[ \t]*", re.IGNORECASE)
_MARK: Final = " (Correct)"


def without_results(lines: Sequence[Line]) -> list[Line]:
    """The ``lines``; of such a page without how each question was answered, and the right options marked as such."""
    found = list(lines)
    for index, line in enumerate(found):
        match = None if line.code else _NUMBER.fullmatch(line.plain)
        if match:
            found[index] = _cut(line, match.end("number"))
    if any(not line.code and _TELLING.fullmatch(line.plain) for line in found):
        _mark_options(found)
    return found


def _mark_options(lines: list[Line]) -> None:
    numbered = right = explained = False
    for index, line in enumerate(lines):
        if line.blank or line.code:
            continue
        plain = line.plain
        if explained or (numbered and _STATUS_ALONE.fullmatch(plain)):
            lines[index] = _cut(line, 0)
            explained = False
        elif _RIGHT_BELOW.fullmatch(plain) or _WRONG_BELOW.fullmatch(plain):
            right = _RIGHT_BELOW.fullmatch(plain) is not None
            lines[index] = _cut(line, 0)
        elif _EXPLAINS_OPTION.fullmatch(plain):
            explained = True
            lines[index] = _cut(line, 0)
        elif right and not _EXPLAINS_ALL.fullmatch(plain):
            lines[index] = replace(line, raw=line.raw.rstrip() + _MARK, plain=plain.rstrip() + _MARK)
            right = False
        numbered = _NUMBER_ALONE.fullmatch(plain) is not None


def _cut(line: Line, end: int) -> Line:
    return replace(line, raw=line.raw[:end], plain=line.plain[:end])
