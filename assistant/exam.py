"""An exam question judged by the notes: per option what they say of it, and the answer where they decide it.

    weigh (``exams/judging/``) --> the options that stand out --> how sure that is --> cite

A verdict is given only where it is likely enough to be right: a wrong one is worse than none. A key or an explanation
that came with the question is never evidence; it serves to tell whether the person was right.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from .answering.citing import cite
from .answering.evidence import Quote, quote_around
from .answering.support import find_empty_heading
from .dense import DenseIndex
from .encoder import Encoder
from .examrecords import CheckedQuestion, ExamOption, ExamQuestion, JudgedOption, OptionSupport, Verdict
from .exams.judging.bearing import BEARING_SIGNALS, bearing
from .exams.judging.stating import Stating, stating_of
from .exams.judging.truth import Truth, truth_in
from .exams.judging.weighing import Read, Weighed, Weigher
from .exams.paste.asking import stated
from .exams.paste.truthwords import truth_word
from .store import Store
from .text import identifiers, is_japanese, normalise, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DECIDED", "EXAM_SIGNALS", "Examiner", "same_label"]

#: From this probability of being right on, a verdict is given.
DECIDED: Final = 0.5

EXAM_SIGNALS: Final = (
    "margin",  # how far the last option chosen is ahead of the first one that is not, in log-probability
    "likeness",  # how far the chosen ones are ahead by their likeness alone to the lines that the stem means
    "unknown",  # share of the options' terms that occur nowhere in the notes
    "several",  # whether the notes have to bear out more than one thing
    *BEARING_SIGNALS,
)
#: Log-odds that the options which stand out are the right ones; fitted by ``bench/calibrate_exam.py``.
_RIGHT: Final = {
    "margin": 0.98, "likeness": 0.58, "unknown": -2.01, "several": 1.09, "fit": 6.43, "names_missing": -0.83,
    "stem_missing": -1.42, "strangers": -2.16, "beside": 0.78, "bias": -3.38
}  # fmt: skip

_LARGEST_MARGIN: Final = 3.0
#: The probability where a heading for what is asked is there, with nothing under it.
_NOTHING_WRITTEN: Final = 0.1
#: In standard deviations over the lines: from here on a line speaks of what an option says.
_SPEAKS_OF: Final = 3.0
#: An option means another line than the one that the stem means if that is so much likelier.
_ELSEWHERE: Final = 1.0
#: The probability that a statement is judged rightly by the words of a line: at first sight, 49 of 57 were.
_TOLD: Final = 0.86
#: In log-probability: what a statement is behind that the notes deny.
_DENIED: Final = 4.0
#: Where all that apply are to be chosen: those that are at most so far behind the best one.
_ALSO_APPLIES: Final = 1.0


@dataclass(frozen=True)
class _Case:
    """A question, what its options state, and what the notes say to that."""

    question: ExamQuestion
    stating: Stating
    weighed: Weighed

    @cached_property
    def denied(self) -> list[Truth]:
        """Of each statement whether a line about what it speaks of denies it, word for word."""
        weighed = self.weighed
        whole = self.question.kind == "true_false"
        asked = "" if whole else self.question.stem
        return [
            Truth(None) if is_name and not whole else truth_in(option.text, asked, weighed.lines, weighed.shared[index])
            for index, (option, is_name) in enumerate(
                zip(self.stating.statements.options, weighed.are_names, strict=True)
            )
        ]

    @cached_property
    def standing(self) -> NDArray[np.float64]:
        """(options,) how far each option is the answer."""
        scores = self.weighed.scores - _DENIED * np.array([truth.denied_by is not None for truth in self.denied])
        return self.stating.standing(-scores if self.question.negated else scores)

    def stand_out(self) -> list[int]:
        """The options that are the answer if any are, in their order."""
        standing = self.standing
        order = np.argsort(-standing, kind="stable").tolist()
        if self.question.choose is None:
            return sorted(place for place in order if standing[place] >= standing[order[0]] - _ALSO_APPLIES)
        return sorted(order[: max(1, self.question.choose)])


class Examiner:
    """Judges exam questions from a store. Each judgement comes from one committed state of it."""

    def __init__(self, store: Store, dense: DenseIndex, encoder: Encoder) -> None:
        self._store = store
        self._weigher = Weigher(store, dense, encoder)

    def check(
        self, questions: Sequence[ExamQuestion], yours: Sequence[Sequence[str]], *, at_least: float = DECIDED
    ) -> list[CheckedQuestion]:
        """``yours``: of each question the labels that the person chose, as written. ``at_least``: the probability from
        which a verdict is given.
        """
        begun = time.perf_counter()
        stating = {
            place: stating_of(question)
            for place, question in enumerate(map(_as_choice, questions))
            if question.kind == "choice" and question.options
        }
        read = dict(zip(stating, self._weigher.read([found.statements for found in stating.values()]), strict=True))
        each = (time.perf_counter() - begun) / max(len(stating), 1)
        return [
            self._check(question, (stating[place], read[place]), chosen, at_least, each)
            if place in read
            else self._check(question, None, chosen, at_least, 0.0)
            for place, (question, chosen) in enumerate(zip(questions, yours, strict=True))
        ]

    def _check(
        self,
        question: ExamQuestion,
        read: tuple[Stating, Read] | None,
        yours: Sequence[str],
        at_least: float,
        reading_took: float,
    ) -> CheckedQuestion:
        begun = time.perf_counter() - reading_took
        with self._store.reading():
            weighed = self._weigher.weigh(read[1]) if read else None
            if read is None or weighed is None:
                checked = _undecided(question)
            else:
                case = _Case(question, read[0], weighed)
                judge = self._judge_truth if question.kind == "true_false" else self._judge
                checked = judge(question, case, at_least)
        chosen = tuple(option.label for option in question.options if any(same_label(option.label, y) for y in yours))
        return replace(
            checked,
            yours=chosen,
            correct=_is_correct(question, checked, chosen),
            elapsed_ms=round((time.perf_counter() - begun) * 1000),
        )

    def signals(self, question: ExamQuestion) -> tuple[dict[str, float], tuple[str, ...]] | None:
        """What a verdict's probability is computed from, and the labels that stand out; ``None`` if nothing can be."""
        stating = stating_of(question)
        (read,) = self._weigher.read([stating.statements])
        with self._store.reading():
            weighed = self._weigher.weigh(read)
            if weighed is None:
                return None
            case = _Case(question, stating, weighed)
            chosen = case.stand_out()
            return self._signals(case, chosen), tuple(question.options[place].label for place in chosen)

    def _judge(self, question: ExamQuestion, case: _Case, at_least: float) -> CheckedQuestion:
        weighed, statements = case.weighed, case.stating.statements
        chosen = case.stand_out()
        signals = self._signals(case, chosen)
        right = _probability(signals)
        stated, _ = case.stating.stated(chosen)
        evidence = [quote for place in stated for quote in _quotes(weighed, place, "supported")]
        if find_empty_heading(self._store, question.stem, evidence) is not None:
            right = min(right, _NOTHING_WRITTEN)
        # Options that the notes bear out alike differ by their place in the question alone, and that decides nothing.
        tied = signals["margin"] <= 0 and len(chosen) < len(question.options)
        decided = right >= at_least and not tied and not case.stating.leaves_open(chosen)
        scores = _comparable(case.standing, chosen, right)
        options, number = [], 1
        for place, option in enumerate(question.options):
            claim = case.stating.claims[place]
            if len(claim) == 1 and not case.stating.itemised:
                support = _support(statements, weighed, claim[0], stated if decided else None)
                quotes = _quotes(weighed, claim[0], support)
                if (line := case.denied[claim[0]].denied_by) is not None:
                    support, quotes = "conflicts", [_quote(weighed, claim[0], line)]
            else:  # what it says is said by other options or by items of the stem
                of_each = [_support(statements, weighed, one, None) for one in claim if case.stating.itemised]
                support = "related" if "related" in of_each else "not_in_notes"
                if decided and place in chosen:
                    support = "supported"
                quotes = [quote for one in claim for quote in _quotes(weighed, one, support)]
            citations = cite(self._store, quotes, first=number)
            number += len(citations)
            options.append(JudgedOption(option.label, option.text, support, scores[place], citations))
        answer = tuple(question.options[place].label for place in chosen) if decided else ()
        verdict: Verdict = "decided" if decided else "undecided"
        return CheckedQuestion(question, verdict, answer, right if decided else 0.0, tuple(options))

    def _judge_truth(self, question: ExamQuestion, case: _Case, at_least: float) -> CheckedQuestion:
        """A statement that is right or wrong, by the words of the line that says so or says otherwise."""
        weighed, truth = case.weighed, case.denied[0]
        decided = truth.right is not None and at_least <= _TOLD
        words = [truth_word(option.text) for option in question.options]
        line = int(weighed.shared[0].argmax()) if truth.line is None else truth.line
        near = truth.right is not None or weighed.points[1][line] >= _SPEAKS_OF
        quotes = [_quote(weighed, 0, line)] if near else []
        answer = ("○" if truth.right else "×") if decided else ""
        options, number = [], 1
        for option, word in zip(question.options, words, strict=True):
            support: OptionSupport = "related" if near else "not_in_notes"
            if decided:
                support = "supported" if word == answer else "conflicts"
            citations = cite(self._store, quotes, first=number)
            number += len(citations)
            score = _TOLD if word == answer else 1 - _TOLD if decided else 0.0
            options.append(JudgedOption(option.label, option.text, support, score, citations))
        labels = tuple(option.label for option, word in zip(question.options, words, strict=True) if word == answer)
        verdict: Verdict = "decided" if labels else "undecided"
        return CheckedQuestion(question, verdict, labels, _TOLD if labels else 0.0, tuple(options))

    def _signals(self, case: _Case, chosen: Sequence[int]) -> dict[str, float]:
        """The value of each of ``EXAM_SIGNALS``."""
        statements, weighed, standing = case.stating.statements, case.weighed, case.standing
        others = [place for place in range(len(standing)) if place not in chosen]
        stated, left = case.stating.stated(chosen)
        return {
            "margin": float(min(_lead(standing, chosen, others), _LARGEST_MARGIN)),
            "likeness": float(
                np.clip(_lead(_likeness(statements, weighed), stated, left), -_LARGEST_MARGIN, _LARGEST_MARGIN)
            ),
            "unknown": float(np.mean([self._unknown(option.text) for option in statements.options])),
            "several": float(len(stated) > 1),
        } | bearing(statements, weighed, stated, left)

    def _unknown(self, text: str) -> float:
        words = [term for term in dict.fromkeys(terms(text)) if len(term) > 1]
        return sum(not self._store.knows([word]) for word in words) / len(words) if words else 0.0


def same_label(a: str, b: str) -> bool:
    """Whether two labels are the same but for width, case and punctuation: Ａ．, (a) and A."""
    return _bare(a) == _bare(b) != ""


def _bare(label: str) -> str:
    return "".join(char for char in normalise(label) if char.isalnum())


def _as_choice(question: ExamQuestion) -> ExamQuestion:
    """A statement to be judged right or wrong as a question with that as its only option."""
    statement = stated(question.stem) if question.kind == "true_false" and len(question.options) == 2 else ""
    if not statement:
        return question
    return replace(question, stem=statement, options=(ExamOption("○", statement),), kind="choice")


def _undecided(question: ExamQuestion) -> CheckedQuestion:
    options = tuple(JudgedOption(option.label, option.text, "not_in_notes", 0.0) for option in question.options)
    return CheckedQuestion(question, "undecided", (), 0.0, options)


def _is_correct(question: ExamQuestion, checked: CheckedQuestion, chosen: Sequence[str]) -> bool | None:
    right = question.key or checked.answer
    if not chosen or not right:
        return None
    return {_bare(label) for label in chosen} == {_bare(label) for label in right}


def _lead(scores: NDArray[np.float64], chosen: Sequence[int], others: Sequence[int]) -> float:
    """How far the last one chosen is ahead of the first one that is not."""
    return float(scores[list(chosen)].min() - scores[list(others)].max()) if len(others) else 0.0


def _likeness(question: ExamQuestion, weighed: Weighed) -> NDArray[np.float64]:
    """(options,): the mean likeness to the lines, as far as the stem means each; negative in a negated question."""
    means = np.exp(weighed.meant - np.logaddexp.reduce(weighed.meant))
    likeness: NDArray[np.float64] = (means * weighed.points[1:]).sum(axis=1)
    return -likeness if question.negated else likeness


def _probability(signals: dict[str, float]) -> float:
    log_odds = _RIGHT["bias"] + sum(_RIGHT[name] * value for name, value in signals.items())
    return 1 / (1 + math.exp(-log_odds))


def _support(question: ExamQuestion, weighed: Weighed, index: int, chosen: Sequence[int] | None) -> OptionSupport:
    """What the notes say of an option. ``chosen``: the verdict, ``None`` without one."""
    points, anchor = weighed.points[1 + index], weighed.anchors[index]
    # Where the wrong ones are asked for, the others are right; that the notes say so shows in a line of their own.
    said = not question.negated or bool(anchor.any()) or points.max() >= _SPEAKS_OF
    if chosen is not None and (index in chosen) != question.negated and said:
        return "supported"
    text = question.options[index].text
    # Notes in another language have an English phrase by its meaning only.
    a_name = weighed.are_names[index] and (is_japanese(text) or bool(identifiers(text)))
    if not anchor.any() and (a_name or points.max() < _SPEAKS_OF):
        return "not_in_notes"
    # A line about this very thing, and it is another one than the stem means: this does that.
    own = np.where(anchor >= anchor.max(), points, -np.inf) if anchor.any() else points
    elsewhere = weighed.shared[index].max() < weighed.shared.max() - _ELSEWHERE
    return "conflicts" if chosen is not None and elsewhere and own.max() >= _SPEAKS_OF else "related"


def _quotes(weighed: Weighed, index: int, support: OptionSupport) -> list[Quote]:
    if support == "not_in_notes":
        return []
    anchor = weighed.anchors[index]
    # Of the lines about a name, the one nearest to what the stem asks for.
    by = weighed.shared[index] if support == "supported" or anchor.any() else weighed.points[1 + index]
    if support != "supported" and anchor.any():
        by = np.where(anchor >= anchor.max(), by, -np.inf)
    return [_quote(weighed, index, int(by.argmax()))]


def _quote(weighed: Weighed, index: int, at: int) -> Quote:
    line = weighed.lines[at]
    return quote_around(line.row, line.index, float(weighed.fit[1 + index][at]))


def _comparable(standing: NDArray[np.float64], chosen: Sequence[int], right: float) -> list[float]:
    """For each option 0..1: the probability of the verdict for what is chosen, less the further another is behind."""
    last = min(standing[place] for place in chosen)
    return [float(right * math.exp(min(0.0, score - last))) for score in standing]
