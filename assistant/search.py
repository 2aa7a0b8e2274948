"""A question to ranked sections, each with the lines that speak to it.

Candidates come from two sides, FAISS over pooled vectors and BM25 over terms; late interaction over the candidates'
token vectors decides (MaxSim: Khattab and Zaharia 2020, arXiv:2004.12832). Token vectors of this kind of model crowd
into a narrow cone, so both sides are centred by the corpus' mean token vector first (Mu and Viswanath 2018,
arXiv:1702.01417), each by that of its own language, so that notes in two languages answer alike. The same is done with
the tokens of a middle layer, which keeps closer to the wording (as in BERTScore: Zhang et al. 2020, arXiv:1904.09675).
The scores are fused as z-scores over the candidates.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Final

import numpy as np

from .dense import DenseIndex
from .encoder import Encoder, Encoding, unit
from .model.interaction import Interaction
from .naming.names import squash
from .naming.wording import Wording
from .notes import UnitKind
from .records import Evidence, Hit, Place, SearchResult
from .storage.centres import Centre, Centres
from .store import SectionRow, Store, StoredPassage
from .text import reading, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Match", "Query", "Searcher", "ranked_units"]

#: From each side. More changes nothing on the evaluation sets.
_CANDIDATES: Final = 50
#: A name is found by its letters, or by what is nearest: further down there is nothing for it.
_FEW_CANDIDATES: Final = 24
#: Of these, as many as are met token by token: the others are too far behind by terms and pooled vectors.
_MOST_MET: Final = 64
#: How far down the lexical ranking scores are looked up for the other side's candidates; below, they count as none.
_LEXICAL_DEPTH: Final = 1000
_WEIGHTS: Final = {"late": 0.45, "surface": 0.12, "lexical": 0.18, "pooled": 0.2}
#: A question that quotes a passage says so by itself: the share of it that stands there, raised to this power, is added
#: as it is, so that where words do not match it decides nothing.
_VERBATIM: Final = 4.0
_VERBATIM_POWER: Final = 3
_GRAM: Final = 3
#: Sections that are worth looking into line by line.
_MOST_MATCHES: Final = 24
_EVIDENCE_LINES: Final = 3
#: Candidates from this place on are background.
_ABOVE_BACKGROUND: Final = 5
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


@dataclass(frozen=True)
class Match:
    """A section as it matches a question.

    ``late``: mean over the question's tokens of the best cosine with the section's tokens (-1..1). ``pooled``: cosine
    of the pooled vectors. ``lexical``: BM25. ``fused``: the score that ranks, in standard deviations, comparable
    within one question only. ``tokens``: for each token of the question its best cosine with the section; ``wording``:
    the same in the middle layer. ``background``: mean and standard deviation of ``late`` over the candidates that stand
    below, which is how well the question meets sections that do not answer it. ``score_units``: gives :attr:`units`.
    """

    row: SectionRow
    late: float
    pooled: float
    lexical: float
    fused: float
    tokens: NDArray[np.float32]
    wording: NDArray[np.float32]
    background: tuple[float, float]
    score_units: Callable[[], NDArray[np.float32]]

    @cached_property
    def units(self) -> NDArray[np.float32]:
        """For each unit of the section how it speaks to what the heading leaves open of the question (about -1..1); NaN
        for a unit that was not encoded. Of most sections that match, nobody asks.
        """
        return self.score_units()


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
            self._store.count_terms()
            self._store.bodyless_sections()

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

    def names_in_notes(self, name: str) -> tuple[str, ...]:
        """What the notes may call ``name``, what it is asked for as first. Call within ``reading()``."""
        return self._wording.names_in_notes(name)

    def rank(self, query: Query, most: int = _MOST_MATCHES) -> list[Match]:
        """The ``most`` best sections, best first; of word-for-word copies only one. Call within ``reading()``."""
        lexical = self._lexical(query)
        near = self._near(query, _CANDIDATES)
        return self._met(query, _foremost({*list(lexical)[:_CANDIDATES], *near}, lexical, near), lexical, most)

    def rank_those(self, query: Query, wanted: Callable[[SectionRow], bool]) -> list[Match]:
        """As :meth:`rank`, of the sections that are ``wanted``: by the terms they hold, and where there is none of
        them by what is near.
        """
        lexical = self._lexical(query)
        return self._those(query, lexical, lexical, wanted) or self._those(
            query, self._near(query, _FEW_CANDIDATES), lexical, wanted
        )

    def _those(
        self, query: Query, found: Iterable[int], lexical: Mapping[int, float], wanted: Callable[[SectionRow], bool]
    ) -> list[Match]:
        """The ``wanted`` sections of the first few passages that were ``found``, best first."""
        held = self._store.sections_holding([*itertools.islice(found, _FEW_CANDIDATES)])
        rows = self._store.sections(sorted(set(held.values())))
        chosen = {number for number, row in rows.items() if wanted(row)}
        ids = sorted(passage for passage, section in held.items() if section in chosen)
        return self._met(query, ids, lexical, _FEW_CANDIDATES)

    def _lexical(self, query: Query) -> dict[int, float]:
        """Passages that hold terms of the question, with their BM25, best first."""
        wanted = (*query.terms, *(term for name in query.also for term in terms(name)))
        return dict(self._store.lexical_candidates(wanted, _LEXICAL_DEPTH))

    def _met(self, query: Query, ids: Sequence[int], lexical: Mapping[int, float], most: int) -> list[Match]:
        """The ``most`` best sections of the passages ``ids``, which are met token by token."""
        passages = self._store.fetch(ids)
        if not passages:
            return []
        centres = self._store.centres()
        asked, content = centres.of(query.text), query.encoding.content
        written = [centres.of(passage.text) for passage in passages]
        interaction = Interaction(
            _centred(query.encoding.tokens[content], asked.tokens),
            [(p.tokens, p.scales) for p in passages],
            [centre.tokens for centre in written],
        )
        surface = Interaction(
            _centred(query.encoding.surface[content], asked.surface),
            [(p.surface, p.surface_scales) for p in passages],
            [centre.surface for centre in written],
        )
        vector = _moved(query.encoding.vector[None], [asked], centres)[0]
        features = {
            "late": interaction.scores,
            "surface": surface.scores,
            "lexical": np.array([lexical.get(passage.id, 0.0) for passage in passages]),
            "pooled": (_moved(np.stack([p.pooled for p in passages]), written, centres) @ vector).astype(np.float64),
        }
        fused = np.sum([weight * _standardised(features[name]) for name, weight in _WEIGHTS.items()], axis=0)
        fused += _VERBATIM * _shares_held(query.text, [passage.text for passage in passages]) ** _VERBATIM_POWER
        return self._sections(passages, interaction, surface.best, features, fused, most)

    def _near(self, query: Query, limit: int) -> dict[int, float]:
        """Passages whose pooled vectors are near the question's, of each language for itself, with their cosines."""
        centres = self._store.centres()
        vectors = [query.encoding.vector]
        if centres.mixed:
            asked, other = centres.of(query.text), centres.elsewhere(query.text)
            vectors.append(unit(query.encoding.vector - asked.pooled + other.pooled))
        found: dict[int, float] = {}
        for number, cosine in itertools.chain(*self._dense.candidates_of_each(np.stack(vectors), limit)):
            found[number] = max(cosine, found.get(number, cosine))
        return found

    def _sections(
        self,
        passages: Sequence[StoredPassage],
        interaction: Interaction,
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
        parts: dict[int, list[int]] = {}
        for index, passage in enumerate(passages):
            parts.setdefault(passage.section_id, []).append(index)
        matches = []
        for index in chosen:
            row = rows[passages[index].section_id]
            own = [(part, passages[part]) for part in parts[row.id]]
            scores = {name: float(features[name][index]) for name in ("late", "lexical", "pooled")}
            match = Match(
                row,
                fused=float(fused[index]),
                tokens=interaction.best[:, index],
                wording=wording[:, index],
                background=background,
                score_units=partial(_unit_scores, interaction, own, len(row.section.units)),
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


def _foremost(ids: Iterable[int], lexical: Mapping[int, float], near: Mapping[int, float]) -> list[int]:
    """Of the passages ``ids`` those that are ahead by what is known of them so far.

    What is not among the nearest is taken to be behind the last of these by half as much as that is behind the first.
    """
    numbers = sorted(ids)
    if len(numbers) <= _MOST_MET:
        return numbers
    cosines = near.values()
    behind = min(cosines) - (max(cosines) - min(cosines)) / 2 if near else 0.0
    words = _standardised(np.array([lexical.get(number, 0.0) for number in numbers]))
    pooled = _standardised(np.array([near.get(number, behind) for number in numbers]))
    ahead = _WEIGHTS["lexical"] * words + _WEIGHTS["pooled"] * pooled
    return sorted(numbers[place] for place in np.argsort(-ahead, kind="stable")[:_MOST_MET])


def _unit_scores(
    interaction: Interaction, passages: Sequence[tuple[int, StoredPassage]], count: int
) -> NDArray[np.float32]:
    """(count,) scores of a section's units, each the best of the ``passages`` that it stands in.

    ``passages``: with their places in ``interaction``.
    """
    units = np.full(count, np.nan, np.float32)
    for number, passage in passages:
        for place, score in interaction.unit_scores(number, passage.units).items():
            units[place] = np.fmax(units[place], score)
    return units


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


def _moved(pooled: NDArray[np.float32], own: Sequence[Centre], centres: Centres) -> NDArray[np.float32]:
    """Pooled vectors (n, h), each without what its language adds to it."""
    if not centres.mixed:
        return pooled
    return unit(pooled - np.stack([centre.pooled for centre in own]) + centres.all.pooled)


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
