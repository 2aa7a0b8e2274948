"""The dense stage alone: FAISS as the program uses it, FAISS that compares all, and numpy."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.dense import EXACT_MOST, inverted_lists

from ._figures import machine, record, spread

_DIMENSIONS = 384
_QUESTIONS = 200
_CANDIDATES = 50
#: Vectors stand around so many centres, at about the distance that two notes of one subject have.
_CENTRES = 2_000
_NOISE = 0.5


def run(count: int = 100_000) -> None:
    """Over ``count`` made-up vectors; recall is of the approximate index's first ten and fifty against the exact."""
    import faiss

    about = machine()
    rng = np.random.default_rng(0)
    centres = _unit(rng.standard_normal((_CENTRES, _DIMENSIONS), np.float32))
    vectors = np.empty((count, _DIMENSIONS), np.float32)
    for start in range(0, count, 50_000):
        vectors[start : start + 50_000] = _around(centres, min(50_000, count - start), rng)
    asked = _around(centres, _QUESTIONS, rng)
    exact = faiss.IndexFlatIP(_DIMENSIONS)
    exact.add(vectors)
    begun = time.perf_counter()
    lists = inverted_lists(vectors[rng.permutation(count)[: 50 * int(count**0.5)]], count)
    for start in range(0, count, 50_000):
        part = vectors[start : start + 50_000]
        lists.add_with_ids(part, np.arange(start, start + len(part)))
    built = time.perf_counter() - begun
    figures: dict[str, Any] = {"lists": lists.nlist, "probed": lists.nprobe, "build_s": round(built, 1)}
    times: dict[str, list[float]] = {"inverted_lists": [], "flat": [], "numpy": []}
    shared = {10: 0, _CANDIDATES: 0}
    for vector in asked:
        results = {}
        for name, index in (("inverted_lists", lists), ("flat", exact)):
            begun = time.perf_counter()
            results[name] = index.search(vector[None], _CANDIDATES)[1][0]
            times[name].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        scores = vectors @ vector
        best = np.argpartition(-scores, _CANDIDATES)[:_CANDIDATES]
        best[np.argsort(-scores[best])]
        times["numpy"].append(time.perf_counter() - begun)
        for depth in shared:
            shared[depth] += len(set(results["inverted_lists"][:depth]) & set(results["flat"][:depth]))
    figures |= {name: spread(seconds) for name, seconds in times.items()}
    figures |= {f"recall_at_{depth}": round(n / depth / _QUESTIONS, 4) for depth, n in shared.items()}
    record(f"nearest-{count}", {"machine": about, "vectors": count, "exact_up_to": EXACT_MOST} | figures)


def _around(centres: NDArray[np.float32], count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    noise = rng.standard_normal((count, _DIMENSIONS), np.float32)
    return _unit(centres[rng.integers(len(centres), size=count)] + _NOISE * _unit(noise))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
