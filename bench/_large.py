"""Fills an index with any number of sections, through the store's own interface, without encoding each.

The notes are those of ``generate``. One file of each shape is encoded; the others of that shape have other words of
the same lengths, so that the token vectors, which are taken from the encoded file, keep their places in the text.
Pooled vectors are moved at random, by about as much as those of two sections of the same heading differ. Everything
else (sections, terms, units, keys) is made from the text as always. What is measured with such an index is time and
memory; for quality, real notes are needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.encoder import Encoder, Encoding
from assistant.folder.noterows import section_identity
from assistant.notes import Passage, Section, parse, passages
from assistant.store import FileRow, Store, vector_key

from .generate import Notes

__all__ = ["SECTIONS_PER_FILE", "SHAPES", "fill", "texts"]

SHAPES: Final = 50
SECTIONS_PER_FILE: Final = 20
_FILES_AT_ONCE: Final = 100
#: Length of the random part of a pooled vector, whose own length is 1.
_NOISE: Final = 0.35

Split = list[tuple[Section, list[Passage]]]


def texts(sections: int, sections_per_file: int = SECTIONS_PER_FILE) -> Iterator[tuple[str, str]]:
    """Path and text of the files that together have about ``sections`` sections."""
    notes = Notes(sections_per_file)
    for number in range(-(-sections // (sections_per_file + 1))):
        path = f"{number // 100:04d}/{number:06d}.md"
        yield path, notes.file(number % SHAPES, number // SHAPES)


def fill(store: Store, encoder: Encoder, sections: int, sections_per_file: int = SECTIONS_PER_FILE) -> None:
    """Puts about ``sections`` sections into an empty ``store``."""
    limit = encoder.token_limit()
    rng = np.random.default_rng(0)
    base: dict[tuple[int, int, int], Encoding] = {}
    store.use_model(encoder.fingerprint)
    batch: list[tuple[str, str, Split]] = []
    for number, (path, text) in enumerate(texts(sections, sections_per_file)):
        split: Split = [(section, list(passages(section, len, limit))) for section in parse(text, path)]
        places = [(at, n) for at, (_, parts) in enumerate(split) for n in range(len(parts))]
        shape = number % SHAPES
        if number < SHAPES:
            encoded = encoder.encode_passages([split[at][1][n].text for at, n in places])
            base |= {(shape, *place): encoding for place, encoding in zip(places, encoded, strict=True)}
        batch.append((path, text, split))
        if len(batch) == _FILES_AT_ONCE:
            _store(store, encoder.fingerprint, batch, base, number + 1 - len(batch), rng)
            batch = []
    _store(store, encoder.fingerprint, batch, base, -(-sections // (sections_per_file + 1)) - len(batch), rng)
    with store.updating():
        store.update_mean_tokens()
        store.set_meta("updated_at", "2000-01-01T00:00:00Z")


def _store(
    store: Store,
    fingerprint: str,
    batch: list[tuple[str, str, Split]],
    base: dict[tuple[int, int, int], Encoding],
    first: int,
    rng: np.random.Generator,
) -> None:
    for number, (_, _, split) in enumerate(batch, start=first):
        rows = []
        for at, (_, parts) in enumerate(split):
            for n, passage in enumerate(parts):
                encoding = base[number % SHAPES, at, n]
                if number >= SHAPES:
                    encoding = replace(encoding, vector=_moved(encoding.vector, rng))
                rows.append((vector_key(fingerprint, passage.text), encoding))
        store.save_vectors(rows)
    with store.updating():
        for path, text, split in batch:
            data = text.encode()
            row = FileRow(path, len(data), 1, 1, hashlib.sha256(data).hexdigest(), 2)
            filed = [
                (s, section_identity(s), [(p, vector_key(fingerprint, p.text)) for p in parts]) for s, parts in split
            ]
            store.replace_file(row, filed)


def _moved(vector: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    noise = rng.standard_normal(len(vector), np.float32)
    moved = vector + _NOISE * noise / np.linalg.norm(noise)
    return np.asarray(moved / np.linalg.norm(moved), np.float32)
