"""Notes as people write them, one way after the other, and what is read from each.

``gold/notecases.txt`` holds the notes, each below a line ``=== what it is``; below ``--->`` stand, for each section, a line
``§ level lines path``, and its units: kind, lines, depth and parent, text, the quote where that is another, and images.
A line break within these is ⏎.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from assistant.notes import Section, Unit, parse, passages

GOLD: Final = Path(__file__).parent / "gold"
CASES: Final = {
    name: tuple(body.removesuffix("\n").split("\n--->\n"))
    for name, _, body in (
        part.partition("\n") for part in f"\n{(GOLD / 'notecases.txt').read_text('utf-8')}".split("\n=== ")[1:]
    )
}


def shown(section: Section) -> list[str]:
    head = f"§ {section.level} {section.line_start}-{section.line_end} {' > '.join(section.heading_path)}"
    images = [f"  images {' '.join(section.images)}"] if section.images else []
    return [head.rstrip(), *map(_unit, section.units), *images]


def _unit(unit: Unit) -> str:
    parent = "" if unit.parent is None else f"^{unit.parent}"
    quote = "" if unit.quote == unit.text else f" | {unit.quote}"
    return f"  {unit.kind.value} {unit.line_start}-{unit.line_end} {unit.depth}{parent} {unit.text}{quote}".replace(
        "\n", "⏎"
    )


def read(text: str) -> str:
    return "\n".join(line for section in parse(f"{text}\n", "n.md") for line in shown(section))


@pytest.mark.parametrize("name", CASES)
def test_each_way_of_writing_a_note_is_read(name: str) -> None:
    text, wanted = CASES[name]
    assert read(text) == wanted


LISTED: Final = "# 題\n- あああ\n  - いい\n  - うう\n- ええ\n- おおおおおお"
TABLE: Final = "# 題\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |"


@pytest.mark.parametrize(
    ("text", "limit", "wanted"),
    [
        ("# 題\nああ。\nいい。", 9, ["題\nああ。\nいい。"]),
        ("# 題\nああ。\nいい。", 8, ["題\nああ。", "題\nいい。"]),
        ("# 題\n## 副\nああ。\nいい。", 13, ["題 > 副\nああ。\nいい。"]),
        ("# 題\n## 副\nああ。\nいい。", 12, ["題 > 副\nああ。", "題 > 副\nいい。"]),
        ("# 題\n## 副\nああ。\nいい。", 9, ["副\nああ。\nいい。"]),
        (LISTED, 21, ["題\nあああ\nいい\nうう\nええ\nおおおおおお"]),
        (LISTED, 15, ["題\nあああ\nいい\nうう\nええ", "題\nおおおおおお"]),
        (LISTED, 12, ["題\nあああ\nいい\nうう", "題\nええ\nおおおおおお"]),
        (LISTED, 10, ["題\nあああ\nいい", "題\nうう\nええ", "題\nおおおおおお"]),
        (TABLE, 33, ["題\na | b\na: 1 | b: 2\na: 3 | b: 4", "題\na | b\na: 5 | b: 6"]),
        (TABLE, 30, ["題\na | b\na: 1 | b: 2", "題\na | b\na: 3 | b: 4", "題\na | b\na: 5 | b: 6"]),
        (TABLE, 20, ["題\na | b\na: 1 | b: 2", "題\na | b\na: 3 | b: 4", "題\na | b\na: 5 | b: 6"]),
        ("# 題\nいち。に。さんさん。よん", 9, ["題\nいち。に。", "題\nさんさん。", "題\nよん"]),
        ("# 題\nいち。に。さんさん。よん", 6, ["題\nいち。", "題\nに。", "題\nさん", "題\nさん。", "題\nよん"]),
        ("# 題\nあいう、えおかきくけこ", 9, ["題\nあいう、え", "題\nおかきくけこ"]),
        ("# 題\nabcdef ghijkl", 10, ["題\nabcdef ", "題\nghijkl"]),
        ("# 題\nあいうえおかきくけこ", 7, ["題\nあい", "題\nうえお", "題\nかき", "題\nくけこ"]),
        # in two behind a comma that is near the middle, else in the middle
        ("あいうえおか、きくけこさしすせそ", 15, ["あいうえおか、", "きくけこさしすせそ"]),
        ("あいうえお、かきくけこさしすせそ", 15, ["あいうえお、かき", "くけこさしすせそ"]),
        ("あいうえおかきくけ、こさしすせそ", 15, ["あいうえおかきくけ、", "こさしすせそ"]),
        ("あいうえおかきくけこ、さしすせそ", 15, ["あいうえおかきく", "けこ、さしすせそ"]),
        ("abcdefgh ijklmno", 15, ["abcdefgh ", "ijklmno"]),
        ("# あいうえおかきくけこ\nああ。", 8, ["くけこ\nああ。"]),
        ("# あ\n## いい\n### ううう\nああ。", 14, ["ううう\nああ。"]),
        ("ああ。\n\nいい。", 4, ["ああ。", "いい。"]),
        ("---\ntitle: 題\n---\nああ。\n\n---\n\n![図](a.png)", 20, ["題\nああ。\n図"]),
    ],
)
def test_a_section_is_cut_where_it_shows_least(text: str, limit: int, wanted: list[str]) -> None:
    found = [passage.text for section in parse(text, "n.md") for passage in passages(section, len, limit)]
    assert found == wanted


@pytest.mark.parametrize("entries", range(2, 9))
def test_nothing_is_lost_where_the_whole_counts_more_than_its_lines(entries: int) -> None:
    def count(text: str) -> int:
        return len(text) + text.count("\n") ** 2

    (section,) = parse("# 題\n" + "\n".join(f"- 項目{number}" for number in range(entries)), "n.md")
    found = passages(section, count, 14)
    assert all(count(passage.text) <= 14 for passage in found)
    lines = [line for passage in found for line in passage.text.split("\n")[1:]]
    assert lines == [f"項目{number}" for number in range(entries)]
    assert {passage.text.split("\n")[0] for passage in found} == {"題"}


def test_what_is_nested_too_deeply_keeps_its_lines() -> None:
    depth = 45
    (section,) = parse("\n".join(f"{'  ' * level}- 語{level}" for level in range(depth)), "n.md")
    assert [(unit.line_start, unit.line_end, unit.quote) for unit in section.units] == [
        (level + 1, level + 1, f"語{level}") for level in range(depth)
    ]


@pytest.mark.parametrize("place", [960, 990, 996, 999])
def test_a_very_long_line_is_not_cut_within_its_markup(place: int) -> None:
    before = "あ" * 400 + "。" + "い" * (place - 402) + "。"
    line = f"{before}**太い字**" + "う" * 700 + "。**次の字**" + "え" * 3000
    (section,) = parse(line, "n.md")
    assert section.units[0].text == line.replace("**", "")
    assert section.units[0].quote == line
