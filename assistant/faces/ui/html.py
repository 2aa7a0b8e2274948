"""What the page shows, as HTML built from records: pure functions, everything that comes from a note escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import Final

from ...errors import AssistantError
from ...messages import Language, say
from ...records import Answer, Citation, RefreshReport, Status
from .icons import icon
from .marks import differing
from .markup import format_quote, plain
from .places import crumb, open_attributes, place
from .transcript import copied, transcript

__all__ = ["answer", "building", "chat_tools", "error", "header", "question", "waiting"]

_MOST_NAMED: Final = 3


def header(
    status: Status | None,
    language: Language,
    problem: str | None = None,
    *,
    private: bool = True,
    changed: RefreshReport | None = None,
    change: int = 0,
    reopen: bool = False,
) -> str:
    """The line above everything: name, size of the notes (or what is wrong with them), light or dark.

    ``private``: only this computer can open the page. ``changed``: what was just found to be different, which is
    the ``change`` of this number; with ``reopen`` the page opens a note that is among it anew.
    """
    if problem is not None:
        state = f'<span class="nq-state nq-problem" role="alert">{escape(problem)}</span>'
    elif status is None:
        state = f'<span class="nq-state">{escape(say("web.starting", language))}</span>'
    else:
        counts = say("web.counts", language, files=status.files, sections=status.sections)
        reach = say("web.private" if private else "web.public", language)
        news = _changed(changed, language, change, reopen=reopen) if changed else escape(counts + reach)
        state = f'<span class="nq-state" role="status">{news}</span>'
    return _top(state, language)


def building(text: str, share: float | None, language: Language) -> str:
    """The header while the notes are being read; ``share`` of the index is there."""
    return _top(f'<span class="nq-state">{escape(text)}</span>', language) + _progress(share, text)


def _changed(report: RefreshReport, language: Language, change: int, *, reopen: bool) -> str:
    """What a refresh did, in one line."""
    named = ", ".join(report.different[:_MOST_NAMED]) + (", …" if len(report.different) > _MOST_NAMED else "")
    counts = {"added": report.added, "changed": report.changed, "removed": report.removed}
    counted = (say(f"web.changed_{what}", language, count=count) for what, count in counts.items() if count)
    text = say("web.changed", language, counts=say("web.changed_join", language).join(counted), files=named)
    again = f' data-reopen="{escape(json.dumps(report.different))}"' if reopen else ""
    return f'<span class="nq-changed" data-change="{change}"{again}>{escape(text)}</span>'


def _progress(share: float | None, text: str) -> str:
    if share is None:
        return ""
    return (
        f'<div class="nq nq-progress" role="progressbar" aria-label="{escape(text)}" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{round(100 * share)}"><i style="width:{share:.1%}"></i></div>'
    )


def _top(state: str, language: Language) -> str:
    theme = escape(say("web.theme", language))
    return (
        f'<div class="nq nq-top">{icon("logo")}<h1>{escape(say("web.title", language))}</h1>{state}'
        f'<button type="button" class="nq-square" data-theme title="{theme}" aria-label="{theme}">{icon("theme")}'
        "</button></div>"
    )


def question(text: str, number: int = 0) -> str:
    """The question as typed; ``number`` tells it from the same one asked before."""
    return f'<div class="nq nq-question" data-turn="{number}">{escape(text)}</div>'


def chat_tools(language: Language) -> str:
    """What can be done with a conversation: saving it as a file, which head.js writes, and clearing it."""
    buttons = []
    for symbol, key in (("save", "web.save"), ("clear", "web.clear")):
        label = escape(say(key, language))
        buttons.append(
            f'<button type="button" class="nq-square" data-{symbol} title="{label}" aria-label="{label}">'
            f"{icon(symbol)}</button>"
        )
    return f'<div class="nq nq-chat-tools">{"".join(buttons)}</div>'


def waiting(text: str, share: float | None = None) -> str:
    """Shown in the answer's place until it is there; ``share`` of the index has been built."""
    return f'<div class="nq nq-waiting" role="status"><i></i>{escape(text)}</div>{_progress(share, text)}'


def error(problem: AssistantError, language: Language, number: int | None = None) -> str:
    """One line that says what went wrong and what to do. With the ``number`` of a question it can be asked again."""
    title = escape(say("web.error", language))
    retry = (
        f'<button type="button" class="nq-tool" data-retry="{number}">{icon("retry")}'
        f"{escape(say('web.retry', language))}</button>"
    )
    return _notice("error", "alert", title, escape(problem.message(language)), "" if number is None else retry)


def answer(result: Answer, language: Language) -> str:
    """One whole answer: what the notes say, or that they don't, and the places to look at."""
    if result.status == "not_found":
        return _article(_not_found(result, language), result, language)
    if result.status == "related":
        nearest = result.related or result.citations
        body = f'{_unknown(result, language)}<p class="nq-lead">{escape(say("web.related", language))}</p>'
        return _article(body + _cards(nearest, language, quotes=True), result, language)
    if result.status == "empty_heading":
        title, hint = say("web.empty_heading", language), say("web.empty_heading_next", language)
        body = _notice("empty", "heading", escape(title), escape(hint))
        return _article(body + _cards(result.citations, language, scores=False), result, language)
    if result.kind == "comparison" and result.sides:
        body = _comparison(result, language)
    else:
        body = _quotes(result.citations, language, by_heading=result.kind == "list")
    return _article(body + _sources(result, language), result, language)


def _open(citation: Citation) -> str:
    lines = (citation.line_start, citation.line_end)
    return open_attributes(citation.file, citation.line_start, lines, str(citation.n))


def _article(body: str, result: Answer, language: Language) -> str:
    if result.understood:
        note = escape(say("web.understood", language, question=result.understood))
        body = f'<p class="nq-understood">{note}</p>{body}'
    if result.pending_files:
        note = escape(say("web.pending", language, files=result.pending_files))
        body = f'<p class="nq-pending">{icon("retry")}{note}</p>{body}'
    return (
        f'<article class="nq nq-answer" data-status="{result.status}" data-kind="{result.kind}" '
        f'data-asked="{escape(result.question)}" data-transcript="{escape(transcript(result))}">{body}</article>'
    )


def _chip(citation: Citation, language: Language) -> str:
    where = place(citation.file, citation.line_start, citation.line_end)
    label = escape(say("web.open", language, n=citation.n, place=where))
    return f'<button type="button" class="nq-chip" {_open(citation)} aria-label="{label}">{citation.n}</button>'


def _cited(quote: str, chip: str) -> str:
    """``quote``, as HTML, with its number, which never stands alone on a line: its last character goes along."""
    if not quote or quote[-1] in "<>;" or quote[-1].isspace():  # the end of a tag or of a character reference
        return quote + chip
    return f'{quote[:-1]}<span class="nq-tail">{quote[-1]}{chip}</span>'


def _quotes(citations: Iterable[Citation], language: Language, *, by_heading: bool = False) -> str:
    """The quotes as the answer's text. A list answer names the heading that its items stand under."""
    parts = []
    for _, group in groupby(citations, key=lambda citation: (citation.file, citation.heading_path)):
        items = list(group)
        if by_heading:
            title = plain(items[0].heading_path[-1]) if items[0].heading_path else items[0].file
            parts.append(f'<p class="nq-lead">{escape(title)}</p>')
        rows = (
            f"<li>{_cited(format_quote(entry, language), _chip(item, language))}</li>"
            for item in items
            for entry in item.entries or (item.quote,)
        )
        parts.append(f'<ul class="nq-quotes">{"".join(rows)}</ul>')
    return "".join(parts)


def _comparison(result: Answer, language: Language) -> str:
    """One column a side. Quotes of different sides are not paired up: the notes don't say that they correspond."""
    by_number = {citation.n: citation for citation in result.citations}
    heads, cells = [], []
    for side in result.sides:
        heads.append(f'<th scope="col">{escape(side.name)}</th>')
        quoted = [by_number[n] for n in side.citations if n in by_number]
        own = next((item for item in quoted if any(item.n not in other.citations for other in result.sides)), None)
        body = "".join(
            f"<p>{_cited(format_quote(item.quote, language, marker), _chip(item, language))}</p>"
            for item in quoted
            for marker in (differing(item.quote, side.differs) if item is own else None,)
        )
        missing = f'<p class="nq-missing">{escape(say("web.side_missing", language))}</p>'
        cells.append(f'<td data-side="{escape(side.name)}">{body or missing}</td>')
    names = say("web.compared_join", language).join(f"<strong>{escape(side.name)}</strong>" for side in result.sides)
    lead = say("web.compared", language, names=names)
    table = f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody><tr>{''.join(cells)}</tr></tbody></table>"
    return f'<p class="nq-lead">{lead}</p><div class="nq-compare">{table}</div>'


def _sources(result: Answer, language: Language) -> str:
    count = len(result.citations)
    counted = say("web.evidence_one" if count == 1 else "web.evidence", language, count=count)
    percent = round(100 * _share(result.support))
    means = escape(say("web.support_means", language))
    support = (
        f'<span class="nq-support" title="{means}">{escape(say("web.support", language, percent=percent))}'
        f"{_bar(result.support)}</span>"
    )
    label = escape(say("web.copy_answer", language))
    copy = (
        f'<button type="button" class="nq-tool" data-copy="{escape(copied(result))}" aria-label="{label}">'
        f"{icon('copy')}<span>{label}</span></button>"
    )
    return (
        f'<div class="nq-about"><span>{escape(counted)}</span>{support}{copy}</div>{_cards(result.citations, language)}'
    )


def _cards(citations: Iterable[Citation], language: Language, *, quotes: bool = False, scores: bool = True) -> str:
    """One card for each section, one row for each quote. Quotes are repeated only where no text above holds them."""
    cards = []
    for (file, path), group in groupby(citations, key=lambda citation: (citation.file, citation.heading_path)):
        title = f'<span class="nq-crumb">{escape(crumb(path, file))}</span>'
        rows = []
        for item in group:
            quoted = f'<span class="nq-quote">{format_quote(item.quote, language)}</span>' if quotes else ""
            rows.append(_row(item, title + quoted, language, scores) + _also(item, language))
            title = ""
        cards.append(f'<li class="nq-card">{"".join(rows)}</li>')
    return f'<ol class="nq-cards">{"".join(cards)}</ol>'


def _row(citation: Citation, above: str, language: Language, with_score: bool) -> str:
    where = place(citation.file, citation.line_start, citation.line_end)
    label = escape(say("web.open", language, n=citation.n, place=where))
    means = escape(say("web.score_means", language))
    score = f'<span class="nq-score" title="{means}">{_bar(citation.score)}{_share(citation.score):.2f}</span>'
    return (
        f'<button type="button" class="nq-source" {_open(citation)} aria-label="{label}">'
        f'<span class="nq-number">{citation.n}</span><span class="nq-source-body">{above}'
        f'<span class="nq-meta"><span class="nq-file">{escape(where)}</span>{score if with_score else ""}</span></span>'
        "</button>"
    )


def _also(citation: Citation, language: Language) -> str:
    """The other places where the same section stands."""
    if not citation.also:
        return ""
    links = "".join(
        f'<button type="button" class="nq-also" {open_attributes(p.file, p.line_start, (p.line_start, p.line_end))}>'
        f"{escape(place(p.file, p.line_start, p.line_end))}</button>"
        for p in citation.also
    )
    return f'<div class="nq-alsos">{escape(say("web.also", language))} {links}</div>'


def _not_found(result: Answer, language: Language) -> str:
    title, hint = say("web.not_found", language), say("web.not_found_next", language)
    near = "".join(
        f'<li><button type="button" class="nq-near" {_open_section(item)}>'
        f"{escape(crumb(item.heading_path, item.file))} <small>{escape(place(item.file, item.line_start))}</small>"
        "</button></li>"
        for item in result.related
    )
    nearest = f'<p class="nq-label">{escape(say("web.nearest", language))}</p><ul class="nq-nears">{near}</ul>'
    heading = " ".join(result.question.split()).rstrip("？?")
    template = (
        f'<button type="button" class="nq-tool" data-copy="{escape(f"## {heading}{chr(10)}- ")}">{icon("plus")}'
        f"{escape(say('web.copy_template', language))}</button>"
    )
    more = _unknown(result, language) + (nearest if near else "") + template
    return _notice("missing", "search", escape(title), escape(hint), more)


def _unknown(result: Answer, language: Language) -> str:
    if not result.unknown:
        return ""
    return f'<p class="nq-label">{escape(say("answer.unknown", language, names=", ".join(result.unknown)))}</p>'


def _open_section(citation: Citation) -> str:
    """A nearest heading is a way in, not a source: nothing is highlighted."""
    return open_attributes(citation.file, citation.line_start)


def _notice(kind: str, symbol: str, title: str, text: str, more: str = "") -> str:
    return (
        f'<div class="nq nq-notice nq-{kind}" role="note"><div class="nq-notice-head">{icon(symbol)}'
        f"<div><strong>{title}</strong><p>{text}</p></div></div>{more}</div>"
    )


def _bar(value: float) -> str:
    share = _share(value)
    level = "high" if share >= 0.66 else "middle" if share >= 0.33 else "low"
    return f'<span class="nq-bar nq-{level}" aria-hidden="true"><i style="width:{share:.0%}"></i></span>'


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)
