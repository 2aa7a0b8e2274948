"""BM25 over the passages' terms, with the scores of FTS5's own ``bm25()``.

FTS5 scores one passage after the other and looks up the length of each. Here the occurrences of a term are read at
once, the lengths are kept in memory, and all passages are scored together, in less than half of the time. BM25:
Robertson and Zaragoza 2009, doi:10.1561/1500000019.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from .recent import Recent
from .soundness import UnreadableRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Postings = tuple[NDArray[np.int64], NDArray[np.int64]]

__all__ = ["Lexicon"]

# As in FTS5: how soon further occurrences count less, how much a passage's length counts, and what the idf is at least.
_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
_LEAST_IDF: Final = 1e-6
#: Passages of terms that are kept in memory: about 3 MB. Questions have many words in common.
_RECENT_POSTINGS: Final = 200_000


class Lexicon:
    """Scores passages by the tables ``lexicon`` and ``occurrences``. Safe to use from several threads."""

    def __init__(self) -> None:
        self._recent: Recent[str, Postings] = Recent(_RECENT_POSTINGS, lambda postings: len(postings[0]))
        self._lock = threading.Lock()
        self._state: object = None
        self._ids: NDArray[np.int64]
        self._lengths: NDArray[np.int64]

    def best(
        self,
        connection: sqlite3.Connection,
        state: object,
        generation: int,
        held: Mapping[str, int],
        limit: int,
    ) -> list[tuple[int, float]]:
        """The ``limit`` best passages with their scores (higher is better), best first, then by id.

        ``held``: for each term of the question in how many passages it is. ``state``: another one for another database;
        ``generation``: of its content. Call within one transaction.
        """
        import numpy as np

        count, total = self._size(connection)
        postings = self._postings_of(connection, (state, generation), [term for term, n in held.items() if n])
        if not postings:
            return []
        ids, places = np.unique(np.concatenate([numbers for numbers, _ in postings.values()]), return_inverse=True)
        lengths = self._lengths_of(connection, state, ids) * (count / total)
        times = np.concatenate([counts for _, counts in postings.values()])
        idfs = [max(math.log((count - held[term] + 0.5) / (held[term] + 0.5)), _LEAST_IDF) for term in postings]
        shares = np.repeat(idfs, [len(numbers) for numbers, _ in postings.values()]) * times * (_SATURATION + 1)
        shares /= times + (_SATURATION * (1 - _LENGTH + _LENGTH * lengths))[places]
        scores = np.bincount(places, shares)
        order = np.lexsort((ids, -scores))[:limit]
        return list(zip(ids[order].tolist(), scores[order].tolist(), strict=True))

    def _postings_of(self, connection: sqlite3.Connection, state: object, terms: Sequence[str]) -> dict[str, Postings]:
        """For each of the ``terms`` the passages that hold it, and how often each of them does."""
        import numpy as np

        def read(missing: Sequence[str]) -> dict[str, Postings]:
            found: dict[str, Postings] = {}
            for term in missing:
                # One string of numbers: a row for each would take three times as long.
                row = connection.execute("SELECT group_concat(doc, ' ') FROM occurrences WHERE term = ?", (term,))
                numbers = np.array((row.fetchone()[0] or "").split(), np.int64)
                found[term] = np.unique(numbers, return_counts=True)
            return found

        found = self._recent.filled(state, terms, read)
        return {term: found[term] for term in terms if len(found[term][0])}

    @staticmethod
    def _size(connection: sqlite3.Connection) -> tuple[int, int]:
        """How many passages there are, and how many terms they have together: FTS5 keeps both in its first record."""
        row = connection.execute("SELECT block FROM lexicon_data WHERE id = 1").fetchone()
        count, total, *_ = *_varints(row[0] if row else b""), 0, 0
        return count, max(total, 1)

    def _lengths_of(self, connection: sqlite3.Connection, state: object, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """(n,) terms in each of the passages ``ids``. Passages do not change, and no id is given twice."""
        import numpy as np

        with self._lock:
            if self._state != state:
                self._state = state
                self._ids = self._lengths = np.zeros(0, np.int64)
            if not len(self._ids) or self._ids[-1] < ids[-1]:
                last = int(self._ids[-1]) if len(self._ids) else -1
                rows = connection.execute("SELECT id, sz FROM lexicon_docsize WHERE id > ? ORDER BY id", (last,))
                new = np.array([(number, *_varints(size)[:1]) for number, size in rows], np.int64).reshape(-1, 2)
                self._ids = np.concatenate([self._ids, new[:, 0]])
                self._lengths = np.concatenate([self._lengths, new[:, 1]])
            known, lengths = self._ids, self._lengths
        places = np.searchsorted(known, ids)
        if not len(known) or places[-1] >= len(known) or (known[places] != ids).any():
            raise UnreadableRow("lexicon: passages without a length")
        return np.asarray(lengths[places])


def _varints(data: bytes) -> list[int]:
    """The numbers in ``data``, seven bits a byte, the highest first; all but the last byte of each are above 127."""
    numbers, number = [], 0
    for byte in data:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return numbers
