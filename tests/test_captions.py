"""Lines that are headings in all but the mark: what stands under them is told apart by them."""

from __future__ import annotations

import pytest

from assistant.notes import parse

GATES = """\
# 門

## 種類

東の門

- **幅**: 三間
- **高さ**: 二丈

西の門

- **幅**: 二間

## 由来

昔からある。
"""


def paths(text: str) -> list[tuple[str, ...]]:
    return [section.heading_path for section in parse(text, "a.md")]


def test_a_short_line_alone_names_the_list_under_it() -> None:
    assert paths(GATES) == [
        ("門",),
        ("門", "種類"),
        ("門", "種類", "東の門"),
        ("門", "種類", "西の門"),
        ("門", "由来"),
    ]


def test_the_parts_have_the_lines_of_the_note_and_every_line_is_in_one() -> None:
    sections = parse(GATES, "a.md")
    covered = [line for section in sections for line in range(section.line_start, section.line_end + 1)]
    filled = [number for number, line in enumerate(GATES.split("\n"), start=1) if line]
    assert set(filled) <= set(covered)
    assert len(covered) == len(set(covered))
    east = sections[2]
    assert (east.heading_line, east.line_start, east.line_end, east.level) == (5, 5, 8, 3)
    assert [unit.text for unit in east.units] == ["幅: 三間", "高さ: 二丈"]
    assert [section.ordinal for section in sections] == list(range(5))


def test_what_hangs_under_an_item_still_does() -> None:
    text = "# 門\n\n東の門\n\n- 幅\n  - 三間\n\n西の門\n\n- 高さ\n  - 二丈\n"
    west = parse(text, "a.md")[-1]
    assert west.units[1].parent == 0


def test_one_line_in_bold_is_enough() -> None:
    assert paths("# 門\n\n柱が四本ある。\n\n**得意**\n\n- 車を通す\n\n雨のときも通れる。\n") == [
        ("門",),
        ("門", "得意"),
    ]


def test_the_first_of_several_stands_under_the_line_for_all() -> None:
    assert paths("# 門\n\n東 vs 西\n\n東の門\n\n- 広い\n\n西の門\n\n- 狭い\n")[1:] == [
        ("門", "東 vs 西", "東の門"),
        ("門", "西の門"),
    ]


def test_a_note_without_headings_has_captions_too() -> None:
    assert paths("東の門\n\n- 広い\n\n西の門\n\n- 狭い\n") == [("東の門",), ("西の門",)]


@pytest.mark.parametrize(
    "line",
    [
        "次のものがある。",
        "次のものがある：",
        "たとえば、",
        "これらの門では",
        "門は二つ",
        "東の門 → 車",
        "https://example.com/gates",
        "とても長い一行はその下に並ぶものの名前というよりも、そこまでに述べたことの続きであることが多いものである場合",
    ],
)
def test_what_goes_on_or_states_something_is_none(line: str) -> None:
    assert paths(f"# 門\n\n{line}\n\n- 広い\n\n{line}\n\n- 狭い\n") == [("門",)]


def test_one_plain_line_is_none_nor_are_lines_in_a_running_text() -> None:
    assert paths("# 門\n\n東の門\n\n- 広い\n") == [("門",)]
    prose = "\n\n".join(f"文{number}は続く。" for number in range(4))
    assert paths(f"# 門\n\n東の門\n\n- 広い\n\n{prose}\n\n西の門\n\n- 狭い\n") == [("門",)]


def test_the_last_line_of_a_paragraph_is_none() -> None:
    assert paths("# 門\n\n門を見た\n東の門\n- 広い\n\n門を見た\n西の門\n- 狭い\n") == [("門",)]
