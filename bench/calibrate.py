"""Fits the weights of ``assistant/answering/support.py`` and shows how they hold on notes left out of the fit.

    python -m bench.calibrate NOTES GOLD.jsonl[,GOLD.jsonl …] [NOTES GOLD.jsonl …] [+ NOTES GOLD.jsonl …]

For each notes folder and its gold questions: the signals of every lookup and list question, and whether its
citations were right. A ``+`` stands between collections of different subjects: every second answerable question about
one subject is also asked of the notes about the others, which do not answer it. Such questions are many, so each counts
little. Prints, for each collection left out in turn, the area under the ROC curve and the error rates at the threshold
in use, then the weights from all of them together.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answer import ANSWERED, Answerer
from assistant.answering.support import SIGNALS
from assistant.dense import DenseIndex
from assistant.encoder import Encoder
from assistant.evaluate import Case, judge
from assistant.evaluation.goldfile import GoldQuestion, read_gold
from assistant.index import NotesIndex
from assistant.records import SearchResult
from assistant.search import Searcher
from assistant.store import Store

_RIDGE = 1.0


#: What a question about another subject counts, beside one about the notes' own.
_STRANGER = 0.1
_EVERY = 2

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Collection:
    """``x``: (questions, signals). ``answerable``, ``right``: (questions,) 0 or 1. ``strangers``: (n, signals)."""

    name: str
    subject: int
    x: Matrix
    answerable: Matrix
    right: Matrix
    strangers: dict[str, Matrix]


@dataclass(frozen=True)
class _Source:
    notes: Path
    gold: tuple[Path, ...]
    subject: int

    @property
    def name(self) -> str:
        return ", ".join(map(str, self.gold))

    def questions(self) -> list[GoldQuestion]:
        return [question for path in self.gold for question in read_gold(path)]


def collect(source: _Source, sources: Sequence[_Source]) -> Collection:
    rows, answerable, right = [], [], []
    with tempfile.TemporaryDirectory() as index:
        store, encoder = Store(Path(index)), Encoder()
        dense = DenseIndex(store)
        NotesIndex(source.notes, store, dense, encoder).refresh()
        answerer = Answerer(store, Searcher(store, dense, encoder))
        for question in source.questions():
            signals = answerer.signals(question.question)
            if signals is None:
                continue
            answer = answerer.answer(question.question, 0.0, at_least=0.0)
            judgement = judge(Case(question, answer, SearchResult(question.question, ())), lambda _: ())
            rows.append([signals[name] for name in SIGNALS])
            answerable.append(float(question.answerable))
            right.append(float(question.answerable and bool(judgement.hit2 or judgement.both_sides)))
        strangers = {other.name: _strangers(answerer, other) for other in sources if other.subject != source.subject}
        store.close()
    return Collection(source.name, source.subject, np.array(rows), np.array(answerable), np.array(right), strangers)


def _strangers(answerer: Answerer, source: _Source) -> Matrix:
    """The signals of questions that are about another subject than the notes."""
    questions = [question.question for question in source.questions() if question.answerable][::_EVERY]
    found = [signals for question in questions if (signals := answerer.signals(question)) is not None]
    return np.array([[signals[name] for name in SIGNALS] for signals in found]).reshape(len(found), len(SIGNALS))


def fit(x: Matrix, y: Matrix, weight: Matrix | None = None) -> Matrix:
    """Logistic regression by Newton's method, with a ridge penalty on the weights of the standardised signals.

    ``weight``: what each row counts. Returns the weights of the signals as they are, the bias last.
    """
    weight = np.ones(len(x)) if weight is None else weight
    centre, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    design = np.hstack([(x - centre) / spread, np.ones((len(x), 1))])
    penalty = _RIDGE * np.diag([*([1.0] * x.shape[1]), 0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        hessian = design.T @ (design * (weight * p * (1 - p))[:, None]) + penalty
        weights = weights + np.linalg.solve(hessian, design.T @ (weight * (y - p)) - penalty @ weights)
    slopes = weights[:-1] / spread
    return np.array([*slopes, weights[-1] - slopes @ centre])


def predict(x: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(x @ weights[:-1] + weights[-1]))))


def area(p: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Area under the ROC curve."""
    wins = p[y == 1][:, None] - p[y == 0][None, :]
    return float((wins > 0).mean() + 0.5 * (wins == 0).mean())


def main() -> None:
    sources = _sources(sys.argv[1:])
    collections = [collect(source, sources) for source in sources]
    for left_out in collections:
        rest = [item for item in collections if item is not left_out] or collections
        answerable = predict(left_out.x, _fitted(rest, "answerable"))
        right = predict(left_out.x, _fitted(rest, "right"))
        false_answers = (answerable[left_out.answerable == 0] >= ANSWERED).mean()
        false_refusals = (answerable[left_out.answerable == 1] < ANSWERED).mean()
        print(
            f"{left_out.name}, left out: AUC answerable {area(answerable, left_out.answerable):.3f},"
            f" right {area(right, left_out.right):.3f}; false answers {false_answers:.3f},"
            f" false refusals {false_refusals:.3f}; of questions about other subjects answered"
            f" {_strangers_answered(left_out, rest):.3f}"
        )
    columns = [_fitted(collections, label) for label in ("answerable", "right")]
    print(f"{'':>18} answerable  right")
    for name, *weights in zip((*SIGNALS, "bias"), *columns, strict=True):
        print(f"{name:>18} {weights[0]:10.2f} {weights[1]:6.2f}")


def _sources(arguments: Sequence[str]) -> list[_Source]:
    found: list[_Source] = []
    subject, words = 0, list(arguments)
    while words:
        if words[0] == "+":
            subject += 1
            words.pop(0)
        else:
            notes, gold = words.pop(0), words.pop(0)
            found.append(_Source(Path(notes), tuple(map(Path, gold.split(","))), subject))
    return found


def _fitted(collections: Sequence[Collection], label: str) -> Matrix:
    """The weights from the collections' own questions and from those that are asked of notes on other subjects."""
    names = {item.name for item in collections}
    strangers = [x for item in collections for name, x in item.strangers.items() if name in names and len(x)]
    own = [item.x for item in collections]
    labels = [getattr(item, label) for item in collections]
    x, y = np.concatenate([*own, *strangers]), np.concatenate([*labels, *(np.zeros(len(x)) for x in strangers)])
    count = sum(len(item) for item in own)
    return fit(x, y, np.where(np.arange(len(x)) < count, 1.0, _STRANGER))


def _strangers_answered(left_out: Collection, rest: Sequence[Collection]) -> float:
    parts = [x for x in left_out.strangers.values() if len(x)]
    if not parts:
        return float("nan")
    return float((predict(np.concatenate(parts), _fitted(rest, "answerable")) >= ANSWERED).mean())


if __name__ == "__main__":
    main()
