"""The records of an index: how it stands, and what a refresh does.

Apart from the records of answers (``records.py``, which passes them on) for whoever needs no more: making the classes
is a good part of a short command's time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ._json import Json

__all__ = ["Freshness", "Progress", "RefreshReport", "SkippedFile", "Status"]


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not read, or only in part, and why (a key of the message catalogue)."""

    file: str
    reason: str

    def to_json(self) -> Json:
        return {"file": self.file, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Status:
    notes_dir: str
    index_dir: str
    files: int
    sections: int
    empty_sections: int
    passages: int
    model: str
    updated_at: str | None
    stale_files: int
    skipped: tuple[SkippedFile, ...] = ()

    def to_json(self) -> Json:
        return {
            "notes_dir": self.notes_dir,
            "index_dir": self.index_dir,
            "files": self.files,
            "sections": self.sections,
            "empty_sections": self.empty_sections,
            "passages": self.passages,
            "model": self.model,
            "updated_at": self.updated_at,
            "stale_files": self.stale_files,
            "skipped_files": [item.to_json() for item in self.skipped],
        }


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far an index is behind its notes: ``pending_files`` have changed and are being read."""

    pending_files: int
    skipped: tuple[SkippedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What one refresh of the index did. ``encoded`` counts passages that went through the model.

    ``different``: the files that were added, changed, moved or removed.
    """

    files: int
    added: int
    changed: int
    removed: int
    sections: int
    passages: int
    encoded: int
    seconds: float
    skipped: tuple[SkippedFile, ...] = ()
    different: tuple[str, ...] = ()

    def to_json(self) -> Json:
        return {
            "files": self.files,
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "sections": self.sections,
            "passages": self.passages,
            "encoded": self.encoded,
            "seconds": round(self.seconds, 3),
            "skipped_files": [item.to_json() for item in self.skipped],
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """A refresh under way: ``stage`` is ``read``, ``encode`` or ``save``; ``done`` of ``total`` units of it."""

    stage: Literal["read", "encode", "save"]
    done: int
    total: int
