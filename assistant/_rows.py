"""What the store's rows hold, and how they are packed: records on one side, columns and blobs on the other.

numpy is imported where vectors are touched: what only counts or looks at files does without it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._sections import Passage, Section, Unit, UnitKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .encoder import Encoding

__all__ = [
    "FileRow",
    "SectionRow",
    "StoredPassage",
    "UnreadableRow",
    "dump",
    "pack_encoding",
    "pack_spans",
    "section_row",
    "stored_passage",
    "vector_key",
]


class UnreadableRow(sqlite3.DatabaseError):
    """A row that does not hold what was written into it."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A note file as it was when it was last read, at ``read_ns``. ``problem`` is a message key, or ``None``."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str
    read_ns: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A stored section with its row number."""

    id: int
    identity: str
    section: Section


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its vectors.

    ``tokens``: (n, h) int8 with ``scales`` (n,) float32: token vector = tokens * scale. ``surface``: likewise, from a
    middle layer. ``units``: (n,) int32, the
    unit of the section that each token belongs to, -1 for the heading path, -2 for the prompt and special tokens.
    """

    id: int
    section_id: int
    text: str
    pooled: NDArray[np.float32]
    tokens: NDArray[np.int8]
    scales: NDArray[np.float32]
    surface: NDArray[np.int8]
    surface_scales: NDArray[np.float32]
    units: NDArray[np.int32]


def vector_key(fingerprint: str, text: str) -> bytes:
    """What vectors are filed under: a moved, renamed or repeated text costs no second encoding."""
    return hashlib.sha256(f"{fingerprint}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]


def dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def section_row(row: Sequence[Any]) -> SectionRow:
    """From the columns id, identity, path, and then those of ``sections`` in their order."""
    section_id, identity, path, ordinal, level, named, heading_path, heading_line, start, end, units, images = row
    try:
        section = Section(
            file=path,
            ordinal=ordinal,
            level=level,
            heading_path=tuple(json.loads(heading_path)),
            heading_line=heading_line,
            line_start=start,
            line_end=end,
            units=tuple(Unit(**(unit | {"kind": UnitKind(unit["kind"])})) for unit in json.loads(units)),
            images=tuple(json.loads(images)),
            named=bool(named),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableRow(f"section {section_id}: {error}") from error
    return SectionRow(section_id, identity, section)


def pack_spans(passage: Passage) -> bytes:
    """(spans, 3) int32: first and last character (half-open) and unit."""
    import numpy as np

    return np.array([(span.char_start, span.char_end, span.unit) for span in passage.spans], np.int32).tobytes()


def pack_encoding(encoding: Encoding) -> tuple[bytes, ...]:
    """The columns of ``vectors`` after the key. Character spans are -1 for tokens that are not of the text."""
    import numpy as np

    spans = np.where(encoding.content[:, None], encoding.spans, -1).astype(np.int32)
    pooled = encoding.vector.astype(np.float32)
    return pooled.tobytes(), *_quantise(encoding.tokens), *_quantise(encoding.surface), spans.tobytes()


def _quantise(vectors: NDArray[np.float32]) -> tuple[bytes, bytes]:
    import numpy as np

    scales = np.abs(vectors).max(axis=1) / 127
    rounded = np.rint(vectors / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    return rounded.tobytes(), scales.astype(np.float32).tobytes()


def stored_passage(row: Sequence[Any]) -> StoredPassage:
    """From the columns id, section_id, text, spans of units, and then those of ``vectors`` after the key."""
    import numpy as np

    passage_id, section_id, text, unit_spans, pooled, tokens, scales, surface, surface_scales, token_spans = row
    try:
        scale = np.frombuffer(scales, np.float32)
        return StoredPassage(
            id=passage_id,
            section_id=section_id,
            text=text,
            pooled=np.frombuffer(pooled, np.float32),
            tokens=np.frombuffer(tokens, np.int8).reshape(len(scale), -1),
            scales=scale,
            surface=np.frombuffer(surface, np.int8).reshape(len(scale), -1),
            surface_scales=np.frombuffer(surface_scales, np.float32),
            units=_token_units(
                np.frombuffer(token_spans, np.int32).reshape(-1, 2), np.frombuffer(unit_spans, np.int32).reshape(-1, 3)
            ),
        )
    except (ValueError, TypeError, IndexError) as error:
        raise UnreadableRow(f"passage {passage_id}: {error}") from error


def _token_units(token_spans: NDArray[np.int32], unit_spans: NDArray[np.int32]) -> NDArray[np.int32]:
    """The unit that each token stands in, by the place of its last character; -2 where it is not of the text."""
    import numpy as np

    last = token_spans[:, 1] - 1  # a token's first character can be the line break before it
    row = np.searchsorted(unit_spans[:, 0], last, side="right") - 1
    units = unit_spans[np.maximum(row, 0), 2]
    return np.where(token_spans[:, 1] < 0, -2, units).astype(np.int32)
