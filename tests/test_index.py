"""The notes folder and its index in step: what is read, what is encoded again, what is left out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.dense import DenseIndex
from assistant.encoder import Encoder, Encoding
from assistant.errors import NoReadableNotes, NotesFolderEmpty, NotesFolderMissing
from assistant.index import NotesIndex
from assistant.records import Progress, RefreshReport
from assistant.store import Store

pytestmark = pytest.mark.model

KEYS = "# 鍵\nKMSが鍵を管理する。\n\n# 通知\nSNSが送る。\n\n# 空\n"
QUEUES = "# Queues\nA queue keeps messages.\n\n## FIFO\nIn order, once.\n"


@dataclass
class Bench:
    """A notes folder with its index; ``encoded`` holds the texts that the last refresh put through the model."""

    notes: Path
    store: Store
    index: NotesIndex
    encoded: list[str]

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.notes / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def refresh(self) -> RefreshReport:
        self.encoded.clear()
        report = self.index.refresh()
        assert report.encoded == len(self.encoded)
        return report

    def headings(self) -> list[str]:
        rows = self.store.all_sections()
        return [f"{row.section.file}: {' > '.join(row.section.heading_path)}" for row in rows]


@pytest.fixture
def bench(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    (tmp_path / "notes").mkdir()
    encoded: list[str] = []
    encode = encoder.encode_passages

    def watched(texts: Sequence[str], *rest: object) -> list[Encoding]:
        encoded.extend(texts)
        return encode(texts, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(encoder, "encode_passages", watched)
    store = Store(tmp_path / "index")
    yield Bench(tmp_path / "notes", store, NotesIndex(tmp_path / "notes", store, DenseIndex(store), encoder), encoded)
    store.close()


@pytest.fixture
def filled(bench: Bench) -> Bench:
    bench.write("keys.md", KEYS)
    bench.write("sub/queues.txt", QUEUES)
    report = bench.refresh()
    assert (report.files, report.added, report.sections, report.passages, report.encoded) == (2, 2, 5, 4, 4)
    return bench


def changes(report: RefreshReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.encoded


# --- what is encoded again


def test_a_second_refresh_does_nothing(filled: Bench) -> None:
    generation = filled.store.generation
    assert changes(filled.refresh()) == (0, 0, 0, 0)
    assert filled.store.generation == generation


def test_an_edited_line_costs_one_passage(filled: Bench) -> None:
    filled.write("keys.md", KEYS.replace("SNSが送る。", "SNSが全員に送る。"))
    assert changes(filled.refresh()) == (0, 1, 0, 1)
    assert filled.encoded == ["通知\nSNSが全員に送る。"]
    assert filled.store.missing_vectors([]) == set()
    assert len(filled.store.pooled()[0]) == 4


def test_lines_that_only_move_down_cost_nothing(filled: Bench) -> None:
    before = [row.section.line_start for row in filled.store.sections_of("keys.md")]
    filled.write("keys.md", "\n\n" + KEYS)
    assert changes(filled.refresh()) == (0, 1, 0, 0)
    assert [row.section.line_start for row in filled.store.sections_of("keys.md")] == [line + 2 for line in before]


@pytest.mark.parametrize("target", ["other.md", "deep/er/notes.markdown", "日本語 #1.md"])
def test_a_renamed_file_costs_nothing(filled: Bench, target: str) -> None:
    (filled.notes / target).parent.mkdir(parents=True, exist_ok=True)
    (filled.notes / "keys.md").rename(filled.notes / target)
    assert changes(filled.refresh()) == (1, 0, 1, 0)
    assert filled.headings() == sorted(
        [
            f"{target}: 鍵",
            f"{target}: 通知",
            f"{target}: 空",
            "sub/queues.txt: Queues",
            "sub/queues.txt: Queues > FIFO",
        ],
        key=lambda line: line.partition(":")[0],
    )


def test_a_copied_file_costs_nothing(filled: Bench) -> None:
    shutil.copy(filled.notes / "keys.md", filled.notes / "copy.md")
    assert changes(filled.refresh()) == (1, 0, 0, 0)
    assert filled.headings()[:3] == ["copy.md: 鍵", "copy.md: 通知", "copy.md: 空"]
    first = filled.store.sections_of("keys.md")[0]
    assert [row.section.file for row in filled.store.copies(first.identity)] == ["copy.md", "keys.md"]


def test_a_section_that_moves_to_another_file_costs_nothing(filled: Bench) -> None:
    head, _, rest = KEYS.partition("\n\n")
    filled.write("keys.md", rest)
    filled.write("new.md", head)
    assert changes(filled.refresh()) == (1, 1, 0, 0)


def test_files_that_swap_their_names(filled: Bench) -> None:
    filled.write("keys.md", QUEUES)
    filled.write("sub/queues.txt", KEYS)
    assert changes(filled.refresh()) == (0, 2, 0, 0)
    assert filled.headings()[0] == "keys.md: Queues"


def test_a_deleted_file_is_forgotten(filled: Bench) -> None:
    (filled.notes / "keys.md").unlink()
    assert changes(filled.refresh()) == (0, 0, 1, 0)
    assert list(filled.store.files()) == ["sub/queues.txt"]
    assert len(filled.store.pooled()[0]) == 2
    assert filled.store.lexical_candidates(["鍵"], 5) == []


def test_a_touched_file_changes_nothing(filled: Bench) -> None:
    generation = filled.store.generation
    os.utime(filled.notes / "keys.md", (1e9, 1e9))
    assert changes(filled.refresh()) == (0, 0, 0, 0)
    assert filled.store.generation == generation
    assert filled.store.files()["keys.md"].mtime_ns == 10**18


def test_a_change_that_left_size_and_time_alone_is_seen(filled: Bench) -> None:
    path = filled.notes / "keys.md"
    facts = path.stat()
    filled.write("keys.md", KEYS.replace("SNS", "SES"))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (facts.st_size, facts.st_mtime_ns)
    assert filled.index.stale_files() == 1
    assert changes(filled.refresh()) == (0, 1, 0, 1)


def test_an_old_unchanged_file_is_not_read_again(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("keys.md", "sub/queues.txt"):
        os.utime(filled.notes / name, (1e9, 1e9))
    filled.refresh()

    def fail(path: Path) -> bytes:
        raise AssertionError(path)

    monkeypatch.setattr("assistant.folder.noterows.note_bytes", fail)
    assert changes(filled.refresh()) == (0, 0, 0, 0)


def test_stale_files_counts_what_a_refresh_would_do(filled: Bench) -> None:
    assert filled.index.stale_files() == 0
    filled.write("keys.md", KEYS + "more\n")
    filled.write("new.md", "# 新\n文")
    (filled.notes / "sub" / "queues.txt").unlink()
    assert filled.index.stale_files() == 3
    filled.refresh()
    assert filled.index.stale_files() == 0


def test_an_interrupted_refresh_leaves_the_last_state(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    before = filled.headings()
    filled.write("keys.md", "# 全部\n新しい")

    def fail(_: Store) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "update_mean_tokens", fail)
        with pytest.raises(KeyboardInterrupt):
            filled.index.refresh()
    assert filled.headings() == before
    assert changes(filled.refresh()) == (0, 1, 0, 0), "what was encoded is kept"
    assert filled.headings()[0] == "keys.md: 全部"


# --- what is read


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("a.md", True),
        ("a.markdown", True),
        ("a.txt", True),
        ("A.MD", True),
        ("a.md ", True),
        ("日本語 #1.md", True),
        ("deep/er/a.md", True),
        ("a.rst", False),
        ("a.mdx", False),
        ("md", False),
        ("a.md.bak", False),
        (".a.md", False),
        (".obsidian/a.md", False),
        ("sub/.trash/a.md", False),
    ],
)
def test_which_files_are_notes(bench: Bench, name: str, read: bool) -> None:
    bench.write("always.md", "# 常に\n文")
    bench.write(name, "# ほかの\n文")
    assert bench.refresh().files == 1 + read
    assert (name in bench.store.files()) is read


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x7fELF\x00\x01\x02\xff" * 200, "skip.binary"),
        ("# 見出し\n日本語の文。".encode()[:-1] + b"\xff\xfe", "skip.encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_read(filled: Bench, content: bytes, reason: str) -> None:
    filled.write("bad.md", content)
    for _ in range(2):
        report = filled.refresh()
        assert [(item.file, item.reason) for item in report.skipped] == [("bad.md", reason)]
        assert report.files == 2
        assert filled.index.stale_files() == 0
    filled.write("bad.md", "# 直した\n文")
    report = filled.refresh()
    assert (report.skipped, report.files, report.encoded) == ((), 3, 1)


def test_a_file_that_becomes_unreadable_is_no_longer_quoted(filled: Bench) -> None:
    filled.write("keys.md", b"\0" * 100)
    report = filled.refresh()
    assert [item.file for item in report.skipped] == ["keys.md"]
    assert filled.store.sections_of("keys.md") == []


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="no symbolic links")
def test_links_do_not_lead_out_of_the_folder(filled: Bench, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.md").write_text("# 秘密\n外の文", encoding="utf-8")
    (filled.notes / "out.md").symlink_to(tmp_path / "secret" / "s.md")
    (filled.notes / "outdir").symlink_to(tmp_path / "secret")
    (filled.notes / "loop").symlink_to(filled.notes)
    (filled.notes / "self.md").symlink_to("self.md")
    (filled.notes / "gone.md").symlink_to("nowhere.md")
    (filled.notes / "in.md").symlink_to("keys.md")
    report = filled.refresh()
    assert (report.files, report.encoded) == (3, 0)
    assert {item.file: item.reason for item in report.skipped} == {
        "out.md": "skip.outside",
        "self.md": "skip.link",
        "gone.md": "skip.link",
    }
    assert not [row for row in filled.store.all_sections() if row.section.heading_path == ("秘密",)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_named_pipe_does_not_hold_anything_up(filled: Bench) -> None:
    os.mkfifo(filled.notes / "pipe.md")
    (filled.notes / "folder.md").mkdir()
    report = filled.refresh()
    assert report.files == 2
    assert [(item.file, item.reason) for item in report.skipped] == [("pipe.md", "skip.special")]


@pytest.mark.skipif(os.name == "nt", reason="no such file names")
def test_a_file_name_that_is_no_text(filled: Bench) -> None:
    try:
        (filled.notes / "bad\udcff.md").write_text("# x\ny", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    for _ in range(2):
        report = filled.refresh()
        assert [item.reason for item in report.skipped] == ["skip.name"]
        assert report.files == 2


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="no symbolic links")
def test_the_notes_folder_may_be_a_link(filled: Bench, encoder: Encoder, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(filled.notes)
    index = NotesIndex(tmp_path / "link", filled.store, DenseIndex(filled.store), encoder)
    assert changes(index.refresh()) == (0, 0, 0, 0)


def test_an_empty_note_is_a_file_without_sections(filled: Bench) -> None:
    filled.write("empty.md", "")
    filled.write("blank.md", "\n \n")
    report = filled.refresh()
    assert (report.files, report.sections, report.encoded) == (4, 5, 0)


def test_a_long_section_is_split_and_all_of_it_is_found(bench: Bench) -> None:
    lines = [f"{number}番目の項目について、それなりに長い説明を書いておく。" for number in range(120)]
    bench.write("long.md", "# 長い\n" + "\n".join(f"- {line}" for line in lines))
    report = bench.refresh()
    assert report.sections == 1
    assert report.passages > 3
    passages = bench.store.fetch(bench.store.pooled()[0].tolist())
    assert {int(unit) for passage in passages for unit in passage.units if unit >= 0} == set(range(120))


# --- what is wrong with the folder


def test_a_missing_folder(bench: Bench) -> None:
    bench.notes.rmdir()
    with pytest.raises(NotesFolderMissing):
        bench.refresh()


def test_a_folder_without_notes(bench: Bench) -> None:
    bench.write("picture.png", b"x")
    with pytest.raises(NotesFolderEmpty):
        bench.refresh()


def test_a_folder_of_unreadable_notes(bench: Bench) -> None:
    bench.write("a.md", b"\0" * 100)
    with pytest.raises(NoReadableNotes, match=r"a\.md"):
        bench.refresh()


def test_a_folder_that_goes_away_leaves_the_index(filled: Bench) -> None:
    filled.notes.rename(filled.notes.parent / "elsewhere")
    with pytest.raises(NotesFolderMissing):
        filled.refresh()
    assert len(filled.headings()) == 5
    assert filled.index.stale_files() == 2


# --- progress


def test_progress_is_told_by_stage(bench: Bench) -> None:
    for number in range(3):
        bench.write(f"{number}.md", f"# 節{number}\n文{number}")
    told: list[Progress] = []
    bench.index.refresh(told.append)
    assert list(dict.fromkeys(at.stage for at in told)) == ["read", "encode", "save"]
    for stage in ("read", "encode", "save"):
        steps = [at for at in told if at.stage == stage]
        assert steps[-1].done == steps[-1].total
        assert [at.done for at in steps] == sorted(at.done for at in steps)
    told.clear()
    bench.index.refresh(told.append)
    assert not [at for at in told if at.stage != "read"]
