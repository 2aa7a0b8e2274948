"""Lays out results as text: for a person at a terminal, or plain lines for the next program in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from ...messages import Language, language_of, say
from .view import View, display_width, pad, printable, wrap

if TYPE_CHECKING:
    from ...records import Answer, Citation, Hit, RefreshReport, SearchResult, SkippedFile, Status

__all__ = [
    "View",
    "display_width",
    "erasable_line",
    "line_span",
    "progress_bar",
    "render_answer",
    "render_refresh",
    "render_search",
    "render_skipped",
    "render_status",
    "wrap",
]

_SKIPPED_SHOWN: Final = 3


# --- results


def render_answer(answer: Answer, view: View) -> str:
    language = language_of(answer.question)
    lines = view.lines(answer.text) if answer.text else []
    if answer.understood and view.width is not None:
        lines.insert(0, view.dim(say("web.understood", language, question=answer.understood)))
    if answer.status == "not_found":
        lines += _near_headings(answer.related, view, language)
    else:
        shown = answer.citations or answer.related
        lines += ["", *(line for citation in shown for line in _citation(citation, view, language))] if shown else []
    if view.width is not None:
        facts = [say(f"cli.status.{answer.status}", language)]
        if answer.status == "answered":
            facts.append(say("cli.support", language, percent=round(answer.support * 100)))
        lines += ["", view.dim(" · ".join([*facts, f"{answer.elapsed_ms} ms"]))]
    return "\n".join(lines)


def _near_headings(related: Sequence[Citation], view: View, language: Language) -> Iterable[str]:
    """Where to look where the notes do not answer. No quotes: they would pass for answers."""
    if not related:
        return []
    lines = ["", view.dim(say("web.nearest", language))]
    for item in related:
        place = f"{_name(item.file)}:{item.line_start}"
        if view.width is None:
            lines.append(f"{place}: {' > '.join(item.heading_path)}".rstrip(" :"))
        else:
            lines.append(view.place(place) + _path(item.heading_path, view, display_width(place)))
    return lines


def _citation(citation: Citation, view: View, language: Language) -> Iterable[str]:
    if view.width is None:
        return _grep_lines(citation.file, citation.line_start, citation.line_end, citation.quote)
    number = f"[{citation.n}] "
    indent = " " * len(number)
    place = f"{_name(citation.file)}:{line_span(citation.line_start, citation.line_end)}"
    head = view.bold(number) + view.place(place) + _path(citation.heading_path, view, len(number + place))
    also = ", ".join(f"{_name(other.file)}:{line_span(other.line_start, other.line_end)}" for other in citation.also)
    return [
        head,
        *map(view.dim, view.lines(citation.quote, indent)),
        *(map(view.dim, view.lines(say("cli.also", language, places=also), indent)) if also else ()),
    ]


def render_search(result: SearchResult, view: View) -> str:
    language = language_of(result.question)
    if not result.hits:
        return say("cli.no_hits", language)
    lines: list[str] = []
    for hit in result.hits:
        lines += _hit(hit, view)
    return "\n".join(lines).rstrip("\n")


def _hit(hit: Hit, view: View) -> Iterable[str]:
    if view.width is None:
        spoken = [
            line for item in hit.evidence for line in _grep_lines(hit.file, item.line_start, item.line_end, item.quote)
        ]
        # A heading with nothing under it is a hit, too: its own line stands for it.
        return spoken or [f"{_name(hit.file)}:{hit.line_start}: {' > '.join(hit.heading_path)}"]
    number = f"{hit.rank:>2}. "
    indent = " " * len(number)
    place = f"{_name(hit.file)}:{line_span(hit.line_start, hit.line_end)}"
    head = view.bold(number) + view.place(place) + _path(hit.heading_path, view, display_width(number + place))
    lines = [head]
    margin = max((len(str(item.line_start)) for item in hit.evidence), default=0)
    for item in sorted(hit.evidence, key=lambda item: item.line_start):
        quoted = view.lines(item.quote, indent + " " * (margin + 1))
        at = view.dim(f"{item.line_start:>{margin}}")
        lines += [f"{indent}{at}{quoted[0][len(indent) + margin :]}", *quoted[1:]]
    return [*lines, ""]


def _grep_lines(file: str, line_start: int, line_end: int, quote: str) -> list[str]:
    """``path:line: text`` for each line; all at the first one's number where a quote joins lines."""
    texts = quote.split("\n")
    step = 1 if len(texts) == line_end - line_start + 1 else 0
    return [f"{_name(file)}:{line_start + step * at}: {text}".rstrip() for at, text in enumerate(texts)]


def line_span(line_start: int, line_end: int) -> str:
    """``7``, or ``7-9`` where there are several lines."""
    return str(line_start) if line_start == line_end else f"{line_start}-{line_end}"


def _path(heading_path: Sequence[str], view: View, used: int) -> str:
    """The headings behind a place, from the innermost outwards as far as the line has room."""
    room = (view.width or 0) - used - 2
    shown = ""
    for heading in reversed(heading_path):
        longer = f"{printable(heading)} > {shown}" if shown else printable(heading)
        if display_width(longer) > room:
            break
        shown = longer
    return f"  {view.dim(shown)}" if shown else ""


def render_refresh(report: RefreshReport, language: Language) -> str:
    values = {name: getattr(report, name) for name in report.__dataclass_fields__ if name != "skipped"}
    return say("cli.refreshed", language, **values)


def render_skipped(skipped: Sequence[SkippedFile], language: Language, shown: int = _SKIPPED_SHOWN) -> str:
    """One line that names the files that were not read, and why."""
    files = ", ".join(f"{_name(item.file)} ({say(item.reason, language)})" for item in skipped[:shown])
    more = f", … (+{len(skipped) - shown})" if len(skipped) > shown else ""
    return say("cli.skipped", language, files=files + more)


def render_status(status: Status, language: Language) -> str:
    rows = [
        (say(f"cli.field.{name}", language), say("cli.never", language) if value is None else value)
        for name, value in status.to_json().items()
        if name != "skipped_files"
    ]
    margin = max(display_width(label) for label, _ in rows)
    lines = [
        f"{pad(label, margin)}  {value:,}" if isinstance(value, int) else f"{pad(label, margin)}  {value}"
        for label, value in rows
    ]
    if status.skipped:
        lines.append(render_skipped(status.skipped, language, len(status.skipped)))
    return "\n".join(lines)


def _name(file: str) -> str:
    """The name of a file, which may hold anything, on one line."""
    return printable(file).replace("\n", "\ufffd").replace("\t", "\ufffd")


# --- while it works


@contextmanager
def erasable_line(text: str) -> Iterator[None]:
    """Shows ``text`` on a terminal's stderr until the work is done."""
    shown = sys.stderr.isatty()
    if shown:
        click.echo(f"\r{text}", err=True, nl=False)
    try:
        yield
    finally:
        if shown:
            click.echo("\r\x1b[K", err=True, nl=False)


@contextmanager
def progress_bar(language: Language) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal's stderr, to be called with a stage and ``done`` of ``total``; mute where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def show(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            # Reading a few files takes no time: no bar for it that is gone before it can be read.
            delay = 0.3 if stage in ("read", "save") else 0
            label = say(f"cli.stage.{stage}", language)
            bars[stage] = tqdm(total=total, desc=label, leave=False, file=sys.stderr, delay=delay, unit="")
        bars[stage].update(done - bars[stage].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
