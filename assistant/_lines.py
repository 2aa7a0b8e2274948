"""Single lines of the notes, each under its headings, as several texts meet them at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from .encoder import Encoding
from .notes import Unit, UnitKind
from .store import SectionRow, Store, StoredPassage
from .text import terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Line", "Lines"]

#: A word that only the heading has counts this much: lines under one heading differ in their own words.
_HEADING: Final = 0.8
#: The middle layer's share, beside the last one's.
_SURFACE: Final = 0.25
_HEADING_TOKEN: Final = -1
#: What stands before the first of these is what a line is about.
_AFTER_SUBJECT: Final = re.compile(r"とは|は|：|:|－| - |―|—|＝|=| is | are |…")
_IN_BRACKETS: Final = re.compile(r"[（(][^）)]*[）)]?")
_LONGEST_OPENING: Final = 80


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a section that can be quoted."""

    row: SectionRow
    index: int

    @property
    def unit(self) -> Unit:
        return self.row.section.units[self.index]

    @property
    def leaf(self) -> str:
        path = self.row.section.heading_path
        return path[-1] if path else ""

    @property
    def opening(self) -> str:
        """How the line begins, up to where it says something of its subject; of a table's row the first cell."""
        text = self.unit.text
        if self.unit.kind is UnitKind.ROW:
            text = text.split(" | ", 1)[0].split(": ", 1)[-1]
        return _AFTER_SUBJECT.split(text, maxsplit=1)[0][:_LONGEST_OPENING]

    @property
    def subject(self) -> str:
        """The opening without what it has in brackets."""
        return _IN_BRACKETS.sub("", self.opening).strip()

    @property
    def path(self) -> str:
        return " ".join(self.row.section.heading_path)


class Lines:
    """The lines of the passages ``ids``; of word-for-word copies of a section only the first one's.

    Call within ``store.reading()``.
    """

    def __init__(self, store: Store, ids: Sequence[int]) -> None:
        passages = store.fetch(ids)
        rows = store.sections(sorted({passage.section_id for passage in passages}))
        last, middle = store.mean_tokens()
        self.lines: list[Line] = []
        self._last, self._middle = _View(last), _View(middle)
        owner: dict[str, int] = {}
        for passage in passages:
            row = rows[passage.section_id]
            if owner.setdefault(row.identity, row.id) == row.id:
                self._add(row, passage)
        self._last.close()
        self._middle.close()
        #: for each line the lexical terms of it and of its headings
        self.terms = [frozenset(terms(f"{line.path} {line.unit.text}")) for line in self.lines]

    def _add(self, row: SectionRow, passage: StoredPassage) -> None:
        heading = passage.units == _HEADING_TOKEN
        views = (
            (self._last, passage.tokens, passage.scales),
            (self._middle, passage.surface, passage.surface_scales),
        )
        for index in np.unique(passage.units[passage.units >= 0]).tolist():
            if row.section.units[index].kind in (UnitKind.TABLE_HEADER, UnitKind.IMAGE):
                continue
            for view, tokens, scales in views:
                view.add(tokens, scales, passage.units == index, heading, passage.id)
            self.lines.append(Line(row, index))

    def meet(self, encoding: Encoding) -> NDArray[np.float64]:
        """(lines,): for each line the mean over the text's tokens of the best cosine with it or its headings."""
        content = encoding.content
        if not content.any():
            return np.zeros(len(self.lines))
        last, middle = self._last.meet(encoding.tokens[content]), self._middle.meet(encoding.surface[content])
        return np.asarray((last + _SURFACE * middle) / (1 + _SURFACE))


class _View:
    """Token vectors of one layer: each line's own, and each heading path's once."""

    def __init__(self, mean: NDArray[np.float32]) -> None:
        self._mean = mean
        self._own: list[NDArray[np.float32]] = []
        self._headings: list[NDArray[np.float32]] = []
        self._heading_of: list[int] = []
        self._place: dict[int, int] = {}

    def add(
        self,
        tokens: NDArray[np.int8],
        scales: NDArray[np.float32],
        own: NDArray[np.bool_],
        heading: NDArray[np.bool_],
        passage: int,
    ) -> None:
        if passage not in self._place:
            self._place[passage] = len(self._headings)
            self._headings.append(self._centred(tokens[heading] * scales[heading, None]))
        self._heading_of.append(self._place[passage])
        self._own.append(self._centred(tokens[own] * scales[own, None]))

    def close(self) -> None:
        """All that was added, in one matrix each; a passage without headings gets a vector that meets nothing."""
        nothing = np.zeros((1, len(self._mean)), np.float32)
        headings = [heading if len(heading) else nothing for heading in self._headings]
        self._own_starts = np.cumsum([0, *map(len, self._own)])[:-1]
        self._heading_starts = np.cumsum([0, *map(len, headings)])[:-1]
        self._own_all = np.concatenate([*self._own, nothing[:0]])
        self._headings_all = np.concatenate([*headings, nothing[:0]])

    def meet(self, tokens: NDArray[np.float32]) -> NDArray[np.float64]:
        text = self._centred(tokens)
        own = np.maximum.reduceat(text @ self._own_all.T, self._own_starts, axis=1)
        heading = np.maximum.reduceat(text @ self._headings_all.T, self._heading_starts, axis=1)
        best = np.maximum(own, _HEADING * heading[:, self._heading_of])
        return np.asarray(best.mean(axis=0), np.float64)

    def _centred(self, tokens: NDArray[np.float32]) -> NDArray[np.float32]:
        moved = tokens - self._mean
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12), np.float32)
