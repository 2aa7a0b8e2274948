"""The database by itself: what is written is read back, and an index that cannot be used says so."""

from __future__ import annotations

import math
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.encoder import Encoder, Encoding
from assistant.errors import IndexDamaged, IndexUnusable
from assistant.folder.noterows import section_identity
from assistant.notes import parse, passages
from assistant.storage.centres import Centre, Centres, centres_of, share_of
from assistant.store import FileRow, SectionRow, Store, vector_key
from assistant.text import terms

MODEL = "a model"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "index")
    store.use_model(MODEL)
    yield store
    store.close()


def put(store: Store, encoder: Encoder, path: str, text: str) -> None:
    """Files a note as the index does: vectors first, then the rows that need them."""
    filed = []
    missing: dict[bytes, str] = {}
    for section in parse(text, path):
        keyed = [(p, vector_key(MODEL, p.text)) for p in passages(section, encoder.count_tokens, 400)]
        missing |= {key: passage.text for passage, key in keyed}
        filed.append((section, f"{section.heading_path[-1:]}{[unit.text for unit in section.units]}", keyed))
    keys = sorted(store.missing_vectors(missing.keys()))
    store.save_vectors(list(zip(keys, encoder.encode_passages([missing[key] for key in keys]), strict=True)))
    with store.updating():
        store.replace_file(FileRow(path, len(text), 1, 1, "sha", 2), filed)
        store.drop_unused_vectors()
        store.update_mean_tokens()


def found(store: Store, query: str) -> list[str]:
    """The texts of the passages that hold a term of ``query``, best first."""
    ids = [passage for passage, _ in store.lexical_candidates(terms(query), 50)]
    return [passage.text for passage in store.fetch(ids)]


def headings(rows: list[SectionRow]) -> list[str]:
    return [" > ".join(row.section.heading_path) for row in rows]


# --- writing and reading


@pytest.mark.model
def test_what_is_filed_is_read_back(store: Store, encoder: Encoder) -> None:
    text = (
        "# 鍵\n- 一つ目: **KMS**\n  - 中の項目\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## 図\n![絵](<images/絵 1.png>)\n"
    )
    put(store, encoder, "a/鍵.md", text)
    assert [row.section for row in store.sections_of("a/鍵.md")] == list(parse(text, "a/鍵.md"))
    assert store.files() == {"a/鍵.md": FileRow("a/鍵.md", len(text), 1, 1, "sha", 2)}


@pytest.mark.model
def test_vectors_come_back_as_they_were_encoded(store: Store, encoder: Encoder) -> None:
    put(store, encoder, "a.md", "# 鍵\n鍵はKMSが管理する。\n次の行。")
    ids, pooled = store.pooled()
    (passage,) = store.fetch([int(ids[0])])
    encoding = encoder.encode_passages([passage.text])[0]
    assert (pooled[0] == passage.pooled).all()
    assert passage.pooled @ encoding.vector >= 0.9999
    tokens = passage.tokens * passage.scales[:, None]
    cosines = (tokens * encoding.tokens).sum(axis=1)
    # A special token's vector has one large number, beside which eight bits say less of the others; it is never read.
    assert cosines[encoding.content].min() >= 0.999
    assert cosines.min() >= 0.99
    assert (passage.units[~encoding.content] == -2).all()
    # heading path, first line, second line, in this order
    units = passage.units[encoding.content].tolist()
    assert units == sorted(units)
    assert set(units) == {-1, 0, 1}


@pytest.mark.model
def test_replacing_a_file_leaves_nothing_of_the_old_one(store: Store, encoder: Encoder) -> None:
    put(store, encoder, "a.md", "# 古い\n消える文\n## 下\n消える節")
    put(store, encoder, "b.md", "# ほかの\n残る文")
    put(store, encoder, "a.md", "# 新しい\n書き直した文")
    assert headings(store.all_sections()) == ["新しい", "ほかの"]
    assert store.counts() == (2, 2, 0, 2)
    assert found(store, "消") == []
    assert len(found(store, "文")) == 2
    assert len(store.pooled()[0]) == 2


@pytest.mark.model
def test_deleting_a_file_takes_everything_but_the_vectors(store: Store, encoder: Encoder) -> None:
    put(store, encoder, "a.md", "# A\n一つ目の文")
    put(store, encoder, "b.md", "# B\n二つ目の文")
    key = vector_key(MODEL, "A\n一つ目の文")
    with store.updating():
        store.delete_files(["a.md", "not-there.md"])
    assert headings(store.all_sections()) == ["B"]
    assert found(store, "一") == []
    assert store.missing_vectors([key]) == set()
    with store.updating():
        store.drop_unused_vectors()
    assert store.missing_vectors([key]) == {key}


@pytest.mark.model
def test_copies_share_their_vectors(store: Store, encoder: Encoder) -> None:
    text = "# 同じ\n同じ文"
    put(store, encoder, "a.md", text)
    key = vector_key(MODEL, "同じ\n同じ文")
    assert store.missing_vectors([key]) == set()
    put(store, encoder, "b.md", text)
    identity = store.sections_of("a.md")[0].identity
    assert [row.section.file for row in store.copies(identity)] == ["a.md", "b.md"]
    ids, vectors = store.pooled()
    assert len(ids) == 2
    assert (vectors[0] == vectors[1]).all()
    with store.updating():
        store.delete_files(["a.md"])
        store.drop_unused_vectors()
    assert store.missing_vectors([key]) == set()
    assert len(store.fetch(ids.tolist())) == 1


@pytest.mark.model
def test_a_moved_file_keeps_its_sections(store: Store, encoder: Encoder) -> None:
    put(store, encoder, "a.md", "# A\n文")
    before = store.pooled()[0].tolist()
    with store.updating():
        store.move_file("a.md", FileRow("b/c.md", 5, 9, 9, "sha", 10))
    assert list(store.files()) == ["b/c.md"]
    assert [row.section.file for row in store.all_sections()] == ["b/c.md"]
    assert store.pooled()[0].tolist() == before


@pytest.mark.model
def test_headings_without_a_body(store: Store, encoder: Encoder) -> None:
    put(store, encoder, "a.md", "# 親\n## 空\n## 絵だけ\n![x](x.png)\n## 文\n本文\n# 終わり\n")
    assert headings(store.bodyless_sections()) == ["親 > 空", "親 > 絵だけ", "終わり"]
    assert store.counts() == (1, 5, 2, 1)


def test_an_empty_store(store: Store) -> None:
    assert store.counts() == (0, 0, 0, 0)
    assert (store.files(), store.all_sections(), store.sections_of("a.md")) == ({}, [], [])
    assert store.lexical_candidates(["s3"], 5) == []
    assert len(store.pooled()[0]) == 0
    assert [len(mean) for mean in store.mean_tokens()] == [0, 0]
    assert store.fetch([1, 2]) == []


# --- lexical candidates


@pytest.fixture
def lexicon(store: Store, encoder: Encoder) -> Store:
    notes = {
        "s3.md": "# 保管\nS3はオブジェクトを置く場所。",
        "sqs.md": "# 待ち行列\nＳＱＳはメッセージをためる。",
        "amazon.md": "# 会社\nｱﾏｿﾞﾝのサービス。",
        "operators.md": '# Words\nNOT near AND "quoted" OR col:umn a*b (c) ^d -e',
        "s3x.md": "# other\nS3X and AS3 are other names.",
    }
    for path, text in notes.items():
        put(store, encoder, path, text)
    return store


@pytest.mark.model
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("S3", "S3は"),
        ("ｓ３", "S3は"),
        ("ＳＱＳ", "ＳＱＳは"),
        ("sqs", "ＳＱＳは"),
        ("ｱﾏｿﾞﾝ", "ｱﾏｿﾞﾝの"),
        ("アマゾン", "ｱﾏｿﾞﾝの"),
        ("行列", "ＳＱＳは"),
        ('"quoted"', "NOT near"),
        ('he said "quoted" OR (c', "NOT near"),
        ("NOT col:umn", "NOT near"),
        ("a*b ^d", "NOT near"),
    ],
)
def test_words_are_found_however_they_are_written(lexicon: Store, query: str, first: str) -> None:
    assert found(lexicon, query)[0].split("\n")[1].startswith(first)


@pytest.mark.model
def test_a_word_is_the_rarer_the_fewer_passages_hold_it(lexicon: Store) -> None:
    rarity = lexicon.rarity(["知らない", *terms("S3"), "の", "other"])
    assert rarity.pop("知らない") == pytest.approx(1, abs=0.05)
    # Of five passages: log(1 + (5 - n + 0.5) / (n + 0.5)) as a share of log(11).
    assert rarity["s3"] == rarity["other"] == pytest.approx(math.log(4) / math.log(11))


def test_the_centre_of_a_language_with_few_passages_leans_on_all() -> None:
    def row(text: str, value: int, tokens: int = 1) -> tuple[object, ...]:
        view = np.full((tokens, 2), value, np.int8).tobytes(), np.full(tokens, 1 / 128, np.float32).tobytes()
        return (text, np.full(2, value / 64, np.float32).tobytes(), *view, *view)

    rows = [row("日本語の文", 64), row("日本語の文", 64), row("English text", 16, tokens=2)]
    centres = centres_of(map(share_of, rows))
    assert set(centres) == {"", ".ja", ".other"}
    tokens, surface, pooled = centres[""]
    assert tokens == pytest.approx([(0.5 + 0.5 + 2 * 0.125) / 4] * 2)
    assert surface == pytest.approx(tokens)
    assert pooled == pytest.approx([(1 + 1 + 0.25) / 3] * 2)
    # Two passages against a weight of eight, and one.
    assert centres[".ja"][2] == pytest.approx(0.2 * 1 + 0.8 * pooled)
    assert centres[".other"][0] == pytest.approx(1 / 9 * 0.125 + 8 / 9 * tokens)


@pytest.mark.model
def test_the_centres_are_those_of_the_notes_as_they_are_now(tmp_path: Path, encoder: Encoder) -> None:
    edited, fresh = Store(tmp_path / "edited"), Store(tmp_path / "fresh")
    put(edited, encoder, "a.md", "# 鍵\n鍵はKMSが守る。\n\n# Queues\nA queue keeps messages.\n")
    before = edited.centres()
    put(edited, encoder, "a.md", "# 鍵\n鍵はKMSが守る。\n\n# Topics\nA topic sends them on.\n")
    put(fresh, encoder, "a.md", "# 鍵\n鍵はKMSが守る。\n\n# Topics\nA topic sends them on.\n")
    for name in ("all", "japanese", "other"):
        for view in ("tokens", "surface", "pooled"):
            now, then, new = (getattr(getattr(c, name), view) for c in (edited.centres(), before, fresh.centres()))
            assert np.array_equal(now, new)
            assert not np.array_equal(now, then)


@pytest.mark.parametrize("mixed", [True, False])
def test_a_text_is_measured_from_the_centre_of_its_language(mixed: bool) -> None:
    every, japanese, other = (Centre(*(np.full(2, value, np.float32),) * 3) for value in (0.1, 0.2, 0.3))
    centres = Centres(every, japanese, other, mixed)
    assert centres.of("日本語の文") is (japanese if mixed else every)
    assert centres.of("English text") is (other if mixed else every)
    assert centres.elsewhere("日本語の文") is other
    assert centres.elsewhere("English text") is japanese


def test_sections_that_say_the_same_are_one_wherever_they_stand() -> None:
    one, other, renamed = (
        section_identity(parse(text, "n.md")[-1])
        for text in ("# 甲\n## 鍵\n本文。", "# 乙\n## 鍵\n本文。", "# 甲\n## 錠\n本文。")
    )
    assert one == other != renamed


@pytest.mark.model
def test_a_short_name_is_not_part_of_another(lexicon: Store) -> None:
    assert [text.split("\n")[0] for text in found(lexicon, "S3")] == ["保管"]


@pytest.mark.model
@pytest.mark.parametrize("word", ['"', '""', "AND", "NOT", "NEAR(a b)", "terms:s3", "s3*", "^s3", "-", "", "'", ";--"])
def test_no_word_is_an_operator(lexicon: Store, word: str) -> None:
    lexicon.lexical_candidates([word], 5)
    found = [passage for passage, _ in lexicon.lexical_candidates([word, "s3"], 5)]
    assert "S3は" in "".join(passage.text for passage in lexicon.fetch(found))


@pytest.mark.model
def test_candidates_come_best_first_and_no_more_than_asked_for(lexicon: Store) -> None:
    words = terms("S3のサービスとメッセージ")
    every = lexicon.lexical_candidates(words, 50)
    assert len(every) >= 3
    assert [score for _, score in every] == sorted((score for _, score in every), reverse=True)
    assert lexicon.lexical_candidates(words, 2) == every[:2]
    assert lexicon.lexical_candidates([], 5) == []


def own_scores(store: Store, words: list[str]) -> list[tuple[int, float]]:
    """What FTS5 itself makes of the words."""
    with store.reading() as connection:
        return connection.execute(
            "SELECT rowid, -bm25(lexicon) FROM lexicon WHERE lexicon MATCH ? ORDER BY bm25(lexicon), rowid",
            (" OR ".join(f'"{word}"' for word in words),),
        ).fetchall()


@pytest.mark.model
def test_scores_are_those_of_fts5_after_every_update(lexicon: Store, encoder: Encoder) -> None:
    words = terms("S3のサービスとメッセージの場所")
    for path, text in (
        ("long.md", "# 保管\n" + "S3にメッセージを置く場所は三つある。" * 20),
        ("s3.md", "# 保管\nS3はS3で、場所。"),
        ("sqs.md", ""),
    ):
        if text:
            put(lexicon, encoder, path, text)
        else:
            with lexicon.updating():
                lexicon.delete_files([path])
        expected = own_scores(lexicon, words)
        with lexicon.reading():
            scored = lexicon.lexical_candidates(words, 50)
        assert len(scored) >= 3
        assert [number for number, _ in scored] == [number for number, _ in expected]
        assert [score for _, score in scored] == pytest.approx([score for _, score in expected])


@pytest.mark.model
def test_a_passage_whose_length_is_lost_is_damage(lexicon: Store) -> None:
    with lexicon.writing() as connection:
        connection.execute("DELETE FROM lexicon_docsize WHERE id = (SELECT max(id) FROM lexicon_docsize)")
    with pytest.raises(IndexDamaged):
        lexicon.lexical_candidates(["other"], 5)


# --- generations and transactions


def test_a_generation_is_an_update(store: Store) -> None:
    before = store.generation
    with store.updating():
        store.set_meta("a", 1)
    assert store.generation == before + 1
    store.touch_files([])
    store.set_stamp("stamp", "x")
    with store.reading():
        pass
    assert store.generation == before + 1
    assert store.meta("stamp") == "x"


def test_an_update_that_fails_leaves_nothing(store: Store) -> None:
    before = store.generation

    def fail() -> None:
        with store.updating():
            store.set_meta("a", 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (store.meta("a"), store.generation) == (None, before)


def test_a_reader_sees_one_state_while_another_writes(store: Store) -> None:
    def write() -> None:
        with store.updating():
            store.set_meta("a", 2)

    store.set_meta("a", 1)
    with store.reading():
        seen = [store.meta("a")]
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(timeout=20)
        assert not writer.is_alive()
        seen.append(store.meta("a"))
    assert seen == [1, 1]
    assert store.meta("a") == 2


@pytest.mark.model
def test_another_model_starts_anew(store: Store, encoder: Encoder) -> None:
    put(store, encoder, "a.md", "# A\n文")
    before = store.generation
    assert store.use_model(MODEL)
    assert store.generation == before
    assert not store.use_model("another")
    assert store.counts() == (0, 0, 0, 0)
    assert store.generation > before
    assert store.use_model("another")


@pytest.mark.model
def test_it_is_all_there_when_it_is_opened_again(store: Store, encoder: Encoder) -> None:
    put(store, encoder, "a.md", "# A\n文")
    means = store.mean_tokens()
    again = Store(store.folder)
    assert again.counts() == (1, 1, 0, 1)
    assert all(len(mean) for mean in means)
    assert all(np.array_equal(one, other) for one, other in zip(again.mean_tokens(), means, strict=True))
    again.close()


def test_as_many_can_be_asked_for_at_once_as_there_are(store: Store) -> None:
    """SQLite takes only so many parameters in one statement."""
    row = np.array([[1, 0]], np.float32)
    encoding = Encoding(row[0], row, row, np.array([[0, 1]], np.int32), np.array([True]))
    keys = [vector_key(MODEL, str(number)) for number in range(1_700)]
    store.save_vectors([(key, encoding) for key in keys])
    absent = vector_key(MODEL, "absent")
    assert store.missing_vectors([*keys[:900], absent, *keys[900:]]) == {absent}


# --- what cannot be used


@pytest.mark.model
def test_the_schema_of_another_version_is_rebuilt(store: Store, encoder: Encoder) -> None:
    put(store, encoder, "a.md", "# A\n文")
    store.close()
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE meta SET value = 999 WHERE name = 'schema'")
        connection.execute("DROP TABLE passages")
        connection.execute("CREATE TABLE passages (something_else)")
    connection.close()
    again = Store(store.folder)
    assert again.counts() == (0, 0, 0, 0)
    again.use_model(MODEL)
    put(again, encoder, "a.md", "# A\n文")
    assert again.counts() == (1, 1, 0, 1)
    again.close()


@pytest.mark.skipif(os.name == "nt", reason="a file that is open cannot be replaced there")
@pytest.mark.parametrize("larger", [0, 1])
def test_a_database_in_the_place_of_the_one_that_was_opened_is_not_read(larger: int, tmp_path: Path) -> None:
    """Whichever of the two files has the larger number."""
    stores = sorted((Store(tmp_path / name) for name in "ab"), key=lambda store: store.path.stat().st_ino)
    opened, other = stores[larger], stores[1 - larger]
    assert opened.counts() == (0, 0, 0, 0)
    other.close()
    other.path.replace(opened.path)
    with pytest.raises(IndexDamaged, match="replaced"), opened.reading():
        pass
    opened.close()


@pytest.mark.parametrize("content", [b"", b"not a database, but long enough to be taken for one" * 100])
def test_a_file_that_is_no_database(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_bytes(content)
    if not content:  # an empty file is an empty database
        Store(tmp_path).close()
        return
    with pytest.raises(IndexUnusable) as caught:
        Store(tmp_path)
    for language in ("ja", "en"):
        message = caught.value.message(language)
        assert str(tmp_path) in message
        assert "\n" not in message


def test_an_index_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(IndexUnusable, match="file"):
            Store(folder)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here that nobody can write to")
def test_an_index_folder_that_cannot_be_written() -> None:
    with pytest.raises(IndexUnusable, match="/proc/self/index"):
        Store(Path("/proc/self/index"))
