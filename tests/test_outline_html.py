"""The outline's HTML, built from the outline's records alone."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.faces.ui.outline import Outline, Selection, waiting
from assistant.messages import Language
from assistant.records import OutlineSection

OUTLINE = (
    OutlineSection("net.md", ("通信",), 1, 1, 1, "empty"),
    OutlineSection("net.md", ("通信", "TLS"), 2, 3, 6, "ok"),
    OutlineSection("net.md", ("通信", "TLS", "**握手**"), 3, 7, 9, "image_only"),
    OutlineSection("net.md", ("通信", "SSH"), 2, 10, 12, "duplicate"),
    OutlineSection("sub/店.md", (), 0, 1, 2, "ok"),
    OutlineSection("sub/店.md", ("ＳＳＨの鍵屋",), 1, 3, 5, "ok"),
)

ALLOWED = {"b", "button", "circle", "details", "div", "i", "li", "mark", "ol", "p", "path", "small", "span", "summary"}
ALLOWED |= {"svg"}


def rows(shown: str) -> list[str]:
    return re.findall(r'class="nq-section".*?</button>', shown)


def titles(shown: str) -> list[str]:
    found = (re.search(r'<span class="nq-section-title">(.*?)</span><span class="nq-', row) for row in rows(shown))
    return [unescape(re.sub("<[^>]+>", "", match[1])) for match in found if match]


def attribute(name: str, text: str) -> list[str]:
    return [unescape(value) for value in re.findall(rf'{name}="([^"]*)"', text)]


def many(files: int, sections: int) -> Outline:
    return Outline(
        OutlineSection(f"{f:03d}.md", (f"節 {f}-{s}",), 1, s * 3 + 1, s * 3 + 2, "ok")
        for f in range(files)
        for s in range(sections)
    )


def show(outline: Outline, language: Language = "ja", **wanted: Any) -> str:
    return outline.html(Selection(**wanted), language)


def test_every_section_opens_at_its_line() -> None:
    shown = show(Outline(OUTLINE))
    assert [attribute("data-line", row) for row in rows(shown)] == [["1"], ["3"], ["7"], ["10"], ["1"], ["3"]]
    assert [attribute("data-file", row)[0] for row in rows(shown)] == ["net.md"] * 4 + ["sub/店.md"] * 2
    assert titles(shown) == ["通信", "TLS", "握手", "SSH", "（最初の見出しより前）", "ＳＳＨの鍵屋"]
    assert attribute("style", shown) == [f"--depth:{depth}" for depth in (0, 1, 2, 1, 0, 1)]
    assert "3–6" in rows(shown)[1]


def test_states_are_named_on_their_rows_and_counted() -> None:
    shown = show(Outline(OUTLINE))
    states = re.findall(r'data-state="(\w*)" aria-pressed="(\w+)">[^<]+<b>(\d+)</b>', shown)
    assert states == [
        ("", "true", "6"),
        ("ok", "false", "3"),
        ("empty", "false", "1"),
        ("image_only", "false", "1"),
        ("duplicate", "false", "1"),
    ]
    assert [re.findall(r"nq-is-(\w+)", row) for row in rows(shown)][:4] == [
        ["empty"],
        [],
        ["image_only"],
        ["duplicate"],
    ]
    first, second = re.findall("<summary.*?</summary>", shown)
    assert "4 節" in first
    assert "本文なし 1" in first
    assert "nq-badge" not in second


def test_a_state_that_no_section_is_in_has_no_button() -> None:
    assert "duplicate" not in show(Outline(OUTLINE[:2]))


def test_a_state_narrows_the_sections_down() -> None:
    shown = show(Outline(OUTLINE), state="image_only")
    assert titles(shown) == ["通信 › TLS › 握手"]  # picked out of its surroundings, it names them
    assert "1 / 4 節" in shown
    assert 'data-state="image_only" aria-pressed="true"' in shown
    assert 'data-state="" aria-pressed="false"' in shown


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ssh", ["通信 › SSH", "ＳＳＨの鍵屋"]),
        ("通信 ssh", ["通信 › SSH"]),
        ("通信", ["通信"]),  # not everything below it
        ("店.md", ["（最初の見出しより前）", "ＳＳＨの鍵屋"]),
        ("握手", ["通信 › TLS › 握手"]),
        ("  ", ["通信", "TLS", "握手", "SSH", "（最初の見出しより前）", "ＳＳＨの鍵屋"]),
    ],
)
def test_words_narrow_the_sections_down(words: str, found: list[str]) -> None:
    assert titles(show(Outline(OUTLINE), words=words)) == found


def test_the_words_typed_are_marked() -> None:
    shown = show(Outline(OUTLINE), words="ssh")
    assert re.findall("<mark>(.*?)</mark>", shown) == ["SSH", "ＳＳＨ"]
    assert attribute("data-asked", shown) == ["ssh"]  # for the note panel


def test_words_without_a_match_say_so() -> None:
    shown = show(Outline(OUTLINE), words="量子")
    assert "当てはまる節はありません" in shown
    assert not rows(shown)
    assert "No section matches" in show(Outline(()), "en")


def test_many_sections_begin_as_closed_files_with_their_counts() -> None:
    shown = show(many(50, 100))
    assert shown.count("<details") == 50
    assert " open>" not in shown
    assert "100 節" in shown
    assert not rows(shown)
    assert len(shown) < 30_000


def test_a_file_that_was_opened_shows_a_portion_and_how_to_go_on() -> None:
    outline = many(3, 1000)
    (opening,) = re.findall(r'data-toggle="001.md" data-rows="(\d+)"', show(outline))
    shown = show(outline, shown={"001.md": int(opening)})
    assert len(rows(shown)) == int(opening) < 1000
    close, more = re.findall(r'data-toggle="001.md" data-rows="(\d+)"', shown)
    assert close == "0"
    assert f"残り {1000 - int(opening)} 節" in shown
    assert len(rows(show(outline, shown={"001.md": int(more)}))) == int(more) > int(opening)
    last = show(outline, shown={"001.md": 1000})
    assert len(rows(last)) == 1000
    assert "nq-more" not in last


def test_a_file_that_was_closed_stays_closed() -> None:
    shown = show(Outline(OUTLINE), shown={"net.md": 0})
    assert titles(shown) == ["（最初の見出しより前）", "ＳＳＨの鍵屋"]


def test_what_many_sections_match_is_shown_up_to_a_limit() -> None:
    shown = show(many(50, 100), words="節")
    assert 0 < len(rows(shown)) <= 300
    assert shown.count("<details") == 50
    assert re.search("<b>([^<]+)</b>", shown)[1] == "5,000"  # type: ignore[index]


@pytest.mark.parametrize(
    "request_", [None, 1, "x", [], ["a"], [1, 2, 3], ["a", "nonsense", {"f": "g"}], [None, [], []]]
)
def test_an_odd_request_is_taken_for_what_can_be_made_of_it(request_: object) -> None:
    selection = Selection.read(request_)
    assert selection.state is None
    assert not selection.shown


def test_a_request_is_read() -> None:
    assert Selection.read(["tls", "empty", {"a.md": 3, "b.md": -1}]) == Selection("tls", "empty", {"a.md": 3})


@given(st.text(), st.text(), st.text())
def test_nothing_from_a_note_becomes_markup(file: str, heading: str, words: str) -> None:
    evil = "\"'><img src=x onerror=alert(1)>"
    section = OutlineSection(file + evil, (evil + heading, heading + evil), 2, 1, 2, "empty")
    for shown in (show(Outline([section])), show(Outline([section]), words=words + "img"), waiting(evil)):
        assert set(re.findall(r"<(\w+)", shown)) <= ALLOWED
        assert "onerror=alert" not in re.sub(r'"[^"]*"|>[^<]*<', "", shown)
