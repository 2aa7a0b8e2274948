"""The lines of a pasted exam that begin with a number, be it that of a question, an item, or an amount."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .labels import BULLET, SYMBOLS
from .lines import WIDE_STOP, Line
from .runs import Run
from .starts import past_remark

__all__ = ["BARE", "Head", "Key", "behind_lists", "chains", "labelled_alike", "read_head"]

#: What numbers of one kind have in common: what stands before, around and behind them, and whether they are indented.
Key = tuple[str, str, str, bool]

_KANJI: Final = "一二三四五六七八九十"
_HEAD: Final = re.compile(
    r"(?P<margin>[ \t>]{0,8}(?:#{1,6}[ \t]+)?(?:_{2,}[ \t]*|[(\[][ \t]{0,12}[)\]][ \t]*)?)(?P<emphasis>\*{1,3}|__?)?"
    rf"(?P<open>[(\[【〔<]?)(?P<prefix>(?:[^\W\d_{SYMBOLS}]{{2}}[^\d。．.?!:;、,|()\[\]【】〔〕<>]{{0,14}}|[0-9]{{1,3}}[-.])?)"
    rf"(?P<number>[0-9]{{1,4}}|(?<![^\s(\[【〔<])[{_KANJI}](?=[.:、 \t)\]】〕>]))(?P<inner>\*{{1,3}}|__?)?"
    rf"(?P<stop>[ ]?\\?[.:)\]】〕>、](?![0-9])\.?|{WIDE_STOP}|[ \t]+[-–—](?=[ \t])|(?=[ \t]|$))(?P<outer>\*{{1,3}}|__?)?[ \t]*"
)
_ALONE: Final = "alone"
#: The form of a number with nothing but a blank behind it.
BARE: Final = "bare"
_WIDE: Final = "wide"


@dataclass(slots=True)
class Head:
    """A line that begins with a number, the ``place``-th of its kind; ``rest``: the column of what follows it.

    What is found below it, before the next number of its kind: ``runs``, the lists; ``run``, the one that it asks about;
    ``restarts``, the line where the numbers begin again, which makes options of these.
    ``listed``: it is such an option itself, or a statement in a stem. ``judged``: the line is a statement that is right or wrong.
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
    runs: Sequence[Run] = ()
    restarts: int | None = None
    listed: bool = False
    judged: bool = False

    @property
    def lists(self) -> int:
        """How many lists have the form of its own."""
        return sum(run.style == self.run.style for run in self.runs if self.run)

    @property
    def options(self) -> int | None:
        """The line where its options begin."""
        return self.run.first[0] if self.run else self.line if self.judged else self.restarts


def read_head(index: int, line: Line) -> Head | None:
    """The number that ``line`` begins with, as far as the line itself tells."""
    match = None if line.code else _HEAD.match(line.plain)
    if match is None:
        return None
    number = match["number"]
    stop = match["stop"].strip().lstrip("\\").replace(WIDE_STOP, ".")
    if not stop:
        gap = line.raw[match.end("number") : match.end()]
        wide = len(gap) > 1 or gap in ("\t", "\u3000")
        stop = _ALONE if not line.plain[match.end() :].strip() else _WIDE if wide else BARE
    prefix = match["prefix"].strip()
    printed = line.raw[slice(*match.span("prefix"))] + number
    return Head(
        index,
        (
            ("*" if match["emphasis"] or "#" in match["margin"] else "") + match["open"],
            prefix.casefold(),
            stop,
            line.indent > 1,
        ),
        _KANJI.index(number) + 1 if number in _KANJI else int(number),
        printed.strip() if prefix else number.lstrip("0") or "0",
        past_remark(line, match.end()),
        "" if match["inner"] or match["outer"] else match["emphasis"] or "",
        line.indent,
    )


def chains(owners: Sequence[Head], heads: Sequence[Head]) -> Iterator[list[Head]]:
    """``owners`` in pieces within which the numbers count on; one without options may be among ``heads``, between."""
    chain: list[Head] = []
    for head in owners:
        if chain:
            last = chain[-1]
            missing = {one.number for one in heads[last.place + 1 : head.place] if not one.listed}
            if head.number <= last.number or not missing.issuperset(range(last.number + 1, head.number)):
                yield chain
                chain = []
        chain.append(head)
    if chain:
        yield chain


def behind_lists(chain: Sequence[Head]) -> None:
    """Takes the last list of each for its own where only these are alike: the others are parts of stems."""
    owners = [head for head in chain if head.runs]
    first, last = ({head.runs[at].style for head in owners} for at in (0, -1))
    if len(owners) == len(chain) > 1 and len(last) == 1 < len(first):
        for head in owners:
            head.run = head.runs[-1]


def labelled_alike(chain: Sequence[Head], *, deeper: bool) -> bool:
    """Whether the lists are such as options make, rather than parts of the items of one list. ``deeper``: they may be
    indented below the numbers.
    """
    runs = [(head, head.run) for head in chain if head.run]
    styles = {run.style for _, run in runs}
    if len(styles) > 1 or any(alphabet == BULLET for alphabet, _ in styles):
        return False
    return deeper or not any(run.marks[0].head and run.marks[0].indent > head.indent for head, run in runs)
