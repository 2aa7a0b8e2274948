"""Single lines of the notes, each under its headings, as several texts meet them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from ...answering.subjects import AFTER_SUBJECT, head_of, subject_of
from ...encoder import Encoding
from ...markdown.leads import leads_of
from ...notes import Unit, UnitKind
from ...store import SectionRow, Store, StoredPassage
from ...text import terms
from .linesplit import parts_of_line

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
    #: the line above its list that says what it is a list of
    lead: str = ""

    @property
    def text(self) -> str:
        return self.part or self.unit.text

    @property
    def unit(self) -> Unit:
        return self.row.section.units[self.index]

    @property
    def leaf(self) -> str:
        return self.headings[-1] if self.headings else ""

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
    def headings(self) -> tuple[str, ...]:
        """What the line stands under, outermost first."""
        path = self.row.section.heading_path
        return (*path, self.lead) if self.lead else path

    @property
    def path(self) -> str:
        return " ".join(self.headings)


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
                self.lines.append(Line(line.row, line.index, text, line.lead))
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
        leads = leads_of(row.section.units)
        groups = {lead: [index for index in indices if leads[index] == lead] for lead in (leads[at] for at in indices)}
        titles = {unit.text: index for index, unit in enumerate(row.section.units) if unit.text in groups}
        for view, tokens, scales in views:
            view.add_heading(tokens * scales[:, None], heading)
            for lead, group in groups.items():
                view.add(units == titles[lead] if lead else None, [units == index for index in group])
        self.lines += (Line(row, index, lead=lead) for lead, group in groups.items() for index in group)

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
    """Token vectors of one layer: each line's own, and once what lines stand under: a heading path, a list's lead."""

    def __init__(self, mean: NDArray[np.float32]) -> None:
        self._mean = mean
        self._nothing = np.zeros((1, len(mean)), np.float32)
        self._own: list[NDArray[np.float32]] = []
        self._headings: list[NDArray[np.float32]] = []
        self._heading_of: list[int] = []
        self._leads: list[NDArray[np.float32]] = []
        self._lead_of: list[int | None] = []
        self._passage = self._nothing

    def add_heading(self, tokens: NDArray[np.float32], heading: NDArray[np.bool_]) -> None:
        """The tokens of one passage, and which are those of its headings; its lines are to follow."""
        self._passage = self._centred(tokens)
        self._headings.append(self._passage[heading])

    def add(self, lead: NDArray[np.bool_] | None, own: Sequence[NDArray[np.bool_]]) -> None:
        """Lines of the passage under the same ``lead``, or under none: which of its tokens are ``own`` to each."""
        self._lead_of += [None if lead is None else len(self._leads)] * len(own)
        if lead is not None:
            self._leads.append(self._passage[lead])
        self._heading_of += [len(self._headings) - 1] * len(own)
        self._own += (self._passage[mine] for mine in own)

    def add_like(self, index: int, own: NDArray[np.float32]) -> None:
        """One more line under the headings of line ``index``."""
        self._heading_of.append(self._heading_of[index])
        self._lead_of.append(self._lead_of[index])
        self._own.append(self._centred(own))

    def keep(self, indices: Sequence[int]) -> None:
        self._own = [self._own[index] for index in indices]
        self._heading_of = [self._heading_of[index] for index in indices]
        self._lead_of = [self._lead_of[index] for index in indices]

    def close(self) -> None:
        """All that was added, in one matrix each; a passage without headings gets a vector that meets nothing."""
        above = [found if len(found) else self._nothing for found in (*self._headings, *self._leads)]
        self._own_starts = np.cumsum([0, *map(len, self._own)])[:-1]
        self._above_starts = np.cumsum([0, *map(len, above)])[:-1]
        self._own_all = np.concatenate([*self._own, self._nothing[:0]])
        self._above_all = np.concatenate(above)

    def meet(self, tokens: NDArray[np.float32]) -> NDArray[np.float64]:
        text = self._centred(tokens)
        best = np.maximum.reduceat(text @ self._own_all.T, self._own_starts, axis=1)
        above = _HEADING * np.maximum.reduceat(text @ self._above_all.T, self._above_starts, axis=1)
        np.maximum(best, above[:, self._heading_of], out=best)
        led = [line for line, lead in enumerate(self._lead_of) if lead is not None]
        if led:
            leads = [len(self._headings) + lead for lead in self._lead_of if lead is not None]
            best[:, led] = np.maximum(best[:, led], above[:, leads])
        return np.asarray(best.mean(axis=0), np.float64)

    def covered(self, tokens: NDArray[np.float32]) -> NDArray[np.float64]:
        best = (self._centred(tokens) @ self._own_all.T).max(axis=0)
        sizes = np.diff([*self._own_starts, len(best)])
        return np.asarray(np.add.reduceat(best, self._own_starts) / sizes, np.float64)

    def _centred(self, tokens: NDArray[np.float32]) -> NDArray[np.float32]:
        moved = tokens - self._mean
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12), np.float32)
