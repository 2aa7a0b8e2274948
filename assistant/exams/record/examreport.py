"""How a whole exam went, and what the notes lack."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from ..._json import Json
from ...examrecords import CheckedQuestion, ExamProblem
from ...messages import Language, preferred_language, say
from ...records import Citation
from .examscore import Score, score_of

__all__ = ["ExamReport", "GapGroup", "GapQuestion"]


@dataclass(frozen=True, slots=True)
class GapQuestion:
    """A question that the notes do not fully cover.

    ``at``: its place in the exam (1-based). ``missed``: the person's answer was wrong. ``missing``: the texts of the
    options that the notes say nothing about.
    """

    at: int
    number: str
    stem: str
    undecided: bool
    missed: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Gaps by the section that comes nearest, where something could be added; all three are empty where none does."""

    file: str
    heading_path: tuple[str, ...]
    line: int
    questions: tuple[GapQuestion, ...]

    @property
    def missed(self) -> int:
        return sum(question.missed for question in self.questions)


@dataclass(frozen=True, slots=True)
class ExamReport:
    """A checked exam. ``checked`` and ``ids`` are in the order of the questions."""

    checked: tuple[CheckedQuestion, ...]
    ids: tuple[Any, ...]
    problems: tuple[ExamProblem, ...]
    elapsed_ms: int

    @property
    def score(self) -> Score:
        return score_of(self.checked)

    @property
    def undecided(self) -> tuple[int, ...]:
        """The places (1-based) of the questions that the notes do not decide."""
        return tuple(at for at, item in enumerate(self.checked, 1) if item.verdict == "undecided")

    @property
    def gaps(self) -> tuple[GapGroup, ...]:
        """What the notes lack, by the nearest section: the one with the most misses first, no section at all last.

        Those are the multiple-choice questions that are undecided, or of which an option is not in the notes.
        """
        groups: defaultdict[tuple[str, tuple[str, ...]], list[tuple[int, GapQuestion]]] = defaultdict(list)
        for at, item in enumerate(self.checked, 1):
            gap = _gap(at, item)
            if gap is not None:
                near = _nearest(item)
                section = (near.file, near.heading_path) if near else ("", ())
                groups[section].append((near.line_start if near else 0, gap))
        found = [
            GapGroup(file, path, min(line for line, _ in gaps), tuple(sorted((gap for _, gap in gaps), key=_urgency)))
            for (file, path), gaps in groups.items()
        ]
        return tuple(sorted(found, key=lambda group: (not group.file, -group.missed, -len(group.questions))))

    def to_json(self, language: Language | None = None) -> Json:
        """``{"questions", "problems", "report"}``; ``language``: of the problems' messages, else the person's."""
        spoken = language or preferred_language()
        return {
            "questions": [item.to_json(given) for item, given in zip(self.checked, self.ids, strict=True)],
            "problems": [
                {
                    "line": problem.line,
                    "text": problem.text,
                    "reason": problem.reason.rpartition(".")[2],
                    "message": say(problem.reason, spoken, line=problem.line),
                }
                for problem in self.problems
            ],
            "report": {
                "score": self.score.to_json(),
                "undecided": list(self.undecided),
                "gaps": [asdict(group) for group in self.gaps],
                "elapsed_ms": self.elapsed_ms,
            },
        }


def _gap(at: int, item: CheckedQuestion) -> GapQuestion | None:
    missing = tuple(option.text for option in item.options if option.support == "not_in_notes")
    undecided = item.verdict == "undecided"
    if item.question.kind != "choice" or not (undecided or missing):
        return None
    question = item.question
    return GapQuestion(at, question.number, question.stem, undecided, item.correct is False, missing)


def _urgency(gap: GapQuestion) -> tuple[bool, bool, int]:
    return not gap.missed, not gap.undecided, gap.at


def _nearest(item: CheckedQuestion) -> Citation | None:
    """The best line of the right option, else of any."""
    right = item.question.key or item.answer
    options = sorted(item.options, key=lambda option: (option.label not in right, -option.score))
    return next((option.citations[0] for option in options if option.citations), None)
