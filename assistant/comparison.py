"""Two or more names set side by side: for each, the line of the notes that speaks of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from ._abreast import Candidate, beside_one_another
from ._openquestions import is_open_question
from ._subjects import head_of, subject_of, without_brackets
from .evidence import Quote, quote_around
from .names import SAME_NAME, best_likeness, mentions, parts, squash
from .notes import Unit, UnitKind
from .search import Match, Query, Searcher, ranked_units
from .store import SectionRow

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
#: A row of figures says less of what a thing is than a line does.
_ROW: Final = 0.95
#: How surely a text names what it only has the stem of.
_STEM: Final = 0.94
#: How surely a line is about what it names in passing, which has another subject.
_PASSING: Final = 0.84
#: What a line is behind by that only spells a name out, only links, or only has the names of several side by side.
_SAYS_NOTHING: Final = 0.3
_SPELLS_OUT: Final = re.compile(r"の略(?:語|称|記)?(?:です|である|だ)?[。.]?$|\bstands for\b", re.IGNORECASE)
_LINKS: Final = re.compile(r"\[[^\[\]]{0,200}\]\([^()\s]{0,500}\)")
_MOST_ROWS: Final = 8
_KANJI: Final = re.compile("[一-龥々]")
_FOREIGN: Final = 0.4
_DIFFERENCE: Final = re.compile(
    r"違[いうっえ]|相違|異な|差は|一方|に対し|比べ|ではなく|\bdiffer|\bwhereas\b|\bunlike\b|\bversus\b|\bvs\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Compared:
    """``difference``: lines that state the difference outright. ``sides``: for each name its lines, best first."""

    difference: tuple[Quote, ...]
    sides: tuple[tuple[str, tuple[Quote, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """What a side is looked for by. ``own``: its words that the other sides' names lack, or all. ``rest``: the others.

    ``stems``: where its last word ends as those of all the others do, that word without ever more of this ending,
    longest first: 共通鍵暗, 共通鍵, 共通 of 共通鍵暗号 beside 公開鍵暗号.
    """

    text: str
    own: tuple[str, ...]
    rest: tuple[str, ...]
    stems: tuple[str, ...] = ()

    @classmethod
    def beside(cls, text: str, others: Sequence[str]) -> _Name:
        words = parts(text)
        shared = {word for other in others for word in parts(other)}
        own = tuple(word for word in words if word not in shared) or words
        return cls(text, own, tuple(word for word in words if word not in own), _stems(squash(text), others))


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
        called = [_Name.beside(one, others) for one in (name, *searcher.other_names(name))]
        rivals = [_Name(other, parts(other), (), _stems(squash(other), [name])) for other in others]
        found = searcher.rank_those(query, partial(_is_named, called))
        candidates = _candidates(called, found, rivals)
        found_for.append([one for one in candidates if (one.row.id, one.unit) not in leading])
        rivals_of.append(rivals)
    chosen = beside_one_another(found_for)
    sides = [(name, _side(best, asked, rivals)) for name, best, rivals in zip(names, chosen, rivals_of, strict=True)]
    return Compared(tuple(difference), tuple(sides))


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


def _side(best: Candidate | None, asked: dict[int, Match], others: Sequence[_Name]) -> tuple[Quote, ...]:
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
        closer = closer and all(_about(other, text, path) < SAME_NAME for other in others for text in said)
        if (best.under or closer) and nearest not in quotes[0].units:
            quotes.append(quote_around(best.row, nearest, score))
    return tuple(quotes)


def _only_names(unit: Unit) -> bool:
    """Whether a line says no more than what a name is short for, or leads elsewhere."""
    return _SPELLS_OUT.search(unit.text) is not None or not _LINKS.sub("", unit.quote).strip()


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
            linked = any(map(_DIFFERENCE.search, _LINKS.findall(unit.quote)))
            if not _DIFFERENCE.search(text) or linked or is_open_question(match.row.section.units, index):
                continue
            # "Lambdaとの違いは…" may stand under the heading of the other side.
            around = f"{_leaf(match)} {text}"
            named = all(mentions(name, around) for name in names) and any(mentions(name, text) for name in names)
            if named and not np.isnan(match.units[index]):
                found.append(Quote(match.row, (index,), float(match.units[index])))
    found.sort(key=lambda quote: -quote.score)
    return found[:1]


def _leaf(match: Match) -> str:
    path = match.row.section.heading_path
    return path[-1] if path else ""


def _candidates(called: Sequence[_Name], matches: Sequence[Match], others: Sequence[_Name]) -> list[Candidate]:
    """Lines that can stand for a name, best first: those that begin with it or stand under it before others.

    ``called``: the name as asked, then what the notes call it besides.
    """
    squashed = {squash(name.text) for name in called}
    found = []
    for match in matches:
        leaf = _leaf(match)
        path = " ".join(match.row.section.heading_path)
        names = _named(called, match.row)
        rivals = _named(others, match.row)
        under = max((_about(name, leaf, path) for name in names), default=0.0)
        longest = max((len(squash(name.text)) for name in names), default=0)
        whole = min(1.0, 2 * longest / max(1, len(squash(leaf))))
        units = match.row.section.units
        lines = [index for index, _ in ranked_units(match) if not is_open_question(units, index)]
        hollow = {index for index in lines if _only_names(units[index])}
        opening = min((index for index in lines if index not in hollow), default=-1)
        for index in lines:
            unit = units[index]
            text, said = unit.text, _subject(unit)
            subject = max((_about(name, said, f"{path} {text}") for name in names), default=0.0)
            subject *= _ROW if unit.kind is UnitKind.ROW else 1
            inside = max((_about(name, text, path) for name in names), default=0.0)
            about = max(subject, under * 0.98, inside * (0.9 if said == text else _PASSING))
            score = float(match.units[index])
            rank = score + about
            # A line whose subject is another of the names speaks of that one first, also where that holds this one.
            foreign = [other for other in rivals if _about(other, said, path) >= SAME_NAME]
            if foreign and (subject < SAME_NAME or any(_holds(other, names, said) for other in foreign)):
                rank -= _FOREIGN
            if index in hollow or (said == text and any(_about(other, text, path) >= SAME_NAME for other in rivals)):
                rank -= _SAYS_NOTHING
            is_under = under >= max(subject, SAME_NAME)
            # Under a heading of that name the first line says what it is.
            rank += _OPENING * whole * (is_under and index == opening)
            rank += _WHOLE_HEADING * (is_under and index == opening and squash(without_brackets(leaf)) in squashed)
            rank += _WHOLE_SUBJECT * (not is_under and said != text and squash(said) in squashed)
            if max(about, under) >= SAME_NAME:
                found.append(Candidate(match.row, index, rank, score, is_under))
    return sorted(found, key=lambda candidate: -candidate.rank)


def _subject(unit: Unit) -> str:
    return subject_of(head_of(unit.text, unit.kind))


def _holds(longer: _Name, names: Sequence[_Name], text: str) -> bool:
    """Whether ``text`` has a name that one of ``names`` is part of."""
    within = any(squash(name.text) in squash(longer.text) for name in names)
    return within and any(mentions(written, text) for written in (longer.text, *longer.stems[-1:]))


def _is_named(called: Sequence[_Name], row: SectionRow) -> bool:
    return bool(_named(called, row))


def _named(names: Sequence[_Name], row: SectionRow) -> list[_Name]:
    """Those of the names for which :func:`_about` can be more than 0 in a section's heading or one of its lines."""
    section = row.section
    text = "\n".join((*section.heading_path[-1:], *(unit.text for unit in section.units)))
    return [
        name for name in names if any(best_likeness(word, text) for word in (name.text, *name.own, *name.stems[-1:]))
    ]


def _about(name: _Name, text: str, around: str) -> float:
    """How surely ``text`` names ``name``.

    By likeness; or by the words that tell the name from the others, where the words it shares with them may stand
    around the text: under 「正則化」 a line that begins with L1 is about L1正則化, and one under 「暗号」 that begins
    with 共通鍵 about 共通鍵暗号.
    """
    if not text:
        return 0.0
    alike = best_likeness(name.text, text)
    if alike >= SAME_NAME or not name.own:
        return alike
    context = f"{text} {around}"
    alike = max(alike, _by_stem(name, text, context))
    near = [best_likeness(word, text) for word in name.own]
    if not any(near):
        return alike
    here = min(near)
    about = sum(best_likeness(word, context) >= SAME_NAME for word in name.rest) / len(name.rest) if name.rest else 1.0
    if here < SAME_NAME:
        # "KinesisのData Streams" under a heading Kinesis; "Trainiumの使いどころ"
        far = [best_likeness(word, context) >= SAME_NAME for word in name.own]
        here = 0.8 + 0.15 * sum(map(bool, near)) / len(near) if all(far) else 0.0
    return max(alike, here * (0.85 + 0.1 * about))


def _by_stem(name: _Name, text: str, context: str) -> float:
    """As :func:`_about`, by the longest stem that ``text`` holds, if what comes behind it stands around it.

    A stem in Latin letters is a name by itself: a line about IgG, in English notes, is about IgG抗体.
    """
    for stem in name.stems:
        if mentions(stem, text):
            # 暗号 of 暗号方式 is enough.
            ending = squash(name.text)[len(stem) :][:2]
            whole = stem.isascii() and squash(text) == stem
            return _STEM if whole or len(ending) == 1 or mentions(ending, context) else 0.0
    return 0.0


def _stems(name: str, others: Sequence[str]) -> tuple[str, ...]:
    """See :class:`_Name`; ``name`` is squashed. No word in kana or Latin letters is cut."""
    last_first = zip(name[::-1], *(squash(other)[::-1] for other in others), strict=False)
    same = sum(1 for _ in itertools.takewhile(lambda letters: len(set(letters)) == 1, last_first)) if others else 0
    shortest = len(name) - same
    return tuple(
        name[:end]
        for end in range(len(name) - 1, max(shortest, 1) - 1, -1)
        if _KANJI.match(name[end]) and (end > 1 or name[0].isascii())
    )
