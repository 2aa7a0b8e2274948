"""Which parts of a text are words that the person typed, and how they are marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Final

from ...text import identifiers, normalise

__all__ = ["Marker", "Span", "asked", "differing", "marked", "typed"]

#: From, up to (excluded).
Span = tuple[int, int]
#: The parts of a text to be marked, in order and apart from each other.
Marker = Callable[[str], list[Span]]

_LATIN: Final = re.compile(r"[0-9a-zß-öø-ɏḁ-ỿ]+")
_OTHER: Final = re.compile(r"[^\W_0-9a-zß-öø-ɏḁ-ỿ]{2,}")
_ENDINGS: Final = re.compile("^[\u3041-\u309f]+|[\u3041-\u309f]+$")
#: More of a question is not looked at: nothing that long is asked in words of its own.
_LONGEST: Final = 600


def asked(question: str) -> Marker:
    """Marks what a text has in common with ``question``.

    Of Latin script whole words, though not "what" and "the"; else any two characters or more that stand together in
    both, without hiragana at either end: these are endings and particles.
    """
    folded = normalise(question[:_LONGEST])
    # Beside Japanese every Latin word counts as a name, function words aside.
    words = set(_LATIN.findall(" ".join(identifiers(f"問 {question[:_LONGEST]}"))))

    def spans(text: str) -> list[Span]:
        plain, places = _folded(text)
        found = [match.span() for match in _LATIN.finditer(plain) if match.group() in words]
        for run in _OTHER.finditer(plain):
            found += _common(plain, run.span(), folded)
        return _joined([(places[first], places[end - 1] + 1) for first, end in sorted(found)], text)

    return spans


def typed(words: str) -> Marker:
    """Marks each of the blank-separated ``words`` wherever it stands, also within a longer one."""
    wanted = normalise(words[:_LONGEST]).split()

    def spans(text: str) -> list[Span]:
        plain, places = _folded(text)
        found = [match.span() for word in wanted for match in re.finditer(re.escape(word), plain)]
        return _joined([(places[first], places[end - 1] + 1) for first, end in sorted(found)], text)

    return spans


def differing(quote: str, spans: Iterable[Span]) -> Marker | None:
    """Marks the pieces of ``quote`` at ``spans``, wherever they stand; nothing without any."""
    pieces = [re.escape(quote[first:end]) for first, end in spans if quote[first:end].strip()]
    if not pieces:
        return None
    pattern = re.compile("|".join(sorted(pieces, key=len, reverse=True)))
    return lambda text: [match.span() for match in pattern.finditer(text)]


def marked(text: str, marker: Marker | None) -> str:
    """``text`` escaped, with what ``marker`` finds in ``<mark>``."""
    if marker is None:
        return escape(text)
    parts, at = [], 0
    for first, end in marker(text):
        parts.append(f"{escape(text[at:first])}<mark>{escape(text[first:end])}</mark>")
        at = end
    parts.append(escape(text[at:]))
    return "".join(parts)


def _folded(text: str) -> tuple[str, list[int]]:
    """``text`` normalised character by character, and for each character of that where it comes from."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = char.lower() if char.isascii() else normalise(char)
        chars.append(folded)
        places += [place] * len(folded)
    return "".join(chars), places


def _common(plain: str, run: Span, question: str) -> list[Span]:
    """The longest pieces of ``plain`` within ``run`` that stand in ``question`` too."""
    found = []
    at, stop = run
    while at < stop - 1:
        end = at + 1
        while end < stop and plain[at : end + 1] in question:
            end += 1
        piece = plain[at:end]
        bare = _ENDINGS.sub("", piece)
        if len(bare) > 1:
            first = at + piece.index(bare)
            found.append((first, first + len(bare)))
        at = end
    return found


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Sorted spans of ``text``, with those made one that overlap or have nothing but blanks between them."""
    joined: list[Span] = []
    for first, end in spans:
        if joined and not text[joined[-1][1] : first].strip():
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((first, end))
    return joined
