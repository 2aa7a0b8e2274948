"""Text as it is compared and as it is read: normalisation, lexical terms, names.

Everything here is a pure function of its argument, linear in its length, and never raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Final

__all__ = [
    "identifiers",
    "is_function_word",
    "is_japanese",
    "is_mostly_japanese",
    "join_lines",
    "normalise",
    "reading",
    "stands_out",
    "terms",
    "width",
    "written",
]

#: Characters that nobody sees: zero-width space and joiners, word joiner, byte order mark, soft hyphen.
_INVISIBLE: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
#: One hyphen for matching: what is typed as "CSE-KMS" is pasted with all sorts of dashes.
_HYPHENS: Final = re.compile("[\u2010\u2011\u2012\u2013\u2212]")
_BLANKS: Final = re.compile("[\u00a0\u202f]")
#: What takes half the room of a kanji: everything up to Latin, and half-width kana.
_NARROW: Final = re.compile("[\u0000-\u036f\uff61-\uff9f]")

_KANA_AND_HAN: Final = "\u3040-\u30ff\u31f0-\u31ff\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_JAPANESE: Final = re.compile(rf"[{_KANA_AND_HAN}\u3000-\u303f\uff01-\uffef\U00020000-\U0003ffff]")
_LETTERS: Final = rf"{_KANA_AND_HAN}\uff66-\uff9f\U00020000-\U0003ffff"
_LETTER: Final = re.compile(f"[{_LETTERS}]")
_NO_LETTERS: Final = re.compile(f"[^{_LETTERS}]+")
#: Punctuation without a width of its own: full-width beside Japanese, narrow elsewhere.
_AMBIGUOUS: Final = frozenset("‥…―—‘’“”※→←↑↓×÷●○■□▲△◆◇★☆①②③④⑤⑥⑦⑧⑨⑩")

_WORDS: Final = re.compile("[A-Za-zÀ-ɏ]{2,}")

_LATIN: Final = "0-9a-zß-öø-ɏḁ-ỿ"
_RUNS: Final = re.compile(rf"([{_LATIN}]+)|([^\W_{_LATIN}]+)")
_HIRAGANA: Final = re.compile("[\u3041-\u309f\u30fc]")

_NAME: Final = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ɏ]+(?:[-_/.][0-9A-Za-zÀ-ÖØ-öø-ɏ]+)*")
_NAMES: Final = re.compile(rf"{_NAME.pattern}(?: {_NAME.pattern})*")
_JOINED: Final = re.compile(r"[-_/.]")
_ENGLISH: Final = (
    "a about an and any are as at be been between by can could did do does for from had has have how i if in into "
    "is it its me my of on or our should so than that the their them there these they this those to use used "
    "using vs was we were what when where which who why will with without would you your"
)
_FUNCTION_WORDS: Final = frozenset(_ENGLISH.split())


def normalise(text: str) -> str:
    """The form in which two texts are compared: NFKC, case folded, one hyphen, nothing invisible. Idempotent."""
    # NFKC once more at the end: folding the case of a composed character can leave a decomposed one.
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    return _HYPHENS.sub("-", unicodedata.normalize("NFKC", folded))


def reading(text: str) -> str:
    """What the model reads: NFC (its tokenizer does the rest), nothing invisible, ordinary blanks."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", _INVISIBLE.sub("", text)))


def is_japanese(text: str) -> bool:
    """Whether ``text`` holds a kana or a kanji."""
    return _LETTER.search(text) is not None


def is_mostly_japanese(text: str) -> bool:
    """Whether ``text`` is Japanese, with Latin names or not: a Japanese letter counts as much as an English word."""
    letters = len(_NO_LETTERS.sub("", text))
    return letters > 0 and letters >= len(_WORDS.findall(text))


def width(text: str) -> float:
    """How much room ``text`` takes on a line, in full-width characters (a Latin letter takes half of one)."""
    return len(text) - len(_NARROW.findall(text)) / 2


def terms(text: str) -> list[str]:
    """The lexical terms of ``text``, with repetitions, each of letters and digits only.

    A run of Latin letters and digits is one term. Any other run of letters gives its bigrams, and its single
    characters other than hiragana: 「鍵の管理」 -> 鍵の の管 管理 鍵 管 理.
    """
    found: list[str] = []
    for run in _RUNS.finditer(normalise(text)):
        latin, other = run.groups()
        if latin:
            found.append(latin)
            continue
        found.extend(other[at : at + 2] for at in range(len(other) - 1))
        found.extend(char for char in other if not _HIRAGANA.match(char))
    return found


def identifiers(text: str) -> list[str]:
    """What looks like a name or a code in ``text``, normalised, each once, in order: s3, cse-kms, 27001.

    In a text with Japanese every Latin word is one. In a text without, ordinary words are not: there, a name has a
    capital letter, a digit or a joint. Short numbers ("3つ") are amounts, not names.
    """
    plain = _plain(text)
    any_word = is_japanese(plain)
    found: dict[str, None] = {}
    for match in _NAME.finditer(plain):
        word = match.group()
        folded = normalise(word)
        joined = _JOINED.search(word) is not None
        if folded in _FUNCTION_WORDS or (word.isdigit() and len(word) < 3) or (len(word) < 2 and any_word):
            continue
        if any_word or joined or stands_out(plain, *match.span()):
            found[folded] = None
    return list(found)


def _plain(text: str) -> str:
    """As :func:`normalise`, with capitals as they are."""
    return _HYPHENS.sub("-", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))


def written(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """How ``names``, of the :func:`identifiers` of ``text``, are written there; neighbours as one, and with a number or
    a letter that stands beside one: "Route 53".
    """
    wanted, found = set(names), dict[str, str]()
    plain = _plain(text)
    for run in _NAMES.findall(plain) if wanted else ():
        for is_part, group in groupby(run.split(), lambda word: normalise(word) in wanted or _is_number(word)):
            words = list(group)
            if is_part and not wanted.isdisjoint(map(normalise, words)):
                name = " ".join(words)
                found.setdefault(normalise(name), name)
    return tuple(found.values())


def _is_number(word: str) -> bool:
    """Whether a word is a number or a letter, as the second one of "Route 53" and "Amazon Q"."""
    return word.isdigit() or (len(word) == 1 and word.isupper())


def is_function_word(word: str) -> bool:
    """Whether a normalised English word only holds others together: "the", "of", "which"."""
    return word in _FUNCTION_WORDS


def stands_out(text: str, start: int, end: int) -> bool:
    """Whether the Latin word ``text[start:end]`` has a capital or a digit, as names have.

    A capital at the start of a sentence says nothing.
    """
    telling = text[start + _opens(text, start) : end]
    return any(char.isupper() for char in telling) or any(char.isdigit() for char in text[start:end])


def _opens(text: str, at: int) -> bool:
    """Whether position ``at`` begins a sentence."""
    before = text[max(0, at - 8) : at].rstrip(" \n\t\"'(")
    return (not before and at < 8) or before.endswith((".", "!", "?", "。", ":"))


def join_lines(a: str, b: str) -> str:
    """Joins two halves of a wrapped sentence: with nothing between Japanese characters, else with one blank."""
    a, b = a.rstrip(), b.lstrip()
    if not a or not b:
        return a or b
    left, right = _JAPANESE.match(a[-1]) is not None, _JAPANESE.match(b[0]) is not None
    if (left and right) or (left and b[0] in _AMBIGUOUS) or (right and a[-1] in _AMBIGUOUS):
        return a + b
    # A word that was broken at its hyphen.
    if len(a) > 1 and a[-1] == "-" and a[-2].isalpha() and b[0].islower() and b[0].isascii():
        return a + b
    return f"{a} {b}"
