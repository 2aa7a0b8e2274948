"""Lines that ask instead of telling."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.openquestions import is_open_question, is_option, is_question
from assistant.notes import parse


@pytest.mark.parametrize(
    "text",
    [
        "隠れ端末問題とは。",
        "MIMOとは",
        "LANとWANの違いは。",
        "PPPはどの層で使われるか。（基本情報）",
        "CSMA/CDは何の略か",
        "How does it work?",
        "なぜ速い？",
    ],
)
def test_a_line_that_asks(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "機器の監視",
        "MIMOとは複数のアンテナを使う技術",
        "目標復旧時点：どこまで戻すか",
        "RPO。どの時点まで戻すか",
        "それから",
        "二つの違いは、戻りの通信を覚えているかどうか。",
        "",
        "か",
    ],
)
def test_a_line_that_tells(text: str) -> None:
    assert not is_question(text)


def test_what_follows_may_be_the_answer() -> None:
    (section,) = parse("# a\n1. ARPとは。\n2. DNSとは。\n   - 名前からアドレスを引く\n3. NTPとは。\n", "a.md")
    texts = [unit.text for unit in section.units]
    is_open = [is_open_question(section.units, index) for index in range(len(texts))]
    assert is_open == [True, False, False, True]


def test_among_questions_a_number_of_things_asks_as_well() -> None:
    text = "# a\n- ARPとは。\n- LANの機能3つ。\n- NTPとは。\n- PPPの段階5つ\n- 帆柱：2本\n- 錨とは。\n"
    (section,) = parse(text, "a.md")
    is_open = [is_open_question(section.units, index) for index in range(6)]
    assert is_open == [True, True, True, False, False, True]  # after 「段階5つ」 something is told
    (section,) = parse("# a\n- 帆は3つ\n- 錨が2つ\n- 舵\n- 鎖1つ\n", "a.md")
    assert not any(is_open_question(section.units, index) for index in range(4))


EXAM = """\
# 錨
錨の役割はどれか。

- ア. 帆を張る
- イ. 船を留める
- ウ. 風を測る

正解：イ
"""


def test_the_options_of_an_exam_question_follow_what_has_one_chosen() -> None:
    (section,) = parse(EXAM, "a.md")
    units = section.units
    assert [is_option(units, index) for index in range(len(units))] == [False, True, True, True, False]
    assert is_open_question(units, 0)


@pytest.mark.parametrize(
    "text",
    [
        "# 錨\nどれか一つが切れると危ない。\n- 鎖\n- 環\n- 爪\n",
        "# 錨\n爪の形はどれか。\n- 平たいもの\n- 尖ったもの\n",  # two may be the answer
        "# 錨\n部品:\n- 鎖\n- 環\n- 爪\n",
        "# 錨\n- 部品を選べ\n- 鎖\n- 環\n- 爪\n",
    ],
)
def test_other_lists_are_no_options(text: str) -> None:
    (section,) = parse(text, "a.md")
    assert not any(is_option(section.units, index) for index in range(len(section.units)))


def test_a_row_answers_by_its_cells() -> None:
    (section,) = parse("# a\n| 用語 | 意味 |\n|---|---|\n| RPO | どこまで戻すか |\n", "a.md")
    assert not any(is_open_question(section.units, index) for index in range(len(section.units)))


@given(st.text(max_size=60))
def test_any_text_asks_or_tells(text: str) -> None:
    assert is_question(text) in (True, False)


@pytest.mark.parametrize("text", ["(" * 20_000, "（あ）" * 7_000, "何" * 20_000, "。 " * 20_000])
def test_a_long_line_is_told_in_time(text: str) -> None:
    begun = time.perf_counter()
    is_question(text)
    assert time.perf_counter() - begun < 0.5
