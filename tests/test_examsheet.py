"""Whole mock exams: pasted, as Markdown and as JSON Lines, checked with the real assistant over a few notes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine import Assistant
from assistant.errors import UnknownChoice
from assistant.examrecords import CheckedQuestion, ExamOption, ExamQuestion, JudgedOption, OptionSupport
from assistant.exams.paste.examtext import parse_exam
from assistant.exams.record.examsheet import (
    ExamReport,
    ExamSheet,
    SheetItem,
    check_exam,
    check_sheet,
    choices,
    read_exam,
    report_markdown,
)
from assistant.messages import Language, say
from assistant.records import Citation

EXAM = """\
問1 送った順に届き、重複もしないキューはどれか。
A. 標準キュー
B. FIFOキュー
C. Amazon SNS
正解: B

問2 一つのメッセージを複数の宛先へ同時に送るサービスはどれか。
A. Amazon SNS
B. 標準キュー
C. バージョニング

問3 パンを焼くのに適した温度はどれか。
A. 200 ℃
B. 20 ℃
正解: A
"""

NEAR = Citation(1, "a.md", 4, 4, ("塔", "鐘 [1]"), "鐘は *正午* に鳴る", 0.8)


def judged(
    stem: str,
    *options: tuple[str, OptionSupport],
    answer: str = "",
    yours: str = "",
    key: str = "",
    correct: bool | None = None,
    near: Citation | None = None,
) -> CheckedQuestion:
    question = ExamQuestion(stem, tuple(ExamOption(label, f"{stem}-{label}") for label, _ in options), key=tuple(key))
    return CheckedQuestion(
        question,
        "decided" if answer else "undecided",
        tuple(answer),
        0.9 if answer else 0.0,
        tuple(
            JudgedOption(label, f"{stem}-{label}", support, 0.5, (near,) if near and support != "not_in_notes" else ())
            for label, support in options
        ),
        tuple(yours),
        correct,
    )


def report_of(*checked: CheckedQuestion) -> ExamReport:
    return ExamReport(checked, (None,) * len(checked), (), 5)


# -- reading


def test_a_pasted_exam_is_what_the_parser_reads() -> None:
    sheet = read_exam(EXAM)
    assert tuple(item.question for item in sheet.items) == parse_exam(EXAM).questions
    assert [item.question.key for item in sheet.items] == [("B",), (), ("A",)]
    assert sheet.problems == ()


@pytest.mark.parametrize(
    "options",
    [
        ["赤い塔", "白い塔"],
        [{"label": "1", "text": "赤い塔"}, {"label": "2", "text": "白い塔"}],
        {"1": "赤い塔", "2": "白い塔"},
    ],
)
def test_the_options_of_a_line_come_in_three_forms(options: object) -> None:
    row = {"id": "q7", "stem": "鐘があるのはどれか。", "options": options, "answer": "2", "yours": ["1"]}
    (item,) = read_exam(json.dumps(row, ensure_ascii=False)).items
    assert item.question.options == (ExamOption("1", "赤い塔"), ExamOption("2", "白い塔"))
    assert (item.id, item.question.key, item.yours) == ("q7", ("2",), ("1",))


def test_the_stem_of_a_line_says_how_many_and_whether_the_wrong_ones() -> None:
    rows = [
        {"stem": "正しいものを2つ選べ。", "options": ["赤", "白", "青"]},
        {"stem": "誤っているものはどれか。", "options": ["赤", "白", "青"]},
        {"stem": "当てはまるものをすべて選べ。", "options": ["赤", "白", "青"]},
    ]
    sheet = read_exam("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    assert [(item.question.choose, item.question.negated) for item in sheet.items] == [
        (2, False),
        (1, True),
        (None, False),
    ]


def test_a_line_with_text_is_parsed_and_its_answer_goes_before_the_key_in_it() -> None:
    text = "鐘があるのはどれか。\nA. 赤い塔\nB. 白い塔\n正解: A"
    rows = [{"text": text}, {"text": text, "answer": "B", "yours": "白い塔"}]
    first, second = read_exam("\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)).items
    assert (first.question.key, first.question.line) == (("A",), 1)
    assert (second.question.key, second.yours, second.question.line) == (("B",), ("B",), 3)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "not_json"),
        ("[1]", "not_json"),
        ("{}", "bad_row"),
        ('{"text": 3}', "bad_row"),
        ('{"stem": "どれか。", "options": 3}', "bad_row"),
        ('{"stem": "どれか。", "options": [1, 2]}', "bad_row"),
        ('{"stem": "どれか。", "options": []}', "no_options"),
        ('{"stem": "どれか。", "options": ["赤"]}', "one_option"),
        ('{"stem": "どれか。", "options": ["赤", " "]}', "empty_option"),
        ('{"stem": "どれか。", "options": [{"label": "A", "text": "赤"}, {"label": "Ａ", "text": "白"}]}', "duplicate"),
        ('{"stem": "どれか。", "options": ["赤", "白"], "answer": "9"}', "key"),
        ('{"stem": "どれか。", "options": ["赤", "白"], "yours": {"a": 1}}', "yours"),
        (json.dumps({"text": EXAM}), "several"),
        ('{"stem": "どれか。", "options": ["赤", "%s"]}' % ("白" * 10_000), "too_long"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_others_are_read(line: str, reason: str) -> None:
    good = '{"stem": "どれか。", "options": ["赤", "白"]}'
    sheet = read_exam(f"{good}\n{line}\n{good}")
    assert len(sheet.items) == 2
    assert [(problem.line, problem.reason) for problem in sheet.problems] == [(2, f"exam.problem.{reason}")]
    assert "2" in say(sheet.problems[0].reason, "ja", line=sheet.problems[0].line)


@given(st.text() | st.lists(st.text(alphabet='{}[]":,\\ stemopins12\n')).map("".join).map('{"stem": 1}\n'.__add__))
def test_any_text_is_read(text: str) -> None:
    sheet = read_exam(text)
    assert all(problem.line >= 1 and problem.reason for problem in sheet.problems)
    json.dumps(check_sheet(lambda questions, yours: [judged(one.stem) for one in questions], sheet).to_json("ja"))


# -- the person's answers


def test_choices_are_named_by_label_or_text() -> None:
    question = ExamQuestion("どれか。", tuple(map(ExamOption, "ABC", ("赤い塔", "白い塔", "青い塔"))))
    for value in ("A, C", "Ａ、ｃ", ["A", "c"], ("A", "青い塔"), "AC"):
        assert choices(value, question) == ("A", "C")
    assert choices("C, A", question) == ("C", "A")
    assert choices("", question) == choices(None, question) == choices([], question) == ()
    for wrong in ("D", ["A", "D"], "A and then", {"A": 1}, True, 7):
        with pytest.raises(UnknownChoice, match="A, B, C"):
            choices(wrong, question)


def test_answers_go_to_the_questions_in_turn() -> None:
    sheet = read_exam(EXAM).answered(["B", None])
    assert [item.yours for item in sheet.items] == [("B",), (), ()]
    assert [item.yours for item in sheet.answered(["", "C", ["A"], "A"]).items] == [("B",), ("C",), ("A",)]
    with pytest.raises(UnknownChoice):
        sheet.answered(["B", "Z"])


# -- checking


@pytest.mark.model
def test_an_exam_is_judged_by_the_notes_and_by_its_keys(assistant: Assistant) -> None:
    told: list[tuple[int, int]] = []
    report = check_exam(
        assistant.check_questions, EXAM, ["B", "B", "B"], progress=lambda done, total: told.append((done, total))
    )
    assert told == [(0, 3), (3, 3)]
    first, second, third = report.checked
    assert (first.answer, first.correct) == (("B",), True)
    assert (second.answer, second.correct) == (("A",), False)
    assert (third.verdict, third.correct) == ("undecided", False)
    assert report.undecided == (3,)
    score = report.score
    assert (score.questions, score.answered, score.right, score.wrong, score.undecided) == (3, 3, 1, 2, 0)
    assert (score.by_key.right, score.by_key.wrong, score.by_notes.wrong) == (1, 1, 1)
    assert (score.notes.questions, score.notes.decided, score.notes.right) == (2, 1, 1)
    assert [gap.stem for group in report.gaps for gap in group.questions if gap.undecided] == [third.question.stem]


@pytest.mark.model
def test_the_json_holds_the_contract_of_each_question(assistant: Assistant) -> None:
    exam = json.dumps({"id": 5, "text": EXAM.partition("\n\n")[0]}) + "\n?"
    report = check_exam(assistant.check_questions, exam)
    body = json.loads(json.dumps(report.to_json("en")))
    (question,) = body["questions"]
    assert question["id"] == 5
    assert question == json.loads(json.dumps(report.checked[0].to_json(5)))
    assert body["problems"] == [
        {"line": 2, "text": "?", "reason": "not_json", "message": say("exam.problem.not_json", "en", line=2)}
    ]
    assert body["report"]["score"]["questions"] == 1


def test_each_question_is_judged_once_in_order() -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []

    def check(questions: Sequence[ExamQuestion], yours: Sequence[Sequence[str]]) -> list[CheckedQuestion]:
        asked.extend((question.stem, tuple(chosen)) for question, chosen in zip(questions, yours, strict=True))
        return [judged(question.stem) for question in questions]

    stems = [f"第{number}問" for number in range(30)]
    items = tuple(SheetItem(ExamQuestion(stem, ()), (stem,)) for stem in stems)
    told: list[int] = []
    report = check_sheet(check, ExamSheet(items), progress=lambda done, total: told.append(done))
    assert asked == [(stem, (stem,)) for stem in stems]
    assert [item.question.stem for item in report.checked] == stems
    assert len(told) > 3
    assert (told[0], told[-1], told) == (0, 30, sorted(told))


# -- what the notes lack


def test_gaps_stand_by_the_nearest_section_and_begin_with_what_was_missed() -> None:
    other = replace(NEAR, file="b.md", heading_path=("庭",), line_start=9)
    report = report_of(
        judged("決まった", ("A", "supported"), ("B", "related"), answer="A", near=NEAR),
        judged("片方だけ", ("A", "supported"), ("B", "not_in_notes"), answer="A", near=NEAR),
        judged("間違い", ("A", "related"), ("B", "not_in_notes"), yours="A", key="B", correct=False, near=other),
        judged("決まらない", ("A", "related"), ("B", "related"), near=NEAR),
        judged("何もない", ("A", "not_in_notes"), ("B", "not_in_notes"), yours="A", key="B", correct=False),
    )
    gaps = report.gaps
    assert [(group.file, group.heading_path, group.line, group.missed) for group in gaps] == [
        ("b.md", ("庭",), 9, 1),
        ("a.md", ("塔", "鐘 [1]"), 4, 0),
        ("", (), 0, 1),
    ]
    assert [(gap.at, gap.stem, gap.undecided, gap.missing) for gap in gaps[1].questions] == [
        (4, "決まらない", True, ()),
        (2, "片方だけ", False, ("片方だけ-B",)),
    ]
    assert gaps[2].questions[0].missing == ("何もない-A", "何もない-B")


def test_what_is_no_choice_is_no_gap() -> None:
    item = judged("並べよ", ("A", "not_in_notes"), ("B", "not_in_notes"))
    ordering = replace(item, question=replace(item.question, kind="ordering"))
    assert report_of(ordering).gaps == ()
    assert report_of(ordering).undecided == (1,)
    assert len(report_of(item).gaps) == 1


# -- the report


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_report_names_every_figure_gap_problem_and_question(language: Language) -> None:
    report = replace(
        report_of(
            judged(
                "<b>塔</b>\n# どれか",
                ("A", "supported"),
                ("B", "not_in_notes"),
                answer="A",
                yours="A",
                key="A",
                correct=True,
                near=NEAR,
            ),
            judged("庭", ("A", "related"), ("B", "related"), yours="B", near=NEAR),
        ),
        problems=read_exam('{"stem": "どれか。", "options": ["赤", "白"]}\n?').problems,
    )
    text = report_markdown(report, language)
    assert text.startswith(f"# {say('exam.report.title', language)}\n")
    assert say("exam.report.count", language, questions=2, undecided=1) in text
    assert say("exam.report.yours_key", language, right=1, told=1) in text
    assert say("exam.report.untold", language, count=1) in text
    assert say("exam.report.against_key", language, right=1, decided=1, keyed=1) in text
    assert say("exam.problem.not_json", language, line=2).replace("#", r"\#") in text
    assert "    > 鐘は *正午* に鳴る\n" in text
    assert "`a.md:4`" in text
    assert r"\<b\>塔\</b\>" in text
    assert "\n\\# どれか" in text
    assert r"### 塔 › 鐘 \[1\] (`a.md:4`)" in text
    assert text.index(say("exam.report.gaps", language)) < text.index(f"## {say('exam.report.questions', language)}\n")


def test_an_empty_report_is_short() -> None:
    assert report_markdown(report_of(), "en").count("\n") == 3
