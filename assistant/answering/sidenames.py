"""Whether a text names one of several things that are compared, by the words that tell it from the others."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..naming.names import SAME_NAME, best_likeness, mentions, parts, squash
from ..store import SectionRow
from .subjects import names_of_heading

__all__ = ["SideName", "about", "holds", "is_headed", "named", "singular", "stems"]

#: How surely a text names what it only has the stem of.
_STEM: Final = 0.94
_KANJI: Final = re.compile("[一-龥々]")


@dataclass(frozen=True, slots=True)
class SideName:
    """What a side is looked for by. ``own``: its words that the other sides' names lack, or all. ``rest``: the others.

    ``stems``: where its last word ends as those of all the others do, that word without ever more of this ending,
    longest first: 共通鍵暗, 共通鍵, 共通 of 共通鍵暗号 beside 公開鍵暗号.
    """

    text: str
    own: tuple[str, ...]
    rest: tuple[str, ...]
    stems: tuple[str, ...] = ()

    @classmethod
    def beside(cls, text: str, others: Sequence[str]) -> SideName:
        words = parts(text)
        shared = {word for other in others for word in parts(other)}
        own = tuple(word for word in words if word not in shared) or words
        return cls(text, own, tuple(word for word in words if word not in own), stems(squash(text), others))


def holds(longer: SideName, names: Sequence[SideName], text: str) -> bool:
    """Whether ``text`` has a name that one of ``names`` is part of."""
    within = any(squash(name.text) in squash(longer.text) for name in names)
    return within and any(mentions(written, text) for written in (longer.text, *longer.stems[-1:]))


def named(names: Sequence[SideName], row: SectionRow) -> list[SideName]:
    """Those of the names for which :func:`about` can be more than 0 in a section's heading or one of its lines."""
    section = row.section
    text = "\n".join((*section.heading_path[-1:], *(unit.text for unit in section.units)))
    return [
        name for name in names if any(best_likeness(word, text) for word in (name.text, *name.own, *name.stems[-1:]))
    ]


def about(name: SideName, text: str, around: str) -> float:
    """How surely ``text`` names ``name``.

    By likeness; or by the words that tell the name from the others, where the words it shares with them may stand
    around the text: under 「正則化」 a line that begins with L1 is about L1正則化, and one under 「暗号」 that begins
    with 共通鍵 about 共通鍵暗号.
    """
    if not text:
        return 0.0
    alike = best_likeness(name.text, text)
    if alike >= SAME_NAME or not name.own:
        return alike
    context = f"{text} {around}"
    alike = max(alike, _by_stem(name, text, context))
    near = [best_likeness(word, text) for word in name.own]
    if not any(near):
        return alike
    here = min(near)
    around_it = (
        sum(best_likeness(word, context) >= SAME_NAME for word in name.rest) / len(name.rest) if name.rest else 1.0
    )
    if here < SAME_NAME:
        # "KinesisのData Streams" under a heading Kinesis; "Trainiumの使いどころ"
        far = [best_likeness(word, context) >= SAME_NAME for word in name.own]
        here = 0.8 + 0.15 * sum(map(bool, near)) / len(near) if all(far) else 0.0
    return max(alike, here * (0.85 + 0.1 * around_it))


def _by_stem(name: SideName, text: str, context: str) -> float:
    """As :func:`about`, by the longest stem that ``text`` holds, if what comes behind it stands around it.

    A stem in Latin letters is a name by itself: a line about IgG, in English notes, is about IgG抗体.
    """
    for stem in name.stems:
        if mentions(stem, text):
            # 暗号 of 暗号方式 is enough.
            ending = squash(name.text)[len(stem) :][:2]
            whole = stem.isascii() and squash(text) == stem
            return _STEM if whole or len(ending) == 1 or mentions(ending, context) else 0.0
    return 0.0


def stems(name: str, others: Sequence[str]) -> tuple[str, ...]:
    """See :class:`SideName`; ``name`` is squashed. No word in kana or Latin letters is cut."""
    last_first = zip(name[::-1], *(squash(other)[::-1] for other in others), strict=False)
    same = sum(1 for _ in itertools.takewhile(lambda letters: len(set(letters)) == 1, last_first)) if others else 0
    shortest = len(name) - same
    return tuple(
        name[:end]
        for end in range(len(name) - 1, max(shortest, 1) - 1, -1)
        if _KANJI.match(name[end]) and (end > 1 or name[0].isascii())
    )


def singular(name: str) -> tuple[str, ...]:
    """ "user pools" -> "user pool" """
    return (name[:-1],) if re.search("[a-z]{2}[^sui]s$", name) else ()


def is_headed(leaf: str, called: Sequence[SideName]) -> bool:
    return any(_is_called(heading, name) for heading in names_of_heading(leaf) for name in called)


def _is_called(heading: str, name: SideName) -> bool:
    """Whether a heading is the name, or the name behind one word for whose it is: "AWS Config"."""
    whole, wanted = squash(heading), squash(name.text)
    if whole == wanted:
        return True
    words = heading.split()
    proper = any(char.isupper() for char in name.text)
    return (
        proper
        and len(words) > 1
        and words[0].isascii()
        and words[0][:1].isupper()
        and squash(" ".join(words[1:])) == wanted
    )
