"""Fits the weights of ``assistant/support.py`` and shows how they hold on notes left out of the fit.

    python -m bench.calibrate NOTES GOLD.jsonl [NOTES GOLD.jsonl …]

For each pair of a notes folder and its gold questions: the signals of every lookup and list question, and whether its
citations were right. Prints, for each collection left out in turn, the area under the ROC curve and the error rates at
the threshold in use, then the weights from all of them together.
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
from assistant.dense import DenseIndex
from assistant.encoder import Encoder
from assistant.evaluate import Case, judge
from assistant.goldfile import read_gold
from assistant.index import NotesIndex
from assistant.records import SearchResult
from assistant.search import Searcher
from assistant.store import Store
from assistant.support import SIGNALS

_RIDGE = 1.0


@dataclass(frozen=True)
class Collection:
    """``x``: (questions, signals). ``answerable``, ``right``: (questions,) 0 or 1."""

    name: str
    x: NDArray[np.float64]
    answerable: NDArray[np.float64]
    right: NDArray[np.float64]


def collect(notes: Path, gold: Path) -> Collection:
    rows, answerable, right = [], [], []
    with tempfile.TemporaryDirectory() as index:
        store, encoder = Store(Path(index)), Encoder()
        dense = DenseIndex(store)
        NotesIndex(notes, store, dense, encoder).refresh()
        answerer = Answerer(store, Searcher(store, dense, encoder))
        for question in read_gold(gold):
            signals = answerer.signals(question.question)
            if signals is None:
                continue
            answer = answerer.answer(question.question, 0.0, at_least=0.0)
            judgement = judge(Case(question, answer, SearchResult(question.question, ())), lambda _: ())
            rows.append([signals[name] for name in SIGNALS])
            answerable.append(float(question.answerable))
            right.append(float(question.answerable and bool(judgement.hit2 or judgement.both_sides)))
        store.close()
    return Collection(str(gold), np.array(rows), np.array(answerable), np.array(right))


def fit(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression by Newton's method, with a ridge penalty on the weights of the standardised signals.

    Returns the weights of the signals as they are, the bias last.
    """
    centre, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    design = np.hstack([(x - centre) / spread, np.ones((len(x), 1))])
    penalty = _RIDGE * np.diag([*([1.0] * x.shape[1]), 0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + penalty
        weights = weights + np.linalg.solve(hessian, design.T @ (y - p) - penalty @ weights)
    slopes = weights[:-1] / spread
    return np.array([*slopes, weights[-1] - slopes @ centre])


def predict(x: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(x @ weights[:-1] + weights[-1]))))


def area(p: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Area under the ROC curve."""
    wins = p[y == 1][:, None] - p[y == 0][None, :]
    return float((wins > 0).mean() + 0.5 * (wins == 0).mean())


def main() -> None:
    arguments = sys.argv[1:]
    pairs = zip(arguments[::2], arguments[1::2], strict=True)
    collections = [collect(Path(notes), Path(gold)) for notes, gold in pairs]
    for left_out in collections:
        rest = [item for item in collections if item is not left_out] or collections
        answerable = predict(left_out.x, fit(_all(rest, "x"), _all(rest, "answerable")))
        right = predict(left_out.x, fit(_all(rest, "x"), _all(rest, "right")))
        false_answers = (answerable[left_out.answerable == 0] >= ANSWERED).mean()
        false_refusals = (answerable[left_out.answerable == 1] < ANSWERED).mean()
        print(
            f"{left_out.name}, left out: AUC answerable {area(answerable, left_out.answerable):.3f},"
            f" right {area(right, left_out.right):.3f}; false answers {false_answers:.3f},"
            f" false refusals {false_refusals:.3f}"
        )
    columns = [fit(_all(collections, "x"), _all(collections, label)) for label in ("answerable", "right")]
    print(f"{'':>18} answerable  right")
    for name, *weights in zip((*SIGNALS, "bias"), *columns, strict=True):
        print(f"{name:>18} {weights[0]:10.2f} {weights[1]:6.2f}")


def _all(collections: Sequence[Collection], field: str) -> NDArray[np.float64]:
    return np.concatenate([getattr(item, field) for item in collections])


if __name__ == "__main__":
    main()
