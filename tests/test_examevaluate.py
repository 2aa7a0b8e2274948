"""The figures of the exam judge: their definitions, the baselines, the gold file, and how the report reads."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.engine import Assistant
from assistant.errors import RequestError
from assistant.evaluation.examgold import GoldExamQuestion, read_exam_gold
from assistant.evaluation.goldfile import GoldLines
from assistant.examevaluate import (
    COMPARED,
    EXAM_FIGURES,
    ExamCase,
    ExamReport,
    evaluate_exam,
    longest_option,
    plain_retrieval,
)
from assistant.examrecords import CheckedQuestion, ExamOption, ExamQuestion, JudgedOption
from assistant.faces.console.examterminal import render_exam_report
from assistant.faces.console.terminal import View, display_width
from assistant.messages import Language
from assistant.records import Citation, Place

EVALUATION = Path(__file__).resolve().parents[2] / "shared" / "eval"
needs_score = pytest.mark.skipif(not EVALUATION.is_dir(), reason="the reference scorer is not beside the project")

OPTIONS = ("順番を保証する キュー", "通知", "データベース", "記録")
LINE = GoldLines("a.md", 7, 8, "送った順に届き", ())
CITED = Citation(1, "a.md", 7, 7, ("キュー",), "FIFO: 送った順に 届き、重複もしない", 0.8)


def gold(
    *answer: int,
    decidable: bool = True,
    kind: str = "definition",
    lines: Sequence[GoldLines] = (LINE,),
    options: Sequence[str] = OPTIONS,
    labels: str = "ABCD",
) -> GoldExamQuestion:
    return GoldExamQuestion(
        id="q",
        kind=kind,
        text="FIFOキューとは",
        stem="FIFOキューとは",
        options=tuple(map(ExamOption, labels, options)),
        choose=len(answer) or None,
        answer=answer,
        decidable=decidable,
        lines=tuple(lines) if decidable else (),
    )


def checked(
    *answer: str,
    support: float = 0.9,
    choose: int | None = 1,
    negated: bool = False,
    options: Sequence[str] = OPTIONS,
    labels: str = "ABCD",
    citations: Sequence[Citation] = (CITED,),
) -> CheckedQuestion:
    """Decided where there is an answer; ``citations`` are those of the first option."""
    return CheckedQuestion(
        question=ExamQuestion("FIFOキューとは", tuple(map(ExamOption, labels, options)), choose, negated),
        verdict="decided" if answer else "undecided",
        answer=answer,
        support=support if answer else 0.0,
        options=tuple(
            JudgedOption(label, text, "related", 0.25, () if at else tuple(citations))
            for at, (label, text) in enumerate(zip(labels, options, strict=False))
        ),
    )


def evaluated(*cases: tuple[GoldExamQuestion, CheckedQuestion | None], **baselines: Any) -> ExamReport:
    return evaluate_exam((ExamCase(*case) for case in cases), baselines)


def values(report: ExamReport, *names: str) -> list[float | None]:
    return [report.figures.overall[name].value for name in names]


# --- definitions


def test_a_right_answer_names_the_right_options_by_whatever_form_of_their_labels() -> None:
    for answer in ("A", "a", "Ａ", "(A)", "A．", " A "):
        assert values(evaluated((gold(0), checked(answer))), "right", "confidently_wrong") == [1.0, 0.0], answer
    circled = gold(1, labels="①②③④"), checked("2", labels="①②③④")
    assert values(evaluated(circled), "right") == [1.0]
    for wrong in (("B",), ("A", "B"), ("A", "A"), ("E",)):
        assert values(evaluated((gold(0), checked(*wrong))), "right", "confidently_wrong") == [0.0, 1.0], wrong
    assert values(evaluated((gold(0, 2), checked("C", "A", choose=2))), "right") == [1.0]


def test_the_label_stands_for_the_place_at_which_it_was_read() -> None:
    shifted = checked("A", options=("前置き", *OPTIONS), labels="ZABCD")
    assert values(evaluated((gold(0), shifted)), "right", "parsed") == [0.0, 0.0]


def test_left_undecided_is_neither_right_nor_wrong_and_is_what_the_undecidable_need() -> None:
    report = evaluated(
        (gold(0), checked()),
        (gold(0, decidable=False), checked()),
        (gold(0, decidable=False), checked("A")),
        (gold(decidable=False), checked()),
    )
    assert values(report, "right", "confidently_wrong") == [0.0, 0.0]
    assert values(report, "refused", "answered_undecidable") == pytest.approx([2 / 3, 1 / 3])
    assert report.figures.overall["outcome"].value == 0.5


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (checked(), [1.0, 1.0, 1.0]),
        (checked(options=("順番を 保証するキュー", "通\n知", "データベース", "記録")), [1.0, 1.0, 1.0]),
        (checked(options=("通知", "順番を保証するキュー", "データベース", "記録")), [1.0, 0.0, 1.0]),
        (checked(options=OPTIONS[:3], labels="ABC"), [0.0, 0.0, 1.0]),
        (checked(choose=2), [1.0, 1.0, 0.0]),
        (checked(choose=None), [1.0, 1.0, 0.0]),
        (None, [0.0, 0.0, 0.0]),
    ],
)
def test_what_was_read_is_compared_with_what_was_pasted(read: CheckedQuestion | None, expected: list[float]) -> None:
    assert values(evaluated((gold(0), read)), "parsed", "parsed_exactly", "choose") == expected
    assert evaluated((gold(decidable=False), read)).figures.overall["choose"].n == 0


def test_evidence_is_asked_of_right_answers_with_gold_lines_only() -> None:
    elsewhere = Citation(1, "b.md", 1, 1, (), CITED.quote, 0.5)
    rows: list[tuple[GoldExamQuestion, CheckedQuestion, float | None]] = [
        (gold(0), checked("A"), 1.0),
        (gold(1), checked("B"), 1.0),  # the lines may stand with any option
        (gold(0), checked("A", citations=(elsewhere,)), 0.0),
        (gold(0), checked("A", citations=(Citation(1, "a.md", 7, 7, (), "FIFO", 0.5),)), 0.0),
        (
            gold(0),
            checked("A", citations=(Citation(1, "b.md", 1, 1, (), CITED.quote, 0.5, (Place("a.md", 8, 9),)),)),
            1.0,
        ),
        (gold(0), checked("A", citations=()), 0.0),
        (gold(0), checked("B"), None),
        (gold(0, lines=()), checked("A"), None),
        (gold(decidable=False), checked("A"), None),
    ]
    for question, given_answer, expected in rows:
        assert values(evaluated((question, given_answer)), "evidence") == [expected]


def test_a_text_that_was_not_read_counts_as_left_undecided() -> None:
    report = evaluated((gold(0), None), (gold(decidable=False), None), longest_option=longest_option)
    assert values(report, "right", "confidently_wrong", "refused") == [0.0, 0.0, 1.0]
    assert report.baselines["longest_option"].overall["right"].value == 0.0
    assert report.failures[0].problems == ("not_read", "undecided")
    assert report.to_json(failures=True)["failures"][0]["verdict"] is None


def test_kinds_are_reported_apart() -> None:
    report = evaluated(
        (gold(0), checked("A")),
        (gold(0, kind="scenario"), checked("B")),
        (gold(0, kind="scenario"), checked("A")),
    )
    assert {kind: figures["right"].value for kind, figures in report.figures.by_kind.items()} == {
        "definition": 1.0,
        "scenario": 0.5,
    }
    assert list(report.figures.overall) == list(EXAM_FIGURES)


def test_reliability_counts_answers_to_the_undecidable_as_not_right() -> None:
    report = evaluated(
        (gold(0), checked("A", support=0.82)),
        (gold(0), checked("B", support=0.88)),
        (gold(0, decidable=False), checked("A", support=1.0)),
        (gold(0), checked()),
    )
    low, high = report.reliability
    assert (low.low, low.n, low.share_right) == (0.8, 2, 0.5)
    assert (high.n, high.mean_support, high.share_right) == (1, 1.0, 0.0)
    assert report.calibration_error == pytest.approx((2 * 0.35 + 1.0) / 3)
    assert evaluated((gold(0), checked())).calibration_error is None


# --- baselines


def question(*texts: str, choose: int | None = 1, negated: bool = False) -> ExamQuestion:
    return ExamQuestion("どれか", tuple(map(ExamOption, "ABCDE", texts)), choose, negated)


@pytest.mark.parametrize(
    ("texts", "choose", "expected"),
    [
        (("aa", "aaaa", "aaa"), 1, ("B",)),
        (("aa", "aaaa", "aaa"), 2, ("B", "C")),
        (("aa", "a a a a", "aaaaa"), 1, ("C",)),  # blanks are no length
        (("aa", "aa", "a"), 1, ("A",)),
        (("a", "aaaa", "aaa", "a"), None, ("B", "C")),
        (("aa", "aa"), None, ("A",)),
        (("aa", "a"), 5, ("A", "B")),
        ((), 1, ()),
        ((), None, ()),
    ],
)
def test_the_longest_options(texts: tuple[str, ...], choose: int | None, expected: tuple[str, ...]) -> None:
    assert longest_option(question(*texts, choose=choose)) == expected
    assert longest_option(question(*texts, choose=choose, negated=True)) == expected


def test_plain_retrieval_takes_the_highest_or_where_negated_the_lowest() -> None:
    scores = {"どれか 一": 0.2, "どれか 二": 0.9, "どれか 三": 0.5}
    choose = plain_retrieval(scores.__getitem__)
    assert choose(question("一", "二", "三")) == ("B",)
    assert choose(question("一", "二", "三", choose=2)) == ("B", "C")
    assert choose(question("一", "二", "三", negated=True)) == ("A",)
    assert choose(question("一", "二", "三", choose=2, negated=True)) == ("A", "C")
    assert choose(question("一", "二", "三", choose=None, negated=True)) == ("A", "C")


@pytest.mark.model
def test_plain_retrieval_over_real_notes(assistant: Assistant) -> None:
    def best(text: str) -> float:
        return max((hit.score for hit in assistant.search(text, 1).hits), default=0.0)

    asked = ExamQuestion(
        "送った順に届き、重複もしないのはどれか。",
        (ExamOption("A", "深夜の天気予報"), ExamOption("B", "FIFOキュー"), ExamOption("C", "焼きたてのパン")),
    )
    assert plain_retrieval(best)(asked) == ("B",)


def test_the_difference_is_to_the_better_baseline_question_by_question() -> None:
    cases = [
        (gold(0), checked("A")),
        (gold(0), checked("A")),
        (gold(0), checked()),
        (gold(1, kind="scenario"), checked("B")),
        (gold(0, decidable=False, kind="undecidable"), checked()),
    ]
    report = evaluated(*cases, never=lambda _: ("E",), first=lambda _: ("A",))
    assert report.better == "first"
    assert report.difference is not None
    assert {name: item.overall["right"].value for name, item in report.baselines.items()} == {
        "never": 0.0,
        "first": 0.75,
    }
    right = report.difference.overall["right"]
    assert (right.value, right.n) == (0.0, 4)
    # One question each way: the interval is that of the differences, not of two figures apart.
    assert right.low == -right.high == pytest.approx(-0.75, abs=0.26)  # type: ignore[operator]
    assert report.difference.by_kind["scenario"]["right"].value == 1.0
    # A baseline never refuses, so the undecidable are lost to it.
    assert report.baselines["first"].overall["outcome"].value == 0.6
    assert report.difference.overall["outcome"].value == pytest.approx(0.2)
    assert report.difference.by_kind["undecidable"]["outcome"].value == 1.0
    assert report.difference.by_kind["undecidable"]["right"].n == 0


def test_a_baseline_is_asked_about_the_question_as_it_was_read() -> None:
    asked: list[ExamQuestion] = []

    def baseline(read: ExamQuestion) -> tuple[str, ...]:
        asked.append(read)
        return ("ア",)

    read = checked(labels="アイウエ", choose=None, negated=True)
    report = evaluated((gold(0), read), (gold(0), None), it=baseline)
    assert asked == [read.question]
    assert report.baselines["it"].overall["right"].value == 0.5


# --- the report


def test_failures_say_what_went_wrong_and_show_what_was_judged() -> None:
    report = evaluated(
        (gold(0), checked("A")),
        (gold(0), checked("B", choose=2)),
        (gold(0), checked("A", citations=())),
        (gold(0), checked(options=("別", *OPTIONS[1:]))),
        (gold(0, decidable=False), checked("A")),
        (gold(0, decidable=False), checked(options=OPTIONS[:2], labels="AB")),
        (gold(0, decidable=False), checked()),
    )
    assert [failure.problems for failure in report.failures] == [
        ("choose", "wrong"),
        ("wrong_lines",),
        ("option_texts", "undecided"),
        ("answered_undecidable",),
        ("options",),
    ]
    row = report.to_json(failures=True)["failures"][0]
    assert {key: row[key] for key in ("id", "kind", "stem", "expected", "answered", "verdict", "support")} == {
        "id": "q",
        "kind": "definition",
        "stem": "FIFOキューとは",
        "expected": ["A"],
        "answered": ["B"],
        "verdict": "decided",
        "support": 0.9,
    }
    assert [(option["label"], option["support"], option["score"]) for option in row["options"]] == [
        (label, "related", 0.25) for label in "ABCD"
    ]
    assert row["options"][0]["citations"][0]["quote"] == CITED.quote
    assert report.to_json(failures=True)["failures"][3]["expected"] == []


def test_the_report_is_json_with_and_without_questions_of_a_sort() -> None:
    for case in ((gold(0), checked("A")), (gold(decidable=False), checked())):
        report = evaluated(case, longest_option=longest_option)
        row = json.loads(json.dumps(report.to_json(failures=False), allow_nan=False))
        assert "failures" not in row
        assert set(row["overall"]) == set(row["by_kind"]["definition"]) == set(EXAM_FIGURES)
        assert set(row["baselines"]["longest_option"]["overall"]) == set(COMPARED)
        assert row["difference"]["baseline"] == "longest_option"
        assert row["interval"]["confidence"] == 0.95
    assert evaluated((gold(0), checked("A"))).to_json(failures=False)["difference"] is None


@pytest.mark.parametrize(
    ("language", "words"), [("ja", ("最も長い選択肢", "誤った判定")), ("en", ("longest option", "wrong"))]
)
@pytest.mark.parametrize("width", [None, 40])
def test_the_report_reads_as_tables_and_failures(language: Language, words: tuple[str, ...], width: int | None) -> None:
    report = evaluated(
        (gold(0), checked("A")),
        (gold(0, kind="scenario"), checked("B")),
        (gold(decidable=False, kind="undecidable"), checked("B")),
        (gold(1), None),
        longest_option=longest_option,
        plain_retrieval=plain_retrieval(lambda text: float("通知" in text)),
    )
    view = View(width, colour=False)
    text = render_exam_report(report, view, language, failures=True)
    assert all(word in text for word in words)
    assert "33.3 (0–100) n=3" in text
    assert "-33.3 (-100 – +0)" in text, "right once in three, where the longest option is right twice"
    assert "a.md:7-8: 送った順に届き" in text
    assert "D: 記録 · related 0.25" in text
    short = render_exam_report(report, view, language, failures=False)
    assert text.startswith(short)
    assert "related" not in short
    assert width is None or all(display_width(line) <= width for line in text.removeprefix(short).splitlines())
    assert render_exam_report(evaluated((gold(0), checked())), view, language, failures=True)


# --- agreement with the reference scorer


def assert_agrees(report: ExamReport, reference: dict[str, Any]) -> None:
    for name in ("parsed", "choose", "right", "confidently_wrong", "evidence", "refused"):
        assert report.figures.overall[name].value == pytest.approx(reference[name]), name
    outcomes = {kind: figures["outcome"].value for kind, figures in report.figures.by_kind.items()}
    assert outcomes == pytest.approx(reference["by"])


def scrambled(question: GoldExamQuestion, pick: random.Random) -> CheckedQuestion:
    """Some outcome for a gold question: read well or badly, right or wrong, with fitting citations or others."""
    options = list(question.options)
    if pick.random() < 0.2:
        options.pop(pick.randrange(len(options)))
    if pick.random() < 0.2:
        options = [ExamOption(str(at), option.text) for at, option in enumerate(options, 1)]
    right = [options[at].label for at in question.answer if at < len(options)]
    answer = pick.choice([right, right, [], [pick.choice(options).label, pick.choice(options).label], ["("]])
    citations = [
        Citation(1, line.file, line.line_start, line.line_end + pick.randint(0, 1), (), quote, 0.5)
        for line in pick.sample(question.lines, min(len(question.lines), pick.randint(0, 2)))
        for quote in [pick.choice(["…", f"〔{line.must_contain} 〕"])]
    ]
    choose = pick.choice([question.choose, question.choose, 1, 2, None])
    return CheckedQuestion(
        question=ExamQuestion(question.stem, tuple(options), choose),
        verdict="decided" if answer else "undecided",
        answer=tuple(pick.sample(answer, len(answer))),
        support=pick.random(),
        options=tuple(
            JudgedOption(
                option.label, option.text, "related", pick.random(), tuple(c for c in citations if pick.random() < 0.7)
            )
            for option in options
        ),
    )


@needs_score
def test_agrees_with_the_reference_on_written_outputs(tmp_path: Path) -> None:
    pick, path, out = random.Random(1), EVALUATION / "mcq_dev.jsonl", tmp_path / "out.jsonl"
    cases = [ExamCase(question, scrambled(question, pick)) for question in read_exam_gold(path)]
    rows = [case.checked.to_json(case.gold.id) for case in cases if case.checked]
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, EVALUATION / "score.py", "check", path, out],
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )
    report = evaluate_exam(cases, {})
    assert_agrees(report, json.loads(run.stdout))
    assert all(0 < figure.value < 1 for figure in report.figures.overall.values() if figure.value is not None)


GOOD: dict[str, Any] = {
    "id": "m1",
    "text": "問1 どれか。\nア．一\nイ．二\nウ．三",
    "stem": "どれか。",
    "options": [{"label": label, "text": text} for label, text in zip("アイウ", "一二三", strict=True)],
    "answer": ["イ"],
    "answer_index": [1],
    "multi": False,
    "decidable": True,
    "gold": [
        {"option": "イ", "file": "a.md", "line_start": 7, "line_end": 7, "must_contain": "二", "role": "supports"}
    ],
    "kind": "definition",
}


@needs_score
@pytest.mark.parametrize("seed", range(10))
def test_agrees_with_the_reference_on_rows_made_by_hand(seed: int, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("score", EVALUATION / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    rows: list[dict[str, Any]] = [
        GOOD,
        GOOD | {"answer": ["ア", "ウ"], "answer_index": [0, 2], "multi": True, "kind": "scenario"},
        GOOD | {"answer": ["ア", "ウ"], "answer_index": [0, 2], "multi": False, "gold": []},
        GOOD | {"decidable": False, "gold": [], "kind": "undecidable"},
        GOOD | {"decidable": False, "gold": [], "answer": [], "answer_index": [], "kind": "scenario"},
    ] * 6
    pick = random.Random(seed)
    cases = [ExamCase(question, scrambled(question, pick)) for question in read_exam_gold(write_gold(tmp_path, *rows))]
    outputs = [case.checked.to_json() for case in cases if case.checked]
    assert_agrees(evaluate_exam(cases, {}), score.check_figures(rows, outputs))


# --- gold files


def write_gold(folder: Path, *rows: Any) -> Path:
    file = folder / "gold.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return file


def without(field: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != field}


def test_reads_a_gold_file(tmp_path: Path) -> None:
    several = GOOD | {"answer": ["ア", "イ"], "answer_index": [0, 1], "multi": True}
    bare = {"text": "t", "stem": "s", "options": [], "decidable": False}
    first, second, third = read_exam_gold(write_gold(tmp_path, GOOD, "", several, bare))
    assert first == GoldExamQuestion(
        id="m1",
        kind="definition",
        text=GOOD["text"],
        stem="どれか。",
        options=(ExamOption("ア", "一"), ExamOption("イ", "二"), ExamOption("ウ", "三")),
        choose=1,
        answer=(1,),
        decidable=True,
        lines=(GoldLines("a.md", 7, 7, "二", ()),),
    )
    assert (second.choose, second.labels) == (2, ("ア", "イ"))
    assert (third.id, third.kind, third.choose, third.lines) == (4, "-", None, ())


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        (without("text"), "text is missing"),
        (without("stem"), "stem is missing"),
        (without("options"), "options is missing"),
        (without("decidable"), "decidable is missing"),
        (without("answer_index"), "answer_index has to be"),
        (GOOD | {"options": {"A": "一"}}, "options has to be"),
        (GOOD | {"options": [{"label": "ア"}]}, "text is missing"),
        (GOOD | {"options": [{"label": 1, "text": "一"}]}, "label has to be string"),
        (GOOD | {"decidable": "yes"}, "decidable has to be"),
        (GOOD | {"multi": 2}, "multi has to be"),
        (GOOD | {"kind": None}, "kind has to be string"),
        (GOOD | {"answer_index": [3]}, "answer_index has to be"),
        (GOOD | {"answer_index": [-1]}, "answer_index has to be"),
        (GOOD | {"answer_index": [True]}, "answer_index has to be"),
        (GOOD | {"answer_index": 1}, "answer_index has to be"),
        (GOOD | {"answer": ["ア"]}, "answer has to be"),
        (GOOD | {"gold": "a.md"}, "gold has to be"),
        (GOOD | {"gold": [{"file": "a.md"}]}, "gold.line_start"),
        (GOOD | {"gold": [GOOD["gold"][0] | {"line_start": 0}]}, "gold.line_start"),
        (GOOD | {"gold": [GOOD["gold"][0] | {"line_end": 6}]}, "gold.line_end"),
        (GOOD | {"gold": [GOOD["gold"][0] | {"line_end": 7.0}]}, "gold.line_end"),
        (GOOD | {"gold": [GOOD["gold"][0] | {"must_contain": None}]}, "must_contain has to be string"),
    ],
)
def test_an_error_in_a_gold_file_names_file_and_line(row: Any, problem: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError) as caught:
        read_exam_gold(write_gold(tmp_path, GOOD, "", row))
    assert caught.value.message("en").startswith("gold.jsonl:3: ")
    assert problem in caught.value.message("en")
    assert caught.value.message("ja") != caught.value.message("en")


def test_a_gold_file_without_questions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="holds no question"):
        read_exam_gold(write_gold(tmp_path, ""))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "label"]), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=st.dictionaries(st.sampled_from(sorted(GOOD)), JSON_VALUES, max_size=3))
def test_any_row_is_read_or_turned_down_with_its_line(changed: dict[str, Any], tmp_path: Path) -> None:
    path = write_gold(tmp_path, GOOD | changed)
    try:
        (read,) = read_exam_gold(path)
    except RequestError as error:
        message = error.message("en")
    else:
        assert_usable(read)
        return
    assert message.startswith("gold.jsonl:1: ")


def assert_usable(read: GoldExamQuestion) -> None:
    assert len(read.labels) == len(read.answer)
    assert read.answer or not read.decidable
    right = CheckedQuestion(
        ExamQuestion(read.stem, read.options, read.choose),
        "decided" if read.decidable else "undecided",
        read.labels if read.decidable else (),
        0.9,
        tuple(JudgedOption(option.label, option.text, "supported", 1.0) for option in read.options),
    )
    report = evaluate_exam([ExamCase(read, right)], {"longest_option": longest_option})
    assert values(report, "parsed", "parsed_exactly") == [1.0, 1.0]
    assert render_exam_report(report, View(60, colour=False), "ja", failures=True)
