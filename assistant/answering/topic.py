"""What a question is about, as it says itself at its beginning: 「UDPは…」, 「XGBoostの…」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ..asking.asked import content_words
from ..naming.names import SAME_NAME, best_likeness, squash
from ..notes import Section
from ..search import Match
from ..text import identifiers

__all__ = ["topic_first"]

#: A name and what makes it the topic.
_TOPIC: Final = re.compile(
    r"^[「『\"'\s]*(?P<name>[^ぁ-ん、。?？\s][^ぁ-ん、。?？]{1,30}?)[」』\"'\s]*(?:は|の|って|では|で|が|を|に)(?=.)"
)
_SHORTEST_PART: Final = 2


def _topic_of(question: str) -> str | None:
    found = _TOPIC.match(question)
    return found["name"] if found else None


def topic_first(question: str, matches: Sequence[Match], also: Sequence[str] = ()) -> Sequence[Match]:
    """The ``matches``; but where the first says nothing of the question's topic and others are headed by it, these
    first, and of the rest only what speaks of it.

    ``also``: what the notes call besides what the question names: 「ランダムフォレスト」 of RF.
    """
    topic = _topic_of(question)
    if topic is None or not matches:
        return matches
    names = (topic, *also)
    if any(_speaks_of(matches[0].row.section, name) for name in names):
        return matches
    own = [match for match in matches if any(_is_headed(match.row.section, name) for name in names)]
    if not own or _is_told_beside(question, topic, matches[0].row.section, [match.row.section for match in own]):
        return matches
    ahead = matches[0].fused - own[0].fused
    first = [replace(match, fused=match.fused + ahead) for match in own]
    chosen = {match.row.id for match in own}
    return [
        *first,
        *(
            match
            for match in matches
            if match.row.id not in chosen and any(_speaks_of(match.row.section, name) for name in names)
        ),
    ]


def _speaks_of(section: Section, topic: str) -> bool:
    """Whether it names the topic, as a whole or in two parts, or stands under it. Under 「TCPとUDP」 not all is about
    UDP.
    """
    wanted = squash(topic)
    texts = (*section.heading_path[-1:], *(unit.text for unit in section.units))
    if any(squash(heading) == wanted for heading in section.heading_path[:-1]):
        return True
    if any(best_likeness(topic, text) >= SAME_NAME for text in texts):
        return True
    # 非同期 under 「推論の4つの形」 is about 非同期推論.
    held = squash(" ".join((*section.heading_path, *texts)))
    cuts = range(_SHORTEST_PART, len(wanted) - _SHORTEST_PART + 1) if not wanted.isascii() else ()
    return any(wanted[:cut] in held and wanted[cut:] in held for cut in cuts)


def _is_told_beside(question: str, topic: str, first: Section, own: Sequence[Section]) -> bool:
    """Whether a section is a part of a note on the topic, and holds a word of the question that the sections headed by
    the topic lack: a note on a thing has sections that don't name it.
    """
    rest = question.replace(topic, " ")
    words = [word for word in content_words(rest) if len(word) > 1] + identifiers(rest)
    lacked = [word for word in words if not any(_holds(section, word) for section in own)]
    return any(_is_of_one_note(section, first) for section in own) and any(_holds(first, word) for word in lacked)


def _is_of_one_note(own: Section, other: Section) -> bool:
    """Whether two sections stand under one heading, where the other's part is no thing of its own: TCP beside UDP."""
    at = len(own.heading_path) - 1
    above = own.heading_path[:at]
    if not above or own.file != other.file or other.heading_path[:at] != above or len(other.heading_path) <= at:
        return False
    return _is_name(own.heading_path[at]) and not _is_name(other.heading_path[at])


def _is_name(heading: str) -> bool:
    """Whether a heading is a name in Latin letters and no more."""
    return heading.isascii() and bool(squash(heading))


def _holds(section: Section, word: str) -> bool:
    return squash(word) in squash(section.text)


def _is_headed(section: Section, topic: str) -> bool:
    return squash(section.leaf) == squash(topic)
