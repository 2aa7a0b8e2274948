"""Exam questions with their right outcomes and what the judge made of them -> figures with intervals.

A figure is a share of the questions that it is defined for:

    parsed               as many options as the question has
    parsed_exactly       the options' texts, too
    choose               as many options to be chosen as there are right ones
    right                decidable: decided, and on the right options
    confidently_wrong    decidable: decided, and on others
    evidence             right, with gold lines: some citation overlaps them and its quote holds their text
    refused              undecidable: left undecided
    answered_undecidable undecidable, yet decided
    outcome              of all: right where decidable, refused where not

A text that was not read as a question counts as one without options that is left undecided. Texts are compared as in
``evaluate.py``, labels after NFKC, without case and punctuation.

The baselines know nothing of what the notes mean and never refuse: what the judge is worth is the distance to them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ._json import Json
from .evaluate import holds_any, squash
from .evaluation.examgold import GoldExamQuestion
from .evaluation.figures import INTERVAL, Bin, Figure, calibration_error, figure, reliability, reliability_json
from .examrecords import CheckedQuestion, ExamQuestion

__all__ = [
    "COMPARED",
    "EXAM_FIGURES",
    "Baseline",
    "Breakdown",
    "ExamCase",
    "ExamJudgement",
    "ExamReport",
    "evaluate_exam",
    "longest_option",
    "plain_retrieval",
]

#: Chooses options of a question by their labels.
Baseline = Callable[[ExamQuestion], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ExamCase:
    """A gold question with what the judge made of its text; ``checked`` is None where it was not read as a question."""

    gold: GoldExamQuestion
    checked: CheckedQuestion | None


@dataclass(frozen=True, slots=True)
class ExamJudgement:
    """How one case went; None where a figure is not defined for its question."""

    case: ExamCase
    parsed: bool
    parsed_exactly: bool
    choose: bool | None
    decided: bool
    right: bool
    evidence: bool | None

    @property
    def outcome(self) -> bool:
        return self.right if self.case.gold.decidable else not self.decided

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with it, each a ``cli.exameval.problem.`` key's end."""
        found = []
        if self.case.checked is None:
            found.append("not_read")
        elif not self.parsed:
            found.append("options")
        elif not self.parsed_exactly:
            found.append("option_texts")
        if self.choose is False and self.case.checked is not None:
            found.append("choose")
        if not self.outcome:
            if not self.case.gold.decidable:
                found.append("answered_undecidable")
            else:
                found.append("wrong" if self.decided else "undecided")
        if self.evidence is False:
            found.append("wrong_lines")
        return tuple(found)

    def to_json(self) -> Json:
        gold, checked = self.case.gold, self.case.checked
        return {
            "id": gold.id,
            "kind": gold.kind,
            "stem": gold.stem,
            "problems": list(self.problems),
            "decidable": gold.decidable,
            "expected": list(gold.labels) if gold.decidable else [],
            "expected_lines": [
                {"file": line.file, "line_start": line.line_start, "line_end": line.line_end, "text": line.must_contain}
                for line in gold.lines
            ],
            "answered": list(checked.answer) if checked else [],
            "verdict": checked.verdict if checked else None,
            "support": round(checked.support, 4) if checked else 0.0,
            "options": [option.to_json() for option in checked.options] if checked else [],
        }


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Figures by their names, over all questions and per kind of question."""

    overall: dict[str, Figure]
    by_kind: dict[str, dict[str, Figure]]

    def to_json(self) -> Json:
        return {
            "overall": {name: item.to_json() for name, item in self.overall.items()},
            "by_kind": {
                kind: {name: item.to_json() for name, item in figures.items()} for kind, figures in self.by_kind.items()
            },
        }


@dataclass(frozen=True, slots=True)
class ExamReport:
    """Everything that ``evaluate_exam`` found.

    ``baselines`` and ``difference`` have the figures of ``COMPARED``. ``difference``: the judge's minus those of
    ``better``, the baseline that is right most often overall, question by question; None without baselines.
    """

    figures: Breakdown
    baselines: dict[str, Breakdown]
    better: str | None
    difference: Breakdown | None
    reliability: tuple[Bin, ...]
    judgements: tuple[ExamJudgement, ...]

    @property
    def failures(self) -> tuple[ExamJudgement, ...]:
        return tuple(judgement for judgement in self.judgements if judgement.problems)

    @property
    def calibration_error(self) -> float | None:
        """Mean distance of support from truth over the decided; an answer to an undecidable one is not right."""
        return calibration_error(self.reliability)

    def to_json(self, *, failures: bool) -> Json:
        row: Json = {
            "questions": len(self.judgements),
            "interval": INTERVAL,
            **self.figures.to_json(),
            "baselines": {name: breakdown.to_json() for name, breakdown in self.baselines.items()},
            "difference": {"baseline": self.better} | self.difference.to_json() if self.difference else None,
            "reliability": reliability_json(self.reliability),
        }
        if failures:
            row["failures"] = [judgement.to_json() for judgement in self.failures]
        return row


def evaluate_exam(cases: Iterable[ExamCase], baselines: Mapping[str, Baseline]) -> ExamReport:
    """The figures over all cases and per kind; each baseline is asked about the questions as they were read."""
    judgements = tuple(map(_judge, cases))
    kinds = [judgement.case.gold.kind for judgement in judgements]
    judged = {name: [value(item) for item in judgements] for name, value in EXAM_FIGURES.items()}
    guessed = {name: _guessed(baseline, judgements) for name, baseline in baselines.items()}
    plain = {name: _breakdown(kinds, values) for name, values in guessed.items()}
    better = max(plain, key=lambda name: plain[name].overall["right"].value or 0.0, default=None)
    return ExamReport(
        figures=_breakdown(kinds, judged),
        baselines=plain,
        better=better,
        difference=None if better is None else _breakdown(kinds, _differences(judged, guessed[better])),
        reliability=reliability(
            (item.case.checked.support, item.right) for item in judgements if item.case.checked and item.decided
        ),
        judgements=judgements,
    )


# --- baselines


def longest_option(question: ExamQuestion) -> tuple[str, ...]:
    """The longest options, as many as are to be chosen; of equals the first."""
    return _highest(question, [len(squash(option.text)) for option in question.options])


def plain_retrieval(search: Callable[[str], float]) -> Baseline:
    """Chooses the options that, asked for with the stem, score highest; the lowest where the wrong ones are asked for.

    ``search``: the score of the best section found for a text, comparable between texts.
    """

    def choose(question: ExamQuestion) -> tuple[str, ...]:
        sign = -1.0 if question.negated else 1.0
        return _highest(question, [sign * search(f"{question.stem} {option.text}") for option in question.options])

    return choose


def _highest(question: ExamQuestion, scores: Sequence[float]) -> tuple[str, ...]:
    """The labels with the highest scores; where no number is asked for, those above the mean."""
    places = sorted(range(len(scores)), key=lambda at: -scores[at])
    if question.choose is None:
        mean = sum(scores) / max(len(scores), 1)
        chosen = [at for at in places if scores[at] > mean] or places[:1]
    else:
        chosen = places[: question.choose]
    return tuple(question.options[at].label for at in sorted(chosen))


# --- one question


def _judge(case: ExamCase) -> ExamJudgement:
    gold, checked = case.gold, case.checked
    if checked is None:
        return ExamJudgement(case, False, False, None if gold.choose is None else False, False, False, None)
    labels = [option.label for option in checked.options]
    texts = [squash(option.text) for option in checked.options]
    decided = checked.verdict == "decided"
    right = decided and _is_right(gold, labels, checked.answer)
    citations = [citation for option in checked.options for citation in option.citations]
    return ExamJudgement(
        case=case,
        parsed=len(labels) == len(gold.options),
        parsed_exactly=texts == [squash(option.text) for option in gold.options],
        choose=None if gold.choose is None else checked.question.choose == gold.choose,
        decided=decided,
        right=right,
        evidence=holds_any(citations, gold.lines) if right and gold.lines else None,
    )


def _is_right(gold: GoldExamQuestion, labels: Sequence[str], answer: Sequence[str]) -> bool:
    """Whether ``answer`` names the right options of a decidable question, which stand at the places of ``labels``."""
    places = {_plain(label): at for at, label in enumerate(labels)}
    return gold.decidable and sorted(places.get(_plain(label), -1) for label in answer) == sorted(gold.answer)


def _plain(label: str) -> str:
    return unicodedata.normalize("NFKC", label).strip().strip("().:").upper()


# --- figures over many

_Values = Sequence[float | None]


def _of_decidable(value: Callable[[ExamJudgement], bool]) -> Callable[[ExamJudgement], bool | None]:
    return lambda judgement: value(judgement) if judgement.case.gold.decidable else None


def _of_undecidable(value: Callable[[ExamJudgement], bool]) -> Callable[[ExamJudgement], bool | None]:
    return lambda judgement: None if judgement.case.gold.decidable else value(judgement)


#: name -> whether it holds for a question, in the order in which the figures are shown.
EXAM_FIGURES: Final[dict[str, Callable[[ExamJudgement], bool | None]]] = {
    "parsed": lambda judgement: judgement.parsed,
    "parsed_exactly": lambda judgement: judgement.parsed_exactly,
    "choose": lambda judgement: judgement.choose,
    "right": _of_decidable(lambda judgement: judgement.right),
    "confidently_wrong": _of_decidable(lambda judgement: judgement.decided and not judgement.right),
    "evidence": lambda judgement: judgement.evidence,
    "refused": _of_undecidable(lambda judgement: not judgement.decided),
    "answered_undecidable": _of_undecidable(lambda judgement: judgement.decided),
    "outcome": lambda judgement: judgement.outcome,
}
#: The figures that the baselines have, too.
COMPARED: Final = ("right", "outcome")


def _guessed(baseline: Baseline, judgements: Sequence[ExamJudgement]) -> dict[str, _Values]:
    """The figures of ``COMPARED`` for a baseline, question by question."""
    rights = []
    for judgement in judgements:
        gold, checked = judgement.case.gold, judgement.case.checked
        question = checked.question if checked and gold.decidable else None
        labels = [option.label for option in question.options] if question else []
        rights.append(question is not None and _is_right(gold, labels, baseline(question)))
    decidable = [judgement.case.gold.decidable for judgement in judgements]
    return {
        "right": [right if told else None for right, told in zip(rights, decidable, strict=True)],
        "outcome": list(rights),
    }


def _differences(judged: Mapping[str, _Values], guessed: Mapping[str, _Values]) -> dict[str, _Values]:
    return {
        name: [
            None if mine is None or theirs is None else mine - theirs
            for mine, theirs in zip(judged[name], guessed[name], strict=True)
        ]
        for name in COMPARED
    }


def _breakdown(kinds: Sequence[str], values: Mapping[str, _Values]) -> Breakdown:
    def figures(kind: str | None) -> dict[str, Figure]:
        return {
            name: figure(
                [
                    None if value is None else (float(value), 1.0)
                    for of, value in zip(kinds, row, strict=True)
                    if kind in (None, of)
                ]
            )
            for name, row in values.items()
        }

    return Breakdown(figures(None), {kind: figures(kind) for kind in sorted(set(kinds))})
