"""The FAISS index over the pooled vectors: a cache of what SQLite holds.

Up to some ten thousand passages every vector is compared (``IndexFlatIP``). Beyond, the vectors are kept as bytes in
inverted lists, of which a question looks into the nearest (``IndexIVFScalarQuantizer``; Jégou, Douze and Schmid 2011,
doi:10.1109/TPAMI.2010.57): what is found is compared exactly later on, so a candidate that is missed is all it costs.

An update changes the index in place: passages keep their numbers for life, so the numbers tell what is new and what
has gone. ``vectors.faiss`` is an ordinary FAISS file. Its stamp (generation, size and checksum) is kept in the
database, so a file that is missing, torn or foreign is noticed and rebuilt from the stored vectors, and one that is
behind is brought up.
"""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .store import Store

__all__ = ["EXACT_MOST", "DenseIndex", "inverted_lists", "seal_of"]

#: Up to so many passages, all are compared: 50,000 take as long as encoding a quarter of a question.
EXACT_MOST: Final = 50_000
#: Of the lists, as many as the square root of the vectors at their making, this share is looked into.
_PROBED: Final = 1 / 8
_LEAST_PROBED: Final = 16
#: Vectors that a list's centre is learned from.
_LEARNED_PER_LIST: Final = 50
#: The lists are made anew when there are so many times as many vectors as at their making.
_OUTGROWN: Final = 4

#: An update is written to the file when it, with those before that were not, is this share of all passages; the next
#: start makes up for less.
_WORTH_SAVING: Final = 1 / 20
#: Vectors that are read from the database at once.
_CHUNK: Final = 8192
#: Passages that have gone are kept for questions that began before, as long as they are no more than this.
_MOST_GONE: Final = 1000

_STAMP: Final = "faiss_stamp"
_log = logging.getLogger(__name__)


class DenseIndex:
    """Nearest passages by inner product. Safe to use from several threads."""

    def __init__(self, store: Store, *, exact_most: int = EXACT_MOST) -> None:
        self._store = store
        self._path = store.folder / "vectors.faiss"
        self._exact_most = exact_most
        self._lock = threading.Lock()
        self._index: Any = None
        self._ids = np.zeros(0, np.int64)
        self._gone = np.zeros(0, np.int64)
        self._unsaved = 0
        self._state = (-1, -1)

    def candidates(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Passage ids with inner products, best first. Call within ``store.reading()``: both see one generation."""
        return self.candidates_of_each(vector[None, :], limit)[0]

    def candidates_of_each(self, vectors: NDArray[np.float32], limit: int) -> list[list[tuple[int, float]]]:
        """As :meth:`candidates`, for each of ``vectors`` (n, h) at once, which is faster."""
        with self._lock:
            self._follow()
            if self._index is None or self._index.ntotal == 0:
                return [[] for _ in vectors]
            scores, ids = self._index.search(vectors, min(limit + len(self._gone), self._index.ntotal))
            gone = set(self._gone.tolist()) if self._state[1] == self._store.generation else set()
        rows = zip(ids.tolist(), scores.tolist(), strict=True)
        found = ([(i, s) for i, s in zip(*row, strict=True) if i >= 0 and i not in gone] for row in rows)
        return [one[:limit] for one in found]

    def synchronise(self) -> None:
        """Brings the index in memory in step with the store, and the file where that is worth it."""
        with self._store.reading(), self._lock:
            self._follow()

    # -- following the store

    def _follow(self) -> None:
        """A question that began before the last update goes with the newer index: what has gone is still in it."""
        opening, generation = self._store.opening, self._store.generation
        if self._state[0] == opening and self._state[1] >= generation:
            return
        if self._state[0] != opening:
            self._index = self._load()
            self._ids, self._gone, self._unsaved = _ids_in(self._index), np.zeros(0, np.int64), 0
        stored = self._store.passage_ids()
        known = np.setdiff1d(self._ids, self._gone, assume_unique=True)
        new = np.setdiff1d(stored, known, assume_unique=True)
        gone = np.setdiff1d(known, stored, assume_unique=True)
        rebuilt = self._index is None or len(new) + len(gone) > len(stored) / 2 or not self._suits(len(stored))
        if rebuilt:
            self._build(stored)
        else:
            self._change(new, gone)
        self._unsaved += len(new) + len(gone)
        if self._index is not None and (rebuilt or self._unsaved > len(stored) * _WORTH_SAVING):
            self._save(generation)
            self._unsaved = 0
        self._state = (opening, generation)

    def _suits(self, count: int) -> bool:
        """Whether the index is of the kind, and its lists of the number, for so many vectors."""
        lists = getattr(self._index, "nlist", 0)
        if not lists:
            return count <= self._exact_most
        return count > self._exact_most / 2 and count < _OUTGROWN * lists**2

    def _build(self, stored: NDArray[np.int64]) -> None:
        import faiss

        self._index, self._gone = None, np.zeros(0, np.int64)
        self._ids = stored
        for vectors_ids, vectors in self._store.pooled_of(stored, _CHUNK):
            if self._index is None:
                dimensions = vectors.shape[1]
                if len(stored) <= self._exact_most:
                    self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))
                else:
                    sample = self._store.pooled_sample(_LEARNED_PER_LIST * int(len(stored) ** 0.5))
                    self._index = inverted_lists(sample, len(stored))
            self._index.add_with_ids(vectors, vectors_ids)

    def _change(self, new: NDArray[np.int64], gone: NDArray[np.int64]) -> None:
        self._drop_gone()
        for ids, vectors in self._store.pooled_of(new, _CHUNK):
            self._index.add_with_ids(vectors, ids)
        self._ids = np.union1d(self._ids, new)
        self._gone = gone
        if len(gone) > _MOST_GONE:
            self._drop_gone()

    def _drop_gone(self) -> None:
        if len(self._gone):
            self._index.remove_ids(self._gone)
            self._ids = np.setdiff1d(self._ids, self._gone, assume_unique=True)
            self._gone = np.zeros(0, np.int64)

    # -- the file

    def _load(self) -> Any:
        import faiss

        stamp = self._store.meta(_STAMP)
        try:
            # The checksum comes before FAISS sees the bytes: its reader trusts them.
            if not isinstance(stamp, str) or stamp.partition(":")[2] != seal_of(self._path):
                return None
            return _probing(faiss.read_index(str(self._path)))
        except OSError:
            return None

    def _save(self, generation: int) -> None:
        """Writes the file beside and renames it. A folder that cannot be written costs time at the next start, only."""
        import faiss

        try:
            handle, name = tempfile.mkstemp(prefix="vectors.", suffix=".tmp", dir=self._path.parent)
            try:
                os.close(handle)
                faiss.write_index(self._index, name)
                seal = seal_of(Path(name))
                Path(name).replace(self._path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._store.set_stamp(_STAMP, f"{generation}:{seal}")
        except (OSError, RuntimeError) as error:  # the latter is what FAISS makes of a full disk
            _log.warning("vectors.faiss was not saved: %s", error)


def inverted_lists(sample: NDArray[np.float32], count: int) -> Any:
    """An empty index for ``count`` vectors, its lists' centres learned from ``sample`` (n, h)."""
    import faiss

    dimensions = sample.shape[1]
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimensions),
        dimensions,
        int(count**0.5),
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.train(sample)
    return _probing(index)


def _probing(index: Any) -> Any:
    if lists := getattr(index, "nlist", 0):
        index.nprobe = max(_LEAST_PROBED, int(lists * _PROBED))
    return index


def _ids_in(index: Any) -> NDArray[np.int64]:
    """The passages in an index, in order."""
    import faiss

    if index is None:
        return np.zeros(0, np.int64)
    if not hasattr(index, "invlists"):
        return np.sort(faiss.vector_to_array(index.id_map))
    lists = index.invlists
    found = [
        faiss.rev_swig_ptr(lists.get_ids(at), lists.list_size(at)).copy()
        for at in range(lists.nlist)
        if lists.list_size(at)
    ]
    return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


def seal_of(path: Path) -> str:
    """Size and checksum of a file, as ``faiss_stamp`` in the database has them after a colon. Raises ``OSError``."""
    size, checksum = 0, 0
    with path.open("rb") as stream:
        while part := stream.read(1 << 20):
            size, checksum = size + len(part), zlib.crc32(part, checksum)
    return f"{size}:{checksum:08x}"
