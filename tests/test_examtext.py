"""Pasted exam text: what comes out of it, and that nothing else does."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.examrecords import ExamQuestion
from assistant.exams.paste.examtext import parse_exam
from assistant.messages import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
SETS = (
    ROOT / "tests/gold/corpus_exam.jsonl",
    ROOT / "tests/gold/other_exam.jsonl",
    ROOT / "tests/gold/skills_exam.jsonl",
    ROOT.parent / "shared/eval/mcq_dev.jsonl",
)
ASKED = "色を表すものはどれか。"

_ALPHABETS = ("ABCDEFGH", "abcdefgh", "12345678", "ＡＢＣＤＥＦＧＨ", "アイウエオカキク")
STYLES = [(alphabet, form) for alphabet in _ALPHABETS for form in ("{}. ", "{}) ", "({}) ", "{}：", "{}．", "【{}】")]
STYLES += [("①②③④⑤⑥⑦⑧", "{}"), ("①②③④⑤⑥⑦⑧", "{} "), ("ABCDEFGH", "- [ ] {}. "), ("12345678", "選択肢{}: ")]


def squashed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def only(text: str) -> ExamQuestion:
    exam = parse_exam(text)
    assert exam.problems == ()
    (question,) = exam.questions
    return question


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_the_exam_sets_are_read_exactly(path: Path) -> None:
    if not path.is_file():
        pytest.skip("only where the evaluation sets lie beside the project")
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        question = only(row["text"])
        assert question.stem == row["stem"], row["id"]
        found = [(option.label, squashed(option.text)) for option in question.options]
        assert found == [(option["label"], squashed(option["text"])) for option in row["options"]], row["id"]
        assert question.choose == (len(row["answer"]) if row["multi"] else 1), row["id"]
        if row["decidable"]:
            assert question.negated == row["negated"], row["id"]
        assert bool(question.key) == ("answer_key_noise" in row["features"]), row["id"]
        assert bool(question.explanation) == ("explanation_noise" in row["features"]), row["id"]


WORDS = st.lists(
    st.sampled_from(["赤い", "海", "resting", "Harbor", "港の灯り", "青", "lantern", "箱庭", "Vega"]),
    min_size=1,
    max_size=3,
)
TEXTS = st.lists(WORDS.map(" ".join), min_size=2, max_size=8, unique=True)


@st.composite
def written(draw: st.DrawFn, number: int = 1) -> tuple[str, str, list[tuple[str, str]], tuple[str, ...]]:
    """A question as pasted; its stem, its options, its key."""
    alphabet, form = draw(st.sampled_from(STYLES))
    texts = draw(TEXTS)
    stem = draw(st.sampled_from([ASKED, "Which of these names a color?", f"港町の話である。\n{ASKED}"]))
    options = list(zip(alphabet, texts, strict=False))
    key = (draw(st.sampled_from(alphabet[: len(texts)])),) if draw(st.booleans()) else ()
    rows = [f"問{number}. {stem}", *(form.format(label) + text for label, text in options)]
    rows += [f"正解: {key[0]}", "解説：灯りの話。"] if key else []
    return "\n".join(rows), stem, options, key


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_was_written_is_read(data: st.DataObject) -> None:
    drawn = [data.draw(written(number)) for number in range(1, data.draw(st.integers(1, 3)) + 1)]
    exam = parse_exam("\n\n".join(text for text, *_ in drawn))
    assert exam.problems == ()
    read = [
        (one.stem, [(option.label, option.text) for option in one.options], one.key, one.number, one.explanation)
        for one in exam.questions
    ]
    assert read == [
        (stem, options, key, f"問{at}", "灯りの話。" if key else "")
        for at, (_, stem, options, key) in enumerate(drawn, 1)
    ]


@pytest.mark.parametrize("text", ["① 赤 ② 青 ③ 白", "A. 赤   B. 青   C. 白", "ア 赤　イ 青　ウ 白", "- 赤\n- 青\n- 白"])
def test_options_on_one_line_and_without_labels(text: str) -> None:
    assert [option.text for option in only(f"{ASKED}\n{text}").options] == ["赤", "青", "白"]


@pytest.mark.parametrize(
    ("stem", "choose"),
    [
        ("正しいものを２つ選べ。", 2),
        ("適切なものを3つ選んでください。", 3),
        ("Which answers fit? (Choose TWO)", 2),
        ("当てはまるものをすべて選べ。", None),
        ("Which answers fit? Select all that apply.", None),
        ("次の2つの要件を満たすものはどれか。", 1),
        ("You must choose between two regions. Which one fits?", 1),
    ],
)
def test_how_many_are_to_be_chosen(stem: str, choose: int | None) -> None:
    assert only(f"{stem}\nA. 赤\nB. 青\nC. 白\nD. 黒").choose == choose


@pytest.mark.parametrize(
    ("stem", "negated"),
    [
        ("誤っているものはどれか。", True),
        ("この帳簿に記録されない取引はどれか。", True),
        ("この棚で使用できないスライドレールアダプターはどれか。", True),
        ("停電しても消されないデータはどれか。", False),
        ("適切でないものを選べ。", True),
        ("Which of these is NOT a color?", True),
        ("All of these are colors EXCEPT:", True),
        ("サーバーを管理したくない。どれを使うか。", False),
        ("間違いを減らしたい。最も適切なものはどれか。", False),
        ("A team does not want to paint. Which tool fits?", False),
        ("前の版の誤りを次の版が直す。それはどれか。", False),
        ("前の木の誤りを次の木が直す手法はどれか。", False),
        ("誤りを次の中から選べ。", True),
        ("誤りを次の記述のうちから一つ選びなさい。", True),
        ("間違いを以下より選べ。", True),
    ],
)
def test_whether_the_wrong_ones_are_asked_for(stem: str, negated: bool) -> None:
    assert only(f"{stem}\nA. 赤\nB. 青\nC. 白").negated == negated


@pytest.mark.parametrize(
    "key", ["正解: B", "答え：Ｂ", "**正解**: B", "正解はBです", "Answer: b", "Correct answer: B", "Ans. B"]
)
def test_the_key_is_no_part_of_the_question(key: str) -> None:
    question = only(f"{ASKED}\nA. 赤\nB. 青\nC. 白\n\n{key}")
    assert question.key == ("B",)
    assert [option.text for option in question.options] == ["赤", "青", "白"]


def test_a_list_of_answers_at_the_end() -> None:
    questions = "\n\n".join(f"問{number} {ASKED}\nA. 赤\nB. 青\nC. 白" for number in (1, 2))
    exam = parse_exam(f"{questions}\n\n解答: 問1 B 問2 A")
    assert [question.key for question in exam.questions] == [("B",), ("A",)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"問1 {ASKED}\nA. 赤\nB. 青\nD. 白", "jump"),
        (f"問1 {ASKED}\nA. 赤\nB. 青\nB. 白", "duplicate"),
        (f"問1 {ASKED}", "no_options"),
        (f"問1 {ASKED}\nA. 赤", "one_option"),
        ("問1 赤と青。\n解説：True or False", "no_options"),
        ("A. 赤\nB. 青", "no_stem"),
        (f"問1 {ASKED}\nA. 赤\nB. 青\n正解: Z", "key"),
    ],
)
def test_what_cannot_be_read_is_told_and_harms_no_neighbour(text: str, reason: str) -> None:
    exam = parse_exam(f"{text}\n\n問2 {ASKED}\nA. 赤\nB. 青")
    assert [problem.reason for problem in exam.problems] == [f"exam.problem.{reason}"]
    assert exam.problems[0].reason in CATALOGUE
    assert exam.questions[-1].number == "問2"
    assert [option.text for option in exam.questions[-1].options] == ["赤", "青"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters() | st.sampled_from("\n\n\nABC123.)(問①②ア：|-*#`解正答 \0\ud800")))
def test_any_text_is_read_without_an_error_and_always_alike(text: str) -> None:
    assert parse_exam(text) == parse_exam(text)


EXPLAINED = "x?\nA. a\nB. b\n解説:\nfoo\n"


@pytest.mark.parametrize(
    ("before", "piece"),
    [
        *(("", piece) for piece in ("A. x\n", "A.", "- x\n", "1. x?\nA. a\nB. b\n\n", "①②③", "(", " ", "解説：\n")),
        (EXPLAINED, "A. a\nB. b\n\n"),
        (f"問1 {EXPLAINED}", "A. a\nB. b\n\n"),
        *(
            ("", piece)
            for piece in ("1. x? ア a イ b\n", "a. x\tc. y\n", "12\n", "1　x\n1. a\n2. b\n", "x?\na\nb\n正解: b\n")
        ),
        ("", "1 a 2 b "),
    ],
)
@pytest.mark.usefixtures("without_collection")
def test_the_time_grows_with_the_length_and_not_faster(before: str, piece: str) -> None:
    def seconds(count: int) -> float:
        begun = time.process_time()
        parse_exam(f"{before}{piece * count}")
        return time.process_time() - begun

    assert seconds(4_000) < 8 * seconds(1_000) + 0.3


# -- as web pages and other people's notes have it


@pytest.mark.parametrize(
    "text",
    [
        f"**問題1** {ASKED}\n\n**A.** 赤\n\n**B.** 青\n\n**C.** 白\n\n**正解:** B",
        f"【問題1】{ASKED}\n正解: B\nA. 赤\nB. 青\nC. 白",
        f"## Question 5\n\n{ASKED}\n\n- A. 赤\n- B. 青\n- C. 白\n\n**Answer:** B",
        f"Topic 1 Question #12\n{ASKED}\nA. 赤\nB. 青 Most Voted\nC. 白\n\nCorrect Answer: B\nCommunity vote distribution",
        f"#7 {ASKED}<br>A. 赤<br>B. 青<br>C. 白<br>正解: B",
        f"{ASKED}\nA. 赤\n→ 不正解。暖かい色。\nB. 青\n→ 正解。\nC. 白\n→ 不正解。",
        f"{ASKED}\nA. 赤\n（×）暖かい色。\nB. 青\n（○）\nC. 白\n（×）",
        f"- {ASKED}\n  - A. 赤\n  - B. 青\n  - C. 白\n\n正解は B です。",
        f"{ASKED}\n\n| | 選択肢 |\n|---|---|\n| A | 赤 |\n| B | 青 |\n| C | 白 |\n\n答え：B",
    ],
)
def test_a_question_as_it_stands_elsewhere(text: str) -> None:
    question = only(text)
    assert question.stem == ASKED
    assert [option.text for option in question.options] == ["赤", "青", "白"]
    assert question.key == ("B",)


@pytest.mark.parametrize(
    "options",
    [
        "a. 赤　　c. 白\nb. 青　　d. 黒",
        "a. 赤\tc. 白\nb. 青\td. 黒",
        "a. 赤   c. 白   d. 黒\nb. 青",
        "a. 赤  b. 青\nc. 白  d. 黒",
    ],
)
def test_options_in_columns_are_read_in_the_order_of_their_labels(options: str) -> None:
    question = only(f"{ASKED}\n{options}")
    if options.startswith("a. 赤   c. 白   d."):
        assert [option.label for option in question.options] == ["a", "b"]
    else:
        assert [(option.label, option.text) for option in question.options] == list(
            zip("abcd", "赤青白黒", strict=True)
        )


@pytest.mark.parametrize(
    "row", ["1．20　2．23　3．25", "1．20\n2．23\n3．25", "1 20 2 23 3 25", "Ａ．20\nＢ．23\nＣ．25"]
)
def test_options_that_are_numbers(row: str) -> None:
    assert [option.text for option in only(f"値はどれか。\n{row}").options] == ["20", "23", "25"]


@pytest.mark.parametrize("remark", [" (2 点)\n", "（物理・化学）\n", " [5 points] ", " Topic 1\n"])
def test_a_remark_behind_the_number_is_no_part_of_the_stem(remark: str) -> None:
    assert only(f"問5{remark}{ASKED}\nア 赤\nイ 港").stem == ASKED


def test_how_many_are_to_be_chosen_is_no_mere_remark() -> None:
    assert only(f"問5（2つ選択）\n{ASKED}\nア 赤\nイ 港\nウ 青").choose == 2


@pytest.mark.parametrize(
    "line", ["- 12 -", "― 12 ―", "Page 3 of 12", "[2 marks]", "Show Suggested Answer", "解答を表示する"]
)
def test_what_a_page_prints_around_its_questions_is_no_part_of_an_option(line: str) -> None:
    text = f"問1 {ASKED}\nア 赤\nイ 青\n{line}\nウ 白\n{line}\n問2 {ASKED}\nア 赤\nイ 青"
    assert [[option.text for option in one.options] for one in parse_exam(text).questions] == [
        ["赤", "青", "白"],
        ["赤", "青"],
    ]


def test_an_arrow_elsewhere_gives_no_key() -> None:
    told = "正解: ア\n解説\n流れは次のとおり。\n→ イ\n→ ウ"
    assert only(f"問1 {ASKED}\nア 赤\nイ 青\nウ 白\n{told}").key == ("ア",)
    exam = parse_exam(f"{ASKED}\nA. 赤\nB. 青\n\n次の流れである。\n始め\n→ A\n場所はどれか。\nA. 海\nB. 港")
    assert [question.key for question in exam.questions] == [(), ()]


@pytest.mark.parametrize("key", ["　【答】イ", "　正解（イ）", "\n→ 答え：イ", " 【正解】イ", "\n→ イ", "\n\n→（イ）"])
def test_a_key_behind_the_last_option(key: str) -> None:
    question = only(f"問1 {ASKED}（ア）赤（イ）青（ウ）白{key}")
    assert ([option.text for option in question.options], question.key) == (["赤", "青", "白"], ("イ",))


def test_lists_and_characters_of_a_web_page() -> None:
    question = only(f"<p>{ASKED}</p>\n<ol>\n<li>赤 &amp; 青</li><li>白</li>\n</ol>")
    assert question.stem == ASKED
    assert [option.text for option in question.options] == ["赤 & 青", "白"]


def test_tags_that_are_asked_about_stay() -> None:
    assert [option.text for option in only("段落を表す要素はどれか。\nA. <p>\nB. <div>\nC. <li>").options] == [
        "<p>",
        "<div>",
        "<li>",
    ]


def test_why_each_option_is_right_or_wrong_is_explanation_and_no_part_of_it() -> None:
    question = only(f"{ASKED}\nA. 赤\n→ 不正解。暖かい色。\nB. 青\n→ 正解。冷たい色。")
    assert question.explanation == "A: 暖かい色。\nB: 冷たい色。"


def test_a_wrapped_option_that_begins_like_a_verdict_stays_whole() -> None:
    question = only("適切な手順はどれか。\nA. 手順を\n正しい順序で行う\nB. 手順を\n誤りなく書く")
    assert [option.text for option in question.options] == ["手順を正しい順序で行う", "手順を誤りなく書く"]
    assert question.key == ()


def test_a_table_of_answers_is_no_question() -> None:
    questions = "\n\n".join(f"{number}. {ASKED}\nA. 赤\nB. 青\nC. 白" for number in (1, 2))
    exam = parse_exam(f"{questions}\n\n| 問 | 正解 |\n|---|---|\n| 1 | B |\n| 2 | A, C |")
    assert [question.key for question in exam.questions] == [("B",), ("A", "C")]
    assert [[option.text for option in question.options] for question in exam.questions] == [["赤", "青", "白"]] * 2
    assert exam.problems == ()


def test_what_cannot_be_found_is_not_asked_for_as_an_error() -> None:
    assert not only("試算表では見つけられない誤りはどれか。\nA. 赤\nB. 青").negated
    assert only("次の記述のうち、誤りはどれか。\nA. 赤\nB. 青").negated
