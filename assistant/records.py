"""The records that the engine returns and the faces show.

Plain, frozen and free of numbers-crunching: everything here can be imported in a millisecond. Each record that is
part of a contract (JSON on the command line and over HTTP) has a ``to_json`` whose keys are that contract.
Lines are 1-based and inclusive; ``file`` is relative to the notes folder, with ``/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ._json import Json
from .indexrecords import Freshness, Progress, RefreshReport, SkippedFile, Status

__all__ = [
    "Answer",
    "AnswerStatus",
    "Citation",
    "Evidence",
    "Freshness",
    "Hit",
    "OutlineSection",
    "Place",
    "Progress",
    "RefreshReport",
    "SearchResult",
    "SectionView",
    "Side",
    "SkippedFile",
    "SourceLine",
    "Status",
]

Kind = Literal["lookup", "list", "comparison"]
AnswerStatus = Literal["answered", "related", "empty_heading", "not_found"]


@dataclass(frozen=True, slots=True)
class Place:
    """A run of lines in a note file."""

    file: str
    line_start: int
    line_end: int

    def to_json(self) -> Json:
        return {"file": self.file, "line_start": self.line_start, "line_end": self.line_end}


@dataclass(frozen=True, slots=True)
class Citation:
    """Lines that are quoted in an answer; ``also`` holds the other places where the same section stands.

    ``entries``: where the quote is a list or a table, the quotes of its items or rows; for showing them as such.
    ``readings``: where it holds table rows, the same with the name of its column before each cell.
    """

    n: int
    file: str
    line_start: int
    line_end: int
    heading_path: tuple[str, ...]
    quote: str
    score: float
    also: tuple[Place, ...] = ()
    entries: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()

    def to_json(self) -> Json:
        row: Json = {
            "n": self.n,
            "file": self.file,
            "line_start": self.line_start,
            "line_end": self.line_end,
            "heading_path": list(self.heading_path),
            "quote": self.quote,
            "score": round(self.score, 4),
        }
        if self.also:
            row["also"] = [place.to_json() for place in self.also]
        return row


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its name as asked, and the numbers of the citations that speak of it.

    ``differs``: the ranges of characters (from, up to) in which the quote of the first citation of its own differs
    from those of the other sides; empty where all is different.
    """

    name: str
    citations: tuple[int, ...]
    differs: tuple[tuple[int, int], ...] = ()

    def to_json(self) -> Json:
        row: Json = {"name": self.name, "citations": list(self.citations)}
        if self.differs:
            row["differs"] = [list(span) for span in self.differs]
        return row


@dataclass(frozen=True, slots=True)
class Answer:
    """What the notes say to one question. ``text`` is Markdown with ``[1]`` markers that point into ``citations``.

    ``understood``: what a follow-up question was taken to mean; empty where the question stands by itself.
    ``unknown``: where the notes do not answer, the names in the question that they have nowhere, as they are written.
    ``pending_files``: how many files have changed that were still being read, so that this is from before.
    """

    question: str
    kind: Kind
    status: AnswerStatus
    support: float
    text: str
    citations: tuple[Citation, ...] = ()
    related: tuple[Citation, ...] = ()
    sides: tuple[Side, ...] = ()
    elapsed_ms: int = 0
    understood: str = ""
    unknown: tuple[str, ...] = ()
    pending_files: int = 0

    def to_json(self, request_id: Any = None) -> Json:
        row: Json = {
            "id": request_id,
            "question": self.question,
            "kind": self.kind,
            "status": self.status,
            "support": round(self.support, 4),
            "answer": self.text,
        }
        if self.kind == "comparison":
            row["sides"] = [side.to_json() for side in self.sides]
        row["citations"] = [citation.to_json() for citation in self.citations]
        row["related"] = [citation.to_json() for citation in self.related]
        if self.understood:
            row["understood"] = self.understood
        if self.unknown:
            row["unknown"] = list(self.unknown)
        if self.pending_files:
            row["pending_files"] = self.pending_files
        row["elapsed_ms"] = self.elapsed_ms
        return row


@dataclass(frozen=True, slots=True)
class Evidence:
    """The lines of a section that speak to the question, best first."""

    line_start: int
    line_end: int
    quote: str
    score: float

    def to_json(self) -> Json:
        return {
            "line_start": self.line_start,
            "line_end": self.line_end,
            "quote": self.quote,
            "score": round(self.score, 4),
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked section: its lines include its heading and its own body, not its sub-sections."""

    rank: int
    file: str
    line_start: int
    line_end: int
    heading_path: tuple[str, ...]
    text: str
    score: float
    evidence: tuple[Evidence, ...]
    also: tuple[Place, ...] = ()

    def to_json(self) -> Json:
        row: Json = {
            "rank": self.rank,
            "file": self.file,
            "line_start": self.line_start,
            "line_end": self.line_end,
            "heading_path": list(self.heading_path),
            "text": self.text,
            "score": round(self.score, 4),
            "evidence": [item.to_json() for item in self.evidence],
        }
        if self.also:
            row["also"] = [place.to_json() for place in self.also]
        return row


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``pending_files``: as in ``Answer``."""

    question: str
    hits: tuple[Hit, ...]
    pending_files: int = 0

    def to_json(self, request_id: Any = None) -> Json:
        row: Json = {} if request_id is None else {"id": request_id}
        row |= {"question": self.question, "hits": [hit.to_json() for hit in self.hits]}
        if self.pending_files:
            row["pending_files"] = self.pending_files
        return row


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a note file as it stands there (without its line break)."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section to be shown: its source lines, and where the sections before and after it begin."""

    file: str
    heading_path: tuple[str, ...]
    line_start: int
    line_end: int
    lines: tuple[SourceLine, ...]
    previous: Place | None
    next: Place | None

    def to_json(self) -> Json:
        return {
            "file": self.file,
            "heading_path": list(self.heading_path),
            "line_start": self.line_start,
            "line_end": self.line_end,
            "lines": [{"number": line.number, "text": line.text} for line in self.lines],
            "previous": self.previous.to_json() if self.previous else None,
            "next": self.next.to_json() if self.next else None,
        }


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """A line of the notes' outline."""

    file: str
    heading_path: tuple[str, ...]
    level: int
    line_start: int
    line_end: int
    state: Literal["ok", "empty", "image_only", "duplicate"]
