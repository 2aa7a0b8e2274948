"""``check`` as a person or a script meets it: one question, a whole exam, the record, and the retest."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from assistant.engine import Assistant

pytestmark = pytest.mark.model
Run = Callable[..., Result]

ONE = "送った順に届き、重複もしないキューはどれか。\nA. 標準キュー\nB. FIFOキュー\nC. Amazon SNS\n"
EXAM = f"""# 模試

問1. {ONE}
正解: B

問2. 月の裏側に着陸した探査機はどれか。
A. 嫦娥4号
B. アポロ11号

正解: A

問3. これは何か。
A. 一つだけ
"""


@pytest.fixture
def check(ask_command: Run, assistant: Assistant) -> Run:
    """The command over an empty record."""
    for attempt in assistant.exams.latest():
        assistant.exams.forget(attempt.identity)
    return lambda *args, **options: ask_command("check", *args, **options)


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    file = tmp_path / "exam.md"
    file.write_text(EXAM, "utf-8")
    return file


def test_one_question_with_its_evidence(check: Run) -> None:
    result = check(ONE, "--mine", "a")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "→ B. FIFOキュー" in result.stdout
    assert "messaging.md:7" in result.stdout
    assert "Your answer A does not agree with the notes, which say B." in result.stdout


def test_the_same_from_stdin_and_as_json(check: Run) -> None:
    row = json.loads(check("-", "--json", "--mine", "B", stdin=ONE).stdout)
    assert (row["verdict"], row["answer"], row["yours"], row["correct"]) == ("decided", ["B"], ["B"], True)
    assert [option["label"] for option in row["options"]] == ["A", "B", "C"]


def test_a_file_of_several_questions_and_its_report(check: Run, exam: Path, tmp_path: Path) -> None:
    report = tmp_path / "out.md"
    result = check(exam, "--mine", "A; -", "--report", report)
    assert result.exit_code == 1  # one of them is not decided
    assert "Line 16: there is only one option" in result.stderr
    assert "1 of 2 decided by the notes." in result.stdout
    text = report.read_text("utf-8")
    for part in ("1. 問1 wrong", "`messaging.md:7`", "## What the notes lack", "月の裏側", "there is only one option"):
        assert part in text, part


def test_several_questions_as_json_and_the_report_as_json(check: Run, exam: Path, tmp_path: Path) -> None:
    report = tmp_path / "out.json"
    told = json.loads(check(exam, "--json", "--report", report).stdout)
    saved = json.loads(report.read_text("utf-8"))
    assert [row["verdict"] for row in told["questions"]] == ["decided", "undecided"]
    assert told["report"]["score"]["notes"] == {"questions": 2, "decided": 1, "right": 1, "wrong": 0}
    assert [problem["reason"] for problem in told["problems"]] == ["one_option"]
    assert saved == told


def test_json_lines_bring_their_answers_along(check: Run, tmp_path: Path) -> None:
    file = tmp_path / "exam.jsonl"
    rows = [{"id": "x", "text": ONE, "answer": "B", "yours": "C"}, {"stem": "何か。"}]
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    result = check(file, "--json")
    assert json.loads(result.stdout)["correct"] is False
    assert "Line 2" in result.stderr


def test_a_file_in_an_older_encoding(check: Run, tmp_path: Path) -> None:
    file = tmp_path / "exam.txt"
    file.write_bytes(ONE.encode("cp932"))
    assert "→ B. FIFOキュー" in check(file).stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("nothing.md",), "there is no such file"),
        (("ただの文章",), "no exam question"),
        ((ONE, "--mine", "E"), "no option E"),
        ((EXAM, "--mine", "B"), 'There are 2 questions; give an answer for each, as in --mine "B; A,C; -".'),
        ((EXAM, "--mine", "B; A; A"), "There are 2 questions"),
        ((), "no exam question"),
    ],
)
def test_what_is_wrong_is_said(check: Run, args: tuple[str, ...], said: str) -> None:
    result = check(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_the_review_lists_what_the_retest_asks(check: Run, exam: Path) -> None:
    check(exam, "--mine", "A B")
    review = check("--review").stdout
    assert "Amazon SQS" in review
    assert "月の裏側" in review
    first = check("--retest", stdin="X\nB\n\n")
    # Before the answer the options, and no word of which is right.
    before, after = first.stdout.split("X", 1)[0], first.stdout
    assert "送った順に届き" in before
    assert "→" not in before
    assert "This question has no option X" in after
    assert "Your answer B is right." in after
    assert "1 of 1 right" in after
    # What was answered right is not asked again; the one left out is.
    second = check("--retest", "--json", stdin="A\n")
    row = json.loads(second.stdout)["questions"]
    assert [(item["yours"], item["correct"]) for item in row] == [(["A"], True)]
    assert "送った順" not in second.stderr
    assert check("--retest").stdout.strip() == "There is nothing to review."


def test_a_retest_can_be_left(check: Run, exam: Path) -> None:
    check(exam, "--mine", "A B")
    assert "0 of 0 right" in check("--retest", stdin="q\n").stdout
    assert "0 of 0 right" in check("--retest", stdin="").stdout
