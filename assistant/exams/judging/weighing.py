"""How far each option of an exam question and its stem point to the same lines of the notes.

The stem points to lines, with some probability for each, and so does every option; an option is as good as the chance
that both mean the same line. What the options share with all of the notes thereby counts for nothing, and a distractor
that the notes know well points elsewhere. An option that is a name points to the lines about that name; in a pair
("PCI DSS ― カード情報") one half has to point where the other does.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from ...dense import DenseIndex
from ...encoder import Encoder, Encoding
from ...examrecords import ExamQuestion
from ...naming.names import mentions
from ...store import Store
from ...text import reading, terms
from .anchors import Anchors
from .claims import claims_of, without_foil
from .lines import Line, Lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Read", "Weighed", "Weigher"]

#: Passages from each side (lexical, dense) and for each text.
_CANDIDATES: Final = 16
_MOST_CLAUSES: Final = 6
#: How sharply stem and options point, per standard deviation over the lines; how much the terms in common add.
_STEM: Final = 1.0
_OPTION: Final = 0.8
_LEXICAL: Final = 0.55
#: How much it adds that the stem covers all of a line, and not only the line the stem.
_COVERED: Final = 0.1
#: What the standard deviations over the lines of a collection of notes are usually like; the weight of that, in lines.
_FIT_SPREAD: Final = 0.065
_HELD_SPREAD: Final = 0.05
_FEW: Final = 10
#: Log-odds that an option which is a name means a line about it.
_NAMED: Final = 4.0
#: Log-odds for a line under a heading that the stem names, and for one whose subject it names.
_UNDER_HEADING: Final = 2.0
_SUBJECT: Final = 2.0
#: The share of that for a heading that others stand under, and the line under those.
_FURTHER_UP: Final = 0.8
#: What a line is behind when it is another line of its section that the stem means.
_SAME_SECTION: Final = 1.5
#: The share of the stem's clauses, beside the stem as a whole: each of two services meets one clause of a scenario.
_CLAUSES: Final = 0.5
#: A line that the stem means with at least this share of the best line's chance (in log) is looked at in its parts.
_LIKELY: Final = 3.0
#: What a name is behind that the notes don't have, where they have others of the options.
_UNKNOWN_NAME: Final = 1.0
#: An option about which there are but passing words is not sure to be named by them.
_SURELY_NAMED: Final = 0.8

_SENTENCE: Final = re.compile(r"(?<=[。！？?!])|(?<=\.)\s+|\n")
_LONGEST_SUBJECT: Final = 24
_IN_BRACKETS: Final = re.compile(r"[（(]([^（）()]+)[）)]")
_NUMBER: Final = re.compile(r"^(?:第?[0-9０-９]+[章節.．)）、:：]\s*)+")


@dataclass(frozen=True)
class Weighed:
    """What the notes' lines say to one question.

    ``meant``: (lines,) log-probability that the stem means the line.
    ``fit``: (1 + options, lines) mean best cosine of the stem (row 0) and of each option with each line; ``points``
    the same with the terms in common, in standard deviations over the lines. ``anchors``: (options, lines), see
    ``anchors.py``; ``are_names``: for each option whether it is a name. ``shared``: (options, lines) log-probability
    that stem and option both mean the line; ``scores``: (options,) that they mean any one line.
    """

    lines: list[Line]
    meant: NDArray[np.float64]
    fit: NDArray[np.float64]
    points: NDArray[np.float64]
    anchors: NDArray[np.float64]
    are_names: list[bool]
    shared: NDArray[np.float64]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Parts:
    """A question as texts: what is asked, its clauses, the options, and what each option would claim of it."""

    asked: str
    options: list[str]
    clauses: list[str]
    claims: list[list[list[str]]]

    @classmethod
    def of(cls, question: ExamQuestion) -> _Parts:
        asked = without_foil(reading(question.stem).strip())
        options = [reading(option.text).strip() for option in question.options]
        return cls(asked, options, _clauses(asked), claims_of(options, asked))

    @property
    def texts(self) -> list[str]:
        """Each text once."""
        claimed = itertools.chain(*itertools.chain(*self.claims))
        return list(dict.fromkeys((self.asked, *self.options, *self.clauses, *claimed)))


@dataclass(frozen=True, slots=True)
class Read:
    """A question taken apart, with the encoding of each of its texts."""

    parts: _Parts
    encodings: Mapping[str, Encoding]


class Weigher:
    """Weighs exam questions by a store. Call within ``store.reading()``."""

    def __init__(self, store: Store, dense: DenseIndex, encoder: Encoder) -> None:
        self._store = store
        self._dense = dense
        self._encoder = encoder

    def read(self, questions: Sequence[ExamQuestion]) -> list[Read]:
        """The questions taken apart and encoded, all at once: many short texts go through the model together."""
        parts = [_Parts.of(question) for question in questions]
        texts = list(dict.fromkeys(text for part in parts for text in part.texts))
        encodings = dict(zip(texts, self._encoder.encode_queries(texts), strict=True))
        return [Read(part, {text: encodings[text] for text in part.texts}) for part in parts]

    def weigh(self, read: Read) -> Weighed | None:
        """``None`` where there are no notes to weigh by."""
        asked, options, clauses, claims = read.parts.asked, read.parts.options, read.parts.clauses, read.parts.claims
        encodings, texts = read.encodings, read.parts.texts
        found = self._found(encodings)
        if not found.lines:
            return None
        stem = _Sight({text: encodings[text] for text in (asked, *clauses)}, found, self._store)
        for text in stem.points:
            stem.points[text] += _COVERED * _standardised(found.covered(encodings[text]), _FIT_SPREAD)
        meant = _meant(asked, found.lines, [stem.points[asked], *(stem.points[clause] for clause in clauses)])
        likely = np.flatnonzero(meant >= meant.max() - _LIKELY)
        source = found.divide(likely.tolist(), self._encoder.encode_passages)
        lines, meant = found.lines, _meant_parts(asked, found.lines, meant[source], source)
        seen = _Sight({text: encodings[text] for text in texts if text != asked}, found, self._store)
        fit, points = seen.fit, seen.points
        fit[asked], points[asked] = stem.fit[asked][source], stem.points[asked][source]
        named = Anchors(lines)
        anchors = named.strengths(options)
        firsts = iter(named.strengths([halves[0] for option in claims for halves in option]))
        are_names = [named.is_name(option) for option in options]
        shared, scores = [], []
        for option, anchor, is_name, made in zip(options, anchors, are_names, claims, strict=True):
            own = [_claimed([points[half] for half in halves], next(firsts)) for halves in made]
            each = meant + np.array(own or [_own(points[option], anchor) if is_name else _said(points[option], anchor)])
            shared.append(each.max(axis=0))
            scores.append(np.logaddexp.reduce(each, axis=1).mean())
        found_names = anchors.any(axis=1)
        strange = np.array(are_names) & ~found_names & found_names.any()
        return Weighed(
            lines,
            meant,
            np.array([fit[text] for text in (asked, *options)]),
            np.array([points[text] for text in (asked, *options)]),
            anchors,
            are_names,
            np.array(shared),
            np.array(scores) - _UNKNOWN_NAME * strange,
        )

    def _found(self, encodings: Mapping[str, Encoding]) -> Lines:
        """The lines that any of the texts may be about."""
        ids: set[int] = set()
        for text, encoding in encodings.items():
            ids.update(row for row, _ in self._store.lexical_candidates(terms(text), _CANDIDATES))
            ids.update(row for row, _ in self._dense.candidates(encoding.vector, _CANDIDATES))
        return Lines(self._store, sorted(ids))


class _Sight:
    """For each text its ``fit`` and its ``points``, both (lines,)."""

    def __init__(self, encodings: dict[str, Encoding], lines: Lines, store: Store) -> None:
        self.fit = {text: lines.meet(encoding) for text, encoding in encodings.items()}
        self.points = {
            text: _standardised(fit, _FIT_SPREAD) + _LEXICAL * _standardised(_held(text, lines, store), _HELD_SPREAD)
            for text, fit in self.fit.items()
        }


def _held(text: str, lines: Lines, store: Store) -> NDArray[np.float64]:
    """(lines,): the share of the text's terms, by rarity, that each line and its headings hold."""
    rarity = store.rarity(list(dict.fromkeys(terms(text))))
    total = sum(rarity.values()) or 1.0
    return np.array([sum(value for term, value in rarity.items() if term in there) for there in lines.terms]) / total


def _meant(stem: str, lines: Sequence[Line], points: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """(lines,) log-probability that the stem means the line. ``points``: of the stem, then of each of its clauses."""
    subjects = [line.subject for line in lines]
    names = {subject: _is_named(subject, stem) for subject in subjects}
    subject = np.array([names[subject] for subject in subjects])
    said = _UNDER_HEADING * _under(stem, lines) + _SUBJECT * subject
    whole, *clauses = (_log_share(_STEM * row + said) for row in points)
    if len(clauses) > 1:
        each = np.logaddexp.reduce(clauses, axis=0) - np.log(len(clauses))
        whole = np.logaddexp(np.log(1 - _CLAUSES) + whole, np.log(_CLAUSES) + each)
    best: dict[int, float] = {}
    settled = {line.row.id for line, named in zip(lines, subject, strict=True) if named}
    for line, value in zip(lines, whole, strict=True):
        best[line.row.id] = max(best.get(line.row.id, -np.inf), float(value))
    # Where the stem names the subject of one line of a section, the lines about other subjects are not meant.
    near = [
        -np.inf if line.row.id in settled and line.has_subject else best[line.row.id] - _SAME_SECTION for line in lines
    ]
    return np.asarray(np.logaddexp(whole, near))


def _under(stem: str, lines: Sequence[Line]) -> NDArray[np.float64]:
    """(lines,): how far each stands under a heading that the stem names, less where another one is in between."""
    named = {
        heading: any(_is_named(name, stem) for name in _names_of(heading))
        for heading in dict.fromkeys(itertools.chain(*(line.headings for line in lines)))
    }
    return np.array([
        max(
            (named[heading] * (1.0 if heading in (line.leaf, line.row.section.leaf) else _FURTHER_UP)
             for heading in line.headings),
            default=0.0,
        )
        for line in lines
    ])  # fmt: skip


def _names_of(heading: str) -> list[str]:
    """A heading without its number, and where it has another name in brackets each of the two."""
    plain = _NUMBER.sub("", heading)
    return [plain, _IN_BRACKETS.sub("", plain).strip(), *_IN_BRACKETS.findall(plain)]


def _meant_parts(
    stem: str, lines: Sequence[Line], meant: NDArray[np.float64], source: NDArray[np.int64]
) -> NDArray[np.float64]:
    """``meant`` less what a part is behind of which the stem names no subject, but that of another part of its line."""
    named = np.array([bool(line.part) and _is_named(line.subject, stem) for line in lines])
    settled = np.isin(source, source[named])
    return np.where(settled & ~named, meant - _SUBJECT, meant)


def _is_named(subject: str, stem: str) -> bool:
    return 2 <= len(subject) <= _LONGEST_SUBJECT and mentions(subject, stem)


def _own(points: NDArray[np.float64], anchor: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """(lines,) log-probability that an option means the line; all lines about a name are about it, however many."""
    if anchor is not None and anchor.any():
        return np.asarray(_NAMED * (anchor - max(float(anchor.max()), _SURELY_NAMED)))
    return _log_share(_OPTION * points)


def _said(points: NDArray[np.float64], anchor: NDArray[np.float64]) -> NDArray[np.float64]:
    """(lines,) log-probability that an option which says something means the line; likelier if it stands there."""
    return _log_share(_OPTION * points + _NAMED * anchor)


def _claimed(halves: Sequence[NDArray[np.float64]], about: NDArray[np.float64]) -> NDArray[np.float64]:
    """(lines,) log-probability that all parts of a claim mean the line; the first one may be a name."""
    return np.asarray(reduce(np.add, (_own(points, None if place else about) for place, points in enumerate(halves))))


def _clauses(stem: str) -> list[str]:
    found = [clause.strip() for clause in _SENTENCE.split(stem) if terms(clause)]
    return found[-_MOST_CLAUSES:] if len(found) > 1 else []


def _standardised(values: NDArray[np.float64], usual: float) -> NDArray[np.float64]:
    """In standard deviations above the mean; where lines are few, the usual deviation counts for more than theirs."""
    few = _FEW / (len(values) + _FEW)
    spread = np.sqrt((1 - few) * values.var() + few * usual**2)
    return np.asarray((values - np.median(values) * few - values.mean() * (1 - few)) / spread)


def _log_share(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(log_odds - np.logaddexp.reduce(log_odds))
