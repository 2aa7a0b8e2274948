"""Names set side by side in notes: an item with what hangs under it, and a section that is headed by the comparison."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from assistant.engine import Assistant

Open = Callable[[Path, Path], AbstractContextManager[Assistant]]

MASTS = """\
# 帆柱

- **固定式の柱（fixed mast）**
  - 甲板に据え付ける
- **可倒式の柱（folding mast）**
  - 橋の下で倒す

## まとめ

- 固定式の柱（据え付け）との違いが頻出
- 可倒式の柱＝**倒せる柱**
"""

SAILS = """\
# 帆

## 使いどころ
ラグ帆は、小舟の入門になる帆と考えると分かりやすい。
ガフ帆は、上の桁を上げ下げして張る。

## ラグ帆とガフ帆の違い
ラグ帆は、主に桁の途中をつる帆です。
ガフ帆は、桁の端を柱に当てる帆です。
"""


OARS = """\
# 櫂と艪

- 櫂と艪は違います。
- 櫂：水を後ろへかく道具
- 艪：水の中で左右に振る道具
"""


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "question", "quoted"),
    [
        (MASTS, "固定式の柱と可倒式の柱の違い", [4, 6]),
        (SAILS, "ラグ帆とガフ帆の違いは？", [8, 9]),
        (OARS, "櫂と艪はどう違う？", [4, 5]),
    ],
)
def test_what_is_said_of_each_is_quoted_rather_than_that_they_differ(
    text: str, question: str, quoted: list[int], tmp_path: Path, open_assistant: Open
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text(text, "utf-8")
    with open_assistant(notes, tmp_path / "index") as assistant:
        answer = assistant.ask(question)
    told = {line for one in answer.citations for line in range(one.line_start, one.line_end + 1)}
    assert answer.status == "answered"
    assert set(quoted) <= told
    assert not any("頻出" in one.quote or "違います" in one.quote for one in answer.citations)
