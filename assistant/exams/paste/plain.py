"""Options without labels, a line each, as quiz pages are copied.

Lines below a question may as well be its answer. They are options where something says so: a heading above them, a
mark behind the right one, or a key that is one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ...examrecords import ExamOption
from .asking import asks
from .keys import Note, is_remark, labels_in, marked_right
from .labels import BULLET, Mark
from .lines import Line
from .runs import Run
from .starts import heading_text, is_header, is_separator

__all__ = ["PLAIN", "plain_runs"]

#: The style of such a list.
PLAIN: Final = (BULLET, "plain")

_MOST: Final = 8
_LONGEST: Final = 400


def plain_runs(lines: Sequence[Line], notes: Mapping[int, Note], begin: int, end: int) -> list[Run]:
    """The lists of such options from ``begin`` up to ``end``, where the question is that they answer."""
    found: list[Run] = []
    asked: int | None = None
    for index in range(begin, end + 1):
        line = lines[index] if index < end else None
        if line is None or index in notes or is_separator(line) or heading_text(line) is not None:
            run = _options(lines, notes, asked + 1, index) if asked is not None else None
            found += [run] if run else []
            asked = None
        elif not line.blank and not is_header(line) and asks(line.raw):
            asked = index
    return found


def _options(lines: Sequence[Line], notes: Mapping[int, Note], begin: int, end: int) -> Run | None:
    if end - begin > 4 * _MOST:
        return None
    texts: dict[int, str] = {}
    headed = False
    for index in range(begin, end):
        raw = lines[index].raw.strip()
        if is_header(lines[index]) and not texts:
            headed = True
        elif raw and texts and is_remark(raw):
            last = max(texts)
            texts[last] = f"{texts[last]} {raw}"
        elif raw:
            texts[index] = raw
    if not 2 <= len(texts) <= _MOST or max(map(len, texts.values())) > _LONGEST:
        return None
    bare, right = marked_right(list(texts.values()), stars=True)
    if not (headed or any(right) or _is_key(lines, notes.get(end), end, bare)):
        return None
    marks = (Mark(index, 0, lines[index].indent, "", BULLET, (("plain", 0),)) for index in texts)
    return Run(PLAIN, tuple(marks))


def _is_key(lines: Sequence[Line], note: Note | None, index: int, texts: Sequence[str]) -> bool:
    """Whether the key on line ``index``, or below it where that has only the word, is one of ``texts``."""
    if note is None or note.kind != "key":
        return False
    below = (line.raw.strip() for line in lines[index + 1 : index + 3] if not line.blank)
    value = note.value or next(below, "")
    options = [ExamOption(f"?{at}", text) for at, text in enumerate(texts)]
    return labels_in(value, options) is not None
