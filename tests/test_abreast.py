"""Comparisons over notes that tell things apart in one place: a table, a list, parts under one heading."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.records import Answer

Open = Callable[[Path, Path], AbstractContextManager[Assistant]]
Ask = Callable[[str, str], Answer]

pytestmark = pytest.mark.model

COLUMNS = """# 木と針

| 観点 | ケヤキ | アカマツ |
|---|---|---|
| 葉 | 広くて薄い | 針の形 |
| 冬 | 葉を落とす | 緑のまま |

# ケヤキ

ケヤキは、街路に植えられる高い木です。
"""
PARTS = """# 山の道具

## ロープ

ロープの点検

- **頻度**: 登る前に毎回

## 靴の選び方

登山靴

- **用途**: 岩や雪のある長い道
- **重さ**: 重い

運動靴

- **用途**: 平らな短い道
- **重さ**: 軽い

## 失敗

- **登山靴**: 買ってすぐ長く歩いた
"""
NAMES = """# 通信の名前

## ABRとは

ABRは、Alpha Beta Relayの略です。

ABRは、届いた信号を強めて次へ渡す装置です。

## CDRとは

CDRは、Charlie Delta Ringの略です。

CDRは、装置を輪の形につなぐ配線です。
"""


@pytest.fixture
def ask(tmp_path: Path, open_assistant: Open) -> Ask:
    def asked(text: str, question: str) -> Answer:
        (tmp_path / "notes").mkdir()
        (tmp_path / "notes" / "a.md").write_text(text, "utf-8")
        with open_assistant(tmp_path / "notes", tmp_path / "index") as assistant:
            return assistant.ask(question)

    return asked


def test_a_table_with_a_column_for_each_is_quoted_first(ask: Ask) -> None:
    answer = ask(COLUMNS, "ケヤキとアカマツの違いは？")
    assert answer.status == "answered"
    assert (answer.citations[0].line_start, answer.citations[0].line_end) == (5, 6)
    assert all(side.citations[0] == 1 for side in answer.sides)


def test_parts_under_one_heading_go_before_lines_from_elsewhere(ask: Ask) -> None:
    answer = ask(PARTS, "登山靴と運動靴の違いは？")
    told = {citation.n: citation for citation in answer.citations}
    assert [told[side.citations[0]].heading_path[-1] for side in answer.sides] == ["登山靴", "運動靴"]
    assert {told[side.citations[0]].quote.partition(":")[0] for side in answer.sides} == {"**用途**"}


def test_what_a_name_is_short_for_is_no_difference(ask: Ask) -> None:
    answer = ask(NAMES, "ABRとCDRの違いは？")
    told = {citation.n: citation for citation in answer.citations}
    assert [told[side.citations[0]].line_start for side in answer.sides] == [7, 13]


def test_a_link_to_where_the_difference_stands_is_not_quoted_for_it(ask: Ask) -> None:
    text = "# ケヤキ\n\nケヤキは、葉の広い木です。\n\nアカマツとの違いは、[ケヤキとアカマツの違い](b.md)を見てください。\n\n# アカマツ\n\nアカマツは、葉が針の形の木です。\n"
    answer = ask(text, "ケヤキとアカマツの違いは？")
    assert [citation.line_start for citation in answer.citations][:1] == [3]
