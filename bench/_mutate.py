"""Texts that are nearly right: real ones, changed in the ways in which a writer, a program or an attacker changes them.

What is made up from nothing seldom gets past the first test of a reader; what is nearly right gets to its last.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final

__all__ = ["mutated", "mutated_bytes", "mutated_json", "pumped"]

#: Pieces with a meaning to one of the readers, ¦ between them.
_JOINED: Final = (
    "# ¦## ¦#¦- ¦* ¦+ ¦1. ¦1) ¦> ¦>> ¦```¦~~~¦`¦| a | b |¦|---|---|¦|¦---¦===¦***¦<div>¦</div>¦<details>¦<br>¦"
    "<!--¦-->¦<script>¦<pre>¦<img src=a.png alt='図'>¦[x]: y¦[^1]¦[^1]: ¦![a](<b c>)¦![¦](¦)¦[[a|b]]¦"
    "![[a.png]]¦$$¦:::note¦> [!NOTE]¦- [ ] ¦[TOC]¦title: x¦&amp;¦&#0;¦\\¦**¦*¦_¦__¦~~¦==¦\t¦  ¦    ¦　¦\0¦"
    "\x0b¦\x0c¦\x1b[31m¦\x85¦\u2028¦\u200b¦\u202e¦\ufeff¦\u0301¦\ufdfa¦\U0001f511¦\ud800¦\r¦\n¦\n\n¦\r\n¦問1 ¦"
    "問題２：¦Q3. ¦第1問¦A. ¦B) ¦(C) ¦ア ¦①¦② ¦イ．¦正解: B¦【解答】¦答え：ア、ウ¦Answer: A, C¦解説：¦→ ¦◯¦×¦"
    "どれか。¦2つ選べ。¦正しいものはどれか？¦True or False¦違いは？¦とは¦では¦それは¦じゃあ¦AとBの¦、¦・¦（¦"
    "）¦「¦」¦difference between ¦ vs ¦what about ¦it¦SQS¦S3¦鍵¦あ¦ー¦ﾊﾝｶｸ¦ＡＢＣ¦0¦9999999999¦-1¦1e999¦null¦"
    '{¦}¦"¦['
)
_PIECES: Final = _JOINED.split("¦")
_LONGEST: Final = 8_000


def _span(random_: random.Random, length: int, most: int = 200) -> tuple[int, int]:
    first = random_.randrange(length + 1)
    return first, min(length, first + random_.randrange(most))


def _insert(text: str, other: str, random_: random.Random) -> str:
    at = random_.randrange(len(text) + 1)
    return text[:at] + random_.choice(_PIECES) * random_.choice((1, 1, 1, 2, 5, 40)) + text[at:]


def _remove(text: str, other: str, random_: random.Random) -> str:
    first, end = _span(random_, len(text))
    return text[:first] + text[end:]


def _repeat(text: str, other: str, random_: random.Random) -> str:
    first, end = _span(random_, len(text), 60)
    return text[:end] + text[first:end] * random_.randrange(1, 8) + text[end:]


def _splice(text: str, other: str, random_: random.Random) -> str:
    first, end = _span(random_, len(other))
    at = random_.randrange(len(text) + 1)
    return text[:at] + other[first:end] + text[at:]


def _one_character(text: str, other: str, random_: random.Random) -> str:
    if not text:
        return text
    at = random_.randrange(len(text))
    new = chr(random_.choice((random_.randrange(0x80), random_.randrange(0x3000, 0x3100), random_.randrange(0x110000))))
    return text[:at] + new + text[at + 1 :]


def _lines(change: Callable[[list[str], random.Random], list[str]]) -> Callable[[str, str, random.Random], str]:
    return lambda text, _, random_: "".join(change(text.splitlines(keepends=True), random_))


def _indent(lines: list[str], random_: random.Random) -> list[str]:
    first, end = _span(random_, len(lines), 12)
    before = random_.choice((" ", "  ", "    ", "\t", "> ", "- ", "1. ", "> - ", "　", "#", "| "))
    return [*lines[:first], *(before + line for line in lines[first:end]), *lines[end:]]


def _dedent(lines: list[str], random_: random.Random) -> list[str]:
    first, end = _span(random_, len(lines), 12)
    return [*lines[:first], *(line.lstrip(" \t>-#|　") for line in lines[first:end]), *lines[end:]]


def _join(lines: list[str], random_: random.Random) -> list[str]:
    first, end = _span(random_, len(lines), 4)
    return [*lines[:first], "".join(line.rstrip("\r\n") for line in lines[first:end]), *lines[end:]]


def _shuffle(lines: list[str], random_: random.Random) -> list[str]:
    first, end = _span(random_, len(lines), 8)
    return [*lines[:first], *random_.sample(lines[first:end], end - first), *lines[end:]]


def _blank_lines(lines: list[str], random_: random.Random) -> list[str]:
    return [line for line in lines if line.strip()] if random_.random() < 0.5 else [*"\n".join(lines).split("\n\n")]


def _whole(text: str, other: str, random_: random.Random) -> str:
    return random_.choice(
        (
            lambda: unicodedata.normalize(random_.choice(("NFC", "NFD", "NFKC")), text),
            lambda: text.swapcase(),
            lambda: text.replace("\n", random_.choice(("\r\n", "\r", " ", "", "\n\n", "\u2028"))),
            lambda: text[: random_.randrange(len(text) + 1)],
            lambda: text[random_.randrange(len(text) + 1) :],
            lambda: text[::-1],
        )
    )()


_CHANGES: Final = (
    *(_insert,) * 4, *(_remove,) * 2, *(_splice,) * 3, _repeat, _one_character, *(_lines(_indent),) * 2,
    _lines(_dedent), _lines(_join), _lines(_shuffle), _lines(_blank_lines), _whole,
)  # fmt: skip


def mutated(seeds: Sequence[str], random_: random.Random) -> str:
    """One of ``seeds`` after one change to a dozen; every tenth time mere pieces."""
    if random_.random() < 0.1:
        return "".join(random_.choice(_PIECES) for _ in range(random_.randrange(60)))
    text = random_.choice(seeds)
    for _ in range(random_.choice((1, 1, 2, 2, 3, 4, 6, 12))):
        text = random_.choice(_CHANGES)(text, random_.choice(seeds), random_)[:_LONGEST]
    return text


def mutated_bytes(data: bytes, random_: random.Random) -> bytes:
    """``data`` with a few bytes changed, left out, doubled or cut off; one time in four as it is."""
    for _ in range(random_.choice((0, 1, 1, 3))):
        first, end = _span(random_, len(data), random_.choice((2, 2, 50)))
        middle = random_.choice((b"", data[first:end] * 2, random_.randbytes(end - first), bytes(end - first)))
        data = random_.choice((data[:first] + middle + data[end:], data[:first], data[end:]))
    return data


_VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1.5, 1e308, 10**30, "", "x", "\ud800", "\0", "2025-01-01T00:00:00+00:00", "9999-12-31",
    [], {}, [[]], [None], {"a": 1}, float("nan"), float("inf"),
)  # fmt: skip


def mutated_json(value: Any, seeds: Sequence[str], random_: random.Random) -> Any:
    """``value`` with some of its values replaced by others, left out, doubled or renamed."""
    if random_.random() < 0.04:
        return random_.choice(_VALUES)
    if isinstance(value, dict):
        rows = [(name, mutated_json(item, seeds, random_)) for name, item in value.items() if random_.random() > 0.02]
        return {(name + random_.choice(("", "s")) if random_.random() < 0.02 else name): item for name, item in rows}
    if isinstance(value, list):
        items = [mutated_json(item, seeds, random_) for item in value if random_.random() > 0.05]
        return items * random_.choice((1, 1, 1, 1, 2))
    if isinstance(value, str) and random_.random() < 0.1:
        return mutated(seeds, random_)
    return value


def json_text(value: Any, random_: random.Random) -> str:
    """``value`` as JSON; one time in five no longer quite."""
    text = json.dumps(value, ensure_ascii=random_.random() < 0.5)
    return mutated([text], random_) if random_.random() < 0.2 else text


def pumped(seeds: Sequence[str], random_: random.Random) -> Callable[[int], str]:
    """A text of about any length: the beginning of a seed, a piece of one or two repeated, and an end."""
    text, other = random_.choice(seeds), random_.choice(seeds)
    first, end = _span(random_, len(text), 40)
    piece = random_.choice((text[first:end], random_.choice(_PIECES), random_.choice(_PIECES) + text[first:end])) or "a"
    before, after = text[: min(first, 300)], other[: random_.choice((0, 0, 100))]
    return lambda length: before + piece * (length // len(piece) + 1) + after
