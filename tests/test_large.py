"""What is done otherwise in large collections: inverted lists, and lexical queries that are bounded. No model needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dense import DenseIndex
from assistant.encoder import Encoding
from assistant.notes import parse, passages
from assistant.store import FileRow, Store, vector_key

H, SECTIONS, FILES = 16, 50, 12
LISTS_FROM = 100  # where so many passages are large already


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "index")
    store.use_model("none")
    for number in range(FILES):
        put(store, number)
    yield store
    store.close()


def put(store: Store, number: int) -> None:
    """A file of sections with vectors at random around a few centres."""
    rng = np.random.default_rng(number)
    text = "".join(f"# 節{number}-{at}\n管理する。番号は{number * SECTIONS + at}。\n" for at in range(SECTIONS))
    filed = []
    for section in parse(text, f"{number}.md"):
        keyed = [(passage, vector_key("none", passage.text)) for passage in passages(section, len, 400)]
        filed.append((section, str(section.heading_path), keyed))
        store.save_vectors([(key, encoding(rng)) for _, key in keyed])
    with store.updating():
        store.replace_file(FileRow(f"{number}.md", len(text), 1, 1, "sha", 2), filed)


def encoding(rng: np.random.Generator) -> Encoding:
    vector = np.eye(8, H, dtype=np.float32)[rng.integers(8)] + 0.3 * rng.standard_normal(H, np.float32)
    vector /= np.linalg.norm(vector)
    one = np.ones(1, bool)
    return Encoding(vector, vector[None], vector[None], np.array([[0, 1]], np.int32), one)


def exact(store: Store, vector: NDArray[np.float32], limit: int) -> list[int]:
    ids, vectors = store.pooled()
    return [int(i) for i in ids[np.argsort(-(vectors @ vector))[:limit]]]


def recall(store: Store, dense: DenseIndex) -> float:
    rng = np.random.default_rng(99)
    shares = []
    for _ in range(20):
        vector = encoding(rng).vector
        with store.reading():
            found = {passage for passage, _ in dense.candidates(vector, 10)}
        shares.append(len(found & set(exact(store, vector, 10))) / 10)
    return float(np.mean(shares))


def test_inverted_lists_find_what_a_full_comparison_finds(store: Store) -> None:
    dense = DenseIndex(store, exact_most=LISTS_FROM)
    assert recall(store, dense) >= 0.95
    again = DenseIndex(store, exact_most=LISTS_FROM)
    assert recall(store, again) == recall(store, dense), "from the file"


@pytest.mark.parametrize("exact_most", [LISTS_FROM, 100_000])
def test_an_update_changes_the_index_in_place(store: Store, exact_most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dense = DenseIndex(store, exact_most=exact_most)
    dense.synchronise()

    def fail(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(DenseIndex, "_build", fail)
    put(store, 3)  # new rows for the same text
    put(store, FILES)
    with store.updating():
        store.delete_files(["5.md"])
    for follower in (dense, DenseIndex(store, exact_most=exact_most)):  # in memory, and from the file that is behind
        with store.reading():
            found = {passage for passage, _ in follower.candidates(encoding(np.random.default_rng(1)).vector, 10_000)}
        assert found <= set(store.passage_ids().tolist())
        assert recall(store, follower) >= 0.95


def test_a_question_that_began_before_an_update_still_finds_what_it_removes(store: Store) -> None:
    dense = DenseIndex(store)
    dense.synchronise()
    with store.reading():
        before = store.passage_ids()
        vector = encoding(np.random.default_rng(2)).vector

        def update() -> None:
            with store.updating():
                store.delete_files(["0.md"])
            dense.synchronise()

        thread = threading.Thread(target=update)
        thread.start()
        thread.join()
        assert {passage for passage, _ in dense.candidates(vector, 10_000)} == set(before.tolist())
    with store.reading():
        assert len(dense.candidates(vector, 10_000)) == (FILES - 1) * SECTIONS


def test_frequent_terms_are_left_out_only_where_there_are_too_many(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["管理", "番号", "17"]
    everything = store.lexical_candidates(words, 10_000)
    assert len(everything) == FILES * SECTIONS
    monkeypatch.setattr("assistant.storage.reading._MOST_OCCURRENCES", 100)
    bounded = store.lexical_candidates(words, 10_000)
    assert 0 < len(bounded) < 100
    assert bounded[0][0] == everything[0][0]
    assert store.lexical_candidates(["管理"], 5), "the only term there is"
    assert store.lexical_candidates(["無い"], 5) == []
