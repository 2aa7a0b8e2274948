"""Section recall on question sets made of passages (JSQuAD, NIILC), through the whole product.

    python -m bench.public_sets SET.json [SET.json …]

A set is ``{"passages": [text, …], "questions": [{"question": text, "passage": index}, …]}``. Each passage becomes a
note without a heading; the questions are asked with ``search``. Prints recall at 1 and 5 with 95 % bootstrap intervals
and the milliseconds that a question takes.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.engine import Assistant

_RESAMPLES = 2000


def ranks(path: Path) -> tuple[NDArray[np.int64], float]:
    """For each question the place of its passage among the first ten (99 where it is not), and seconds a question."""
    data = json.loads(path.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        for index, passage in enumerate(data["passages"]):
            (notes / f"{index:06d}.md").write_text(passage, "utf-8")
        with Assistant(notes, Path(folder) / "index") as assistant:
            assistant.refresh()
            begun, found = time.perf_counter(), []
            for item in data["questions"]:
                files = [hit.file for hit in assistant.search(item["question"], 10).hits]
                wanted = f"{item['passage']:06d}.md"
                found.append(files.index(wanted) if wanted in files else 99)
            seconds = (time.perf_counter() - begun) / len(found)
    return np.array(found), seconds


def interval(values: NDArray[np.bool_]) -> str:
    generator = np.random.default_rng(0)
    means = [generator.choice(values, len(values)).mean() for _ in range(_RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def main() -> None:
    for name in sys.argv[1:]:
        places, seconds = ranks(Path(name))
        print(
            f"{Path(name).stem}: {len(places)} questions, R@1 {interval(places < 1)}, R@5 {interval(places < 5)},"
            f" {1000 * seconds:.0f} ms a question",
            flush=True,
        )


if __name__ == "__main__":
    main()
