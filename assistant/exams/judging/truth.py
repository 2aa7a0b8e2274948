"""What lines of the notes say to a statement: that it is so, that it is not, or nothing that words can tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ...answering.hollow import is_denied
from ...answering.openquestions import is_option
from ...answering.subjects import names_of_heading
from ...naming.names import mentions, squash
from ...text import identifiers, written
from .anchors import Anchors
from .lines import Line
from .opposed import Clause, clauses_of, denies, topic_of, words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Truth", "truth_in"]

#: So many of the likeliest lines are read, none of them less likely (in log) than the best one by more than this.
_MOST_LINES: Final = 12
_LIKELY: Final = 8.0
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Truth:
    """``right``: whether the statement is, as far as can be told; ``line``: the index of the line that says so."""

    right: bool | None
    line: int | None = None

    @property
    def denied_by(self) -> int | None:
        """The line that denies the statement, if one does."""
        return self.line if self.right is False else None


def truth_in(claim: str, asked: str, lines: Sequence[Line], likely: NDArray[np.float64]) -> Truth:
    """What the ``lines`` about what ``claim`` speaks of say to it. ``asked``: what it speaks of where it has no topic.

    ``likely``: (lines,) log-probability that a line is meant. Lines that say otherwise and lines that say the same
    leave it open.
    """
    order = np.argsort(-likely, kind="stable")[:_MOST_LINES].tolist()
    near = [lines[index] for index in order if likely[index] >= likely[order[0]] - _LIKELY]
    about = _about(topic_of(claim), f"{asked} {claim}", near)
    found: dict[bool, int] = {}
    for index, line, own in zip(order, near, about, strict=False):
        if own:
            right = _told_by(line, denies(claim, line.text, f"{line.path} {asked}"))
            if right is not None:
                found.setdefault(right, index)
    if not found:
        of_another = _said_of_another(claim, near, about)
        if of_another is not None:
            found[False] = order[of_another]
    if len(found) != 1:
        return Truth(None)
    ((right, index),) = found.items()
    return Truth(right, index)


def _told_by(line: Line, denied: bool | None) -> bool | None:
    """Whether a claim is right by a line that denies it or says the same, and may itself be noted down as a mistake."""
    section = line.row.section
    if denied is None or is_option(section.units, line.index):
        return None
    if is_denied(section, line.index):
        return None if denied else False
    return not denied


def _about(topic: str, said: str, lines: Sequence[Line]) -> list[bool]:
    """For each line whether it is about the thing that ``topic`` names: "EBS" of 「EBS のスナップショット」. Without a
    topic, about something that is named in what is ``said``.
    """
    names = [part.strip() for part in topic.split("の") if part.strip()] or list(written(said, identifiers(said)))
    # The maker's name is often left out.
    names += [name.split(" ", 1)[1] for name in names if " " in name]
    anchors = Anchors(lines)
    strength = np.max([np.zeros(len(lines)), *(anchors.strengths([name])[0] for name in names)], axis=0)
    found = []
    for line, of_name in zip(lines, strength, strict=True):
        own = line.subject if line.has_subject and anchors.is_name(line.subject) else ""
        if own:
            # Under a heading that is named, another thing may be spoken of.
            found.append(_is_one_of(own, names) or (not topic and mentions(own, said)) or _is_topic(own, said))
        else:
            found.append(bool(of_name >= 1) or (not topic and _is_headed(line, said)))
    return found


def _is_one_of(subject: str, names: Sequence[str]) -> bool:
    own = squash(subject)
    return any(squash(name) in own or own in squash(name) for name in names)


def _is_topic(name: str, said: str) -> bool:
    return re.search(rf"{re.escape(name)}\s*(?:では|には|[はもが])", said, re.IGNORECASE) is not None


def _is_headed(line: Line, said: str) -> bool:
    return any(len(name) >= _SHORTEST_NAME and mentions(name, said) for name in names_of_heading(line.leaf))


def _said_of_another(claim: str, lines: Sequence[Line], about: Sequence[bool]) -> int | None:
    """The place of the line about the topic that says one word otherwise than a line about another thing, which says
    what is claimed: 「Aはステートフル」, 「Bはステートレス」.
    """
    others = [
        line
        for line, own in zip(lines, about, strict=True)
        if not own and denies(claim, line.text, topic_of(claim)) is False
    ]
    for place, (line, own) in enumerate(zip(lines, about, strict=True)):
        if own and any(_stand_against(line, other) for other in others):
            return place
    return None


def _stand_against(line: Line, other: Line) -> bool:
    if line.part and other.part and (line.row.id, line.index) == (other.row.id, other.index):
        return True
    mine, yours = ([_own_words(clause, one) for clause in clauses_of(one.text)] for one in (line, other))
    return any(_differ(a, b) for a in mine for b in yours)


def _own_words(clause: Clause, line: Line) -> set[str]:
    """The words of a clause without those of what its line is about."""
    named = words_of(line.opening) if line.has_subject else ()
    return set(clause.words) - set(named)


def _differ(mine: set[str], yours: set[str]) -> bool:
    """Whether two clauses share words, and each has one that the other has not."""
    return len(mine & yours) >= 1 and len(mine - yours) == 1 and len(yours - mine) == 1
