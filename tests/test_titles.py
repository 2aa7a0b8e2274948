"""A note whose front matter has its title: what stands in belongs to that, as under a first heading."""

from __future__ import annotations

import pytest

from assistant.notes import parse


def paths(title: str, body: str) -> list[tuple[str, ...]]:
    return [section.heading_path for section in parse(f"---\n{title}\ntags: [x]\n---\n\n{body}", "a.md")]


def test_the_title_is_above_all_headings() -> None:
    assert paths("title: 松", "まえがき。\n\n## 葉\n\n針の形。\n\n### 色\n\n緑。\n") == [
        (),
        ("松", "葉"),
        ("松", "葉", "色"),
    ]


def test_a_first_heading_of_its_own_says_it_already() -> None:
    assert paths("title: 松", "# 松の木\n\n## 葉\n\n針の形。\n") == [(), ("松の木",), ("松の木", "葉")]


def test_a_note_without_a_title_is_as_it_was() -> None:
    assert paths("layout: page", "## 葉\n\n針の形。\n") == [(), ("葉",)]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ('"松"', "松"),
        ("'松' # 題", "松"),
        ("松とは？葉と幹の見分け方【初心者向け】", "松"),
        ("松と杉の違い｜木の手帳", "松と杉の違い"),
        ("Pines | The Tree Book", "Pines"),
        ("松（Pine）", "松（Pine）"),
        ("【図解】", "【図解】"),
        ("とは何か", "とは何か"),
        ('"', '"'),
    ],
)
def test_what_a_title_names(written: str, named: str) -> None:
    assert paths(f"title: {written}", "## 葉\n\n針の形。\n")[-1] == (named, "葉")


@pytest.mark.parametrize("written", ["", ">", "|-"])
def test_an_empty_title_names_nothing(written: str) -> None:
    assert paths(f"title: {written}", "## 葉\n\n針の形。\n")[-1] == ("葉",)
