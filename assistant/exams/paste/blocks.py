"""The lines between two places where a question says that it begins: which of them are options, text, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .asking import asks
from .keys import Note
from .labels import BULLET, Mark, line_marks
from .lines import Line, ends_of
from .parts import is_aside
from .plain import plain_runs
from .runs import Run, find_runs
from .starts import Start, heading_text, is_header, is_separator, numbered

__all__ = ["LOOK_BACK", "ORDINARY", "Block"]

#: To see what a text asks, no more lines of it are read.
LOOK_BACK: Final = 60
#: Lists that more often say what is required than what there is to choose from.
ORDINARY: Final = frozenset({"1", "一", BULLET})


class Block:
    """The lines from ``begin`` up to ``end``. ``start``: how the question at their head says that it begins."""

    def __init__(
        self, lines: Sequence[Line], notes: Mapping[int, Note], begin: int, end: int, start: Start | None
    ) -> None:
        self._lines, self._notes = lines, notes
        self._begin, self._end, self._start = begin, end, start

    def runs(self) -> tuple[list[Run], list[Run]]:
        """The runs of every stretch between rules, headings, keys and explanations, and the single labels."""
        runs, singles = list[Run](), list[Run]()
        marks: list[Mark] = []
        for index in range(self._begin, self._end + 1):
            line = self._lines[index] if index < self._end else None
            if line is not None and not self.parts(index, line):
                if not line.blank:
                    column = self._start.rest if self._start and index == self._start.line else 0
                    marks.extend(line_marks(index, line, column))
                continue
            if marks:
                found, rest = find_runs(self._lines, marks, self.asks)
                runs += found
                singles += rest
                marks = []
        if not runs:
            plain = plain_runs(self._lines, self._notes, self._begin, self._end)
            runs = [run for run in plain if all(single.first < run.first for single in singles)]
        return runs, singles

    def parts(self, index: int, line: Line) -> bool:
        """Whether the line ends what is above it: a rule, a heading, a key, an explanation."""
        if self._start and index == self._start.line:
            return False
        note = self._notes.get(index)
        return (note is not None and note.firm) or is_separator(line) or heading_text(line) is not None

    def asks(self, begin: int, end: int) -> bool:
        """Whether the lines from ``begin`` up to ``end`` ask something at their end."""
        first = max(begin, end - LOOK_BACK, self._begin)
        return asks(ends_of(self._lines[first:end]))

    def text(self, begin: int, end: int) -> str:
        """The lines as they are."""
        return "\n".join(line.raw for line in self._lines[begin:end])

    def is_text(self, index: int) -> bool:
        """Whether the line says anything itself."""
        line = self._lines[index]
        return not (line.blank or is_header(line) or is_separator(line))

    def options_end(self, run: Run, following: Run | None) -> int:
        """The line behind the last option: up to a blank line, a rule, a note, or the stem of the next question."""
        last = run.marks[-1]
        index = last.line + 1
        limit = following.first[0] if following else self._end
        if not self._lines[last.line].plain[last.end :].strip(" |*_"):
            while index < limit and self._lines[index].blank:
                index += 1
        begin = index
        while index < limit and not self._stops(index, run, following) and not self._is_page(index, begin, last):
            index += 1
        if following and index == limit and index > begin:
            # The next stem follows without a blank line: the last option is no longer than the others.
            sizes = [after.line - mark.line - 1 for mark, after in zip(run.marks, run.marks[1:], strict=False)]
            inline = self._lines[limit].plain[: following.first[1]].strip() != ""
            index = min(begin + max(0, *sizes), limit if inline else limit - 1)
        return index

    def _stops(self, index: int, run: Run, following: Run | None) -> bool:
        line = self._lines[index]
        if line.blank or self.parts(index, line) or index in self._notes or is_aside(line):
            return True
        return following is not None and run.style[0] not in ORDINARY and numbered(line) is not None

    def _is_page(self, index: int, begin: int, last: Mark) -> bool:
        """Whether the line is a mere number between the options that are read, and the start of the next question."""
        told = index > begin or self._lines[last.line].plain[last.end :].strip() != ""
        ends = self._end < len(self._lines) and all(line.blank for line in self._lines[index + 1 : self._end])
        return told and ends and self._lines[index].plain.strip().isdecimal()

    def paragraphs(self, begin: int, end: int) -> list[tuple[int, int]]:
        """First line of each, and the line behind it."""
        found: list[tuple[int, int]] = []
        head: int | None = None
        for index in range(begin, end + 1):
            text = index < end and self.is_text(index)
            if text and head is None:
                head = index
            elif not text and head is not None:
                found.append((head, index))
                head = None
        return found
