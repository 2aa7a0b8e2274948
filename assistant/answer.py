"""A question to an answer that is made of quotes, or to the statement that the notes do not answer it.

    understand --> rank --> choose lines --> judge how well they answer --> cite

Which lines are chosen is in ``evidence.py`` and ``comparison.py``; how they are judged is in ``support.py``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Final

from .comparison import Compared, compare
from .evidence import Quote, choose_list, choose_lookup
from .messages import Language, language_of, say
from .question import Question, understand
from .records import Answer, AnswerStatus, Citation, Place, Side
from .search import Match, Query, Searcher
from .store import SectionRow, Store
from .support import Judge, Verdict, find_empty_heading
from .text import join_lines

__all__ = ["ANSWERED", "Answerer"]

#: From this probability on the notes count as answering; from the other on, what is nearest is worth showing.
ANSWERED: Final = 0.6
_RELATED: Final = 0.15
_MOST_RELATED: Final = 3
#: Shares of comparisons that were right on the gold questions: all sides found, some of them, none.
_ALL_SIDES: Final = 0.8
_SOME_SIDES: Final = 0.3
_NO_SIDE: Final = 0.05


class Answerer:
    """Answers from a store. Each answer comes from one committed state of it."""

    def __init__(self, store: Store, searcher: Searcher) -> None:
        self._store = store
        self._searcher = searcher
        self._judge = Judge(store)

    def answer(self, text: str, begun: float, *, at_least: float = ANSWERED) -> Answer:
        """``begun``: the ``time.perf_counter()`` from which ``elapsed_ms`` counts.

        ``at_least``: the probability of being answerable from which on a question counts as answered.
        """
        question = understand(text)
        query = self._searcher.query(text)
        with self._store.reading():
            matches = self._searcher.rank(query)
            if question.kind == "comparison":
                answer = self._compare(question, matches)
            else:
                answer = self._look_up(question, query, matches, at_least)
        return replace(answer, elapsed_ms=round((time.perf_counter() - begun) * 1000))

    def signals(self, text: str) -> dict[str, float] | None:
        """What the support of a lookup's answer is computed from (``None`` for a comparison or without any match)."""
        question, query = understand(text), self._searcher.query(text)
        with self._store.reading():
            matches = self._searcher.rank(query)
            quotes = self._quotes(question, matches)
            if question.kind == "comparison" or not quotes:
                return None
            return self._judge.signals(query, matches, quotes)

    # -- one thing asked for

    def _quotes(self, question: Question, matches: Sequence[Match]) -> list[Quote]:
        quotes = choose_list(self._store, question.text, matches) if question.kind == "list" else []
        return quotes or choose_lookup(matches, question.defines)

    def _look_up(self, question: Question, query: Query, matches: Sequence[Match], at_least: float) -> Answer:
        language = language_of(question.text)
        quotes = self._quotes(question, matches)
        verdict = self._judge.judge(query, matches, quotes)
        empty = find_empty_heading(self._store, question.text, quotes)
        if empty is not None:
            return self._empty_heading(question, empty, language)
        citations = self._citations(quotes)
        if verdict.answerable >= at_least and quotes:
            text = "\n".join(_bullets(citation) for citation in citations)
            return Answer(question.text, question.kind, "answered", verdict.support, text, citations)
        return self._not_answered(question, matches, verdict, language)

    def _empty_heading(self, question: Question, row: SectionRow, language: Language) -> Answer:
        section = row.section
        heading = section.heading_path[-1]
        if section.image_only:
            citations = self._citations([Quote(row, tuple(range(len(section.units))), 0.0)])
            text = say("answer.picture_only", language, heading=heading)
        else:
            line = section.heading_line or section.line_start
            citations = (Citation(1, section.file, line, line, section.heading_path, heading, 0.0),)
            text = say("answer.empty_heading", language, heading=heading)
        return Answer(question.text, question.kind, "empty_heading", 0.0, f"{text} [1]", citations)

    def _not_answered(
        self, question: Question, matches: Sequence[Match], verdict: Verdict, language: Language
    ) -> Answer:
        near = [quote for match in matches[:_MOST_RELATED] for quote in choose_lookup([match])[:1]]
        related = self._citations(near)
        status: AnswerStatus = "related" if verdict.answerable >= _RELATED and related else "not_found"
        text = say(f"answer.{status}", language)
        if status == "related":
            text = "\n".join([text, *(f"- {_inline(c.quote)} [{c.n}]" for c in related)])
        return Answer(question.text, question.kind, status, verdict.support, text, related=related)

    # -- comparisons

    def _compare(self, question: Question, matches: Sequence[Match]) -> Answer:
        language = language_of(question.text)
        compared = compare(self._searcher, question.sides, matches)
        missing = [name for name, quotes in compared.sides if not quotes]
        if len(missing) == len(compared.sides) and not compared.difference:
            answer = self._not_answered(question, matches, Verdict(_RELATED, _NO_SIDE), language)
            return replace(answer, sides=tuple(Side(name, ()) for name in question.sides))
        whole = not missing or bool(compared.difference)
        support = _ALL_SIDES if whole else _SOME_SIDES
        ordered = [*compared.difference, *(quote for _, quotes in compared.sides for quote in quotes)]
        citations = self._citations(ordered)
        number = {_key(quote): citation.n for quote, citation in zip(_distinct(ordered), citations, strict=True)}
        leading = tuple(number[_key(quote)] for quote in compared.difference)
        sides = tuple(
            Side(name, tuple(dict.fromkeys((*leading, *(number[_key(quote)] for quote in quotes)))))
            for name, quotes in compared.sides
        )
        text = _comparison_text(compared, sides, citations, language)
        status: AnswerStatus = "answered" if whole else "related"
        return Answer(question.text, "comparison", status, support, text, citations, (), sides)

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
                    quote.entries,
                )
            )
        return tuple(citations)


def _key(quote: Quote) -> tuple[int, tuple[int, ...]]:
    return quote.row.id, quote.units


def _distinct(quotes: Iterable[Quote]) -> list[Quote]:
    first: dict[tuple[int, tuple[int, ...]], Quote] = {}
    for quote in quotes:
        first.setdefault(_key(quote), quote)
    return list(first.values())


def _bullets(citation: Citation) -> str:
    """The quote as Markdown: each entry of a list on a line of its own, prose in one."""
    entries = citation.entries or (citation.quote,)
    return "\n".join(f"- {_inline(entry)} [{citation.n}]" for entry in entries)


def _inline(quote: str) -> str:
    """A quote of several lines on one."""
    return reduce(join_lines, quote.split("\n"))


def _comparison_text(
    compared: Compared, sides: Sequence[Side], citations: Sequence[Citation], language: Language
) -> str:
    quoted = {citation.n: _inline(citation.quote) for citation in citations}
    leading = len(compared.difference)
    lines = [f"{say('answer.difference', language)} {quoted[n]} [{n}]" for n in range(1, leading + 1)]
    for side in sides:
        own = [n for n in side.citations if n > leading]
        if own:
            lines += [f"- **{side.name}**: {quoted[n]} [{n}]" for n in own]
        elif not leading:
            lines.append(f"- **{side.name}**: {say('answer.side_missing', language)}")
    return "\n".join(lines)
