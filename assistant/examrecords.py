"""The records of a mock exam: a question as it was pasted, and what the notes support of it.

Plain and frozen like those in ``records.py``; ``CheckedQuestion.to_json`` is the contract of ``check --json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ._json import Json
from .records import Citation

__all__ = [
    "CheckedQuestion",
    "ExamKind",
    "ExamOption",
    "ExamProblem",
    "ExamQuestion",
    "JudgedOption",
    "OptionSupport",
    "ParsedExam",
    "Verdict",
]

ExamKind = Literal["choice", "true_false", "ordering", "matching"]
OptionSupport = Literal["supported", "conflicts", "related", "not_in_notes"]
Verdict = Literal["decided", "undecided"]


@dataclass(frozen=True, slots=True)
class ExamOption:
    """``label`` as printed, without its punctuation: A, ア, ①; an option without one counts 1, 2, …"""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """One question of an exam.

    ``choose``: how many options are to be chosen; ``None`` where all that apply are ("すべて選べ"). ``negated``: the
    wrong ones are asked for ("誤っているもの"). ``key``: the labels that an answer key in the text gives, empty
    without one. ``number``: as printed before the stem ("問12", "Q3"), or empty. ``line``: where it begins in the
    text that it was read from (1-based).
    """

    stem: str
    options: tuple[ExamOption, ...]
    choose: int | None = 1
    negated: bool = False
    kind: ExamKind = "choice"
    key: tuple[str, ...] = ()
    explanation: str = ""
    number: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class ExamProblem:
    """A piece of the text that is no question as far as can be told; ``reason`` is a key of the message catalogue."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedExam:
    """Everything that was read from one text, in its order."""

    questions: tuple[ExamQuestion, ...]
    problems: tuple[ExamProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedOption:
    """One option with what the notes say of it.

    ``score``: 0..1, how far the notes bear out that this option is what the stem asks for, comparable between the
    options of one question. ``citations``: the lines that say so, or that say otherwise; empty without any.
    """

    label: str
    text: str
    support: OptionSupport
    score: float
    citations: tuple[Citation, ...] = ()

    def to_json(self) -> Json:
        return {
            "label": self.label,
            "text": self.text,
            "support": self.support,
            "score": round(self.score, 4),
            "citations": [citation.to_json() for citation in self.citations],
        }


@dataclass(frozen=True, slots=True)
class CheckedQuestion:
    """An exam question judged by the notes alone.

    ``support``: the probability that ``answer`` is right, 0 when undecided. ``yours``: the labels that the person
    chose. ``correct``: whether that is right, by the key in the text if there is one, else by the notes' answer;
    ``None`` where neither tells or nothing was chosen.
    """

    question: ExamQuestion
    verdict: Verdict
    answer: tuple[str, ...]
    support: float
    options: tuple[JudgedOption, ...]
    yours: tuple[str, ...] = ()
    correct: bool | None = None
    elapsed_ms: int = 0

    def to_json(self, request_id: Any = None) -> Json:
        question = self.question
        row: Json = {
            "id": request_id,
            "stem": question.stem,
            "choose": question.choose,
            "negated": question.negated,
            "kind": question.kind,
            "verdict": self.verdict,
            "answer": list(self.answer),
            "support": round(self.support, 4),
            "options": [option.to_json() for option in self.options],
        }
        if question.key:
            row["key"] = list(question.key)
        if self.yours:
            row |= {"yours": list(self.yours), "correct": self.correct}
        row["elapsed_ms"] = self.elapsed_ms
        return row
