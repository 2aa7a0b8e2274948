"""What the options of an exam question state: something of their own, that all others are right, or which items are.

a. Items in the stem     1. a and b      An option may name items that the stem lists,
b. …                     2. a and c      or speak of the other options: "All of the above".
c. …                     3. b and c
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ...examrecords import ExamOption, ExamQuestion
from .wholeoptions import whole_options

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Stating", "stating_of"]

#: Where all others are said to be right: as far behind the best one the last one may be.
_ALIKE: Final = 1.0
#: That none is right cannot be seen from what the notes do not say.
_FAR_BEHIND: Final = 3.0
_ITEM: Final = re.compile(
    r"\s*[(\[]?(?P<label>[0-9]{1,2}|[A-Za-z]|[ivx]{1,4}|[IVX]{1,4}|[ァ-ヶ])(?:[)\].:、]\s*|\s+)(?P<text>\S.*)"
)
_BETWEEN_LABELS: Final = re.compile(r"\s*(?:[、,・+&\s]|と|及び|および|\band\b)\s*")
#: A longer option says something itself.
_LONGEST: Final = 40
_ONLY: Final = re.compile(r"(?:のみ|だけ|の(?:両方|全て|すべて)|\s*only)$|^(?:only|both)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stating:
    """``statements``: the question with what is to be borne out as its options. ``claims``: of each option as printed
    the places of the statements that are right if it is. ``itemised``: whether the statements are items of the stem.
    """

    statements: ExamQuestion
    claims: tuple[tuple[int, ...], ...]
    itemised: bool = False

    def standing(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """(options,) how far each option is the answer. ``scores``: of each statement."""
        if self.itemised:
            # Right are the items above the middle, and no others.
            above = scores - (scores.max() + scores.min()) / 2
            return np.array([2 * above[list(claim)].sum() - above.sum() for claim in self.claims])
        least = float(scores.min())
        return np.array([
            scores[claim[0]] if len(claim) == 1 else least + (_ALIKE if claim else -_FAR_BEHIND)
            for claim in self.claims
        ])  # fmt: skip

    def leaves_open(self, chosen: Sequence[int]) -> bool:
        """Whether another option says that what ``chosen`` state is right, and all else as well.

        That the notes bear out one of them does not say that they would not bear out the others.
        """
        right, left = self.stated(chosen)
        return not self.itemised and bool(left) and any(len(claim) == len(right) + len(left) for claim in self.claims)

    def stated(self, chosen: Sequence[int]) -> tuple[list[int], list[int]]:
        """The statements that are right by the choice of the options ``chosen``, and the others."""
        right = sorted({place for option in chosen for place in self.claims[option]})
        return right, [place for place in range(len(self.statements.options)) if place not in right]


def stating_of(question: ExamQuestion) -> Stating:
    options = question.options
    texts = [option.text for option in options]
    whole = whole_options(texts, question.stem)
    itemised = _itemised(question, [text for place, text in enumerate(texts) if place not in whole])
    found: list[tuple[int, ...]]
    if itemised is None:
        kept = [option for place, option in enumerate(options) if place not in whole]
        statements, found = replace(question, options=tuple(kept)), [(place,) for place in range(len(kept))]
    else:
        statements, found = itemised
    own = iter(found)
    # Of what is wrong, "all are right" says that none of the others is asked for.
    everything = () if question.negated and itemised is None else tuple(range(len(statements.options)))
    said = {"all": everything, "none": ()}
    claims = [said[whole[place]] if place in whole else next(own) for place in range(len(options))]
    return Stating(statements, tuple(claims), itemised=itemised is not None)


def _itemised(question: ExamQuestion, options: Sequence[str]) -> tuple[ExamQuestion, list[tuple[int, ...]]] | None:
    """The items of the stem as the options of a question, and which of them each option names; ``None`` where some
    option is something else.
    """
    lines = question.stem.split("\n")
    matches = [_ITEM.fullmatch(unicodedata.normalize("NFKC", line)) for line in lines]
    items = {match["label"]: match["text"] for match in matches if match}
    if len(items) < 2 or len(items) != sum(match is not None for match in matches) or not options:
        return None
    places = {label: place for place, label in enumerate(items)}
    named = [_labels(option) for option in options]
    if not all(labels and all(label in places for label in labels) for labels in named):
        return None
    stem = "\n".join(line for line, match in zip(lines, matches, strict=True) if not match)
    statements = tuple(ExamOption(label, text) for label, text in items.items())
    found = [tuple(sorted(places[label] for label in set(labels))) for labels in named]
    return replace(question, stem=stem, options=statements, choose=None), found


def _labels(option: str) -> list[str]:
    if len(option) > _LONGEST:
        return []
    plain = _ONLY.sub("", unicodedata.normalize("NFKC", option).strip(" .。"))
    return [label.strip("()[]") for label in _BETWEEN_LABELS.split(plain) if label.strip("()[]")]
