"""vectors.faiss is a cache: whatever becomes of the file, the same passages are found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.dense import DenseIndex
from assistant.encoder import Encoder
from assistant.index import NotesIndex
from assistant.store import Store

pytestmark = pytest.mark.model

QUESTIONS = ["鍵の管理", "queue", "通知を送る"]
Found = list[list[tuple[int, float]]]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A folder with notes and their index, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "notes").mkdir()
    text = "# 鍵\nKMSが鍵を管理する。\n# Queue\nA queue keeps messages.\n# 通知\nSNSが送る。\n"
    (folder / "notes" / "a.md").write_text(text, encoding="utf-8")
    refresh(folder, encoder)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "copy"))


def refresh(folder: Path, encoder: Encoder) -> None:
    store = Store(folder / "index")
    NotesIndex(folder / "notes", store, DenseIndex(store), encoder).refresh()
    store.close()


def ask(folder: Path, encoder: Encoder) -> Found:
    store = Store(folder / "index")
    dense = DenseIndex(store)
    with store.reading():
        found = [dense.candidates(encoder.encode_query(question).vector, 50) for question in QUESTIONS]
    store.close()
    return found


def tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-50])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-20] ^= 0xFF
    path.write_bytes(data)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def swap_for_another(path: Path) -> None:
    import faiss

    other = faiss.IndexIDMap2(faiss.IndexFlatIP(384))
    other.add_with_ids(np.eye(3, 384, dtype=np.float32), np.arange(3))
    faiss.write_index(other, str(path))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "torn": tear,
    "flipped": flip,
    "foreign": swap_for_another,
    "text": lambda path: path.write_text("not an index", encoding="utf-8"),
    "folder": make_folder,
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_changes_no_answer(kind: str, folder: Path, encoder: Encoder) -> None:
    before, path = ask(folder, encoder), folder / "index" / "vectors.faiss"
    whole = path.read_bytes()
    DAMAGE[kind](path)
    assert ask(folder, encoder) == before
    if kind != "folder":
        assert path.read_bytes() == whole, "it is put right, too"
    assert [item.name for item in path.parent.iterdir() if item.suffix == ".tmp"] == []


def test_a_stale_file_is_replaced(folder: Path, encoder: Encoder) -> None:
    path = folder / "index" / "vectors.faiss"
    old = path.read_bytes()
    with (folder / "notes" / "a.md").open("a", encoding="utf-8") as note:
        note.write("# 新しい節\n書き足した文。\n")
    refresh(folder, encoder)
    fresh = ask(folder, encoder)
    assert [len(row) for row in fresh] == [4, 4, 4]
    path.write_bytes(old)
    assert ask(folder, encoder) == fresh


def test_a_whole_file_is_used_as_it_is(folder: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "index" / "vectors.faiss"
    before = path.stat()
    expected = ask(folder, encoder)

    def fail(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(DenseIndex, "_build", fail)
    assert ask(folder, encoder) == expected
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_candidates_are_exact_and_best_first(folder: Path, encoder: Encoder) -> None:
    store = Store(folder / "index")
    ids, vectors = store.pooled()
    vector = encoder.encode_query("鍵の管理").vector
    with store.reading():
        found = DenseIndex(store).candidates(vector, 2)
    best = np.argsort(-(vectors @ vector))[:2]
    assert [passage for passage, _ in found] == ids[best].tolist()
    assert [score for _, score in found] == pytest.approx((vectors @ vector)[best].tolist(), abs=1e-5)
    store.close()


def test_an_index_in_memory_follows_the_store(folder: Path, encoder: Encoder) -> None:
    store = Store(folder / "index")
    dense = DenseIndex(store)
    vector = encoder.encode_query("鍵の管理").vector
    with store.reading():
        assert len(dense.candidates(vector, 50)) == 3
    with store.updating():
        store.delete_files(["a.md"])
    with store.reading():
        assert dense.candidates(vector, 50) == []
    store.close()


def test_a_file_that_cannot_be_written_stops_nothing(
    folder: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError

    expected = ask(folder, encoder)
    (folder / "index" / "vectors.faiss").unlink()
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert ask(folder, encoder) == expected
