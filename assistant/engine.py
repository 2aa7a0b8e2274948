"""The one object that the faces use: a notes folder, its index, and the model, behind a few methods."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Concatenate, Final, Literal, ParamSpec, TypeVar

from .answer import Answerer
from .asking.followup import resolve
from .care.recovery import mend
from .dense import DenseIndex
from .encoder import Encoder
from .errors import AssistantError, IndexDamaged, NotOneQuestion, UnknownChoice, UnknownPlace
from .exam import Examiner, same_label
from .examrecords import CheckedQuestion, ExamQuestion
from .exams.paste.examtext import parse_exam
from .exams.record.examlog import ExamLog
from .folder.standing import standing
from .folder.updating import FolderWatch, Updates
from .index import NotesIndex
from .limits import checked_question
from .model.arenas import few_arenas
from .notes import Section, UnreadableNote, read_note, split_lines
from .records import (
    Answer,
    Freshness,
    OutlineSection,
    Place,
    Progress,
    RefreshReport,
    SearchResult,
    SectionView,
    SourceLine,
    Status,
)
from .search import Searcher
from .storage.soundness import index_error
from .store import Store

__all__ = ["Assistant"]

#: How long a question waits for changes that are being read, where there is something to answer from meanwhile.
_PATIENCE_SECONDS: Final = 1.0

#: An index that is damaged again and again is a disk that fails, and no rebuilding helps.
_MOST_MENDS: Final = 3


_P = ParamSpec("_P")
_T = TypeVar("_T")


def _opened(index_dir: Path) -> tuple[Store, ExamLog]:
    store = Store(index_dir)
    try:
        return store, ExamLog(store)
    except IndexDamaged:
        store.close()
        raise


def _mending(method: Callable[Concatenate[Assistant, _P], _T]) -> Callable[Concatenate[Assistant, _P], _T]:
    """``method``, called once more after the index was mended where it turns out to be damaged."""

    @wraps(method)
    def call(assistant: Assistant, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        opening = assistant._store.opening
        try:
            return method(assistant, *args, **kwargs)
        except IndexDamaged as error:
            assistant._mend(opening, error)
        except sqlite3.Error as error:  # of a look outside of a transaction
            meant = index_error(error, assistant.index_dir)
            if not isinstance(meant, IndexDamaged):
                raise meant from error
            assistant._mend(opening, meant)
        return method(assistant, *args, **kwargs)

    return call


class Assistant:
    """Answers questions from a folder of notes. Safe to call from several threads.

    The constructor opens the index folder and loads nothing heavy: the model is loaded by the first call that needs
    it. Raises :class:`~assistant.errors.IndexUnusable` when the index folder cannot be used.
    """

    def __init__(self, notes_dir: Path, index_dir: Path, *, model: str | None = None) -> None:
        few_arenas()
        self.notes_dir = notes_dir
        self.index_dir = index_dir
        self._encoder = Encoder(model)
        self._mending = threading.Lock()
        self._mends = 0
        try:
            self._store, exams = _opened(index_dir)
        except IndexDamaged:
            mend(index_dir, None)
            self._store, exams = _opened(index_dir)
        #: The record of checked questions.
        self.exams = exams
        dense = DenseIndex(self._store)
        self._index = NotesIndex(notes_dir, self._store, dense, self._encoder)
        self._searcher = Searcher(self._store, dense, self._encoder)
        self._answerer = Answerer(self._store, self._searcher)
        self._examiner = Examiner(self._store, dense, self._encoder)
        #: How many refreshes have changed something, and what the latest of these did.
        self.changes: tuple[int, RefreshReport | None] = (0, None)
        self._refreshing = threading.Lock()
        self._updates = Updates(self.refresh)
        self._watch: FolderWatch | None = None
        self._patience: float | None = None
        self._progress: Progress | None = None

    def _mend(self, opening: int, error: IndexDamaged) -> None:
        """Empties a damaged index, once for all threads that found it so."""
        with self._mending:
            if self._store.opening != opening:
                return
            if self._mends >= _MOST_MENDS:
                raise error
            self._mends += 1
            mend(self.index_dir, self._store.born)
            self._store.reopen()
            self.exams = ExamLog(self._store)
            self._index.looks.changed()

    def warm_up(self) -> None:
        """Loads the model now instead of at the first question, and then looks through the notes for names."""
        self._encoder.warm_up()
        # Not meanwhile: an import lets go of the interpreter at every file, and would wait for it each time.
        threading.Thread(target=self._prepare, name="names", daemon=True).start()

    def _prepare(self) -> None:
        with suppress(AssistantError, sqlite3.Error):  # a question will meet it again, and say so
            self._searcher.prepare()

    @_mending
    def refresh(self, progress: Callable[[Progress], None] | None = None) -> RefreshReport:
        """Brings the index in step with the notes folder, in one transaction.

        Raises a :class:`~assistant.errors.NotesError` when there is nothing to read; the index keeps what it has.
        """

        def note(at: Progress) -> None:
            self._progress = at
            if progress:
                progress(at)

        with self._refreshing:
            try:
                report = self._index.refresh(note)
            finally:
                self._progress = None
            if report.different:
                self.changes = (self.changes[0] + 1, report)
            return report

    @property
    def progress(self) -> Progress | None:
        """How far the refresh that is under way has come, whoever asked for it; None where none is."""
        return self._progress

    @property
    def pending_files(self) -> int:
        """How many files have changed that the refresh under way is reading; 0 where none is."""
        return self._index.pending

    def stay_fresh(self) -> None:
        """For a process that stays: from now on changes are read as soon as they are made, in a thread of its own,
        and a question waits for them a moment only, then is answered from what was read before.
        """

        def lost() -> None:
            self._index.looks.watched = False

        if self._watch is not None:
            return
        self._patience = _PATIENCE_SECONDS
        self._index.looks.watched = True
        self._watch = FolderWatch(self.notes_dir, self.index_dir, self._changed, lost)

    @_mending
    def catch_up(self, progress: Callable[[Progress], None] | None = None) -> Freshness:
        """Brings the index in step as far as a question waits for it.

        Raises what :meth:`refresh` raises.
        """
        # An index that another process has just emptied (see recovery.py) answers nothing.
        due = self._index.looks.due or not self._store.has_notes
        if due and self._patience is None:
            return Freshness(0, self.refresh(progress).skipped)
        run = self._updates.request() if due else self._updates.current
        if run is not None:
            done, _ = wait([run], self._patience if self._store.has_notes else None)
            if done:
                return Freshness(0, run.result().skipped)
        return Freshness(self._index.pending, self._store.skipped())

    def _changed(self) -> None:
        self._index.looks.changed()
        self._updates.request()

    @_mending
    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The lines of the notes that answer ``question``, or the statement that they don't.

        ``history``: the questions before it in the same conversation, oldest first, each as it was understood; with
        them a follow-up question ("では SSE-S3 は？") is understood. Raises :class:`~assistant.errors.RequestError` for
        an empty or an overlong question.
        """
        begun = time.perf_counter()
        question = checked_question(question)
        pending = self.catch_up().pending_files
        whole = resolve(question, history)
        answer = replace(self._answerer.answer(whole, begun), pending_files=pending)
        return answer if whole == question else replace(answer, question=question, understood=whole)

    @_mending
    def search(self, question: str, k: int = 10) -> SearchResult:
        """The ``k`` best sections with their evidence lines."""
        question = checked_question(question)
        pending = self.catch_up().pending_files
        return replace(self._searcher.search(question, k), pending_files=pending)

    def check(self, text: str, yours: Sequence[str] = (), *, record: bool = False) -> CheckedQuestion:
        """Judges the one exam question in ``text`` by the notes. ``yours``: the labels that the person chose.

        With ``record`` it goes to :attr:`exams`. Raises :class:`~assistant.errors.NotOneQuestion` and
        :class:`~assistant.errors.UnknownChoice`.
        """
        exam = parse_exam(checked_question(text))
        if len(exam.questions) > 1:
            raise NotOneQuestion(reason="error.exam.several", count=len(exam.questions))
        if not exam.questions:
            problem = exam.problems[0] if exam.problems else None
            reason = problem.reason if problem else "error.exam.none"
            raise NotOneQuestion(reason=reason, line=problem.line if problem else 1)
        return self.check_question(exam.questions[0], yours, record=record)

    def check_question(
        self, question: ExamQuestion, yours: Sequence[str] = (), *, record: bool = False
    ) -> CheckedQuestion:
        """As :meth:`check`, for a question that was parsed; with ``record`` it goes to :attr:`exams`."""
        return self.check_questions([question], [yours], record=record)[0]

    @_mending
    def check_questions(
        self, questions: Sequence[ExamQuestion], yours: Sequence[Sequence[str]], *, record: bool = False
    ) -> list[CheckedQuestion]:
        """As :meth:`check_question`, several at once, which is faster. ``yours``: for each question its choices."""
        for question, choices in zip(questions, yours, strict=True):
            labels = [option.label for option in question.options]
            for choice in choices:
                if not any(same_label(choice, label) for label in labels):
                    raise UnknownChoice(choice=choice, labels=", ".join(labels))
        self.catch_up()
        checked = self._examiner.check(questions, yours)
        if record:
            for one in checked:
                self.exams.record(one)
        return checked

    @_mending
    def status(self) -> Status:
        """What is indexed, and how many files have changed since. Loads no model."""
        return standing(self._store, self.notes_dir, self._encoder.name)

    @_mending
    def section_at(self, file: str, line: int) -> SectionView:
        """The section that line ``line`` of ``file`` belongs to. Raises :class:`UnknownPlace`."""
        sections = [row.section for row in self._store.sections_of(file)]
        at = next((i for i, section in enumerate(sections) if section.line_start <= line <= section.line_end), None)
        if at is None:
            raise UnknownPlace(file=file, line=line)
        section = sections[at]
        try:
            lines = split_lines(read_note(self.notes_dir / file, within=self.notes_dir))[
                section.line_start - 1 : section.line_end
            ]
        except (OSError, RuntimeError, UnreadableNote) as error:
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

    @_mending
    def outline(self) -> tuple[OutlineSection, ...]:
        """Every section of every file, in order."""
        rows = self._store.all_sections()
        seen: set[str] = set()
        entries = []
        for row, below in zip(rows, [*rows[1:], None], strict=False):
            section = row.section
            state: Literal["ok", "empty", "image_only", "duplicate"] = "ok"
            if section.image_only:
                state = "image_only"
            elif section.is_empty and not (below is not None and below.section.is_part_of(section)):
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
        if self._watch is not None:
            self._watch.close()
        self._store.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _place(section: Section) -> Place:
    return Place(section.file, section.line_start, section.line_end)
