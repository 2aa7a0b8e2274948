"""The tables of ``notes.db``, and what leads to them from those of an earlier version.

One database has them all:

    files      path, size, mtime_ns, ctime_ns, sha256; ``problem`` where a file could not be read
    sections   heading path, lines and units of every section; ``identity`` is the same for word-for-word copies
    passages   what is encoded: text and, for each unit, where it stands in that text; ``key`` finds the vectors
    vectors    by the hash of (model, text): pooled vector, token vectors of two layers (int8, one scale a token), spans
    lexicon    FTS5 over the passages' terms, pre-split (see ``text.terms``), rowid = passage
    meta       schema, model, generation (one more with each update), the corpus' mean token vectors
    exams      the record of checked questions: not of the notes, so it outlives all the others (see ``examlog.py``)
"""

from __future__ import annotations

from typing import Final

__all__ = ["MIGRATIONS", "NOTES_TABLES", "SCHEMA_VERSION", "SELECT_FILE", "SELECT_SECTION", "TABLES"]

#: Raise when the tables, or what the chunker writes into them, change: an index of another version is rebuilt.
SCHEMA_VERSION: Final = 6

_READ_ANEW: Final = "UPDATE files SET size = -1, sha256 = ''"

#: What leads from an older schema to the next without encoding the notes anew.
MIGRATIONS: Final = {
    2: ("ALTER TABLE files ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0",),
    3: ("ALTER TABLE sections ADD COLUMN checksum INTEGER",),
    # Notes are divided otherwise since: they are read once more, and only what is new in them is encoded.
    4: (_READ_ANEW,),
    5: (_READ_ANEW,),
}

TABLES: Final = (
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
NOTES_TABLES: Final = ("lexicon", "passages", "sections", "files", "vectors")

SELECT_FILE: Final = "SELECT path, size, mtime_ns, ctime_ns, sha256, read_ns, problem FROM files"
SELECT_SECTION: Final = (
    "SELECT sections.id, identity, path, ordinal, level, named, heading_path, heading_line, line_start, line_end,"
    " units, images, checksum FROM sections JOIN files ON files.id = file_id"
)
