"""Options without labels, as quiz pages are copied: read where something says that they are options."""

from __future__ import annotations

import pytest

from assistant.exams.paste.examtext import parse_exam

ASKED = "色を表すものはどれですか。"
LINES = ["赤い灯り", "港", "白い箱"]


def read(text: str) -> list[tuple[str, list[str], tuple[str, ...]]]:
    return [(one.stem, [option.text for option in one.options], one.key) for one in parse_exam(text).questions]


@pytest.mark.parametrize("number", ["問1 ", "Question 1:\n", "1. ", ""])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("key", ["正解: 港", "正解\n港", "Correct answer: 港"])
def test_the_key_is_one_of_the_lines(number: str, gap: str, key: str) -> None:
    assert read(f"{number}{ASKED}\n\n{gap.join(LINES)}\n\n{key}\n\n解説\n港の話。") == [(ASKED, LINES, ("2",))]


@pytest.mark.parametrize("mark", ["\n(Correct)", " *", "（正解）", " ✅"])
def test_the_right_one_is_marked(mark: str) -> None:
    lines = [LINES[0], f"{LINES[1]}{mark}", LINES[2]]
    text = "\n\n".join(f"{at}. {ASKED}\n\n" + "\n".join(lines) for at in (1, 2))
    assert read(text) == [(ASKED, LINES, ("2",))] * 2


@pytest.mark.parametrize("heading", ["選択肢", "Group of answer choices", "【選択肢】"])
def test_a_heading_stands_above_them(heading: str) -> None:
    assert read("\n".join([f"Question 1\n1 pts\n{ASKED}", heading, *LINES])) == [(ASKED, LINES, ())]


@pytest.mark.parametrize(
    "below",
    ["赤と青。\n光の色のこと。\n波長で決まる。", "正解: 光の色\n解説\n波長で決まる。", "光の\n色\n\n答え: 光の色"],
)
def test_an_answer_in_lines_is_not_taken_for_options(below: str) -> None:
    exam = parse_exam(f"問1 色とは何か。\n{below}")
    assert exam.questions == ()
    assert [problem.reason for problem in exam.problems] == ["exam.problem.no_options"]


def test_a_star_at_the_end_of_an_option_with_a_label_is_part_of_it() -> None:
    ((_, options, key),) = read("全列を読むのはどれか。\nA. SELECT *\nB. SELECT id\nC. SELECT 1")
    assert (options, key) == (["SELECT *", "SELECT id", "SELECT 1"], ())
