"""Which marks are labels: those that run in order, A, B, C or 1, 2, 3, in one alphabet and one punctuation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .labels import BULLET, Mark, Style
from .lines import Line

__all__ = ["Fault", "Run", "find_runs"]

Fault = Literal["", "jump", "duplicate"]


@dataclass(frozen=True, slots=True)
class Run:
    """Labels in order. ``fault``: where they are not, how."""

    style: Style
    marks: tuple[Mark, ...]
    fault: Fault = ""

    @property
    def first(self) -> tuple[int, int]:
        return self.marks[0].line, self.marks[0].start

    @property
    def last(self) -> tuple[int, int]:
        return self.marks[-1].line, self.marks[-1].start


@dataclass(slots=True)
class _Open:
    """A run under construction; ``begun`` counts marks."""

    style: Style
    begun: int
    ordinal: int
    marks: list[Mark]
    fault: Fault = ""

    def add(self, mark: Mark, ordinal: int) -> None:
        self.marks.append(mark)
        self.ordinal = ordinal


#: "A company … / B …" is prose more often than two options.
_PROSE: Final = frozenset({"A", "a", "1", "i", "I"})
_BRACKETS: Final = frozenset({"(", ")"})
_DIGITS: Final = frozenset({"1", "一"})

#: Whether the text from one line up to another asks something.
Asks = Callable[[int, int], bool]


def find_runs(lines: Sequence[Line], marks: Sequence[Mark], asks: Asks) -> tuple[list[Run], list[Run]]:
    """The lists among ``marks`` that stand for themselves, in order, and the single labels that make no list.

    A list inside an option of another one is part of that option. Where every item of a numbered list has a list of
    its own, the numbers are those of questions and the list is left out.
    """
    labelled = [mark for mark in marks if mark.form != BULLET]
    runs, singles = _Builder(labelled, asks).build()
    if not runs:
        # Labels with mixed punctuation: "A. … B) …".
        loose, rest = _Builder(labelled, asks, loose=True).build()
        runs, singles = (loose, rest) if loose else (runs, singles)
    taken = {mark.line for run in runs for mark in run.marks}
    bullets = [mark for mark in marks if mark.form == BULLET and mark.line not in taken]
    runs += _bullet_runs(lines, bullets, taken, asks)
    runs.sort(key=lambda run: run.first)
    return _outermost(lines, runs, asks), singles


class _Builder:
    """One pass over the labelled marks. Linear: each mark looks only at the open runs of its own readings."""

    def __init__(self, marks: Sequence[Mark], asks: Asks, *, loose: bool = False) -> None:
        self._marks = marks
        self._asks = asks
        self._loose = loose
        self._open: dict[Style, _Open] = {}
        self._done: list[_Open] = []
        self._paired = -1
        self._headed = {mark.line for mark in marks if mark.head}
        self._next = self._next_heads()

    def build(self) -> tuple[list[Run], list[Run]]:
        for at, mark in enumerate(self._marks):
            self._take(at, mark)
        self._done.extend(self._open.values())
        runs, singles = list[Run](), list[Run]()
        for found in self._done:
            run = Run(found.style, tuple(found.marks), found.fault)
            few = 3 if found.style[1] == "bare" and found.style[0] in _PROSE else 2
            if len(found.marks) >= few:
                runs.append(run)
            elif len(found.marks) == 1 and found.style[1] != "bare" and found.marks[0].head:
                singles.append(run)
        return runs, singles

    def _styles(self, mark: Mark) -> list[tuple[Style, int]]:
        form = "" if self._loose and mark.form not in ("bare", "table") else mark.form
        return [((alphabet, form), ordinal) for alphabet, ordinal in mark.readings]

    def _next_heads(self) -> list[dict[Style, int]]:
        """For every mark, the ordinal of the head mark that comes next in each of its styles."""
        found: list[dict[Style, int]] = []
        ahead: dict[Style, int] = {}
        for mark in reversed(self._marks):
            styles = self._styles(mark)
            found.append({style: ahead[style] for style, _ in styles if style in ahead})
            if mark.head:
                ahead.update(styles)
        return found[::-1]

    def _take(self, at: int, mark: Mark) -> None:
        styles = self._styles(mark)
        fits = [
            (run, ordinal)
            for style, ordinal in styles
            if (run := self._open.get(style)) and run.ordinal + 1 == ordinal and self._joins(run, at, mark, ordinal)
        ]
        if fits:
            run, ordinal = max(fits, key=lambda fit: (fit[0].marks[-1].line, fit[0].marks[-1].start))
            run.add(mark, ordinal)
            if len(run.marks) == 2:
                self._paired = max(self._paired, run.begun)
            return
        for style, ordinal in styles:
            if ordinal == 1 and (mark.head or (self._opens(at, mark, style) and self._next[at].get(style) != 1)):
                self._start(at, mark, style)
                return
        if mark.head and mark.form != "bare":
            self._misfit(at, mark, styles)

    def _opens(self, at: int, mark: Mark, style: Style) -> bool:
        """Whether a list may begin at ``mark``, within a line: by what is before it, or as more of the list follows."""
        if mark.opens or mark.form == "bare":
            return mark.opens
        ordinals = [
            dict(self._styles(after)).get(style) if after.line == mark.line else None
            for after in self._marks[at + 1 : at + 3]
        ]
        return ordinals[:1] == [2] and (self._marks[at + 1].wide or (ordinals == [2, 3] and mark.form in _BRACKETS))

    def _joins(self, run: _Open, at: int, mark: Mark, ordinal: int) -> bool:
        ahead = self._next[at].get(run.style)
        before = run.marks[-1]
        if mark.head:
            # "3. Which …?" between options 1, 2 and options 1, 2: the number of a question.
            return not (run.style[0] in _DIGITS and ahead == 1 and self._asks(mark.line, mark.line + 1))
        if ahead == ordinal:
            return False
        if before.line != mark.line and (before.line != mark.line - 1 or before.head or mark.line in self._headed):
            return False
        # "D. Use plan E. Then …": prose, when all the labels so far had lines of their own.
        apart = len(run.marks) > 1 and all(label.head for label in run.marks[-2:])
        return mark.wide or not apart

    def _start(self, at: int, mark: Mark, style: Style) -> None:
        old = self._open.pop(style, None)
        fault: Fault = ""
        if old:
            self._done.append(old)
            lone = len(old.marks) == 1 and old.marks[0].head and not old.fault and style[0] not in _DIGITS
            if lone and mark.line == old.marks[0].line + 1:
                fault = "duplicate"
        self._open[style] = _Open(style, at, 1, [mark], fault)

    def _misfit(self, at: int, mark: Mark, styles: list[tuple[Style, int]]) -> None:
        for style, ordinal in styles:
            run = self._open.get(style)
            number = style[0] in _DIGITS
            if run is None:
                if not number and ordinal > 1:
                    self._open[style] = _Open(style, at, ordinal, [mark], "jump")
                    return
            elif not (number and (self._next[at].get(style) == 1 or self._paired > run.begun)):
                run.fault = run.fault or ("duplicate" if ordinal <= run.ordinal else "jump")
                run.add(mark, ordinal)
                return


def _bullet_runs(lines: Sequence[Line], marks: Iterable[Mark], taken: set[int], asks: Asks) -> list[Run]:
    """Runs of list items without labels; deeper items belong to the one above them."""
    found: list[list[Mark]] = [[]]
    for mark in marks:
        held = found[-1]
        if held:
            same = mark.readings == held[0].readings and mark.indent >= held[0].indent
            if not same or _parted(lines, held[-1].line, mark.line, taken, asks):
                found.append([mark])
                continue
            if mark.indent > held[0].indent + 1:
                continue
        held.append(mark)
    return [Run((BULLET, held[0].readings[0][0]), tuple(held)) for held in found if len(held) > 1]


def _parted(lines: Sequence[Line], before: int, after: int, taken: set[int], asks: Asks) -> bool:
    """Whether something other than the rest of an item stands between two items."""
    blank = False
    for index in range(before + 1, after):
        line = lines[index]
        if index in taken:
            return True
        if line.blank:
            blank = True
        elif not line.indent and (blank or asks(index, index + 1)):
            return True
    return False


def _outermost(lines: Sequence[Line], runs: list[Run], asks: Asks) -> list[Run]:
    starts = [run.first for run in runs]
    kept: list[Run] = []
    for at, run in enumerate(runs):
        if kept and _within(lines, kept[-1], run):
            continue
        if run.style[0] in _DIGITS and _numbers_questions(runs, starts, at, asks):
            continue
        kept.append(run)
    return kept


def _within(lines: Sequence[Line], outer: Run, run: Run) -> bool:
    """Whether ``run`` is part of an option of ``outer``, which begins before it."""
    if run.last < outer.last:
        return True
    if outer.first < run.first < outer.last:
        return True
    label, mark = outer.marks[-1], run.marks[0]
    if mark.line == label.line:
        return True
    deeper = mark.head and label.head and mark.indent > label.indent + 1
    return deeper and not any(line.blank or line.indent <= label.indent for line in lines[label.line + 1 : mark.line])


def _numbers_questions(runs: list[Run], starts: list[tuple[int, int]], at: int, asks: Asks) -> bool:
    """Whether the labels of the numbered list ``runs[at]`` are numbers of questions with lists of their own."""
    run = runs[at]
    limits = [(mark.line, mark.start) for mark in run.marks]
    ends = [*limits[1:], (limits[-1][0] + (limits[-1][0] - limits[-2][0]) * 4 + 40, 0)]
    asked = held = 0
    for begin, end in zip(limits, ends, strict=True):
        first = bisect_left(starts, (begin[0], begin[1] + 1))
        inner = first < len(runs) and starts[first] < end and runs[first].style != run.style
        held += inner
        asked += inner and asks(begin[0], runs[first].first[0] + 1)
    if not held or held * 2 < len(run.marks):
        return False
    # A question above the list makes options of its items, whatever lists these hold.
    return asked * 2 >= held or not asks(max(0, limits[0][0] - 4), limits[0][0])
