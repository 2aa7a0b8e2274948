"""Which bare numbers of a pasted exam are those of its questions: "1. …", "(2) …", "3　…", "[午前 4] …".

A number may as well be that of an option, of an item in a stem, of a page. What tells a question's number is that it
stands above a list of options of its own, and that the next one does so too.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from .asking import asks, instructs, is_true_false
from .heads import BARE, Head, Key, behind_lists, chains, labelled_alike, read_head
from .keys import Note
from .labels import BULLET, Mark, line_marks
from .lines import Line, ends_of
from .plain import plain_runs
from .runs import find_runs
from .starts import Start

__all__ = ["find_numbers"]

#: The options of a question begin within so many lines.
_REACH: Final = 40
#: What a list is for is said within so many lines above it.
_ABOVE: Final = 4


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
        kinds: defaultdict[Key, list[Head]] = defaultdict(list)
        for index in range(self._begin, self._end):
            head = None if index in self._notes else read_head(index, self._lines[index])
            if head:
                head.place = len(kinds[head.key])
                kinds[head.key].append(head)
        chosen: dict[int, Head] = {}
        for key, chain in self._outermost(self._nearest(self._questions(kinds), kinds)):
            if self._are_questions(chain, kinds[key]):
                chosen.update((head.line, head) for head in self._with_neighbours(chain, kinds[key]))
        return [
            Start(line, head.printed, head.rest, head.emphasis, worded=False) for line, head in sorted(chosen.items())
        ]

    def _asks(self, begin: int, end: int) -> bool:
        return asks(ends_of(self._lines[max(begin, self._begin, end - _REACH) : end]))

    def _asks_itself(self, head: Head) -> bool:
        """Whether the very line asks, without what follows."""
        column = head.run.first[1] if head.run and head.run.first[0] == head.line else None
        return head.judged or asks(self._lines[head.line].raw[head.rest : column])

    def _asked(self, head: Head) -> bool:
        stop = head.options or head.line
        return self._asks_itself(head) or self._asks(head.line, stop)

    # -- whose the options are

    def _owners(self, heads: Sequence[Head]) -> list[Head]:
        """Those of ``heads``, all of one kind, that have options, and are not the last item of a list in a stem."""
        for head, below in itertools.zip_longest(heads, heads[1:]):
            self._look_below(head, below.line if below else self._end)
        found: list[Head] = []
        listed = 0
        for at, head in enumerate(heads):
            if at < listed:
                continue
            if not head.run and self._counts(heads[at + 1 : at + 3]) and self._reaches(head, heads[at + 1]):
                listed = self._restart(heads, at)
            if head.options is None:
                continue
            before = heads[at - 1] if at else None
            continues = before is not None and before.number == head.number - 1 and before.options is None
            if not continues or (found and found[-1].number == head.number - 1) or self._asks_itself(head):
                found.append(head)
        return found

    def _reaches(self, head: Head, below: Head) -> bool:
        """Whether nothing parts them: what is numbered behind a key explains it."""
        between = range(head.line + 1, below.line)
        return len(between) < _REACH and not any(index in self._notes for index in between)

    def _restart(self, heads: Sequence[Head], at: int) -> int:
        """Below ``heads[at]`` the numbers begin again: at its options, or at statements above the options of all.

        The place behind the statements, or 0.
        """
        head, last = heads[at], at + 1
        while not heads[last].run and last + 1 < len(heads) and heads[last + 1].number == heads[last].number + 1:
            last += 1
        run = heads[last].run
        if run is None or (last > at + 1 and not self._asks_itself(heads[last])):
            for item in heads[at + 1 : last + 1]:
                item.listed = True
        if run is None:
            head.restarts = heads[at + 1].line
        elif last > at + 1 and not self._asks_itself(heads[last]):
            head.run, head.runs = run, heads[last].runs
            return last + 1
        return 0

    def _counts(self, heads: Sequence[Head]) -> bool:
        """Whether the first one is 1 and what follows it, below or on the same line, is 2."""
        if not heads:
            return False
        line = heads[0].line
        if heads[0].number != 1 or (len(heads) > 1 and heads[1].number == 2):
            return heads[0].number == 1
        inline = itertools.islice(line_marks(line, self._lines[line], heads[0].rest), 1)
        return any(("1", 2) in mark.readings for mark in inline)

    def _look_below(self, head: Head, end: int) -> None:
        end = min(end, head.line + _REACH)
        told = (index for index in range(head.line + 1, end) if self._explains(index))
        end = next(told, end)
        marks = [*line_marks(head.line, self._lines[head.line], head.rest), *self._marks(head.line + 1, end)]
        runs = find_runs(self._lines, marks, self._asks)[0] if marks else []
        runs = runs or plain_runs(self._lines, self._notes, head.line, end)
        head.runs = [run for run in runs if run.style[0] != BULLET or self._asks(head.line, run.first[0])]
        head.run = head.runs[0] if head.runs else None
        head.judged = not head.run and is_true_false(self._lines[head.line].raw[head.rest :])

    def _marks(self, begin: int, end: int) -> Iterator[Mark]:
        for index in range(begin, end):
            if not self._lines[index].blank and index not in self._notes:
                yield from line_marks(index, self._lines[index])

    def _explains(self, index: int) -> bool:
        note = self._notes.get(index)
        return note is not None and note.kind == "explanation"

    def _questions(self, kinds: Mapping[Key, Sequence[Head]]) -> Iterator[tuple[Key, list[Head]]]:
        """The chains of each kind that are questions when looked at alone."""
        for key, heads in kinds.items():
            for chain in chains(self._owners(heads), heads):
                behind_lists(chain)
                if self._are_questions(chain, heads):
                    yield key, chain

    def _explained(self, line: int) -> bool:
        """Whether the line goes on with an explanation, without a blank line between."""
        above = range(line - 1, max(self._begin, line - _REACH) - 1, -1)
        return any(map(self._explains, itertools.takewhile(lambda index: not self._lines[index].blank, above)))

    def _nearest(
        self, found: Iterable[tuple[Key, list[Head]]], kinds: Mapping[Key, Sequence[Head]]
    ) -> Iterator[tuple[Key, list[Head]]]:
        """``found`` with each list of options left to the nearest number above it; a mere number comes last."""
        found = list(found)
        marked = [head for key, chain in found for head in chain if key[2] != BARE]
        places, taken = sorted(head.line for head in marked), {head.options for head in marked}
        for key, chain in found:
            left = [
                head
                for head in chain
                if ((at := bisect_right(places, head.line)) == len(places) or places[at] > (head.options or 0))
                and (key[2] != BARE or head.options not in taken)
            ]
            yield from ((key, rest) for rest in chains(left, kinds[key]))

    def _outermost(self, found: Iterable[tuple[Key, list[Head]]]) -> Iterator[tuple[Key, list[Head]]]:
        """``found`` without those that stand within a single question of another one, which has options of its own."""
        found = list(found)
        heads = sorted((head.line, place) for place, (_, chain) in enumerate(found) for head in chain)
        for place, (key, chain) in enumerate(found):
            first, last = chain[0].line, chain[-1].line
            at = bisect_left(heads, (first, place))
            above = heads[at - 1][1] if at else place
            outer = found[above][1]
            within = above != place and outer[0].line < first and not any(first <= one.line <= last for one in outer)
            if not within or outer[-1].line < first:
                yield key, chain

    # -- whether they are questions

    def _are_questions(self, chain: Sequence[Head], heads: Sequence[Head]) -> bool:
        first = chain[0]
        _, prefix, stop, _ = first.key
        if self._worded and (len(chain) == 1 or self._is_taken(first.line)):
            return False
        if any(head.lists > 1 for head in chain) or (first.number == 1 and self._explained(first.line)):
            return False
        asked = sum(map(self._asked, chain))
        if len(chain) > 1 and asked * 2 >= len(chain):
            return True
        # "3 boxes …", "3.5 m …" and "RAID 5 …" begin a sentence as often.
        told = stop != BARE or prefix.endswith("-") or (prefix.endswith(".") and len(chain) > 1)
        if not told or (self._worded and (len(chain) == 1 or not self._is_instructed(first))):
            return False
        plain = not prefix or prefix.endswith(("-", "."))
        if len(chain) > 1:
            above = self._asks(max(self._begin, first.line - _ABOVE), first.line)
            return (plain or first.key[0].strip("*") != "") and labelled_alike(chain, deeper=not above)
        return (plain or (first.key[0].strip("*") != "" and asked == 1)) and self._is_introduced(first, heads)

    def _is_instructed(self, first: Head) -> bool:
        """Whether what the word announces, above the numbers, only says what to do with these."""
        above = "\n".join(line.raw for line in self._lines[max(self._begin - 1, 0, first.line - _REACH) : first.line])
        return asks(above) and instructs(above)

    def _is_taken(self, line: int) -> bool:
        """Whether the question above ``line`` has its options or its key already."""
        if self._noted < line:
            return True
        marks = list(self._marks(max(self._begin, line - _REACH), line))
        return bool(marks) and bool(find_runs(self._lines, marks, self._asks)[0])

    def _is_introduced(self, head: Head, heads: Sequence[Head]) -> bool:
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
        return all(index in known or instructs(self._lines[index].raw) for index in above)

    def _with_neighbours(self, chain: Sequence[Head], heads: Sequence[Head]) -> Iterator[Head]:
        """``chain`` and the questions without options among, before and behind its own."""
        yield from chain
        at = chain[0].place
        following = chain[0]
        for head in reversed(heads[:at]):
            apart = self._lines[following.line - 1].blank and self._asks_itself(following)
            if head.listed or head.number != following.number - 1 or not (apart or self._asks_itself(head)):
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
                if last < head.number < ahead[-1].number and not head.listed:
                    last = head.number
                    yield head
            elif head.listed:
                continue
            elif head.number == last + 1 and self._asks_itself(head):
                last = head.number
                yield head
            else:
                break
