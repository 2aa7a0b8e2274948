"""Lays out results as text: for a person at a terminal, or plain lines for the next program in a pipe.

Full-width characters take two columns, so nothing here counts with ``len``.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from ..messages import Language, language_of, say

if TYPE_CHECKING:
    from ..evaluate import Bin, Figure, Judgement, Report
    from ..records import Answer, Citation, Hit, RefreshReport, SearchResult, SkippedFile, Status

__all__ = [
    "View",
    "display_width",
    "erasable_line",
    "figure_cell",
    "line_span",
    "progress_bar",
    "reliability_table",
    "render_answer",
    "render_refresh",
    "render_report",
    "render_search",
    "render_skipped",
    "render_status",
    "table",
    "wrap",
]

_NARROWEST: Final = 20
_SKIPPED_SHOWN: Final = 3

# A line does not begin with the first kind nor end with the second (the core of JIS X 4051).
_CLOSING: Final = "、。，．・：；？！）］｝」』】〉》〕ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…"
_OPENING: Final = "（［｛「『【〈《〔"
#: What is not broken: blanks, or a Latin word or a single other character with its punctuation.
_UNIT: Final = re.compile(rf"[^\S\n]+|[{_OPENING}]*(?:[!-~\u00a1-\u024f]+|\S)[{_CLOSING}]*")

# Notes can come from anywhere: a terminal must not take orders from them, nor show text in another order than it has.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class View:
    """Where text goes: a terminal of so many columns, or (``width`` None) a pipe or a file."""

    width: int | None
    colour: bool

    @classmethod
    def of_stdout(cls) -> View:
        if not sys.stdout.isatty():
            return cls(None, colour=False)
        colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(max(shutil.get_terminal_size().columns, _NARROWEST), colour)

    def paint(self, text: str, **style: Any) -> str:
        return click.style(text, **style) if self.colour else text

    def dim(self, text: str) -> str:
        return self.paint(text, dim=True)

    def bold(self, text: str) -> str:
        return self.paint(text, bold=True)

    def place(self, text: str) -> str:
        return self.paint(text, fg="cyan")

    def lines(self, text: str, indent: str = "") -> list[str]:
        """``text`` as lines that fit; as it is where there is no width."""
        if self.width is None:
            return [indent + line for line in text.split("\n")]
        return wrap(_printable(text), self.width, indent)


# --- columns


def display_width(text: str) -> int:
    """Columns that ``text`` takes on a terminal."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """``text`` in lines of at most ``width`` columns; a list item or quote hangs under its first character."""
    lines: list[str] = []
    for source in text.split("\n"):
        marker = re.match(r"\s*(?:[-*+>]\s+|\d+[.)]\s+)*", source)
        hanging = indent + " " * display_width(marker.group() if marker else "")
        if display_width(hanging) > width // 2:
            hanging = indent
        lines.extend(_fill(source, width, indent, hanging))
    return lines


def _fill(source: str, width: int, first: str, rest: str) -> Iterator[str]:
    line, used, begun = first, display_width(first), False
    for unit in _units(source, max(width - display_width(rest), 2)):
        if begun and used + display_width(unit.rstrip()) > width:
            yield line.rstrip()
            line, used, begun = rest, display_width(rest), False
            unit = unit.lstrip()
        elif not begun and unit.isspace() and used + display_width(unit) > width // 2:
            continue  # an indentation that leaves no room for what is indented
        elif not begun and used + display_width(unit) > width:
            line, used = first, display_width(first)
        line += unit
        used += display_width(unit)
        begun = begun or bool(unit.strip())
    yield line.rstrip()


def _units(source: str, room: int) -> Iterator[str]:
    for match in _UNIT.finditer(source.expandtabs(4)):
        unit = match.group()
        begin = used = 0
        for at, character in enumerate(unit):
            columns = _columns(character)
            if used + columns > room and at > begin:
                yield unit[begin:at]
                begin, used = at, 0
            used += columns
        yield unit[begin:]


def _printable(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)


def _name(file: str) -> str:
    """The name of a file, which may hold anything, on one line."""
    return _printable(file).replace("\n", "\ufffd").replace("\t", "\ufffd")


# --- results


def render_answer(answer: Answer, view: View) -> str:
    language = language_of(answer.question)
    lines = view.lines(answer.text) if answer.text else []
    if answer.understood and view.width is not None:
        lines.insert(0, view.dim(say("web.understood", language, question=answer.understood)))
    shown = answer.citations or answer.related
    if shown:
        lines.append("")
    for citation in shown:
        lines += _citation(citation, view, language)
    if view.width is not None:
        facts = [say(f"cli.status.{answer.status}", language)]
        if answer.status == "answered":
            facts.append(say("cli.support", language, percent=round(answer.support * 100)))
        lines += ["", view.dim(" · ".join([*facts, f"{answer.elapsed_ms} ms"]))]
    return "\n".join(lines)


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
        longer = f"{_printable(heading)} > {shown}" if shown else _printable(heading)
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


# --- the figures of an evaluation

#: Per table: the figures that are its columns.
_TABLES: Final = (
    ("section_r1", "section_r3", "section_r5", "section_mrr10"),
    ("answer_hit1", "answer_hit2", "both_sides"),
    ("false_answer", "false_refusal", "verbatim"),
)


def render_report(report: Report, view: View, language: Language, *, failures: bool) -> str:
    """Tables: the figures overall and per type in percent, each with its 95 % interval, then support against truth."""
    rows = {say("cli.eval.all", language): report.overall} | report.by_type
    lines = [say("cli.eval.title", language, questions=len(report.judgements))]
    for names in _TABLES:
        heads = ["", *(say(f"cli.eval.{name}", language) for name in names)]
        # A type that none of these figures is defined for (comparisons have no "any" quote) has no row.
        cells = [
            [label, *(figure_cell(figures[name]) for name in names)]
            for label, figures in rows.items()
            if any(figures[name].n for name in names)
        ]
        lines += ["", *table([heads, *cells], view)]
    lines += ["", *reliability_table(report.reliability, report.calibration_error, view, language)]
    if failures:
        lines += ["", view.bold(say("cli.eval.failures", language, count=len(report.failures)))]
        for judgement in report.failures:
            lines += _failure(judgement, view, language)
    return "\n".join(lines)


def figure_cell(figure: Figure) -> str:
    """A figure in percent with its interval and the number of its questions."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{100 * figure.value:.1f} ({100 * figure.low:.0f}–{100 * figure.high:.0f}) n={figure.n}"


def reliability_table(bins: Sequence[Bin], error: float | None, view: View, language: Language) -> list[str]:
    """Support against truth in percent, and their mean distance ``error`` (None: nothing was answered)."""
    if error is None:
        return [say("cli.eval.none_answered", language)]
    heads = [say(f"cli.eval.{name}", language) for name in ("support", "answers", "mean_support", "share_right")]
    rows = [
        [
            f"{item.low:.1f}–{item.high:.1f}",
            str(item.n),
            f"{100 * item.mean_support:.1f}",
            f"{100 * item.share_right:.1f}",
        ]
        for item in bins
    ]
    return [*table([heads, *rows], view), say("cli.eval.calibration_error", language, points=100 * error)]


def table(rows: Sequence[Sequence[str]], view: View) -> list[str]:
    """Rows of cells as lines of aligned columns; the first row is the heads."""
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(pad, row, widths)).rstrip() for row in rows]
    return [view.bold(lines[0]), *lines[1:]]


def _failure(judgement: Judgement, view: View, language: Language) -> list[str]:
    gold, answer = judgement.case.gold, judgement.case.answer
    problems = ", ".join(say(f"cli.eval.problem.{problem}", language) for problem in judgement.problems)
    lines = ["", f"{view.bold(str(gold.id))} {gold.type}: {problems}", *view.lines(gold.question, "  ")]
    for expected in gold.lines:
        at = f"{expected.file}:{line_span(expected.line_start, expected.line_end)}: {expected.must_contain}"
        lines += view.lines(say("cli.eval.expected", language, lines=at), "  ")
    rank = "–" if judgement.section_rank is None else judgement.section_rank
    lines.append(f"  {answer.status} · support {answer.support:.2f} · section rank {rank}")
    for citation in answer.citations or answer.related:
        quote = citation.quote.replace("\n", " / ")
        at = f"{citation.file}:{line_span(citation.line_start, citation.line_end)}: {quote}"
        lines += map(view.dim, view.lines(at, "  "))
    return lines


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
