"""Questions that only a number announces: which numbers are theirs, and what stands above them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.exams.paste.examtext import parse_exam

NUMBERS = (
    "{}. ",
    "({}) ",
    "{}) ",
    "[{}] ",
    "{}　",
    "{} - ",
    "1-{} ",
    "【{}】",
    "{}：",
    "（{}）",
    "**{}.** ",
    "### {}. ",
    "{}\n",
)
LABELS = (
    ("ABCDE", "{}. "), ("abcde", "{}) "), ("ABCDE", "({}) "), ("アイウエオ", "{} "), ("アイウエオ", "{}　"),
    ("①②③④⑤", "{} "), ("ⒶⒷⒸⒹⒺ", "{} "), ("イロハニホ", "{}．"), ("ABCDE", "   {}) "),
)  # fmt: skip
ABOVE = (
    "", "第1章 色\n", "Section 2\n\n", "次の各問に答えよ。\n\n", "次の問いに答えなさい。\n", "【一般常識】\n",
    "Directions: Choose the best answer for each question.\n\n", "Chapter 3 Review\n\nMultiple Choice\n",
)  # fmt: skip
STEMS = ("色を表すものはどれか。", "Which of these names a color?", "船が港に着いた。\n荷は何色か。", "最も高い山は？")
TEXTS = ("赤", "港の灯り", "白い箱", "Harbor", "a red box", "3.5 m", "use plan", "灯台へ歩く。")


def read(text: str) -> list[tuple[str, str, list[str]]]:
    return [(one.number, one.stem, [option.text for option in one.options]) for one in parse_exam(text).questions]


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, list[tuple[str, list[str]]]]:
    """A sheet of numbered questions below a title or an instruction, and what a person reads in it."""
    number, (alphabet, label) = draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(LABELS))
    above, gap = draw(st.sampled_from(ABOVE)), draw(st.sampled_from(["\n", "\n\n", "\n- 7 -\n", "\nPage 2 of 9\n\n"]))
    inline = draw(st.booleans())
    first, count = draw(st.integers(1, 30)), draw(st.integers(2, 4))
    rows, wanted = [], []
    for at in range(first, first + count):
        stem = draw(st.sampled_from(STEMS))
        texts = draw(st.lists(st.sampled_from(TEXTS), min_size=3, max_size=5, unique=True))
        options = [label.format(sign) + text for sign, text in zip(alphabet, texts, strict=False)]
        told = f" {'　'.join(option.strip() for option in options)}" if inline else "\n" + "\n".join(options)
        rows.append(f"{number.format(at)}{stem}{told}")
        wanted.append((stem, texts))
    return above + gap.join(rows), wanted


@settings(max_examples=200, deadline=None)
@given(sheets())
def test_a_sheet_of_numbered_questions_is_read(sheet: tuple[str, list[tuple[str, list[str]]]]) -> None:
    text, wanted = sheet
    exam = parse_exam(text)
    assert exam.problems == ()
    assert [(one.stem, [option.text for option in one.options]) for one in exam.questions] == wanted


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("number", ["{}. ", "({}) ", "{}) ", "{}　"])
def test_a_question_without_options_before_one_with_options_on_its_line(number: str, gap: str) -> None:
    rows = [number.format(1) + "色とは何か。", number.format(2) + "場所はどれか。 ア 青 イ 港"]
    exam = parse_exam(gap.join(rows))
    assert read(gap.join(rows)) == [("2", "場所はどれか。", ["青", "港"])]
    assert [(problem.text, problem.reason) for problem in exam.problems] == [(rows[0], "exam.problem.no_options")]


@pytest.mark.parametrize(
    "above",
    ["第1章", "第2章 細胞\n次の問いに答えなさい。", "次の各問に答えよ。", "Section 2", "Part A: Multiple Choice (10 points)",
     "Directions: Choose the best answer for each question.", "Name: ______  Date: ______", "教えてください！"],
)  # fmt: skip
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_what_leads_to_the_only_question_is_no_part_of_it(above: str, gap: str) -> None:
    text = f"{above}{gap}1. 色を表すものはどれか。 ア 赤 イ 港"
    assert read(text) == [("1", "色を表すものはどれか。", ["赤", "港"])]
    assert parse_exam(text).problems == ()


def test_what_has_to_be_known_for_the_only_question_stays_in_it() -> None:
    text = "ある港の話である。船は赤い。\n\n1. 船の色はどれか。\nA. 赤\nB. 青"
    assert read(text) == [("", "ある港の話である。船は赤い。\n\n1. 船の色はどれか。", ["赤", "青"])]


@pytest.mark.parametrize(
    "stem",
    [
        "A harbor has two needs:\n1. Low cost\n2. High speed\nWhich color fits?",
        "Requirements:\n\n1. Is it fast?\n2. Is it cheap?\n\nWhich color fits?",
        "次の条件がある。\n(1) 安い。\n(2) 速い。\n(3) 軽い。\n\n合う色はどれか。",
        "RAID 5 で使う色はどれか。",
        "3 箱の荷がある。\n2 箱は赤い。\n1 箱の色はどれか。",
    ],
)
@pytest.mark.parametrize("options", ["A. 赤\nB. 青\nC. 白", "① 赤\n② 青\n③ 白"])
def test_numbers_within_a_stem_stay_there(stem: str, options: str) -> None:
    assert read(f"{stem}\n{options}") == [("", stem, ["赤", "青", "白"])]


def test_options_that_hold_lists_are_no_questions() -> None:
    text = "正しい手順はどれか。\n1. 準備\n   a. 机を出す\n   b. 椅子を出す\n2. 実行\n   a. 書く\n   b. 読む"
    assert read(text) == [("", "正しい手順はどれか。", ["準備 a. 机を出す b. 椅子を出す", "実行 a. 書く b. 読む"])]


def test_questions_and_options_with_the_same_numbers() -> None:
    questions = [f"{at}. 第{at}の色はどれか。\n1. 赤\n2. 青\n3. 白\n4. 黒\n" for at in range(1, 7)]
    wanted = [(str(at), f"第{at}の色はどれか。", ["赤", "青", "白", "黒"]) for at in range(1, 7)]
    assert read("".join(questions)) == wanted


def test_an_instruction_between_questions_is_told_from_a_question() -> None:
    rows = ["1. 色はどれか。\nA. 赤\nB. 港", "次の問いに答えなさい。", "2. 場所はどれか。\nA. 赤\nB. 港"]
    assert parse_exam("\n\n".join(rows)).problems == ()
    rows[1] = "港とは何か。"
    assert [problem.text for problem in parse_exam("\n\n".join(rows)).problems] == ["港とは何か。"]


def test_the_number_of_a_part_above_its_questions_is_no_question() -> None:
    text = (
        "第1問　次の問い（問1～問2）に答えよ。\n\n問1　色はどれか。\n①　赤　②　港\n\n問2　場所はどれか。\n①　赤　②　港"
    )
    assert [stem for _, stem, _ in read(text)] == ["色はどれか。", "場所はどれか。"]
    assert parse_exam(text).problems == ()


def test_statements_numbered_like_the_questions_stay_in_their_stem() -> None:
    first = "Consider the following statements:\n1. The Moon is red.\n2. The Sun is red.\nWhich of them is correct?"
    second = "Consider the following pairs:\n1. a : b\n2. c : d\n3. e : f\nHow many are correct?"
    options = "(a) 1 only\n(b) 2 only\n(c) Both"
    told = ["1 only", "2 only", "Both"]
    assert read(f"1. {first}\n{options}\n\n2. {second}\n{options}") == [("1", first, told), ("2", second, told)]


def test_lines_that_begin_with_an_amount_are_no_questions() -> None:
    stem = "There are {} boxes.\n{} of them are red.\nWhat color is the last?"
    options = "a) blue  b) red  c) green"
    text = "\n".join(f"{at}) {stem.format(at + 2, at + 1)}\n{options}" for at in (1, 2))
    wanted = [(str(at), stem.format(at + 2, at + 1), ["blue", "red", "green"]) for at in (1, 2)]
    assert read(text) == wanted


def test_lists_in_an_explanation_are_no_questions() -> None:
    explained = "解説:\n1) 種類は何か。\n a. 赤\n b. 青\n2) 用途は何か。\n a. 絵\n b. 布"
    rows = [f"{at}. 色はどれか。\nA. 赤\nB. 港\n正解: A\n{explained}" for at in (1, 2)]
    assert [number for number, *_ in read("\n\n".join([*rows, "3. 場所はどれか。\nA. 赤\nB. 港"]))][:2] == ["1", "2"]


@pytest.mark.parametrize(
    "number", ["Q.{}", "Q. {}", "QUESTION NO: {}", "Item {}.", "Frage {}:", "（　　）{}.", "[午前 {}]", "___ {}."]
)
def test_numbers_with_what_sites_print_around_them(number: str) -> None:
    rows = [f"{number.format(at)} Which is a color?\n(a) red\n(b) sea\nAns: (a)" for at in (1, 2)]
    exam = parse_exam("\n\n".join(rows))
    assert [(one.stem, one.key) for one in exam.questions] == [("Which is a color?", ("a",))] * 2
    assert len({one.number for one in exam.questions}) == 2


def test_a_question_without_a_number_behind_the_keys_of_numbered_ones() -> None:
    rows = [
        "1. 色はどれか。\nA. 赤\nB. 海",
        "2. 場所はどれか。\nA. 青\nB. 港",
        "解答: 1-A, 2-B",
        "荷はどれか。\nイ．箱\nロ．海",
    ]
    exam = parse_exam("\n\n".join(rows))
    assert [(one.stem, one.key) for one in exam.questions] == [
        ("色はどれか。", ("A",)),
        ("場所はどれか。", ("B",)),
        ("荷はどれか。", ()),
    ]


def test_explanations_numbered_like_the_options_are_no_questions() -> None:
    told = "正解 2\n解説\n1. 赤は色である。\n2. 港は場所である。\n3. 箱は物である。"
    rows = [f"{at}. 第{at}の場所はどれか。\n1. 赤\n2. 港\n3. 箱\n{told}" for at in range(1, 5)]
    exam = parse_exam("\n\n".join(rows))
    assert [(one.stem, one.key) for one in exam.questions] == [
        (f"第{at}の場所はどれか。", ("2",)) for at in range(1, 5)
    ]


def test_sentences_to_complete_below_one_instruction() -> None:
    text = "問題：（　）に入るものを一つ選びなさい。\n\n1　雨が降った（　）、中止になった。\n1　ので　　2　のに　　3　けど\n\n"
    text += "2　彼は医者（　）、作家でもある。\n1　だけ　　2　であり　　3　から"
    assert [(stem, options) for _, stem, options in read(text)] == [
        ("雨が降った（　）、中止になった。", ["ので", "のに", "けど"]),
        ("彼は医者（　）、作家でもある。", ["だけ", "であり", "から"]),
    ]


def test_a_list_in_the_stem_of_the_last_question_stays_there() -> None:
    stem = "A company needs:\n\n- Low cost\n- High speed\n\nWhich color fits?"
    rows = [f"{at}) {one}\nア 赤\nイ 港\n正解: ア\n解説：灯りの話。" for at, one in ((1, "色はどれか。"), (2, stem))]
    assert read("\n\n".join(rows)) == [("1", "色はどれか。", ["赤", "港"]), ("2", stem, ["赤", "港"])]


def test_numbers_set_apart_by_their_form_are_not_mixed() -> None:
    stem = "A company needs:\n1. Low cost\n2. High speed\nWhich color fits?"
    rows = [
        f"**{at}.** {one}\n1. 赤\n2. 港\n3. 箱" for at, one in ((1, "色はどれか。"), (2, stem), (3, "場所はどれか。"))
    ]
    assert [(number, options) for number, _, options in read("\n\n".join(rows))][::2] == [
        ("1", ["赤", "港", "箱"]),
        ("3", ["赤", "港", "箱"]),
    ]


def test_statements_of_any_kind_above_the_options() -> None:
    stems = ["次の文がある。\nア 赤は色。\nイ 港は場所。\n正しい組合せはどれか。", "値はどれか。"]
    text = "\n".join(f"{at}　{stem}\n- 一つ\n- 二つ\n- 三つ" for at, stem in enumerate([*stems, stems[0]], 1))
    assert [stem for _, stem, _ in read(text)] == [*stems, stems[0]]


@pytest.mark.parametrize(
    "items", ["1. 安い\n2. 速い\n3. 軽い", "- 安い\n- 速い", "(1) 安い\n(2) 速い", "I. 安い\nII. 速い"]
)
def test_a_list_in_the_stem_of_the_next_question_without_a_number(items: str) -> None:
    stem = f"次の要件がある。\n{items}\n合う色はどれか。"
    text = f"色はどれか。\nA. 赤\nB. 海\nC. 港\n\n{stem}\nA. 白\nB. 青\nC. 黒"
    assert read(text) == [("", "色はどれか。", ["赤", "海", "港"]), ("", stem, ["白", "青", "黒"])]


@pytest.mark.parametrize("number", ["1. ", "1　", "1) "])
def test_a_list_that_goes_on_with_an_explanation_is_no_sheet(number: str) -> None:
    explained = "解説:\n(1) 種類は何か。\n a. 赤\n b. 青\n(2) 用途は何か。\n a. 絵\n b. 布"
    assert [stem for _, stem, _ in read(f"{number}色はどれか。\nA. 赤\nB. 港\n正解: A\n{explained}")] == [
        "色はどれか。"
    ]
