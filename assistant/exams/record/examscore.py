"""How checked questions went: the person by the keys and by the notes, and the notes' answers by the keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from ..._json import Json
from ...examrecords import CheckedQuestion

__all__ = ["KeyComparison", "Score", "Tally", "score_of"]


@dataclass(frozen=True, slots=True)
class Tally:
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class KeyComparison:
    """The notes' answers beside the key: of ``questions`` with a key the notes decided ``decided``, so many right."""

    questions: int
    decided: int
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Score:
    """How the last attempts at all questions went.

    ``answered`` = ``right`` + ``wrong`` + ``undecided``: the last where neither a key nor the notes tell. ``by_key``
    and ``by_notes`` split right and wrong by what told.
    """

    questions: int
    answered: int
    right: int
    wrong: int
    undecided: int
    by_key: Tally
    by_notes: Tally
    notes: KeyComparison

    def to_json(self) -> Json:
        return asdict(self)


def score_of(questions: Iterable[CheckedQuestion]) -> Score:
    """The figures over all ``questions``."""
    checked = list(questions)
    answered = [item for item in checked if item.yours]
    by_key = _tally(item.correct for item in answered if item.question.key)
    by_notes = _tally(item.correct for item in answered if not item.question.key)
    keyed = [item for item in checked if item.question.key]
    against = _tally(_agrees(item) for item in keyed if item.verdict == "decided")
    right, wrong = by_key.right + by_notes.right, by_key.wrong + by_notes.wrong
    return Score(
        questions=len(checked),
        answered=len(answered),
        right=right,
        wrong=wrong,
        undecided=len(answered) - right - wrong,
        by_key=by_key,
        by_notes=by_notes,
        notes=KeyComparison(len(keyed), against.right + against.wrong, against.right, against.wrong),
    )


def _agrees(checked: CheckedQuestion) -> bool:
    """Whether the notes' answer is the key's; only where labels are put in an order does theirs matter."""
    answer, key = checked.answer, checked.question.key
    return answer == key if checked.question.kind in ("ordering", "matching") else set(answer) == set(key)


def _tally(verdicts: Iterable[bool | None]) -> Tally:
    counts = Counter(verdicts)
    return Tally(counts[True], counts[False])
