"""Questions are answered from what was saved last, and while a large change is read from what was read before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.encoder import Encoder
from assistant.engine import Assistant
from assistant.folder.updating import FolderWatch, Looks, Updates
from assistant.records import RefreshReport

OpenAssistant = Callable[[Path, Path], Assistant]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# --- the parts


def test_a_look_is_due_again_after_a_change_and_after_a_while() -> None:
    looks = Looks()
    assert looks.due
    looks.watched = True
    looks.begin()
    time.sleep(1)
    looks.end()
    assert not looks.due
    looks.changed()
    assert looks.due
    looks.begin()
    looks.end()
    assert looks.due, "so little has it cost"


def test_requests_share_a_run_that_has_not_begun() -> None:
    gate, runs = threading.Event(), []

    def refresh() -> RefreshReport:
        runs.append(1)
        gate.wait(30)
        return RefreshReport(len(runs), 0, 0, 0, 0, 0, 0, 0.0)

    updates = Updates(refresh)
    first = updates.request()
    until(lambda: bool(runs))
    second, third = updates.request(), updates.request()
    assert first is not second
    assert second is third is updates.current
    gate.set()
    assert (first.result(30).files, third.result(30).files) == (1, 2)
    until(lambda: updates.current is None)


def test_an_error_is_the_askers_and_ends_nothing() -> None:
    def refresh() -> RefreshReport:
        raise ZeroDivisionError

    updates = Updates(refresh)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            updates.request().result(30)


def test_a_watch_tells_of_changes_but_not_of_those_in_the_index_or_in_hidden_folders(tmp_path: Path) -> None:
    for name in ("index", ".git", "deep"):
        (tmp_path / name).mkdir()
    changed, lost = threading.Event(), threading.Event()
    watch = FolderWatch(tmp_path, tmp_path / "index", changed.set, lost.set)
    try:

        def told() -> bool:
            (tmp_path / "deep" / "note.md").write_text(str(time.monotonic()), "utf-8")
            return changed.wait(0.2)

        until(told)  # the watch has begun by now
        time.sleep(0.5)
        changed.clear()
        (tmp_path / "index" / "notes.db").write_text("x", "utf-8")
        (tmp_path / ".git" / "HEAD").write_text("x", "utf-8")
        assert not changed.wait(0.5)
    finally:
        watch.close()
    assert lost.is_set()


def test_a_folder_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    lost = threading.Event()
    FolderWatch(tmp_path / "none", tmp_path, lambda: None, lost.set)
    assert lost.wait(30)


# --- the assistant


@pytest.fixture
def fresh(open_assistant: OpenAssistant, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant that stays fresh, over one note."""
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("# 合言葉\n合言葉は「山」です。\n", "utf-8")
    with open_assistant(notes, tmp_path / "index") as assistant:
        assistant.stay_fresh()
        assistant.catch_up()
        yield assistant


@pytest.mark.model
def test_a_question_right_after_saving_is_answered_from_the_new_text(fresh: Assistant) -> None:
    for word in ("川", "海", "空"):
        (fresh.notes_dir / "a.md").write_text(f"# 合言葉\n合言葉は「{word}」です。\n", "utf-8")
        until(lambda word=word: word in fresh.ask("合言葉は？").text)  # type: ignore[misc]


@pytest.mark.model
def test_a_change_is_read_without_being_asked_for(fresh: Assistant) -> None:
    def read() -> bool:
        (fresh.notes_dir / "b.md").write_text("# 新しい\nここに書く。\n", "utf-8")  # until the watch has begun
        time.sleep(0.5)
        return fresh.outline()[-1].file == "b.md"

    until(read)


@pytest.mark.model
def test_while_a_change_is_being_encoded_the_old_text_answers_and_says_so(
    fresh: Assistant, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    encode = encoder.encode_passages

    def slow(*args: object) -> object:
        gate.wait(60)
        return encode(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(encoder, "encode_passages", slow)
    (fresh.notes_dir / "a.md").write_text("# 合言葉\n合言葉は「川」です。\n", "utf-8")
    (fresh.notes_dir / "b.md").write_text("# 返事\n返事は「豊」です。\n", "utf-8")
    answer, result = fresh.ask("合言葉は？"), fresh.search("合言葉", 1)
    assert "山" in answer.text
    assert answer.to_json()["pending_files"] == 2
    assert result.to_json()["pending_files"] == 2
    gate.set()
    fresh.refresh()
    answer = fresh.ask("合言葉は？")
    assert "川" in answer.text
    assert "pending_files" not in answer.to_json()
