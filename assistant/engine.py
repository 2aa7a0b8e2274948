"""The one object that the faces use: a notes folder, its index, and the model, behind a few methods."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Literal

from .answer import Answerer
from .dense import DenseIndex
from .encoder import Encoder
from .errors import UnknownPlace
from .index import NotesIndex
from .limits import checked_question
from .notes import Section, UnreadableNote, read_note, split_lines
from .records import (
    Answer,
    OutlineSection,
    Place,
    Progress,
    RefreshReport,
    SearchResult,
    SectionView,
    SkippedFile,
    SourceLine,
    Status,
)
from .search import Searcher
from .store import Store

__all__ = ["Assistant"]

#: A question that comes this soon after a look at the notes folder does not look again.
_LOOK_SECONDS: Final = 1.0


class Assistant:
    """Answers questions from a folder of notes. Safe to call from several threads.

    The constructor opens the index folder and loads nothing heavy: the model is loaded by the first call that needs
    it. Raises :class:`~assistant.errors.IndexUnusable` when the index folder cannot be used.
    """

    def __init__(self, notes_dir: Path, index_dir: Path, *, model: str | None = None) -> None:
        self.notes_dir = notes_dir
        self.index_dir = index_dir
        self._encoder = Encoder(model)
        self._store = Store(index_dir)
        dense = DenseIndex(self._store)
        self._index = NotesIndex(notes_dir, self._store, dense, self._encoder)
        self._searcher = Searcher(self._store, dense, self._encoder)
        self._answerer = Answerer(self._store, self._searcher)
        self._refreshing = threading.Lock()
        self._looked_at = float("-inf")

    def warm_up(self) -> None:
        """Loads the model now instead of at the first question."""
        self._encoder.warm_up()

    def refresh(self, progress: Callable[[Progress], None] | None = None) -> RefreshReport:
        """Brings the index in step with the notes folder, in one transaction.

        Raises a :class:`~assistant.errors.NotesError` when there is nothing to read; the index keeps what it has.
        """
        with self._refreshing:
            report = self._index.refresh(progress)
            self._looked_at = time.monotonic()
            return report

    def ask(self, question: str) -> Answer:
        """The lines of the notes that answer ``question``, or the statement that they don't.

        Raises :class:`~assistant.errors.RequestError` for an empty or an overlong question.
        """
        begun = time.perf_counter()
        question = self._prepared(question)
        return self._answerer.answer(question, begun)

    def search(self, question: str, k: int = 10) -> SearchResult:
        """The ``k`` best sections with their evidence lines."""
        return self._searcher.search(self._prepared(question), k)

    def _prepared(self, question: str) -> str:
        question = checked_question(question)
        if time.monotonic() - self._looked_at > _LOOK_SECONDS:
            self.refresh()
        return question

    def status(self) -> Status:
        """What is indexed, and how many files have changed since. Loads no model."""
        files, sections, empty, passages = self._store.counts()
        updated = self._store.meta("updated_at")
        rows = self._store.files().values()
        return Status(
            notes_dir=str(self.notes_dir),
            index_dir=str(self.index_dir),
            files=files,
            sections=sections,
            empty_sections=empty,
            passages=passages,
            model=self._encoder.name,
            updated_at=updated if isinstance(updated, str) else None,
            stale_files=self._index.stale_files(),
            skipped=tuple(SkippedFile(row.path, row.problem) for row in rows if row.problem),
        )

    def section_at(self, file: str, line: int) -> SectionView:
        """The section that line ``line`` of ``file`` belongs to. Raises :class:`UnknownPlace`."""
        sections = [row.section for row in self._store.sections_of(file)]
        at = next((i for i, section in enumerate(sections) if section.line_start <= line <= section.line_end), None)
        if at is None:
            raise UnknownPlace(file=file, line=line)
        section = sections[at]
        try:
            lines = split_lines(read_note(self.notes_dir / file))[section.line_start - 1 : section.line_end]
        except (OSError, UnreadableNote) as error:
            raise UnknownPlace(file=file, line=line) from error
        return SectionView(
            file=file,
            heading_path=section.heading_path,
            line_start=section.line_start,
            line_end=section.line_end,
            lines=tuple(SourceLine(number, text) for number, text in enumerate(lines, section.line_start)),
            previous=_place(sections[at - 1]) if at > 0 else None,
            next=_place(sections[at + 1]) if at + 1 < len(sections) else None,
        )

    def outline(self) -> tuple[OutlineSection, ...]:
        """Every section of every file, in order."""
        rows = self._store.all_sections()
        seen: set[str] = set()
        entries = []
        for row in rows:
            section = row.section
            state: Literal["ok", "empty", "image_only", "duplicate"] = "ok"
            if section.image_only:
                state = "image_only"
            elif section.is_empty:
                state = "empty"
            elif row.identity in seen:
                state = "duplicate"
            seen.add(row.identity)
            entries.append(
                OutlineSection(
                    section.file, section.heading_path, section.level, section.line_start, section.line_end, state
                )
            )
        return tuple(entries)

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _place(section: Section) -> Place:
    return Place(section.file, section.line_start, section.line_end)
