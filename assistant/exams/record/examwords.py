"""What is said of a checked question, the same in the terminal, on the page and in a report."""

from __future__ import annotations

from typing import Final

from ...examrecords import CheckedQuestion, JudgedOption
from ...messages import Language, say

__all__ = ["option_words", "result_words", "verdict_words"]

#: The kinds of question that the notes can decide.
_JUDGED: Final = frozenset({"choice", "true_false"})


def option_words(checked: CheckedQuestion, option: JudgedOption, language: Language) -> str:
    """What the notes say of an option. Of a negated question the answer is one that they do not bear out."""
    if option.label in checked.answer:
        return say("exam.support.supported", language)
    key = "exam.export.support.supported" if option.support == "supported" else f"exam.support.{option.support}"
    return say(key, language)


def verdict_words(checked: CheckedQuestion, language: Language) -> str:
    """The answer with its probability, or that there is none."""
    if checked.verdict == "undecided":
        return say("exam.undecided" if checked.question.kind in _JUDGED else "exam.not_judged", language)
    percent = round(100 * checked.support)
    return say("exam.decided", language, answer=", ".join(checked.answer), percent=percent)


def result_words(checked: CheckedQuestion, language: Language) -> str:
    """Whether the person's answer is right, and by what; empty without an answer."""
    if not checked.yours:
        return ""
    state = {True: "right", False: "wrong", None: "unknown"}[checked.correct]
    against = "key" if checked.question.key else "notes"
    key = f"exam.yours.{state}" if checked.correct is None else f"exam.yours.{state}_{against}"
    right = ", ".join(checked.question.key or checked.answer)
    return say(key, language, yours=", ".join(checked.yours), right=right)
