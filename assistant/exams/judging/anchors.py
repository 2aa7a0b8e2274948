"""Which lines of the notes are about what an option of an exam names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from ...naming.names import SAME_NAME, likeness, mentions, name_candidates, parts, squash
from .lines import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Anchors"]

#: A line is about a name that its heading or its subject holds; it speaks of one that it or its headings hold anywhere.
_ABOUT: Final = 1.0
_SPEAKS_OF: Final = 0.6
#: A word that this share of the lines holds (a maker's name before every product) tells no names apart.
_COMMON: Final = 0.12
#: An option with more words than this describes something; it is no name.
_MOST_WORDS: Final = 4
#: Nor is one of which the words of a name are a smaller share.
_NAME_SHARE: Final = 0.6
#: A longer text is no name by its form; nor is one that a heading holds.
_LONGEST: Final = 80
_LONGEST_NAME: Final = 24
_IN_BRACKETS: Final = re.compile(r"([^（()）]+?)\s*[（(]([^（()）]+)[)）]")
#: What says something of a thing is no name of it: 「SPFを設定する」, 「TCPで送る」, "NACLs are stateless".
_SAYS: Final = re.compile(
    r"を|(?:[がはも]|より|から|まで).*[ぁ-ん][。．.]?$|[にでと].*(?:[うくぐすつぬぶむるただ]|ない)[。．.]?$"
    r"|(?:する|した|される|された|となる|になる|でない|ている|られる|できる|による).|の.+の"
    r"|\s(?:is|are|was|were|can|cannot|does|has|have|must|needs?|will|should)\s"
)
_COPULA: Final = re.compile(r"(?:である|です|だ)[。．.]?$")
#: With the number behind it: "an ISO 27001 certificate".
_ABBREVIATION: Final = re.compile(r"\b[A-Z][A-Z0-9-]+\b|(?<=[A-Z] )[0-9]{2,}\b")
_SHORTEST_FUZZY: Final = 4
#: Strings whose lengths differ by more cannot be alike enough.
_SAME_LENGTH: Final = 0.75

#: For each line whether a word is in its heading, in its subject, in either or in its text.
_Held = tuple["NDArray[np.bool_]", "NDArray[np.bool_]", "NDArray[np.bool_]"]


class Anchors:
    """Finds the lines about a name, among ``lines``, however the name is written there."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._leaves = [line.leaf for line in lines]
        self._subjects = [line.opening for line in lines]
        self._own = [line.text for line in lines]
        self._texts = [f"{line.path} {line.text}" for line in lines]
        self._held: dict[str, _Held] = {}

    @staticmethod
    def is_name(text: str) -> bool:
        """Whether ``text`` is a name by its form, rather than a description."""
        words = parts(text)
        if not 0 < len(words) <= _MOST_WORDS or sum(map(len, words)) < _NAME_SHARE * len(squash(text)):
            return False
        return len(text) <= _LONGEST and not _SAYS.search(_COPULA.sub("", text))

    def strengths(self, names: Sequence[str]) -> NDArray[np.float64]:
        """(names, lines): 1 where a line is about the name, less where it speaks of it, 0 elsewhere.

        Words that the notes use all over are left aside as long as others tell the names apart.
        """
        found = np.zeros((len(names), len(self._texts)))
        written = [_spellings(name) for name in names]
        words = [frozenset(word for spelling in each for word in parts(spelling)) for each in written]
        for index, name in enumerate(names):
            others = {word for other, own in enumerate(words) if other != index for word in own}
            for spelling in written[index]:
                if self.is_name(spelling):
                    bare = _abbreviations(spelling)
                    found[index] = np.maximum(found[index], self._strength(parts(spelling), others, bare))
            if len(name) <= _LONGEST_NAME:
                whole = _of_each(self._leaves, partial(mentions, name)) | _of_each(
                    self._subjects, partial(mentions, name)
                )
                found[index] = np.maximum(found[index], _ABOUT * whole)
        return np.where(self._about_others(written, words), 0.0, found) if len(names) > 1 else found

    def _about_others(self, written: Sequence[Sequence[str]], words: Sequence[frozenset[str]]) -> NDArray[np.bool_]:
        """(names, lines): where the heading names several of the things, and the line itself only others of them.

        ``written``: the spellings of each name, ``words``: its words. Of "P2 instance" and "P3 instance" the word that
        the other one has not will do.
        """
        told = [[*each, *_telling(own, words)] for each, own in zip(written, words, strict=True)]
        headed, named = (
            np.array([np.any([_of_each(texts, partial(mentions, one)) for one in each], axis=0) for each in told])
            for texts in (self._leaves, self._own)
        )
        distinct = [written.index(each) == place for place, each in enumerate(written)]
        shared = headed[distinct].sum(axis=0) > 1
        return np.asarray(headed & shared & named.any(axis=0) & ~named)

    def _strength(self, words: Sequence[str], others: set[str], bare: Sequence[str]) -> NDArray[np.float64]:
        """(lines,): how far each is about the thing with these ``words``; ``others``: those that other names have;
        ``bare``: the abbreviations among them ("an ISO 27001 certificate").
        """
        own = [word for word in words if word not in others]
        needed = [word for word in words if self._lines_with(word)[2].mean() < _COMMON or word in own]
        # All that the name says first; then without what others say as well (the maker's name); then its abbreviations.
        for wanted in (needed or list(words), own, [*bare]):
            if 0 < len(wanted) <= _MOST_WORDS:
                leaf, subject, anywhere = (
                    np.all([self._lines_with(word)[field] for word in wanted], axis=0) for field in range(3)
                )
                if anywhere.any():
                    return np.where(leaf | subject, _ABOUT, np.where(anywhere, _SPEAKS_OF, 0.0))
        return np.zeros(len(self._texts))

    def _lines_with(self, word: str) -> _Held:
        if word not in self._held:
            leaf, subject, anywhere = (
                _of_each(texts, partial(mentions, word)) for texts in (self._leaves, self._subjects, self._texts)
            )
            if not anywhere.any() and len(word) >= _SHORTEST_FUZZY:
                # Not as it is written here; then by slips and by sound.
                leaf, subject = (_of_each(texts, partial(_alike, word)) for texts in (self._leaves, self._subjects))
            self._held[word] = leaf, subject, anywhere | leaf | subject
        return self._held[word]


def _telling(own: frozenset[str], words: Sequence[frozenset[str]]) -> frozenset[str]:
    """The one word that tells a name from the others, where it is of letters and digits and another is named alike."""
    rest = [other for other in words if other != own]
    mine = own.difference(*rest)
    alike = any(own - mine and own - mine <= other for other in rest)
    numbered = all(word[0].isalpha() and any(char.isdigit() for char in word) for word in mine)
    return mine if len(mine) == 1 and alike and numbered else frozenset()


def _of_each(texts: Sequence[str], holds: Callable[[str], bool]) -> NDArray[np.bool_]:
    """(texts,), asked once where texts are the same."""
    known = {text: holds(text) for text in dict.fromkeys(texts)}
    return np.array([known[text] for text in texts], bool)


def _abbreviations(name: str) -> list[str]:
    """Those in an English name whose other words are common ones: "an ISO 27001 certificate"."""
    rest = _ABBREVIATION.sub("", name.removeprefix("A ").removeprefix("An ").removeprefix("The "))
    return [word.lower() for word in _ABBREVIATION.findall(name)] if rest.isascii() and rest.islower() else []


def _spellings(name: str) -> list[str]:
    """The name, or where it has another form in brackets, "亜鉛（Zn）", each of the two."""
    match = _IN_BRACKETS.fullmatch(name.strip())
    return [match[1], match[2]] if match else [name]


def _alike(word: str, text: str) -> bool:
    return any(
        likeness(word, candidate) >= SAME_NAME
        for candidate in name_candidates(text)
        if word.isascii() != candidate.isascii()
        or 2 * min(len(word), len(candidate)) >= _SAME_LENGTH * (len(word) + len(candidate))
    )
