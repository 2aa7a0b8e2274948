"""A question to an answer that is made of quotes, or to the statement that the notes do not answer it.

    understand --> rank --> choose lines --> judge how well they answer --> cite

In ``answering/``, ``evidence.py`` and ``comparison.py`` choose the lines, and ``support.py`` judges them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Final

from .answering.citing import cite, distinct, quote_key
from .answering.comparison import Compared, compare, nearest_lines
from .answering.differences import differing
from .answering.evidence import Quote, choose_lookup, says_what_it_is
from .answering.listing import choose_counted, choose_list, choose_side
from .answering.nearby import nearby
from .answering.support import Judge, Verdict, find_empty_heading
from .answering.topic import topic_first
from .asking.question import Question, understand
from .messages import Language, language_of, say
from .records import Answer, AnswerStatus, Citation, Side
from .search import Match, Query, Searcher
from .store import SectionRow, Store
from .text import is_mostly_japanese, join_lines

__all__ = ["ANSWERED", "Answerer"]

#: From this probability on the notes count as answering; from the other on, what is nearest is worth showing. A refusal
#: of what the notes do answer is to be a good deal rarer than an answer to what they do not: hence below one half.
ANSWERED: Final = 0.36
_RELATED: Final = 0.15
#: The least that is the probability that a line says what a name means which begins with it.
_DEFINED: Final = 0.8
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
        query, *sides = self._searcher.queries([text, *question.sides])
        with self._store.reading():
            matches = self._ranked(text, query)
            if question.kind == "comparison":
                answer = self._compare(question, query, sides, matches, at_least)
            else:
                answer = self._look_up(question, query, matches, at_least)
        return replace(answer, elapsed_ms=round((time.perf_counter() - begun) * 1000))

    def signals(self, text: str) -> dict[str, float] | None:
        """What the support of a lookup's answer is computed from (``None`` for a comparison or without any match)."""
        question, query = understand(text), self._searcher.query(text)
        with self._store.reading():
            matches = self._ranked(text, query)
            quotes = self._quotes(question, matches, self._names(question))
            if question.kind == "comparison" or not quotes:
                return None
            return self._judge.signals(query, matches, quotes)

    def _ranked(self, text: str, query: Query) -> Sequence[Match]:
        return topic_first(text, self._searcher.rank(query), query.also)

    # -- one thing asked for

    def _names(self, question: Question) -> tuple[str, ...]:
        """What the notes call the thing whose meaning is asked for; nothing if something else is."""
        return self._searcher.names_in_notes(question.defines) if question.defines else ()

    def _quotes(self, question: Question, matches: Sequence[Match], names: Sequence[str]) -> list[Quote]:
        choose = choose_list if question.kind == "list" else choose_counted
        quotes = choose_side(question.text, matches) or choose(self._store, question.text, matches)
        if quotes:
            return quotes
        return choose_lookup(matches, names, question.text)

    def _look_up(self, question: Question, query: Query, matches: Sequence[Match], at_least: float) -> Answer:
        language = language_of(question.text)
        names = self._names(question)
        quotes = self._quotes(question, matches, names)
        verdict = self._judge.judge(query, matches, quotes)
        if quotes and says_what_it_is(quotes[0], names):
            verdict = Verdict(max(verdict.answerable, _DEFINED), max(verdict.support, _DEFINED))
        empty = find_empty_heading(self._store, question.text, quotes)
        if empty is not None:
            return self._empty_heading(question, empty, language)
        citations = cite(self._store, quotes)
        if verdict.answerable >= at_least and quotes:
            text = "\n".join(_bullets(citation) for citation in citations)
            return Answer(question.text, question.kind, "answered", verdict.support, text, citations)
        return self._not_answered(question, query, matches, verdict)

    def _empty_heading(self, question: Question, row: SectionRow, language: Language) -> Answer:
        section = row.section
        heading = section.heading_path[-1]
        if section.image_only:
            citations = cite(self._store, [Quote(row, tuple(range(len(section.units))), 0.0)])
            text = say("answer.picture_only", language, heading=heading)
        else:
            line = section.heading_line or section.line_start
            citations = (Citation(1, section.file, line, line, section.heading_path, heading, 0.0),)
            text = say("answer.empty_heading", language, heading=heading)
        return Answer(question.text, question.kind, "empty_heading", 0.0, f"{text} [1]", citations)

    def _not_answered(self, question: Question, query: Query, matches: Sequence[Match], verdict: Verdict) -> Answer:
        language = language_of(question.text)
        near, speaks_of_it = nearby(question.text, matches)
        is_near = verdict.answerable >= _RELATED or verdict.near >= ANSWERED
        status: AnswerStatus = "related" if is_near and near else "not_found"
        related = cite(self._store, near if is_near or speaks_of_it else [])
        unknown = self._judge.unknown_names(query)
        lines = [say("answer.unknown", language, names=", ".join(unknown))] if unknown else []
        lines.append(say(f"answer.{status}", language))
        if status == "related":
            lines += [f"- {_inline(c.quote)} [{c.n}]" for c in related]
        text = "\n".join(lines)
        return Answer(question.text, question.kind, status, verdict.support, text, related=related, unknown=unknown)

    # -- comparisons

    def _compare(
        self,
        question: Question,
        query: Query,
        sides: Sequence[Query],
        matches: Sequence[Match],
        at_least: float,
    ) -> Answer:
        language = language_of(question.text)
        compared = compare(self._searcher, question.sides, sides, matches)
        if question.bare and not all(quotes for _, quotes in compared.sides):
            return self._look_up(replace(question, kind="lookup", sides=()), query, matches, at_least)
        if not compared.difference and not any(quotes for _, quotes in compared.sides):
            compared = self._translated(question, query, sides, matches) or compared
        missing = [name for name, quotes in compared.sides if not quotes]
        if len(missing) == len(compared.sides) and not compared.difference:
            answer = self._not_answered(question, query, matches, Verdict(_RELATED, _NO_SIDE))
            return replace(answer, sides=tuple(Side(name, ()) for name in question.sides))
        whole = not missing or bool(compared.difference)
        support = _ALL_SIDES if whole else _SOME_SIDES
        ordered = [*compared.difference, *(quote for _, quotes in compared.sides for quote in quotes)]
        citations = cite(self._store, ordered)
        number = {quote_key(quote): citation.n for quote, citation in zip(distinct(ordered), citations, strict=True)}
        leading = tuple(number[quote_key(quote)] for quote in compared.difference)
        told = tuple(
            Side(name, tuple(dict.fromkeys((*leading, *(number[quote_key(quote)] for quote in quotes)))))
            for name, quotes in compared.sides
        )
        told = _with_differences(told, citations, leading)
        text = _comparison_text(compared, told, citations, language)
        status: AnswerStatus = "answered" if whole else "related"
        return Answer(question.text, "comparison", status, support, text, citations, (), told)

    def _translated(
        self, question: Question, query: Query, sides: Sequence[Query], matches: Sequence[Match]
    ) -> Compared | None:
        """The sides of a question in another language than the notes that answer it, if they do.

        Proper names are the same in every language: what the notes do not hold of them, they do not hold.
        """
        quotes = choose_lookup(matches)
        if not quotes or is_mostly_japanese(question.text) == is_mostly_japanese(quotes[0].text):
            return None
        if any(char.isupper() or char.isdigit() for name in question.sides for char in name):
            return None
        if self._judge.judge(query, matches, quotes).answerable < ANSWERED:
            return None
        return nearest_lines(self._searcher, question.sides, sides)


def _with_differences(sides: Sequence[Side], citations: Sequence[Citation], leading: Sequence[int]) -> tuple[Side, ...]:
    """Marks in each side's first quote of its own what the other sides' quotes do not have."""
    quoted = {citation.n: citation.quote for citation in citations}
    own = {place: [n for n in side.citations if n not in leading][:1] for place, side in enumerate(sides)}
    places = [place for place, numbers in own.items() if numbers]
    spans = differing([quoted[own[place][0]] for place in places], [sides[place].name for place in places])
    found = dict(zip(places, spans, strict=True))
    return tuple(replace(side, differs=found.get(place, ())) for place, side in enumerate(sides))


def _bullets(citation: Citation) -> str:
    """The quote as Markdown: each entry of a list on a line of its own, prose in one."""
    entries = citation.readings or citation.entries or (citation.quote,)
    return "\n".join(f"- {_inline(entry)} [{citation.n}]" for entry in entries)


def _inline(quote: str) -> str:
    """A quote of several lines on one."""
    return reduce(join_lines, quote.split("\n"))


def _comparison_text(
    compared: Compared, sides: Sequence[Side], citations: Sequence[Citation], language: Language
) -> str:
    quoted = {citation.n: _inline("\n".join(citation.readings) or citation.quote) for citation in citations}
    leading = len(compared.difference)
    lines = [f"{say('answer.difference', language)} {quoted[n]} [{n}]" for n in range(1, leading + 1)]
    for side in sides:
        own = [n for n in side.citations if n > leading]
        if own:
            lines += [f"- **{side.name}**: {quoted[n]} [{n}]" for n in own]
        elif not leading:
            lines.append(f"- **{side.name}**: {say('answer.side_missing', language)}")
    return "\n".join(lines)
