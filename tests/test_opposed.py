"""Whether a line denies a claim, word for word: by "not", by an amount, by who does what to whom."""

from __future__ import annotations

import pytest

from assistant.exams.judging.opposed import denies

LINE = "自転車置き場は、屋根があり、夜間の照明や監視カメラは無く、予約もできない"


@pytest.mark.parametrize(
    ("claim", "line", "denied"),
    [
        ("屋根がある", LINE, False),
        ("監視カメラがある", LINE, True),
        ("監視カメラがない", LINE, False),
        ("予約ができる", LINE, True),
        ("予約はできない", LINE, False),
        ("事前の登録が必要である", "会員であるため事前の登録不要", True),
        ("会員である", "会員であるため事前の登録不要", False),
        ("団体の見学に対応していない", "個人、団体、学校など、さまざまな見学に対応しています", True),
        ("写真の持ち込みができる", "写真の持ち込みはサポート外", True),
        ("職員だけが変更する", "職員しか変更できない", False),
        ("鍵を返却しなければならない", "帰りに鍵を返却する", False),
        ("30 日間保存する", "記録は 90 日間保存", True),
        ("90 日間保存する", "記録は 90 日間保存", False),
        ("記録を 30 分ごとに保存する", "記録は 90 日間保存", None),
        ("文章を音声に変える", "音声を文章に変える道具", True),
        ("音声を文章に変える", "音声を文章に変える道具", False),
        ("実験模型の実験を速くする", "実験模型の計算を速くする", None),
        ("the shop opens on sunday", "The shop does not open on Sunday", None),
        ("members can book a seat", "Members cannot book a seat", True),
        ("it turns speech into text", "turns text to speech", True),
        ("it turns text into speech", "turns text to speech", False),
        ("", "記録は 90 日間保存", None),
        ("。", "", None),
    ],
)
def test_a_line_denies_a_claim_of_the_same_words(claim: str, line: str, denied: bool | None) -> None:
    assert denies(claim, line) is denied


def test_what_the_claim_is_about_need_not_stand_in_the_line() -> None:
    assert denies("駐輪場は予約ができる", "予約はできない") is None
    assert denies("駐輪場は予約ができる", "予約はできない", "駐輪場") is True


@pytest.mark.parametrize(
    "text", ["あ、" * 50_000, "1 " * 50_000, " " * 50_000, "が、は" * 40_000, "a to " * 20_000, "「の" * 50_000]
)
def test_long_texts_are_read_in_no_time(text: str) -> None:
    assert denies(text, text) in (None, False)
