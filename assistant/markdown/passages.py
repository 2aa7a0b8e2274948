"""A section -> the passages that fit the model's window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from .sections import Passage, Section, Span, Unit, UnitKind

__all__ = ["passages"]

Piece = tuple[int, str]

_SILENT: Final = frozenset({UnitKind.CONTENTS, UnitKind.RULE})
#: These say something only beside other text.
_SIDE: Final = frozenset({UnitKind.IMAGE, UnitKind.META})
_META: Final = re.compile(r"(?:title|tags?|topics|aliases|タイトル|タグ)[ \t]*:[ \t]*(.*)", re.IGNORECASE | re.DOTALL)
_SENTENCE: Final = re.compile(r"[^。．！？!?\n]*[。．！？!?\n]+|[^。．！？!?\n]+")


def passages(section: Section, count_tokens: Callable[[str], int], limit: int) -> tuple[Passage, ...]:
    """What is encoded of ``section``: all of it in one passage if that fits, else in as few as its structure allows.

    ``count_tokens`` counts what the model would read, its own marks and prompt included; no passage counts more than
    ``limit``, as long as that leaves room for a character. Parts are cut between top-level items and paragraphs, then
    between nested ones, then between sentences, then anywhere. The rows of a table keep its header.
    """
    body = [(index, text) for index, unit in enumerate(section.units) if (text := _said(unit))]
    if all(section.units[index].kind in _SIDE for index, _ in body):
        return ()
    head = _shortened(section.heading_path, count_tokens, limit // 2)
    whole = _assemble(head, body)
    if count_tokens(whole.text) <= limit:
        return (whole,)
    packer = _Packer(section, dict(body), head, count_tokens, limit)
    return tuple(packer.packed())


def _said(unit: Unit) -> str:
    """What a unit adds to a passage."""
    if unit.kind in _SILENT:
        return ""
    if unit.kind is UnitKind.META:
        match = _META.match(unit.text)
        return " ".join(re.split(r"[\s\"'\[\],-]+", match[1])).strip() if match else ""
    return unit.text


def _shortened(path: Sequence[str], count_tokens: Callable[[str], int], limit: int) -> str:
    """The heading path, shortened from the left until it takes at most ``limit`` tokens."""
    for start in range(len(path)):
        head = " > ".join(path[start:])
        if count_tokens(head) <= limit:
            return head
    head = path[-1] if path else ""
    while len(head) > 1 and count_tokens(head) > limit:
        head = head[(len(head) + 3) // 4 :]
    return head


def _assemble(head: str, body: Sequence[Piece]) -> Passage:
    parts = ([(-1, head)] if head else []) + list(body)
    spans: list[Span] = []
    at = 0
    for number, (unit, text) in enumerate(parts):
        # A span holds the line feed behind it, so that the spans leave nothing out.
        end = at + len(text) + (number < len(parts) - 1)
        spans.append(Span(at, end, unit))
        at = end
    return Passage("\n".join(text for _, text in parts), tuple(spans))


class _Packer:
    """Fills one passage after the other. Sizes are in tokens of a line by itself, checked again on the whole."""

    def __init__(
        self, section: Section, texts: dict[int, str], head: str, count_tokens: Callable[[str], int], limit: int
    ) -> None:
        self._units = section.units
        self._texts = texts
        self._head = head
        self._count = count_tokens
        self._limit = limit
        self._fixed = count_tokens("")
        self._room = limit - (count_tokens(head + "\n") if head else self._fixed)
        self._children: dict[int | None, list[int]] = {}
        for index in texts:
            parent = section.units[index].parent
            self._children.setdefault(parent if parent in texts else None, []).append(index)
        self._sizes = {index: self._size(text) for index, text in texts.items()}
        self._totals = dict(self._sizes)
        # A unit comes after the one it hangs under.
        for index in sorted(texts, reverse=True):
            parent = section.units[index].parent
            if parent is not None and parent in texts:
                self._totals[parent] += self._totals[index]
        self._done: list[Passage] = []
        self._open: list[Piece] = []
        self._left = self._room
        self._repeat: int | None = None

    def packed(self) -> list[Passage]:
        for index in self._children.get(None, []):
            self._place(index)
        self._flush()
        return self._done

    def _size(self, text: str) -> int:
        return max(1, self._count(text + "\n") - self._fixed)

    def _place(self, index: int) -> None:
        """Places a unit with everything that hangs under it."""
        total = self._totals[index]
        if total > self._left and total <= self._room:
            self._flush()
        if total <= self._left:
            stack = [index]
            while stack:
                unit = stack.pop()
                self._put(unit, self._texts[unit], self._sizes[unit])
                stack.extend(reversed(self._children.get(unit, [])))
            return
        self._place_text(index)
        outer = self._repeat
        if self._units[index].kind is UnitKind.TABLE_HEADER and self._sizes[index] * 2 <= self._room:
            self._repeat = index
        for child in self._children.get(index, []):
            self._place(child)
        self._repeat = outer

    def _place_text(self, index: int) -> None:
        text, size = self._texts[index], self._sizes[index]
        if size > self._left and self._open:
            self._flush()
        if size <= self._left:
            self._put(index, text, size)
            return
        for piece in self._cut(text, max(1, self._left)):
            piece_size = self._size(piece)
            if piece_size > self._left and self._open:
                self._flush()
            self._put(index, piece, piece_size)

    def _put(self, index: int, text: str, size: int) -> None:
        self._open.append((index, text))
        self._left -= size

    def _flush(self) -> None:
        if any(index != self._repeat for index, _ in self._open):
            self._done.extend(self._checked(self._open))
            self._open, self._left = [], self._room
            if self._repeat is not None:
                self._put(self._repeat, self._texts[self._repeat], self._sizes[self._repeat])

    def _cut(self, text: str, most: int) -> Iterator[str]:
        """Cuts ``text`` into pieces of at most ``most`` tokens, at sentence ends if possible. Nothing is lost."""
        piece, used = "", 0
        for sentence in _SENTENCE.findall(text):
            size = self._size(sentence)
            if piece and used + size > most:
                yield piece
                piece, used = "", 0
            if size > most:
                yield from self._halved(sentence, most)
            else:
                piece, used = piece + sentence, used + size
        if piece:
            yield piece

    def _halved(self, text: str, most: int) -> Iterator[str]:
        if len(text) < 2 or self._size(text) <= most:
            yield text
            return
        middle = _middle(text)
        yield from self._halved(text[:middle], most)
        yield from self._halved(text[middle:], most)

    def _checked(self, body: Sequence[Piece]) -> Iterator[Passage]:
        """The passage of ``body``, or several where the whole counts more than its lines did."""
        passage = _assemble(self._head, body)
        if self._count(passage.text) <= self._limit or (len(body) == 1 and len(body[0][1]) < 2):
            yield passage
        elif len(body) > 1:
            yield from self._checked(body[: len(body) // 2])
            yield from self._checked(body[len(body) // 2 :])
        else:
            index, text = body[0]
            yield from self._checked([(index, text[: _middle(text)])])
            yield from self._checked([(index, text[_middle(text) :])])


def _middle(text: str) -> int:
    """A place near the middle of ``text`` to cut it: behind a comma or a blank, if there is one."""
    low, high = len(text) * 3 // 8, len(text) * 5 // 8
    at = max(text.rfind(mark, low, high) for mark in "、， ,")
    return at + 1 if at > 0 else len(text) // 2
