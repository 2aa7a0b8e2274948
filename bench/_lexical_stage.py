"""The lexical stage alone: BM25 over the terms of any number of made-up passages, as the program asks for them."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from assistant.store import Store
from assistant.text import terms

from ._figures import machine, record, spread
from ._large import texts
from .generate import questions

_QUESTIONS = 200
_DEPTH = 1_000


def run(count: int = 100_000) -> None:
    """Over ``count`` passages, of which nothing is stored but their terms; each question is asked once."""
    about = machine()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        begun = time.perf_counter()
        # Straight into the table: vectors, and rows to be quoted from, are not of this stage.
        with store.writing() as connection:
            connection.executemany(
                "INSERT INTO lexicon (terms) VALUES (?)",
                ((" ".join(terms(text)),) for text in itertools.islice(_passages(count), count)),
            )
        built = time.perf_counter() - begun
        sample = [text for _, text in itertools.islice(texts(count), 0, None, max(1, count // 20_000))]
        wall, processor = [], []
        with store.reading():
            for question in questions(sample, _QUESTIONS, 1):
                clocks = time.perf_counter(), time.process_time()
                store.lexical_candidates(terms(question), _DEPTH)
                wall.append(time.perf_counter() - clocks[0])
                processor.append(time.process_time() - clocks[1])
        store.close()
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    record(
        f"lexical-{count}",
        {
            "machine": about,
            "passages": count,
            "build_s": round(built, 1),
            "bytes_per_passage": round(size / count),
            "candidates": spread(wall),
            "candidates_cpu": spread(processor),
        },
    )


def _passages(count: int) -> Iterator[str]:
    """Headings with what stands under them, as the parser would give them but for the headings above."""
    for _, text in texts(count + count // 10):
        yield from text.split("\n\n#")
