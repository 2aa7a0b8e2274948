"""The outline of the notes as HTML: every file with its sections, narrowed down by words and by state.

A folder may hold thousands of sections, so only the rows of opened files are written out, and of these a portion.
What is opened is part of the request: the page keeps it and sends it along (outline.js).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Final, Literal, get_args

from ...messages import Language, say
from ...records import OutlineSection
from ...text import normalise
from .icons import icon
from .marks import Marker, marked, typed
from .markup import plain
from .places import open_attributes

__all__ = ["Outline", "Selection", "waiting"]

State = Literal["ok", "empty", "image_only", "duplicate"]

#: Rows that are written out at once, over all files that were not opened by hand, and in any one file.
_PORTION: Final = 250
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the outline is wanted.

    ``words``: blank-separated, all of them to stand in a section's heading, those above it, or its file's name, and one
    of them not only in those above it. ``shown``: how many rows of
    a file, for the files that were opened or, with 0, closed by hand.
    """

    words: str = ""
    state: State | None = None
    shown: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, request: object) -> Selection:
        """The selection in ``[words, state or "", {file: rows}]`` as a browser sends it, without what is odd."""
        words, state, shown = request if isinstance(request, list) and len(request) == 3 else ("", "", {})
        rows = shown.items() if isinstance(shown, dict) else ()
        return cls(
            words=str(words)[:200],
            state=state if state in get_args(State) else None,
            shown={str(file): count for file, count in rows if isinstance(count, int) and count >= 0},
        )


@dataclass(frozen=True, slots=True)
class _Row:
    section: OutlineSection
    title: str
    parents: str
    own: str
    sought: str


class Outline:
    """The outline of one state of the notes, ready to be shown in part again and again."""

    def __init__(self, sections: Iterable[OutlineSection]) -> None:
        self._files = {
            file: [_row(section) for section in group]
            for file, group in groupby(sections, key=lambda section: section.file)
        }

    def html(self, selection: Selection, language: Language) -> str:
        """The buttons for the states, then a box for each file that holds something of what is wanted."""
        words = normalise(selection.words).split()
        by_words = {file: [row for row in rows if _meant(row, words)] for file, rows in self._files.items()}
        counts = Counter(row.section.state for rows in by_words.values() for row in rows)
        state = selection.state
        matching = {
            file: kept
            for file, rows in by_words.items()
            if (kept := [row for row in rows if state is None or row.section.state == state])
        }
        opened = _opened(matching, selection, narrowed=bool(words or state))
        marker = typed(selection.words) if words else None
        boxes = [
            _box(file, rows, len(self._files[file]), opened[file], marker, language, flat=bool(words or state))
            for file, rows in matching.items()
        ]
        nothing = f'<p class="nq-nothing">{icon("search")}{escape(say("web.outline_none", language))}</p>'
        listed = "".join(boxes) or nothing
        return (
            f'<div class="nq nq-outline" data-asked="{escape(selection.words)}">{self._states(counts, state, language)}'
            f'<div class="nq-files">{listed}</div></div>'
        )

    def _states(self, counts: Counter[State], chosen: State | None, language: Language) -> str:
        """One button for each state that occurs in these notes, with how often it does among what the words leave."""
        occurring = {row.section.state for rows in self._files.values() for row in rows}
        buttons = [_state_button("", counts.total(), chosen is None, language)]
        buttons += [
            _state_button(state, counts[state], chosen == state, language)
            for state in get_args(State)
            if state in occurring
        ]
        label = escape(say("web.outline_states", language))
        return f'<div class="nq-states" role="group" aria-label="{label}">{"".join(buttons)}</div>'


def waiting(text: str) -> str:
    """In the outline's place while the notes are being read."""
    return f'<div class="nq nq-outline"><div class="nq-waiting" role="status"><i></i>{escape(text)}</div></div>'


def _row(section: OutlineSection) -> _Row:
    headings = [plain(heading) for heading in section.heading_path]
    title, parents = headings[-1] if headings else "", headings[:-1]
    own = normalise(f"{title} {section.file}")
    return _Row(section, title, " › ".join(parents), own, normalise(" ".join(parents)) + " " + own)


def _meant(row: _Row, words: Sequence[str]) -> bool:
    return not words or (any(word in row.own for word in words) and all(word in row.sought for word in words))


def _opened(matching: Mapping[str, Sequence[_Row]], selection: Selection, *, narrowed: bool) -> dict[str, int]:
    """How many rows of each file are written out: as chosen by hand, else all if there are few, else the first ones.

    Without a word or a state to go by no file is more wanted than another, so that many rows mean closed files.
    """
    room = _PORTION
    few = sum(map(len, matching.values())) <= _PORTION
    opened = {}
    for file, rows in matching.items():
        if file in selection.shown:
            opened[file] = min(selection.shown[file], len(rows))
        elif few or (narrowed and room > 0):
            opened[file] = min(len(rows), room)
            room -= opened[file]
        else:
            opened[file] = 0
    return opened


def _box(
    file: str, rows: Sequence[_Row], total: int, shown: int, marker: Marker | None, language: Language, *, flat: bool
) -> str:
    counted = f"{len(rows):,} / {_sections(total, language)}" if len(rows) < total else _sections(total, language)
    states = Counter(row.section.state for row in rows)
    badges = "".join(
        f'<span class="nq-badge nq-is-{state}">{escape(say(f"web.state_{state}", language))} {states[state]:,}</span>'
        for state in get_args(State)
        if state != "ok" and states[state]
    )
    summary = (
        f'<summary data-toggle="{escape(file)}" data-rows="{0 if shown else _PORTION}">'
        f'<span class="nq-outline-file">{marked(file, marker)}</span><small>{escape(counted)}</small>{badges}</summary>'
    )
    if not shown:
        return f'<details class="nq-note">{summary}</details>'
    level = min(row.section.level for row in rows)
    listed = "".join(f"<li>{_line(row, level, marker, language, flat=flat)}</li>" for row in rows[:shown])
    more = ""
    if shown < len(rows):
        left = escape(say("web.outline_more", language, count=len(rows) - shown))
        more = (
            f'<button type="button" class="nq-more" data-toggle="{escape(file)}" data-rows="{shown + _PORTION}">'
            f"{left}</button>"
        )
    return f'<details class="nq-note" open>{summary}<ol class="nq-rows">{listed}</ol>{more}</details>'


def _line(row: _Row, level: int, marker: Marker | None, language: Language, *, flat: bool) -> str:
    """One section. Among the other sections its depth shows where it belongs, picked out of them its parents do."""
    section = row.section
    title = marked(row.title, marker) if row.title else escape(say("web.outline_preamble", language))
    parents = f'<span class="nq-parents">{marked(row.parents, marker)} › </span>' if flat and row.parents else ""
    state = (
        ""
        if section.state == "ok"
        else (
            f'<span class="nq-badge nq-is-{section.state}">{escape(say(f"web.state_{section.state}", language))}</span>'
        )
    )
    depth = 0 if flat else min(max(section.level - level, 0), _DEEPEST)
    first, last = section.line_start, section.line_end
    return (
        f'<button type="button" class="nq-section" style="--depth:{depth}" {open_attributes(section.file, first)}>'
        f'<span class="nq-section-title">{parents}{title}</span>{state}'
        f'<span class="nq-section-lines">{first if first == last else f"{first}–{last}"}</span></button>'
    )


def _state_button(state: State | Literal[""], count: int, chosen: bool, language: Language) -> str:
    name = escape(say(f"web.state_{state or 'all'}", language))
    return (
        f'<button type="button" class="nq-stateful" data-state="{state}" aria-pressed="{str(chosen).lower()}">'
        f"{name} <b>{count:,}</b></button>"
    )


def _sections(count: int, language: Language) -> str:
    return say("web.outline_count_one" if count == 1 else "web.outline_count", language, count=count)
