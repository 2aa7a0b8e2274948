"""Lines that meet a question and tell nothing, or the reverse of what is so."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from assistant.answering.hollow import asks_for_more, bare_subject, is_denied, is_link, only_names
from assistant.engine import Assistant
from assistant.notes import Section, parse

Open = Callable[[Path, Path], AbstractContextManager[Assistant]]


def section(text: str) -> Section:
    (found,) = (one for one in parse(text, "a.md") if one.units)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "❌「帆船は風上に進めない」",
        "×  帆船は風上に進めない",
        "帆船は風上に進めない → 誤り",
        "帆船は風上に進めない → ✕",
        "Ships need engines -> false",
    ],
)
def test_what_is_crossed_out_states_what_is_not_so(line: str) -> None:
    assert is_denied(section(f"# 船\n- {line}"), 0)


@pytest.mark.parametrize(
    "line",
    [
        "帆船は風上にも進める",
        "❌「帆船は風上に進めない」→ ジグザグに進める",
        "誤りを直す手順",
        "3 × 4 の格子",
        "× 4 の格子",
        "形 → 三角",
    ],
)
def test_what_is_set_right_tells_something(line: str) -> None:
    assert not is_denied(section(f"# 船\n- {line}"), 0)


def test_a_list_of_mistakes_is_not_so_unless_set_right() -> None:
    found = section("# よくある誤解\n- 帆船は風上に進めない\n- 錨は重いほどよい → 効きは形で決まる\n\n説明の文。\n")
    assert [is_denied(found, index) for index in range(3)] == [True, False, False]


def test_what_a_sentence_introduces_under_a_heading_for_mistakes_may_be_so() -> None:
    found = section("# 誤解と混同\n錨と碇は次のように切り分ける。\n- 木の錨なら碇\n- 鉄の錨なら錨\n")
    assert not any(is_denied(found, index) for index in range(len(found.units)))
    found = section("# よくある誤解\n- ⭕ 効きは形で決まる\n- 重いほどよい\n")
    assert [is_denied(found, index) for index in range(2)] == [False, True]


def test_options_and_what_is_said_to_be_a_wrong_one_are_not_so() -> None:
    found = section(
        "# 錨\n役割はどれか。\n- ア. 帆を張る\n- イ. 船を留める\n- ウ. 風を測る\n\n解説\n- ア：誤り。帆は綱で張る。\n- イ：正しい。\n"
    )
    assert [is_denied(found, index) for index in range(len(found.units))] == [
        False,
        True,
        True,
        True,
        False,
        True,
        False,
    ]


def test_what_only_leads_to_a_link_tells_nothing() -> None:
    lines = [
        "参考：[帆の張り方](a.md)",
        "張り方を確認したい → [帆の張り方](a.md)",
        "詳しくは [帆](https://example.org/)",
    ]
    units = section("# 船\n" + "\n".join(f"- {line}" for line in [*lines, "帆は風で進む → [帆](a.md)の力"])).units
    assert [is_link(unit) for unit in units] == [True, True, True, False]


def test_a_link_tells_nothing_unless_links_are_asked_for() -> None:
    units = section("# 船\n- [帆の張り方](https://example.org/sails)\n- 帆は[ロープ](a.md)で張る").units
    assert [is_link(unit, "帆の張り方は？") for unit in units] == [True, False]
    assert not is_link(units[0], "帆の張り方の参考サイトは？")


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("三角帆はどんなときに使う？", True),
        ("三角帆とは", True),
        ("What is a jib for?", True),
        ("三角帆 四角帆", False),  # words to be found
        ("三角帆は風上に進める？", False),  # whether it is so
        ("風上に進みたい", False),
    ],
)
def test_what_asks_for_more_than_a_name(question: str, more: bool) -> None:
    assert asks_for_more(question) is more


def test_a_name_alone_tells_nothing_of_it() -> None:
    units = section("# 帆\n- 三角帆\n- 四角帆\n  - 追い風に強い\n- 縦帆（前後に張る）\n").units
    assert [only_names(units, index, "三角帆と四角帆と縦帆の違いは？") for index in range(4)] == [
        True,
        False,
        False,
        False,
    ]
    assert bare_subject("三角帆はどんなときに使う？", units) == "三角帆"
    assert bare_subject("四角帆はどんなときに使う？", units) == ""


def test_no_line_takes_long() -> None:
    begun = time.perf_counter()
    for line in ("[" * 5000, "[](" * 3000, "→ " * 5000, "❌" * 5000, "http://" + "a" * 5000, "「" * 5000):
        found = section(f"# よくある誤解\n- {line}x")
        is_denied(found, 0)
        is_link(found.units[0], line[:200])
    assert time.perf_counter() - begun < 2


NAMES = """# 帆の種類

- 三角帆
- 四角帆
- 縦帆

# 船の誤解

- ❌「錨は重いほどよく効く」

# 錨

錨の効きは、爪の形と海底の質で決まります。
"""


@pytest.mark.model
def test_a_list_of_names_answers_nothing_about_them(open_assistant: Open, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(NAMES, encoding="utf-8")
    with open_assistant(tmp_path / "notes", tmp_path / "index") as assistant:
        assert assistant.ask("四角帆はどんなときに使う？").status != "answered"
        assert assistant.ask("三角帆と四角帆の違いは？").status != "answered"
        anchors = assistant.ask("錨がよく効くかは何で決まる？")
        assert "爪の形" in anchors.citations[0].quote


EMPTY = """# 係留

岸に綱で留める。

# Anchoring 投錨

# メモ: なぜ夜は帆を下ろすのか
"""


@pytest.mark.model
@pytest.mark.parametrize("question", ["投錨とは", "投錨の手順の一覧", "なぜ夜は帆を下ろすの？"])
def test_an_empty_heading_is_known_by_its_part_in_one_script_or_by_what_it_asks(
    open_assistant: Open, tmp_path: Path, question: str
) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(EMPTY, encoding="utf-8")
    with open_assistant(tmp_path / "notes", tmp_path / "index") as assistant:
        assert assistant.ask(question).status == "empty_heading"
