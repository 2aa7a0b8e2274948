"""Two or more names set side by side: for each, the line of the notes that speaks of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from ..naming.names import SAME_NAME, mentions, parts, squash
from ..notes import Section, Unit, UnitKind
from ..search import Match, Query, Searcher, ranked_units
from ..store import SectionRow
from .abreast import Candidate, beside_one_another
from .branches import end_of_branch
from .evidence import Quote, quote_around
from .hollow import LINK, is_denied, is_link, only_names
from .openquestions import is_open_question, is_question
from .sidenames import SideName, about, holds, is_headed, named, singular, stems
from .subjects import LONGEST_SUBJECT, head_of, subject_of, without_brackets

__all__ = ["Compared", "compare", "nearest_lines"]

#: What the first line under a heading of the name is ahead by, and a line about another of the names behind.
_OPENING: Final = 0.2
#: The same once more for a heading that is the name and nothing else.
_WHOLE_HEADING: Final = 0.2
#: A line beside the one that names a side is quoted as well when it is nearer to the question by this.
_CLOSER: Final = 0.03
#: What a line is ahead by whose subject is the name and nothing else: under 「実行ロール」 not all is about ロール.
_WHOLE_SUBJECT: Final = 0.1
_NEAREST_SECTIONS: Final = 3
#: What an item is ahead by that is the name and has under it what is said of it; and a line under a heading that sets
#: the names side by side.
_HEADS: Final = 0.2
_COMPARES: Final = 0.15
#: A row of figures says less of what a thing is than a line does.
_ROW: Final = 0.95
#: How surely a line is about what it names in passing, which has another subject.
_PASSING: Final = 0.84
#: What a line is behind by that only spells a name out, only links, or only has the names of several side by side.
_SAYS_NOTHING: Final = 0.3
_SPELLS_OUT: Final = re.compile(r"の略(?:語|称|記)?(?:です|である|だ)?[。.]?$|\bstands for\b", re.IGNORECASE)
#: What says that a difference matters, rather than what it is: 「Xとの違いが頻出」.
_ABOUT_DIFFERENCE: Final = re.compile(
    r"(?:違い|差|区別)[がをにはもで][^、。]{0,12}(?:頻出|注意|問われ|出題|重要|押さえ|理解|覚え|整理)[^、。]{0,8}[。]?$"
    # "MDMとBYODは違います。"
    r"|^[^、。]{1,40}は(?:違|異な)(?:います|う|ります|る)。?$"
)
_MOST_ROWS: Final = 8
#: In characters: a name at the beginning of a line may have so much before it or in it.
_BEGINNING: Final = 10
#: What a line is behind by under a heading that only holds the name, where another heading is the name.
_OTHER_HEADING: Final = 0.25
_FOREIGN: Final = 0.4
#: What a line is behind by whose subject only begins with the name, under a heading that is the name.
_PART: Final = 0.3
_DIFFERENCE: Final = re.compile(
    r"違(?!うらし|うみたい|うよう)[いうっえ]|相違|異な|差は|一方|に対し|比べ|ではなく|\bdiffer|\bwhereas\b|\bunlike\b|\bversus\b|\bvs\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Compared:
    """``difference``: lines that state the difference outright. ``sides``: for each name its lines, best first."""

    difference: tuple[Quote, ...]
    sides: tuple[tuple[str, tuple[Quote, ...]], ...]


def compare(searcher: Searcher, names: Sequence[str], queries: Sequence[Query], matches: Sequence[Match]) -> Compared:
    """Finds the lines for each name, whose query stands in ``queries``. Call within ``reading()``.

    ``matches``: what the whole question found.
    """
    asked = {match.row.id: match for match in matches}
    difference = _set_out(names, matches) or _stated_difference(names, matches)
    leading = {(quote.row.id, index) for quote in difference for index in quote.units}
    found_for = []
    rivals_of = []
    for name, query in zip(names, queries, strict=True):
        others = [other for other in names if other != name]
        known_as = (name, *singular(name), *searcher.other_names(name))
        called = [SideName.beside(one, others) for one in known_as]
        rivals = [SideName(other, parts(other), (), stems(squash(other), [name])) for other in others]
        found = _sections_on(searcher, query, called)
        candidates = _candidates(called, found, rivals)
        found_for.append([one for one in candidates if (one.row.id, one.unit) not in leading])
        rivals_of.append(rivals)
    chosen = beside_one_another(found_for)
    sides = [(name, _side(best, asked, rivals)) for name, best, rivals in zip(names, chosen, rivals_of, strict=True)]
    return Compared(tuple(difference), tuple(sides))


def _sections_on(searcher: Searcher, query: Query, called: Sequence[SideName]) -> list[Match]:
    """The sections that have one of the names; looked for by another than the first where that one finds none."""
    wanted = partial(_is_named, called)
    found = searcher.rank_those(query, wanted)
    for other in called[1:]:
        found = found or searcher.rank_those(searcher.query(other.text), wanted)
    return found


def nearest_lines(searcher: Searcher, names: Sequence[str], queries: Sequence[Query]) -> Compared:
    """For each name the line that is nearest in meaning, no line twice. Call within ``reading()``.

    For names in a language that the notes are not in: there, no line holds them.
    """
    sides: list[tuple[str, tuple[Quote, ...]]] = []
    taken: set[tuple[int, int]] = set()
    for name, query in zip(names, queries, strict=True):
        lines = (
            (match, index, score)
            for match in searcher.rank(query, _NEAREST_SECTIONS)
            for index, score in ranked_units(match)
        )
        free = next((line for line in lines if (line[0].row.id, line[1]) not in taken), None)
        if free is not None:
            match, index, score = free
            taken.add((match.row.id, index))
            sides.append((name, (Quote(match.row, (index,), score),)))
        else:
            sides.append((name, ()))
    return Compared((), tuple(sides))


def _side(best: Candidate | None, asked: dict[int, Match], others: Sequence[SideName]) -> tuple[Quote, ...]:
    """The line for a name; also the line of its section that the question is nearest to, if that is another."""
    if best is None:
        return ()
    quotes = [quote_around(best.row, best.unit, best.score)]
    match = asked.get(best.row.id)
    if match is not None:
        nearest, score = ranked_units(match)[0]
        unit = best.row.section.units[nearest]
        path = " ".join(best.row.section.heading_path)
        closer = score > match.units[best.unit] + _CLOSER
        said = (unit.text, _subject(unit))
        closer = closer and all(about(other, text, path) < SAME_NAME for other in others for text in said)
        if (best.under or closer) and unit.kind is not UnitKind.CODE and nearest not in quotes[0].units:
            quotes.append(quote_around(best.row, nearest, score))
    return tuple(quotes)


def _says_little(section: Section, index: int) -> bool:
    """Whether a line says no more than what a name is short for, is code, leads elsewhere, or states what is not so."""
    unit = section.units[index]
    spelled = _SPELLS_OUT.search(unit.text) or _ABOUT_DIFFERENCE.search(unit.text)
    return spelled is not None or unit.kind is UnitKind.CODE or is_link(unit) or is_denied(section, index)


def _set_out(names: Sequence[str], matches: Sequence[Match]) -> list[Quote]:
    """The rows of the first table that has a column for each of the names."""
    for match in matches:
        units = match.row.section.units
        for head, unit in enumerate(units):
            if unit.kind is not UnitKind.TABLE_HEADER:
                continue
            cells = unit.text.split(" | ")
            columns = [next((at for at, cell in enumerate(cells) if mentions(name, cell)), None) for name in names]
            rows = [index for index, row in enumerate(units) if row.kind is UnitKind.ROW and row.parent == head]
            if None not in columns and len(set(columns)) == len(names) and rows:
                score = float(np.nanmax([match.units[index] for index in rows[:_MOST_ROWS]]))
                return [Quote(match.row, tuple(rows[:_MOST_ROWS]), score)]
    return []


def _stated_difference(names: Sequence[str], matches: Sequence[Match]) -> list[Quote]:
    found = []
    for match in matches:
        for index, unit in enumerate(match.row.section.units):
            text = unit.text
            # "… See [how A differs from B](b.md)": what is linked to stands elsewhere.
            linked = any(map(_DIFFERENCE.search, LINK.findall(unit.quote)))
            if not _DIFFERENCE.search(text) or linked or _does_not_tell(match.row.section, index):
                continue
            # "Lambdaとの違いは…" may stand under the heading of the other side.
            around = f"{match.row.section.leaf} {text}"
            named = all(mentions(name, around) for name in names) and any(mentions(name, text) for name in names)
            if named and not np.isnan(match.units[index]):
                score = float(match.units[index])
                # A line that asks for the difference is told by the one below.
                asks = is_question(text)
                found.append(quote_around(match.row, index, score) if asks else Quote(match.row, (index,), score))
    found.sort(key=lambda quote: -quote.score)
    return found[:1]


def _does_not_tell(section: Section, index: int) -> bool:
    about = _ABOUT_DIFFERENCE.search(section.units[index].text) is not None
    return about or is_open_question(section.units, index) or is_denied(section, index)


def _candidates(called: Sequence[SideName], matches: Sequence[Match], others: Sequence[SideName]) -> list[Candidate]:
    """Lines that can stand for a name, best first: those that begin with it or stand under it before others.

    ``called``: the name as asked, then what the notes call it besides.
    """
    headed = any(is_headed(match.row.section.leaf, called) for match in matches)
    found = [line for match in matches for line in _lines_of(match, called, others, headed)]
    return sorted(found, key=lambda candidate: -candidate.rank)


def _lines_of(
    match: Match, called: Sequence[SideName], others: Sequence[SideName], headed: bool
) -> Iterator[Candidate]:
    """The lines of one section for :func:`_candidates`. ``headed``: whether some section's heading is the name."""
    section = match.row.section
    units, leaf = section.units, section.leaf
    path = " ".join(section.heading_path)
    names = named(called, match.row)
    under = _said_of(names, leaf, path)
    told = {index: _said_of(names, unit.text, path) for index, unit in enumerate(units)}
    if under < SAME_NAME and not any(told.values()):
        return
    rivals = named(others, match.row)
    squashed = {squash(name.text) for name in called}
    longest = max((len(squash(name.text)) for name in names), default=0)
    shared = any(about(other, leaf, path) >= SAME_NAME for other in rivals)
    own_heading = not shared and is_headed(leaf, called)
    whole = 1.0 if own_heading else min(1.0, 2 * longest / max(1, len(squash(leaf))))
    # Where a heading is the name, another one that holds it is about another thing: "ECS", "ECS Anywhere".
    astray = headed and not own_heading and not shared and any(mentions(name.text, leaf) for name in names)
    compares = all(any(about(one, leaf, path) >= SAME_NAME for one in side) for side in (names, others))
    lines = [
        index
        for index, _ in ranked_units(match)
        if not is_open_question(units, index)
        and not any(only_names(units, index, name.text) for name in (*called, *others))
    ]
    opening = -1
    if under >= SAME_NAME:
        opening = min((index for index in lines if not _says_little(section, index)), default=-1)
    for index in lines:
        inside = told[index]
        if not inside and under < SAME_NAME:
            continue
        unit = units[index]
        text, said = unit.text, _subject(unit)
        # What does not say where its subject ends is about what it begins with.
        stated = len(said) < min(len(text), LONGEST_SUBJECT)
        subject = _said_of(names, said if stated else text[: longest + _BEGINNING], f"{path} {text}") if inside else 0.0
        subject *= _ROW if unit.kind is UnitKind.ROW else 1
        sure = max(subject, under * 0.98, inside * (_PASSING if stated else 0.9))
        if max(sure, under) < SAME_NAME:
            continue
        score = float(match.units[index])
        rank = score + sure
        # A line whose subject is another of the names speaks of that one first, also where that holds this one.
        foreign = [other for other in rivals if about(other, said, path) >= SAME_NAME]
        if foreign and (subject < SAME_NAME or any(holds(other, names, said) for other in foreign)):
            rank -= _FOREIGN
        if (not stated and any(about(other, text, path) >= SAME_NAME for other in rivals)) or _says_little(
            section, index
        ):
            rank -= _SAYS_NOTHING
        heads = end_of_branch(units, index) > index and squash(without_brackets(text)) in squashed
        is_entry = heads or (stated and squash(without_brackets(said)) in squashed)
        is_under = under >= max(subject, SAME_NAME)
        # Under a heading of that name the first line says what it is.
        rank += _OPENING * whole * (is_under and index == opening and not shared and not astray)
        rank += _WHOLE_HEADING * (is_under and index == opening and own_heading)
        rank += _HEADS * heads + _COMPARES * compares
        rank += _WHOLE_SUBJECT * is_entry - _OTHER_HEADING * astray
        # Under "EFS", a line on "EFS IA" speaks of a part of it.
        rank -= _PART * (own_heading and stated and subject >= SAME_NAME and not (is_entry or is_headed(said, called)))
        yield Candidate(match.row, index, rank, score, is_under and not is_entry)


def _said_of(names: Sequence[SideName], text: str, around: str) -> float:
    """How surely ``text`` names one of the ``names``; see :func:`about`."""
    return max((about(name, text, around) for name in names), default=0.0)


def _subject(unit: Unit) -> str:
    return subject_of(head_of(unit.text, unit.kind))


def _is_named(called: Sequence[SideName], row: SectionRow) -> bool:
    return bool(named(called, row))
