"""Where the quotes of a comparison differ: the words and phrases for a reader's eye to go to.

Quotes are cut into words by script, since Japanese writes no blanks; particles and punctuation are not compared. What
is common to all sides is a longest common subsequence of their words, by the bit-parallel method of Hyyrö (2004).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ..naming.names import squash
from ..text import normalise

__all__ = ["differing"]

_Span = tuple[int, int]

#: Below this share of common words all is different, and marks would only be noise.
_ALIKE: Final = 0.3
#: What two differing words in the same place count for that end alike, as 弱火 and 強火 do.
_RELATED: Final = 0.5
#: More words than this in one quote are not compared: what is kept per pair of quotes grows with their product.
_MOST_WORDS: Final = 10_000
#: A common word alone between differences of so many words is a coincidence.
_ISLAND_GAP: Final = 2

_HAN: Final = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KATAKANA: Final = "ァ-ヺー-ヿ\u31f0-\u31ff\u3099\u309aｦ-ﾟ"
_LATIN: Final = rf"(?:[^\W_{_HAN}{_KATAKANA}\u3041-\u309f]|[\u0300-\u036f])"
_SYMBOL: Final = (
    "[%％$＄€£¥￥<>＜＞±×÷℃\u2200-\u22ff\u25a0-\u27bf\U0001f300-\U0001faff]"  # "○" against "×" is a difference
)
#: 「サーバー側」「30日」「取り出し」: a word runs across scripts, and over the syllable that joins two verbs. In
#: 「20分炒める」 the verb is a word of its own.
_CONTENT: Final = (
    rf"(?:\d+(?:\.\d+)?[{_HAN}]間?(?=[{_HAN}](?![はがをにでとのもへや])[\u3041-\u309f])|(?:{_LATIN}+(?:(?:[-_/.'’]|(?<=\d),(?=\d)){_LATIN}+)*|[{_KATAKANA}]+"
    rf"|[{_HAN}]+(?:[きぎじちみびりえけせべめれげ](?=[{_HAN}]))?|{_SYMBOL})+)"
)
# A run of hiragana without end would take quadratic time to cut up.
_TOKEN: Final = re.compile(rf"(?P<content>{_CONTENT})|[\u3041-\u309f][\u3041-\u309fー]{{0,39}}")

_LONG_FUNCTION: Final = (
    "について|に対して|に対し|によって|により|による|において|における|として|という|ための|ために|ため(?![るてたら])|からの|までに|よりも"
    "|から|まで|より|など|こと|もの|うち|とき|ところ|である|でした|です|だった|にして|とは|との|では|での|でも|には|にも|への"
)
#: Particles and copulas; not where they begin the ending of a verb: 上がる, 利用できる, 頼もしい.
_FUNCTION: Final = (
    rf"(?:{_LONG_FUNCTION}|が(?![るりっらろ])|で(?![るたき])|や(?!か)|も(?!しい)|だ(?!け)|[はをにとのへ])"
)
_FUNCTION_FIRST: Final = re.compile(_FUNCTION)
# Two particles of one syllable in a row are more likely the beginning of a word: 塩とにんにく.
_PARTICLE: Final = re.compile(rf"(?:{_LONG_FUNCTION})*+(?:{_FUNCTION}(?:{_LONG_FUNCTION})*+)?")
#: 「管理する」「管理し、」「管理して」 and 「管理」 say the same; 「管理しない」「管理される」 do not.
_DOING: Final = re.compile(rf"する|します|しました|しています|している|して|した|し(?={_FUNCTION}|$)")
_ENDING: Final = re.compile(rf".+?(?={_LONG_FUNCTION}|{_FUNCTION}*+$)")
_HIRAGANA_WORD: Final = re.compile(rf"(?P<word>[^を]*?){_FUNCTION}*+(?:$|(?<=を))")
_LAST_HAN: Final = re.compile(rf"[{_HAN}][\u3041-\u309f]?$")
_ENDS_IN_HAN: Final = re.compile(rf"[{_HAN}]$")
_ENGLISH_WORDS: Final = (
    "a an and are as at be been by can do does for from has have in into is it its of on or so than that the their "
    "then there these they this those to was were which will with"
)
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())

#: No mark runs across these: a clause or a cell of a table ends there.
_BREAK: Final = re.compile(r"[、，,。．.!?！？:：;；|｜\n\r\u2028\u2029]")
_LATIN_LETTER: Final = re.compile(r"[0-9A-Za-z]")
#: "Amazon Simple Queue Service (" before SQS: still the name.
_NAME_HEAD: Final = re.compile(r"(?:(?:[A-Z0-9][\w.-]*|of|for|and|the|with)\s+){0,8}[(（]?")
_EXPANSION: Final = re.compile(r"\s{0,3}(?:[)）]|[(（\[［][^()（）\[\]［］。、\n]{1,120}[)）\]］])")


@dataclass(frozen=True, slots=True)
class _Word:
    """``key``: the form in which it is compared. ``part``: which stretch between mentions of the name it stands in."""

    start: int
    end: int
    key: str
    part: int


def differing(quotes: Sequence[str], names: Sequence[str] = ()) -> tuple[tuple[tuple[int, int], ...], ...]:
    """For each quote the ranges ``(start, end)`` in which it differs from the others; ``end`` is exclusive.

    Ranges are indices into the quote, sorted, not overlapping, and hold whole words. A word is marked unless all
    quotes share it. ``names``: for each quote the name that it is about; its mentions, and what stands for it in
    brackets, are never marked. Quotes with little in common get no ranges at all. The order of the quotes does not
    matter. Never raises.
    """
    nothing: tuple[tuple[_Span, ...], ...] = tuple(() for _ in quotes)
    if len(quotes) < 2 or all(quote == quotes[0] for quote in quotes):
        return nothing
    named = [names[at] if at < len(names) else "" for at in range(len(quotes))]
    sides = [_words(quote, name) for quote, name in zip(quotes, named, strict=True)]
    if any(not words or len(words) > _MOST_WORDS for words in sides):
        return nothing
    keys = [[word.key for word in words] for words in sides]
    # In one order, so that ties between equally long subsequences fall the same way whichever side comes first.
    order = sorted(range(len(quotes)), key=lambda at: (keys[at], quotes[at], named[at]))
    shared = _without_islands(_shared([keys[at] for at in order]), [len(keys[at]) for at in order])
    likeness = len(shared) + _RELATED * _counterparts([keys[at] for at in order], shared)
    if not shared or likeness * len(sides) < _ALIKE * sum(map(len, sides)):
        return nothing
    common = {side: {row[at] for row in shared} for at, side in enumerate(order)}
    return tuple(
        _marks(quote, [index not in common[side] for index in range(len(sides[side]))], sides[side])
        for side, quote in enumerate(quotes)
    )


def _marks(quote: str, differs: Sequence[bool], words: Sequence[_Word]) -> tuple[_Span, ...]:
    """The ranges of the differing words; what is not compared between two of them belongs to the difference."""
    spans: list[_Span] = []
    for at, word in enumerate(words):
        if not differs[at]:
            continue
        before = words[at - 1] if at and differs[at - 1] else None
        if before and before.part == word.part and not _BREAK.search(quote, before.end, word.start):
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
    return tuple(spans)


# -- what the sides share


def _shared(sides: Sequence[Sequence[str]]) -> list[tuple[int, ...]]:
    """A long common subsequence of all sides (of two: a longest), as the words' indices in each side."""
    found: list[tuple[int, ...]] = [(at,) for at in range(len(sides[0]))]
    for side in sides[1:]:
        pairs = _common([sides[0][row[0]] for row in found], side)
        found = [(*found[i], j) for i, j in pairs]
    return found


def _common(first: Sequence[str], second: Sequence[str]) -> list[_Span]:
    """A longest common subsequence as pairs of indices. Time: the product of the lengths over the machine's word."""
    places: dict[str, int] = {}
    for at, key in enumerate(second):
        places[key] = places.get(key, 0) | 1 << at
    full = (1 << len(second)) - 1
    # Bit j of row i is 0 where the common subsequence of i+1 and j+1 words is longer than that of i+1 and j.
    row, rows = full, []
    for key in first:
        matched = row & places.get(key, 0)
        row = ((row + matched) | (row - matched)) & full
        rows.append(row)
    pairs: list[_Span] = []
    i, j = len(first), len(second)
    while i and j:
        if rows[i - 1] >> (j - 1) & 1:
            j -= 1
            continue
        i -= 1
        if i and not rows[i - 1] >> (j - 1) & 1:
            continue
        j -= 1
        pairs.append((i, j))
    return pairs[::-1]


def _without_islands(shared: Sequence[tuple[int, ...]], counts: Sequence[int]) -> list[tuple[int, ...]]:
    """``shared`` without the single words between two larger differences."""
    edges = [tuple(-1 for _ in counts), *shared, tuple(counts)]
    kept = []
    for before, row, after in zip(edges, edges[1:], edges[2:], strict=False):
        gaps = (_gap(before, row), _gap(row, after))
        if min(gaps) < _ISLAND_GAP:
            kept.append(row)
    return kept


def _counterparts(sides: Sequence[Sequence[str]], shared: Sequence[tuple[int, ...]]) -> int:
    """How many places there are between the shared words in which every side has a word with the same last kanji."""
    edges = [tuple(-1 for _ in sides), *shared, tuple(map(len, sides))]
    count = 0
    for before, after in pairwise(edges):
        gaps = [side[a + 1 : b] for side, a, b in zip(sides, before, after, strict=True)]
        if len({len(gap) for gap in gaps}) == 1:
            for words in zip(*gaps, strict=True):
                lasts = [_LAST_HAN.search(word) for word in words]
                count += None not in lasts and len({last.group() for last in lasts if last}) == 1
    return count


def _gap(before: tuple[int, ...], after: tuple[int, ...]) -> int:
    return max(b - a - 1 for a, b in zip(before, after, strict=True))


# -- words


def _words(quote: str, name: str) -> list[_Word]:
    """The words of ``quote`` that are compared, in order, outside the mentions of ``name``."""
    words: list[_Word] = []
    at = 0
    for part, (start, end) in enumerate([*_mentions(quote, name), (len(quote), len(quote))]):
        words.extend(_Word(*span, key, part) for span, key in _cut(quote, at, start))
        at = end
    return words


def _cut(quote: str, start: int, end: int) -> Iterator[tuple[_Span, str]]:
    """The spans and keys of the words of ``quote`` from ``start`` to ``end``."""
    word: _Span | None = None
    key = ""
    for token in _TOKEN.finditer(quote, start, end):
        if token["content"]:
            if word and key:
                yield word, key
            word, key = token.span(), normalise(token.group())
            key = "" if key in _ENGLISH else key
            continue
        run, at = token.group(), token.start()
        if word and word[1] == at:
            ending, said = _ending(quote[word[0] : at], run)
            if key:
                yield (word[0], at + ending), key + normalise(run[:ending] if said else "")
            at, run = at + ending, run[ending:]
            particles = _PARTICLE.match(run)
            skip = particles.end() if particles else 0
            at, run = at + skip, run[skip:]
        elif word and key:
            yield word, key
        word = None
        for piece in _HIRAGANA_WORD.finditer(run):
            if piece["word"]:
                yield (at + piece.start("word"), at + piece.end("word")), normalise(piece["word"])
    if word and key:
        yield word, key


def _ending(word: str, run: str) -> tuple[int, bool]:
    """How many of the hiragana in ``run`` belong to the word before them, and whether they change what it says."""
    doing = _DOING.match(run)
    if doing:
        return doing.end(), False
    if not _ENDS_IN_HAN.search(word) or _FUNCTION_FIRST.match(run):
        return 0, False
    ending = _ENDING.match(run)
    return (ending.end(), True) if ending else (0, False)


def _mentions(quote: str, name: str) -> list[_Span]:
    """Where ``quote`` speaks of ``name``, with what stands for it in brackets after its first mention."""
    wanted = squash(name)
    if not wanted:
        return []
    letters = [(letter, at) for at, char in enumerate(quote) for letter in squash(char)]
    joined = "".join(letter for letter, _ in letters)
    found: list[_Span] = []
    for start, end in _occurrences(joined, wanted):
        span = (letters[start][1], letters[end - 1][1] + 1)
        if not _splits_word(quote, span[0]) and not _splits_word(quote, span[1]):
            found.append(span)
    if found:
        start, end = found[0]
        expansion = _EXPANSION.match(quote, end)
        found[0] = (0 if _NAME_HEAD.fullmatch(quote, 0, start) else start, expansion.end() if expansion else end)
    return list(_apart(found))


def _occurrences(text: str, wanted: str) -> Iterator[_Span]:
    at = text.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = text.find(wanted, at + len(wanted))


def _splits_word(quote: str, at: int) -> bool:
    """Whether ``at`` is inside a Latin word; an "s" for the plural is not."""
    if not 0 < at < len(quote) or not _LATIN_LETTER.match(quote[at - 1]) or not _LATIN_LETTER.match(quote[at]):
        return False
    return not re.match(r"s\b", quote[at:])


def _apart(spans: Iterable[_Span]) -> Iterator[_Span]:
    """``spans`` without those that the one before them covers."""
    reached = 0
    for start, end in spans:
        if start >= reached:
            yield start, end
            reached = end
