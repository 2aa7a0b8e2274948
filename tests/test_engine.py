"""The assistant as the faces use it: answers, places, freshness, threads, and quotes that can be read again."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

import assistant as package
from assistant.engine import Assistant
from assistant.errors import EmptyQuestion, NotesFolderMissing, QuestionTooLong, UnknownPlace
from assistant.limits import MAX_QUESTION_CHARACTERS
from assistant.records import Answer, Citation

pytestmark = pytest.mark.model

OpenAssistant = Callable[[Path, Path], Assistant]

HOME = Path(__file__).resolve().parents[1]
QUESTIONS = [
    json.loads(line)["question"]
    for line in (HOME / "tests" / "gold" / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
]
# What stands before a quote on its lines: indentation, and the marks of lists, quotes, tasks, rows and footnotes.
MARKS = re.compile(r"(?:[ \t\u3000>|]|[-*+・](?=\s)|\d+[.)](?=\s)|\[[ xX]\](?=\s)|\[\^[^\]]+\]:)*")


@pytest.fixture(scope="module")
def corpus(open_assistant: OpenAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the notes that come with the program."""
    with open_assistant(HOME / "corpus", tmp_path_factory.mktemp("corpus-index")) as ready:
        ready.refresh()
        yield ready


@pytest.fixture
def own(open_assistant: OpenAssistant, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant over a folder that the test may write to."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# 鍵\nKMSが鍵を管理する。\n", encoding="utf-8")
    with open_assistant(tmp_path / "notes", tmp_path / "index") as ready:
        yield ready


def source(notes: Path, citation: Citation) -> list[str]:
    """The cited lines, read anew, as an editor counts them."""
    text = (notes / citation.file).read_bytes().decode("utf-8-sig")
    return re.split(r"\r\n|\n|\r", text)[citation.line_start - 1 : citation.line_end]


def assert_reads_the_same(notes: Path, citation: Citation) -> None:
    lines, quoted = source(notes, citation), citation.quote.split("\n")
    assert len(lines) == len(quoted) == citation.line_end - citation.line_start + 1, citation
    for line, quote in zip(lines, quoted, strict=True):
        if not quote:  # a blank line within a block of code
            assert not line.strip(), citation
            continue
        before, found, after = line.partition(quote)
        assert found == quote, citation
        heading = line.startswith("#") and citation.score == 0
        assert heading or MARKS.fullmatch(before), citation
        assert not after.strip(" \t\u3000|#"), citation


# --- answers


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_reads_the_same_in_its_file(corpus: Assistant, question: str) -> None:
    answer = corpus.ask(question)
    for citation in (*answer.citations, *answer.related):
        assert_reads_the_same(HOME / "corpus", citation)
        for place in citation.also:
            copy = Citation(0, place.file, place.line_start, place.line_end, (), citation.quote, citation.score)
            assert_reads_the_same(HOME / "corpus", copy)
    markers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)}
    shown = answer.citations or answer.related
    assert {citation.n for citation in shown} == set(range(1, len(shown) + 1))
    if answer.status == "answered":
        assert answer.citations
        assert markers >= {citation.n for citation in answer.citations}
        assert not answer.related
    numbers = {citation.n for citation in answer.citations}
    assert all(set(side.citations) <= numbers for side in answer.sides)
    assert 0 <= answer.support <= 1


def test_an_answer_quotes_the_line(assistant: Assistant) -> None:
    begun = time.perf_counter()
    answer = assistant.ask("FIFOキューの特徴は？")
    passed = time.perf_counter() - begun
    assert (answer.kind, answer.status) == ("lookup", "answered")
    first = answer.citations[0]
    assert (first.file, first.line_start, first.line_end) == ("messaging.md", 7, 7)
    assert first.quote == "FIFOキュー: 送った順に届き、重複もしない"
    assert first.heading_path == ("メッセージング", "Amazon SQS")
    assert answer.text.startswith(f"- {first.quote} [1]")
    assert 1 <= answer.elapsed_ms <= passed * 1000 + 1


def test_a_heading_without_a_body_is_cited_as_such(assistant: Assistant) -> None:
    answer = assistant.ask("Amazon MQとは？")
    assert answer.status == "empty_heading"
    assert [(c.file, c.line_start) for c in answer.citations] == [("messaging.md", 12)]


def test_what_the_notes_do_not_say_is_not_answered(assistant: Assistant) -> None:
    assert assistant.ask("おいしいパンの焼き方は？").status != "answered"


def test_the_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    first, second = (assistant.ask("標準キューとFIFOキューの違いは？").to_json() for _ in range(2))
    assert first | {"elapsed_ms": 0} == second | {"elapsed_ms": 0}


@pytest.mark.parametrize("question", ["？", "a", "🙂", "- - -", "\u200b", "'\"; DROP TABLE files; --", "S3 OR AND NOT"])
def test_any_text_is_a_question(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).question == question
    assert assistant.search(question).question == question


@pytest.mark.parametrize("question", ["？", "- - -", "🙂", "…!?"])
def test_what_holds_no_word_is_not_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.citations, answer.support) == ("not_found", (), 0.0)


@pytest.mark.parametrize("question", ["", " \n\u3000"])
def test_nothing_is_no_question(assistant: Assistant, question: str) -> None:
    with pytest.raises(EmptyQuestion):
        assistant.ask(question)
    with pytest.raises(EmptyQuestion):
        assistant.search(question)


def test_a_question_has_a_limit(assistant: Assistant) -> None:
    assert assistant.search("鍵" * MAX_QUESTION_CHARACTERS).hits
    with pytest.raises(QuestionTooLong):
        assistant.ask("鍵" * (MAX_QUESTION_CHARACTERS + 1))


@pytest.mark.parametrize("k", [1, 3, 10, 1000])
def test_search_ranks_sections(corpus: Assistant, k: int) -> None:
    hits = corpus.search("画像から文字を読み取る", k).hits
    assert len(hits) == min(k, len(corpus.search("画像から文字を読み取る", 1000).hits))
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    places = [(hit.file, hit.line_start) for hit in hits]
    assert len(set(places)) == len(places)
    for hit in hits:
        assert all(hit.line_start <= item.line_start <= item.line_end <= hit.line_end for item in hit.evidence)


# --- places


def test_section_at_any_of_its_lines(assistant: Assistant) -> None:
    for line in (3, 5, 7):
        view = assistant.section_at("messaging.md", line)
        assert (view.heading_path, view.line_start, view.line_end) == (("メッセージング", "Amazon SQS"), 3, 7)
    assert [item.number for item in view.lines] == [3, 4, 5, 6, 7]
    assert view.lines[4].text == "- FIFOキュー: 送った順に届き、重複もしない"
    assert view.previous is not None
    assert (view.previous.line_start, view.previous.line_end) == (1, 1)
    assert view.next is not None
    assert view.next.line_start == 9
    assert assistant.section_at("messaging.md", 1).previous is None
    assert assistant.section_at("messaging.md", 12).next is None


@pytest.mark.parametrize(
    ("file", "line"),
    [("messaging.md", 0), ("messaging.md", 2), ("messaging.md", 99), ("none.md", 1), ("../a.md", 1), ("", 1)],
)
def test_a_place_that_is_not_in_the_notes(assistant: Assistant, file: str, line: int) -> None:
    with pytest.raises(UnknownPlace):
        assistant.section_at(file, line)


def test_the_outline_names_every_section(own: Assistant) -> None:
    (own.notes_dir / "b.md").write_text(
        "# 鍵\nKMSが鍵を管理する。\n# 空\n# 図\n![x](x.png)\n## 下\n文\n# 上\n## 中\n文\n", encoding="utf-8"
    )
    own.refresh()
    rows = [(row.file, row.heading_path, row.level, row.line_start, row.state) for row in own.outline()]
    assert rows == [
        ("a.md", ("鍵",), 1, 1, "ok"),
        ("b.md", ("鍵",), 1, 1, "duplicate"),
        ("b.md", ("空",), 1, 3, "empty"),
        ("b.md", ("図",), 1, 4, "image_only"),
        ("b.md", ("図", "下"), 2, 6, "ok"),
        ("b.md", ("上",), 1, 8, "ok"),
        ("b.md", ("上", "中"), 2, 9, "ok"),
    ]


def test_status(assistant: Assistant, notes_dir: Path, index_dir: Path) -> None:
    status = assistant.status()
    assert (status.notes_dir, status.index_dir) == (str(notes_dir), str(index_dir))
    assert (status.files, status.sections, status.empty_sections, status.passages) == (3, 8, 1, 5)
    assert (status.stale_files, status.skipped) == (0, ())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", status.updated_at or "")


# --- freshness


def test_the_first_question_builds_the_index(own: Assistant) -> None:
    assert own.status().files == 0
    assert own.ask("鍵を管理するのは？").citations[0].quote == "KMSが鍵を管理する。"
    assert own.status().files == 1


def test_a_fresh_edit_is_found(own: Assistant) -> None:
    own.ask("鍵を管理するのは？")
    (own.notes_dir / "a.md").write_text("# 鍵\n\n鍵は金庫に入れて人が管理する。\n", encoding="utf-8")
    (own.notes_dir / "new.md").write_text("# Kinesis\n流れてくるデータを受け取る。\n", encoding="utf-8")
    time.sleep(1.1)  # a question looks at the folder at most once a second
    answer = own.ask("鍵を管理するのは？")
    assert [(c.line_start, c.quote) for c in answer.citations][:1] == [(3, "鍵は金庫に入れて人が管理する。")]
    assert own.search("Kinesis", 1).hits[0].file == "new.md"


def test_notes_that_went_away(own: Assistant) -> None:
    own.refresh()
    own.notes_dir.rename(own.notes_dir.parent / "elsewhere")
    with pytest.raises(NotesFolderMissing):
        own.refresh()
    with pytest.raises(UnknownPlace):
        own.section_at("a.md", 1)
    assert own.status().stale_files == 1


# --- threads


def test_threads_get_their_own_answers(corpus: Assistant) -> None:
    asked = QUESTIONS[:16]
    alone = [_content(corpus.ask(question)) for question in asked]
    start = Barrier(8)

    def ask(worker: int) -> list[tuple[object, ...]]:
        start.wait(timeout=30)
        order = asked[worker:] + asked[:worker]
        answers = {question: _content(corpus.ask(question)) for question in order}
        return [answers[question] for question in asked]

    with ThreadPoolExecutor(8) as pool:
        for answers in pool.map(ask, range(8)):
            assert answers == alone


def _content(answer: Answer) -> tuple[object, ...]:
    cited = tuple((c.file, c.line_start, c.line_end, c.quote) for c in (*answer.citations, *answer.related))
    return answer.question, answer.kind, answer.status, cited


def test_questions_during_an_update_see_one_state(own: Assistant) -> None:
    own.refresh()

    def edit() -> None:
        for number in range(12):
            lines = "\n" * (number % 3) + f"# 鍵\n{'長い' * (number % 4)}KMSが鍵を{number}通りに管理する。\n"
            (own.notes_dir / "a.md").write_text(lines, encoding="utf-8")
            own.refresh()

    with ThreadPoolExecutor(4) as pool:
        editing = pool.submit(edit)
        while not editing.done():
            for answer in pool.map(own.ask, ["鍵を管理するのは？"] * 3):
                shown = answer.citations or answer.related
                assert [c.quote.endswith("に管理する。") or c.quote == "KMSが鍵を管理する。" for c in shown] == [True]
        editing.result()


# --- the package


def test_closing_twice_is_fine(open_assistant: OpenAssistant, notes_dir: Path, tmp_path: Path) -> None:
    ready = open_assistant(notes_dir, tmp_path)
    ready.status()
    ready.close()
    ready.close()


def test_the_public_names_are_there() -> None:
    assert package.Assistant is Assistant
    assert all(hasattr(package, name) for name in package.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        package.nothing  # noqa: B018


def test_a_stated_difference_leads(tmp_path: Path, open_assistant: Callable[[Path, Path], Assistant]) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(
        "# Step Functions\n- 複数の処理をつなぐサービス。\n- Lambdaとの違いは、Lambdaは関数を1つ動かすだけという点。\n"
        "# Lambda\n- サーバーなしで関数を動かすサービス。\n",
        encoding="utf-8",
    )
    with open_assistant(tmp_path / "notes", tmp_path / "index") as ready:
        answer = ready.ask("LambdaとStep Functionsはどう違う？")
    assert [(c.n, c.line_start) for c in answer.citations] == [(1, 3), (2, 5), (3, 2)]
    assert [side.citations for side in answer.sides] == [(1, 2), (1, 3)]


def test_a_heading_over_a_picture_alone_cites_the_picture(
    tmp_path: Path, open_assistant: Callable[[Path, Path], Assistant]
) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(
        "# 3つの階層\n![図](<a b.png>)\n# 鍵\n鍵はKMSが管理する。\n", encoding="utf-8"
    )
    with open_assistant(tmp_path / "notes", tmp_path / "index") as ready:
        answer = ready.ask("3つの階層とは何？")
    assert answer.status == "empty_heading"
    assert [(c.line_start, c.line_end, c.quote) for c in answer.citations] == [(2, 2, "![図](<a b.png>)")]
