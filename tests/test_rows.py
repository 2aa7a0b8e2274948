"""What the database's rows hold: packed and unpacked, and what is turned down because it was never written so."""

from __future__ import annotations

import math
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.encoder import Encoding
from assistant.errors import IndexBusy, IndexDamaged, IndexFull, IndexUnusable
from assistant.folder.noterows import content_of, is_unchanged, read_file, section_identity
from assistant.folder.walking import FoundFile
from assistant.notes import Passage, Span, parse, passages
from assistant.storage.rows import (
    FileRow,
    StoredPassage,
    file_row,
    pack_encoding,
    pack_section,
    pack_spans,
    section_row,
    stored_passages,
    tokens_of,
    vector_key,
    vector_of,
)
from assistant.storage.schema import SELECT_FILE
from assistant.storage.soundness import UnreadableRow, checked_database, index_error
from assistant.store import Store


def encoding(spans: list[tuple[int, int]], seed: int = 1) -> Encoding:
    random = np.random.default_rng(seed)
    views = [random.normal(size=(len(spans) + 2, 8)).astype(np.float32) for _ in range(2)]
    tokens, surface = (view / np.linalg.norm(view, axis=1, keepdims=True) for view in views)
    content = np.array([False, *(True for _ in spans), False])
    return Encoding(tokens[0], tokens, surface, np.array([(0, 0), *spans, (0, 0)], np.int32), content)


def stored(passage: Passage, made: Encoding) -> StoredPassage:
    return stored_passages([(7, 3, passage.text, pack_spans(passage), *pack_encoding(made))])[0]


#: heading path, two units
TEXT = Passage("題\n一二三\n四五", (Span(0, 2, -1), Span(2, 6, 4), Span(6, 8, 9)))
SPANS = [(0, 1), (1, 3), (3, 5), (5, 6), (5, 7), (7, 8)]


def test_each_token_belongs_to_the_unit_in_which_it_ends() -> None:
    assert stored(TEXT, encoding(SPANS)).units.tolist() == [-2, -1, 4, 4, 4, 9, 9, -2]


def test_vectors_come_back_within_half_a_step() -> None:
    made = encoding(SPANS)
    found = stored(TEXT, made)
    assert (found.id, found.section_id, found.text) == (7, 3, TEXT.text)
    assert (found.pooled == made.vector).all()
    for ints, scales, vectors in (
        (found.tokens, found.scales, made.tokens),
        (found.surface, found.surface_scales, made.surface),
    ):
        assert scales == pytest.approx(np.abs(vectors).max(axis=1) / 127)
        assert (np.abs(ints).max(axis=1) == 127).all()
        assert (np.abs(ints * scales[:, None] - vectors) <= scales[:, None] * 0.501).all()


def test_a_token_without_any_direction_stays_so() -> None:
    made = encoding(SPANS)
    made.tokens[2] = 0
    found = stored(TEXT, made)
    assert not found.tokens[2].any()
    assert found.scales[2] == 0


@pytest.mark.parametrize(
    ("value", "sound"), [(1.0, True), (1.0009, True), (1.002, False), (-1.002, False), (math.nan, False)]
)
def test_no_vector_is_longer_than_one(value: float, sound: bool) -> None:
    blob = np.array([0.1, value], np.float32).tobytes()
    if sound:
        assert vector_of(blob)[1] == pytest.approx(value)
    else:
        with pytest.raises(UnreadableRow):
            vector_of(blob)


@pytest.mark.parametrize("value", [None, 3, "text", b""])
def test_where_nothing_was_filed_there_is_no_vector(value: object) -> None:
    assert vector_of(value).shape == (0,)


@pytest.mark.parametrize(
    ("tokens", "scales"),
    [
        (b"", b""),
        (None, np.ones(1, np.float32).tobytes()),
        (b"\1\2", None),
        ("12", np.full(1, 0.001, np.float32).tobytes()),
        (b"\1\2\3", np.full(2, 0.001, np.float32).tobytes()),
        (b"\1\2", np.full(1, 1.002 / 127, np.float32).tobytes()),
        (b"\1\2", b"\0\0\0"),
        (b"\1\2", np.full(1, math.nan, np.float32).tobytes()),
    ],
)
def test_token_vectors_that_were_never_written_so(tokens: object, scales: object) -> None:
    with pytest.raises(UnreadableRow):
        tokens_of(tokens, scales)


def test_token_vectors_as_they_were_written() -> None:
    rows, scales = tokens_of(b"\1\2\3\xff", np.array([1 / 127, 0.0001], np.float32).tobytes())
    assert rows.tolist() == [[1, 2], [3, -1]]
    assert scales == pytest.approx([1 / 127, 0.0001])


@pytest.mark.parametrize("place", range(4, 10))
def test_a_passage_whose_vectors_do_not_fit_is_turned_down(place: int) -> None:
    row: list[Any] = [7, 3, TEXT.text, pack_spans(TEXT), *pack_encoding(encoding(SPANS))]
    row[place] = row[place][:-1]
    with pytest.raises(UnreadableRow):
        stored_passages([row])


@pytest.mark.parametrize("place", [6, 8])
def test_a_token_vector_that_is_longer_than_one_is_turned_down(place: int) -> None:
    row: list[Any] = [7, 3, TEXT.text, pack_spans(TEXT), *pack_encoding(encoding(SPANS))]
    scales = np.frombuffer(row[place], np.float32)
    row[place] = np.where(np.arange(len(scales)) == 1, np.float32(1.002 / 127), scales).tobytes()
    with pytest.raises(UnreadableRow):
        stored_passages([row])


def test_a_token_vector_along_one_axis_is_taken() -> None:
    """No vector of length one has larger parts."""
    axis = np.zeros((len(SPANS) + 2, 8), np.float32)
    axis[:, 3] = 1.0
    found = stored(TEXT, replace(encoding(SPANS), vector=axis[0], tokens=axis, surface=axis))
    for rows, scales in ((found.tokens, found.scales), (found.surface, found.surface_scales)):
        assert rows * scales[:, None] == pytest.approx(axis)


def test_tokens_that_are_not_of_the_text_have_no_place_in_it() -> None:
    spans = np.frombuffer(pack_encoding(encoding(SPANS))[-1], np.int32).reshape(-1, 2)
    assert spans.tolist() == [[-1, -1], *map(list, SPANS), [-1, -1]]


def test_a_vector_is_filed_under_its_model_and_its_text() -> None:
    keys = {vector_key(model, text) for model in ("a", "b") for text in ("c", "d", "\ud800")}
    assert len(keys) == 6
    assert {len(key) for key in keys} == {16}


# --- sections and files

NOTE = "# 題\n- 一\n- 二\n\n![図](a.png)\n"


def test_a_section_comes_back_as_it_was() -> None:
    (section,) = parse(NOTE, "n.md")
    found = section_row((5, "identity", "n.md", *pack_section(section)))
    assert (found.id, found.identity, found.section) == (5, "identity", section)
    old = section_row((5, "identity", "n.md", *pack_section(section)[:-1], None))
    assert old.section == section


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 7), (1, 2), (2, 0), (3, '["別"]'), (4, 2), (5, 2), (6, 9), (7, "[]"), (8, "[]"), (9, 1)],
)
def test_a_section_with_another_value_in_any_column_is_turned_down(place: int, value: object) -> None:
    (section,) = parse(NOTE, "n.md")
    columns: list[Any] = list(pack_section(section))
    assert columns[place] != value
    columns[place] = value
    with pytest.raises(UnreadableRow):
        section_row((5, "identity", "n.md", *columns))


@pytest.mark.parametrize("units", ["[", "[1]", '[{"kind": "none"}]', '[{"text": "x"}]', "null"])
def test_units_of_another_form_are_turned_down(units: str) -> None:
    (section,) = parse(NOTE, "n.md")
    columns: list[Any] = list(pack_section(section))
    columns[7] = units
    columns[9] = None
    with pytest.raises(UnreadableRow):
        section_row((5, "identity", "n.md", *columns))


def test_a_file_row_has_numbers_where_numbers_belong() -> None:
    sound = ("a.md", 1, 2, 3, "sha", 4, None)
    assert file_row(sound) == FileRow("a.md", 1, 2, 3, "sha", 4)
    assert file_row((*sound[:-1], "skip.io")).problem == "skip.io"
    for place in (1, 2, 3, 5):
        for value in ("1", None, 1.0, True):
            with pytest.raises(UnreadableRow):
                file_row((*sound[:place], value, *sound[place + 1 :]))
    with pytest.raises(UnreadableRow):
        file_row((*sound[:-1], 3))


def test_the_columns_of_a_file_stand_in_the_order_of_its_record(tmp_path: Path) -> None:
    store = Store(tmp_path)
    row = FileRow("a.md", 1, 2, 3, "sha", 4, "skip.io")
    with store.updating():
        store.replace_file(row, [])
    with store.reading() as connection:
        (found,) = map(file_row, connection.execute(SELECT_FILE))
    assert found == row


SECOND = 1_000_000_000
READ = 100 * SECOND


@pytest.mark.parametrize(
    ("changed", "unchanged"),
    [
        ({}, True),
        ({"size": 2}, False),
        ({"mtime_ns": 98 * SECOND - 2}, False),
        ({"ctime_ns": 4}, False),
    ],
)
def test_a_file_is_unchanged_if_all_that_is_known_of_it_is(changed: dict[str, int], unchanged: bool) -> None:
    item = FoundFile("a.md", Path("a.md"), 1, 98 * SECOND - 1, 3)
    row = FileRow("a.md", 1, 98 * SECOND - 1, 3, "sha", READ)
    assert is_unchanged(replace(item, **changed), row) == unchanged  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mtime", "problem", "unchanged"),
    [
        (98 * SECOND, None, False),  # it may have been changed again within the clock's step
        (98 * SECOND - 1, None, True),
        (50 * SECOND, "skip.encoding", True),
        (50 * SECOND, "skip.too_large", True),
        *(
            (50 * SECOND, problem, False)
            for problem in ("skip.unreadable", "skip.vanished", "skip.changing", "skip.io")
        ),
    ],
)
def test_what_may_have_changed_unseen_is_looked_at_again(mtime: int, problem: str | None, unchanged: bool) -> None:
    item = FoundFile("a.md", Path("a.md"), 1, mtime, 3)
    row = FileRow("a.md", 1, mtime, 3, "sha", READ, problem)
    assert is_unchanged(item, row) == unchanged
    assert content_of(row) == ("sha", problem)


@pytest.mark.parametrize(("seconds_ago", "text"), [(-3600, "保存した"), (3600, "")])
def test_a_file_that_was_emptied_just_now_is_looked_at_again(
    seconds_ago: int, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most programs save by emptying the file first."""
    path = tmp_path / "a.md"
    path.touch()
    monkeypatch.setattr("assistant.folder.noterows.time.sleep", lambda _: path.write_text("保存した", "utf-8"))
    assert read_file(FoundFile("a.md", path, 0, time.time_ns() - seconds_ago * SECOND, 3))[1] == text


def test_a_file_that_stays_empty_is_not_waited_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.touch()
    waited: list[float] = []
    monkeypatch.setattr("assistant.folder.noterows.time.sleep", waited.append)
    row, text = read_file(FoundFile("a.md", path, 0, time.time_ns() + 3600 * SECOND, 3))
    assert (text, row.problem) == ("", None)
    assert 0 < sum(waited) < 1


def test_copies_are_of_one_heading_and_one_text_and_nothing_else() -> None:
    def identity(text: str, file: str = "n.md") -> str:
        return section_identity(parse(text, file)[-1])

    assert identity("# 甲\n## 鍵\n- 一\n- 二") == identity("# 乙\n## 鍵\n一\n二", "m.md")
    assert identity("# 甲\n## ＫＭＳ\n文") == identity("# kms\n文")
    assert identity("# 鍵\n一") != identity("# 鍵\n二")
    assert identity("# 鍵\n一\n二") != identity("# 鍵\n一二")
    assert identity("一") != identity("# 鍵\n一")
    # of nothing there are no copies
    assert identity("# 鍵") != identity("# 鍵", "m.md")
    assert identity("# 鍵") != identity("# 甲\n文\n# 鍵")


# --- errors


def sqlite_error(code: int | None, message: str = "x") -> sqlite3.Error:
    error = sqlite3.OperationalError(message)
    if code is not None:
        error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, IndexBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, IndexBusy),
        (sqlite3.SQLITE_LOCKED, IndexBusy),
        (sqlite3.SQLITE_FULL, IndexFull),
        (sqlite3.SQLITE_CORRUPT, IndexDamaged),
        (sqlite3.SQLITE_CORRUPT_INDEX, IndexDamaged),
        (sqlite3.SQLITE_NOTADB, IndexDamaged),
        (sqlite3.SQLITE_ERROR, IndexDamaged),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, IndexDamaged),
        (sqlite3.SQLITE_MISMATCH, IndexDamaged),
        (sqlite3.SQLITE_IOERR_SHORT_READ, IndexDamaged),
        (sqlite3.SQLITE_IOERR, IndexUnusable),
        (sqlite3.SQLITE_IOERR_READ, IndexUnusable),
        (sqlite3.SQLITE_CANTOPEN, IndexUnusable),
        (sqlite3.SQLITE_READONLY, IndexUnusable),
        (None, IndexUnusable),
    ],
)
def test_each_error_of_sqlite_is_said_as_what_it_means(code: int | None, kind: type[Exception], tmp_path: Path) -> None:
    assert type(index_error(sqlite_error(code), tmp_path)) is kind


def test_what_was_read_and_makes_no_sense_is_damage(tmp_path: Path) -> None:
    assert type(index_error(UnreadableRow("x"), tmp_path)) is IndexDamaged
    text = sqlite_error(None, "Could not decode to UTF-8 column 'text'")
    assert type(index_error(text, tmp_path)) is IndexDamaged


@pytest.mark.parametrize(("free", "kind"), [(65_535, IndexFull), (65_536, IndexUnusable)])
def test_an_error_of_the_medium_is_a_full_disk_where_it_is_full(
    free: int, kind: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert type(index_error(sqlite_error(sqlite3.SQLITE_IOERR_WRITE), tmp_path)) is kind
    assert type(index_error(sqlite_error(sqlite3.SQLITE_IOERR_WRITE), tmp_path / "gone" / "x")) is kind


def test_a_medium_of_which_nothing_is_known_is_not_called_full(tmp_path: Path) -> None:
    error = index_error(sqlite_error(sqlite3.SQLITE_IOERR_WRITE), tmp_path / "gone" / "x")
    assert type(error) is IndexUnusable


def test_a_sound_database_has_nothing_wrong(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.writing() as connection:
        assert checked_database(connection) == ""
    assert checked_database(sqlite3.connect(":memory:")) == ""
    store.close()
    (tmp_path / "notes.db").write_bytes(b"x" * 4096)
    wrong = checked_database(sqlite3.connect(tmp_path / "notes.db"))
    assert wrong == "file is not a database"


def test_what_sqlite_finds_in_a_database_that_opens_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("CREATE TABLE held (value TEXT)")
        connection.executemany("INSERT INTO held VALUES (?)", [("x" * 3000,)] * 8)
        connection.commit()
        assert checked_database(connection) == ""
    # The last page is one of the table's: its head becomes that of no page.
    with path.open("r+b") as file:
        file.seek(-4096, 2)
        file.write(b"\xff" * 16)
    with closing(sqlite3.connect(path)) as connection:
        wrong = checked_database(connection)
    assert "page" in wrong.lower()
    assert "\n" not in wrong


# --- the store over rows that were made by hand


def put(store: Store, path: str, text: str, seed: int = 1) -> None:
    filed = []
    saved = []
    for section in parse(text, path):
        keyed = [(passage, vector_key("m", passage.text)) for passage in passages(section, len, 400)]
        saved += [(key, encoding([(0, len(passage.text))], seed)) for passage, key in keyed]
        filed.append((section, section_identity(section), keyed))
    store.save_vectors(saved)
    with store.updating():
        store.replace_file(FileRow(path, 1, 2, 3, "sha", 4), filed)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "index")
    store.use_model("m")
    return store


def test_files_move_are_touched_and_are_counted(store: Store) -> None:
    put(store, "b.md", "# 一\n文。\n# 二\n")
    put(store, "a.md", "# 三\n![図](x.png)\n## 四\n文。")
    with store.updating():
        store.replace_file(FileRow("c.md", 0, 0, 0, "", 0, "skip.io"), [])
        store.replace_file(FileRow("aa.md", 0, 0, 0, "", 0, "skip.binary"), [])
    assert store.counts() == (2, 4, 1, 2)
    assert [(skipped.file, skipped.reason) for skipped in store.skipped()] == [
        ("aa.md", "skip.binary"),
        ("c.md", "skip.io"),
    ]
    generation = store.generation
    store.touch_files([FileRow("a.md", 5, 6, 7, "other", 8)])
    assert store.files()["a.md"] == FileRow("a.md", 5, 6, 7, "sha", 8)
    assert store.generation == generation
    with store.updating():
        store.move_file("b.md", FileRow("z.md", 15, 16, 17, "other", 18))
    assert store.generation == generation + 1
    assert store.files()["z.md"] == FileRow("z.md", 15, 16, 17, "sha", 18)
    assert [(row.section.file, row.section.ordinal) for row in store.all_sections()] == [
        ("a.md", 0), ("a.md", 1), ("z.md", 0), ("z.md", 1),
    ]  # fmt: skip


def test_headings_over_nothing_are_those_without_text_and_without_sub_sections(store: Store) -> None:
    put(store, "b.md", "# 空\n# 図\n![図](x.png)\n# 上\n## 下\n文。\n# 終わり")
    put(store, "a.md", "![図](x.png)\n\n# 上\n## 下\n### 底\n# 上\n# 次\n文。")
    for _ in range(2):
        with store.reading():
            found = [(row.section.file, *row.section.heading_path) for row in store.bodyless_sections()]
        assert found == [("a.md", "上", "下", "底"), ("a.md", "上"), ("b.md", "空"), ("b.md", "図"), ("b.md", "終わり")]
    put(store, "b.md", "# 空\n文。")
    assert [row.section.file for row in store.bodyless_sections()] == ["a.md", "a.md"]


def test_more_rows_than_a_statement_takes_are_read(store: Store) -> None:
    put(store, "a.md", "\n".join(f"# 題{number}\n文{number}。" for number in range(1100)))
    ids = store.passage_ids()
    assert len(ids) == 1100
    assert [passage.id for passage in store.fetch(ids.tolist()[::-1])] == ids.tolist()[::-1]
    rows = store.sections(list(range(1, 1101)))
    assert sorted(rows) == list(range(1, 1101))
    assert store.identities(list(rows)) == {number: row.identity for number, row in rows.items()}
    parts = [(part.tolist(), len(vectors)) for part, vectors in store.pooled_of(ids, 400)]
    assert [len(part) for part, _ in parts] == [count for _, count in parts] == [400, 400, 300]
    assert [number for part, _ in parts for number in part] == ids.tolist()
    assert store.pooled()[1].shape == (1100, 8)
    assert store.pooled_sample(7).shape == (7, 8)
    assert [row[0] for row in store.texts_after(1098)] == [1099, 1100]
    assert list(store.texts_after(1099)) == [(1100, "題1099", "題1099\n文1099。")]


def test_the_most_frequent_words_are_left_out_of_a_search_where_they_are_too_many(store: Store) -> None:
    (section,) = parse("# 題\n文。", "a.md")
    with store.updating():
        filed = [(Passage(text, ()), b"0" * 16) for text in ["aa bb"] * 2000 + ["bb cc"] * 1000 + ["dd aa"] * 2]
        store.replace_file(FileRow("a.md", 1, 2, 3, "sha", 4), [(section, "i", filed)])
    every = [row for row, _ in store.lexical_candidates(["bb"], 10_000)]
    assert len(every) == 3000
    # aa is in 2,002 passages, bb in 3,000: together more than 5,000 occurrences
    assert {row for row, _ in store.lexical_candidates(["bb", "aa"], 10_000)} == {*range(1, 2001), 3001, 3002}
    assert {row for row, _ in store.lexical_candidates(["bb", "dd", "cc"], 10_000)} == {*range(1, 3003)}
    rarity = store.rarity(["aa", "zz", "dd"])
    highest = math.log(1 + 3002 / 0.5)
    assert rarity["zz"] == pytest.approx(math.log(1 + 3002.5 / 0.5) / highest)
    assert rarity["dd"] == pytest.approx(math.log(1 + 3000.5 / 2.5) / highest)
    assert store.knows(["aa", "dd"])
    assert not store.knows(["aa", "zz"])


def test_a_database_that_begins_anew_counts_from_above(store: Store) -> None:
    put(store, "a.md", "# 題\n文。")
    with store.updating():
        store.delete_files(["a.md"])
    store.begin_anew(500)
    assert store.generation == 500
    put(store, "a.md", "# 題\n文。")
    assert store.generation == 501
    assert store.passage_ids().tolist() == [501]
    assert [row.id for row in store.all_sections()] == [501]


def test_vectors_that_are_missing_or_of_several_lengths_are_damage(store: Store) -> None:
    put(store, "a.md", "# 題\n文。\n# 二\n文二。")
    with store.writing() as connection:
        connection.execute(
            "UPDATE vectors SET pooled = substr(pooled, 1, 16) WHERE key = (SELECT min(key) FROM vectors)"
        )
    with pytest.raises(UnreadableRow):
        store.fetch([1, 2])
    with pytest.raises(UnreadableRow):
        store.pooled()
    with store.writing() as connection:
        connection.execute("DELETE FROM vectors WHERE key = (SELECT min(key) FROM vectors)")
    with pytest.raises(UnreadableRow):
        store.pooled()


def test_a_folder_that_cannot_be_made_is_told_in_the_systems_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexUnusable) as caught:
        Store(tmp_path / "file" / "index")
    assert "Errno" not in str(caught.value)
