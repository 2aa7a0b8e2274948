"""Which words of a question are marked in a note."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.faces.ui.marks import asked, marked, typed
from assistant.faces.ui.markup import format_lines, inline
from assistant.records import SourceLine


def found(question: str, text: str) -> list[str]:
    return [text[first:end] for first, end in asked(question)(text)]


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("TLSとは？", "TLSは通信を暗号化する。", ["TLS"]),
        ("通信を暗号化するのは？", "通信が暗号化される", ["通信", "暗号化"]),  # endings and particles stay out
        ("ｔｌｓ", "TLS 1.3", ["TLS"]),
        ("SQS", "SQSとSQSFIFO", ["SQS"]),  # whole words
        ("Step Functionsの役割", "AWS Step Functions は", ["Step Functions"]),
        ("What is the role of SSH?", "The role is what SSH plays", ["role", "SSH"]),
        ("鍵は？", "鍵の管理", []),  # one character is hardly a word
        ("データ", "データベース", ["データ"]),
        ("ためにするのは", "するためのもの", []),
        ("", "何か", []),
    ],
)
def test_what_a_question_and_a_line_share(question: str, text: str, words: list[str]) -> None:
    assert found(question, text) == words


def test_typed_words_are_found_within_others() -> None:
    text = "SageMaker と Make"
    assert [text[a:b] for a, b in typed("make")(text)] == ["Make", "Make"]
    assert typed("  ")(text) == []


@given(st.text(), st.text())
def test_marking_changes_nothing_but_marks(question: str, text: str) -> None:
    for marker in (asked(question), typed(question), asked(text), typed(text)):
        spans = marker(text)
        assert all(0 <= first < end <= len(text) for first, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        shown = marked(text, marker)
        assert unescape(re.sub("</?mark>", "", shown)) == unescape(marked(text, None))


@given(st.text("漢字かなAZ *`|#-<>![](\"'", max_size=40), st.text("漢字かなAZ", max_size=8))
def test_a_line_keeps_its_markup(text: str, question: str) -> None:
    shown = inline(text, "ja", None, asked(question))
    assert re.sub("</?mark>", "", shown) == inline(text, "ja")


def test_every_kind_of_line_is_marked() -> None:
    lines = ["## TLS", "- TLS", "> TLS", "| TLS | x |", "**TLS**", "`TLS`", "```", "TLS", "```", "TLS"]
    shown = format_lines([SourceLine(n, text) for n, text in enumerate(lines, 1)], "ja", lambda _: None, asked("TLS"))
    assert [line.number for line in shown if "<mark>TLS</mark>" in line.html] == [1, 2, 3, 4, 5, 6, 8, 10]
