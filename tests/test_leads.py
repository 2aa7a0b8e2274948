"""The line above a list that says what it is a list of."""

from __future__ import annotations

import pytest

from assistant.markdown.leads import leads_of
from assistant.notes import parse


def leads(note: str) -> dict[str, str]:
    units = [unit for section in parse(note, "a.md") for unit in section.units]
    return dict(zip((unit.text for unit in units), leads_of(units), strict=True))


def test_items_stand_under_the_line_above_their_list() -> None:
    found = leads("# 棚\n\n軽い棚\n\n- 用途: 本\n- 高さ: 1m\n")
    assert found == {"軽い棚": "", "用途: 本": "軽い棚", "高さ: 1m": "軽い棚"}


def test_rows_do_too() -> None:
    found = leads("# 棚\n\n重い棚:\n\n| 項目 | 値 |\n|---|---|\n| 高さ | 1m |\n")
    assert found["項目: 高さ | 値: 1m"] == "重い棚:"


@pytest.mark.parametrize(
    "note",
    [
        "# 棚\n\n棚は軽いほうがよい。\n\n- 用途: 本\n",  # a sentence
        "# 棚\n\n" + "とても" * 20 + "重い棚\n\n- 用途: 本\n",  # a long line
        "# 棚\n\n軽い棚\n\n---\n\n- 用途: 本\n",  # a rule between
        "# 棚\n\n- 用途: 本\n",
    ],
)
def test_no_line_stands_over_a_list_otherwise(note: str) -> None:
    assert set(leads(note).values()) == {""}
