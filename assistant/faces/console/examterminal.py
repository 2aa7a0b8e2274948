"""Lays out the evaluation of the exam judge as text, like ``evalterminal.py`` the one of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...messages import Language, say
from .evalterminal import figure_cell, reliability_table, table
from .terminal import line_span
from .view import View

if TYPE_CHECKING:
    from ...evaluation.figures import Figure
    from ...examevaluate import ExamJudgement, ExamReport
    from ...examrecords import JudgedOption

__all__ = ["render_exam_report"]

#: Per table: the figures that are its columns.
_TABLES: Final = (
    ("parsed", "parsed_exactly", "choose"),
    ("right", "confidently_wrong", "evidence"),
    ("refused", "answered_undecidable", "outcome"),
)


def render_exam_report(report: ExamReport, view: View, language: Language, *, failures: bool) -> str:
    """Tables: the figures overall and per kind in percent, each with its 95 % interval, then support against truth.

    Baselines stand beside the judge, with its difference to the better one; their names have to be among the ends of
    the ``cli.exameval.baseline.`` keys.
    """
    rows = {say("cli.exameval.all", language): report.figures.overall} | report.figures.by_kind
    lines = [say("cli.exameval.title", language, questions=len(report.judgements))]
    for names in _TABLES:
        heads = ["", *(say(f"cli.exameval.{name}", language) for name in names)]
        cells = [
            [label, *(figure_cell(figures[name]) for name in names)]
            for label, figures in rows.items()
            if any(figures[name].n for name in names)
        ]
        lines += ["", *table([heads, *cells], view)]
    lines += _baselines(report, view, language)
    lines += ["", *reliability_table(report.reliability, report.calibration_error, view, language)]
    if failures:
        lines += ["", view.bold(say("cli.exameval.failures", language, count=len(report.failures)))]
        for judgement in report.failures:
            lines += _failure(judgement, view, language)
    return "\n".join(lines)


def _baselines(report: ExamReport, view: View, language: Language) -> list[str]:
    """Right answers of the judge and of each baseline, overall and per kind, and last the right outcomes overall."""
    if report.difference is None:
        return []
    columns = [report.figures, *report.baselines.values(), report.difference]

    def row(label: str, name: str, kind: str | None = None) -> list[str]:
        *figures, difference = ((item.overall if kind is None else item.by_kind[kind])[name] for item in columns)
        return [label, *map(figure_cell, figures), _signed(difference)]

    heads = [
        "",
        say("cli.exameval.judge", language),
        *(say(f"cli.exameval.baseline.{baseline}", language) for baseline in report.baselines),
        say("cli.exameval.difference", language),
    ]
    rows = [
        row(say("cli.exameval.right", language), "right"),
        *(row(kind, "right", kind) for kind, figures in report.difference.by_kind.items() if figures["right"].n),
        row(say("cli.exameval.outcome", language), "outcome"),
    ]
    better = say(f"cli.exameval.baseline.{report.better}", language)
    return ["", *table([heads, *rows], view), say("cli.exameval.better", language, baseline=better)]


def _signed(difference: Figure) -> str:
    if difference.value is None or difference.low is None or difference.high is None:
        return "–"
    return f"{100 * difference.value:+.1f} ({100 * difference.low:+.0f} – {100 * difference.high:+.0f})"


def _failure(judgement: ExamJudgement, view: View, language: Language) -> list[str]:
    gold, checked = judgement.case.gold, judgement.case.checked
    problems = ", ".join(say(f"cli.exameval.problem.{problem}", language) for problem in judgement.problems)
    lines = ["", f"{view.bold(str(gold.id))} {gold.kind}", *view.lines(problems, "  "), *view.lines(gold.stem, "  ")]
    labels = ", ".join(gold.labels) if gold.decidable else say("cli.exameval.no_answer", language)
    lines += view.lines(say("cli.exameval.expected", language, labels=labels), "  ")
    for line in gold.lines:
        lines += view.lines(f"{line.file}:{line_span(line.line_start, line.line_end)}: {line.must_contain}", "    ")
    if checked is None:
        return lines
    answered = ", ".join(checked.answer) or say("cli.exameval.no_answer", language)
    lines += view.lines(say("cli.exameval.answered", language, labels=answered, support=checked.support), "  ")
    for option in checked.options:
        lines += _option(option, view)
    return lines


def _option(option: JudgedOption, view: View) -> list[str]:
    lines = view.lines(f"{option.label}: {option.text} · {option.support} {option.score:.2f}", "  ")
    for citation in option.citations:
        quote = citation.quote.replace("\n", " / ")
        at = f"{citation.file}:{line_span(citation.line_start, citation.line_end)}: {quote}"
        lines += map(view.dim, view.lines(at, "    "))
    return lines
