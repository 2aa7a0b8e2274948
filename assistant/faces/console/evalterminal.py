"""Lays out the evaluation of answers as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ...messages import Language, say
from .terminal import line_span
from .view import View, display_width, pad

if TYPE_CHECKING:
    from ...evaluate import Judgement, Report
    from ...evaluation.figures import Bin, Figure

__all__ = ["figure_cell", "reliability_table", "render_report", "table"]

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
