"""Mock exams as HTML: what there is to choose from, what the notes say of it, and how it went so far.

Pure functions of records, like ``html.py``; everything that comes from a note or from a pasted text is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from ...examrecords import CheckedQuestion, ExamProblem, ExamQuestion, JudgedOption
from ...exams.record.examwords import option_words, result_words, verdict_words
from ...messages import Language, say
from ...records import Citation
from .icons import icon
from .markup import format_quote
from .places import crumb, open_attributes, place

if TYPE_CHECKING:
    from ...exams.record.examlog import Gap, ReviewGroup, Score
    from ...exams.record.examsheet import ExamReport, ExamSheet

__all__ = ["choices", "form", "record", "result"]

_EXPORTS: Final = (("apkg", "Anki"), ("md", "Markdown"), ("csv", "CSV"), ("json", "JSON"))
#: The record lists so many sections and gaps; all of them are in its export.
_SHOWN: Final = 20


def form(language: Language) -> str:
    """The box for the text, the places for what exam.js puts in: choices, results, record."""
    words = {
        key: escape(say(f"web.exam_{key}", language)) for key in ("text", "placeholder", "file", "check", "working")
    }
    placeholder = words["placeholder"].replace("\n", "&#10;")
    failed = escape(say("web.exam_failed", language))
    return (
        f'<div class="nq nq-exam" data-failed="{failed}"><form class="nq-exam-form">'
        f'<div class="nq-exam-head"><label for="nq-exam-text">{words["text"]}</label>'
        f'<label class="nq-tool">{icon("book")}{words["file"]}'
        '<input type="file" accept=".md,.markdown,.txt,.jsonl,.json" class="nq-exam-file"></label></div>'
        f'<textarea id="nq-exam-text" rows="6" spellcheck="false" placeholder="{placeholder}"></textarea>'
        '<div class="nq-exam-choices"></div>'
        f'<button type="submit" class="nq-exam-go">{words["check"]}</button></form>'
        f'<div class="nq-exam-wait" hidden><div class="nq-waiting" role="status"><i></i>{words["working"]}</div></div>'
        '<div class="nq-exam-result" aria-live="polite"></div><div class="nq-exam-record"></div></div>'
    )


def choices(sheet: ExamSheet, language: Language) -> str:
    """A row of labels for each question, to say what was chosen; then what could not be read."""
    rows = [_choice(at, item.question, item.yours, language) for at, item in enumerate(sheet.items)]
    title = f'<p class="nq-label">{escape(say("web.exam_mine_label", language))}</p>' if rows else ""
    return f'{title}<div class="nq-exam-rows">{"".join(rows)}</div>{_problems(sheet.problems, language)}'


def _choice(at: int, question: ExamQuestion, yours: Sequence[str], language: Language) -> str:
    buttons = "".join(
        f'<button type="button" class="nq-exam-pick" data-label="{escape(option.label)}" title="{escape(option.text)}" '
        f'aria-pressed="{str(option.label in yours).lower()}">{escape(option.label)}</button>'
        for option in question.options
    )
    if question.choose == 1:
        wanted = ""
    elif question.choose is None:
        wanted = say("web.exam_choose_all", language)
    else:
        wanted = say("web.exam_choose", language, count=question.choose)
    name = question.number or f"{at + 1}."
    stem = " ".join(question.stem.split())
    return (
        f'<div class="nq-exam-row" data-choose="{question.choose or 0}" role="group" aria-label="{escape(name)}">'
        f'<span class="nq-exam-no">{escape(name)}</span><span class="nq-exam-picks">{buttons}</span>'
        f'<small>{escape(wanted)}</small><span class="nq-exam-stem">{escape(stem)}</span></div>'
    )


def _problems(problems: Sequence[ExamProblem], language: Language) -> str:
    rows = "".join(
        f"<li>{escape(say(problem.reason, language, line=problem.line))}"
        f"<q>{escape(' '.join(problem.text.split())[:80])}</q></li>"
        for problem in problems
    )
    return f'<ul class="nq-exam-problems" role="note">{rows}</ul>' if rows else ""


def result(report: ExamReport, language: Language) -> str:
    """Every question with its options; of several each one folded, below one line over all of them."""
    several = len(report.checked) > 1
    parts = []
    if several:
        decided = len(report.checked) - len(report.undecided)
        line = say("exam.score", language, questions=len(report.checked), decided=decided)
        notes, score = report.score.notes, report.score
        if notes.questions:
            line += " " + say("exam.score.key", language, right=notes.right, keyed=notes.questions)
        if score.right + score.wrong:
            line += " " + say("exam.retest.end", language, answered=score.answered, right=score.right)
        parts.append(f'<p class="nq-lead">{escape(line)}</p>')
    parts += (_question(at, checked, language, folded=several) for at, checked in enumerate(report.checked, 1))
    return "".join(parts)


def _question(at: int, checked: CheckedQuestion, language: Language, *, folded: bool) -> str:
    stem = checked.question.stem
    options = "".join(
        _option(option, checked, language) for option in sorted(checked.options, key=lambda option: -option.score)
    )
    said = result_words(checked, language)
    state = {True: "right", False: "wrong", None: "open"}[checked.correct]
    yours = f'<p class="nq-exam-yours" data-state="{state}">{escape(said)}</p>' if said else ""
    verdict = (
        f'<p class="nq-exam-verdict" data-verdict="{checked.verdict}">{escape(verdict_words(checked, language))}</p>'
    )
    body = f'{verdict}{yours}<div class="nq-exam-options">{options}</div>'
    shown = escape(stem).replace("\n", "<br>")
    attributes = f'class="nq-answer nq-exam-question" data-asked="{escape(stem)}" data-verdict="{checked.verdict}"'
    if not folded:
        return f'<article {attributes}><p class="nq-exam-asked">{shown}</p>{body}</article>'
    name = checked.question.number or f"{at}."
    answer = ", ".join(checked.answer) or "–"
    line = " ".join(stem.split())
    return (
        f'<details class="nq-note nq-exam-fold"><summary><span class="nq-exam-no">{escape(name)}</span>'
        f'<b class="nq-exam-label" data-verdict="{checked.verdict}" data-state="{state}">{escape(answer)}</b>'
        f'<span class="nq-exam-stem">{escape(line)}</span></summary>'
        f'<article {attributes}><p class="nq-exam-asked">{shown}</p>{body}</article></details>'
    )


def _option(option: JudgedOption, checked: CheckedQuestion, language: Language) -> str:
    chosen = option.label in checked.answer
    state = "answer" if chosen else option.support
    share = min(max(option.score, 0.0), 1.0)
    mine = say("web.exam_yours", language) if option.label in checked.yours else ""
    tag = f'<span class="nq-badge">{escape(mine)}</span>' if mine else ""
    quotes = "".join(_quote(citation, language) for citation in option.citations)
    return (
        f'<div class="nq-exam-option" data-state="{state}" data-label="{escape(option.label)}">'
        f'<div class="nq-exam-line"><b class="nq-exam-label">{escape(option.label)}</b>'
        f'<span class="nq-exam-text">{escape(option.text)}</span>{tag}'
        f'<span class="nq-exam-word">{escape(option_words(checked, option, language))}</span></div>'
        f'<div class="nq-exam-score"><span class="nq-bar" aria-hidden="true"><i style="width:{share:.0%}"></i></span>'
        f"{share:.2f}</div>{quotes}</div>"
    )


def _quote(citation: Citation, language: Language) -> str:
    where = place(citation.file, citation.line_start, citation.line_end)
    label = escape(say("web.open", language, n=citation.n, place=where))
    lines = (citation.line_start, citation.line_end)
    attributes = open_attributes(citation.file, citation.line_start, lines, str(citation.n))
    return (
        f'<button type="button" class="nq-exam-quote" {attributes} aria-label="{label}">'
        f'<span class="nq-quote">{format_quote(citation.quote, language)}</span><code>{escape(where)}</code></button>'
    )


def record(score: Score, review: Sequence[ReviewGroup], gaps: Sequence[Gap], language: Language) -> str:
    """How all checked questions went, where to read again, and what the notes lack."""
    title = escape(say("web.exam_record", language))
    if not score.questions:
        return f'<p class="nq-label">{title}: {escape(say("web.exam_record_none", language))}</p>'
    values = {"questions": score.questions, "answered": score.answered, "right": score.right}
    line = escape(say("web.exam_record_score", language, **values))
    parts = []
    sections = "".join(_section(group) for group in review[:_SHOWN] if group.file)
    if sections:
        parts.append(f'<h3>{escape(say("web.exam_review", language))}</h3><ul class="nq-nears">{sections}</ul>')
    lacking = "".join(_gap(gap, language) for gap in gaps[:_SHOWN])
    if lacking:
        parts.append(f'<h3>{escape(say("web.exam_gaps", language))}</h3><ul class="nq-exam-gaps">{lacking}</ul>')
    links = "".join(
        f'<a class="nq-tool" href="/api/exams/export?form={form}" download>{icon("save")}{name}</a>'
        for form, name in _EXPORTS
    )
    parts.append(f'<h3>{escape(say("web.exam_export", language))}</h3><div class="nq-exam-exports">{links}</div>')
    return (
        f'<details class="nq-note nq-exam-past"><summary><b>{title}</b><small>{line}</small></summary>'
        f'<div class="nq-exam-past-body">{"".join(parts)}</div></details>'
    )


def _section(group: ReviewGroup) -> str:
    count = f" {len(group.attempts)}"
    where = escape(crumb(group.heading_path, group.file))
    return (
        f'<li><button type="button" class="nq-near" {open_attributes(group.file, group.line)}>{where}'
        f" <small>{escape(place(group.file, group.line))}{count}</small></button></li>"
    )


def _gap(gap: Gap, language: Language) -> str:
    missing = say("exam.report.missing", language, options=" / ".join(gap.missing)) if gap.missing else ""
    missed = f'<span class="nq-badge nq-is-empty">{escape(say("web.exam_times", language, missed=gap.missed))}</span>'
    stem = escape(" ".join(gap.stem.split()))
    return f"<li>{stem}{missed if gap.missed else ''}<small>{escape(missing)}</small></li>"
