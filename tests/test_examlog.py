"""The record of checked questions: what it keeps through everything that happens to the notes, and what it tells."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import IndexUnusable
from assistant.examrecords import CheckedQuestion, ExamOption, ExamQuestion, JudgedOption, OptionSupport
from assistant.exams.record import examlog
from assistant.exams.record.examlog import Attempt, ExamLog, KeyComparison, RecordsTooNew, Tally, identity_of
from assistant.records import Citation, Place
from assistant.storage import database as _database
from assistant.store import Store
from tests.conftest import OpenAssistant

ROOT = Path(__file__).resolve().parents[1]
#: What the notes say of an option: support, score, citations.
Found = tuple[OptionSupport, float, tuple[Citation, ...]]
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def cited(file: str = "a.md", *path: str, line: int = 3) -> tuple[Citation, ...]:
    return (Citation(1, file, line, line, path or ("見出し",), "引用した行", 0.7),)


def checked(
    stem: str,
    yours: str = "",
    *,
    key: str = "",
    answer: str = "",
    correct: bool | None = None,
    **options: Found,
) -> CheckedQuestion:
    """A question with options A and B; labels are letters of ``yours``, ``key`` and ``answer``."""
    near: dict[str, Found] = {"A": ("related", 0.2, ()), "B": ("related", 0.1, ())}
    judged = near | options
    question = ExamQuestion(stem, tuple(ExamOption(label, f"{stem} {label}") for label in judged), key=tuple(key))
    return CheckedQuestion(
        question=question,
        verdict="decided" if answer else "undecided",
        answer=tuple(answer),
        support=0.8 if answer else 0.0,
        options=tuple(JudgedOption(label, f"{stem} {label}", *parts) for label, parts in judged.items()),
        yours=tuple(yours),
        correct=correct,
    )


def stems(attempts: tuple[Attempt, ...]) -> list[str]:
    return [attempt.checked.question.stem for attempt in attempts]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def notes_store(folder: Path) -> Iterator[Store]:
    opened = Store(folder)
    yield opened
    opened.close()


@pytest.fixture
def log(notes_store: Store) -> ExamLog:
    return ExamLog(notes_store)


# --- writing and reading


def test_what_is_recorded_is_read_back(log: ExamLog) -> None:
    citation = Citation(
        2,
        "下/a b.md",
        4,
        6,
        ("鍵", "管理"),
        "一行目\n二行目 \U0001f511",
        1 / 3,
        (Place("b.md", 1, 2),),
        ("一行目",),
        ("列: 一行目",),
    )
    question = ExamQuestion(
        "誤っているものを\nすべて選べ",
        (ExamOption("ア", "=1+1"), ExamOption("②", "x")),
        choose=None,
        negated=True,
        kind="matching",
        key=("ア", "②"),
        explanation="解説",
        number="問12",
        line=9,
    )
    options = (JudgedOption("ア", "=1+1", "conflicts", 2 / 3, (citation,)), JudgedOption("②", "x", "not_in_notes", 0.0))
    recorded = CheckedQuestion(question, "decided", ("ア",), 0.123456789, options, ("②",), False, elapsed_ms=44)
    row = log.record(recorded, at=NOON.astimezone())
    (attempt,) = log.attempts()
    assert attempt == Attempt(0, NOON, identity_of(question), replace(recorded, elapsed_ms=0))
    assert (attempt.id, attempt.at.tzinfo) == (row, UTC)
    assert log.attempts(attempt.identity) == log.latest() == (attempt,)
    assert log.attempts("another") == ()


def test_the_time_is_now_unless_it_is_given(log: ExamLog) -> None:
    before = datetime.now(UTC)
    log.record(checked("今"))
    (attempt,) = log.attempts()
    assert before <= attempt.at <= datetime.now(UTC)


def test_half_a_character_does_not_stop_the_record(log: ExamLog) -> None:
    log.record(checked("a\ud800b", "A"))
    (attempt,) = log.latest()
    assert attempt.checked.question.stem == "a\ufffdb"
    assert attempt.identity == identity_of(attempt.checked.question)


def test_the_last_attempt_at_each_question_in_the_order_of_the_first(log: ExamLog) -> None:
    for stem, yours in [("一", "A"), ("二", "A"), ("一", "B"), ("三", "A"), ("二", "B")]:
        log.record(checked(stem, yours))
    assert [(a.checked.question.stem, *a.checked.yours) for a in log.latest()] == [
        ("一", "B"),
        ("二", "B"),
        ("三", "A"),
    ]


def test_a_clock_that_goes_backwards_changes_no_order(log: ExamLog) -> None:
    for number, stem in enumerate(["一", "二", "一"]):
        log.record(checked(stem, "AB"[number % 2]), at=NOON - timedelta(days=number))
    assert stems(log.attempts()) == ["一", "二", "一"]
    assert [attempt.at.day for attempt in log.latest()] == [27, 28]
    assert stems(log.due()) == ["二", "一"]


def test_a_forgotten_question_is_gone(log: ExamLog) -> None:
    for stem in ("一", "二", "一"):
        log.record(checked(stem))
    assert log.forget(identity_of(checked("一").question)) == 2
    assert stems(log.attempts()) == ["二"]
    assert log.forget("another") == 0


# --- which questions are the same


def test_labels_order_width_and_blanks_make_no_other_question() -> None:
    one = ExamQuestion("S3の 料金は\nどれか。", (ExamOption("A", "保存 料金"), ExamOption("B", "CSE-KMS")))
    other = ExamQuestion(
        " Ｓ３の料金はどれか。", (ExamOption("1", "cse－kms"), ExamOption("2", "保存料金 ")), key=("1",), number="問3"
    )
    assert identity_of(one) == identity_of(other)


@pytest.mark.parametrize(
    "other",
    [
        ExamQuestion("どれか", (ExamOption("A", "一"), ExamOption("B", "三"))),
        ExamQuestion("どれが", (ExamOption("A", "一"), ExamOption("B", "二"))),
        ExamQuestion("どれか", (ExamOption("A", "一二"),)),
        ExamQuestion("どれか一", (ExamOption("A", "二"),)),
        ExamQuestion("どれか", ()),
    ],
)
def test_another_text_is_another_question(other: ExamQuestion) -> None:
    assert identity_of(ExamQuestion("どれか", (ExamOption("A", "一"), ExamOption("B", "二")))) != identity_of(other)


@given(st.text(), st.lists(st.text(), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_options_never_matters(stem: str, texts: list[str], chance: random.Random) -> None:
    options = tuple(ExamOption(str(n), text) for n, text in enumerate(texts))
    mixed = tuple(ExamOption("x", option.text) for option in chance.sample(options, len(options)))
    assert identity_of(ExamQuestion(stem, options)) == identity_of(ExamQuestion(f"\n{stem} ", mixed))


# --- what it tells


def test_review_by_the_section_that_the_right_option_cites(log: ExamLog) -> None:
    key_cites: Found = ("supported", 0.4, cited("key.md", "鍵"))
    other: Found = ("supported", 0.9, cited("other.md"))
    log.record(checked("鍵が指す節", "A", key="B", answer="A", correct=False, A=other, B=key_cites))
    log.record(checked("ノートの答えが指す節", "B", answer="A", correct=False, A=other, B=key_cites))
    log.record(checked("近い選択肢が指す節", A=("related", 0.1, cited("key.md", "鍵", line=2)), B=("related", 0.3, ())))
    log.record(checked("もう一つの間違い", "A", key="B", answer="A", correct=False, A=other, B=key_cites))
    log.record(checked("ノートにない", "A", key="B", correct=False, A=other))
    log.record(checked("ノートになく未解答", A=("not_in_notes", 0.9, cited("key.md", "鍵"))))
    log.record(checked("正解", "A", answer="A", correct=True, A=other))
    groups = log.review()
    assert [(group.file, group.heading_path, group.line, group.missed) for group in groups] == [
        ("key.md", ("鍵",), 2, 2),
        ("other.md", ("見出し",), 3, 1),
        ("", (), 0, 1),
    ]
    assert [stems(group.attempts) for group in groups] == [
        ["鍵が指す節", "もう一つの間違い", "近い選択肢が指す節"],
        ["ノートの答えが指す節"],
        ["ノートにない", "ノートになく未解答"],
    ]


def test_what_is_not_in_the_notes_comes_last_however_often_it_was_missed(log: ExamLog) -> None:
    for number in range(3):
        log.record(checked(f"ない{number}", "A", key="B", correct=False))
    log.record(checked("ある", "A", key="B", correct=False, B=("supported", 0.5, cited())))
    assert [(group.file, group.missed) for group in log.review()] == [("a.md", 1), ("", 3)]


def test_a_question_that_was_answered_right_in_the_end_needs_no_review(log: ExamLog) -> None:
    log.record(checked("問", "A", answer="B", correct=False))
    log.record(checked("問", "B", answer="B", correct=True))
    assert log.review() == ()


def test_gaps_name_what_the_notes_say_nothing_about(log: ExamLog) -> None:
    absent: Found = ("not_in_notes", 0.0, ())
    log.record(checked("一度", "A", key="B", correct=False, B=absent))
    log.record(checked("二度", "A", key="B", correct=False, A=absent, B=absent))
    log.record(checked("二度", "A", key="B", correct=False, A=absent, B=absent))
    log.record(checked("二度", "B", key="B", correct=True, A=absent, B=absent))
    log.record(checked("間違いなし"))
    log.record(checked("決まった", "A", answer="B", correct=False, A=absent))
    assert [(gap.stem, gap.missing, gap.asked, gap.missed) for gap in log.gaps()] == [
        ("二度", ("二度 A", "二度 B"), 3, 2),
        ("一度", ("一度 B",), 1, 1),
        ("間違いなし", (), 1, 0),
    ]


def test_the_score_is_of_the_last_attempts(log: ExamLog) -> None:
    log.record(checked("鍵で正解", "A", key="B", answer="B", correct=False))
    log.record(checked("鍵で正解", "B", key="B", answer="B", correct=True))
    log.record(checked("鍵で間違い", "A", key="B", answer="A", correct=False))
    log.record(checked("ノートで正解", "A", answer="A", correct=True))
    log.record(checked("ノートで間違い", "A", answer="B", correct=False))
    log.record(checked("どちらでも決まらない", "A"))
    log.record(checked("未解答", key="A", answer="A"))
    log.record(checked("ノートで決まらない", "A", key="A", correct=True))
    score = log.score()
    assert (score.questions, score.answered) == (7, 6)
    assert (score.right, score.wrong, score.undecided) == (3, 2, 1)
    assert (score.by_key, score.by_notes) == (Tally(2, 1), Tally(1, 1))
    assert score.notes == KeyComparison(questions=4, decided=3, right=2, wrong=1)


@pytest.mark.parametrize(("kind", "right"), [("choice", 1), ("ordering", 0), ("matching", 0)])
def test_the_order_of_labels_matters_where_an_order_is_asked_for(kind: str, right: int, log: ExamLog) -> None:
    one = checked("問", key="AB", answer="BA")
    log.record(replace(one, question=replace(one.question, kind=kind)))  # type: ignore[arg-type]
    assert log.score().notes.right == right


def test_an_empty_record(log: ExamLog) -> None:
    assert (log.attempts(), log.latest(), log.due(), log.review(), log.gaps()) == ((), (), (), (), ())
    assert (log.score().questions, log.score().notes) == (0, KeyComparison(0, 0, 0, 0))


def test_due_begins_with_what_was_not_answered_right_the_oldest_first(log: ExamLog) -> None:
    log.record(checked("正解だった", "A", answer="A", correct=True))
    log.record(checked("間違えた", "A", answer="B", correct=False))
    log.record(checked("未解答", answer="B"))
    log.record(checked("決まらない", "A"))
    log.record(checked("間違えた", "A", answer="B", correct=False))
    log.record(checked("正解になった", "A", answer="B", correct=False))
    log.record(checked("正解になった", "B", answer="B", correct=True))
    assert stems(log.due()) == ["未解答", "決まらない", "間違えた", "正解だった", "正解になった"]


# --- restoring


MOMENTS = st.lists(
    st.tuples(st.sampled_from("一二三四"), st.integers(0, 6), st.sampled_from(["", "A", "B"])), max_size=12
)


@settings(max_examples=40, deadline=None)
@given(MOMENTS, st.sets(st.sampled_from("一二三四")))
def test_restoring_brings_back_what_was_forgotten_where_it_stood(
    tmp_path_factory: pytest.TempPathFactory, filed: list[tuple[str, int, str]], forgotten: set[str]
) -> None:
    opened = Store(tmp_path_factory.mktemp("index"))
    log = ExamLog(opened)
    for stem, hour, yours in filed:
        log.record(checked(stem, yours), at=NOON + timedelta(hours=hour))
    before = log.attempts()
    lost = sum(log.forget(identity_of(checked(stem).question)) for stem in forgotten)
    assert log.restore(before) == lost
    assert log.attempts() == before
    assert log.restore(before) == 0
    assert log.attempts() == before
    log.record(checked("次"))
    assert stems(log.attempts())[-1] == "次"
    opened.close()


def test_an_older_record_comes_before_what_was_done_since(log: ExamLog, tmp_path: Path) -> None:
    old = Store(tmp_path / "old")
    for day in (0, 2):
        ExamLog(old).record(checked("問", "A", answer="B", correct=False), at=NOON + timedelta(days=day))
    saved = ExamLog(old).attempts()
    old.close()
    log.record(checked("問", "B", answer="B", correct=True), at=NOON + timedelta(days=1))
    log.record(checked("問", "B", answer="B", correct=True), at=NOON + timedelta(days=3))
    assert log.restore(saved) == 2
    assert [attempt.at.day for attempt in log.attempts()] == [1, 2, 3, 4]
    assert log.review() == ()


# --- surviving


@pytest.mark.model
def test_it_survives_changed_notes_and_another_folder(
    open_assistant: OpenAssistant, tmp_path: Path, folder: Path
) -> None:
    for name in ("notes", "others"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(f"# {name}\n本文", encoding="utf-8")
    with open_assistant(tmp_path / "notes", folder) as assistant:
        assistant.refresh()
        opened = Store(folder)
        log = ExamLog(opened)
        log.record(checked("問", "A"))
        before, generation = log.attempts(), opened.generation
        assert assistant.refresh().changed == 0
        assert opened.generation == generation
        (tmp_path / "notes" / "a.md").write_text("# 変わった\n別の本文", encoding="utf-8")
        assert assistant.refresh().changed == 1
    with open_assistant(tmp_path / "others", folder) as assistant:
        assistant.refresh()
    assert log.attempts() == before
    opened.close()


def test_it_survives_a_new_schema_and_another_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Store(folder)
    opened.use_model("one")
    ExamLog(opened).record(checked("問", "A"))
    before = ExamLog(opened).attempts()
    opened.close()
    monkeypatch.setattr(_database, "SCHEMA_VERSION", 999)
    again = Store(folder)
    assert again.meta("model") is None, "the notes' tables were rebuilt"
    assert not again.use_model("another")
    log = ExamLog(again)
    assert log.attempts() == before
    log.record(checked("次", "A"))
    assert stems(log.attempts()) == ["問", "次"]
    again.close()


def test_a_new_version_of_its_table_keeps_the_rows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Store(folder)
    ExamLog(opened).record(checked("問", "A"))
    before = ExamLog(opened).attempts()
    with monkeypatch.context() as patch:
        patch.setattr(examlog, "_VERSIONS", [*examlog._VERSIONS, ("ALTER TABLE exams ADD COLUMN mood TEXT",)])
        later = ExamLog(opened)
        assert later.attempts() == before
        later.record(checked("次"))
        assert len(ExamLog(opened).attempts()) == 2, "a change is made once"
    with pytest.raises(RecordsTooNew) as caught:
        ExamLog(opened)
    assert str(folder) in caught.value.message("ja")
    opened.close()


WRITER = """
import sys
from pathlib import Path
from assistant.exams.record.examlog import ExamLog
from assistant.store import Store
from tests.test_examlog import checked
store = Store(Path(sys.argv[1]))
log = ExamLog(store)
for number in range(int(sys.argv[3])):
    log.record(checked(f"{sys.argv[2]} {number}", "A"))
    print(number, flush=True)
"""

KILLED = (
    "import os, signal\n"
    + WRITER.replace("for number", "transaction = store.writing()\ntransaction.__enter__()\nfor number")
    + "os.kill(os.getpid(), signal.SIGKILL)\n"
)


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_threads_and_processes_write_at_the_same_time(folder: Path, notes_store: Store) -> None:
    processes = [start(WRITER, folder, f"process {n}", 20) for n in range(2)]

    def write(name: str) -> None:
        for number in range(20):
            ExamLog(notes_store).record(checked(f"{name} {number}", "A"))

    threads = [threading.Thread(target=write, args=(f"thread {n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    written = stems(ExamLog(notes_store).attempts())
    assert len(written) == 80
    for name in ("process 0", "process 1", "thread 0", "thread 1"):
        assert [stem for stem in written if stem.startswith(name)] == [f"{name} {number}" for number in range(20)]


def test_a_writer_that_is_killed_leaves_what_it_had_filed(folder: Path) -> None:
    process = start(WRITER, folder, "問", 100_000)
    assert process.stdout
    said = [process.stdout.readline() for _ in range(5)]
    process.kill()
    said += process.stdout.readlines()
    process.communicate(timeout=60)
    opened = Store(folder)
    log = ExamLog(opened)
    written = stems(log.attempts())
    # The last one may have been filed without having been said.
    assert len(written) - len(said) in (0, 1)
    assert written == [f"問 {number}" for number in range(len(written))]
    log.record(checked("次"))
    assert stems(log.attempts()) == [*written, "次"]
    opened.close()


def test_nothing_is_left_of_a_write_that_was_under_way(folder: Path, log: ExamLog) -> None:
    log.record(checked("前", "A"))
    before = log.attempts()
    process = start(KILLED, folder, "途中", 50)
    said = process.communicate(timeout=60)[0]
    assert (process.returncode, len(said.splitlines())) == (-signal.SIGKILL, 50)
    assert log.attempts() == before


def test_a_damaged_row_is_an_error_of_one_line(folder: Path, log: ExamLog) -> None:
    log.record(checked("問"))
    with sqlite3.connect(folder / "notes.db") as connection:
        connection.execute("UPDATE exams SET question = '{'")
    connection.close()
    with pytest.raises(IndexUnusable) as caught:
        log.latest()
    assert "\n" not in caught.value.message("en")


def test_ten_thousand_records_stay_fast(log: ExamLog, notes_store: Store) -> None:
    found: Found = ("supported", 0.5, cited())
    with notes_store.writing():
        for number in range(1000):
            log.record(
                checked(f"第{number}問の問題文" * 5, "A", answer="B", correct=False, A=found, B=found, C=found, D=found)
            )
    with sqlite3.connect(notes_store.path) as connection:
        columns = "at, identity, question, yours, verdict, answer, support, correct, options"
        for _ in range(9):
            connection.execute(f"INSERT INTO exams ({columns}) SELECT {columns} FROM exams WHERE id <= 1000")
    connection.close()
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        assert len(log.latest()) == 1000
        seconds.append(time.perf_counter() - begun)
    assert min(seconds) < 0.5
    begun = time.perf_counter()
    log.record(checked("次"))
    assert time.perf_counter() - begun < 0.5
