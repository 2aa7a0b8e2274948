"""How far each option of an exam question and its stem point to the same lines of the notes.

The stem points to lines, with some probability for each, and so does every option; an option is as good as the chance
that both mean the same line. What the options share with all of the notes thereby counts for nothing, and a distractor
that the notes know well points elsewhere. An option that is a name points to the lines about that name; in a pair
("PCI DSS ― カード情報") one half has to point where the other does.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from ._anchors import Anchors
from ._lines import Line, Lines
from .dense import DenseIndex
from .encoder import Encoder
from .examrecords import ExamQuestion
from .names import mentions
from .store import Store
from .text import reading, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Weighed", "Weigher"]

#: Passages from each side (lexical, dense) and for each text.
_CANDIDATES: Final = 24
_MOST_CLAUSES: Final = 6
#: How sharply stem and options point, per standard deviation over the lines; how much the terms in common add.
_STEM: Final = 1.0
_OPTION: Final = 0.8
_LEXICAL: Final = 0.4
#: What the standard deviations over the lines of a collection of notes are usually like; the weight of that, in lines.
_FIT_SPREAD: Final = 0.065
_HELD_SPREAD: Final = 0.05
_FEW: Final = 10
#: Log-odds that an option which is a name means a line about it.
_NAMED: Final = 4.0
#: Log-odds for a line under a heading that the stem names, and for one whose subject it names.
_UNDER_HEADING: Final = 2.0
_SUBJECT: Final = 2.0
#: What a line is behind when it is another line of its section that the stem means.
_SAME_SECTION: Final = 1.5
#: The share of the stem's clauses, beside the stem as a whole: each of two services meets one clause of a scenario.
_CLAUSES: Final = 0.5
#: An option about which there are but passing words is not sure to be named by them.
_SURELY_NAMED: Final = 0.8

_SENTENCE: Final = re.compile(r"(?<=[。！？?!])|(?<=\.)\s+|\n")
#: What joins the halves of a pair.
_JOINT: Final = re.compile(r"\s*(?:―+|—+|–|：|:|→|／|\s[-/]\s|・)\s*")
_MOST_HALVES: Final = 3
#: Where a clause of a statement ends, and where the subject of a clause does.
_CLAUSE_ENDS: Final = re.compile(
    r"(?<=[がしりく])、(?=[^、]{1,24}(?:は|なら|では))|、?一方で?、?|\s*;\s*|,?\s+(?:while|whereas|but)\s+"
)
_SUBJECT_ENDS: Final = re.compile(r"\s*(?:とは|では|なら|は)、?\s*|\s+(?:is|are|has|can|does)\s+")
#: What the thing asked about is set against.
_FOIL: Final = re.compile(
    r"(?:^|(?<=[、。\n]))[^、。\n]{1,40}?(?:では?なく|と(?:は?違[いっ]て?|(?:比べ|比較し)(?:た(?:とき|場合|際)の?|て|ると))"
    r"|に(?:比べ|対し)(?:た(?:とき|場合|際)の?|て|ると)?)、?"
    r"|,?\s*\b(?:rather than|instead of|compared (?:to|with)|unlike|as opposed to)\s+"
    r"[^,.?]{1,40}(?=[,.?]|\s(?:is|are|when|for|to)\b|$),?",
    re.IGNORECASE,
)
_LONGEST_SUBJECT: Final = 24


@dataclass(frozen=True)
class Weighed:
    """What the notes' lines say to one question.

    ``fit``: (1 + options, lines) mean best cosine of the stem (row 0) and of each option with each line; ``points``
    the same with the terms in common, in standard deviations over the lines. ``anchors``: (options, lines), see
    ``_anchors.py``; ``are_names``: for each option whether it is a name. ``shared``: (options, lines) log-probability
    that stem and option both mean the line; ``scores``: (options,) that they mean any one line.
    """

    lines: list[Line]
    fit: NDArray[np.float64]
    points: NDArray[np.float64]
    anchors: NDArray[np.float64]
    are_names: list[bool]
    shared: NDArray[np.float64]
    scores: NDArray[np.float64]


class Weigher:
    """Weighs exam questions by a store. Call within ``store.reading()``."""

    def __init__(self, store: Store, dense: DenseIndex, encoder: Encoder) -> None:
        self._store = store
        self._dense = dense
        self._encoder = encoder

    def weigh(self, question: ExamQuestion) -> Weighed | None:
        """``None`` where there are no notes to weigh by."""
        stem, options = reading(question.stem).strip(), [reading(option.text).strip() for option in question.options]
        asked = without_foil(stem)
        clauses, claims = _clauses(asked), _claims(options)
        sight = self._look(dict.fromkeys((asked, *options, *clauses, *itertools.chain(*itertools.chain(*claims)))))
        if sight is None:
            return None
        lines, fit, points = sight
        meant = _meant(asked, lines, [points[asked], *(points[clause] for clause in clauses)])
        named = Anchors(lines)
        anchors = named.strengths(options)
        firsts = iter(named.strengths([halves[0] for option in claims for halves in option]))
        shared, scores = [], []
        for option, anchor, made in zip(options, anchors, claims, strict=True):
            own = [_claimed([points[half] for half in halves], next(firsts)) for halves in made]
            each = meant + np.array(own or [_own(points[option], anchor)])
            shared.append(each.max(axis=0))
            scores.append(np.logaddexp.reduce(each, axis=1).mean())
        return Weighed(
            lines,
            np.array([fit[text] for text in (asked, *options)]),
            np.array([points[text] for text in (asked, *options)]),
            anchors,
            [named.is_name(option) for option in options],
            np.array(shared),
            np.array(scores),
        )

    def _look(
        self, texts: dict[str, None]
    ) -> tuple[list[Line], dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]] | None:
        """The lines that any of the texts may be about; for each text its fit and its points, both (lines,)."""
        encodings = dict(zip(texts, self._encoder.encode_queries(list(texts)), strict=True))
        ids: set[int] = set()
        for text, encoding in encodings.items():
            ids.update(row for row, _ in self._store.lexical_candidates(terms(text), _CANDIDATES))
            ids.update(row for row, _ in self._dense.candidates(encoding.vector, _CANDIDATES))
        lines = Lines(self._store, sorted(ids))
        if not lines.lines:
            return None
        fit = {text: lines.meet(encoding) for text, encoding in encodings.items()}
        points = {
            text: _standardised(fit[text], _FIT_SPREAD)
            + _LEXICAL * _standardised(self._held(text, lines), _HELD_SPREAD)
            for text in texts
        }
        return lines.lines, fit, points

    def _held(self, text: str, lines: Lines) -> NDArray[np.float64]:
        """(lines,): the share of the text's terms, by rarity, that each line and its headings hold."""
        rarity = self._store.rarity(list(dict.fromkeys(terms(text))))
        total = sum(rarity.values()) or 1.0
        return (
            np.array([sum(value for term, value in rarity.items() if term in there) for there in lines.terms]) / total
        )


def _meant(stem: str, lines: Sequence[Line], points: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """(lines,) log-probability that the stem means the line. ``points``: of the stem, then of each of its clauses."""
    under = np.array([bool(line.leaf) and mentions(line.leaf, stem) for line in lines])
    subject = np.array([_is_named(line.subject, stem) for line in lines])
    said = _UNDER_HEADING * under + _SUBJECT * subject
    whole, *clauses = (_log_share(_STEM * row + said) for row in points)
    if len(clauses) > 1:
        each = np.logaddexp.reduce(clauses, axis=0) - np.log(len(clauses))
        whole = np.logaddexp(np.log(1 - _CLAUSES) + whole, np.log(_CLAUSES) + each)
    best: dict[int, float] = {}
    for line, value in zip(lines, whole, strict=True):
        best[line.row.id] = max(best.get(line.row.id, -np.inf), float(value))
    return np.maximum(whole, np.array([best[line.row.id] for line in lines]) - _SAME_SECTION)


def _is_named(subject: str, stem: str) -> bool:
    return 2 <= len(subject) <= _LONGEST_SUBJECT and mentions(subject, stem)


def _own(points: NDArray[np.float64], anchor: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """(lines,) log-probability that an option means the line; all lines about a name are about it, however many."""
    if anchor is not None and anchor.any():
        return np.asarray(_NAMED * (anchor - max(float(anchor.max()), _SURELY_NAMED)))
    return _log_share(_OPTION * points)


def _claimed(halves: Sequence[NDArray[np.float64]], about: NDArray[np.float64]) -> NDArray[np.float64]:
    """(lines,) log-probability that all parts of a claim mean the line; the first one may be a name."""
    return np.asarray(reduce(np.add, (_own(points, None if place else about) for place, points in enumerate(halves))))


def without_foil(stem: str) -> str:
    """The stem without what it sets the thing asked about against: 「標準ではなくFIFOを選ぶのは」, "rather than X"."""
    kept = _FOIL.sub("", stem).strip()
    return kept if terms(kept) else stem


def _claims(options: Sequence[str]) -> list[list[list[str]]]:
    """What each option claims, as a list of claims, each in two parts or more that have to stand on one line.

    Either all options are pairs; or an option is a statement, "X is so, but Y is such", of which each clause names
    its subject. An option that is neither claims nothing by itself.
    """
    pairs = [_parts_of(_JOINT.split(option)) for option in options]
    if all(1 < len(pair) <= _MOST_HALVES for pair in pairs):
        return [[pair] for pair in pairs]
    found = []
    for option in options:
        clauses = [_parts_of(_SUBJECT_ENDS.split(clause, maxsplit=1)) for clause in _CLAUSE_ENDS.split(option)]
        stated = all(len(clause) == 2 and len(clause[0]) <= _LONGEST_SUBJECT for clause in clauses)
        found.append(clauses if stated else [])
    return found


def _parts_of(split: Sequence[str]) -> list[str]:
    return [part.strip() for part in split if terms(part)]


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
