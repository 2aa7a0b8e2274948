"""Whether a text speaks of a name, however the name is written.

A product's name is typed with and without blanks and hyphens, in full width, with a slip, or in katakana. Here names
are compared without blanks and hyphens, then by edit distance, then by their consonants, since that is what survives
when an English word is written in kana (フォーキャスト ``fkst``, Forecast ``frkst``).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ..text import normalise

__all__ = [
    "SAME_NAME",
    "best_likeness",
    "is_kana",
    "likeness",
    "mentions",
    "name_candidates",
    "parts",
    "sounds",
    "squash",
]

#: From this likeness on, a name in the notes is taken for the name that was asked for.
SAME_NAME: Final = 0.8

_RUN: Final = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
#: What stands between two things, never within the name of one.
_APART: Final = re.compile("[、。､｡,，;；?？!！→⇒←〜～~|｜]")
_LATIN: Final = re.compile(r"[0-9a-z]")
_KATAKANA: Final = re.compile(r"[ァ-ヺー]{3,}")
_PART: Final = re.compile(r"[0-9a-z]+|[ァ-ヺー]{2,}|[一-龥々]{2,}")
_LATIN_WORDS: Final = re.compile(r"[a-z]{2,}")
_NOT_LATIN: Final = re.compile(r"[^0-9a-z \-]+")
#: What a name must have some of to be like another: candidates are Latin words and katakana.
_LIKELY: Final = re.compile(r"[a-zァ-ヺー]")

#: Below this many letters, two different names are too easily alike.
_SHORTEST_FUZZY: Final = 5
_LONGEST_NAME_WORDS: Final = 4
#: Of two names that are as alike as ``SAME_NAME`` by edit distance, the shorter has this share of the other's letters.
_LEAST_SHARE: Final = SAME_NAME / (2 - SAME_NAME) - 1e-6  # whatever the rounding
#: So short a name does not lose two letters by a slip.
_SHORT: Final = 7


@lru_cache(maxsize=16_384)
def squash(text: str) -> str:
    """Letters and digits only, normalised: CSE-KMS, CSE KMS and ＣＳＥ－ＫＭＳ are one."""
    return "".join(_RUN.findall(normalise(text)))


@lru_cache(maxsize=4096)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name: Latin words, runs of katakana, runs of kanji. L1正則化 -> l1, 正則化."""
    found = dict.fromkeys(_PART.findall(normalise(name)))
    return tuple(word.removesuffix("s") if _LATIN.match(word) and len(word) > 4 else word for word in found)


def mentions(name: str, text: str) -> bool:
    """Whether ``text`` holds ``name`` as a word of its own, blanks and hyphens aside."""
    wanted = squash(name)
    if not wanted or wanted not in squash(text):
        return False
    clauses = (_joined(text),) if _APART.search(name) else _clauses(text)
    return any(_holds(joined, edges, wanted) for joined, edges in clauses)


def _holds(joined: str, edges: frozenset[int], wanted: str) -> bool:
    """Whether a text, as :func:`_joined` has it, holds the squashed name ``wanted``."""
    at = joined.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        # One letter more may be a plural: FPGA, FPGAs.
        plural = joined[end : end + 1] == "s" and _LATIN.match(wanted[-1]) and _is_edge(joined, edges, end + 1)
        if _is_edge(joined, edges, at) and (_is_edge(joined, edges, end) or plural):
            return True
        at = joined.find(wanted, at + 1)
    return False


@lru_cache(maxsize=4096)
def _clauses(text: str) -> tuple[tuple[str, frozenset[int]], ...]:
    """As :func:`_joined`, of each part of the text that a name can stand in."""
    return tuple(_joined(part) for part in _APART.split(text))


@lru_cache(maxsize=4096)
def _joined(text: str) -> tuple[str, frozenset[int]]:
    """The squashed text, and the places in it where a run of letters began or ended."""
    runs = _RUN.findall(normalise(text))
    edges, place = {0}, 0
    for run in runs:
        place += len(run)
        edges.add(place)
    return "".join(runs), frozenset(edges)


def _is_edge(joined: str, edges: frozenset[int], place: int) -> bool:
    # Japanese has no blanks between words, so a name may begin anywhere in a run of it; a Latin word may not.
    if place in edges or place >= len(joined):
        return True
    return not (_LATIN.match(joined[place - 1]) and _LATIN.match(joined[place]))


def likeness(a: str, b: str) -> float:
    """How alike two names are in writing or in sound, 0..1; 1 for the same name."""
    return _likeness(squash(a), squash(b))


@lru_cache(maxsize=65_536)
def _likeness(first: str, second: str) -> float:
    """The likeness of two squashed names."""
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    if min(len(first), len(second)) < _SHORTEST_FUZZY and not (is_kana(first) or is_kana(second)):
        return 0.0
    if is_kana(first) != is_kana(second):
        return _sound_likeness(*((first, second) if is_kana(first) else (second, first)))
    return _ratio(first, second)


@lru_cache(maxsize=65_536)
def _may_be_alike(a: str, b: str) -> bool:
    """Whether two squashed names in one script can be as alike as ``SAME_NAME``, by their letters in any order."""
    if a == b:
        return True
    if min(len(a), len(b)) < _SHORTEST_FUZZY and not is_kana(a):
        return False
    return sum(min(a.count(letter), b.count(letter)) for letter in set(a)) >= SAME_NAME / 2 * (len(a) + len(b))


def _ratio(a: str, b: str) -> float:
    """How alike two names in one script are. What is longer at its start is another word (information, formation;
    アンインストール, インストール), and so is a short one with two letters more (Macie, machine): slips are not of this
    kind.
    """
    if len(a) != len(b) and a[0] != b[0]:
        return 0.0
    if len(a) != len(b) and a.isascii() and _is_within(*sorted((a, b), key=len)):
        return 0.0
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def _is_within(short: str, long: str) -> bool:
    """Whether a short name has all its letters in another one in their order, which has more than one besides."""
    rest = iter(long)
    return len(short) <= _SHORT and len(long) > len(short) + 1 and all(letter in rest for letter in short)


def name_candidates(text: str) -> tuple[str, ...]:
    """Runs of one to four Latin words, and runs of katakana: what a name in ``text`` can be, each squashed."""
    kana, latin = _candidates_by_script(text)
    return kana + latin


@lru_cache(maxsize=16_384)
def _candidates_by_script(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """As :func:`name_candidates`: those in katakana, those in Latin letters."""
    plain = normalise(text)
    found: dict[str, None] = {}
    for clause in _NOT_LATIN.split(plain):
        words = _LATIN_WORDS.findall(clause)
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST_NAME_WORDS, len(words)) + 1):
                found["".join(words[start:end])] = None
    return tuple(dict.fromkeys(_KATAKANA.findall(plain))), tuple(found)


@lru_cache(maxsize=16_384)
def best_likeness(name: str, text: str) -> float:
    """The likeness of ``name`` to the name in ``text`` that is most like it; 0 where none is likely the same."""
    if mentions(name, text):
        return 1.0
    squashed = squash(name)
    if not _LIKELY.search(squashed):
        return 0.0
    best = max((_likeness(squashed, candidate) for candidate in _likely_in(text, squashed)), default=0.0)
    return best if best >= SAME_NAME else 0.0


def _likely_in(text: str, squashed: str) -> Iterator[str]:
    """Those of the :func:`name_candidates` of a text that can be as alike as ``SAME_NAME`` to a squashed name."""
    kana, latin = _candidates_by_script(text)
    same_script, other_script = (kana, latin) if is_kana(squashed) else (latin, kana)
    count, first = len(squashed), squashed[0]
    shortest, longest = _LEAST_SHARE * count, count / _LEAST_SHARE
    for candidate in same_script:
        # See _ratio for the first letter.
        near = shortest <= len(candidate) <= longest and (candidate[0] == first or len(candidate) == count)
        if near and _may_be_alike(squashed, candidate):
            yield candidate
    if other_script and (squashed.isascii() or other_script is latin):
        onsets = _onsets(squashed)
        yield from (candidate for candidate in other_script if not onsets.isdisjoint(_onsets(candidate)))


# -- sound

_KANA_ROWS: Final = {
    "": "アイウエオ", "x": "ァィゥェォ", "y": "ヤ ユ ヨ", "xy": "ャ ュ ョ", "w": "ワ   ヲ",
    "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サシスセソ", "z": "ザジズゼゾ", "t": "タチツテト", "d": "ダヂヅデド",
    "n": "ナニヌネノ", "h": "ハヒ ヘホ", "b": "バビブベボ", "p": "パピプペポ", "m": "マミムメモ", "r": "ラリルレロ",
}  # fmt: skip
_KANA: Final = {
    kana: sound.lstrip("x") + vowel
    for sound, row in _KANA_ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=False)
    if kana != " "
} | {"フ": "fu", "ヴ": "bu", "ン": "n", "w": "w"}
#: English letters as Japanese ears hear them, longer spellings first.
_SPELLINGS: Final = (
    ("tion", "sn"), ("tia", "sia"), ("sh", "s"), ("ch", "t"), ("ph", "f"), ("th", "s"), ("ck", "k"), ("qu", "k"),
    ("x", "ks"), ("ce", "s"), ("ci", "s"), ("ge", "z"), ("j", "z"), ("c", "k"), ("q", "k"), ("l", "r"), ("v", "b"),
)  # fmt: skip


#: An r that is not heard: server, chart, forecast, firehose.
_W: Final = re.compile("ウ(?=[ィェォ])")
#: Letters that are not heard: window, lambda.
_SILENT: Final = re.compile(r"w(?![aeiouy])|(?<=m)b(?![aeiouylr])")
_LONG_VOWEL: Final = re.compile(r"(?:[aeiu]r|(o)r)(?![aeiouy])|(?<=[aeiou])re(?![aeiouyr])")
#: The fewer consonants two names share, the more of their vowels must be the same.
_VOWELS_NEEDED: Final = {2: 0.75, 3: 0.5}
#: Fewer consonants are all the same, or it is another word: ファイルモード (frmd), Field (frd).
_FEW: Final = 4
_BY_SOUND: Final = 0.95
_VOWELS: Final = frozenset("aeiouy")


@lru_cache(maxsize=16_384)
def is_kana(text: str) -> bool:
    return bool(re.fullmatch(r"[ァ-ヺー]+", text))


def sounds(squashed: str) -> tuple[str, ...]:
    """The consonants of a word in kana or Latin letters; of the latter also without what may not be heard."""
    return tuple(dict.fromkeys(_consonants(spelled) for spelled in _spelled(squashed)))


def _spelled(squashed: str) -> tuple[str, ...]:
    silent = _LONG_VOWEL.sub(lambda match: match[1] or "a", squashed)
    return (squashed,) if silent == squashed else (squashed, silent)


@lru_cache(maxsize=4096)
def _consonants(squashed: str) -> str:
    """The consonants of a word, doubled ones once."""
    return re.sub(r"[aeiouy]+", "", _heard(squashed))


@lru_cache(maxsize=4096)
def _heard(squashed: str) -> str:
    """A word in kana or Latin letters, spelled by one alphabet, doubled letters once."""
    if is_kana(squashed):
        sound = "".join(_KANA.get(kana, "") for kana in _W.sub("w", squashed))
    else:
        sound = _SILENT.sub("", squashed)
        for spelling, heard in _SPELLINGS:
            sound = sound.replace(spelling, heard)
    return re.sub(r"(.)\1+", r"\1", sound)


def _sound_likeness(kana: str, latin: str) -> float:
    """How alike a name in kana and one in Latin letters sound: by their consonants, and if these are few by vowels."""
    wanted = _consonants(kana)
    best = 0.0
    for spelled in _spelled(latin):
        heard = _consonants(spelled)
        fewest = min(len(wanted), len(heard))
        if fewest < 2 or (fewest < _FEW and wanted != heard) or not _same_start(_heard(kana), _heard(spelled)):
            continue
        if _vowels_met(kana, spelled) < _VOWELS_NEEDED.get(fewest, 0.0):
            continue
        best = max(best, _BY_SOUND * _ratio(wanted, heard))
    return best


@lru_cache(maxsize=16_384)
def _onsets(squashed: str) -> frozenset[str]:
    """What a word in kana or Latin letters can begin with as it is heard; any vowel is an ``a``."""
    heard = (_heard(spelled)[:1] for spelled in _spelled(squashed))
    return frozenset("a" if letter in _VOWELS else letter for letter in heard)


def _same_start(a: str, b: str) -> bool:
    return a[0] == b[0] or (a[0] in _VOWELS and b[0] in _VOWELS)


def _vowels_met(kana: str, latin: str) -> float:
    """The share of the sounds of the Latin word that the kana have in the same order, doubled ones once."""
    wanted = _heard(latin).replace("y", "i")
    blocks = difflib.SequenceMatcher(None, _heard(kana), wanted, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(wanted), 1)
