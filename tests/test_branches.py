"""Items of a nested list that are headings in all but the mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from assistant.answering.branches import end_of_branch, is_label, named_branch
from assistant.engine import Assistant
from assistant.notes import parse

NOTES = """\
- ストレージ
    - 用途に合わせて選ぶ。
        - S3
        - EBS
        - EFS
- Amazon RDS
    - 複雑なクエリ
    - 高耐久性
- EBSボリューム sc1
    - 一番安い
    - バックアップ向け
- EBSボリューム st1
    - 大量のログを順に読む
- 起動テンプレート: 設定をまとめる
- 専有ホスト
    - 一社だけで使う物理サーバー
- ハイブリッド接続とは？
- ARPとは。
    - IPからMACを引く
"""
(SECTION,) = parse(NOTES, "a.md")
TEXTS = [unit.text for unit in SECTION.units]


def branch(question: str) -> list[str] | None:
    found = named_branch(question, SECTION.units)
    return TEXTS[found[0] : found[1] + 1] if found else None


def test_a_branch_ends_where_nothing_hangs_under_its_item() -> None:
    assert TEXTS[end_of_branch(SECTION.units, 0)] == "EFS"
    assert TEXTS[end_of_branch(SECTION.units, TEXTS.index("S3"))] == "S3"
    assert is_label(SECTION.units[0])
    assert not is_label(SECTION.units[1])
    assert not is_label(SECTION.units[TEXTS.index("起動テンプレート: 設定をまとめる")])


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("ストレージの一覧", ["S3", "EBS", "EFS"]),  # what announces them is left out
        ("RDSの特徴を全部", ["複雑なクエリ", "高耐久性"]),
        ("Amazon RDSの特徴を全部", ["複雑なクエリ", "高耐久性"]),
        ("起動テンプレートの一覧", None),
        ("料金の一覧", None),
    ],
)
def test_the_branch_that_a_question_names(question: str, items: list[str] | None) -> None:
    assert branch(question) == items


@pytest.fixture(scope="module")
def nested(
    tmp_path_factory: pytest.TempPathFactory, open_assistant: Callable[[Path, Path], AbstractContextManager[Assistant]]
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("nested")
    (folder / "notes").mkdir()
    (folder / "notes" / "a.md").write_text(NOTES, "utf-8")
    with open_assistant(folder / "notes", folder / "index") as assistant:
        yield assistant


@pytest.mark.model
def test_the_kinds_of_a_thing_stand_beside_one_another() -> None:
    (section,) = parse("- スループ型ヨット\n  - 帆柱は一本\n- ケッチ型ヨット\n  - 帆柱は二本\n- 桟橋\n", "a.md")
    assert named_branch("ヨットの種類は？", section.units) == (0, 3)
    assert named_branch("ケッチ型ヨットの特徴は？", section.units) != (0, 3)


def test_an_item_is_quoted_with_what_hangs_under_it(nested: Assistant) -> None:
    assert nested.ask("ストレージの一覧").citations[0].entries == ("S3", "EBS", "EFS")
    sides = nested.ask("sc1とst1の違いは？").citations
    assert "バックアップ向け" in sides[0].quote
    assert "大量のログを順に読む" in sides[1].quote
    hosts = nested.ask("専有ホストとは")
    assert hosts.status == "answered"
    assert "一社だけで使う" in hosts.citations[0].quote


@pytest.mark.model
def test_a_line_that_asks_is_no_answer(nested: Assistant) -> None:
    assert nested.ask("ハイブリッド接続とは").status != "answered"
    arp = nested.ask("ARPとは")
    assert arp.status == "answered"
    assert "IPからMACを引く" in arp.citations[0].quote
