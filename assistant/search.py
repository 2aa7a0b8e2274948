"""A question to ranked sections, each with the lines that speak to it.

Candidates come from two sides, FAISS over pooled vectors and BM25 over terms; late interaction over the candidates'
token vectors decides (MaxSim: Khattab and Zaharia 2020, arXiv:2004.12832). Token vectors of this kind of model crowd
into a narrow cone, so both sides are centred by the corpus' mean token vector first (Mu and Viswanath 2018,
arXiv:1702.01417), each by that of its own language, so that notes in two languages answer alike. The same is done with
the tokens of a middle layer, which keeps closer to the wording (as in BERTScore: Zhang et al. 2020, arXiv:1904.09675).
The scores are fused as z-scores over the candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from ._centres import Centre, Centres
from .dense import DenseIndex
from .encoder import Encoder, Encoding, unit
from .names import squash
from .notes import UnitKind
from .records import Evidence, Hit, Place, SearchResult
from .store import SectionRow, Store, StoredPassage
from .text import reading, terms
from .wording import Wording

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Match", "Query", "Searcher", "ranked_units"]

#: From each side. More changes nothing on the evaluation sets.
_CANDIDATES: Final = 50
#: How far down the lexical ranking scores are looked up for the other side's candidates; below, they count as none.
_LEXICAL_DEPTH: Final = 1000
_WEIGHTS: Final = {"late": 0.45, "surface": 0.12, "lexical": 0.18, "pooled": 0.2}
#: A question that quotes a passage says so by itself: the share of it that stands there, raised to this power, is added
#: as it is, so that where words do not match it decides nothing.
_VERBATIM: Final = 4.0
_VERBATIM_POWER: Final = 3
_GRAM: Final = 3
#: Tokens of passages that are multiplied at once.
_TOKENS_AT_ONCE: Final = 512
#: Sections that are worth looking into line by line.
_MOST_MATCHES: Final = 24
_EVIDENCE_LINES: Final = 3
#: Candidates from this place on are background.
_ABOVE_BACKGROUND: Final = 5
#: How much less a word of the question counts in the choice of a line when the heading has it already: under
#: "A2I", the lines differ in all but A2I.
_HEADING_DISCOUNT: Final = 0.8
#: What the first line of a section is ahead by: it tends to say what the thing is.
_FIRST_LINE: Final = 0.03


@dataclass(frozen=True, slots=True)
class Query:
    """A question in the words of the notes (see ``wording.py``), with its vectors and lexical terms.

    ``also``: other names that the notes have for what it names; they count among the terms only where passages are
    looked for.
    """

    text: str
    encoding: Encoding
    terms: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A section as it matches a question.

    ``late``: mean over the question's tokens of the best cosine with the section's tokens (-1..1). ``pooled``: cosine
    of the pooled vectors. ``lexical``: BM25. ``fused``: the score that ranks, in standard deviations, comparable
    within one question only. ``units``: for each unit of the section how it speaks to what the heading leaves open
    of the question (about -1..1); NaN for a unit that was not encoded. ``tokens``: for each token of the question its
    best cosine with the section; ``wording``: the same in the middle layer. ``background``: mean and standard
    deviation of ``late`` over the candidates that stand below, which is how well the question meets sections that do
    not answer it.
    """

    row: SectionRow
    late: float
    pooled: float
    lexical: float
    fused: float
    units: NDArray[np.float32]
    tokens: NDArray[np.float32]
    wording: NDArray[np.float32]
    background: tuple[float, float]


class Searcher:
    """Ranks the sections of a store."""

    def __init__(self, store: Store, dense: DenseIndex, encoder: Encoder) -> None:
        self._store = store
        self._dense = dense
        self._encoder = encoder
        self._wording = Wording(store)

    def search(self, question: str, k: int) -> SearchResult:
        """The ``k`` best sections; word-for-word copies of a section are one hit."""
        query = self.query(question)
        with self._store.reading():
            hits = tuple(self._hit(rank, match) for rank, match in enumerate(self.rank(query, k), start=1))
        return SearchResult(question, hits)

    def prepare(self) -> None:
        """Does now what the first question would wait for, the model aside."""
        with self._store.reading():
            self._wording.prepare()

    def query(self, question: str) -> Query:
        return self.queries([question])[0]

    def queries(self, questions: Sequence[str]) -> list[Query]:
        """As :meth:`query`, several at once, which is faster."""
        with self._store.reading():
            read = [self._wording.read(reading(question).strip()) for question in questions]
        encodings = self._encoder.encode_queries([one.text for one in read])
        return [
            Query(one.text, encoding, tuple(terms(one.text)), one.also)
            for one, encoding in zip(read, encodings, strict=True)
        ]

    def other_names(self, name: str) -> tuple[str, ...]:
        """What the notes may call ``name`` besides. Call within ``reading()``."""
        return self._wording.other_names(name)

    def rank(self, query: Query, most: int = _MOST_MATCHES) -> list[Match]:
        """The ``most`` best sections, best first; of word-for-word copies only one. Call within ``reading()``."""
        wanted = (*query.terms, *(term for name in query.also for term in terms(name)))
        lexical = dict(self._store.lexical_candidates(wanted, _LEXICAL_DEPTH))
        centres = self._store.centres()
        ids = sorted({*list(lexical)[:_CANDIDATES], *self._near(query, centres)})
        if not ids:
            return []
        passages = self._store.fetch(ids)
        asked, content = centres.of(query.text), query.encoding.content
        written = [centres.of(passage.text) for passage in passages]
        interaction = _Interaction(
            _centred(query.encoding.tokens[content], asked.tokens),
            [(p.tokens, p.scales) for p in passages],
            [centre.tokens for centre in written],
            [p.units for p in passages],
        )
        surface = _Interaction(
            _centred(query.encoding.surface[content], asked.surface),
            [(p.surface, p.surface_scales) for p in passages],
            [centre.surface for centre in written],
            [],
        )
        vector = _moved(query.encoding.vector, asked, centres)
        features = {
            "late": interaction.scores,
            "surface": surface.scores,
            "lexical": np.array([lexical.get(passage.id, 0.0) for passage in passages]),
            "pooled": np.array(
                [float(_moved(p.pooled, c, centres) @ vector) for p, c in zip(passages, written, strict=True)]
            ),
        }
        fused = np.sum([weight * _standardised(features[name]) for name, weight in _WEIGHTS.items()], axis=0)
        fused += _VERBATIM * _shares_held(query.text, [passage.text for passage in passages]) ** _VERBATIM_POWER
        return self._sections(passages, interaction, surface.best, features, fused, most)

    def _near(self, query: Query, centres: Centres) -> set[int]:
        """Passages whose pooled vectors are near the question's, of each language for itself."""
        vectors = [query.encoding.vector]
        if centres.mixed:
            asked, other = centres.of(query.text), centres.elsewhere(query.text)
            vectors.append(unit(query.encoding.vector - asked.pooled + other.pooled))
        return {found for vector in vectors for found, _ in self._dense.candidates(vector, _CANDIDATES)}

    def _sections(
        self,
        passages: Sequence[StoredPassage],
        interaction: _Interaction,
        wording: NDArray[np.float32],
        features: dict[str, NDArray[np.float64]],
        fused: NDArray[np.float64],
        most: int,
    ) -> list[Match]:
        """A section is as good as its best passage; the scores of its lines come from all of its passages."""
        identities = self._store.identities(sorted({passage.section_id for passage in passages}))
        best: dict[str, int] = {}
        # Rounded: copies score the same but for the order of additions, and the first one stands for them.
        for index in np.argsort(-fused.round(5), kind="stable"):
            best.setdefault(identities[passages[index].section_id], int(index))
        chosen = list(best.values())[:most]
        rows = self._store.sections([passages[index].section_id for index in chosen])
        below = features["late"][list(best.values())[_ABOVE_BACKGROUND:]]
        background = (float(below.mean()), float(below.std())) if len(below) > 1 else (0.0, 0.0)
        matches = []
        for index in chosen:
            row = rows[passages[index].section_id]
            units = np.full(len(row.section.units), np.nan, np.float32)
            for other, passage in enumerate(passages):
                if passage.section_id == row.id:
                    for unit, score in interaction.unit_scores(other).items():
                        units[unit] = np.fmax(units[unit], score)
            scores = {name: float(features[name][index]) for name in ("late", "lexical", "pooled")}
            match = Match(
                row,
                fused=float(fused[index]),
                units=units,
                tokens=interaction.best[:, index],
                wording=wording[:, index],
                background=background,
                **scores,
            )
            matches.append(match)
        return matches

    def _hit(self, rank: int, match: Match) -> Hit:
        section = match.row.section
        others = [row.section for row in self._store.copies(match.row.identity) if row.id != match.row.id]
        lines = [(section.units[index], score) for index, score in ranked_units(match)[:_EVIDENCE_LINES]]
        return Hit(
            rank=rank,
            file=section.file,
            line_start=section.line_start,
            line_end=section.line_end,
            heading_path=section.heading_path,
            text="\n".join(unit.quote for unit in section.units),
            score=match.late,
            evidence=tuple(Evidence(unit.line_start, unit.line_end, unit.quote, score) for unit, score in lines),
            also=tuple(Place(other.file, other.line_start, other.line_end) for other in others),
        )


def ranked_units(match: Match) -> list[tuple[int, float]]:
    """The units of a section that can be quoted (indices into its units) with their scores, best first."""
    units = match.row.section.units
    encoded = [index for index, score in enumerate(match.units) if not np.isnan(score)]
    text = [index for index in encoded if units[index].kind not in (UnitKind.TABLE_HEADER, UnitKind.IMAGE)]
    quotable = text or encoded
    scored = [(index, float(match.units[index]) + _FIRST_LINE * (index == quotable[0])) for index in quotable]
    return sorted(scored, key=lambda item: (-item[1], item[0]))


class _Interaction:
    """How a question's tokens meet the tokens of some passages.

    ``question``: (question tokens, h), centred and of length 1. ``means``: by which the tokens of each passage are
    centred. ``best``: (question tokens, passages) best cosines. ``scores``: (passages,) their means.
    """

    def __init__(
        self,
        question: NDArray[np.float32],
        passages: Sequence[tuple[NDArray[np.int8], NDArray[np.float32]]],
        means: Sequence[NDArray[np.float32]],
        units: Sequence[NDArray[np.int32]],
    ) -> None:
        self._units = units
        self._starts = np.cumsum([0, *(len(scales) for _, scales in passages)])
        tokens = np.concatenate([tokens for tokens, _ in passages])
        scales = np.concatenate([scales for _, scales in passages])
        distinct = list({id(mean): mean for mean in means}.values())
        places = {id(mean): place for place, mean in enumerate(distinct)}
        own = np.repeat([places[id(mean)] for mean in means], np.diff(self._starts))
        centres = np.stack(distinct)
        # The cosines with the centred tokens, without centring each: (t - m)·q = t·q - m·q, and |t - m| likewise.
        products, squares = _products(tokens, np.vstack([question, centres]))
        products *= scales[:, None]
        along = products[np.arange(len(tokens)), len(question) + own]
        squares = squares * scales**2 - 2 * along + (centres**2).sum(axis=1)[own]
        lengths = np.sqrt(np.maximum(squares, 1e-24))
        cosines = (products[:, : len(question)] - (centres @ question.T)[own]) / lengths[:, None]
        #: (question tokens, all tokens)
        self._cosines = cosines.T
        if len(question):
            self.best = np.maximum.reduceat(cosines, self._starts[:-1], axis=0).T
            self.scores: NDArray[np.float64] = self.best.mean(axis=0).astype(np.float64)
        else:
            self.best = np.zeros((0, len(passages)), np.float32)
            self.scores = np.zeros(len(passages))

    def _heading(self, passage: int) -> NDArray[np.float32]:
        """(question tokens,) best cosines with the heading path of a passage; zeros where it has none."""
        cosines = self._cosines[:, self._starts[passage] : self._starts[passage + 1]]
        in_heading = self._units[passage] == -1
        return cosines[:, in_heading].max(axis=1) if in_heading.any() else np.zeros(len(cosines), np.float32)

    def unit_scores(self, passage: int) -> dict[int, float]:
        """For each unit of a passage: the mean of the best cosines with its tokens, over what the heading lacks."""
        cosines = self._cosines[:, self._starts[passage] : self._starts[passage + 1]]
        units = self._units[passage]
        if not len(cosines):
            return {}
        heading = self._heading(passage)
        weights = 1 - _HEADING_DISCOUNT * np.clip(heading, 0, 1)
        weights /= weights.sum()
        starts = np.flatnonzero(np.append(True, units[1:] != units[:-1]))
        best: dict[int, NDArray[np.float32]] = {}
        for number, run in zip(units[starts].tolist(), np.maximum.reduceat(cosines, starts, axis=1).T, strict=True):
            if number >= 0:
                best[number] = np.maximum(best[number], run) if number in best else np.ascontiguousarray(run)
        return {number: float(weights @ values) for number, values in best.items()}


def _products(tokens: NDArray[np.int8], others: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(n, others) inner products of (n, h) tokens, and (n,) with themselves: so many at once as stay in the cache."""
    products = np.empty((len(tokens), len(others)), np.float32)
    squares = np.empty(len(tokens), np.float32)
    for start in range(0, len(tokens), _TOKENS_AT_ONCE):
        part = slice(start, start + _TOKENS_AT_ONCE)
        rows = tokens[part].astype(np.float32)
        np.matmul(rows, others.T, out=products[part])
        np.einsum("nh,nh->n", rows, rows, out=squares[part])
    return products, squares


def _shares_held(question: str, passages: Sequence[str]) -> NDArray[np.float64]:
    """For each passage the share of the question's character trigrams that it holds, by rarity among the passages."""
    wanted = squash(question)
    grams = list(dict.fromkeys(wanted[at : at + _GRAM] for at in range(len(wanted) - _GRAM + 1)))
    if not grams:
        return np.zeros(len(passages))
    texts = [_squashed(passage) for passage in passages]
    held = np.array([[gram in text for text in texts] for gram in grams])
    found = held.sum(axis=1)
    rarity = np.log1p((len(passages) - found + 0.5) / (found + 0.5))
    return np.asarray(rarity @ held / rarity.sum())


_squashed = lru_cache(maxsize=8192)(squash)


def _centred(tokens: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    return unit(tokens - mean)


def _moved(pooled: NDArray[np.float32], own: Centre, centres: Centres) -> NDArray[np.float32]:
    """A pooled vector without what its language adds to it."""
    return unit(pooled - own.pooled + centres.all.pooled) if centres.mixed else pooled


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
