"""Keeps the store in step with the notes folder: what changed is read, split, encoded and committed at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .dense import DenseIndex
from .encoder import Encoder
from .errors import NoReadableNotes
from .folder.noterows import content_of, is_unchanged, read_file, section_identity
from .folder.standing import stale_files
from .folder.updating import Looks
from .folder.walking import FoundFile, note_files
from .notes import Passage, Section, parse, passages
from .records import Progress, RefreshReport
from .store import FileRow, Store, vector_key

__all__ = ["NotesIndex"]

#: Passages that are encoded before their vectors are filed: what a crash can cost.
_CHUNK: Final = 256

ProgressCall = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class _Prepared:
    row: FileRow
    sections: tuple[tuple[Section, str, tuple[tuple[Passage, bytes], ...]], ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an update will do.

    ``touched``: files whose size or time is new, but not their content. ``moved`` pairs an old path with a new row.
    """

    replaced: tuple[_Prepared, ...]
    touched: tuple[FileRow, ...]
    moved: tuple[tuple[str, FileRow], ...]
    removed: tuple[str, ...]
    added: int

    @property
    def changes_answers(self) -> bool:
        return bool(self.replaced or self.moved or self.removed)

    def different(self) -> tuple[str, ...]:
        """The files whose content is not what it was, by the paths that they have now, or had."""
        return tuple(
            sorted({*(item.row.path for item in self.replaced), *(row.path for _, row in self.moved), *self.removed})
        )


class NotesIndex:
    """The index over ``folder``. ``refresh`` is to be called by one thread at a time."""

    def __init__(self, folder: Path, store: Store, dense: DenseIndex, encoder: Encoder) -> None:
        self._folder = folder
        self._store = store
        self._dense = dense
        self._encoder = encoder
        #: How many files the refresh that is under way found changed or gone; 0 when what it read is committed.
        self.pending = 0
        #: When a look at the folder is due.
        self.looks = Looks()

    def refresh(self, progress: ProgressCall | None = None) -> RefreshReport:
        """Brings the store in step with the folder, in one transaction.

        Raises :class:`NotesFolderMissing`, :class:`NotesFolderEmpty` or :class:`NoReadableNotes`; in each case the
        store keeps what it has.
        """
        begun = time.perf_counter()
        self.looks.begin()
        try:
            return self._refresh(begun, progress)
        except BaseException:
            self.looks.changed()  # it is due again
            raise
        finally:
            self.pending = 0

    def _refresh(self, begun: float, progress: ProgressCall | None) -> RefreshReport:
        found = note_files(self._folder)
        self.looks.end()
        self._store.use_model(self._encoder.fingerprint)
        plan = self._plan(found, progress)
        encoded = 0
        self._store.touch_files(plan.touched)
        if plan.changes_answers:
            encoded = self._encode(plan, progress)
            if progress:
                progress(Progress("save", 0, 1))
            with self._store.updating():
                self._store.delete_files(plan.removed)
                for old, row in plan.moved:
                    self._store.move_file(old, row)
                for prepared in plan.replaced:
                    self._store.replace_file(prepared.row, prepared.sections)
                self._store.drop_unused_vectors()
                self._store.update_mean_tokens()
                self._store.set_meta("updated_at", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
            if progress:
                progress(Progress("save", 1, 1))
        self._dense.synchronise()
        skipped = self._store.skipped()
        files, sections, _, count = self._store.counts()
        if skipped and not files:
            raise NoReadableNotes(folder=self._folder, skipped=skipped)
        return RefreshReport(
            files=files,
            added=plan.added + len(plan.moved),
            changed=len(plan.replaced) - plan.added,
            removed=len(plan.removed) + len(plan.moved),
            sections=sections,
            passages=count,
            encoded=encoded,
            seconds=time.perf_counter() - begun,
            skipped=skipped,
            different=plan.different(),
        )

    def stale_files(self) -> int:
        """How many files were added, changed or removed since the last refresh."""
        return stale_files(self._store, self._folder)

    # -- deciding what to do

    def _plan(self, found: Sequence[FoundFile], progress: ProgressCall | None) -> _Plan:
        known = self._store.files()
        gone = known.keys() - {item.path for item in found}
        by_content = {known[path].sha256: path for path in gone if known[path].problem is None}
        replaced: list[_Prepared] = []
        touched: list[FileRow] = []
        moved: list[tuple[str, FileRow]] = []
        added = 0
        changed = [item for item in found if item.path not in known or not is_unchanged(item, known[item.path])]
        self.pending = len(changed) + len(gone)
        for count, item in enumerate(changed):
            if progress:
                progress(Progress("read", count, len(changed)))
            row, text = read_file(item)
            before = known.get(item.path)
            if before is not None and content_of(before) == content_of(row):
                touched.append(row)
            elif before is None and row.problem is None and row.sha256 in by_content:
                moved.append((by_content.pop(row.sha256), row))
            else:
                replaced.append(self._prepare(row, text))
                added += before is None
        if progress and changed:
            progress(Progress("read", len(changed), len(changed)))
        away = {old for old, _ in moved}
        return _Plan(tuple(replaced), tuple(touched), tuple(moved), tuple(sorted(gone - away)), added)

    def _prepare(self, row: FileRow, text: str) -> _Prepared:
        if row.problem is not None:
            return _Prepared(row, ())
        limit = self._encoder.token_limit()
        fingerprint = self._encoder.fingerprint

        def count(piece: str) -> int:
            # Hardly a character gives two tokens, so a short text need not be counted.
            return len(piece) if len(piece) < limit // 2 else self._encoder.count_tokens(piece)

        prepared = []
        for section in parse(text, row.path):
            keyed = tuple((p, vector_key(fingerprint, p.text)) for p in passages(section, count, limit))
            prepared.append((section, section_identity(section), keyed))
        return _Prepared(row, tuple(prepared))

    # -- encoding

    def _encode(self, plan: _Plan, progress: ProgressCall | None) -> int:
        texts = {
            key: passage.text
            for prepared in plan.replaced
            for _, _, keyed in prepared.sections
            for passage, key in keyed
        }
        missing = sorted(self._store.missing_vectors(texts.keys()), key=lambda key: (len(texts[key]), key))
        for start in range(0, len(missing), _CHUNK):
            keys = missing[start : start + _CHUNK]

            def report(done: int, start: int = start) -> None:
                if progress:
                    progress(Progress("encode", start + done, len(missing)))

            encodings = self._encoder.encode_passages([texts[key] for key in keys], report)
            self._store.save_vectors(list(zip(keys, encodings, strict=True)))
        return len(missing)
