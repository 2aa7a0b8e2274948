"""Exams as people paste them, one way of writing after the other, and what is read from each.

``gold/pastes.txt`` holds the texts, each below a line ``=== what it is``, and below ``--->`` one line for each question
that is read (number | stem | options | how many to choose | kind | key | explanation) or for what is no question. A line
break within these is ⏎.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from assistant.examrecords import ExamProblem, ExamQuestion
from assistant.examtext import parse_exam

GOLD: Final = Path(__file__).parent / "gold"
CASES: Final = {
    name: tuple(body.removesuffix("\n").split("\n--->\n"))
    for name, _, body in (part.partition("\n") for part in (GOLD / "pastes.txt").read_text("utf-8").split("=== ")[1:])
}
ROWS: Final = [
    json.loads(row)["text"]
    for file in sorted(GOLD.glob("*_exam.jsonl"))
    for row in file.read_text("utf-8").splitlines()
]


def shown(read: ExamQuestion | ExamProblem) -> str:
    if isinstance(read, ExamProblem):
        parts = ["!", f"{read.line}", read.reason.removeprefix("exam.problem."), read.text]
    else:
        options = "  ".join(f"{option.label}={option.text}" for option in read.options)
        choose = "all" if read.choose is None else str(read.choose)
        kind = f"not {read.kind}" if read.negated else read.kind
        parts = [f"{read.line}", read.number, read.stem, options, choose, kind, ",".join(read.key), read.explanation]
    return " | ".join(parts).replace("\n", "⏎")


def read(text: str) -> str:
    exam = parse_exam(text)
    return "\n".join(map(shown, (*exam.questions, *exam.problems)))


@pytest.mark.parametrize("name", CASES)
def test_each_way_of_writing_an_exam_is_read(name: str) -> None:
    text, wanted = CASES[name]
    assert read(text) == wanted
