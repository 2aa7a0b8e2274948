"""Checked exam questions on a terminal or in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ...examrecords import CheckedQuestion, JudgedOption
from ...exams.record.examwords import option_words, result_words, verdict_words
from ...messages import Language, say
from .terminal import line_span
from .view import View

if TYPE_CHECKING:
    from ...exams.record.examlog import ReviewGroup

__all__ = ["render_checked", "render_review", "render_score"]

_BAR: Final = 10
_COLOURS: Final = {"supported": "green", "conflicts": "red", "related": "yellow", "not_in_notes": None}


def render_checked(checked: CheckedQuestion, view: View, language: Language) -> str:
    """The question, each option with its verdict, its bar and the lines behind it, then the answer."""
    question = checked.question
    lines = view.lines(f"{question.number} {question.stem}".strip())
    for option in checked.options:
        lines += _option(option, checked, view, language)
    lines.append(view.bold(verdict_words(checked, language)))
    if checked.yours:
        lines.append(result_words(checked, language))
    return "\n".join(lines)


def _option(option: JudgedOption, checked: CheckedQuestion, view: View, language: Language) -> list[str]:
    filled = round(_BAR * option.score)
    bar = "█" * filled + "░" * (_BAR - filled)
    chosen = option.label in checked.answer
    word = view.paint(option_words(checked, option, language), fg="green" if chosen else _COLOURS[option.support])
    mark = "→" if chosen else " "
    lines = view.lines(f"{mark} {option.label}. {option.text}")
    lines.append(f"    {bar} {option.score:.2f}  {word}")
    for citation in option.citations:
        place = view.place(f"{citation.file}:{line_span(citation.line_start, citation.line_end)}")
        lines += [f"    {place}", *view.lines(citation.quote, "      ")]
    return lines


def render_score(checked: Sequence[CheckedQuestion], language: Language) -> str:
    """One line over several questions: decided, right against the keys, and how the person did."""
    keyed = [item for item in checked if item.question.key]
    decided = [item for item in checked if item.verdict == "decided"]
    agreeing = sum(set(item.answer) == set(item.question.key) for item in keyed if item.verdict == "decided")
    line = say("exam.score", language, questions=len(checked), decided=len(decided))
    if keyed:
        line += " " + say("exam.score.key", language, right=agreeing, keyed=len(keyed))
    return line


def render_review(groups: Sequence[ReviewGroup], view: View, language: Language) -> str:
    """What was missed or left undecided, by the section to read again."""
    if not groups:
        return say("exam.review.nothing", language)
    lines = []
    for group in groups:
        where = " › ".join(group.heading_path) or group.file or say("exam.review.not_in_notes", language)
        place = f"  {view.place(f'{group.file}:{group.line}')}" if group.file else ""
        lines.append(view.bold(where) + place)
        for attempt in group.attempts:
            checked = attempt.checked
            state = "missed" if checked.correct is False else "undecided"
            label = say(f"exam.review.{state}", language)
            yours = ", ".join(checked.yours) or "–"
            right = ", ".join(attempt.right) or "–"
            lines += view.lines(f"{label}: {checked.question.stem}", "  ")
            lines.append(say("exam.review.answers", language, yours=yours, right=right))
    return "\n".join(lines)
