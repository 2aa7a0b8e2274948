"""Which bare numbers of a pasted exam are those of its questions: "1. …", "(2) …", "3　…", "[午前 4] …".

A number may as well be that of an option, of an item in a stem, of a page. What tells a question's number is that it
stands above a list of options of its own, and that the next one does so too.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ._examasking import asks, instructs, is_true_false
from ._examkeys import Note
from ._examlabels import BULLET, SYMBOLS, line_marks
from ._examlines import WIDE_STOP, Line
from ._examplain import plain_runs
from ._examruns import Run, find_runs
from ._examstarts import Start, past_remark

__all__ = ["find_numbers"]

#: What numbers of one kind have in common: what stands before, around and behind them.
Key = tuple[str, str, str]

_KANJI: Final = "一二三四五六七八九十"
_HEAD: Final = re.compile(
    r"(?P<margin>[ \t>]{0,8}(?:#{1,6}[ \t]+)?(?:_{2,}[ \t]*|[(\[][ \t]{0,12}[)\]][ \t]*)?)(?P<emphasis>\*{1,3}|__?)?"
    rf"(?P<open>[(\[【〔<]?)(?P<prefix>(?:[^\W\d_{SYMBOLS}]{{2}}[^\d。．.?!:;、,|()\[\]【】〔〕<>]{{0,14}}|[0-9]{{1,3}}[-.])?)"
    rf"(?P<number>[0-9]{{1,4}}|(?<![^\s(\[【〔<])[{_KANJI}](?=[.:、 \t)\]】〕>]))(?P<inner>\*{{1,3}}|__?)?"
    rf"(?P<stop>[ ]?\\?[.:)\]】〕>、](?![0-9])\.?|{WIDE_STOP}|[ \t]+[-–—](?=[ \t])|(?=[ \t]|$))(?P<outer>\*{{1,3}}|__?)?[ \t]*"
)
#: The options of a question begin within so many lines.
_REACH: Final = 40
#: What a list is for is said within so many lines above it.
_ABOVE: Final = 4
_ALONE: Final = "alone"
_BARE: Final = "bare"
_WIDE: Final = "wide"


@dataclass(slots=True)
class _Head:
    """A line that begins with a number, the ``place``-th of its kind. ``run``: the first list below it, before the next number of its kind.

    ``restarts``: the numbers of its kind begin again below it, which makes options of them. ``lists``: how many lists
    of the form of ``run`` are there. ``judged``: the line is a statement that is right or wrong.
    """

    line: int
    key: Key
    number: int
    printed: str
    rest: int
    emphasis: str
    indent: int
    place: int = 0
    run: Run | None = None
    lists: int = 0
    restarts: int | None = None
    judged: bool = False

    @property
    def options(self) -> int | None:
        """The line where its options begin."""
        return self.run.first[0] if self.run else self.line if self.judged else self.restarts


def find_numbers(lines: Sequence[Line], notes: Mapping[int, Note], starts: Sequence[Start]) -> list[Start]:
    """The starts of the questions that only a number announces. ``starts``: those that a word announces."""
    found: list[Start] = []
    begin, worded = 0, False
    for end in (*(start.line for start in starts), len(lines)):
        found += _Stretch(lines, notes, begin, end, worded=worded).starts()
        begin, worded = end + 1, True
    return found


class _Stretch:
    """The lines from ``begin`` up to ``end``. ``worded``: a question that says by a word that it begins is above."""

    def __init__(self, lines: Sequence[Line], notes: Mapping[int, Note], begin: int, end: int, *, worded: bool) -> None:
        self._lines, self._notes = lines, notes
        self._begin, self._end, self._worded = begin, end, worded
        self._noted = next((index for index in range(begin, end) if index in notes), end)

    def starts(self) -> list[Start]:
        kinds: defaultdict[Key, list[_Head]] = defaultdict(list)
        for index in range(self._begin, self._end):
            head = None if index in self._notes else _head(index, self._lines[index])
            if head:
                head.place = len(kinds[head.key])
                kinds[head.key].append(head)
        chosen: dict[int, _Head] = {}
        for key, chain in self._outermost(self._nearest(self._questions(kinds), kinds)):
            if self._are_questions(chain, kinds[key]):
                chosen.update((head.line, head) for head in self._with_neighbours(chain, kinds[key]))
        return [
            Start(line, head.printed, head.rest, head.emphasis, worded=False) for line, head in sorted(chosen.items())
        ]

    def _asks(self, begin: int, end: int) -> bool:
        return asks("\n".join(line.raw[-500:] for line in self._lines[max(begin, self._begin, end - _REACH) : end]))

    def _asks_itself(self, head: _Head) -> bool:
        """Whether the very line asks, without what follows."""
        column = head.run.first[1] if head.run and head.run.first[0] == head.line else None
        return head.judged or asks(self._lines[head.line].raw[head.rest : column])

    def _asked(self, head: _Head) -> bool:
        stop = head.options or head.line
        return self._asks_itself(head) or self._asks(head.line, stop)

    # -- whose the options are

    def _owners(self, heads: Sequence[_Head]) -> list[_Head]:
        """Those of ``heads``, all of one kind, that have options, and are not the last item of a list in a stem."""
        for head, below in itertools.zip_longest(heads, heads[1:]):
            self._look_below(head, below.line if below else self._end)
        found: list[_Head] = []
        listed = 0
        for at, head in enumerate(heads):
            if at < listed:
                continue
            if not head.run and self._counts(heads[at + 1 : at + 3]) and heads[at + 1].line - head.line <= _REACH:
                listed = self._restart(heads, at)
            if head.options is None:
                continue
            before = heads[at - 1] if at else None
            continues = before is not None and before.number == head.number - 1 and before.options is None
            if not continues or (found and found[-1].number == head.number - 1) or self._asks_itself(head):
                found.append(head)
        return found

    def _restart(self, heads: Sequence[_Head], at: int) -> int:
        """Below ``heads[at]`` the numbers begin again: at its options, or at statements above the options of all.

        The place behind the statements, or 0.
        """
        head, last = heads[at], at + 1
        while not heads[last].run and last + 1 < len(heads) and heads[last + 1].number == heads[last].number + 1:
            last += 1
        run = heads[last].run
        if run is None:
            head.restarts = heads[at + 1].line
        elif last > at + 1 and not self._asks_itself(heads[last]):
            head.run, head.lists = run, heads[last].lists
            return last + 1
        return 0

    def _counts(self, heads: Sequence[_Head]) -> bool:
        """Whether the first one is 1 and what follows it, below or on the same line, is 2."""
        if not heads:
            return False
        line = heads[0].line
        if heads[0].number != 1 or (len(heads) > 1 and heads[1].number == 2):
            return heads[0].number == 1
        inline = itertools.islice(line_marks(line, self._lines[line], heads[0].rest), 1)
        return any(("1", 2) in mark.readings for mark in inline)

    def _look_below(self, head: _Head, end: int) -> None:
        end = min(end, head.line + _REACH)
        told = (index for index in range(head.line + 1, end) if self._explains(index))
        end = next(told, end)
        marks = list(line_marks(head.line, self._lines[head.line], head.rest))
        for index in range(head.line + 1, end):
            if not self._lines[index].blank and index not in self._notes:
                marks += line_marks(index, self._lines[index])
        runs = find_runs(self._lines, marks, self._asks)[0] if marks else []
        runs = runs or plain_runs(self._lines, self._notes, head.line, end)
        if runs and (runs[0].style[0] != BULLET or self._asks(head.line, runs[0].first[0])):
            head.run = runs[0]
            head.lists = sum(run.style == runs[0].style for run in runs)
        head.judged = not head.run and is_true_false(self._lines[head.line].raw[head.rest :])

    def _explains(self, index: int) -> bool:
        note = self._notes.get(index)
        return note is not None and note.kind == "explanation"

    def _questions(self, kinds: Mapping[Key, Sequence[_Head]]) -> Iterator[tuple[Key, list[_Head]]]:
        """The chains of each kind that are questions when looked at alone."""
        for key, heads in kinds.items():
            for chain in _chains(self._owners(heads), heads):
                if self._are_questions(chain, heads):
                    yield key, chain

    def _nearest(
        self, chains: Iterable[tuple[Key, list[_Head]]], kinds: Mapping[Key, Sequence[_Head]]
    ) -> Iterator[tuple[Key, list[_Head]]]:
        """``chains`` with each list of options left to the nearest number above it; a mere number comes last."""
        chains = list(chains)
        marked = [head for key, chain in chains for head in chain if key[2] != _BARE]
        places, taken = sorted(head.line for head in marked), {head.options for head in marked}
        for key, chain in chains:
            left = [
                head
                for head in chain
                if ((at := bisect_right(places, head.line)) == len(places) or places[at] > (head.options or 0))
                and (key[2] != _BARE or head.options not in taken)
            ]
            yield from ((key, rest) for rest in _chains(left, kinds[key]))

    def _outermost(self, chains: Iterable[tuple[Key, list[_Head]]]) -> Iterator[tuple[Key, list[_Head]]]:
        """``chains`` without those that stand within a single question of another one, which has options of its own."""
        chains = list(chains)
        heads = sorted((head.line, place) for place, (_, chain) in enumerate(chains) for head in chain)
        for place, (key, chain) in enumerate(chains):
            first, last = chain[0].line, chain[-1].line
            at = bisect_left(heads, (first, place))
            above = heads[at - 1][1] if at else place
            outer = chains[above][1]
            within = above != place and outer[0].line < first and not any(first <= one.line <= last for one in outer)
            if not within or outer[-1].line < first:
                yield key, chain

    # -- whether they are questions

    def _are_questions(self, chain: Sequence[_Head], heads: Sequence[_Head]) -> bool:
        first = chain[0]
        _, prefix, stop = first.key
        if self._worded and (len(chain) == 1 or self._is_taken(first.line)):
            return False
        if any(head.lists > 1 for head in chain):
            return False
        asked = sum(map(self._asked, chain))
        if len(chain) > 1 and asked * 2 >= len(chain):
            return True
        # "3 boxes …", "3.5 m …" and "RAID 5 …" begin a sentence as often.
        told = stop != _BARE or prefix.endswith("-") or (prefix.endswith(".") and len(chain) > 1)
        if self._worded or not told:
            return False
        plain = not prefix or prefix.endswith(("-", "."))
        if len(chain) > 1:
            above = self._asks(max(self._begin, first.line - _ABOVE), first.line)
            return (plain or first.key[0] != "") and _labelled_alike(chain, deeper=not above)
        return (plain or asked == 1) and self._is_introduced(first, heads)

    def _is_taken(self, line: int) -> bool:
        """Whether the question above ``line`` has its options or its key already."""
        if self._noted < line:
            return True
        marks = [
            mark
            for index in range(max(self._begin, line - _REACH), line)
            if not self._lines[index].blank
            for mark in line_marks(index, self._lines[index])
        ]
        return bool(marks) and bool(find_runs(self._lines, marks, self._asks)[0])

    def _is_introduced(self, head: _Head, heads: Sequence[_Head]) -> bool:
        """Whether the only numbered question stands below a title or an instruction, or below one without options."""
        if head.line - self._begin > _REACH:
            return False
        near = [*heads[max(0, head.place - _REACH) : head.place], *heads[head.place + 1 : head.place + _REACH]]
        others = [one for one in near if abs(one.number - head.number) == 1 and abs(one.line - head.line) < _REACH]
        stop = head.options or head.line
        if others and (not self._asks_itself(head) or self._asks(head.line + 1, stop)):
            return False
        above = [index for index in range(self._begin, head.line) if not self._lines[index].blank]
        known = {one.line for one in self._with_neighbours([head], heads)}
        return bool(above) and all(index in known or instructs(self._lines[index].raw) for index in above)

    def _with_neighbours(self, chain: Sequence[_Head], heads: Sequence[_Head]) -> Iterator[_Head]:
        """``chain`` and the questions without options among, before and behind its own."""
        yield from chain
        at = chain[0].place
        following = chain[0]
        for head in reversed(heads[:at]):
            apart = self._lines[following.line - 1].blank and self._asks_itself(following)
            if head.number != following.number - 1 or not (apart or self._asks_itself(head)):
                break
            yield head
            following = head
        ahead = list(reversed(chain))
        last = chain[0].number
        for head in heads[at:]:
            if ahead and head is ahead[-1]:
                ahead.pop()
                last = head.number
            elif ahead:
                if last < head.number < ahead[-1].number and not ahead[-1].restarts:
                    last = head.number
                    yield head
            elif head.number == last + 1 and self._asks_itself(head) and not chain[-1].restarts:
                last = head.number
                yield head
            else:
                break


def _head(index: int, line: Line) -> _Head | None:
    match = None if line.code else _HEAD.match(line.plain)
    if match is None:
        return None
    number = match["number"]
    stop = match["stop"].strip().lstrip("\\").replace(WIDE_STOP, ".")
    if not stop:
        gap = line.raw[match.end("number") : match.end()]
        wide = len(gap) > 1 or gap in ("\t", "\u3000")
        stop = _ALONE if not line.plain[match.end() :].strip() else _WIDE if wide else _BARE
    prefix = match["prefix"].strip()
    printed = line.raw[slice(*match.span("prefix"))] + number
    return _Head(
        index,
        (match["open"], prefix.casefold(), stop),
        _KANJI.index(number) + 1 if number in _KANJI else int(number),
        printed.strip() if prefix else number.lstrip("0") or "0",
        past_remark(line, match.end()),
        "" if match["inner"] or match["outer"] else match["emphasis"] or "",
        line.indent,
    )


def _chains(owners: Sequence[_Head], heads: Sequence[_Head]) -> Iterator[list[_Head]]:
    """``owners`` in pieces within which the numbers count on; one without options may be among ``heads``, between."""
    chain: list[_Head] = []
    for head in owners:
        if chain:
            last = chain[-1]
            missing = {one.number for one in heads[last.place + 1 : head.place]}
            if head.number <= last.number or not missing.issuperset(range(last.number + 1, head.number)):
                yield chain
                chain = []
        chain.append(head)
    if chain:
        yield chain


def _labelled_alike(chain: Sequence[_Head], *, deeper: bool) -> bool:
    """Whether the lists are such as options make, rather than parts of the items of one list. ``deeper``: they may be
    indented below the numbers.
    """
    runs = [(head, head.run) for head in chain if head.run]
    styles = {run.style for _, run in runs}
    if len(styles) > 1 or any(alphabet == BULLET for alphabet, _ in styles):
        return False
    return deeper or not any(run.marks[0].head and run.marks[0].indent > head.indent for head, run in runs)
