"""Notes as they are seldom: odd names, odd bytes, files that move under one's feet. What is not read is named."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.dense import DenseIndex
from assistant.encoder import Encoder
from assistant.engine import Assistant
from assistant.errors import NoReadableNotes, NotesFolderUnreadable, UnknownPlace
from assistant.faces.console import terminal
from assistant.index import NotesIndex
from assistant.notes import UnreadableNote, decode, note_bytes, parse, read_note, split_lines
from assistant.store import Store
from tests.conftest import OpenAssistant
from tests.test_notes import NOTES

pytestmark = [pytest.mark.model, pytest.mark.skipif(os.name == "nt", reason="no such file names there")]

OpenIndex = Callable[[Path], NotesIndex]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "plain.md").write_text("# 通知\nSNSが送る。\n", encoding="utf-8")
    return tmp_path / "notes"


@pytest.fixture
def open_index(tmp_path: Path, encoder: Encoder) -> Iterator[OpenIndex]:
    stores: list[Store] = []

    def open_over(notes: Path) -> NotesIndex:
        store = Store(tmp_path / "index")
        stores.append(store)
        return NotesIndex(notes, store, DenseIndex(store), encoder)

    yield open_over
    for store in stores:
        store.close()


def skipped(index: NotesIndex) -> dict[str, str]:
    """File to reason; the same at the second look, so that nothing is read again and again."""
    first, second = index.refresh(), index.refresh()
    assert first.skipped == second.skipped
    return {item.file: item.reason for item in first.skipped}


# --- names

NAMES = {
    "a newline": "改\n行.md",
    "quotes": 'it\'s "quoted".md',
    "a hash": "C# と F#.md",
    "a trailing blank": "末尾.md ",
    "leading blanks": "   先頭.md",
    "a question mark and a percent sign": "100%? 本当.md",
    "a backslash": "back\\slash.md",
    "255 bytes": "長" * 84 + ".md",
    "an escape sequence": "\x1b[31mred\x1b[0m.md",
    "right to left": "\u202egnp.md",
    "composed": unicodedata.normalize("NFC", "がぎぐ.md"),
    "decomposed": unicodedata.normalize("NFD", "がぎぐ.md"),
    "lower case": "readme.md",
    "upper case": "README.md",
    "an option": "--json.md",
    "a pattern": "[a-z]*.md",
    "SQL": "'; DROP TABLE files; --.md",
}


def test_files_are_cited_whatever_their_names(notes: Path, tmp_path: Path, open_assistant: OpenAssistant) -> None:
    written = {}
    for number, (kind, name) in enumerate(NAMES.items()):
        try:
            (notes / name).write_text(f"# 品番{number}号\n{number}番目の部品は倉庫{number}にある。\n", encoding="utf-8")
        except OSError:
            continue  # the file system takes no such name
        written[name] = (kind, number)
    present = {path.name for path in notes.iterdir()}
    written = {name: facts for name, facts in written.items() if name in present}
    assert len(written) >= 12
    with open_assistant(notes, tmp_path / "index") as assistant:
        assert assistant.refresh().files == 1 + len(written)
        for name, (kind, number) in written.items():
            hits = assistant.search(f"品番{number}号 {number}番目の部品は倉庫{number}にある。", 3).hits
            (hit,) = [hit for hit in hits if hit.heading_path == (f"品番{number}号",)]
            assert hit.file == name, kind
            lines = split_lines(read_note(notes / hit.file))
            assert hit.evidence[0].quote == lines[hit.evidence[0].line_start - 1], kind
            shown_lines = assistant.section_at(hit.file, 2).lines
            assert [line.text for line in shown_lines] == lines, kind
        for view in (terminal.View(80, colour=False), terminal.View(None, colour=False)):
            shown = terminal.render_search(assistant.search("部品は倉庫にある", 30), view)
            assert "\x1b" not in shown
            assert sum("倉庫" in line and "番目" in line for line in shown.split("\n")) >= len(written)


def test_names_that_are_no_text_are_named_and_hide_no_other_file(notes: Path, open_index: OpenIndex) -> None:
    try:
        for name in (b"bad\xff.md", b"bad\xfe.md", b"folder\xff"):
            path = notes / os.fsdecode(name)
            if name.startswith(b"folder"):
                path.mkdir()
                path /= "in.md"
            path.write_text("# x\ny\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    (notes / r"bad\xff.md").write_text("# 実在\n読める。\n", encoding="utf-8")
    assert skipped(open_index(notes)) == {
        r"bad\xff.md?": "skip.name",
        r"bad\xfe.md": "skip.name",
        r"folder\xff/in.md": "skip.name",
    }
    assert open_index(notes).refresh().files == 2


# --- what is not read, and why


def test_what_is_not_read_is_named_with_the_reason(
    notes: Path, open_index: OpenIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outside.md").write_text("# 秘密\n外の文\n", encoding="utf-8")
    (notes / "out.md").symlink_to(tmp_path / "outside.md")
    (notes / "null.md").symlink_to("/dev/null")
    (notes / "gone.md").symlink_to("nowhere.md")
    (notes / "a.md").symlink_to("b.md")
    (notes / "b.md").symlink_to("a.md")
    (notes / "loop").symlink_to(notes)
    (notes / "etc").symlink_to("/etc")
    os.mkfifo(notes / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(notes)  # the address of a socket has to be short
        listening.bind("socket.md")
    (notes / "nul.md").write_bytes(b"# a\n" + b"x" * 50_000 + b"\0")
    (notes / "utf16.md").write_bytes("# 鍵\nあいう\0え\n".encode("utf-16"))
    (notes / "huge.md").write_bytes(b"# huge\n" + b"0123456789abcde\n" * 3_300_000)
    begun = time.monotonic()
    assert skipped(open_index(notes)) == {
        "out.md": "skip.outside",
        "null.md": "skip.outside",
        "gone.md": "skip.link",
        "a.md": "skip.link",
        "b.md": "skip.link",
        "pipe.md": "skip.special",
        "socket.md": "skip.special",
        "nul.md": "skip.binary",
        "utf16.md": "skip.binary",
        "huge.md": "skip.too_large",
    }
    assert time.monotonic() - begun < 20


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of somebody who is not root, as whom the test goes on: root may read everything."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        (folder / "notes").mkdir()
        yield folder
    finally:
        if root:
            os.seteuid(0)
        shutil.rmtree(folder)


def test_files_and_folders_without_permission_are_named(unprivileged: Path, encoder: Encoder) -> None:
    notes = unprivileged / "notes"
    (notes / "open.md").write_text("# 鍵\nKMSが鍵を管理する。\n", encoding="utf-8")
    (notes / "closed.md").write_text("# 秘密\n読めない。\n", encoding="utf-8")
    (notes / "folder").mkdir()
    (notes / "folder" / "in.md").write_text("# 中\n読めない。\n", encoding="utf-8")
    store = Store(unprivileged / "index")
    index = NotesIndex(notes, store, DenseIndex(store), encoder)
    assert index.refresh().files == 3
    (notes / "closed.md").chmod(0)
    (notes / "folder").chmod(0)
    assert skipped(index) == {"closed.md": "skip.unreadable", "folder": "skip.folder"}
    assert [row.section.file for row in store.all_sections()] == ["open.md"]
    (notes / "closed.md").chmod(0o644)
    (notes / "folder").chmod(0o755)
    assert skipped(index) == {}
    assert len(store.all_sections()) == 3
    notes.chmod(0)
    with pytest.raises(NotesFolderUnreadable, match="no permission"):
        index.refresh()
    assert len(store.all_sections()) == 3
    notes.chmod(0o755)
    store.close()


def test_where_nothing_can_be_read_the_reasons_are_told(notes: Path, open_index: OpenIndex) -> None:
    (notes / "plain.md").write_bytes(b"\0" * 100)
    os.mkfifo(notes / "pipe.md")
    with pytest.raises(NoReadableNotes) as caught:
        open_index(notes).refresh()
    assert "pipe.md: not an ordinary file, plain.md: not text" in caught.value.message("en")
    assert "pipe.md: 通常のファイルではありません" in caught.value.message("ja")


# --- files that move while they are read


def test_a_file_that_grows_is_read_whole_or_not_at_all(notes: Path) -> None:
    path = notes / "growing.md"
    line = "# 見出しと本文を書き足していく\n".encode()
    path.write_bytes(b"")
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as stream:
            while not stop.is_set():
                for byte in range(0, len(line), 7):  # torn in the middle of a character
                    stream.write(line[byte : byte + 7])
                time.sleep(0.03)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        reasons = []
        for _ in range(60):
            try:
                data = note_bytes(path)
            except UnreadableNote as error:
                reasons.append(error.reason)
            else:
                assert len(data) <= path.stat().st_size
                assert data == (line * (len(data) // len(line) + 1))[: len(data)]
        assert set(reasons) <= {"skip.changing"}
    finally:
        stop.set()
        writer.join()
    assert len(note_bytes(path)) == path.stat().st_size


def test_files_that_come_and_go_stop_nothing(notes: Path, open_index: OpenIndex) -> None:
    stop = threading.Event()

    def churn() -> None:
        number = 0
        while not stop.is_set():
            path = notes / f"{number % 7}.md"
            if number % 3:
                path.write_text(f"# 版\n{number}番\n", encoding="utf-8")
            else:
                path.unlink(missing_ok=True)
            number += 1

    writer = threading.Thread(target=churn)
    writer.start()
    index = open_index(notes)
    try:
        for _ in range(25):
            report = index.refresh()
            assert {item.reason for item in report.skipped} <= {"skip.vanished", "skip.changing"}
    finally:
        stop.set()
        writer.join()
    time.sleep(0.01)
    assert index.refresh().skipped == ()
    assert index.stale_files() == 0


def test_a_file_replaced_by_a_link_out_of_the_folder_is_not_shown(
    notes: Path, tmp_path: Path, open_assistant: OpenAssistant
) -> None:
    (tmp_path / "secret.md").write_text("# 通知\n外の秘密\n", encoding="utf-8")
    with open_assistant(notes, tmp_path / "index") as assistant:
        assistant.refresh()
        (notes / "plain.md").unlink()
        (notes / "plain.md").symlink_to(tmp_path / "secret.md")
        with pytest.raises(UnknownPlace):
            assistant.section_at("plain.md", 2)


# --- content that changed under its old time


def test_content_put_in_place_with_its_old_size_and_time_is_seen(notes: Path, open_index: OpenIndex) -> None:
    path = notes / "plain.md"
    long_ago = 1_600_000_000_000_000_000
    os.utime(path, ns=(long_ago, long_ago))
    index = open_index(notes)
    time.sleep(0.01)
    index.refresh()
    path.write_text("# 通知\nSESが送る。\n", encoding="utf-8")
    os.utime(path, ns=(long_ago, long_ago))
    assert index.stale_files() == 1
    assert index.refresh().changed == 1


def test_a_clock_that_goes_back_hides_no_change(
    notes: Path, open_index: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index(notes)
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 10**15)  # eleven days ahead
    index.refresh()
    monkeypatch.setattr(time, "time_ns", lambda: real() - 10**15)
    (notes / "plain.md").write_text("# 通知\nSESが送る。\n", encoding="utf-8")
    assert index.refresh().changed == 1
    monkeypatch.undo()
    assert (index.refresh().changed, index.stale_files()) == (0, 0)


# --- large and deep

LARGE: dict[str, Callable[[], str]] = {
    "100,000 headings": lambda: "".join(f"# 題{n}\n" for n in range(100_000)),
    "a line of a million characters": lambda: "文です。" * 250_000,
    "a word of a million characters": lambda: "語" * 1_000_000,
    "a list 2,000 deep": lambda: "\n".join("  " * n + f"- 段{n}" for n in range(2_000)),
    "quotes 2,000 deep": lambda: "\n".join(">" * n + f" 段{n}" for n in range(2_000)),
    "a fence that is never closed": lambda: "```\n" + "x = 1\n" * 50_000,
    "a tag that is never closed": lambda: "<div>\n" + "文\n" * 30_000,
    "a table of 20,000 columns": lambda: "|" + "a|" * 20_000 + "\n|" + "-|" * 20_000 + "\n|" + "1|" * 20_000,
}


@pytest.mark.parametrize("kind", LARGE)
def test_what_is_large_or_deep_is_read_in_seconds(kind: str) -> None:
    text = LARGE[kind]()
    begun = time.process_time()
    sections = parse(text, "n.md")
    assert time.process_time() - begun < 30
    lines = split_lines(text)
    covered = [number for section in sections for number in range(section.line_start, section.line_end + 1)]
    assert covered == [number for number, line in enumerate(lines, 1) if line.strip()]
    for section in sections[:: max(1, len(sections) // 500)]:
        for unit in section.units[:: max(1, len(section.units) // 500)]:
            for quote, line in zip(unit.quote.split("\n"), lines[unit.line_start - 1 :], strict=False):
                assert quote in line


# --- encodings

JAPANESE = st.text(
    st.sampled_from(
        "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんがぎぐげござじずぜぞだでど"
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンー、。「」・"
        "鍵管理機械学習暗号化設定保存通知送信受信検索索引文章見出本文問題試験選択正解説明資格勉強時間処理分析推論訓練評価"
        "# -*ABCabc123\n"
    ),
    min_size=12,
    max_size=120,
)


def decoded(data: bytes) -> tuple[str, str]:
    """The text, or the reason why there is none."""
    try:
        return decode(data), ""
    except UnreadableNote as error:
        return "", error.reason


@given(JAPANESE, st.sampled_from(["cp932", "euc_jp", "utf-8", "utf-8-sig", "utf-16", "iso2022_jp"]))
@example("推論" * 20 + "ABC", "cp932")
@settings(max_examples=300, deadline=None)
def test_japanese_is_read_in_any_encoding_or_refused(text: str, encoding: str) -> None:
    kana = sum("\u3040" <= char <= "\u30ff" for char in text)
    read, reason = decoded(text.encode(encoding))
    # Prose has kana; a few kanji alone can be anything.
    assert read == text or kana * 4 < len(text)
    assert reason in ("", "skip.encoding")


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_text_or_refused_with_a_reason(data: bytes) -> None:
    text, reason = decoded(data)
    assert reason in ("", "skip.binary", "skip.encoding")
    text.encode()
    assert "\0" not in text
    parse(text, "n.md")


# --- any Markdown: what is answered can be opened


@given(NOTES)
@settings(max_examples=25, deadline=None)
def test_every_hit_re_reads_in_its_file(encoder: Encoder, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "notes", "n.md")
        path.parent.mkdir()
        path.write_bytes(
            b"# \xe9\x8d\xb5\n\xe9\x8d\xb5\xe3\x81\xae\xe6\x96\x87\xe3\x80\x82\n\n" + text.encode("utf-8", "replace")
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("assistant.engine.Encoder", lambda _: encoder)
            assistant = Assistant(path.parent, Path(folder, "index"))
        with assistant:
            try:
                assistant.refresh()
            except NoReadableNotes:  # NUL and the like
                return
            lines = split_lines(read_note(path))
            hits = assistant.search("鍵の文", 20).hits
            assert hits
            for hit in hits:
                for item in hit.evidence:
                    quoted = item.quote.split("\n")
                    assert len(quoted) == item.line_end - item.line_start + 1
                    for quote, line in zip(quoted, lines[item.line_start - 1 :], strict=False):
                        assert quote in line
