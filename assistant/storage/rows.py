"""What the store's rows hold, and how they are packed: records on one side, columns and blobs on the other.

numpy is imported where vectors are touched: what only counts or looks at files does without it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from ..markdown.sections import Passage, Section, Unit, UnitKind
from .soundness import UnreadableRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..encoder import Encoding

__all__ = [
    "FileRow",
    "SectionRow",
    "StoredPassage",
    "dump",
    "file_row",
    "pack_encoding",
    "pack_section",
    "pack_spans",
    "section_row",
    "stored_passages",
    "tokens_of",
    "vector_key",
    "vector_of",
]

#: In bytes.
_SPAN: Final = 2 * 4
_UNIT_SPAN: Final = 3 * 4


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
    middle layer. ``token_spans``: (n, 2) int32, packed as :func:`pack_encoding` does. ``unit_spans``: (spans, 3) int32,
    as :func:`pack_spans` does; most passages that are met are not looked into, so neither is unpacked before.
    """

    id: int
    section_id: int
    text: str
    pooled: NDArray[np.float32]
    tokens: NDArray[np.int8]
    scales: NDArray[np.float32]
    surface: NDArray[np.int8]
    surface_scales: NDArray[np.float32]
    token_spans: bytes
    unit_spans: bytes

    @property
    def units(self) -> NDArray[np.int32]:
        """(n,) int32, the unit of the section that each token stands in, by the place of its last character.

        -1 for the heading path, -2 for the prompt and special tokens.
        """
        import numpy as np

        ends = np.frombuffer(self.token_spans, np.int32)[1::2]
        spans = np.frombuffer(self.unit_spans, np.int32).reshape(-1, 3)
        # A token's first character can be the line break before it.
        row = np.searchsorted(spans[:, 0], ends - 1, side="right") - 1
        return np.where(ends < 0, -2, spans[np.maximum(row, 0), 2]).astype(np.int32)


def vector_key(fingerprint: str, text: str) -> bytes:
    """What vectors are filed under: a moved, renamed or repeated text costs no second encoding."""
    import hashlib

    return hashlib.sha256(f"{fingerprint}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]


def dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def file_row(row: Sequence[Any]) -> FileRow:
    """From the columns of ``files`` in the order of the record's fields."""
    path, size, mtime_ns, ctime_ns, sha256, read_ns, problem = row
    numbers = (size, mtime_ns, ctime_ns, read_ns)
    if not all(type(value) is int for value in numbers) or not isinstance(problem, str | None):
        raise UnreadableRow(f"file {path}")
    return FileRow(path, size, mtime_ns, ctime_ns, sha256, read_ns, problem)


def pack_section(section: Section) -> tuple[Any, ...]:
    """The columns of ``sections`` from ``ordinal`` on, the last a checksum over the others."""
    columns = (
        section.ordinal,
        section.level,
        int(section.named),
        dump(section.heading_path),
        section.heading_line,
        section.line_start,
        section.line_end,
        dump([asdict(unit) for unit in section.units]),
        dump(section.images),
    )
    return *columns, _checksum(columns)


def _checksum(columns: Sequence[object]) -> int:
    return zlib.crc32(dump(columns).encode())


def section_row(row: Sequence[Any]) -> SectionRow:
    """From the columns id, identity, path, and then those of :func:`pack_section`.

    A quote that lost a bit is not shown: the checksum tells. It is NULL in rows of before there was one.
    """
    section_id, identity, path, *columns, checksum = row
    ordinal, level, named, heading_path, heading_line, start, end, units, images = columns
    try:
        if checksum is not None and checksum != _checksum(columns):
            raise ValueError("checksum")
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


def stored_passages(rows: Iterable[Sequence[Any]]) -> list[StoredPassage]:
    """From the columns id, section_id, text, spans of units, and then those of ``vectors`` after the key."""
    import numpy as np

    found = [_stored_passage(row) for row in rows]
    try:  # all at once: a hundred looks at small arrays take longer than reading them
        for largest, parts in (
            (1.0, [passage.pooled for passage in found]),
            (1 / 127, [passage.scales for passage in found]),
            (1 / 127, [passage.surface_scales for passage in found]),
        ):
            _bounded(np.concatenate(parts) if parts else np.zeros(0, np.float32), largest)
    except ValueError as error:
        raise UnreadableRow(f"vectors of passages: {error}") from error
    return found


def _stored_passage(row: Sequence[Any]) -> StoredPassage:
    import numpy as np

    passage_id, section_id, text, unit_spans, pooled, tokens, scales, surface, surface_scales, token_spans = row
    try:
        token_rows, token_scales = _tokens(tokens, scales)
        surface_rows, surface_row_scales = _tokens(surface, surface_scales)
        if not isinstance(token_spans, bytes) or not isinstance(unit_spans, bytes):
            raise ValueError("no spans")
        if not len(token_spans) == _SPAN * len(token_scales) == _SPAN * len(surface_row_scales):
            raise ValueError("not as many as there are tokens")
        if not unit_spans or len(unit_spans) % _UNIT_SPAN:
            raise ValueError("spans of no units")
        return StoredPassage(
            passage_id,
            section_id,
            text,
            np.frombuffer(pooled, np.float32),
            token_rows,
            token_scales,
            surface_rows,
            surface_row_scales,
            token_spans,
            unit_spans,
        )
    except (ValueError, TypeError) as error:
        raise UnreadableRow(f"passage {passage_id}: {error}") from error


def vector_of(value: object) -> NDArray[np.float32]:
    """(h,) float32, of length 1 or a mean of such; empty where nothing was filed."""
    import numpy as np

    try:
        return _bounded(np.frombuffer(value if isinstance(value, bytes) else b"", np.float32), 1.0)
    except ValueError as error:
        raise UnreadableRow(f"vector: {error}") from error


def tokens_of(tokens: object, scales: object) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(n, h) int8 and (n,) float32: what each token's vector is multiplied by."""
    try:
        rows, scale = _tokens(tokens, scales)
        return rows, _bounded(scale, 1 / 127)
    except ValueError as error:
        raise UnreadableRow(f"token vectors: {error}") from error


def _tokens(tokens: object, scales: object) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    import numpy as np

    if not isinstance(tokens, bytes) or not isinstance(scales, bytes) or not tokens:
        raise ValueError("no vectors")
    scale = np.frombuffer(scales, np.float32)
    return np.frombuffer(tokens, np.int8).reshape(len(scale), -1), scale


def _bounded(values: NDArray[np.float32], largest: float) -> NDArray[np.float32]:
    """``values``, none of which a vector of length 1 makes larger than ``largest``. One NaN would rank everything."""
    if len(values) and not max(values.max(), -values.min()) <= largest * 1.001:
        raise ValueError("out of range")
    return values
