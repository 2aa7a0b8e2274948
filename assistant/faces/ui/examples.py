"""Questions to begin with, made from the person's own headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ...messages import Language, language_of, say
from ...records import OutlineSection
from .markup import plain

__all__ = ["example_questions"]

_LONGEST: Final = 24
#: 「…とは」「…の違い」「できること」: headings that are no name of a thing, so that asking what it is reads oddly.
_NO_NAME: Final = re.compile(
    r"[？?。、,:：/／]|違い|まとめ|メモ|概要|する|^[\d\W]+$|(?:とは|こと|もの|方法|ない|たい|[いうくすつぬむるたて])$"
)


def example_questions(outline: Sequence[OutlineSection], language: Language, count: int = 4) -> list[str]:
    """Up to ``count`` questions that the notes can answer: what something is, and how two neighbours differ."""
    named = [(section, _name(section)) for section in outline]
    known = [(section, name) for section, name in named if name and section.state == "ok"]
    # Names with Latin letters are mostly terms of the subject; Japanese headings also say 「概要」 and the like.
    known.sort(key=lambda pair: re.search(r"[A-Za-z]{2}", pair[1]) is None)
    compared = _neighbours(known)
    names = list(dict.fromkeys(name for _, name in known if not compared or name not in compared))
    apart = max(len(names) // count, 1)
    chosen = names[::apart][: count - 1]
    questions = [say("web.example_what", _language(name, language), name=name) for name in chosen]
    if compared:
        a, b = compared
        questions.insert(1, say("web.example_difference", _language(a + b, language), a=a, b=b))
    return questions


def _neighbours(known: Sequence[tuple[OutlineSection, str]]) -> tuple[str, str] | None:
    """Two sections under the same heading, or else two at the top of one file: likely to be worth comparing."""
    for deep in (True, False):
        for (first, a), (second, b) in pairwise(known):
            siblings = first.file == second.file and first.heading_path[:-1] == second.heading_path[:-1]
            if siblings and (len(first.heading_path) > 1) == deep and a != b:
                return a, b
    return None


def _name(section: OutlineSection) -> str:
    if not section.heading_path:
        return ""
    name = plain(section.heading_path[-1])
    return "" if len(name) > _LONGEST or len(name) < 2 or _NO_NAME.search(name) else name


def _language(name: str, language: Language) -> Language:
    """Asked in the language of the page, and in Japanese wherever the name is Japanese."""
    return "ja" if language_of(name) == "ja" else language
