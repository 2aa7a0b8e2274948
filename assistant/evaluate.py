"""Gold questions and what was returned for them -> figures with intervals.

A figure is a share (or a mean) over the questions that it is defined for:

    section_r1/r3/r5   some of the first 1/3/5 sections found overlaps the gold lines
    section_mrr10      mean of 1/rank of the first such section among the first ten, else 0
    answer_hit1/hit2   some of the first 1/2 citations overlaps the gold lines and its quote holds ``must_contain``
    both_sides         comparisons: every side has such a citation
    false_answer       unanswerable, yet answered
    false_refusal      answerable, yet not answered
    verbatim           citations whose quote stands at its lines of the file

Texts are compared after NFKC and without white space, since a quote may join lines that the gold text splits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ._json import Json
from .evaluation.figures import INTERVAL, Bin, Figure, calibration_error, figure, reliability, reliability_json
from .evaluation.goldfile import GoldLines, GoldQuestion
from .records import Answer, Citation, Hit, SearchResult

__all__ = [
    "FIGURES",
    "Case",
    "Judgement",
    "Report",
    "evaluate",
    "holds_any",
    "judge",
    "squash",
]

#: The lines of a note file, by its name.
LinesOf = Callable[[str], Sequence[str]]

_BLANKS = re.compile(r"\s+")
_LIST_MARKER = re.compile(r"^\s*(?:(?:[-*+]|\d+[.)])\s+){1,6}")


@dataclass(frozen=True, slots=True)
class Case:
    """A gold question with what the assistant returned for it."""

    gold: GoldQuestion
    answer: Answer
    result: SearchResult


@dataclass(frozen=True)
class Judgement:
    """How one case went; None where a figure is not defined for its question."""

    case: Case
    section_rank: int | None
    hit1: bool | None
    hit2: bool | None
    both_sides: bool | None
    quotes: int
    verbatim_quotes: int

    @property
    def answered(self) -> bool:
        return self.case.answer.status == "answered"

    @property
    def right(self) -> bool:
        """Whether what was answered is an answer: what ``support`` promises."""
        return bool(self.both_sides if self.case.gold.each_side else self.hit2)

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with it, each a ``cli.eval.problem.`` key's end."""
        found = []
        if self.case.gold.answerable:
            if self.section_rank is None or self.section_rank > 5:
                found.append("section_missed")
            if not self.answered:
                found.append("false_refusal")
            elif not self.right:
                found.append("side_missing" if self.case.gold.each_side else "wrong_lines")
        elif self.answered:
            found.append("false_answer")
        if self.verbatim_quotes < self.quotes:
            found.append("not_verbatim")
        return tuple(found)

    def to_json(self) -> Json:
        gold, answer = self.case.gold, self.case.answer
        return {
            "id": gold.id,
            "type": gold.type,
            "question": gold.question,
            "problems": list(self.problems),
            "expected": [
                {"file": line.file, "line_start": line.line_start, "line_end": line.line_end, "text": line.must_contain}
                for line in gold.lines
            ],
            "section_rank": self.section_rank,
            "status": answer.status,
            "support": round(answer.support, 4),
            "citations": [citation.to_json() for citation in answer.citations],
            "related": [citation.to_json() for citation in answer.related],
        }


@dataclass(frozen=True)
class Report:
    """Everything that ``evaluate`` found."""

    overall: dict[str, Figure]
    by_type: dict[str, dict[str, Figure]]
    reliability: tuple[Bin, ...]
    judgements: tuple[Judgement, ...]

    @property
    def failures(self) -> tuple[Judgement, ...]:
        return tuple(judgement for judgement in self.judgements if judgement.problems)

    @property
    def calibration_error(self) -> float | None:
        """Mean distance between promised and kept, weighted by how many answers promised it."""
        return calibration_error(self.reliability)

    def to_json(self, *, failures: bool) -> Json:
        row: Json = {
            "questions": len(self.judgements),
            "interval": INTERVAL,
            "overall": {name: figure.to_json() for name, figure in self.overall.items()},
            "by_type": {
                kind: {name: figure.to_json() for name, figure in figures.items()}
                for kind, figures in self.by_type.items()
            },
            "reliability": reliability_json(self.reliability),
        }
        if failures:
            row["failures"] = [judgement.to_json() for judgement in self.failures]
        return row


def evaluate(cases: Iterable[Case], lines_of: LinesOf) -> Report:
    """The figures over all cases and per type of question."""
    judgements = tuple(judge(case, lines_of) for case in cases)
    kinds = sorted({judgement.case.gold.type for judgement in judgements})
    return Report(
        overall=_figures(judgements),
        by_type={kind: _figures([item for item in judgements if item.case.gold.type == kind]) for kind in kinds},
        reliability=reliability((item.case.answer.support, item.right) for item in judgements if item.answered),
        judgements=judgements,
    )


def judge(case: Case, lines_of: LinesOf) -> Judgement:
    """Compares one answer and one search result with the gold lines."""
    gold, citations = case.gold, case.answer.citations
    any_mode, each_side = gold.answerable and not gold.each_side, gold.answerable and gold.each_side
    return Judgement(
        case=case,
        section_rank=_section_rank(case.result, gold.lines) if gold.answerable else None,
        hit1=holds_any(citations[:1], gold.lines) if any_mode else None,
        hit2=holds_any(citations[:2], gold.lines) if any_mode else None,
        both_sides=_all_sides(citations, gold.lines) if each_side else None,
        quotes=len(citations),
        verbatim_quotes=sum(_is_verbatim(citation, lines_of) for citation in citations),
    )


# --- one question


def squash(text: str) -> str:
    """``text`` in the form in which texts are compared."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def _overlaps(found: Citation | Hit, gold: GoldLines) -> bool:
    return any(
        place.file == gold.file and place.line_start <= gold.line_end and place.line_end >= gold.line_start
        for place in (found, *found.also)
    )


def _section_rank(result: SearchResult, gold: Sequence[GoldLines]) -> int | None:
    ranks = (rank for rank, hit in enumerate(result.hits, 1) if any(_overlaps(hit, lines) for lines in gold))
    return next(ranks, None)


def _holds(citation: Citation, gold: GoldLines) -> bool:
    return _overlaps(citation, gold) and squash(gold.must_contain) in squash(citation.quote)


def holds_any(citations: Sequence[Citation], gold: Sequence[GoldLines]) -> bool:
    """Whether some citation overlaps some of the gold lines and its quote holds their text."""
    return any(_holds(citation, lines) for citation in citations for lines in gold)


def _all_sides(citations: Sequence[Citation], gold: Sequence[GoldLines]) -> bool:
    sides = {side for lines in gold for side in lines.sides}
    return bool(sides) and all(holds_any(citations, [lines for lines in gold if side in lines.sides]) for side in sides)


def _is_verbatim(citation: Citation, lines_of: LinesOf) -> bool:
    lines = lines_of(citation.file)[citation.line_start - 1 : citation.line_end]
    quote = squash(citation.quote)
    without_markers = "".join(_LIST_MARKER.sub("", line) for line in lines)
    return quote in squash(without_markers) or quote in squash("".join(lines))


# --- figures over many

#: A question's part in a figure: what it adds above and below the fraction line.
_Part = Callable[[Judgement], tuple[float, float] | None]


def _recall(k: int) -> _Part:
    def part(judgement: Judgement) -> tuple[float, float] | None:
        if not judgement.case.gold.answerable:
            return None
        return float(judgement.section_rank is not None and judgement.section_rank <= k), 1.0

    return part


def _reciprocal_rank(judgement: Judgement) -> tuple[float, float] | None:
    if not judgement.case.gold.answerable:
        return None
    rank = judgement.section_rank
    return (1 / rank if rank is not None and rank <= 10 else 0.0), 1.0


def _share(value: Callable[[Judgement], bool | None]) -> _Part:
    def part(judgement: Judgement) -> tuple[float, float] | None:
        holds = value(judgement)
        return None if holds is None else (float(holds), 1.0)

    return part


#: name -> a question's part in it, in the order in which the figures are shown.
FIGURES: Final[dict[str, _Part]] = {
    "section_r1": _recall(1),
    "section_r3": _recall(3),
    "section_r5": _recall(5),
    "section_mrr10": _reciprocal_rank,
    "answer_hit1": _share(lambda judgement: judgement.hit1),
    "answer_hit2": _share(lambda judgement: judgement.hit2),
    "both_sides": _share(lambda judgement: judgement.both_sides),
    "false_answer": _share(lambda judgement: None if judgement.case.gold.answerable else judgement.answered),
    "false_refusal": _share(lambda judgement: not judgement.answered if judgement.case.gold.answerable else None),
    "verbatim": lambda judgement: (judgement.verbatim_quotes, judgement.quotes) if judgement.quotes else None,
}


def _figures(judgements: Sequence[Judgement]) -> dict[str, Figure]:
    return {name: figure(list(map(part, judgements))) for name, part in FIGURES.items()}
