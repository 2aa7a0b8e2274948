"""The FAISS index over the pooled vectors: a cache of what SQLite holds.

``vectors.faiss`` is an ordinary FAISS file. Its stamp (generation, size and checksum) is kept in the database, so a
file that is missing, torn, foreign or behind is noticed and rebuilt from the stored vectors.
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

__all__ = ["DenseIndex", "stamp_of"]

_STAMP: Final = "faiss_stamp"
_log = logging.getLogger(__name__)


class DenseIndex:
    """Nearest passages by inner product, exact. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._path = store.folder / "vectors.faiss"
        self._lock = threading.Lock()
        self._index: Any = None
        self._generation = -1

    def candidates(self, vector: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Passage ids with inner products, best first. Call within ``store.reading()``: both see one generation."""
        index = self._current()
        if index is None or index.ntotal == 0:
            return []
        scores, ids = index.search(vector[None, :], min(limit, index.ntotal))
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

    def synchronise(self) -> None:
        """Brings the index in memory and the file in step with the store."""
        with self._store.reading():
            self._current()

    def _current(self) -> Any:
        generation = self._store.generation
        with self._lock:
            if self._generation != generation:
                self._index = self._load(generation)
                if self._index is None:
                    self._index = self._build()
                    self._save(generation)
                self._generation = generation
            return self._index

    def _build(self) -> Any:
        import faiss

        ids, vectors = self._store.pooled()
        if not len(ids):
            return None
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(vectors, ids)
        return index

    def _load(self, generation: int) -> Any:
        import faiss

        stamp = self._store.meta(_STAMP)
        if not isinstance(stamp, str) or not stamp.startswith(f"{generation}:"):
            return None
        try:
            data = self._path.read_bytes()
        except OSError:
            return None
        # The checksum comes before FAISS sees the bytes: its reader trusts them.
        return faiss.deserialize_index(np.frombuffer(data, np.uint8)) if stamp_of(generation, data) == stamp else None

    def _save(self, generation: int) -> None:
        """Writes the file beside and renames it. A folder that cannot be written costs time at the next start, only."""
        import faiss

        if self._index is None:
            return
        data = faiss.serialize_index(self._index).tobytes()
        try:
            handle, name = tempfile.mkstemp(prefix="vectors.", suffix=".tmp", dir=self._path.parent)
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(data)
                Path(name).replace(self._path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._store.set_stamp(_STAMP, stamp_of(generation, data))
        except OSError as error:
            _log.warning("vectors.faiss was not saved: %s", error)


def stamp_of(generation: int, data: bytes) -> str:
    """What ``faiss_stamp`` in the database says of a file with the content ``data``."""
    return f"{generation}:{len(data)}:{zlib.crc32(data):08x}"
