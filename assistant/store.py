"""SQLite holds everything that is known about the notes; the rest is cache.

One database, in WAL mode, so that questions are answered from one committed state while an update is written:

    files      path, size, mtime_ns, ctime_ns, sha256; ``problem`` where a file could not be read
    sections   heading path, lines and units of every section; ``identity`` is the same for word-for-word copies
    passages   what is encoded: text and, for each unit, where it stands in that text; ``key`` finds the vectors
    vectors    by the hash of (model, text): pooled vector, token vectors of two layers (int8, one scale a token), spans
    lexicon    FTS5 over the passages' terms, pre-split (see ``text.terms``), rowid = passage
    meta       schema, model, generation (one more with each update), the corpus' mean token vectors
    exams      the record of checked questions: not of the notes, so it outlives all the others (see ``examlog.py``)

Another engine can take over behind ``replace_file``, ``delete_files``, ``lexical_candidates`` and ``fetch``.
"""

from __future__ import annotations

import json
import math
import secrets
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ._lexical import Lexicon
from ._recent import Recent
from ._rows import (
    FileRow,
    SectionRow,
    StoredPassage,
    file_row,
    pack_encoding,
    pack_section,
    pack_spans,
    section_row,
    stored_passages,
    vector_key,
    vector_of,
)
from ._soundness import UnreadableRow, index_error
from .errors import IndexDamaged, IndexUnusable
from .indexrecords import SkippedFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ._centres import Centres, Share
    from .encoder import Encoding
    from .notes import Passage, Section

__all__ = ["FileRow", "SectionRow", "Store", "StoredPassage", "vector_key"]

V = TypeVar("V")

#: Raise when the tables, or what the chunker writes into them, change: an index of another version is rebuilt.
SCHEMA_VERSION: Final = 4

#: What leads from an older schema to the next without reading the notes anew.
_MIGRATIONS: Final = {
    2: ("ALTER TABLE files ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0",),
    3: ("ALTER TABLE sections ADD COLUMN checksum INTEGER",),
}

_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL, read_ns INTEGER NOT NULL, problem TEXT, ctime_ns INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS sections (
    id INTEGER PRIMARY KEY AUTOINCREMENT, file_id INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, level INTEGER NOT NULL, named INTEGER NOT NULL, heading_path TEXT NOT NULL,
    heading_line INTEGER,
    line_start INTEGER NOT NULL, line_end INTEGER NOT NULL, units TEXT NOT NULL, images TEXT NOT NULL,
    identity TEXT NOT NULL, checksum INTEGER, UNIQUE (file_id, ordinal))""",
    "CREATE INDEX IF NOT EXISTS sections_by_identity ON sections (identity)",
    """CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, section_id INTEGER NOT NULL REFERENCES sections ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, key BLOB NOT NULL, text TEXT NOT NULL, spans BLOB NOT NULL,
    UNIQUE (section_id, ordinal))""",
    "CREATE INDEX IF NOT EXISTS passages_by_key ON passages (key)",
    """CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY, pooled BLOB NOT NULL, tokens BLOB NOT NULL, scales BLOB NOT NULL, surface BLOB NOT NULL,
    surface_scales BLOB NOT NULL, spans BLOB NOT NULL)""",
    "CREATE VIRTUAL TABLE IF NOT EXISTS lexicon USING fts5 (terms, tokenize = 'unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (lexicon, row)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS occurrences USING fts5vocab (lexicon, instance)",
)
#: What comes from the notes, and goes when they are read anew; dependants first.
_NOTES_TABLES: Final = ("lexicon", "passages", "sections", "files", "vectors")

SELECT_FILE: Final = "SELECT path, size, mtime_ns, ctime_ns, sha256, read_ns, problem FROM files"
SELECT_SECTION: Final = (
    "SELECT sections.id, identity, path, ordinal, level, named, heading_path, heading_line, line_start, line_end,"
    " units, images, checksum FROM sections JOIN files ON files.id = file_id"
)

_WAIT_SECONDS: Final = 30.0
_MEAN_SAMPLE: Final = 2000
#: Occurrences of a question's terms that BM25 goes through: about a microsecond each.
_MOST_OCCURRENCES: Final = 5_000
_MEANS: Final = ("tokens", "surface", "pooled")
#: Tokens of passages, and sections, that are kept in memory after they were read: about 30 MB.
_RECENT_TOKENS: Final = 40_000
_RECENT_SECTIONS: Final = 500
_PARAMETERS: Final = 500  # SQLite builds differ in how many they take; this is below the lowest


class Store:
    """The database in ``folder``. Safe to use from several threads; each gets a connection of its own.

    Raises :class:`IndexUnusable` when the folder cannot be written or the database cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "notes.db"
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._lexicon = Lexicon()
        self._facts: dict[str, tuple[tuple[int, int], Any]] = {}
        self._passages: Recent[int, StoredPassage] = Recent(_RECENT_TOKENS, lambda passage: len(passage.scales))
        self._sections: Recent[int, SectionRow] = Recent(_RECENT_SECTIONS)
        self._shares: Recent[bytes, Share] = Recent(_MEAN_SAMPLE)
        #: How often the database was opened: another number, another database.
        self.opening = 0
        self._file: tuple[int, int] | None = None
        #: Tells this database from the one that was there before it was emptied.
        self.born = 0
        self.reopen()

    def reopen(self) -> None:
        """Opens what is at :attr:`path` now. Connections to what was there before are left to the calls under way."""
        self.opening += 1
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._errors():
                self._prepare()
        except OSError as error:
            raise IndexUnusable(folder=self.folder, problem=error.strerror or error) from error

    # -- connections and transactions

    @property
    def _connection(self) -> sqlite3.Connection:
        opened: tuple[int, sqlite3.Connection] | None = getattr(self._local, "opened", None)
        if opened is not None and (opened[0] == self.opening or opened[1].in_transaction):
            return opened[1]
        with self._errors():
            connection = sqlite3.connect(
                self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.opened = self.opening, connection
            with self._guard:
                self._connections.append(connection)
        return connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise index_error(error, self.folder) from error

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._errors():
            connection = self._connection
            if connection.in_transaction:  # a read inside an update or inside another read is part of it
                yield connection
                return
            if self._file != _file_at(self.path):
                raise IndexDamaged(folder=self.folder, problem="notes.db has been removed or replaced")
            connection.execute(begin)
            try:
                yield connection
                connection.commit()
            except BaseException:
                with suppress(sqlite3.Error):  # what went wrong is said by the first error
                    connection.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """All reads within see one committed state."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All writes within are one transaction. For tables that are not of the notes: no new generation."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def updating(self) -> Iterator[None]:
        """All writes within are one transaction, which makes a new generation."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield
            connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")

    def close(self) -> None:
        with self._guard:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()

    def _prepare(self) -> None:
        connection = self._connection
        connection.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        self._file = _file_at(self.path)
        with self._transaction("BEGIN IMMEDIATE"):
            schema = self.meta("schema")
            while isinstance(schema, int) and schema in _MIGRATIONS:
                for statement in _MIGRATIONS[schema]:
                    connection.execute(statement)
                schema += 1
                self.set_meta("schema", schema)
            if schema != SCHEMA_VERSION or not self._is_complete():
                for table in ("vocabulary", "occurrences", *_NOTES_TABLES):
                    connection.execute(f"DROP TABLE IF EXISTS {table}")
                connection.execute("DELETE FROM meta")
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('generation', 0), ('schema', ?)", (SCHEMA_VERSION,))
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('born', ?)", (secrets.randbits(48),))
            born = self.meta("born")
            self.born = born if isinstance(born, int) else 0

    def _is_complete(self) -> bool:
        present = {row[0] for row in self._connection.execute("SELECT name FROM sqlite_master")}
        return present.issuperset(_NOTES_TABLES)

    def begin_anew(self, above: int) -> None:
        """Counts generations and rows from ``above`` on: what others remember of an earlier database stays behind."""
        with self.writing() as connection:
            self.set_meta("generation", above)
            connection.execute("DELETE FROM sqlite_sequence WHERE name IN ('sections', 'passages')")
            connection.executemany(
                "INSERT INTO sqlite_sequence VALUES (?, ?)", [("sections", above), ("passages", above)]
            )

    @staticmethod
    def _forget_notes(connection: sqlite3.Connection) -> None:
        for table in _NOTES_TABLES:
            connection.execute(f"DELETE FROM {table}")

    # -- facts about the whole

    def meta(self, name: str) -> int | str | bytes | None:
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else row[0]

    def set_meta(self, name: str, value: int | str | bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def set_stamp(self, name: str, value: str) -> None:
        """Notes the state of a cache beside the database: no new generation. Given up when a writer is at work."""
        connection = sqlite3.connect(self.path, timeout=1.0, isolation_level=None)
        try:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
        except sqlite3.OperationalError:
            pass  # the cache is rebuilt at the next start
        finally:
            connection.close()

    @property
    def generation(self) -> int:
        """Grows by one with each update: a cache stamped with another number is out of date."""
        value = self.meta("generation")
        return value if isinstance(value, int) else 0

    @property
    def _database(self) -> tuple[int, object]:
        """Tells the database that is read from the ones before it."""
        return self.opening, self.meta("born")

    def use_model(self, fingerprint: str) -> bool:
        """Makes the store one of this model's; the notes are to be read again if it was another's (false then)."""
        if self.meta("model") == fingerprint:
            return True
        with self.updating():
            self._forget_notes(self._connection)
            self.set_meta("model", fingerprint)
        return False

    @property
    def has_notes(self) -> bool:
        """Whether there is anything to answer from."""
        return self._connection.execute("SELECT 1 FROM files LIMIT 1").fetchone() is not None

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

    # -- writing

    def replace_file(
        self, row: FileRow, sections: Sequence[tuple[Section, str, Sequence[tuple[Passage, bytes]]]]
    ) -> None:
        """Puts a file's sections in the place of what was stored for it; each comes with its identity and passages.

        Belongs into :meth:`updating`. The vectors of the passages' keys must have been saved before.
        """
        from .text import terms

        connection = self._connection
        self.delete_files([row.path])
        file_id = connection.execute(
            "INSERT INTO files (path, size, mtime_ns, ctime_ns, sha256, read_ns, problem) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row.path, row.size, row.mtime_ns, row.ctime_ns, row.sha256, row.read_ns, row.problem),
        ).lastrowid
        for section, identity, passages in sections:
            section_id = connection.execute(
                "INSERT INTO sections (file_id, identity, ordinal, level, named, heading_path, heading_line,"
                " line_start, line_end, units, images, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (file_id, identity, *pack_section(section)),
            ).lastrowid
            for ordinal, (passage, key) in enumerate(passages):
                passage_id = connection.execute(
                    "INSERT INTO passages (section_id, ordinal, key, text, spans) VALUES (?, ?, ?, ?, ?)",
                    (section_id, ordinal, key, passage.text, pack_spans(passage)),
                ).lastrowid
                connection.execute(
                    "INSERT INTO lexicon (rowid, terms) VALUES (?, ?)", (passage_id, " ".join(terms(passage.text)))
                )

    def touch_files(self, rows: Iterable[FileRow]) -> None:
        """Notes new sizes and times of files whose content is the same. No new generation: no answer changes."""
        values = [(row.size, row.mtime_ns, row.ctime_ns, row.read_ns, row.path) for row in rows]
        if values:  # else a question would wait for whoever is writing
            with self._transaction("BEGIN IMMEDIATE") as connection:
                connection.executemany(
                    "UPDATE files SET size = ?, mtime_ns = ?, ctime_ns = ?, read_ns = ? WHERE path = ?", values
                )

    def move_file(self, old: str, row: FileRow) -> None:
        """The file ``old`` is now at ``row.path``, with the same content."""
        self._connection.execute(
            "UPDATE files SET path = ?, size = ?, mtime_ns = ?, ctime_ns = ?, read_ns = ? WHERE path = ?",
            (row.path, row.size, row.mtime_ns, row.ctime_ns, row.read_ns, old),
        )

    def delete_files(self, paths: Iterable[str]) -> None:
        """Forgets files with all that came from them, but not the vectors (see :meth:`drop_unused_vectors`)."""
        for path in paths:
            self._connection.execute(
                "DELETE FROM lexicon WHERE rowid IN (SELECT passages.id FROM passages JOIN sections"
                " ON sections.id = section_id JOIN files ON files.id = file_id WHERE path = ?)",
                (path,),
            )
            self._connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def missing_vectors(self, keys: Collection[bytes]) -> set[bytes]:
        """Those of ``keys`` that have no vectors yet."""
        known = {row[0] for row in self._select_in("SELECT key FROM vectors WHERE key IN ({})", list(keys))}
        return set(keys) - known

    def save_vectors(self, rows: Sequence[tuple[bytes, Encoding]]) -> None:
        """Files encodings under their keys. A transaction of its own: what was encoded survives a crash."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            rows_of_blobs = [(key, *pack_encoding(encoding)) for key, encoding in rows]
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?, ?, ?)", rows_of_blobs)

    def drop_unused_vectors(self) -> None:
        self._connection.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM passages)")

    def update_mean_tokens(self) -> None:
        """Files the means of the corpus' vectors, by which late interaction is centred: see ``_centres.py``.

        Keys are hashes, so the first ones in order are a random sample, and the same one whatever the history.
        """
        from ._centres import LANGUAGES, centres_of, share_of

        def read(keys: list[bytes]) -> dict[bytes, Share]:
            rows = self._select_in(
                "SELECT key, (SELECT text FROM passages WHERE passages.key = vectors.key LIMIT 1), pooled, tokens,"
                " scales, surface, surface_scales FROM vectors WHERE key IN ({})",
                keys,
            )
            return {key: share_of(row) for key, *row in rows}

        query = "SELECT key FROM vectors ORDER BY key LIMIT ?"
        sample = [row[0] for row in self._connection.execute(query, (_MEAN_SAMPLE,))]
        shares = self._shares.filled(self._database, sample, read)
        found = centres_of(shares[key] for key in sample)
        for language in LANGUAGES:
            for view, mean in zip(_MEANS, found.get(language, (None, None, None)), strict=True):
                self.set_meta(f"mean_{view}{language}", b"" if mean is None else mean.tobytes())

    # -- reading

    def files(self) -> dict[str, FileRow]:
        rows = self._connection.execute(SELECT_FILE)
        return {row[0]: file_row(row) for row in rows}

    def mean_tokens(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Two (h,) float32: of the last layer and of the middle one; empty for an empty store."""
        last, surface = self.meta("mean_tokens"), self.meta("mean_surface")
        return vector_of(last), vector_of(surface)

    def passage_ids(self) -> NDArray[np.int64]:
        """All passages' ids (n,), in order."""
        import numpy as np

        rows = self._connection.execute("SELECT id FROM passages")
        return np.sort(np.fromiter((row[0] for row in rows), np.int64))

    def centres(self) -> Centres:
        """The means of the corpus' vectors; of a language that no passage is in, those of all."""
        return self._once("centres", self._read_centres)

    def _read_centres(self) -> Centres:
        from ._centres import LANGUAGES, Centre, Centres

        means = {
            language: [vector_of(self.meta(f"mean_{view}{language}")) for view in _MEANS] for language in LANGUAGES
        }
        every = Centre(*means[""])
        japanese, other = (Centre(*means[name]) if len(means[name][0]) else None for name in LANGUAGES[1:])
        return Centres(every, japanese or every, other or every, mixed=japanese is not None and other is not None)

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

    def lexical_candidates(self, words: Sequence[str], limit: int) -> list[tuple[int, float]]:
        """Passage ids with BM25 scores (higher is better), best first, of passages that hold any of the terms.

        In a large collection only of those that hold one of the rarer terms: what is everywhere hardly counts in
        BM25, and takes the longest to go through.
        """
        wanted = self._rarest(words)
        with self.reading() as connection:
            return self._lexicon.best(connection, self._database, self.generation, self._frequencies(wanted), limit)

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

        state = self._database  # passages do not change, and no id is given twice in the life of a database
        there = [row[0] for row in self._select_in("SELECT id FROM passages WHERE id IN ({})", list(ids))]
        found = self._passages.filled(state, there, read)
        if len({(len(p.pooled), p.tokens.shape[1], p.surface.shape[1]) for p in found.values()}) > 1:
            raise UnreadableRow("vectors of several lengths")
        return [found[passage_id] for passage_id in ids if passage_id in found]

    def sections(self, ids: Sequence[int]) -> dict[int, SectionRow]:
        def read(missing: list[int]) -> dict[int, SectionRow]:
            rows = self._select_in(f"{SELECT_SECTION} WHERE sections.id IN ({{}})", missing)
            return {row[0]: section_row(row) for row in rows}

        return self._sections.filled(
            (self.opening, self.generation), ids, read, lasting=self._connection.in_transaction
        )

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

    def copies(self, identity: str) -> list[SectionRow]:
        """The sections of this identity, by file and position: copies of one another."""
        return [
            section_row(row)
            for row in self._connection.execute(
                f"{SELECT_SECTION} WHERE identity = ? ORDER BY path, ordinal", (identity,)
            )
        ]

    def _once(self, name: str, read: Callable[[], V]) -> V:
        """What ``read`` gives, read once a generation. ``name`` tells it from the others."""
        state = (self.opening, self.generation)
        if not self._connection.in_transaction:  # another generation may begin before it is read
            return read()
        held = self._facts.get(name)
        if held is None or held[0] != state:
            held = self._facts[name] = state, read()
        found: V = held[1]
        return found

    def _select_in(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), _PARAMETERS):
            part = values[start : start + _PARAMETERS]
            yield from self._connection.execute(query.format(",".join("?" * len(part))), part)


def _stacked(vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    import numpy as np

    if len({len(vector) for vector in vectors}) > 1:
        raise UnreadableRow("vectors of several lengths")
    return np.stack(vectors)


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file is at ``path``; None where there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino
