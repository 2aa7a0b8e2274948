"""The note panel: one section with its source lines, the cited ones highlighted."""

from __future__ import annotations

from html import escape
from typing import Final

from ...errors import AssistantError
from ...messages import Language, say
from ...records import Place, SectionView
from .icons import icon
from .marks import Marker, asked
from .markup import Pictures, format_lines, plain
from .places import crumb, open_attributes, place

__all__ = ["empty", "failed", "section"]

#: A note without headings is one section, however long. More lines than this are shown in portions.
_PORTION: Final = 400
#: How many lines are shown before the line that was asked for, where a section is cut.
_LEAD_IN: Final = 40


def empty(language: Language) -> str:
    """Nothing opened: what the panel is for, and the keys."""
    rows = (
        ("<kbd>/</kbd>", "web.key_ask"),
        ("<kbd>1</kbd>–<kbd>9</kbd>", "web.key_source"),
        ("<kbd>[</kbd> <kbd>]</kbd>", "web.key_section"),
        ("<kbd>Esc</kbd>", "web.key_close"),
    )
    keys = "".join(f"<dt>{keys}</dt><dd>{escape(say(key, language))}</dd>" for keys, key in rows)
    text = (
        f'{escape(say("web.panel_empty_before", language))}<span class="nq-chip">1</span>'
        f"{escape(say('web.panel_empty_after', language))}"
    )
    title = escape(say("web.panel", language))
    return (
        f'<section class="nq nq-panel nq-panel-empty" aria-label="{title}">{icon("book")}<strong>{title}</strong>'
        f"<p>{text}</p><dl>{keys}</dl></section>"
    )


def failed(problem: AssistantError, language: Language) -> str:
    """The section cannot be shown, for example because the file is gone."""
    title = escape(say("web.panel", language))
    return (
        f'<section class="nq nq-panel nq-panel-empty" aria-label="{title}">{icon("alert")}'
        f"<p>{escape(problem.message(language))}</p>{_close(language)}</section>"
    )


def section(
    view: SectionView,
    language: Language,
    pictures: Pictures,
    *,
    anchor: int | None = None,
    highlight: tuple[int, int] | None = None,
    number: str = "",
    question: str = "",
    editor: str | None = None,
) -> str:
    """The section ``view`` around line ``anchor``, with the lines ``highlight`` lit; ``number`` is the source's.

    The words of ``question`` are marked in every line. ``editor`` is the address that opens the lines elsewhere.
    """
    anchor = anchor if anchor is not None else view.line_start
    first, last = highlight or (anchor, anchor)
    marker = asked(question) if question.strip() else None
    badge = f'<span class="nq-number">{escape(number)}</span>' if number else ""
    path = crumb((view.file, *view.heading_path[:-1]), view.file)
    title = plain(view.heading_path[-1]) if view.heading_path else view.file
    return (
        f'<section class="nq nq-panel" aria-label="{escape(say("web.panel", language))}" '
        f'{open_attributes(view.file, anchor, highlight, number)} data-asked="{escape(question)}">'
        f'<header><div class="nq-panel-head">{badge}<div class="nq-panel-title">'
        f'<span class="nq-path">{escape(path)}</span><h2>{escape(title)}</h2></div>{_close(language)}</div>'
        f'<div class="nq-tools">{_copy_place(view.file, first, last, language)}{_editor(editor, language)}'
        '<span class="nq-spring"></span>'
        f"{_step(view.previous, 'up', 'web.previous', language)}{_step(view.next, 'down', 'web.next', language)}</div>"
        '</header><div class="nq-lines" tabindex="0">'
        f"{_lines(view, language, pictures, anchor, highlight, marker)}</div></section>"
    )


def _lines(
    view: SectionView,
    language: Language,
    pictures: Pictures,
    anchor: int,
    highlight: tuple[int, int] | None,
    marker: Marker | None,
) -> str:
    start = max(anchor - _LEAD_IN, view.line_start) if len(view.lines) > _PORTION else view.line_start
    rows, shown = [], 0
    if start > view.line_start:
        back = max(start - _PORTION + _LEAD_IN, view.line_start)
        rows.append(_more(view.file, back, "web.lines_before", start - 1, language))
    for line in format_lines(view.lines, language, pictures, marker):  # from the top, for the sake of code fences
        if line.number < start:
            continue
        if shown == _PORTION:
            rows.append(_more(view.file, line.number, "web.lines_after", line.number, language))
            break
        shown += 1
        lit = highlight is not None and highlight[0] <= line.number <= highlight[1]
        rows.append(
            f'<div class="nq-line nq-is-{line.kind}{" nq-on" if lit else ""}" data-number="{line.number}">'
            f'<span class="nq-ln">{line.number}</span><div class="nq-text">{line.html}</div></div>'
        )
    if not any(line.text.strip() for line in view.lines[1:]) and view.heading_path:
        rows.append(f'<p class="nq-nobody">{escape(say("web.no_body", language))}</p>')
    return "".join(rows)


def _more(file: str, line: int, key: str, shown: int, language: Language) -> str:
    text = escape(say(key, language, line=shown))
    return f'<button type="button" class="nq-more" {open_attributes(file, line)}>{text}</button>'


def _copy_place(file: str, first: int, last: int, language: Language) -> str:
    label = escape(say("web.copy_place", language, place=place(file, first, last)))
    return (
        f'<button type="button" class="nq-tool nq-place" data-copy="{escape(f"{file}:{first}")}" title="{label}" '
        f'aria-label="{label}">{icon("copy")}<code>{escape(place(file, first, last))}</code></button>'
    )


def _editor(address: str | None, language: Language) -> str:
    if address is None:
        return ""
    label = escape(say("web.editor", language))
    return f'<a class="nq-editor" href="{escape(address)}" title="{label}">{icon("leave")}<span>{label}</span></a>'


def _step(target: Place | None, symbol: str, key: str, language: Language) -> str:
    label = escape(say(key, language))
    attributes = open_attributes(target.file, target.line_start) if target else "disabled"
    return (
        f'<button type="button" class="nq-square nq-step" {attributes} title="{label}" aria-label="{label}">'
        f"{icon(symbol)}</button>"
    )


def _close(language: Language) -> str:
    label = escape(say("web.close", language))
    return (
        f'<button type="button" class="nq-square nq-close" data-close title="{label}" aria-label="{label}">'
        f"{icon('close')}</button>"
    )
