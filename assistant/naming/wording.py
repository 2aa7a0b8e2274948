"""A question in the words of the notes.

A name may be typed with a slip, by its sound, in hiragana, in two words, half, or in full where the notes have its
abbreviation. Where the notes do not know a name as it is typed but know one much like it, the question is read with
that one; and what the notes call it besides is searched for too. Nothing is known of any name but what stands in the
notes.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from typing import Final

from ..store import Store
from ..text import is_japanese, stands_out, terms
from .gazetteer import Gazetteer, initials, runs_of
from .names import SAME_NAME, is_kana, sounds, squash

__all__ = ["Reading", "Wording"]

_CLAUSE: Final = re.compile(r"[0-9A-Za-z]+(?:[ -]+[0-9A-Za-z]+)*")
_WORD: Final = re.compile(r"[0-9A-Za-z]+")
_KATAKANA: Final = re.compile(r"[ァ-ヺー]{3,}")
_HIRAGANA: Final = re.compile(r"(?<![ァ-ヺー])[ぁ-ゖ][ぁ-ゖー]{2,}")
#: Hiragana that only foreign words are spelled with.
_FOREIGN_SOUND: Final = re.compile(r"ー|[ふゔ][ぁぃぇぉ]|[てでと][ぃぅ]|[うちじし]ぇ|[しじち][ゃゅょ]ん")
_JAPANESE: Final = re.compile(r"[一-龥々ァ-ヺー](?:の?[一-龥々ァ-ヺー])+")
_TO_KATAKANA: Final = {code: code + 0x60 for code in range(0x3041, 0x3097)}

#: Words that are ordinary, or that differ in how many they are, must be this alike.
_SURELY_ALIKE: Final = 0.88
#: The same consonants in the same order.
_SAME_SOUND: Final = 0.94
_ALIKE_IN_KANA: Final = 0.85
#: What a name is ahead by when a heading holds it, and how far behind another may be to be searched for too.
_HEADING: Final = 0.1
_NOT_FAR: Final = 0.1
_SHORTEST_SLIP: Final = 5
_SHORTEST_START: Final = 4
_MOST_ENDINGS: Final = 4
_SHORTEST_HIRAGANA: Final = 4
_LONGEST_KANA: Final = 14
_SHORTEST_ABBREVIATION: Final = 3
_MOST_WORDS: Final = 5
_MOST_ALIASES: Final = 4
_SHORTEST_JAPANESE: Final = 4
_ABBREVIATION: Final = re.compile("[A-Z][0-9A-Z]{2,5}")


@dataclass(frozen=True, slots=True)
class Reading:
    """``text``: the question with the notes' spellings. ``also``: other names the notes have for what it names."""

    text: str
    also: tuple[str, ...]


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


class Wording:
    """Reads questions in the words of a store's notes. Safe to use from several threads, each within ``reading()``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._names = Gazetteer()
        self._headings = Gazetteer()
        self._last = 0

    def prepare(self) -> None:
        """Takes in the names of all passages now instead of at the first question: seconds in a large collection."""
        with self._lock:
            self._update()
            self._names.prepare()
            self._headings.prepare()

    def read(self, question: str) -> Reading:
        """The question as the notes would word it; as it is where they know its names, or nothing like them."""
        with self._lock:
            self._update()
            plain = unicodedata.normalize("NFKC", question)
            also: dict[str, None] = {}
            any_case = is_japanese(plain)
            alone = _HIRAGANA.fullmatch(plain.strip("?。 ")) is not None
            changed = _HIRAGANA.sub(lambda match: self._hiragana(match[0], alone), plain)
            changed = _KATAKANA.sub(lambda match: self._katakana(match[0], also), changed)
            changed = _CLAUSE.sub(lambda match: self._latin(match, any_case, also), changed)
            for name in (*self._named(changed), *also):
                also.update(dict.fromkeys(self._called(name)))
            held = squash(changed)
            other = [name for name in also if squash(name) not in held and self._known(name)]
        return Reading(question if changed == plain else changed, tuple(other[:_MOST_ALIASES]))

    def other_names(self, name: str) -> tuple[str, ...]:
        """What the notes may call ``name`` as a whole, besides."""
        read = self.read(name)
        with self._lock:
            found = dict.fromkeys([read.text, *self._called(name)])
            words = _WORD.findall(name)
            if name.isascii() and len(words) >= _SHORTEST_ABBREVIATION and self._known(short := initials(words)):
                found[short.upper()] = None
            found.update(dict.fromkeys(self._as_a_whole(name)))
        return tuple(other for other in found if other != name and self._known(other))

    def _as_a_whole(self, name: str) -> list[str]:
        """What an abbreviation may be short for, or how several Latin words are written by their sound."""
        if _ABBREVIATION.fullmatch(name):
            return list(self._names.spelled_out(name))
        if not name.isascii() or " " not in name or name in self._names:
            return []
        return [other for other, alike in self._names.alike(name)[:1] if is_kana(other) and alike >= _ALIKE_IN_KANA]

    def names_in_notes(self, name: str) -> tuple[str, ...]:
        """What the notes may call ``name``: by itself, if they do, then its other names; by itself if by nothing."""
        others = self.other_names(name)
        return (name, *others) if self._known(name) or not others else others

    def _update(self) -> None:
        """Takes in the passages that are new; names of passages that are gone do no harm, see ``_known``."""
        for number, leaf, text in self._store.texts_after(self._last):
            self._names.add(text)
            self._headings.add(leaf)
            self._last = number

    def _known(self, name: str) -> bool:
        return self._store.knows(terms(name))

    # -- Latin names

    def _latin(self, found: re.Match[str], any_case: bool, also: dict[str, None]) -> str:
        """A run of Latin words, ``found`` in the question, with the spellings of the notes.

        ``any_case``: every word may be a name; else those that stand out, which the first of a sentence does not by its
        capital: among enough names there is one in kana that sounds like "Which".
        """
        clause = found[0]
        spans = [match.span() for match in _WORD.finditer(clause)]
        words = [clause[start:end] for start, end in spans]
        begin = found.start()
        named = [any_case or stands_out(found.string, begin + start, begin + end) for start, end in spans]
        unknown = [not self._known(word) for word in words]
        pieces: list[str] = []
        done = at = 0
        while at < len(words):
            end, name = at + 1, None
            for last in range(min(len(words), at + _MOST_WORDS), at + 1, -1):
                part = slice(at, last)
                if (name := self._joined(words[part], any(unknown[part]), all(named[part]), also)) is not None:
                    end = last
                    break
            if name is None and unknown[at]:
                name = self._one(words[at], named[at], also)
            elif name is None:
                self._near_heading(words[at], also)
            if name is not None:
                pieces += [clause[done : spans[at][0]], name]
                done = spans[end - 1][1]
            at = end
        return "".join([*pieces, clause[done:]])

    def _joined(self, words: list[str], unknown: bool, named: bool, also: dict[str, None]) -> str | None:
        """What the notes have for several words: the same in one word, or their initials."""
        name = " ".join(words)
        if not unknown and name in self._names:
            return None
        short = initials(words)
        if named and len(short) >= _SHORTEST_ABBREVIATION and self._known(short):
            if unknown:
                return self._names.written(short) or short
            also[short.upper()] = None
        if not unknown:
            return None
        written = self._names.written(name)
        if written is not None and self._known(written):
            return written
        found = self._names.alike(name, by_sound=False) if named and len(words) == 2 else []
        return next((n for n, alike in found if alike >= _SURELY_ALIKE and " " not in n and self._known(n)), None)

    def _one(self, word: str, named: bool, also: dict[str, None]) -> str | None:
        """What the notes have for one word that they do not hold: another spelling, what it begins or abbreviates."""
        written = self._names.written(word)  # in two words, or with a hyphen
        if written is not None and self._known(written):
            return written
        found = []
        if len(word) >= _SHORTEST_SLIP:
            found = [
                (name, alike)
                for name, alike in self._names.alike(word, by_sound=named)
                # RAID10 is no slip of RAID1.
                if _digits(name) == _digits(word)
                and alike >= (SAME_NAME if named and " " not in name and name.isascii() else _SURELY_ALIKE)
            ]
        if named and len(word) >= _SHORTEST_START:
            found += [(name, SAME_NAME) for name in self._names.begun_by(word, _MOST_ENDINGS)]
        if found:
            name = self._best(found, also)
            if name is not None and name.lower() == f"{word.lower()}s":  # the same word
                also[name] = None
                return None
            return name
        if named and len(word) >= _SHORTEST_ABBREVIATION:
            also.update(dict.fromkeys(self._names.spelled_out(word)))
        return None

    def _best(self, found: list[tuple[str, float]], also: dict[str, None]) -> str | None:
        """The likeliest of some names; what is not far behind is searched for as well."""
        rated = {name: alike + _HEADING * (name in self._headings) for name, alike in found[::-1] if self._known(name)}
        ranked = sorted(rated, key=lambda name: -rated[name])
        also.update((name, None) for name in ranked[1:3] if rated[name] >= rated[ranked[0]] - _NOT_FAR)
        return ranked[0] if ranked else None

    def _near_heading(self, word: str, also: dict[str, None]) -> None:
        """A heading may spell a name in its own way, though other lines have it as it was asked for."""
        if len(word) < _SHORTEST_SLIP or word in self._headings:
            return
        for name, alike in self._headings.alike(word, by_sound=False)[:1]:
            if alike >= _SURELY_ALIKE and self._known(name):
                also[name] = None

    # -- names in kana

    def _katakana(self, word: str, also: dict[str, None]) -> str:
        if word in self._names or self._known(word):
            return word
        found = [item for item in self._names.alike(word) if item[1] >= _ALIKE_IN_KANA]
        name = self._best(found, also)
        if name is None:
            return word
        # Two words that sound alike may be two words after all.
        return f"{word} {name} " if name.isascii() else name

    def _hiragana(self, run: str, alone: bool) -> str:
        """``run`` with the first name in it that the notes have in katakana, or that it begins with by its sound.

        ``alone``: nothing but this was asked, so that it may be a name throughout.
        """
        spelled = run.translate(_TO_KATAKANA)
        whole = self._in_katakana(run, spelled)
        heard = [
            (alike, len(sounds(spelled[:end])[0]), -end, name)
            for end in range(whole[1] + 1 if whole else 3, min(len(run), _LONGEST_KANA) + 1)
            if _FOREIGN_SOUND.search(run, 0, end) or (alone and end == len(run))
            for name, alike in self._names.alike(spelled[:end])
            if alike >= _SAME_SOUND and self._known(name)
        ]
        if heard:
            *_, end, name = max(heard)
            return name + run[-end:].lstrip("ー")
        return run[: whole[0]] + spelled[slice(*whole)] + run[whole[1] :] if whole else run

    def _in_katakana(self, run: str, spelled: str) -> tuple[int, int] | None:
        """Where the first name stands in ``run`` that the notes have in katakana."""
        for start in range(len(run)):
            for end in range(min(len(run), start + _LONGEST_KANA), start + 2, -1):
                foreign = _FOREIGN_SOUND.search(run, start, end) is not None
                name = spelled[start:end]
                if (foreign or len(name) >= _SHORTEST_HIRAGANA) and name in self._names and self._known(name):
                    return start, end
        return None

    # -- aliases

    def _called(self, name: str) -> list[str]:
        """The other names of ``name``, those of which it is one in turn, and their abbreviations."""
        found = dict.fromkeys(self._names.aliases(name))
        for other in tuple(found):
            found.update(dict.fromkeys(self._names.aliases(other)))
            words = _WORD.findall(other)
            if other.isascii() and len(words) >= _SHORTEST_ABBREVIATION and self._known(short := initials(words)):
                found[short.upper()] = None
        return list(found)

    def _named(self, question: str) -> list[str]:
        """What may be a name in the question: runs of Latin words, and Japanese terms with all that they contain."""
        found: dict[str, None] = {}
        for clause in _CLAUSE.findall(question):
            words = _WORD.findall(clause)
            found.update(dict.fromkeys(words))
            found.update((" ".join(words[start:end]), None) for start, end in runs_of(words))
        for run in _JAPANESE.findall(question):
            for start in range(len(run)):
                for end in range(start + _SHORTEST_JAPANESE, min(len(run), start + 24) + 1):
                    found[run[start:end]] = None
        return list(found)
