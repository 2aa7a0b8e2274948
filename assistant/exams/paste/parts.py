"""From the lines of one question to its record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...examrecords import ExamOption, ExamProblem, ExamQuestion
from ...text import is_japanese, join_lines
from .asking import asks, choose_count, exam_kind, is_negated
from .keys import cut_notes, marked_right, verdict_below, without_votes
from .labels import BULLET, Mark
from .lines import Line
from .plain import PLAIN
from .runs import Run
from .starts import Numbered, Start, heading_text, is_header, is_separator, is_title, numbered
from .truthwords import truth_word

__all__ = ["Piece", "build", "is_aside", "problem"]


@dataclass(frozen=True, slots=True)
class Piece:
    """The lines of one question: the stem from ``column`` of ``begin``, then ``run``, up to ``end`` (exclusive).

    ``listed``: the stem holds a list with labels of its own. ``aside``: a remark behind the options ("2つ選択").
    """

    begin: int
    column: int
    run: Run | None
    end: int
    start: Start | None = None
    listed: bool = False
    aside: str = ""


def problem(lines: Sequence[Line], begin: int, end: int, reason: str) -> ExamProblem:
    """The lines from ``begin`` up to ``end`` as a problem; ``reason`` without its prefix."""
    while begin < end - 1 and lines[begin].blank:
        begin += 1
    text = "\n".join(line.raw for line in lines[begin:end]).strip()
    return ExamProblem(lines[begin].number, text, f"exam.problem.{reason}")


def build(lines: Sequence[Line], piece: Piece) -> ExamQuestion | ExamProblem:
    """The question that ``piece`` holds, or why it is none."""
    run, start = piece.run, piece.start
    if run is None:
        stop = (piece.end, 0)
        marks: tuple[Mark, ...] = ()
    else:
        stop, marks = run.first, run.marks
    stem = _stem_of(lines, piece, stop)
    if run and run.fault:
        return problem(lines, piece.begin, piece.end, run.fault)
    if not stem.text:
        return problem(lines, piece.begin, piece.end, "no_stem" if run else "no_options")
    if len(marks) == 1:
        return problem(lines, piece.begin, piece.end, "one_option")
    read = [_option_text(lines, mark, following, piece.end) for mark, following in _pairs(marks)]
    texts, verdicts = [without_votes(text) for text, _ in read], [verdict for _, verdict in read]
    if len({mark.line for mark in marks}) < len(marks) and all(text.endswith(_COMMAS) for text in texts[:-1]):
        texts = [text.rstrip("".join(_COMMAS)) for text in texts]
    labels = _labels(marks)
    chosen = {label for label, mark in zip(labels, marks, strict=True) if mark.checked}
    texts, starred = _without_emphasis(texts, marks)
    chosen.update(label for label, star in zip(labels, starred, strict=True) if star)
    texts, right = marked_right(texts, stars=run is not None and run.style == PLAIN)
    chosen.update(label for label, one in zip(labels, right, strict=True) if one)
    if not all(verdict and verdict[0] for verdict in verdicts):
        chosen.update(label for label, verdict in zip(labels, verdicts, strict=True) if verdict and verdict[0])
    options = [ExamOption(label, text) for label, text in zip(labels, texts, strict=True)]
    body = stem.text
    if not options:
        body, options = _truth_options(body)
    key: tuple[str, ...] = ()
    explanation = ""
    if options:
        last, key, explanation = cut_notes(options[-1].text, options)
        options[-1] = ExamOption(options[-1].label, last)
    text, early, told = cut_notes(body, options)
    if not text or (marks and any(not option.text for option in options)):
        return problem(lines, piece.begin, piece.end, "empty_option")
    key = key or early or tuple(label for label in labels if label in chosen and len(chosen) < len(labels))
    asked = f"{text}\n{piece.aside}" if piece.aside else text
    kind = exam_kind(asked, [option.text for option in options], listed=piece.listed)
    if not options and kind != "true_false":
        return problem(lines, piece.begin, piece.end, "no_options")
    if not options:
        options = [ExamOption(*option) for option in _TRUTHS[is_japanese(text)]]
        key = tuple(filter(None, map(truth_word, key)))
    return ExamQuestion(
        stem=text,
        options=tuple(options),
        choose=choose_count(asked) if kind != "true_false" else 1,
        negated=kind == "choice" and is_negated(text),
        kind=kind,
        key=key,
        explanation=explanation or told or _reasons(labels, verdicts),
        number=start.number if start and start.number else stem.number,
        line=lines[start.line].number if start else stem.line,
    )


# -- options

#: Whether an option is called right, and why.
Verdict = tuple[bool, str]
_COMMAS: Final = (",", "、", ";", "/", "，", "|")
_WORDS: Final = re.compile(r"[\s/／・、,|()（）]+")
_ROW_END: Final = re.compile(r"[ \t]*\|[ \t]*")


def _pairs(marks: Sequence[Mark]) -> list[tuple[Mark, Mark | None]]:
    return [(mark, marks[at + 1] if at + 1 < len(marks) else None) for at, mark in enumerate(marks)]


def _labels(marks: Sequence[Mark]) -> list[str]:
    if marks and marks[0].form == BULLET:
        return [str(count) for count in range(1, len(marks) + 1)]
    return [mark.label for mark in marks]


def _reasons(labels: Sequence[str], verdicts: Sequence[Verdict | None]) -> str:
    """What stands below the options of why they are right or wrong."""
    told = zip(labels, verdicts, strict=True)
    return "\n".join(f"{label}: {verdict[1]}" for label, verdict in told if verdict and verdict[1])


def _option_text(lines: Sequence[Line], mark: Mark, following: Mark | None, end: int) -> tuple[str, Verdict | None]:
    """The text of an option, and what a line below it tells of its being right."""
    stop, column = (following.line, following.start) if following else (end, 0)
    if stop == mark.line:
        pieces = [lines[mark.line].raw[mark.end : column]]
    else:
        pieces = [
            lines[mark.line].raw[mark.end :],
            *(line.raw for line in lines[mark.line + 1 : stop] if not is_separator(line)),
        ]
        if column and stop < len(lines):
            pieces.append(lines[stop].raw[:column])
    if lines[mark.line].plain.lstrip().startswith("|"):
        cells = (cell for piece in pieces for cell in _ROW_END.split(piece))
        return " / ".join(cell.strip() for cell in cells if cell.strip()), None
    rows = [piece.strip() for piece in pieces if piece.strip()]
    for at, row in enumerate(rows[1:], 1):
        verdict = verdict_below(row)
        if verdict:
            return _joined(rows[:at]), (verdict[0], " ".join([verdict[1], *rows[at + 1 :]]).strip())
    return _joined(rows), None


#: The options of a statement that is to be judged and has none, by whether it is Japanese.
_TRUTHS: Final = {True: (("○", "正しい"), ("×", "誤り")), False: (("○", "True"), ("×", "False"))}


def _truth_options(stem: str) -> tuple[str, list[ExamOption]]:
    """The stem and the words behind it that say right and wrong, one to a line or both on one."""
    rows = stem.rstrip().split("\n")
    for count in (1, 2):
        words = [word for row in rows[-count:] for word in _WORDS.split(row.strip(" \t()（）")) if word]
        if len(rows) > count and len(words) == 2 and {truth_word(word) for word in words} == {"○", "×"}:
            options = [ExamOption(str(number), word) for number, word in enumerate(words, 1)]
            return "\n".join(rows[:-count]).rstrip(), options
    return stem, []


def _joined(pieces: Sequence[str]) -> str:
    """``join_lines`` over many pieces; only the characters at a seam decide what stands there."""
    out: list[str] = []
    for before, piece in zip(["", *pieces], pieces, strict=False):
        tight = not before or " " not in join_lines(before[-2:].strip(), piece[:2].strip())
        out.append(piece if tight else f" {piece}")
    return "".join(out)


def _without_emphasis(texts: list[str], marks: Sequence[Mark]) -> tuple[list[str], list[bool]]:
    """The texts without the other end of an emphasis that began before the label, and which labels have a lone "*"."""
    bare: list[str] = []
    starred: list[bool] = []
    for text, mark in zip(texts, marks, strict=True):
        sign = mark.emphasis
        closed = bool(sign) and sign in text
        starred.append(sign == "*" and not closed)
        bare.append(
            (text.removesuffix(sign) if text.endswith(sign) else text.replace(sign, "", 1)).strip() if closed else text
        )
    return bare, starred


# -- the stem


@dataclass(frozen=True, slots=True)
class _Stem:
    text: str
    number: str
    line: int


def is_aside(line: Line) -> bool:
    """A line that says nothing but how many are to be chosen."""
    return len(line.plain) < 40 and choose_count(line.raw) != 1 and _ASIDE.fullmatch(line.plain.strip()) is not None


_ASIDE: Final = re.compile(r"[(\[【※*].*[)\]】。.]?|[^。]{0,12}(?:選|choose|select)[^。]{0,12}[。.]?", re.IGNORECASE)


def _stem_of(lines: Sequence[Line], piece: Piece, stop: tuple[int, int]) -> _Stem:
    """The stem from where ``piece`` begins up to ``stop`` (line and column), its number, and its first line."""
    first, number, emphasis = piece.begin, "", ""
    rows: list[tuple[int, str]] = []

    def before_stop(index: int) -> str:
        return lines[index].raw[: stop[1] if index == stop[0] else None]

    if piece.start is None:
        first = _past_titles(lines, first, stop)
        at = next((at for at in range(first, min(stop[0] + 1, len(lines))) if not lines[at].blank), first)
        mark = (
            numbered(lines[at])
            if at < len(lines) and (at, 0) < stop and not (at == piece.begin and piece.column)
            else None
        )
        if mark and not _counts_on(lines, at, stop, mark):
            rows.append((at, before_stop(at)[mark.rest :]))
            number, first, emphasis = mark.number, at + 1, mark.emphasis
    else:
        emphasis = piece.start.emphasis
    for index in range(first, min(stop[0] + 1, len(lines))):
        line = lines[index]
        raw = before_stop(index)
        if index == piece.begin and piece.column and not number:
            raw = raw[piece.column :]
        if (not is_header(line) and not is_separator(line)) or not line.plain[: len(raw)].strip():
            rows.append((index, raw))
    if piece.run and piece.run.style[1] == "table":
        while rows and (not rows[-1][1].strip() or rows[-1][1].lstrip().startswith("|")):
            rows.pop()
    while rows and not rows[0][1].strip():
        rows.pop(0)
    text = "\n".join(raw for _, raw in rows).strip()
    at = rows[0][0] if rows else min(piece.begin, len(lines) - 1)
    if rows and (title := heading_text(lines[at])) and text.startswith("#"):
        text = f"{title}\n{text.partition(chr(10))[2]}".strip()
    return _Stem(_without_marks(text, emphasis), number, lines[at].number)


def _without_marks(text: str, emphasis: str) -> str:
    """``text`` without the marks that make it, as a whole, an item or bold; ``emphasis``: half a pair of such."""
    if emphasis and emphasis in text:
        text = text.replace(emphasis, "", 1)
    elif _ITEM.match(text) and "\n" not in text:
        text = _ITEM.sub("", text)
    elif text.startswith("**") and text.endswith("**") and text.count("**") == 2:
        text = text.strip("*")
    return text.strip()


_ITEM: Final = re.compile(r"[-*+•・][ \t]+")


def _past_titles(lines: Sequence[Line], begin: int, stop: tuple[int, int]) -> int:
    """The first line of the stem itself: behind a rule, a heading that asks nothing, the title of an exam."""
    last = stop[0]
    if last >= len(lines) or not lines[last].plain[: stop[1]].strip():
        last -= 1
        while last > begin and (lines[last].blank or is_header(lines[last])):
            last -= 1
    first = begin
    for index in range(begin, last):
        line = lines[index]
        title = heading_text(line)
        if (
            is_separator(line)
            or (title is not None and not asks(title))
            or (index == first and is_title(line))
            or (index == first and line.blank)
        ):
            first = index + 1
    return first


def _counts_on(lines: Sequence[Line], at: int, stop: tuple[int, int], mark: Numbered) -> bool:
    """Whether the number is that of the first item of a list in the stem."""
    for line in lines[at + 1 : stop[0]]:
        following = numbered(line)
        if following and following.form == mark.form:
            return int(following.number) == int(mark.number) + 1
    return False
