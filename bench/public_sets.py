"""Section recall on question sets made of passages (JSQuAD, NIILC), through the whole product.

    python -m bench.public_sets SET.json [SET.json …]

A set is ``{"passages": [text, …], "questions": [{"question": text, "passage": index}, …]}``. Each passage becomes a
note without a heading; the questions are asked with ``search``. Prints recall at 1 and 5 with 95 % bootstrap intervals
and the milliseconds that a question takes. Then the passages are cut into two halves, and each question is asked of
both: how often it is refused by the one that holds its passage, and how often it is answered by the other one, where
what stands on its subject is mostly something else (nobody has looked whether another passage answers it as well).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.engine import Assistant

from ._passagenotes import passage_file, write_passages

_RESAMPLES = 2000


@contextmanager
def _asked(passages: Mapping[int, str]) -> Iterator[Assistant]:
    """An assistant over ``passages`` by their numbers, each a note of its own."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        write_passages(notes, passages)
        with Assistant(notes, Path(folder) / "index") as assistant:
            assistant.refresh()
            yield assistant


def ranks(data: Mapping[str, Any]) -> tuple[NDArray[np.int64], float]:
    """For each question the place of its passage among the first ten (99 where it is not), and seconds a question."""
    with _asked(dict(enumerate(data["passages"]))) as assistant:
        begun, found = time.perf_counter(), []
        for item in data["questions"]:
            files = [hit.file for hit in assistant.search(item["question"], 10).hits]
            wanted = passage_file(item["passage"])
            found.append(files.index(wanted) if wanted in files else 99)
        seconds = (time.perf_counter() - begun) / len(found)
    return np.array(found), seconds


def answered(data: Mapping[str, Any]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each question whether the half with its passage answers it, and whether the other half does."""
    found: dict[bool, list[bool]] = {True: [], False: []}
    for half in range(2):
        with _asked({n: passage for n, passage in enumerate(data["passages"]) if n % 2 == half}) as assistant:
            for item in data["questions"]:
                status = assistant.ask(item["question"]).status
                found[item["passage"] % 2 == half].append(status == "answered")
    return np.array(found[True]), np.array(found[False])


def interval(values: NDArray[np.bool_]) -> str:
    generator = np.random.default_rng(0)
    means = [generator.choice(values, len(values)).mean() for _ in range(_RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def main() -> None:
    for name in sys.argv[1:]:
        data = json.loads(Path(name).read_text("utf-8"))
        places, seconds = ranks(data)
        print(
            f"{Path(name).stem}: {len(places)} questions, R@1 {interval(places < 1)}, R@5 {interval(places < 5)},"
            f" {1000 * seconds:.0f} ms a question",
            flush=True,
        )
        held, gone = answered(data)
        print(f"  false refusals {interval(~held)}; answered without their passage {interval(gone)}", flush=True)


if __name__ == "__main__":
    main()
