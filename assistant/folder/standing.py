"""How an index stands: what is in it, and how many files have changed since. Loads neither the model nor numpy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..errors import NotesError
from ..indexrecords import Status
from ..storage.rows import FileRow
from ..store import Store
from .noterows import content_of, is_unchanged, read_file
from .walking import note_files

__all__ = ["count_changed", "stale_files", "standing"]


def standing(store: Store, notes_dir: Path, model: str) -> Status:
    """``model``: the name of the one in use."""
    with store.reading():
        files, sections, empty, passages = store.counts()
        updated = store.meta("updated_at")
        skipped = store.skipped()
    return Status(
        notes_dir=str(notes_dir),
        index_dir=str(store.folder),
        files=files,
        sections=sections,
        empty_sections=empty,
        passages=passages,
        model=model,
        updated_at=updated if isinstance(updated, str) else None,
        stale_files=stale_files(store, notes_dir),
        skipped=skipped,
    )


def stale_files(store: Store, notes_dir: Path) -> int:
    """How many files were added, changed or removed since the last refresh."""
    with store.reading():
        known = store.files()
    return count_changed(known, notes_dir)


def count_changed(known: Mapping[str, FileRow], notes_dir: Path) -> int:
    """How many files were added, changed or removed since they were as in ``known``."""
    try:
        found = {item.path: item for item in note_files(notes_dir)}
    except NotesError:
        found = {}
    changed = sum(
        path not in known
        or (not is_unchanged(item, known[path]) and content_of(read_file(item)[0]) != content_of(known[path]))
        for path, item in found.items()
    )
    return changed + len(known.keys() - found.keys())
