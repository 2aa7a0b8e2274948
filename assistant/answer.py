"""A question to an answer that is made of quotes, or to the statement that the notes do not answer it.

    understand --> rank --> choose lines --> judge how well they answer --> cite

Which lines are chosen is in ``evidence.py`` and ``comparison.py``; how they are judged is in ``support.py``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .comparison import Compared, compare
from .evidence import Quote, choose_list, choose_lookup
from .messages import Language, language_of, say
from .question import Question, understand
from .records import Answer, Citation, Place, Side
from .search import Match, Searcher
from .store import SectionRow, Store
from .support import Judge, find_empty_heading

__all__ = ["Answerer"]

_ANSWERED = 0.5
_RELATED = 0.15
_MOST_RELATED = 3


class Answerer:
    """Answers from a store. Each answer comes from one committed state of it."""

    def __init__(self, store: Store, searcher: Searcher) -> None:
        self._store = store
        self._searcher = searcher
        self._judge = Judge(store)

    def answer(self, text: str, begun: float) -> Answer:
        """``begun``: the ``time.perf_counter()`` from which ``elapsed_ms`` counts."""
        question = understand(text)
        query = self._searcher.query(text)
        with self._store.reading():
            matches = self._searcher.rank(query)
            if question.kind == "comparison":
                answer = self._compare(question, matches)
            else:
                answer = self._look_up(question, matches)
        return replace(answer, elapsed_ms=round((time.perf_counter() - begun) * 1000))

    # -- one thing asked for

    def _look_up(self, question: Question, matches: Sequence[Match]) -> Answer:
        language = language_of(question.text)
        quotes = choose_list(self._store, question.text, matches) if question.kind == "list" else []
        quotes = quotes or choose_lookup(matches)
        support = self._judge.support(question.text, matches, quotes)
        empty = find_empty_heading(self._store, question.text, quotes)
        if empty is not None:
            return self._empty_heading(question, empty, language)
        citations = self._citations(quotes)
        if support >= _ANSWERED:
            text = "\n".join(f"- {_inline(c.quote)} [{c.n}]" for c in citations)
            return Answer(question.text, question.kind, "answered", support, text, citations)
        return self._not_answered(question, matches, support, language)

    def _empty_heading(self, question: Question, row: SectionRow, language: Language) -> Answer:
        section = row.section
        key = "answer.picture_only" if section.image_only else "answer.empty_heading"
        line = section.heading_line or section.line_start
        heading = section.heading_path[-1]
        citation = Citation(1, section.file, line, section.line_end, section.heading_path, heading, 0.0)
        text = say(key, language, heading=heading) + " [1]"
        return Answer(question.text, question.kind, "empty_heading", 0.0, text, (citation,))

    def _not_answered(
        self, question: Question, matches: Sequence[Match], support: float, language: Language
    ) -> Answer:
        near = [quote for match in matches[:_MOST_RELATED] for quote in choose_lookup([match])[:1]]
        related = self._citations(near)
        status = "related" if support >= _RELATED else "not_found"
        text = say(f"answer.{status}", language)
        if status == "related":
            text = "\n".join([text, *(f"- {_inline(c.quote)} [{c.n}]" for c in related)])
        return Answer(question.text, question.kind, status, support, text, related=related)  # type: ignore[arg-type]

    # -- comparisons

    def _compare(self, question: Question, matches: Sequence[Match]) -> Answer:
        language = language_of(question.text)
        compared = compare(self._searcher, question.sides, matches)
        missing = [name for name, quotes in compared.sides if not quotes]
        if missing and not compared.difference:
            if len(missing) == len(compared.sides):
                support = 0.1
                return replace(self._not_answered(question, matches, support, language), kind="comparison", sides=tuple(
                    Side(name, ()) for name in question.sides
                ))
            support = 0.3
        else:
            support = 0.85
        ordered = [*compared.difference, *(quote for _, quotes in compared.sides for quote in quotes)]
        citations = self._citations(ordered)
        number = {_key(quote): citation.n for quote, citation in zip(_distinct(ordered), citations, strict=True)}
        leading = tuple(number[_key(quote)] for quote in compared.difference)
        sides = tuple(
            Side(name, tuple(dict.fromkeys((*leading, *(number[_key(quote)] for quote in quotes)))))
            for name, quotes in compared.sides
        )
        text = _comparison_text(compared, sides, citations, language)
        status = "answered" if support >= _ANSWERED else "related"
        return Answer(question.text, "comparison", status, support, text, citations, (), sides)  # type: ignore[arg-type]

    # -- citations

    def _citations(self, quotes: Iterable[Quote]) -> tuple[Citation, ...]:
        """Numbered citations of the distinct quotes; copies of a section elsewhere are named with them."""
        citations = []
        for n, quote in enumerate(_distinct(quotes), start=1):
            section, parts = quote.section, quote.parts
            also = []
            for copy in self._store.copies(quote.row.identity):
                if copy.id != quote.row.id:
                    units = [copy.section.units[index] for index in quote.units]
                    also.append(Place(copy.section.file, units[0].line_start, units[-1].line_end))
            citations.append(
                Citation(
                    n,
                    section.file,
                    parts[0].line_start,
                    parts[-1].line_end,
                    section.heading_path,
                    quote.text,
                    quote.score,
                    tuple(also),
                )
            )
        return tuple(citations)


def _key(quote: Quote) -> tuple[int, tuple[int, ...]]:
    return quote.row.id, quote.units


def _distinct(quotes: Iterable[Quote]) -> list[Quote]:
    return list({_key(quote): quote for quote in reversed(list(quotes))}.values())[::-1]


def _inline(quote: str) -> str:
    return quote.replace("\n", " ")


def _comparison_text(
    compared: Compared, sides: Sequence[Side], citations: Sequence[Citation], language: Language
) -> str:
    quoted = {citation.n: _inline(citation.quote) for citation in citations}
    lines = []
    leading = len(compared.difference)
    for n in range(1, leading + 1):
        lines.append(f"{say('answer.difference', language)} {quoted[n]} [{n}]")
    for side in sides:
        own = [n for n in side.citations if n > leading]
        if own:
            lines += [f"- **{side.name}**: {quoted[n]} [{n}]" for n in own]
        elif not leading:
            lines.append(f"- **{side.name}**: {say('answer.side_missing', language)}")
    return "\n".join(lines)
