"""Whether the thresholds hold when the same notes stand among many others: the answers to the same gold questions.

    python -m bench.sizes NOTES GOLD.jsonl [SET.json …] [SECTIONS …]

The notes are asked alone, then together with the passages of each SET (as in ``public_sets``), then among so many
sections of generated ones (``_large.py``; 2,000 and 20,000 unless told). Prints for each size how often
the section and the lines are found, and the two error rates; the figures go to results/sizes.json.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.answer import Answerer
from assistant.dense import DenseIndex
from assistant.encoder import Encoder
from assistant.evaluate import Case, evaluate
from assistant.evaluation.goldfile import GoldQuestion, read_gold
from assistant.index import NotesIndex
from assistant.search import Searcher
from assistant.store import Store

from ._figures import machine, record
from ._large import fill
from ._passagenotes import write_passages

_SIZES = (2_000, 20_000)
_SHOWN = ("section_r1", "answer_hit1", "answer_hit2", "false_answer", "false_refusal")


def main() -> None:
    notes, gold, *rest = sys.argv[1:]
    sets = [Path(one) for one in rest if not one.isdigit()]
    sizes = [int(one) for one in rest if one.isdigit()] or _SIZES
    questions = read_gold(Path(gold))
    found = {"alone": _measured(Path(notes), questions)}
    for one in sets:
        found[f"with {one.stem}"] = _measured(Path(notes), questions, passages=one)
    for size in sizes:
        found[f"among {size}"] = _measured(Path(notes), questions, generated=size)
    record("sizes", {"machine": machine(), "questions": len(questions), "figures": found})


def _measured(
    notes: Path, gold: Sequence[GoldQuestion], *, passages: Path | None = None, generated: int = 0
) -> dict[str, Any]:
    """The figures of ``gold`` over ``notes`` and what stands beside them."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(notes, Path(folder) / "notes")
        if passages:
            write_passages(Path(folder) / "notes", dict(enumerate(json.loads(passages.read_text("utf-8"))["passages"])))
        store, encoder = Store(Path(folder) / "index"), Encoder()
        dense = DenseIndex(store)
        NotesIndex(Path(folder) / "notes", store, dense, encoder).refresh()
        if generated:
            fill(store, encoder, generated)
        searcher = Searcher(store, dense, encoder)
        answerer = Answerer(store, searcher)
        cases = []
        for question in gold:
            asked = question.question
            cases.append(Case(question, answerer.answer(asked, time.perf_counter()), searcher.search(asked, 10)))
        report = evaluate(cases, lambda _: ())
        sections = store.counts()[1]
        store.close()
    figures = {name: report.overall[name].to_json() for name in _SHOWN}
    print(sections, {name: figure["value"] for name, figure in figures.items()}, flush=True)
    return {"sections": sections, **figures}


if __name__ == "__main__":
    main()
