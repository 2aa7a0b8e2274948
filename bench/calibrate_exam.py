"""Fits the weights of ``assistant/exam.py`` and shows how they hold on notes left out of the fit.

    python -m bench.calibrate_exam [--indexes DIR] NOTES EXAM.jsonl [NOTES EXAM.jsonl …]

With a folder for the indexes, the next run finds the notes read. For each pair of a notes folder and its exam
questions (as in tests/gold/corpus_exam.jsonl): the signals of every question, and whether the options that stand out
are the right ones of a question that the notes decide. Prints, for each collection left out in turn, the area under
the ROC curve and what a verdict at the threshold in use would be, then the weights from all of them together.
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.dense import DenseIndex
from assistant.encoder import Encoder
from assistant.evaluation.examgold import read_exam_gold
from assistant.exam import DECIDED, EXAM_SIGNALS, Examiner, same_label
from assistant.exams.paste.examtext import parse_exam
from assistant.index import NotesIndex
from assistant.store import Store

from .calibrate import area, fit, predict


@dataclass(frozen=True)
class Collection:
    """``x``: (questions, signals). ``decidable``, ``right``: (questions,) 0 or 1."""

    name: str
    x: NDArray[np.float64]
    decidable: NDArray[np.float64]
    right: NDArray[np.float64]


def collect(notes: Path, gold: Path, kept: Path | None) -> Collection:
    """``kept``: where the index is kept, or nowhere."""
    rows, decidable, right = [], [], []
    with nullcontext(str(kept)) if kept else tempfile.TemporaryDirectory() as index:
        store, encoder = Store(Path(index)), Encoder()
        dense = DenseIndex(store)
        NotesIndex(notes, store, dense, encoder).refresh()
        examiner = Examiner(store, dense, encoder)
        for asked in read_exam_gold(gold):
            exam = parse_exam(asked.text)
            found = examiner.signals(exam.questions[0]) if len(exam.questions) == 1 else None
            if found is None:
                continue
            signals, chosen = found
            rows.append([signals[name] for name in EXAM_SIGNALS])
            decidable.append(float(asked.decidable))
            matched = len(chosen) == len(asked.labels) and all(
                any(same_label(label, other) for other in asked.labels) for label in chosen
            )
            right.append(float(asked.decidable and matched))
        store.close()
    return Collection(str(gold), np.array(rows), np.array(decidable), np.array(right))


def main() -> None:
    parser = argparse.ArgumentParser(usage="python -m bench.calibrate_exam [--indexes DIR] NOTES EXAM.jsonl …")
    parser.add_argument("--indexes", type=Path)
    parser.add_argument("pairs", nargs="+", type=Path)
    arguments = parser.parse_args()
    collections = [
        collect(notes, gold, arguments.indexes / gold.stem if arguments.indexes else None)
        for notes, gold in zip(arguments.pairs[::2], arguments.pairs[1::2], strict=True)
    ]
    for left_out in collections:
        rest = [item for item in collections if item is not left_out] or collections
        weights = fit(np.concatenate([item.x for item in rest]), np.concatenate([item.right for item in rest]))
        p = predict(left_out.x, weights)
        said, decidable, right = p >= DECIDED, left_out.decidable == 1, left_out.right == 1
        print(
            f"{left_out.name}, left out: AUC {area(p, left_out.right):.3f};"
            f" right {(said & right)[decidable].mean():.3f}, wrong {(said & ~right)[decidable].mean():.3f},"
            f" refused {(~said)[~decidable].mean():.3f}; forced choice {right[decidable].mean():.3f}"
        )
    weights = fit(
        np.concatenate([item.x for item in collections]), np.concatenate([item.right for item in collections])
    )
    for name, weight in zip((*EXAM_SIGNALS, "bias"), weights, strict=True):
        print(f"{name:>12} {weight:6.2f}")


if __name__ == "__main__":
    main()
