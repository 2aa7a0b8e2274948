"""SQLite holds everything that is known about the notes; the rest is cache.

``storage/schema.py`` has the tables, ``database.py`` opens them, ``reading.py`` reads them, and here they are written.
Another engine can take over behind ``replace_file``, ``delete_files``, ``lexical_candidates`` and ``fetch``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .storage.reading import MEANS, NotesReader
from .storage.recent import Recent
from .storage.rows import FileRow, SectionRow, StoredPassage, pack_encoding, pack_section, pack_spans, vector_key
from .storage.schema import NOTES_TABLES

if TYPE_CHECKING:
    from .encoder import Encoding
    from .notes import Passage, Section
    from .storage.centres import Share

__all__ = ["FileRow", "SectionRow", "Store", "StoredPassage", "vector_key"]

_MEAN_SAMPLE: Final = 2000


class Store(NotesReader):
    """The database in ``folder``. Safe to use from several threads; each gets a connection of its own.

    Raises :class:`IndexUnusable` when the folder cannot be written or the database cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._shares: Recent[bytes, Share] = Recent(_MEAN_SAMPLE)

    def use_model(self, fingerprint: str) -> bool:
        """Makes the store one of this model's; the notes are to be read again if it was another's (false then)."""
        if self.meta("model") == fingerprint:
            return True
        with self.updating():
            for table in NOTES_TABLES:
                self._connection.execute(f"DELETE FROM {table}")
            self.set_meta("model", fingerprint)
        return False

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
        """Files the means of the corpus' vectors, by which late interaction is centred: see ``storage/centres.py``.

        Keys are hashes, so the first ones in order are a random sample, and the same one whatever the history.
        """
        from .storage.centres import LANGUAGES, centres_of, share_of

        def read(keys: list[bytes]) -> dict[bytes, Share]:
            rows = self._select_in(
                "SELECT key, (SELECT text FROM passages WHERE passages.key = vectors.key LIMIT 1), pooled, tokens,"
                " scales, surface, surface_scales FROM vectors WHERE key IN ({})",
                keys,
            )
            return {key: share_of(row) for key, *row in rows}

        query = "SELECT key FROM vectors ORDER BY key LIMIT ?"
        sample = [row[0] for row in self._connection.execute(query, (_MEAN_SAMPLE,))]
        shares = self._shares.filled(self._incarnation, sample, read)
        found = centres_of(shares[key] for key in sample)
        for language in LANGUAGES:
            for view, mean in zip(MEANS, found.get(language, (None, None, None)), strict=True):
                self.set_meta(f"mean_{view}{language}", b"" if mean is None else mean.tobytes())
