"""The commands as a person or a script meets them: results, exit codes, and one clear line when something is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from assistant import engine
from assistant.faces.console import terminal
from assistant.limits import MAX_QUESTION_CHARACTERS
from assistant.messages import language_of
from assistant.records import Answer, Citation, Evidence, Hit, Place, SearchResult, SkippedFile, Status
from tests.conftest import loaded_by

HOME = Path(__file__).resolve().parents[1]
Run = Callable[..., Result]


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def assert_complains(result: Result, code: int, *parts: str) -> None:
    """Nothing on stdout, one line on stderr, no traceback."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert re.fullmatch(r"[^\n]+\n", result.stderr), result.stderr
    for part in parts:
        assert part in result.stderr


def start(*args: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HOME / "app.py"), *args],
        stdin=subprocess.PIPE,
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"NOTES_LANG": "en"} | options,
    )


def finish(*args: str, **options: Any) -> tuple[int, str, str]:
    with start(*args, **options) as process:
        out, err = process.communicate(timeout=120)
    return process.returncode, out, err


# --- ask


@pytest.mark.model
def test_ask_prints_the_contract_as_json(ask_command: Run, notes_dir: Path) -> None:
    result = ask_command("ask", "FIFOキューの特徴は？", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(answer)[:6] == ["id", "question", "kind", "status", "support", "answer"]
    assert answer["status"] == "answered"
    assert answer["id"] is None
    for citation in answer["citations"]:
        lines = (notes_dir / citation["file"]).read_text(encoding="utf-8").splitlines()
        cited = "\n".join(lines[citation["line_start"] - 1 : citation["line_end"]])
        assert citation["quote"] in cited


@pytest.mark.model
def test_ask_in_a_pipe_prints_lines_that_can_be_opened(ask_command: Run) -> None:
    result = ask_command("ask", "FIFOキューの特徴は？")
    assert result.exit_code == 0
    assert "messaging.md:7: FIFOキュー: 送った順に届き、重複もしない" in result.stdout.split("\n")
    assert "\x1b" not in result.stdout


@pytest.mark.model
def test_ask_exits_with_1_when_the_notes_do_not_say(ask_command: Run) -> None:
    result = ask_command("ask", "おいしいパンの焼き方は？", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] != "answered"


@pytest.mark.model
def test_a_question_comes_from_stdin_or_without_quotation_marks(ask_command: Run) -> None:
    piped = ask_command("ask", "-", "--json", stdin="\ufeff FIFOキューの特徴は？\n")
    bare = ask_command("ask", "--json", "who", "called", "the", "API")
    assert json.loads(piped.stdout)["question"] == "FIFOキューの特徴は？"
    assert json.loads(bare.stdout)["question"] == "who called the API"


@pytest.mark.model
def test_a_comparison_has_its_sides(ask_command: Run) -> None:
    answer = json.loads(ask_command("ask", "標準キューとFIFOキューの違いは？", "--json").stdout)
    assert answer["kind"] == "comparison"
    assert len(answer["sides"]) == 2


# --- search


@pytest.mark.model
def test_search_lists_sections_with_evidence(ask_command: Run) -> None:
    result = ask_command("search", "前の版に戻す", "-k", "2", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(found) == ["question", "hits"]
    assert [hit["rank"] for hit in found["hits"]] == [1, 2]
    assert found["hits"][0]["heading_path"] == ["S3", "バージョニング"]
    assert found["hits"][0]["evidence"]


@pytest.mark.model
def test_search_in_a_pipe_prints_lines_that_can_be_opened(ask_command: Run) -> None:
    lines = ask_command("search", "前の版に戻す", "-k", "1").stdout.splitlines()
    assert lines == ["storage/ストレージ.md:7: 上書きや削除をしても、前の版のオブジェクトを取り出せる。"]


# --- batches


@pytest.mark.model
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_batch_gives_a_line_per_line_in_order(command: str, ask_command: Run, tmp_path: Path) -> None:
    requests: list[dict[str, Any]] = [
        {"id": "a", "question": "FIFOキューの特徴は？"},
        {"id": 7, "question": "前の版に戻す"},
        {"question": "Who called the API?"},
        {"id": {"nested": [1]}, "question": " SNSとは ", "unknown": "field"},
    ]
    path = tmp_path / "requests.jsonl"
    path.write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in requests), encoding="utf-8")
    result = ask_command(command, "--batch", path)
    assert result.exit_code == 0
    assert [row["id"] for row in rows(result)] == ["a", 7, None, {"nested": [1]}]
    assert [row["question"] for row in rows(result)] == [row["question"].strip() for row in requests]
    assert result.stderr == ""


@pytest.mark.model
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_bad_line_of_a_batch_does_not_stop_the_others(command: str, ask_command: Run) -> None:
    lines = [
        b'\xef\xbb\xbf{"id": 1, "question": "SNS\xe3\x81\xa8\xe3\x81\xaf"}',
        b'{"id": 2, "question": ',
        b'{"id": 3}',
        b'{"id": 4, "question": ["SNS"]}',
        b'{"id": 5, "question": " "}',
        b'{"id": 6, "question": "\xff"}',
        b'["id", 7]',
        b'{"id": 8, "question": "' + b"x" * (MAX_QUESTION_CHARACTERS + 1) + b'"}',
        b'{"id": "\\ud800", "question": "\\ud800 SNS\xe3\x81\xa8\xe3\x81\xaf"}',
        b"[" * 100_000,
        b'{"id": 11, "question": "SNS\xe3\x81\xa8\xe3\x81\xaf"}',
    ]
    result = ask_command(command, "--batch", "-", "--json", stdin=b"\n".join(lines))
    printed = rows(result)
    assert result.exit_code == 2
    assert [row["id"] for row in printed] == [1, None, 3, 4, 5, None, None, 8, "\ud800", None, 11]
    assert [number for number, row in enumerate(printed, 1) if "error" in row] == [2, 3, 4, 5, 6, 7, 8, 10]
    assert ":2: not JSON" in printed[1]["error"]
    assert all(set(row) == {"id", "error"} for row in printed if "error" in row)
    assert result.stderr.count("\n") == 1


@pytest.mark.model
def test_a_fault_at_one_line_is_reported_there(
    ask_command: Run, assistant: engine.Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(question: str) -> Answer:
        if question == "bad":
            raise ZeroDivisionError
        return Answer(question, "lookup", "answered", 0.5, "line\u2028separator")

    monkeypatch.setattr(assistant, "ask", ask)
    result = ask_command("ask", "--batch", "-", stdin='{"id":1,"question":"bad"}\n{"id":2,"question":"good"}\n')
    assert result.exit_code == 3
    assert "ZeroDivisionError" in rows(result)[0]["error"]
    assert rows(result)[1]["answer"] == "line\u2028separator"
    assert len(result.stdout.splitlines()) == 2, "a line of JSON holds no other line ends"


# --- index, status, eval


@pytest.mark.model
def test_index_reports_what_it_did(ask_command: Run) -> None:
    report = json.loads(ask_command("index", "--json").stdout)
    assert (report["files"], report["encoded"]) == (3, 0)
    assert ask_command("index").stdout.startswith("3 files, ")


@pytest.mark.model
def test_status_tells_what_is_indexed(assistant: engine.Assistant, index_dir: Path, run_command: Run) -> None:
    result = run_command("status", "--json", "--index", index_dir)
    status = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (status["files"], status["empty_sections"], status["stale_files"]) == (3, 1, 0)
    assert "stale files" in run_command("status", "--index", index_dir).stdout


def test_status_of_nothing_indexed_yet(run_command: Run) -> None:
    status = json.loads(run_command("status", "--json").stdout)
    assert (status["files"], status["updated_at"], status["stale_files"]) == (0, None, 3)
    assert "まだ" in run_command("status", NOTES_LANG="ja").stdout


@pytest.mark.model
def test_eval_prints_the_figures(ask_command: Run, gold_file: Path, notes_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    result = ask_command("eval", gold_file, "--notes", notes_dir, "--json", "--out", out)
    report = json.loads(result.stdout)
    assert result.exit_code == 0
    assert report["questions"] == 4
    assert report["overall"]["section_r5"]["value"] == 1.0
    assert "failures" not in report
    saved = json.loads(out.read_text(encoding="utf-8"))
    assert saved.pop("failures") is not None
    assert saved == report


@pytest.mark.model
def test_eval_prints_tables_and_failures(ask_command: Run, notes_dir: Path, tmp_path: Path) -> None:
    wrong = {
        "id": "wrong",
        "type": "fact",
        "question": "SNSとは？",
        "gold": [{"file": "english.txt", "line_start": 1, "line_end": 1, "must_contain": "存在しない"}],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(wrong), encoding="utf-8")
    text = ask_command("eval", path, "--notes", notes_dir, "--failures").stdout
    for part in ("section R@1", "false refusal", "Failures: 1", "wrong fact", "english.txt:1: 存在しない"):
        assert part in text


def test_eval_says_what_is_wrong_with_the_gold_file(run_command: Run, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"question": "q", "answerable": false}\n{"question": 1}\n', encoding="utf-8")
    assert_complains(run_command("eval", path), 2, "gold.jsonl:2: ")
    assert_complains(run_command("eval", tmp_path / "none.jsonl"), 2, "GOLD")
    assert_complains(run_command("eval"), 2, "GOLD")


@pytest.mark.model
def test_eval_prints_its_figures_even_where_they_cannot_be_saved(
    ask_command: Run, gold_file: Path, notes_dir: Path, tmp_path: Path
) -> None:
    result = ask_command("eval", gold_file, "--notes", notes_dir, "--json", "--out", tmp_path / "none" / "report.json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["questions"] == 4
    assert "report.json" in result.stderr


@pytest.mark.model
def test_eval_notices_gold_for_other_notes(ask_command: Run, gold_file: Path, tmp_path: Path) -> None:
    assert_complains(ask_command("eval", gold_file, "--notes", tmp_path), 2, "--notes")


# --- what can be wrong


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["ask", ""], ""),
        (["ask", " \u3000\n"], ""),
        (["ask"], "app.py ask --help"),
        (["ask", "x" * 100_000], "100,000"),
        (["search", "-", "--batch", "-"], "--batch"),
        (["ask", "質問", "--batch", "missing.jsonl"], "--batch"),
        (["ask", "質問", "--colour"], "--colour"),
        (["ask", "質問", "--notes"], "--notes"),
        (["ask", "質問", "--notes", ""], "--notes"),
        (["search", "質問", "-k", "0"], "-k"),
        (["search", "質問", "-k", "many"], "-k"),
        (["--port", "70000"], "--port"),
        (["S3とは"], "ask"),
        (["--notes", ".", "ask", "質問"], "--notes"),
        (["index", "extra"], "app.py index --help"),
    ],
)
def test_a_wrong_request_gets_one_line(args: list[str], part: str, language: str, run_command: Run) -> None:
    result = run_command(*args, NOTES_LANG=language)
    assert_complains(result, 2, part)
    assert language_of(result.stderr.replace("S3とは", "")) == language or "extra" in args


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("command", [["index"], ["ask", "質問"], ["search", "質問", "--json"]])
@pytest.mark.parametrize("content", [None, {}, {"a.md": b"\x7fELF\x00\x01\x02\xff" * 200}])
def test_notes_that_cannot_be_read_get_one_line(
    content: dict[str, bytes] | None, command: list[str], language: str, run_command: Run, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    if content is not None:
        notes.mkdir()
        for name, data in content.items():
            (notes / name).write_bytes(data)
    assert_complains(run_command(*command, "--notes", notes, NOTES_LANG=language), 2, str(notes))


@pytest.mark.model
def test_a_binary_among_the_notes_is_named_and_the_rest_answers(run_command: Run, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "good.md").write_text("# SNS\n通知を送るサービス", encoding="utf-8")
    (notes / "bad.md").write_bytes(b"\x7fELF\x00\x01\x02\xff" * 200)
    result = run_command("index", "--notes", notes)
    assert result.exit_code == 0
    assert "bad.md (not text)" in result.stderr


def test_an_index_folder_that_cannot_be_used_exits_with_3(run_command: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    assert_complains(run_command("status", "--index", tmp_path / "file"), 3, "--index")


def test_an_unexpected_fault_is_one_line_unless_asked_for_more(
    run_command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(engine, "Assistant", fault)
    assert_complains(run_command("index"), 3, "(ZeroDivisionError)")
    for told in (run_command("index", "--debug"), run_command("index", NOTES_DEBUG="1")):
        assert "Traceback" in told.stderr
        assert told.exit_code == 3


def test_a_missing_package_is_named(run_command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr(engine, "Assistant", fault)
    assert_complains(run_command("index"), 3, "torch", "make chat")


# --- as a process


@pytest.mark.skipif("coverage" in sys.modules, reason="watching every line takes longer than the command")
@pytest.mark.parametrize(("command", "said"), [("--help", "Usage: app.py"), ("status", "sections")])
def test_help_and_status_are_there_at_once(command: str, said: str, tmp_path: Path) -> None:
    def processor_seconds() -> float:
        before = os.times()
        code, out, err = finish(command, INDEX_DIR=str(tmp_path))
        after = os.times()
        assert (code, err) == (0, "")
        assert said in out
        return after.children_user + after.children_system - before.children_user - before.children_system

    # The processor's time, and the best of a few: a busy machine is not the program's fault.
    assert min(processor_seconds() for _ in range(3)) < 0.3


@pytest.mark.skipif("coverage" in sys.modules, reason="what watches the lines is imported too")
def test_nothing_heavy_is_imported_before_it_is_needed(notes_dir: Path, tmp_path: Path) -> None:
    model = {"torch", "transformers", "sentence_transformers", "gradio", "uvicorn", "fastapi"}
    assert not loaded_by("ask", "--help") & (model | {"numpy", "faiss", "sqlite3", "tqdm", "markdown_it"})
    assert not loaded_by("status", "--notes", str(notes_dir), "--index", str(tmp_path)) & (
        model | {"numpy", "faiss", "tqdm", "markdown_it"}
    )


def test_exit_codes_of_the_process(tmp_path: Path) -> None:
    assert finish("ask", "", INDEX_DIR=str(tmp_path))[0] == 2
    code, out, err = finish("ask", "質問", "--notes", str(tmp_path / "none"), INDEX_DIR=str(tmp_path))
    assert (code, out, err.count("\n")) == (2, "", 1)


@pytest.mark.skipif(os.name == "nt", reason="signals and pipes are not the same there")
def test_ctrl_c_is_quiet() -> None:
    # A process started in the background inherits an ignored SIGINT, and would hand it on to its children.
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = start("ask", "-")
    finally:
        signal.signal(signal.SIGINT, inherited)
    with process:
        assert process.stdin is not None
        process.stdin.write("\n" * 200_000)  # more than a pipe holds: through once the question is being read
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, "", "")


@pytest.mark.skipif(os.name == "nt", reason="signals and pipes are not the same there")
def test_a_closed_pipe_is_quiet(notes_dir: Path, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        code, _, err = finish("status", "--notes", str(notes_dir), stdout=writing, INDEX_DIR=str(tmp_path))
    finally:
        os.close(writing)
    assert (code, err) == (141, "")


def test_a_pipe_is_utf8_whatever_the_locale(notes_dir: Path, tmp_path: Path) -> None:
    options = {"INDEX_DIR": str(tmp_path), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "NOTES_LANG": "ja"}
    code, out, _ = finish("status", "--notes", str(notes_dir), **options)
    assert (code, "ノート" in out) == (0, True)


# --- layout


@pytest.mark.parametrize("width", [20, 33, 40, 79])
def test_lines_fit_and_break_where_they_may(width: int) -> None:
    text = (
        "S3のストレージクラスには、Standard-IA（低頻度）と「Glacier」がある。" * 4
        + "\n- 箇条書きの、とても長い一行です。" * 3
    )
    lines = terminal.wrap(text, width, "  ")
    assert all(terminal.display_width(line) <= width for line in lines)
    assert not [line for line in lines if line.lstrip()[:1] in set("、。」）")]
    assert not [line for line in lines if line.endswith(("「", "（"))]
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_words_stay_whole_and_long_ones_are_cut() -> None:
    assert terminal.wrap("one two three", 8) == ["one two", "three"]
    assert terminal.wrap("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert terminal.wrap("- 一二三四五六", 10) == ["- 一二三四", "  五六"]
    assert terminal.wrap("", 10) == [""]
    assert terminal.wrap(f"{' ' * 8}code", 10) == ["code"]
    assert terminal.wrap(f"\t{'x' * 12}", 10) == ["x" * 9, " xxx"]


def test_a_line_without_a_blank_is_broken_in_time_that_grows_with_its_length() -> None:
    text = "data:image/png;base64," + "iVBORw0KGgo" * 10_000
    begun = time.process_time()
    assert "".join(terminal.wrap(text, 80)) == text
    assert time.process_time() - begun < 20


def test_full_width_and_combining_characters_are_counted_in_columns() -> None:
    assert [terminal.display_width(text) for text in ("abc", "日本", "ｶﾅ", "が", "Ａ", "1M\u200bB")] == [
        3,
        4,
        2,
        2,
        2,
        3,
    ]


CITATION = Citation(1, "メモ.md", 3, 4, ("章", "節"), "一行目\n  二行目\x1b[31m", 0.9, (Place("other.md", 9, 10),))


def test_an_answer_on_a_terminal_is_aligned_and_takes_no_orders() -> None:
    answer = Answer("質問", "lookup", "answered", 0.934, "- 一行目 [1]", (CITATION,), elapsed_ms=41)
    assert terminal.render_answer(answer, terminal.View(40, colour=False)).split("\n") == [
        "- 一行目 [1]",
        "",
        "[1] メモ.md:3-4  章 > 節",
        "    一行目",
        "      二行目\ufffd[31m",
        "    同じ内容: other.md:9-10",
        "",
        "ノートに答えあり · 確かさ 93 % · 41 ms",
    ]
    assert "\x1b[36m" in terminal.render_answer(answer, terminal.View(40, colour=True))


def test_an_answer_in_a_pipe_is_plain() -> None:
    answer = Answer("What?", "lookup", "related", 0.2, "Nearest:", related=(CITATION,))
    assert terminal.render_answer(answer, terminal.View(None, colour=False)).split("\n") == [
        "Nearest:",
        "",
        "メモ.md:3: 一行目",
        "メモ.md:4:   二行目\x1b[31m",
    ]


@pytest.mark.parametrize("width", [None, 60])
def test_a_refusal_leads_to_the_nearest_headings_and_quotes_nothing(width: int | None) -> None:
    answer = Answer("量子は？", "lookup", "not_found", 0.0, "見つかりません。", related=(CITATION,))
    shown = terminal.render_answer(answer, terminal.View(width, colour=False))
    assert "近い見出し" in shown
    assert "メモ.md:3" in shown
    assert " > ".join(CITATION.heading_path) in shown
    assert "一行目" not in shown


def test_hits_on_a_terminal_have_their_lines_in_order() -> None:
    evidence = (Evidence(12, 12, "後の行", 0.9), Evidence(9, 9, "前の行", 0.5))
    hit = Hit(1, "a.md", 8, 14, ("章", "とても長い見出し" * 5), "…", 0.9, evidence)
    empty = Hit(2, "a.md", 20, 20, ("空の節",), "", 0.4, ())
    result = SearchResult("質問", (hit, empty))
    assert terminal.render_search(result, terminal.View(40, colour=False)).split("\n") == [
        " 1. a.md:8-14",
        "     9 前の行",
        "    12 後の行",
        "",
        " 2. a.md:20  空の節",
    ]
    assert terminal.render_search(result, terminal.View(None, colour=False)).split("\n") == [
        "a.md:12: 後の行",
        "a.md:9: 前の行",
        "a.md:20: 空の節",
    ]
    assert terminal.render_search(SearchResult("q", ()), terminal.View(None, colour=False)) == "Nothing in the notes."


def test_status_is_aligned_and_names_what_was_skipped() -> None:
    skipped = (SkippedFile("x.md", "skip.binary"),)
    status = Status("notes", "index", 1200, 3, 0, 3, "model", None, 0, skipped)
    lines = terminal.render_status(status, "ja").split("\n")
    assert len({terminal.display_width(line[: line.rindex("  ")]) for line in lines[:-1] if "  " in line}) >= 1
    assert "1,200" in lines[2]
    assert lines[-1] == "読めなかったファイル: x.md (テキストではありません)"


def test_many_skipped_files_are_counted() -> None:
    skipped = [SkippedFile(f"{n}.md", "skip.encoding") for n in range(10)]
    assert terminal.render_skipped(skipped, "en").endswith("2.md (unknown character encoding), … (+7)")


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_refused(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert terminal.View.of_stdout().colour
    monkeypatch.setenv(variable, value)
    assert not terminal.View.of_stdout().colour
