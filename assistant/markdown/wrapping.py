"""Which consecutive lines of a paragraph are one sentence that was wrapped, and which stand for themselves.

Notes rarely say: most writers put one statement on a line and leave out the full stop. So a line only goes on on the
next one where something shows it: an open bracket, a comma, a particle, or a line that is long and doesn't look
finished.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from ..text import width
from .blocks import SENTENCE_END
from .inline import Line

__all__ = ["sentences"]

#: In full-width characters: nobody wraps shorter lines than this.
_LONG: Final = 25.0
#: A line that was wrapped is about as long as the longest of its paragraph.
_NEAR_LONGEST: Final = 0.7
#: No sentence goes over more lines than this for an open bracket.
_MOST_OPEN: Final = 4

_BEGINS: Final = re.compile(
    r"[※・●○■□◆◇▼▽▲△►▶★☆◎→⇒⇨➡⇔↓│|①-⑳⑴-⒇➀-➓]"
    r"|ー(?=\s)|[-–—][ \u3000]"
    r"|[（(][0-9０-９a-zA-Zａ-ｚぁ-んァ-ヶ一二三四五六七八九十]{1,2}[)）]"
    r"|[0-9０-９]{1,2}[.)．）](?![0-9０-９])"
    r"|\[\^|\[[^\]]{1,40}\]:|Q\d*[.:．：]|A\d*[.:．：]"
    # "MSK > ", 「TCP … 」: an entry
    r"|[^\sぁ-ん。、,.>＞=＝…:：→]{1,20}(?: [^\sぁ-ん。、,.>＞=＝…:：→]{1,20}){0,3}"
    r"(?: +(?:[>＞=＝]|[-–—=]*>|[→⇒])+ +|[：＝…])"
)
_OPEN: Final = str.maketrans(dict.fromkeys("（([［「『【《〈｛{", "(") | dict.fromkeys("）)]］」』】》〉｝}", ")"))
_GOES_ON_BEFORE: Final = re.compile(r"[、，）」』】》〉。．！？,)\]!?%％]")
_GOES_ON_AFTER: Final = tuple("、，,（([［「『【《〈")
_PARTICLE_BEFORE: Final = re.compile(r"を|[がのはにでともへや](?=[一-龯々ァ-ヶA-Za-z0-9])")
_PARTICLE_AFTER: Final = re.compile(
    r"(?:を|は|が|に|へ|や|で|て|し|しか|(?<!も)の|(?<!こ)(?<!も)と|および|及び|または|又は|ならびに|並びに|かつ)$"
)
_NOUN_BEFORE: Final = re.compile(r"(?:場合|こと|ため|とき|際|もの|方法|必要|よう|ので|のに|まで|から|だけ)")
#: Verbs and adjectives end in these, and so do the statements of most notes; the rest are ways to break off.
_FINISHED: Final = re.compile(r"(?:[うくぐすつぬぶむるただい]|こと|もの|ため|とき|など|とか|ません|でしょ|よね|のか)$")
_STOPS: Final = tuple("。．.!?！？")
_MID_WORD: Final = re.compile(r"[a-z,]$")


def _begins_unit(text: str) -> bool:
    """Whether a line starts with a mark that sets it apart from the one above (※, ・, (1), →, an emoji, a footnote)."""
    return _BEGINS.match(text) is not None or unicodedata.category(text[:1] or " ") == "So"


def sentences(lines: Sequence[Line], apart: Sequence[bool]) -> list[tuple[int, int]]:
    """Splits the lines of a paragraph into runs ``(first, end)`` of one sentence each.

    ``apart[i]`` says that line ``i`` begins a run whatever stands before it.
    """
    longest = max((width(line.text) for line in lines), default=0.0)
    runs: list[tuple[int, int]] = []
    first = held = 0
    for index, line in enumerate(lines):
        if index > first and (apart[index] or not _goes_on(lines[index - 1], line.text, index < held, longest)):
            runs.append((first, index))
            first = index
        if index >= held:
            held = _closing(lines, index)
    if lines:
        runs.append((first, len(lines)))
    return runs


def _closing(lines: Sequence[Line], first: int) -> int:
    """The end of the lines that a bracket opened in line ``first`` holds together; ``first`` where none does."""
    depth = 0
    for index in range(first, min(first + _MOST_OPEN, len(lines))):
        for char in lines[index].text.translate(_OPEN):
            depth += (char == "(") - (char == ")" and depth > 0)
        if not depth:
            return index + 1 if index > first else first
    return first


def _goes_on(before: Line, text: str, held: bool, longest: float) -> bool:
    """Whether ``text`` is the rest of the sentence in ``before``; ``held``: a bracket is still open."""
    above = before.text
    if not above or not text or _begins_unit(text):
        return False
    if held or _GOES_ON_BEFORE.match(text) or above.endswith(_GOES_ON_AFTER):
        return True
    if before.hard:
        return False
    if _PARTICLE_BEFORE.match(text) and not above.endswith((*_STOPS, ":", "：")):
        return True
    if above.endswith(SENTENCE_END):
        return False
    room = width(above)
    if room >= _LONG / 2 and (_PARTICLE_AFTER.search(above) or re.search(r"[A-Za-z]-$", above)):
        return True
    if room < _LONG or room < _NEAR_LONGEST * longest:
        return False
    if _MID_WORD.search(above) and text[0].islower():
        return True
    if _NOUN_BEFORE.match(text):
        return True
    # Neither looks finished nor broken off: whoever wraps lines also ends the sentence with a full stop.
    ends = text.endswith(_STOPS) or (width(text) >= _LONG and not _FINISHED.search(text))
    return ends and not _FINISHED.search(above)
