"""What reads text that others wrote, each with real texts to begin from and with what has to hold whatever it reads."""

from __future__ import annotations

import contextlib
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from assistant.asking.followup import resolve
from assistant.asking.question import understand
from assistant.errors import AssistantError
from assistant.evaluation.goldfile import read_gold
from assistant.examrecords import CheckedQuestion, ExamQuestion
from assistant.exams.paste.examtext import parse_exam
from assistant.exams.record.examexport import export, read_export
from assistant.exams.record.examsheet import read_exam
from assistant.faces.console import terminal
from assistant.faces.resident.plain import from_plain, plain
from assistant.faces.ui import marks, markup
from assistant.limits import checked_question, json_object
from assistant.notes import Section, UnreadableNote, decode, parse, passages, split_lines
from assistant.records import Evidence, Hit, SearchResult, SourceLine
from assistant.text import identifiers, normalise, terms

from ._mutate import json_text, mutated, mutated_bytes, mutated_json

__all__ = ["READERS", "Reader"]

_HOME: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Reader:
    """``make`` gives the next input; ``read`` raises for what must not be. ``pump``: whether its time is tested by
    inputs of growing size."""

    make: Callable[[random.Random], Any]
    read: Callable[[Any], None]
    seeds: Callable[[], Sequence[str]]
    pump: bool = True


# --- seeds


@cache
def notes() -> tuple[str, ...]:
    """Stretches of the sample notes, of the notes of the gold files, and of the documents."""
    files = sorted([*_HOME.glob("corpus/*.md"), *_HOME.glob("tests/gold/*/*.md"), *_HOME.glob("*.md")])
    found = []
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        found += ["".join(lines[first : first + 40]) for first in range(0, len(lines), 25)]
    return tuple(found)


@cache
def _rows(pattern: str) -> tuple[dict[str, Any], ...]:
    files = sorted((_HOME / "tests" / "gold").glob(pattern))
    return tuple(json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())


@cache
def exams() -> tuple[str, ...]:
    """The mock exams' questions as they would be pasted: alone or several, with and without numbers and keys."""
    found = []
    rows = _rows("*_exam.jsonl")
    for at, row in enumerate(rows):
        key = (
            "",
            f"\n正解: {'、'.join(row['answer'])}",
            f"\n\n**Answer:** {', '.join(row['answer'])}\n解説: 表のとおり。",
        )[at % 3]
        found.append(f"問{at} {row['text']}{key}" if at % 2 else row["text"] + key)
    several = ["\n\n".join(found[at : at + 3]) for at in range(0, len(found), 5)]
    lines = [
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows[at : at + 2]) for at in range(0, len(rows), 9)
    ]
    return (*found, *several, *lines)


@cache
def questions() -> tuple[str, ...]:
    return tuple(row["question"] for row in _rows("*.jsonl") if "question" in row)


# --- readers


def read_notes(text: str) -> None:
    lines = split_lines(text.removeprefix("\ufeff"))
    sections = parse(text, "n.md")
    covered = [number for section in sections for number in range(section.line_start, section.line_end + 1)]
    assert len(covered) == len(set(covered)), "a line is in two sections"
    assert {number for number, line in enumerate(lines, 1) if line.strip()} <= set(covered), "a line is in no section"
    for section in sections:
        _check_units(section, lines)
        for passage in passages(section, len, 200):
            assert len(passage.text) <= 200, "a passage is too long"
            ends = [0, *(span.char_end for span in passage.spans)]
            assert [span.char_start for span in passage.spans] == ends[:-1], "spans leave something out"
            assert ends[-1] == len(passage.text), "spans end before the passage"


def _check_units(section: Section, lines: Sequence[str]) -> None:
    end = section.line_start - 1
    for unit in section.units:
        assert end < unit.line_start <= unit.line_end <= section.line_end, "units overlap or leave their section"
        end = unit.line_end
        quoted = unit.quote.split("\n")
        assert len(quoted) == unit.line_end - unit.line_start + 1, "a quote has other lines than its place"
        for quote, line in zip(quoted, lines[unit.line_start - 1 :], strict=False):
            assert quote in line, "a quote does not stand in its line"


_ENCODINGS: Final = ("utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "iso2022_jp", "latin-1", "gb18030", "big5")


def _bytes(random_: random.Random) -> bytes:
    text = mutated(notes(), random_) if random_.random() < 0.5 else random_.choice(notes())
    return mutated_bytes(text.encode(random_.choice(_ENCODINGS), random_.choice(("ignore", "replace"))), random_)


def read_bytes(data: bytes) -> None:
    try:
        text = decode(data)
    except UnreadableNote as error:
        if error.reason not in ("skip.binary", "skip.encoding"):
            raise
        return
    assert "\0" not in text
    text.encode("utf-8")
    with contextlib.suppress(UnicodeDecodeError):
        assert b"\x1b$" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff") or text == data.decode("utf-8-sig"), (
            "UTF-8 read as another"
        )


def read_exams(text: str) -> None:
    _check_questions(parse_exam(text).questions)
    sheet = read_exam(text)
    _check_questions([item.question for item in sheet.items])
    for item in sheet.items:
        assert set(item.yours) <= {option.label for option in item.question.options}, "an answer that is no option"


def _check_questions(found: Sequence[ExamQuestion]) -> None:
    for question in found:
        labels = [option.label for option in question.options]
        assert len(labels) >= 2 or (not labels and question.kind == "true_false"), "less than two options"
        assert len(set(labels)) == len(labels), "two options of one label"
        assert set(question.key) <= set(labels) or not labels, "a key that is no option"
        assert question.choose is None or question.choose >= 1, "nothing to choose"


@cache
def _documents() -> tuple[Any, ...]:
    """An export, checked questions as one process hands them to another, requests, and rows of gold files."""
    from tests.test_examexport import MISSED, UNDECIDED

    exported = json.loads(export((MISSED, UNDECIDED), "json", "ja"))
    request = {
        "question": "FIFOキューとは？",
        "k": 3,
        "id": 1,
        "history": ["SQSとは？"],
        "text": exams()[0],
        "mine": "B",
    }
    return (exported, plain(MISSED.checked), request, *_rows("*.jsonl")[:200])


def _json(random_: random.Random) -> str:
    value = random_.choice((*_documents()[:3], random_.choice(_documents())))
    return json_text(mutated_json(value, notes(), random_), random_)


def read_json(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    with contextlib.suppress(AssistantError):
        for attempt in read_export(text):
            attempts = (attempt,)
            assert read_export(export(attempts, "json", "ja")) == attempts, "an export reads back as another"
            export(attempts, "md", "ja")
            export(attempts, "csv", "en")
    row: Any = None
    with contextlib.suppress(AssistantError):
        row = json_object(data, "x")
    with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
        from_plain(CheckedQuestion, row)
    with NamedTemporaryFile(suffix=".jsonl") as file, contextlib.suppress(AssistantError):
        file.write(data)
        file.flush()
        read_gold(Path(file.name))


def read_question(text: str) -> None:
    with contextlib.suppress(AssistantError):
        asked = checked_question(text)
        found = understand(asked)
        assert found.kind in ("lookup", "list", "comparison")
        assert len(found.sides) != 1, "a comparison of one thing"
        assert all(side.strip() for side in found.sides), "a side without a name"
        before = [asked[: len(asked) // 2] or "x", asked, *asked.split("\n")[:3]]
        whole = resolve(asked, before)
        assert whole.strip(), "a question became none"
        assert resolve(asked, []) == asked, "without anything before it a question stays"
    for words in (terms(text), identifiers(text)):
        assert all(words), "an empty term"
    assert normalise(normalise(text)) == normalise(text)


# --- what is shown


_ELEMENTS: Final = frozenset({"strong", "code", "br", "mark", "img", "span", "i", "hr"})
_ATTRIBUTES: Final = frozenset({"class", "style", "src", "alt", "loading"})


class _Shown(HTMLParser):
    """Fails where there is an element or attribute that is not the page's own, and keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ELEMENTS, f"an element of the note's: {tag}"
        for name, value in attrs:
            assert name in _ATTRIBUTES, f"an attribute of the note's: {name}"
            assert name != "style" or re.fullmatch(r"--(?:columns|depth):[\w(),. ]*", value or ""), f"style {value}"
            assert name != "src" or (value or "").startswith("/picture/"), f"an address of the note's: {value}"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment of the note's")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration of the note's")

    def handle_pi(self, data: str) -> None:
        raise AssertionError("an instruction of the note's")


def _html(lines: Sequence[str]) -> Iterator[str]:
    shown = [SourceLine(number, line) for number, line in enumerate(lines, 1)]
    for marker in (None, marks.asked(" ".join(lines)[:80]), marks.typed(" ".join(lines)[:20])):
        formatted = list(markup.format_lines(shown, "ja", lambda _: "/picture/1", marker))
        assert [line.number for line in formatted] == [line.number for line in shown], "a line is not shown"
        yield from (line.html for line in formatted)
        yield markup.format_quote("\n".join(lines), "en", marker)


def show(text: str) -> None:
    lines = split_lines(text)
    for html in _html(lines):
        page = _Shown()
        page.feed(html)
        page.close()
    evidence = (Evidence(1, max(1, len(lines)), "\n".join(lines), 0.5),)
    hit = Hit(1, text[:50] or "n.md", 1, max(1, len(lines)), (text[:30], text[-30:]), text, 0.5, evidence)
    for width in (20, 80):
        shown = terminal.render_search(SearchResult(text[:100], (hit,)), terminal.View(width, colour=False))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown), "a control character on the terminal"
        for line in shown.split("\n")[1:]:
            assert terminal.display_width(line) <= max(width, 24), "a line wider than the terminal"


def _of(seeds: Callable[[], Sequence[str]]) -> Callable[[random.Random], str]:
    return lambda random_: mutated(seeds(), random_)


READERS: Final[dict[str, Reader]] = {
    "notes": Reader(_of(notes), read_notes, notes),
    "encodings": Reader(_bytes, read_bytes, notes, pump=False),
    "exams": Reader(_of(exams), read_exams, exams),
    "json": Reader(_json, read_json, exams, pump=False),
    "questions": Reader(_of(questions), read_question, questions),
    "shown": Reader(_of(notes), show, notes),
}
