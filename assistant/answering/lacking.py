"""What a section lacks of what a question is about: its words, the side that is asked for, the meaning of a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from ..asking.asked import content_words
from ..asking.form import Form
from ..naming.names import best_likeness, is_kana, mentions, squash
from ..notes import Section
from ..text import identifiers, normalise, terms
from .branches import end_of_branch
from .openquestions import is_open_question

__all__ = ["given_missing", "side_missing", "undefined", "words_missing"]

#: From this share of its bigrams on a word is missing.
_MOSTLY: Final = 0.6
#: What counts the absence of what the notes may tell without naming it.
_OF_A_KIND: Final = 0.7
#: What counts the absence of a word of which only one character can be looked for.
_OF_A_STEM: Final = 0.5
#: What says of anything that it goes with something.
_LIGHT: Final = re.compile("対応|使用?|利用|可能|必要")
_ADVERBS: Final = frozenset("今後前")
#: 作り方, 選び方: a way of doing something.
_WAY: Final = re.compile("(?P<stem>[一-龥])[ぁ-ん]{1,2}方")
#: In letters; a longer word in kana may be two, of which the notes have one.
_LONGEST_PART: Final = 3
#: Letters that the forms of an English word have in common.
_STEM: Final = 6
_ASPECT_WORD: Final = re.compile("[0-9A-Za-z]{2,}|[ァ-ヺー]{2,}|[一-龥々〆ヶ]{2,}")
#: What stands behind a name that is explained ("Xは", "X（…", "X: …", "X | …", "Xという"), and before it ("…のがX。",
#: "…（X", "… → X").
_EXPLAINED: Final = r"\s*(?:[(:=>→|」』]|-|とは|は|って|による|と(?:い|よ|呼|も|し)|で(?:表|あ))"
_EXPLAINS: Final = (
    r"[(「『=]\s*{name}|(?:[→⇒]|->|=>)\s*{name}\s*(?:。|$)"
    r"|[がを]{name}\s*(?:。|$)|(?:known as|called|referred to as)\s+(?:an?\s+|the\s+)?{name}"
    # A name that begins a line is what it is about, if more than another name follows: "A token bucket limits …",
    # 「標準誤差 推定量のばらつきを表す」.
    r"|^(?:an?\s+|the\s+)?{name}s?\s+(?!and\b|or\b|with\b|in\b|for\b|vs\b|to\b)(?:[a-z]{{2,}}\s+\S|\S{{0,40}}[ぁ-ん]\S{{4}})"
)


def words_missing(words: Sequence[str], there: set[str]) -> float:
    """The share of ``words`` most of whose bigrams are not among the terms ``there``; 0 without any."""
    missing = [_lacks(there, pairs) for word in words if (pairs := _bigrams(word))]
    return float(np.mean(missing)) if missing else 0.0


def side_missing(form: Form, text: str, there: set[str]) -> float:
    """How far the section lacks the side that is asked for, or what is claimed of the subject: 0..1."""
    return max(
        _claim_missing(form.claim, text, there),
        _is_missing(form.aspect, text, there),
        _OF_A_KIND * _is_missing(form.kind, text, there),
    )


def given_missing(form: Form, text: str, there: set[str]) -> float:
    """How far the section lacks what a question for a reason takes to be so: 0..1."""
    return _claim_missing(form.given, text, there)


def _claim_missing(claim: str, text: str, there: set[str]) -> float:
    """The share of the words of ``claim`` that are not in the section. Verbs and adjectives by the one character that
    stays the same (速さ, 速く, 速い), which tells less: notes may say it in another word.
    """
    missing, weights = 0.0, 0.0
    # What is to be done with a thing that has a name is told by that name.
    names = identifiers(claim)
    if any(not best_likeness(name, text) for name in names):
        return 1.0
    words = content_words(claim)
    telling = [word for word in words if not _LIGHT.fullmatch(word)]
    for word in telling or words:
        # Two words may stand side by side, of which each is there: 「1台壊れても」.
        is_there = all(char in text for char in word) or not (len(word) == 1 or _lacks(there, _bigrams(word)))
        weight = 1.0 if len(word) > 1 else 0.0 if word in _ADVERBS else _OF_A_STEM
        if not is_there or len(word) > 1:
            missing, weights = missing + weight * (not is_there), weights + weight
    return missing / max(weights + len(names), 1.0)


def _is_missing(aspect: str, text: str, there: set[str]) -> bool:
    """Whether a word of ``aspect`` is not in the section, neither as it is nor spelled another way."""
    if not aspect or best_likeness(aspect, text):
        return False
    if way := _WAY.fullmatch(aspect):
        return way["stem"] not in text
    if aspect.isascii():
        return not _has_stem(aspect.split()[-1].casefold(), there)
    return any(_is_word_missing(word, text, there) for word in _ASPECT_WORD.findall(aspect))


def _is_word_missing(word: str, text: str, there: set[str]) -> bool:
    # アンインストール has most bigrams of インストール.
    if is_kana(word) and len(word) > _LONGEST_PART:
        return normalise(word) not in normalise(text) and not best_likeness(word, text)
    pairs = _bigrams(word)
    return bool(pairs) and _lacks(there, pairs)


def _has_stem(word: str, there: set[str]) -> bool:
    """Whether an English word is among the terms, in whatever form: regions, region, regional."""
    stem = word.removesuffix("s").removesuffix("e")[:_STEM]
    return any(term.startswith(stem) for term in there)


def undefined(name: str, section: Section) -> bool:
    """Whether a section does not say what ``name`` means: it is not in there, or only in passing."""
    if len(section.leaf) > 1 and mentions(section.leaf, name):
        return False
    # The last word of a name says what kind of thing it is: AWS Fargate.
    names = [one for one in (name, *identifiers(name)[-1:]) if _holds(section.text, one)]
    return not any(_is_explained(one, section) for one in names)


def _holds(text: str, name: str) -> bool:
    """Whether ``text`` has a name, also with one 的 more or less."""
    return best_likeness(name, text) > 0 or squash(name).replace("的", "") in squash(text).replace("的", "")


def _is_explained(name: str, section: Section) -> bool:
    if section.leaf and _holds(section.leaf, name):
        return True
    written = re.escape(normalise(name).strip())
    units = section.units
    if any(squash(unit.text) == squash(name) and end_of_branch(units, at) > at for at, unit in enumerate(units)):
        return True
    lines = [normalise(unit.text) for unit in units]
    if not any(re.search(written, line) for line in lines):
        return True  # spelled another way, so that it cannot be told
    explains = re.compile(f"{written}{_EXPLAINED}|{_EXPLAINS.format(name=written)}")
    return any(explains.search(line) and not is_open_question(units, at) for at, line in enumerate(lines))


def _bigrams(word: str) -> list[str]:
    """The terms of a word but its single characters."""
    return [term for term in terms(word) if len(term) > 1]


def _lacks(there: set[str], pairs: Sequence[str]) -> bool:
    """Whether most of a word's bigrams are not among the terms ``there``."""
    return bool(np.mean([pair not in there for pair in pairs]) > _MOSTLY)
