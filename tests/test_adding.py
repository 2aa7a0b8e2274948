"""Notes added to the folder: new files only, whatever they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import BadRequest
from assistant.faces import adding
from assistant.faces.adding import add_note, add_samples, samples_for


def test_a_note_is_written_as_it_came(tmp_path: Path) -> None:
    notes = tmp_path / "notes"  # made by the first one
    content = "# 見出し\r\n本文".encode("shift_jis")
    assert add_note(notes, "通信 メモ.MD", content, "ja").outcome == "added"
    assert (notes / "通信 メモ.MD").read_bytes() == content


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "net.md").write_text("mine")
    (tmp_path / "net-2.md").write_text("mine, too")
    (tmp_path / "link.md").symlink_to(tmp_path / "nowhere.md")
    assert add_note(tmp_path, "net.md", b"mine", "en").outcome == "same"
    clash = add_note(tmp_path, "net.md", b"theirs", "en")
    assert (clash.outcome, clash.free) == ("clash", "net-3.md")
    assert add_note(tmp_path, "link.md", b"theirs", "en").free == "link-2.md"
    assert (tmp_path / "net.md").read_text() == "mine"
    assert not (tmp_path / "nowhere.md").exists()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            ".md",
            ".hidden.md",
            "a/b.md",
            "../a.md",
            "/a.md",
            "a\\b.md",
            "C:a.md",
            "a.md:stream",
            "a\n.md",
        ),
        *("a\0.md", "a.html", "a.svg", "a", "a.md.exe", "長" * 70 + ".md", "a\u202e.md"),
    ],
)
def test_a_name_that_is_no_notes_is_refused(name: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with pytest.raises(BadRequest):
        add_note(notes, name, b"x", "ja")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BadRequest, match="file"):
        add_note(tmp_path / "file", "a.md", b"x", "en")
    with pytest.raises(BadRequest, match="file"):
        add_samples(tmp_path / "file", "en")


def test_the_samples_come_with_their_pictures_and_spare_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "security.md").write_text("mine")
    outcomes = {item.file: item.outcome for item in add_samples(tmp_path, "en")}
    assert outcomes["security.md"] == "same"
    assert (tmp_path / "security.md").read_text() == "mine"
    assert "added" in {outcome for file, outcome in outcomes.items() if file.startswith("images/")}
    for file in outcomes.keys() - {"security.md"}:
        assert (tmp_path / file).read_bytes() == (adding.SAMPLES / file).read_bytes()


def test_samples_are_not_offered_where_they_are_the_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert samples_for(tmp_path) == adding.SAMPLES
    assert samples_for(adding.SAMPLES) is None
    monkeypatch.setattr(adding, "SAMPLES", tmp_path)
    assert samples_for(tmp_path / "notes") is None
    with pytest.raises(BadRequest):
        add_samples(tmp_path / "notes", "en")
