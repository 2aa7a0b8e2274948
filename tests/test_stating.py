"""What the options of an exam question state: themselves, all the others, or items that the stem lists."""

from __future__ import annotations

import time

import numpy as np
import pytest

from assistant.examrecords import ExamOption, ExamQuestion
from assistant.exams.judging.anchors import Anchors
from assistant.exams.judging.stating import stating_of
from assistant.exams.judging.wholeoptions import whole_options
from assistant.exams.paste.asking import without_asking


def question(stem: str, *options: str, negated: bool = False) -> ExamQuestion:
    return ExamQuestion(
        stem, tuple(ExamOption(str(at), text) for at, text in enumerate(options, 1)), 1, negated=negated
    )


@pytest.mark.parametrize(
    "text",
    [
        "すべて正しい",
        "上記のすべて",
        "いずれも適切である",
        "全部",
        "All of the above",
        "both of them",
        "All are correct.",
    ],
)
def test_an_option_may_say_that_all_the_others_are_right(text: str) -> None:
    assert whole_options(["赤い", "青い", text]) == {2: "all"}


@pytest.mark.parametrize(
    "text",
    [
        "該当なし",
        "該当するものはない",
        "上記のいずれでもない",
        "正しいものはない",
        "どれも正しくない",
        "None of these.",
    ],
)
def test_an_option_may_say_that_none_of_the_others_is_right(text: str) -> None:
    assert whole_options(["赤い", "青い", text]) == {2: "none"}


@pytest.mark.parametrize(
    "text", ["すべての部屋", "なし", "どれも割れない", "All of the rooms", "すべて決めた後に確かめる"]
)
def test_what_says_something_of_a_thing_is_an_option_like_others(text: str) -> None:
    assert whole_options(["赤い", "青い", text]) == {}


def test_of_two_options_none_speaks_of_all_the_others() -> None:
    assert whole_options(["すべて", "なし"]) == {}


def test_that_all_are_right_stands_out_where_the_others_are_alike() -> None:
    stating = stating_of(question("どれ？", "赤い", "丸い", "甘い", "すべて正しい"))
    assert [option.text for option in stating.statements.options] == ["赤い", "丸い", "甘い"]
    assert stating.standing(np.array([-2.0, -2.2, -2.4])).argmax() == 3
    assert stating.standing(np.array([-2.0, -6.0, -5.0])).argmax() == 0
    assert stating.stated([3]) == ([0, 1, 2], [])
    assert stating.stated([1]) == ([1], [0, 2])


def test_all_may_be_what_the_stem_asks_for() -> None:
    assert whole_options(["赤い", "青い", "すべて有効"], "有効な色はどれか。") == {2: "all"}
    assert whole_options(["赤い", "青い", "すべて有効"], "明るい色はどれか。") == {}


def test_one_is_not_told_from_all_by_what_the_notes_say_of_it() -> None:
    stating = stating_of(question("どれ？", "赤い", "丸い", "甘い", "すべて正しい"))
    assert stating.leaves_open([0])
    assert not stating.leaves_open([3])
    assert not stating_of(question("どれ？", "赤い", "丸い", "該当なし")).leaves_open([0])


def test_that_none_is_right_never_stands_out() -> None:
    for options in (("赤い", "丸い", "該当なし"), ("赤い", "該当なし", "丸い")):
        stating = stating_of(question("どれ？", *options))
        assert options[int(stating.standing(np.array([-9.0, -9.1])).argmax())] == "赤い"


def test_that_all_are_right_is_no_answer_where_the_wrong_one_is_asked_for() -> None:
    stating = stating_of(question("誤っているものはどれ？", "赤い", "丸い", "すべて正しい", negated=True))
    assert stating.standing(np.array([2.0, 2.1])).argmax() == 1


ITEMS = "正しいものの組合せはどれか。\nａ　りんごは赤い。\nｂ　海は甘い。\nｃ　空は青い。"


def test_options_that_name_items_of_the_stem_state_those() -> None:
    stating = stating_of(question(ITEMS, "ａ，ｂ", "ａ と ｃ", "ｂのみ", "a、b及びc"))
    assert stating.statements.stem == "正しいものの組合せはどれか。"
    assert [option.text for option in stating.statements.options] == ["りんごは赤い。", "海は甘い。", "空は青い。"]
    assert stating.claims == ((0, 1), (0, 2), (1,), (0, 1, 2))
    assert stating.standing(np.array([-2.0, -6.0, -2.5])).argmax() == 1
    assert stating.stated([1]) == ([0, 2], [1])


@pytest.mark.parametrize("options", [("ａ，ｂ", "ａ，ｄ"), ("ａ，ｂ", "空は青い")])
def test_options_that_name_something_else_state_themselves(options: tuple[str, str]) -> None:
    assert [option.text for option in stating_of(question(ITEMS, *options)).statements.options] == list(options)


@pytest.mark.parametrize(
    "text", ["Amazon SNS", "リスクの移転", "支払い", "ファイアウォールである。", "機械学習", "S3 Glacier"]
)
def test_a_name_is_told_from_what_is_said_of_it(text: str) -> None:
    assert Anchors.is_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "SPFを設定する。",
        "TCPで送る",
        "DRAMよりもビット単価が安い。",
        "NACLs are stateless.",
        "企業の競争力の中核となる能力",
    ],
)
def test_what_says_something_is_no_name_though_names_are_most_of_it(text: str) -> None:
    assert not Anchors.is_name(text)


@pytest.mark.parametrize(
    ("stem", "left"),
    [
        ("ARPの説明として，適切なものはどれか。", "ARP"),
        ("りんごについて正しい記述はどれか。", "りんご"),
        ("Which of the following statements about apples is NOT correct?", "apples"),
    ],
)
def test_the_words_that_ask_are_told_from_what_is_asked_about(stem: str, left: str) -> None:
    kept = without_asking(stem)
    assert left in kept
    assert not any(word in kept for word in ("説明", "適切", "記述", "正し", "statements", "correct", "NOT"))


def test_long_options_take_no_longer_than_they_are_long() -> None:
    begun = time.perf_counter()
    for text in ("が" * 20_000, "ア" * 12_000 + "が" * 8_000, "a" + " " * 20_000, "、" * 20_000, "の" * 20_000):
        Anchors.is_name(text)
        stating_of(question(ITEMS, text, text, text))
        without_asking(text)
    assert time.perf_counter() - begun < 2.0
