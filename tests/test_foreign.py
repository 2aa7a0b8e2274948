"""Questions in another language than the notes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from assistant.engine import Assistant

NOTES = """\
# 帆
## 縦帆
船の前後の向きに張る帆。風上へ進める。
## 横帆
柱に直角に張る帆。追い風に強い。
# 錨
海の底に爪をかけて船を留める道具。
## 鎖
錨と船をつなぐ。長いほどよく効く。
# 舵
水の流れを受けて船の向きを変える板。
# 海図
水深と航路の目印を記した地図。
# 羅針盤
北を指す針で方角を知る道具。
# 灯台
夜に光を回して陸の位置を知らせる塔。
"""


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("What holds a ship in place on the sea floor?", True),
        ("How do I cook rice?", False),
        ("Who painted the Mona Lisa?", False),
    ],
)
def test_what_stands_out_answers(
    question: str,
    answered: bool,
    tmp_path: Path,
    open_assistant: Callable[[Path, Path], AbstractContextManager[Assistant]],
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text(NOTES, "utf-8")
    with open_assistant(notes, tmp_path / "index") as assistant:
        assert (assistant.ask(question).status == "answered") is answered
