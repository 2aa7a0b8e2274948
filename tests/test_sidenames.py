"""Comparisons: which heading and which line is each side's own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from assistant.answering.sidenames import singular
from assistant.answering.subjects import names_of_heading
from assistant.asking.question import understand
from assistant.engine import Assistant

Open = Callable[[Path, Path], AbstractContextManager[Assistant]]


@pytest.mark.parametrize(
    ("leaf", "names"),
    [
        ("ヨット", {"ヨット"}),
        ("Fore and Aft Rig (FAR)", {"Fore and Aft Rig (FAR)", "Fore and Aft Rig", "FAR"}),
        ("Sampling 標本抽出", {"Sampling 標本抽出", "Sampling", "標本抽出"}),
        ("(範囲外) 舵", {"(範囲外) 舵", "舵", "範囲外"}),
    ],
)
def test_what_a_heading_calls_its_thing(leaf: str, names: set[str]) -> None:
    assert set(names_of_heading(leaf)) == names


def test_one_of_several() -> None:
    assert [singular(name) for name in ("user pools", "chess", "status", "SLAs", "帆")] == [
        ("user pool",),
        (),
        (),
        (),
        (),
    ]


def test_what_is_asked_behind_the_names_is_no_part_of_them() -> None:
    assert understand("Sloop or Sloop Classic - what's the difference?").sides == ("Sloop", "Sloop Classic")


BOATS = """# Acme Boat Service (ABS)

人が漕ぐ船を貸す

# ABS Anywhere

どこの湖でも ABS の船を使えるようにする ABS の機能

# Acme Raft Service (ARS)

筏を貸す

# ARS Extra

ARS と ABS のどちらの桟橋でも ARS の筏を返せるようにする ARS の機能

# Range Point (RP) & Range Time (RT)

船では普通、RP と RT の両方を出港の前に決めて表に書いておき、航海が終わったら、実際にどうだったかを比べてから次の航海の参考にします。

RP とは、燃料が尽きるまでに進める距離

RT とは、燃料が尽きるまでの時間
"""


@pytest.mark.model
def test_a_side_is_told_under_its_own_heading(open_assistant: Open, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(BOATS, encoding="utf-8")
    with open_assistant(tmp_path / "notes", tmp_path / "index") as assistant:
        quotes = [citation.quote for citation in assistant.ask("ABSとARSの違いは？").citations]
        assert quotes[:2] == ["人が漕ぐ船を貸す", "筏を貸す"]
        quotes = [citation.quote for citation in assistant.ask("RP vs RT").citations]
        assert {"RP とは、燃料が尽きるまでに進める距離", "RT とは、燃料が尽きるまでの時間"} <= set(quotes)
