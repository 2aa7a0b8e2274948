"""Pasted exam text -> questions with their options, and what could not be read as one.

A question is a stem and the last consistent run of labels behind it. What says that a question begins (問1, Q3, a
rule) is believed first; then blank lines and the words of asking tell where one ends and the next begins.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from ...examrecords import ParsedExam
from .answers import Answers
from .asking import asks, instructs, is_true_false
from .blocks import LOOK_BACK, ORDINARY, Block
from .columns import down_columns
from .keys import Note, flashcards, note_on
from .labels import BULLET
from .lines import Line, read_lines
from .numbers import find_numbers
from .pages import without_results
from .parts import Piece, build, is_aside, problem
from .runs import Run
from .starts import Start, find_starts, mark_leading, numbered

__all__ = ["parse_exam"]


def parse_exam(text: str) -> ParsedExam:
    """The questions of ``text`` in their order, and the pieces of it that are no question, with the reason.

    Never raises, and takes time about linear in the length of ``text``. What is neither a question nor looks like
    one (titles, remarks between questions) is left out.
    """
    lines = down_columns(without_results(read_lines(text)))
    notes = {
        index: note for index, line in enumerate(lines) if not (line.blank or line.code) and (note := note_on(line))
    }
    starts = [start for start in find_starts(lines) if start.line not in notes]
    if any(start.asks for start in starts):
        notes = flashcards(lines) | notes
    starts = mark_leading(lines, [*starts, *find_numbers(lines, notes, starts)])
    answers = Answers(lines, notes)
    ends = [*(start.line for start in starts), len(lines)]
    _Reading(answers, 0, ends[0], None).read()
    for start, end in zip(starts, ends[1:], strict=True):
        if not answers.answered(start, end):
            _Reading(answers, start.line, end, start).read()
    answers.finish()
    return ParsedExam(tuple(answers.questions), tuple(sorted(answers.problems, key=lambda found: found.line)))


@dataclass(slots=True)
class _Open:
    """The question under construction: ``begin`` and ``column`` of its stem, its options, the line behind them."""

    begin: int
    column: int
    run: Run
    end: int
    listed: bool = False


class _Reading:
    """The lines from one start to the next, which may hold further questions that don't say that they begin."""

    def __init__(self, answers: Answers, begin: int, end: int, start: Start | None) -> None:
        self._answers = answers
        self._lines: Sequence[Line] = answers.lines
        self._begin, self._end, self._start = begin, end, start
        self._block = Block(answers.lines, answers.notes, begin, end, start)
        self._worded = start is not None and start.worded
        self._open: _Open | None = None
        #: Behind the options, the key and so on of the last question.
        self._at = begin
        self._answering = False
        self._count = 0

    def read(self) -> None:
        runs, singles = self._block.runs()
        events: list[tuple[int, Run | Note]] = [(run.first[0], run) for run in runs]
        first = runs[0].first[0] if runs else self._end
        events += [
            (index, note)
            for index in range(self._begin, self._end)
            if (note := self._answers.notes.get(index)) and (index > first or not runs)
        ]
        events.sort(key=lambda event: event[0])
        for at, (index, event) in enumerate(events):
            if isinstance(event, Run):
                following = next((other for _, other in events[at + 1 : at + 2] if isinstance(other, Run)), None)
                self._take_run(event, following)
            elif index >= self._at:
                self._take_note(index, event)
        self._close()
        if self._answering:
            self._answers.keep(self._at, self._end)
        else:
            self._left_over(self._at, self._end, singles)
        self._answers.finish()

    # -- runs

    def _take_run(self, run: Run, following: Run | None) -> None:
        line = run.first[0]
        if line < self._at:
            return
        if self._open is not None:
            if self._apart(self._open, run, following):
                self._close()
            else:
                self._open.listed = self._open.run.style[0] != BULLET
                self._open.run, self._open.end = run, self._block.options_end(run, following)
                self._at = self._open.end
                return
        begin, column = self._at, 0
        if self._answering:
            split = self._next_stem(run)
            if split is None:
                return
            self._answers.keep(self._at, split)
            begin = split
        elif not self._count and self._start:
            begin, column = self._begin, self._start.rest
        else:
            begin = self._last_numbered(begin, line)
        end = self._block.options_end(run, following)
        self._open = _Open(begin, column, run, end)
        self._at = end
        self._answering = False

    def _apart(self, question: _Open, run: Run, following: Run | None) -> bool:
        """Whether ``run`` belongs to another question than the options before it, rather than being its options."""
        begin, stop = question.end, run.first[0]
        between = [index for index in range(begin, stop) if self._block.is_text(index)]
        if run.first[1] and self._lines[stop].plain[: run.first[1]].strip():
            between.append(stop)
        same = run.style == question.run.style
        if not between:
            return same
        if any(self._block.parts(index, self._lines[index]) for index in range(begin, between[-1])):
            return True
        mark = numbered(self._lines[between[0]])
        if mark:
            return True
        asked = self._block.asks(question.begin, question.run.first[0] + 1)
        asks_again = self._block.asks(between[0], stop + 1)
        blank = begin < len(self._lines) and self._lines[begin].blank
        ordinary = question.run.style[0] in ORDINARY
        if (
            asked
            and blank
            and not asks_again
            and following
            and following.style == question.run.style != run.style
            and self._block.asks(run.last[0] + 1, following.first[0] + 1)
        ):
            # A list in the stem of the next question, whose options look like those of this one.
            return True
        if self._worded and ordinary:
            return asked and asks_again and same and blank
        if asked:
            return same or (asks_again and blank)
        return same and blank and not (asks_again and ordinary)

    def _last_numbered(self, begin: int, end: int) -> int:
        """Where the stem begins when earlier numbered questions in these lines have no options: those are problems."""
        if end - begin > 500:
            return begin
        heads = [
            index
            for index in range(begin, end)
            if numbered(self._lines[index]) and (index == begin or self._lines[index - 1].blank)
        ]
        for head, below in itertools.pairwise(heads):
            if self._block.asks(head, below) and self._block.asks(below, end + 1):
                self._left_over(begin, below, [])
                begin = below
        return begin

    # -- keys and explanations

    def _take_note(self, index: int, note: Note) -> None:
        if note.pointed and (self._open is None or any(map(self._block.is_text, range(self._open.end, index)))):
            return
        if self._open is not None:
            if not note.firm and note.kind == "key" and index < self._open.end:
                return
            self._close()
        elif not self._count and not self._bare_question(index):
            return
        if self._answering:
            self._answers.keep(self._at, index)
        self._answering = True
        self._at = self._answers.note(index, note, self._end)

    def _bare_question(self, end: int) -> bool:
        """Takes the lines before a key for a question without options, if they are one."""
        if end - self._begin >= 200:
            return False
        column = self._start.rest if self._start else 0
        piece = Piece(self._begin, column, None, end, self._start)
        if is_true_false(self._block.text(self._begin, end)):
            self._answers.add(build(self._lines, piece))
            self._count += 1
            return True
        return False

    def _next_stem(self, run: Run) -> int | None:
        """Where the stem of ``run`` begins among the lines that explain the last question; ``None`` if it is part of them."""
        stop = run.first[0]
        begin = max(self._at, stop - LOOK_BACK)
        texts = [index for index in range(begin, stop) if self._block.is_text(index)]
        if not texts:
            return None
        for index in reversed(range(begin, texts[-1])):
            if self._block.parts(index, self._lines[index]):
                return index if not self._worded or self._block.asks(index, stop + 1) else None
        if self._worded:
            return None
        form = numbered(self._lines[self._start.line]) if self._start else None
        for index in reversed(texts):
            mark = numbered(self._lines[index])
            follows = mark is not None and self._follows_number(mark.number)
            if self._start:
                follows = follows and form is not None and mark is not None and mark.form == form.form
            if follows or (mark and not self._start and self._block.asks(index, stop + 1)):
                return index
        heads = [index for index in texts if index > begin and self._lines[index - 1].blank]
        if not heads:
            return None
        explains = self._answers.explains
        if self._block.asks(heads[-1], stop + 1):
            return heads[-1] if explains else heads[0]
        terse = self._answers.of is not None and not asks(self._answers.questions[self._answers.of].stem)
        return heads[0] if terse and not explains else None

    def _follows_number(self, number: str) -> bool:
        of = self._answers.of
        before = self._answers.questions[of].number if of is not None else ""
        return before.isdecimal() and int(number) == int(before) + 1

    # -- what makes no question

    def _close(self) -> None:
        """Hands over the question under construction."""
        question = self._open
        if question is None:
            return
        self._open = None
        last = question.end
        aside = self._lines[last] if last < self._end and is_aside(self._lines[last]) else None
        start = None if self._count else self._start
        self._answers.add(
            build(
                self._lines,
                Piece(
                    question.begin, question.column, question.run, question.end, start, question.listed,
                    aside.raw.strip() if aside else "",
                ),
            )
        )  # fmt: skip
        self._count += 1
        self._at = last + (aside is not None)

    def _left_over(self, begin: int, end: int, singles: Sequence[Run]) -> None:
        """Lines without options of their own: a statement to be judged, a question without options, or a remark."""
        first = not self._count and begin == self._begin
        start = self._start if first else None
        lone = any(begin <= run.first[0] < end for run in singles)
        reason = "one_option" if lone else "no_options"
        if start:
            if not (start.leads and instructs(self._block.text(begin, end))) and not self._bare_question(end):
                self._answers.add(problem(self._lines, begin, end, reason))
            return
        leads = end == self._end < len(self._lines)
        for head, tail in self._block.paragraphs(begin, end):
            text = self._block.text(head, tail)
            if leads and instructs(text):
                continue
            if is_true_false(text):
                self._answers.add(build(self._lines, Piece(head, 0, None, tail)))
            elif self._block.asks(head, tail):
                self._answers.add(problem(self._lines, head, tail, reason))
