"""What is read of the notes that are stored: files, sections, passages with their vectors, and their terms."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ..indexrecords import SkippedFile
from .database import Database
from .lexical import Lexicon
from .recent import Recent
from .rows import FileRow, SectionRow, StoredPassage, file_row, section_row, stored_passages, vector_of
from .schema import SELECT_FILE, SELECT_SECTION
from .soundness import UnreadableRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .centres import Centres

__all__ = ["MEANS", "NotesReader"]

V = TypeVar("V")

#: Occurrences of a question's terms that BM25 goes through: about a microsecond each.
_MOST_OCCURRENCES: Final = 5_000
#: A term in so many passages takes longer to count than to ask for.
_FREQUENT: Final = 100
#: Names of the means of a centre's three views, in the order of its fields.
MEANS: Final = ("tokens", "surface", "pooled")
#: Tokens of passages, and sections, that are kept in memory after they were read: about 30 MB.
_RECENT_TOKENS: Final = 40_000
_RECENT_SECTIONS: Final = 500


class NotesReader(Database):
    """The notes in the database at ``folder``.

    What questions ask for again and again is remembered: passages and sections one by one, and for a generation what
    takes a look at all of them.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._lexicon = Lexicon()
        self._facts: dict[str, tuple[tuple[int, int], Any]] = {}
        self._passages: Recent[int, StoredPassage] = Recent(_RECENT_TOKENS, lambda passage: len(passage.scales))
        self._sections: Recent[int, SectionRow] = Recent(_RECENT_SECTIONS)

    def _once(self, name: str, read: Callable[[], V]) -> V:
        """What ``read`` gives, read once a generation. ``name`` tells it from the others."""
        state = self._version
        if not self._connection.in_transaction:  # another generation may begin before it is read
            return read()
        held = self._facts.get(name)
        if held is None or held[0] != state:
            held = self._facts[name] = state, read()
        found: V = held[1]
        return found

    # -- files

    @property
    def has_notes(self) -> bool:
        """Whether there is anything to answer from."""
        return self._connection.execute("SELECT 1 FROM files LIMIT 1").fetchone() is not None

    def files(self) -> dict[str, FileRow]:
        rows = self._connection.execute(SELECT_FILE)
        return {row[0]: file_row(row) for row in rows}

    def skipped(self) -> tuple[SkippedFile, ...]:
        """The files that could not be read, by path."""
        rows = self._connection.execute("SELECT path, problem FROM files WHERE problem IS NOT NULL ORDER BY path")
        return tuple(SkippedFile(*row) for row in rows)

    def counts(self) -> tuple[int, int, int, int]:
        """Files that were read, sections, empty sections, passages."""
        with self.reading():
            files, sections, passages = self._connection.execute(
                "SELECT (SELECT count(*) FROM files WHERE problem IS NULL), (SELECT count(*) FROM sections),"
                " (SELECT count(*) FROM passages)"
            ).fetchone()
            empty = sum(row.section.is_empty for row in self.bodyless_sections())
        return int(files), int(sections), empty, int(passages)

    # -- sections

    def sections(self, ids: Sequence[int]) -> dict[int, SectionRow]:
        def read(missing: list[int]) -> dict[int, SectionRow]:
            rows = self._select_in(f"{SELECT_SECTION} WHERE sections.id IN ({{}})", missing)
            return {row[0]: section_row(row) for row in rows}

        return self._sections.filled(self._version, ids, read, lasting=self._connection.in_transaction)

    def all_sections(self) -> list[SectionRow]:
        """Every section, by file and position."""
        return [section_row(row) for row in self._connection.execute(f"{SELECT_SECTION} ORDER BY path, ordinal")]

    def sections_of(self, path: str) -> list[SectionRow]:
        return [
            section_row(row)
            for row in self._connection.execute(f"{SELECT_SECTION} WHERE path = ? ORDER BY ordinal", (path,))
        ]

    def identities(self, ids: Sequence[int]) -> dict[int, str]:
        """The identities of sections: as :meth:`sections`, without reading them."""
        return dict(self._select_in("SELECT id, identity FROM sections WHERE id IN ({})", list(ids)))

    def copies(self, identity: str) -> list[SectionRow]:
        """The sections of this identity, by file and position: copies of one another."""
        return [
            section_row(row)
            for row in self._connection.execute(
                f"{SELECT_SECTION} WHERE identity = ? ORDER BY path, ordinal", (identity,)
            )
        ]

    def sections_holding(self, passages: Sequence[int]) -> dict[int, int]:
        """For each of the ``passages`` (ids) the id of its section; one that is gone is left out."""
        return dict(self._select_in("SELECT id, section_id FROM passages WHERE id IN ({})", list(passages)))

    def bodyless_sections(self) -> list[SectionRow]:
        """Headings that nothing is written under: no text, no sub-section, at most pictures.

        To find them, all sections are looked at: once a generation.
        """
        return self._once("bodyless", self._read_bodyless)

    def _read_bodyless(self) -> list[SectionRow]:
        rows = self._connection.execute(
            f"{SELECT_SECTION} WHERE sections.id NOT IN (SELECT section_id FROM passages) AND named"
            " AND NOT EXISTS (SELECT 1 FROM sections AS below WHERE below.file_id = sections.file_id"
            " AND below.ordinal = sections.ordinal + 1 AND below.level > sections.level) ORDER BY path, ordinal"
        )
        return [section_row(row) for row in rows]

    # -- passages and vectors

    def passage_ids(self) -> NDArray[np.int64]:
        """All passages' ids (n,), in order."""
        import numpy as np

        rows = self._connection.execute("SELECT id FROM passages")
        return np.sort(np.fromiter((row[0] for row in rows), np.int64))

    def texts_after(self, passage_id: int) -> Iterator[tuple[int, str, str]]:
        """Id, innermost heading and text of the passages that are newer than ``passage_id``, in order."""
        for row in self._connection.execute(
            "SELECT passages.id, heading_path, text FROM passages JOIN sections ON sections.id = section_id"
            " WHERE passages.id > ? ORDER BY passages.id",
            (passage_id,),
        ):
            path = json.loads(row[1])
            yield int(row[0]), path[-1] if path else "", row[2]

    def fetch(self, ids: Sequence[int]) -> list[StoredPassage]:
        """The passages ``ids`` with their vectors, in that order; an id that is gone is left out."""

        def read(missing: list[int]) -> dict[int, StoredPassage]:
            rows = self._select_in(
                "SELECT id, section_id, text, passages.spans, pooled, tokens, scales, surface, surface_scales,"
                " vectors.spans"
                " FROM passages JOIN vectors USING (key) WHERE id IN ({})",
                missing,
            )
            return {passage.id: passage for passage in stored_passages(rows)}

        state = self._incarnation  # passages do not change, and no id is given twice in the life of a database
        held = self._passages.of(state, ids)  # of which some may have gone
        there = {row[0] for row in self._select_in("SELECT id FROM passages WHERE id IN ({})", list(held))}
        wanted = [passage_id for passage_id in ids if passage_id in there or passage_id not in held]
        found = self._passages.filled(state, wanted, read)
        if len({(len(p.pooled), p.tokens.shape[1], p.surface.shape[1]) for p in found.values()}) > 1:
            raise UnreadableRow("vectors of several lengths")
        return [found[passage_id] for passage_id in ids if passage_id in found]

    def pooled(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """All passages' ids (n,) and pooled vectors (n, h)."""
        import numpy as np

        ids = self.passage_ids()
        parts = [vectors for _, vectors in self.pooled_of(ids, max(len(ids), 1))]
        return ids, parts[0] if parts else np.zeros((0, 0), np.float32)

    def pooled_of(
        self, ids: NDArray[np.int64], at_once: int
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The pooled vectors of the passages ``ids``, in order, so many at once."""
        for start in range(0, len(ids), at_once):
            part = ids[start : start + at_once]
            rows = self._select_in(
                "SELECT pooled FROM passages JOIN vectors USING (key) WHERE id IN ({}) ORDER BY id", part.tolist()
            )
            vectors = [vector_of(row[0]) for row in rows]
            if len(vectors) != len(part):
                raise UnreadableRow("passages without vectors")
            yield part, _stacked(vectors)

    def pooled_sample(self, most: int) -> NDArray[np.float32]:
        """Pooled vectors (n, h) of at most so many texts; keys are hashes, so the first in order are random."""
        rows = self._connection.execute("SELECT pooled FROM vectors ORDER BY key LIMIT ?", (most,))
        return _stacked([vector_of(row[0]) for row in rows])

    def mean_tokens(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Two (h,) float32: of the last layer and of the middle one; empty for an empty store."""
        last, surface = self.meta("mean_tokens"), self.meta("mean_surface")
        return vector_of(last), vector_of(surface)

    def centres(self) -> Centres:
        """The means of the corpus' vectors; of a language that no passage is in, those of all."""
        return self._once("centres", self._read_centres)

    def _read_centres(self) -> Centres:
        from .centres import LANGUAGES, Centre, Centres

        means = {language: [vector_of(self.meta(f"mean_{view}{language}")) for view in MEANS] for language in LANGUAGES}
        every = Centre(*means[""])
        japanese, other = (Centre(*means[name]) if len(means[name][0]) else None for name in LANGUAGES[1:])
        return Centres(every, japanese or every, other or every, mixed=japanese is not None and other is not None)

    # -- terms

    def lexical_candidates(self, words: Sequence[str], limit: int) -> list[tuple[int, float]]:
        """Passage ids with BM25 scores (higher is better), best first, of passages that hold any of the terms.

        In a large collection only of those that hold one of the rarer terms: what is everywhere hardly counts in
        BM25, and takes the longest to go through.
        """
        wanted = self._rarest(words)
        with self.reading() as connection:
            return self._lexicon.best(connection, self._incarnation, self.generation, self._frequencies(wanted), limit)

    def _rarest(self, words: Sequence[str]) -> list[str]:
        """The terms in their order; without the most frequent ones where they all have too many occurrences."""
        held = self._frequencies(words)
        kept: set[str] = set()
        occurrences = 0
        for word in sorted(held, key=lambda word: held[word]):
            occurrences += held[word]
            if occurrences > _MOST_OCCURRENCES and kept:
                break
            kept.add(word)
        return [word for word in held if word in kept]

    def _frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """In how many passages each of the terms is, 0 for one that is in none. Counted once a generation."""
        counted = self._once("frequencies", dict[str, int])
        wanted = dict.fromkeys(words)
        missing = [word for word in wanted if word not in counted]
        found = dict(self._select_in("SELECT term, doc FROM vocabulary WHERE term IN ({})", missing))
        counted.update((word, int(found.get(word, 0))) for word in missing)
        return {word: counted[word] for word in wanted}

    def count_terms(self) -> None:
        """Counts now what takes long at a question: in how many passages the frequent terms are."""
        with self.reading() as connection:
            rows = connection.execute("SELECT term, doc FROM vocabulary WHERE doc >= ?", (_FREQUENT,))
            self._once("frequencies", dict[str, int]).update((term, int(held)) for term, held in rows)

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        """For each term how rare it is in the notes: its BM25 idf as a share of an unknown term's, 0..1."""
        count = self._once("passages", self._count_passages)
        highest = math.log(1 + count / 0.5) if count else 1.0
        return {
            word: math.log(1 + (count - held + 0.5) / (held + 0.5)) / highest
            for word, held in self._frequencies(words).items()
        }

    def _count_passages(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM passages").fetchone()[0])

    def knows(self, words: Sequence[str]) -> bool:
        """Whether every one of the terms occurs in the notes."""
        return all(self._frequencies(words).values())


def _stacked(vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    import numpy as np

    if len({len(vector) for vector in vectors}) > 1:
        raise UnreadableRow("vectors of several lengths")
    return np.stack(vectors)
