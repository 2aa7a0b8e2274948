"""The names that stand in the notes, to be found by another spelling, by their sound, or by another name.

Grown from texts: Latin words and short runs of them, runs of katakana, and pairs that the notes themselves set side
by side, such as 「KMS（Key Management Service）」. Names are looked up by the n-grams that they share with what is
asked for, so that a look-up stays within milliseconds over hundreds of thousands of names; :func:`names.likeness`
decides among the nearest.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from .names import SAME_NAME, is_kana, likeness, sounds, squash

__all__ = ["Gazetteer", "initials", "runs_of"]

#: Letters and digits in another width than usual.
_WIDE: Final = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f]")
_WORD: Final = re.compile(r"[0-9A-Za-z]{3,}")
_KATAKANA: Final = re.compile(r"[ァ-ヺー]{3,}")
#: Latin words beside one another: all that stand between other scripts, or those with capitals in running English.
_RUN: Final = re.compile(r"[0-9A-Za-z]+(?:[ -][0-9A-Za-z]+)+")
_CAPITALS: Final = re.compile(r"[A-Z][0-9A-Za-z]*(?:[ -](?:[A-Z0-9][0-9A-Za-z]*))+")
_LONGEST_NAME_WORDS: Final = 5

_LATIN_NAME: Final = r"[0-9A-Za-z][0-9A-Za-z&.'+-]*(?: [0-9A-Za-z][0-9A-Za-z&.'+-]*){0,6}"
_JAPANESE_NAME: Final = r"[一-龥々ァ-ヺー](?:[一-龥々ァ-ヺー・])*[一-龥々ァ-ヺー]"
_NAME: Final = rf"(?:{_LATIN_NAME}|{_JAPANESE_NAME})"
_PAIR: Final = re.compile(rf"({_NAME})[ ]?[(]([^()]{{2,80}})[)]")
_WHOLE_NAME: Final = re.compile(_NAME)
_ABBREVIATION: Final = re.compile(r"[A-Z][0-9A-Z]{1,5}s?")
_SHORTEST_JAPANESE: Final = 4

#: How many of the nearest names by n-grams are compared letter by letter, and the share of n-grams they need.
_NEAREST: Final = 24
_LEAST_SHARED: Final = 0.3


def runs_of(words: list[str], most: int = _LONGEST_NAME_WORDS) -> Iterator[tuple[int, int]]:
    """(start, end) of every run of two to ``most`` words, longer ones first from each start."""
    for start in range(len(words)):
        for end in range(min(len(words), start + most), start + 1, -1):
            yield start, end


def initials(words: list[str]) -> str:
    """The first letters, in lower case: Key Management Service -> kms."""
    return "".join(word[0] for word in words).lower()


class Gazetteer:
    """Names and other names for them. It only grows: whoever looks up makes sure that the notes still hold a name."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}
        self._fresh: list[str] = []
        self._by_letters = _Grams(3)
        self._latin_by_sound = _Grams(2)
        self._kana_by_sound = _Grams(2)
        self._sorted: list[str] = []
        self._by_initials: dict[str, dict[str, None]] = defaultdict(dict)
        self._aliases: dict[str, dict[str, str]] = defaultdict(dict)

    def __contains__(self, name: str) -> bool:
        return squash(name) in self._written

    def add(self, text: str) -> None:
        """Takes in the names and pairs of a text."""
        plain = text.replace("（", "(").replace("）", ")")
        if _WIDE.search(plain):  # which is rare, and folding takes longer than all that follows
            plain = unicodedata.normalize("NFKC", plain)
        for word in (*_WORD.findall(plain), *_KATAKANA.findall(plain)):
            if not word.isdigit():
                self._add_name(word.lower(), word)
        for run in _RUN.findall(plain):
            words = re.split("[ -]", run)
            for part in [words] if len(words) <= _LONGEST_NAME_WORDS else map(str.split, _CAPITALS.findall(run)):
                self._add_run(part)
        if "(" in plain:
            for match in _PAIR.finditer(plain):
                self._add_pair(match[1], match[2])

    def _add_name(self, key: str, name: str) -> bool:
        if key in self._written:
            return False
        self._written[key] = name
        self._fresh.append(key)
        return True

    def _add_run(self, words: list[str]) -> None:
        for start, end in runs_of(words):
            part = words[start:end]
            name = " ".join(part)
            if self._add_name("".join(part).lower(), name) and end - start > 2:
                self._by_initials[initials(part)][name] = None

    # -- other names

    def _add_pair(self, before: str, inside: str) -> None:
        group = [before, *(part.strip() for part in re.split(r"[,、;/=]", inside))]
        names = [name for name in group if _WHOLE_NAME.fullmatch(name)]
        for at, one in enumerate(names):
            for other in names[at + 1 :]:
                pair = _same_thing(one, other)
                if pair:
                    for a, b in (pair, pair[::-1]):
                        self._aliases[squash(a)].setdefault(squash(b), b)

    def aliases(self, name: str) -> tuple[str, ...]:
        """What the notes call ``name`` as well."""
        return tuple(self._aliases[key].values()) if (key := squash(name)) in self._aliases else ()

    def spelled_out(self, abbreviation: str) -> tuple[str, ...]:
        """Names of three words and more with these initials."""
        key = squash(abbreviation)
        return tuple(self._by_initials[key]) if key in self._by_initials else ()

    # -- other spellings

    def written(self, name: str) -> str | None:
        """``name`` as the notes write it, blanks, hyphens and case aside."""
        return self._written.get(squash(name))

    def alike(self, name: str, *, by_sound: bool = True) -> list[tuple[str, float]]:
        """Names of the notes that may be ``name``, with their likeness, best first.

        ``by_sound``: also those in the other script, Latin for kana and the other way round.
        """
        self.prepare()
        key = squash(name)
        near = dict.fromkeys(self._by_letters.nearest(key, _NEAREST))
        other = self._latin_by_sound if is_kana(key) else self._kana_by_sound
        for sound in sounds(key) if by_sound else ():
            near |= dict.fromkeys(other.nearest(sound, _NEAREST) if len(sound) > 1 else ())
        found = [(self._written[candidate], likeness(key, candidate)) for candidate in near]
        return sorted((item for item in found if item[1] >= SAME_NAME), key=lambda item: -item[1])

    def begun_by(self, start: str, most: int) -> list[str]:
        """Names that begin with these letters; none at all if there are more than ``most``."""
        self.prepare()
        key = squash(start)
        found: list[str] = []
        for name in self._sorted[bisect_left(self._sorted, key) :]:
            if not name.startswith(key) or len(found) > most:
                break
            found.append(self._written[name])
        return found if len(found) <= most else []

    def prepare(self) -> None:
        """Brings the look-up tables in step with the names; what a refresh added is little."""
        for name in self._fresh:
            self._by_letters.add(name)
            for sound in sounds(name):
                (self._kana_by_sound if is_kana(name) else self._latin_by_sound).add(name, sound)
        single = [name for name in self._fresh if " " not in self._written[name]]
        if len(single) > len(self._sorted):
            self._sorted = sorted(self._sorted + single)
        else:
            for name in single:
                insort(self._sorted, name)
        self._fresh.clear()


def _same_thing(one: str, other: str) -> tuple[str, str] | None:
    """The two as names of one thing, where the one is short for the other; None where a remark stands in brackets.

    An abbreviation's letters come in order in the words it stands for, the first ones first. A term in Japanese has
    no letters to compare, so it must be too long for a remark, and what stands beside it short for something or more
    than one word.
    """
    for short, long in ((one, other), (other, one)):
        abbreviation = short.split(" ")[-1]
        if not _ABBREVIATION.fullmatch(abbreviation) or _ABBREVIATION.fullmatch(long):
            continue
        if not long.isascii():
            return (abbreviation, long) if len(long) >= _SHORTEST_JAPANESE else None
        words = re.split("[ -]", long)
        letters = abbreviation.rstrip("s").lower()
        for start in range(len(words)):
            if initials(words[start:]) == letters:
                return abbreviation, " ".join(words[start:])
        rest = iter(long.lower())
        if (
            abbreviation == short
            and len(words) > 1
            and long[0].lower() == letters[0]
            and all(letter in rest for letter in letters)
        ):
            return abbreviation, long
    if one.isascii() != other.isascii():
        latin, japanese = (one, other) if one.isascii() else (other, one)
        if " " in latin and latin[0].isupper() and len(japanese) >= _SHORTEST_JAPANESE:
            return latin, japanese
    return None


class _Grams:
    """Keys by the n-grams they share, each key with the name it stands for."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._names: list[str] = []
        self._lengths = array("i")
        self._postings: dict[str, array[int]] = defaultdict(lambda: array("i"))

    def add(self, name: str, key: str | None = None) -> None:
        grams = self._grams(name if key is None else key)
        for gram in grams:
            self._postings[gram].append(len(self._names))
        self._names.append(name)
        self._lengths.append(len(grams))

    def _grams(self, key: str) -> set[str]:
        edged = f"^{key}$"
        return {edged[at : at + self._size] for at in range(max(1, len(edged) - self._size + 1))}

    def nearest(self, key: str, most: int) -> list[str]:
        """The names that share the greatest part of their n-grams with ``key`` (Dice 1945), best first."""
        grams = self._grams(key)
        postings = [np.frombuffer(self._postings[gram], np.int32) for gram in grams if gram in self._postings]
        if not postings:
            return []
        numbers, shared = np.unique(np.concatenate(postings), return_counts=True)
        share = 2 * shared / (len(grams) + np.frombuffer(self._lengths, np.int32)[numbers])
        best = np.argsort(-share, kind="stable")[: min(most, int((share >= _LEAST_SHARED).sum()))]
        return [self._names[number] for number in numbers[best]]
