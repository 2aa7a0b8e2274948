"""Answers from large indexes against encoding the same question alone, with peak memory and disk."""

from __future__ import annotations

import itertools
import tempfile
import time
from pathlib import Path

from assistant.answer import Answerer
from assistant.dense import DenseIndex
from assistant.encoder import Encoder
from assistant.search import Searcher
from assistant.store import Store

from ._figures import machine, record, spread
from ._large import fill, texts
from .generate import questions

_QUESTIONS = 60


def run(*sections: int) -> None:
    """For each number of sections an index of its own; a folder ``bench/large/N`` that is there is used again."""
    import resource

    figures = {}
    about = machine()
    encoder = Encoder()
    encoder.warm_up()
    for count in sorted(sections or (100, 10_000)):
        with tempfile.TemporaryDirectory() as scratch:
            kept = Path(__file__).parent / "large" / str(count)
            folder = kept if kept.is_dir() else Path(scratch)
            store = Store(folder)
            if not store.has_notes:
                fill(store, encoder, count)
            figures[str(count)] = _measured(store, encoder, count) | {
                "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
                "disk_bytes_per_section": round(sum(f.stat().st_size for f in folder.iterdir()) / count),
            }
            store.close()
    record("latency", {"machine": about, "sections": figures})


def _measured(store: Store, encoder: Encoder, count: int) -> dict[str, object]:
    """Wall and processor time: on a machine that is shared, the latter tells what is the program's."""
    dense = DenseIndex(store)
    begun = time.perf_counter()
    dense.synchronise()
    opened = time.perf_counter() - begun
    searcher = Searcher(store, dense, encoder)
    answerer = Answerer(store, searcher)
    sample = [text for _, text in itertools.islice(texts(count), 0, None, max(1, count // 20_000))]
    asked = questions(sample, _QUESTIONS + 1, 1)
    begun = time.perf_counter()
    answerer.answer(asked[0], begun)
    first = time.perf_counter() - begun
    searcher.prepare()  # as every process that stays does
    kinds: dict[str, list[tuple[float, float, float, float]]] = {"all": [], "lookup": []}
    for question in asked[1:]:
        clocks = [(time.perf_counter(), time.process_time())]
        encoder.encode_query(question)
        clocks.append((time.perf_counter(), time.process_time()))
        answer = answerer.answer(question, clocks[-1][0])
        clocks.append((time.perf_counter(), time.process_time()))
        (a, b), (c, d), (e, f) = clocks
        kinds["all"].append((c - a, e - c, d - b, f - d))
        if answer.kind == "lookup":
            kinds["lookup"].append((c - a, e - c, d - b, f - d))
    found: dict[str, object] = {"open_s": round(opened, 2), "first_answer_s": round(first, 2)}
    for kind, rows in kinds.items():
        encoding, answering, encoding_cpu, answering_cpu = (spread(column) for column in zip(*rows, strict=True))
        found[kind] = {
            "questions": len(rows),
            "encode_query": encoding,
            "answer": answering,
            "encode_query_cpu": encoding_cpu,
            "answer_cpu": answering_cpu,
            "p50_ratio": round(answering["p50_ms"] / encoding["p50_ms"], 2),
            "p95_ratio": round(answering["p95_ms"] / encoding["p50_ms"], 2),
            "p50_ratio_cpu": round(answering_cpu["p50_ms"] / encoding_cpu["p50_ms"], 2),
            "p95_ratio_cpu": round(answering_cpu["p95_ms"] / encoding_cpu["p50_ms"], 2),
        }
    return found
