"""Single lines of the notes, each under its headings, as several texts meet them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from ._linesplit import parts_of_line
from ._subjects import AFTER_SUBJECT, head_of, subject_of
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
_AFTER_PARTS_SUBJECT: Final = re.compile(rf"が|なら|[（(]|{AFTER_SUBJECT.pattern}")
_IN_BRACKETS: Final = re.compile(r"[（(][^）)]*[）)]?")


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a section that can be quoted."""

    row: SectionRow
    index: int
    #: of a line that was divided, this part of it
    part: str = ""

    @property
    def text(self) -> str:
        return self.part or self.unit.text

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
        text = head_of(self.text, self.unit.kind)
        return subject_of(text, _AFTER_PARTS_SUBJECT if self.part else AFTER_SUBJECT)

    @property
    def subject(self) -> str:
        """The opening without what it has in brackets."""
        return _IN_BRACKETS.sub("", self.opening).strip()

    @property
    def has_subject(self) -> bool:
        """Whether the line itself says what it is about."""
        return self.opening != self.text

    @property
    def path(self) -> str:
        return " ".join(self.row.section.heading_path)


@lru_cache(maxsize=8192)
def _terms(text: str) -> frozenset[str]:
    """The same lines are looked at again by the next question of an exam."""
    return frozenset(terms(text))


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
        self._close()

    def _close(self) -> None:
        self._last.close()
        self._middle.close()
        #: for each line the lexical terms of it and of its headings
        self.terms = [_terms(f"{line.path} {line.text}") for line in self.lines]

    def divide(self, indices: Sequence[int], encode: Callable[[list[str]], list[Encoding]]) -> NDArray[np.int64]:
        """Puts parts in the place of those lines ``indices`` that speak of several things in turn.

        ``encode`` reads texts as passages. Returns for each line that there is now the index that it had.
        """
        parts = {index: found for index in indices if (found := parts_of_line(self.lines[index].unit.text))}
        texts = [text for found in parts.values() for text in found]
        encodings = iter(encode(texts) if texts else [])
        source: list[int] = []
        for index, line in enumerate(list(self.lines)):
            if index not in parts:
                source.append(index)
                continue
            for text in parts[index]:
                encoding = next(encodings)
                self._last.add_like(index, encoding.tokens[encoding.content])
                self._middle.add_like(index, encoding.surface[encoding.content])
                self.lines.append(Line(line.row, line.index, text))
                source.append(index)
        kept = [index for index in range(len(self.lines)) if index not in parts]
        self.lines = [self.lines[index] for index in kept]
        order = np.array(sorted(source[: len(source)], key=lambda index: index in parts), np.int64)
        self._last.keep(kept)
        self._middle.keep(kept)
        self._close()
        return order

    def _add(self, row: SectionRow, passage: StoredPassage) -> None:
        units = passage.units
        heading = units == _HEADING_TOKEN
        views = (
            (self._last, passage.tokens, passage.scales),
            (self._middle, passage.surface, passage.surface_scales),
        )
        indices = [
            index
            for index in np.unique(units[units >= 0]).tolist()
            if row.section.units[index].kind not in (UnitKind.TABLE_HEADER, UnitKind.IMAGE)
        ]
        own = [units == index for index in indices]
        for view, tokens, scales in views:
            view.add(tokens * scales[:, None], own, heading)
        self.lines += (Line(row, index) for index in indices)

    def meet(self, encoding: Encoding) -> NDArray[np.float64]:
        """(lines,): for each line the mean over the text's tokens of the best cosine with it or its headings."""
        content = encoding.content
        if not content.any():
            return np.zeros(len(self.lines))
        last, middle = self._last.meet(encoding.tokens[content]), self._middle.meet(encoding.surface[content])
        return np.asarray((last + _SURFACE * middle) / (1 + _SURFACE))

    def covered(self, encoding: Encoding) -> NDArray[np.float64]:
        """(lines,): the other way round, for each line the mean over its tokens of the best cosine with the text."""
        content = encoding.content
        if not content.any() or not self.lines:
            return np.zeros(len(self.lines))
        last = self._last.covered(encoding.tokens[content])
        middle = self._middle.covered(encoding.surface[content])
        return np.asarray((last + _SURFACE * middle) / (1 + _SURFACE))


class _View:
    """Token vectors of one layer: each line's own, and each heading path's once."""

    def __init__(self, mean: NDArray[np.float32]) -> None:
        self._mean = mean
        self._own: list[NDArray[np.float32]] = []
        self._headings: list[NDArray[np.float32]] = []
        self._heading_of: list[int] = []

    def add(self, tokens: NDArray[np.float32], own: Sequence[NDArray[np.bool_]], heading: NDArray[np.bool_]) -> None:
        """The lines of one passage: which of its tokens are ``own`` to each, and which are those of the headings."""
        centred = self._centred(tokens)
        self._heading_of += [len(self._headings)] * len(own)
        self._headings.append(centred[heading])
        self._own += (centred[mine] for mine in own)

    def add_like(self, index: int, own: NDArray[np.float32]) -> None:
        """One more line under the headings of line ``index``."""
        self._heading_of.append(self._heading_of[index])
        self._own.append(self._centred(own))

    def keep(self, indices: Sequence[int]) -> None:
        self._own = [self._own[index] for index in indices]
        self._heading_of = [self._heading_of[index] for index in indices]

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

    def covered(self, tokens: NDArray[np.float32]) -> NDArray[np.float64]:
        best = (self._centred(tokens) @ self._own_all.T).max(axis=0)
        sizes = np.diff([*self._own_starts, len(best)])
        return np.asarray(np.add.reduceat(best, self._own_starts) / sizes, np.float64)

    def _centred(self, tokens: NDArray[np.float32]) -> NDArray[np.float32]:
        moved = tokens - self._mean
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12), np.float32)
