"""Exports: what a person keeps of the record opens in other programs, runs nothing there, and can be read back."""

from __future__ import annotations

import csv
import io
import itertools
import json
import sqlite3
import tempfile
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.errors import BadRequest
from assistant.examrecords import CheckedQuestion, ExamOption, ExamQuestion, JudgedOption
from assistant.exams.record.examexport import EXPORT_FORMATS, export, read_export
from assistant.exams.record.examlog import Attempt, ExamLog, identity_of
from assistant.messages import Language, say
from assistant.records import Citation, Place
from assistant.store import Store

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def attempt(checked: CheckedQuestion, at: datetime = NOON) -> Attempt:
    return Attempt(0, at, identity_of(checked.question), checked)


QUESTION = ExamQuestion(
    stem="順に届く*キュー*はどれか。\n1. <b>一つ</b>選べ & 答えよ",
    options=(ExamOption("A", "標準キュー"), ExamOption("B", "FIFOキュー [sound:x.mp3]")),
    key=("B",),
    explanation="- 解説",
    number="問12",
)
LINE = Citation(
    1, "下/messaging.md", 7, 8, ("メッセージング", "Amazon SQS"), "FIFOキュー: **送った順**\n<重複>もしない", 0.9
)
ASIDE = Citation(1, "other.md", 1, 1, ("ほか",), "標準の行", 0.4)
MISSED = attempt(
    CheckedQuestion(
        QUESTION,
        "decided",
        ("B",),
        0.876,
        (
            JudgedOption("A", "標準キュー", "conflicts", 0.1, (ASIDE,)),
            JudgedOption("B", "FIFOキュー [sound:x.mp3]", "supported", 0.9, (LINE,)),
        ),
        ("A",),
        False,
    )
)
UNDECIDED = attempt(
    CheckedQuestion(
        ExamQuestion("=1+1 は?", (ExamOption("-", "@SUM(A1)"), ExamOption("2", "＝2"))),
        "undecided",
        (),
        0.0,
        (JudgedOption("-", "@SUM(A1)", "related", 0.2, (ASIDE,)), JudgedOption("2", "＝2", "not_in_notes", 0.0)),
    ),
    NOON + timedelta(hours=1),
)


# --- JSON


TEXT = st.text(max_size=20)
COUNT = st.integers(0, 10**6)
SHARE = st.floats(0, 1)
LABELS = st.lists(TEXT, max_size=3).map(tuple)
PLACES = st.lists(st.builds(Place, TEXT, COUNT, COUNT), max_size=2).map(tuple)
CITATIONS = st.builds(
    Citation, COUNT, TEXT, COUNT, COUNT, LABELS, TEXT, st.floats(-10, 10), also=PLACES, entries=LABELS, readings=LABELS
)
QUESTIONS = st.builds(
    ExamQuestion,
    TEXT,
    st.lists(st.builds(ExamOption, TEXT, TEXT), max_size=4).map(tuple),
    st.none() | st.integers(0, 5),
    st.booleans(),
    st.sampled_from(["choice", "true_false", "ordering", "matching"]),
    LABELS,
    TEXT,
    TEXT,
    COUNT,
)
JUDGED = st.builds(
    JudgedOption,
    TEXT,
    TEXT,
    st.sampled_from(["supported", "conflicts", "related", "not_in_notes"]),
    SHARE,
    st.lists(CITATIONS, max_size=2).map(tuple),
)
CHECKED = st.builds(
    CheckedQuestion,
    QUESTIONS,
    st.sampled_from(["decided", "undecided"]),
    LABELS,
    SHARE,
    st.lists(JUDGED, max_size=4).map(tuple),
    LABELS,
    st.sampled_from([True, False, None]),
)
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
ATTEMPTS = st.lists(st.builds(attempt, CHECKED, MOMENTS), max_size=3).map(tuple)


@settings(max_examples=60, deadline=None)
@given(ATTEMPTS)
def test_json_is_read_back_as_it_was(attempts: tuple[Attempt, ...]) -> None:
    assert read_export(export(attempts, "json", "ja")) == attempts


@settings(max_examples=25, deadline=None)
@given(ATTEMPTS)
def test_an_export_restores_the_record(tmp_path_factory: pytest.TempPathFactory, attempts: tuple[Attempt, ...]) -> None:
    store = Store(tmp_path_factory.mktemp("index"))
    log = ExamLog(store)
    assert log.restore(read_export(export(attempts, "json", "en"))) == len(attempts)
    assert log.attempts() == attempts
    assert log.restore(attempts) == 0
    store.close()


def test_json_is_read_with_a_byte_order_mark_and_without_what_is_not_known() -> None:
    document = json.loads(export([MISSED], "json", "ja"))
    document["attempts"][0] |= {"identity": "made up", "mood": 1}
    assert read_export("\ufeff" + json.dumps(document)) == (MISSED,)


def test_half_a_character_in_json_becomes_a_whole_one() -> None:
    text = export([MISSED], "json", "ja").replace("標準キュー", "\\ud800")
    (read,) = read_export(text)
    assert read.checked.question.options[0].text == "\ufffd"
    for form in EXPORT_FORMATS:
        assert export([read], form, "ja")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "other"),
        ("version", 2),
        ("attempts", {}),
        ("attempts.0", []),
        ("attempts.0.at", "yesterday"),
        ("attempts.0.at", "0001-01-01T00:00:00"),
        ("attempts.0.at", 5),
        ("attempts.0.support", 1.5),
        ("attempts.0.support", True),
        ("attempts.0.correct", "yes"),
        ("attempts.0.verdict", "sure"),
        ("attempts.0.yours", "B"),
        ("attempts.0.yours", [1]),
        ("attempts.0.question", None),
        ("attempts.0.question.kind", ["choice"]),
        ("attempts.0.question.choose", -1),
        ("attempts.0.question.negated", 0),
        ("attempts.0.question.options.0.text", None),
        ("attempts.0.options.0.citations.0.line_start", "7"),
        ("attempts.0.options.0.citations.0.also", 1),
    ],
)
def test_a_wrong_value_is_an_error_that_names_its_place(path: str, value: Any) -> None:
    with pytest.raises(BadRequest) as caught:
        read_export(changed(path, value))
    assert path.split(".")[-1].replace("0", "attempts[0]") in caught.value.message("ja")


@pytest.mark.parametrize(
    ("path", "value"),
    [("attempts.0.support", float("nan")), ("attempts.0.options.0.citations.0.score", float("inf"))],
)
def test_what_json_has_no_number_for_is_not_read(path: str, value: float) -> None:
    with pytest.raises(BadRequest, match="not JSON"):
        read_export(changed(path, value))


@pytest.mark.parametrize(
    "path",
    ["format", "attempts", "attempts.0.at", "attempts.0.question.stem", "attempts.0.options.0.citations.0.quote"],
)
def test_a_missing_value_is_an_error_that_names_its_place(path: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read_export(changed(path))
    assert path.split(".")[-1] in caught.value.message("ja")


def changed(path: str, *value: Any) -> str:
    """An export with the value at ``path`` in the place of what is there, or without it."""
    document: Any = json.loads(export([MISSED], "json", "ja"))
    *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inner = document
    for part in above:
        inner = inner[part]
    if value:
        (inner[last],) = value
    else:
        del inner[last]
    return json.dumps(document)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", "[" * 100_000, '{"format": "exam-attempts", "version": 1}'])
def test_no_other_text_is_an_export(text: str) -> None:
    with pytest.raises(BadRequest):
        read_export(text)


# --- CSV


def rows(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_csv_has_a_row_for_each_attempt(language: Language) -> None:
    head, missed, undecided = rows(export([MISSED, UNDECIDED], "csv", language))
    row = dict(zip(head, missed, strict=True))
    assert row[say("exam.export.column.stem", language)] == QUESTION.stem
    assert row[say("exam.export.column.yours", language)] == "A"
    assert row[say("exam.export.column.key", language)] == "B"
    assert row[say("exam.export.column.support", language)] == "0.88"
    assert row[say("exam.export.column.result", language)] == say("exam.export.result.wrong", language)
    assert row[say("exam.export.column.sources", language)] == f"下/messaging.md:7-8 {LINE.quote}"
    row = dict(zip(head, undecided, strict=True))
    assert row[say("exam.export.column.answer", language)] == say("exam.export.undecided", language)
    assert row[say("exam.export.column.result", language)] == say("exam.export.result.unanswered", language)
    assert row[say("exam.export.column.sources", language)].startswith("other.md:1 ")


@settings(max_examples=60, deadline=None)
@given(ATTEMPTS, st.sampled_from(["", " ", "\n", "\t"]), st.sampled_from("=+-@＝\t\r"))
def test_no_cell_is_a_formula(attempts: tuple[Attempt, ...], blank: str, sign: str) -> None:
    evil = replace(UNDECIDED.checked, question=replace(UNDECIDED.checked.question, stem=f"{blank}{sign}1", number=sign))
    table = rows(export([*attempts, attempt(evil)], "csv", "ja"))
    assert len(table) == len(attempts) + 2
    for cell in itertools.chain(*table):
        assert not cell.startswith(("\t", "\r"))
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))


# --- Markdown


BREAKS = {"hardbreak": "\n", "softbreak": "\n", "strong_open": "", "strong_close": ""}


def texts(markdown: str) -> list[str]:
    """What is read of each block, line breaks kept; other markup than bold type is shown as ``\0``."""
    found = []
    for token in MarkdownIt().enable(["table", "strikethrough"]).parse(markdown):
        if token.type == "inline":
            children = token.children or ()
            parts = [child.content if child.type == "text" else BREAKS.get(child.type, "\0") for child in children]
            found.append("".join(parts).replace("\u00a0", " "))
    return found


def test_markdown_shows_question_answers_and_quotes() -> None:
    markdown = export([MISSED, UNDECIDED], "md", "ja")
    shown = texts(markdown)
    assert shown[0] == say("exam.export.title", "ja")
    assert shown[1] == "1. 問12 · 不正解"
    assert QUESTION.stem in shown
    assert "B FIFOキュー [sound:x.mp3] — ノートに裏付けあり" in shown
    assert "あなたの解答: A" in shown
    assert "解説: - 解説" in shown
    assert "下/messaging.md:7-8 > メッセージング > Amazon SQS" in shown
    assert "> FIFOキュー: **送った順**\n> <重複>もしない\n" in markdown
    assert "2. 未解答" in shown
    assert [token.type for token in MarkdownIt().parse(markdown)].count("bullet_list_open") == 4


def test_markdown_keeps_the_lines_of_code_in_a_question() -> None:
    stem = "次のうち\n  if a:\n      b()\nはどれか"
    checked = CheckedQuestion(ExamQuestion(stem, ()), "undecided", (), 0.0, ())
    assert stem in texts(export([attempt(checked)], "md", "ja"))


LINES = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=25)
MARKED = st.sampled_from([
    "# a", "- a", "+ a", "* a", "1. a", "1) a", "1.", "2.5 a", "> a", "    a", "```", "~~~", "===", "---", "***", "[a]: b", "a | b",
    "--- | ---", "&amp;", "<!-- a", "<script>", "<http://a.b>", "http://a.b", "![a](b)", "[a](b)", "`a`", "*a*", "__a__",
    "~~a~~", "\\", "a\\",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES | MARKED, min_size=1, max_size=5))
def test_no_mark_in_a_question_is_markdown(lines: list[str]) -> None:
    stem = "\n".join(lines)
    checked = CheckedQuestion(ExamQuestion(stem, ()), "undecided", (), 0.0, (JudgedOption("A", stem, "related", 0.1),))
    wanted = [line.split() for line in stem.splitlines() if line.strip()]
    if not wanted:
        return
    shown = texts(export([attempt(checked)], "md", "en"))
    assert [line.split() for line in shown[2].split("\n")] == wanted
    option = shown[3].removesuffix(f" — {say('exam.export.support.related', 'en')}").removeprefix("A ")
    assert [line.split() for line in option.split("\n")] == wanted


# --- Anki


def opened(data: bytes) -> dict[str, Any]:
    """Deck, note types and notes of a package."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["collection.anki2", "media"]
        connection = sqlite3.connect(archive.extract("collection.anki2", folder))
        (decks, models) = connection.execute("SELECT decks, models FROM col").fetchone()
        notes = connection.execute("SELECT guid, mid, tags, flds FROM notes ORDER BY id").fetchall()
        cards = connection.execute("SELECT did, ord FROM cards").fetchall()
        connection.close()
    return {"decks": json.loads(decks), "models": json.loads(models), "notes": notes, "cards": cards}


def test_a_card_asks_the_question_and_answers_with_the_quotes() -> None:
    deck = opened(export([MISSED, UNDECIDED], "apkg", "ja"))
    (model,) = deck["models"].values()
    assert [field["name"] for field in model["flds"]] == ["Question", "Options", "Answer", "Explanation", "Sources"]
    assert "{{Options}}" in model["tmpls"][0]["qfmt"]
    assert "{{Sources}}" in model["tmpls"][0]["afmt"]
    assert ".nightMode" in model["css"]
    assert len(deck["cards"]) == 2
    (did,) = {did for did, _ in deck["cards"]}
    assert deck["decks"][str(did)]["name"] == say("exam.export.title", "ja")

    (_, mid, tags, fields), (_, _, other_tags, other_fields) = deck["notes"]
    assert str(mid) in deck["models"]
    question, options, answer, explanation, sources = fields.split("\x1f")
    assert "&lt;b&gt;一つ&lt;/b&gt;選べ &amp; 答えよ" in question
    assert options.count("<b>") == 2
    assert "FIFOキュー &#91;sound:x.mp3]" in options
    assert say("exam.export.by_key", "ja") in answer
    assert "<b>B</b>FIFOキュー" in answer
    assert "標準キュー" not in answer
    assert "- 解説" in explanation
    assert "下/messaging.md:7-8 &gt; メッセージング" in sources
    assert "**送った順**\n&lt;重複&gt;もしない" in sources
    assert "標準の行" not in sources
    assert tags.split() == [say("exam.export.tag.missed", "ja")]

    _, _, answer, explanation, sources = other_fields.split("\x1f")
    assert say("exam.export.no_answer", "ja") in answer
    assert explanation == ""
    assert "標準の行" in sources
    assert other_tags.split() == [say("exam.export.tag.undecided", "ja")]


def test_importing_again_updates_the_cards() -> None:
    relabelled = replace(
        MISSED.checked,
        question=replace(
            QUESTION,
            options=(ExamOption("ア", "FIFOキュー [sound:x.mp3]"), ExamOption("イ", "標準キュー")),
            key=("ア",),
        ),
    )
    first = opened(export([MISSED, UNDECIDED], "apkg", "ja"))
    again = opened(export([UNDECIDED, MISSED, attempt(relabelled)], "apkg", "en"))
    assert {note[0] for note in first["notes"]} == {note[0] for note in again["notes"]}
    assert len(again["notes"]) == 2
    assert first["models"].keys() == again["models"].keys()
    assert first["decks"].keys() == again["decks"].keys()
    assert "<b>ア</b>" in again["notes"][1][3]


def test_an_answer_of_the_notes_stands_in_for_a_missing_key() -> None:
    keyless = attempt(replace(MISSED.checked, question=replace(QUESTION, key=())))
    ((_, _, _, fields),) = opened(export([keyless], "apkg", "en"))["notes"]
    answer = fields.split("\x1f")[2]
    assert escape(say("exam.export.by_notes", "en")) in answer
    assert "<b>B</b>" in answer


@settings(max_examples=25, deadline=None)
@given(ATTEMPTS)
def test_any_record_makes_a_package(attempts: tuple[Attempt, ...]) -> None:
    deck = opened(export(attempts, "apkg", "ja"))
    assert len(deck["notes"]) == len(deck["cards"]) == len({one.identity for one in attempts})
    for *_, fields in deck["notes"]:
        assert len(fields.split("\x1f")) == 5


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    export([MISSED], "apkg", "ja")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_empty_record_can_be_exported(language: Language) -> None:
    assert texts(export([], "md", language)) == [say("exam.export.title", language)]
    assert read_export(export([], "json", language)) == ()
    assert len(rows(export([], "csv", language))) == 1
    assert opened(export([], "apkg", language))["notes"] == []
