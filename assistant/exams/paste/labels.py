"""The places in the lines of a pasted exam that may be the label of an option.

Whether such a place really is one shows only in the order of the labels; see ``runs.py``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .lines import WIDE_STOP, Line

__all__ = ["BULLET", "LABEL", "SYMBOLS", "Mark", "Style", "canonical", "line_marks"]

#: Alphabet and punctuation: the labels of one list share both.
Style = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that may be a label. ``line`` is an index; the option's text begins at ``end``.

    ``readings``: what the label counts in each alphabet that has it ("i" is 9 of a, b, c and 1 of i, ii, iii).
    ``emphasis``: the Markdown emphasis that is still open where the text begins. ``checked``: a ticked box.
    """

    line: int
    start: int
    end: int
    label: str
    form: str
    readings: tuple[tuple[str, int], ...]
    head: bool = True
    wide: bool = True
    opens: bool = True
    emphasis: str = ""
    checked: bool = False
    indent: int = 0


#: The form of a list item without a label of its own.
BULLET: Final = "bullet"

# -- alphabets

_KANA: Final = "アイウエオカキクケコサシスセソ"
_IROHA: Final = "イロハニホヘトチリヌ"
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_SYMBOL_RANGES: Final = (
    ("circled", "①", 20), ("black", "❶", 10), ("parenthesised", "⑴", 20), ("stopped", "⒈", 20), ("double", "⓵", 10),
    ("Ⓐ", "Ⓐ", 26), ("ⓐ", "ⓐ", 26), ("⒜", "⒜", 26), ("㋐", "㋐", 20), ("Ⅰ", "Ⅰ", 12), ("ⅰ", "ⅰ", 12), ("⓪", "➀", 10),
)  # fmt: skip


def _hiragana(kana: str) -> str:
    return "".join(chr(ord(char) - 0x60) for char in kana)


def _alphabets() -> dict[str, tuple[tuple[str, int], ...]]:
    rows: list[tuple[str, Iterator[str]]] = [
        ("A", map(chr, range(65, 91))),
        ("a", map(chr, range(97, 123))),
        ("1", map(str, range(1, 100))),
        ("ア", iter(_KANA)),
        ("あ", iter(_hiragana(_KANA))),
        ("イ", iter(_IROHA)),
        ("い", iter(_hiragana(_IROHA))),
        ("i", iter(_ROMAN)),
        ("I", iter(word.upper() for word in _ROMAN)),
        ("一", iter("一二三四五六七八九十")),
        ("甲", iter("甲乙丙丁")),
        *((name, map(chr, range(ord(first), ord(first) + size))) for name, first, size in _SYMBOL_RANGES),
    ]
    found: dict[str, list[tuple[str, int]]] = {}
    for name, row in rows:
        for ordinal, label in enumerate(row, 1):
            found.setdefault(label, []).append((name, ordinal))
    return {label: tuple(readings) for label, readings in found.items()}


_ALPHABETS: Final = _alphabets()
#: What Unicode does not say the number of: ❶, ⓵, ➀.
_BLACK: Final = {chr(first + n): str(n + 1) for first in (0x2776, 0x24F5, 0x2780) for n in range(10)}

_LETTER: Final = "[ivx]{2,5}|[IVX]{2,5}|[A-Za-z]|[0-9]{1,2}|[ア-ヌハ-ホリロ]|[ｱ-ﾇﾊ-ﾎﾘﾛ]|[あ-ぬは-ほりろ]|[一二三四五六七八九十甲乙丙丁]"
#: One printed character that is a label of its own: ①, ⑴, Ⓐ, ㋐, Ⅲ.
SYMBOLS: Final = "①-⑳❶-❿⑴-⒇⒈-⒛⓵-⓾Ⓐ-Ⓩⓐ-ⓩ⒜-⒵㋐-㋣Ⅰ-Ⅻⅰ-ⅻ➀-➉"
#: What can stand as a label.
LABEL: Final = f"(?:[{SYMBOLS}]|{_LETTER})"


def canonical(label: str) -> str:
    """The form in which a key and a printed label are compared: Ｂ, b and (B) are one, and so are ② and 2."""
    if label in _BLACK:
        return _BLACK[label]
    return unicodedata.normalize("NFKC", label).strip("()[]【】〔〕<>〈〉.:、 \t").casefold()


def _readings(plain: str) -> tuple[tuple[str, int], ...]:
    found = _ALPHABETS.get(plain)
    if found is None:
        found = _ALPHABETS.get(unicodedata.normalize("NFKC", plain).lstrip("0"), ())
    return found


# -- marks

_EMPHASIS: Final = r"\*{1,3}|__?"
_PREFIX: Final = re.compile(
    r"[ \t]*(?:>[ \t]?)*"
    r"(?P<bullet>(?:[-*+–—](?=[ \t])|[•・●◦‣▪▫■□◆◇☐☑☒◯○〇✓✔✅])[ \t]*(?=\S))?"
    r"(?P<box>\[[ xX✓✔]?\][ \t]*(?=\S)|\([ xX✓✔]?\)[ \t]+(?=\S))?"
)
_BRACKETED: Final = rf"(?P<open>[(\[【〔〈<])[ ]?(?P<bracketed>[{SYMBOLS}]|{_LETTER})[ ]?[)\]】〕〉>]"
_LABELLED: Final = re.compile(
    rf"(?P<emphasis>{_EMPHASIS})?"
    rf"(?:{_BRACKETED}(?:[.:](?![0-9]))?"
    rf"|(?:選択肢[ ]?|(?:[Oo]ption|OPTION|[Cc]hoice|CHOICE)[ ])(?P<named>[{SYMBOLS}]|{_LETTER})(?:[ ]?[.):、]|(?=[ \t]|$))"
    rf"|(?P<symbol>[{SYMBOLS}])(?:[ ]?[.):、](?![0-9]))?"
    rf"|(?P<stopped>{_LETTER})(?(emphasis)(?P<inner>{_EMPHASIS})?)(?:[ ](?!\.[A-Za-z]))?\\?(?P<stop>\.\)|(?<![0-9])[.):、]|[.):、](?![0-9])|{WIDE_STOP})"
    rf"|(?P<dashed>{_LETTER})[ \t]+[-–—](?=[ \t])"
    rf"|(?P<bare>{_LETTER})(?(emphasis)(?P<close>{_EMPHASIS})?)(?=[ \t]|$)"
    rf")(?(emphasis)(?P<outer>{_EMPHASIS})?)[ \t]*"
)
_ROW: Final = re.compile(rf"[ \t]*\|[ \t]*[*_]*[(\[]?(?P<label>[{SYMBOLS}]|{_LETTER})[.):\]]?[*_]*[ \t]*\|[ \t]*")
_INLINE: Final = re.compile(
    rf"(?:(?P<symbol>[{SYMBOLS}])(?:[ ]?[.):、](?![0-9]))?"
    rf"|{_BRACKETED}(?:[.:](?![0-9]))?"
    rf"|(?<=[ \t。?!:、,;|])(?P<stopped>{_LETTER})(?P<stop>[.):](?![0-9])|{WIDE_STOP})"
    rf"|(?<=[ \t])(?P<bare>{_LETTER})(?=[ \t]))[ \t]*"
)
_LONG: Final = 400
#: "1 go 2 went 3 gone"
_ROW_OF_DIGITS: Final = re.compile(r"[ \t]*1 [^ ][^。]*? 2 [^ ][^。]*? 3 [^ ][^。]*$")
_SENTENCE_ENDS: Final = ("。", "?", "!", ":", ")", "】")
_TICKED: Final = frozenset("☑✓✔✅")
_BOXES: Final = dict.fromkeys("☐☑☒□■✓✔✅", "□") | dict.fromkeys("○◯〇●", "○")


def line_marks(index: int, line: Line, begin: int = 0) -> Iterator[Mark]:
    """The marks on ``line``, from ``begin`` on, in order; one at the head only where ``begin`` is 0."""
    if line.code:
        return
    at = begin
    if not begin:
        head = _head(index, line)
        if head is not None:
            yield head
            at = head.end
            if head.form in ("table", BULLET):
                return
    narrow = at > 0 and not begin and len(line.plain) < _LONG and _ROW_OF_DIGITS.match(line.plain) is not None
    for match in _INLINE.finditer(line.plain, at):
        mark = _inline(index, line, match, at, narrow=narrow)
        if mark is not None:
            yield mark


def _head(index: int, line: Line) -> Mark | None:
    plain = line.plain
    row = _ROW.match(plain)
    if row:
        readings = _readings(row["label"])
        return Mark(index, 0, row.end(), line.raw[slice(*row.span("label"))], "table", readings) if readings else None
    prefix = _PREFIX.match(plain)
    if prefix is None:  # pragma: no cover - it matches the empty string
        return None
    bullet, box = (prefix["bullet"] or "").strip(), prefix["box"] or ""
    checked = box.strip("[]() \t") != "" or bullet in _TICKED
    match = _LABELLED.match(plain, prefix.end())
    # "- A" is an item that says A, and "- 2 GB" one that says how much.
    if match and not ((bullet or box) and match["bare"] and (match.end() == len(plain) or match["bare"].isdigit())):
        found = _labelled(match)
        readings = _readings(found[0]) if found else ()
        if found and readings:
            opened = match["emphasis"] or ""
            closed = any(match[group] for group in ("inner", "outer", "close"))
            return Mark(
                index, 0, match.end(), line.raw[found[2] : found[3]], found[1], readings,
                emphasis="" if closed else opened, checked=checked, indent=line.indent,
            )  # fmt: skip
    if bullet or box:
        # A list item that begins with its own emphasis keeps it.
        return Mark(index, 0, prefix.end(), "", BULLET, ((_BOXES.get(bullet, bullet or "["), 0),),
                    checked=checked, indent=line.indent)  # fmt: skip
    return None


def _labelled(match: re.Match[str]) -> tuple[str, str, int, int] | None:
    """The label, its form, and where it stands."""
    for group in ("bracketed", "named", "symbol", "stopped", "dashed", "bare"):
        label = match.groupdict().get(group)
        if not label:
            continue
        form = group
        if group == "bracketed":
            form = match["open"]
        elif group == "stopped":
            form = "." if match["stop"] == WIDE_STOP else match["stop"]
            # "と、" and "a、" begin a line of prose.
            if form == "、" and (label.islower() or "ぁ" <= label <= "ん"):
                return None
        return label, form, *match.span(group)
    return None


def _inline(index: int, line: Line, match: re.Match[str], after: int, *, narrow: bool) -> Mark | None:
    found = _labelled(match)
    readings = _readings(found[0]) if found else ()
    if not found or not readings:
        return None
    start = match.start()
    before = line.raw[max(0, start - 2) : start]
    wide = (len(before) == 2 and before.isspace()) or before.endswith(("\t", "\u3000"))
    kana = readings[0][0] in ("ア", "あ", "イ", "い")
    ends = line.plain[max(0, start - 8) : start].rstrip()[-1:]
    gap = line.raw[found[3] : match.end()]
    set_off = gap.isspace() and (len(gap) > 1 or gap in ("\t", "\u3000"))
    behind_sentence = ends in _SENTENCE_ENDS or (ends in (".", "_") and (kana or set_off or found[1] != "bare"))
    known = kana or (narrow and readings[0][0] == "1") or (set_off and behind_sentence)
    if found[1] == "bare" and not wide and not known:
        return None
    opens = start > after and (wide or behind_sentence)
    return Mark(index, start, match.end(), line.raw[found[2] : found[3]], found[1], readings,
                head=False, wide=wide, opens=opens)  # fmt: skip
