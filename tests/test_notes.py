"""Notes as they come: structure, line numbers, units, passages, encodings."""

from __future__ import annotations

import os
import re
import stat
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.notes import (
    Passage,
    Section,
    Unit,
    UnitKind,
    UnreadableNote,
    decode,
    parse,
    passages,
    read_note,
    split_lines,
)


def sections(text: str) -> tuple[Section, ...]:
    return parse(dedent(text), "note.md")


def only(text: str) -> Section:
    (section,) = sections(text)
    return section


def paths(text: str) -> list[str]:
    return [" > ".join(section.heading_path) for section in sections(text)]


def units(text: str) -> list[tuple[str, int, int, str]]:
    """Kind, lines and text of every unit."""
    return [
        (unit.kind.value, unit.line_start, unit.line_end, unit.text)
        for section in sections(text)
        for unit in section.units
    ]


def texts(text: str) -> list[str]:
    return [unit.text for section in sections(text) for unit in section.units if unit.kind is not UnitKind.RULE]


# --- lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\n\n", ["a", ""]),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("a\u2028b\x0cc\x85d\x1ee", ["a\u2028b\x0cc\x85d\x1ee"]),
    ],
)
def test_a_line_is_what_editors_count(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_numbers_do_not_depend_on_the_line_break(line_break: str) -> None:
    text = line_break.join(["# 題", "", "一。", "二。", "## 次", "- 三"])
    assert [(s.line_start, s.line_end) for s in parse(text, "n.md")] == [(1, 4), (5, 6)]
    assert [u.line_start for s in parse(text, "n.md") for u in s.units] == [3, 4, 6]


def test_mixed_line_breaks_a_mark_and_no_line_break_at_the_end() -> None:
    section, second = parse("\ufeff# 題\r\n一。\n二。\r\n\n# 次\r終", "n.md")
    assert section.heading_path == ("題",)
    assert [unit.line_start for unit in section.units] == [2, 3]
    assert (second.heading_line, second.line_end, second.units[0].quote) == (5, 6, "終")


# --- headings


@pytest.mark.parametrize(
    ("line", "level", "name"),
    [
        ("# 題", 1, "題"),
        ("#\u3000強化学習", 1, "強化学習"),
        ("##Chapter6", 2, "Chapter6"),
        ("###\u3000深い\u3000", 3, "深い"),
        ("## 題 ##  ", 2, "題"),
        ("# C#", 1, "C#"),
        ("##C#", 2, "C#"),
        ("# InvokeEndpoint ", 1, "InvokeEndpoint"),
        ("# **太字**と`code`と[文](http://x)", 1, "太字とcodeと文"),
        ("## 題 {#anchor}", 2, "題"),
        ("# ｱﾏｿﾞﾝ", 1, "ｱﾏｿﾞﾝ"),
        ("# " + unicodedata.normalize("NFD", "ガード"), 1, "ガード"),
        ("   ### 字下げ", 3, "字下げ"),
        ("\u200b# 見えない字", 1, "見えない字"),
    ],
)
def test_headings_as_people_write_them(line: str, level: int, name: str) -> None:
    section = only(f"{line}\n本文")
    assert (section.level, section.heading_path, section.heading_line) == (level, (name,), 1)


@pytest.mark.parametrize(
    "line", ["#devaxconnect に参加", "####### 七つ", r"\# 題", "　# 題", "#!shebang", "1. # 番号の中"]
)
def test_what_is_no_heading_of_the_file(line: str) -> None:
    assert only(f"{line}\n本文").level == 0


def test_a_path_goes_by_levels_and_skips_what_is_missing() -> None:
    text = "# A\n#### B\n## C\n### D\n# E"
    assert paths(text) == ["A", "A > B", "A > C", "A > C > D", "E"]


def test_a_section_is_a_heading_with_its_own_body() -> None:
    text = """\
        前書き

        # A
        一。

        ## B

        二。


        # C
        """
    assert [(s.level, s.heading_line, s.line_start, s.line_end) for s in sections(text)] == [
        (0, None, 1, 1),
        (1, 3, 3, 4),
        (2, 6, 6, 8),
        (1, 11, 11, 11),
    ]
    assert [s.ordinal for s in sections(text)] == [0, 1, 2, 3]
    assert [s.is_empty for s in sections(text)] == [False, False, False, True]


def test_a_file_without_headings_is_one_section() -> None:
    section = only("一。\n\n- 二\n")
    assert (section.level, section.heading_path, section.heading_line) == (0, (), None)
    assert len(section.units) == 2


def test_an_empty_heading_begins_a_section_without_a_name() -> None:
    first, second, third = sections("# A\n##\n本文\n###   \n")
    assert (second.heading_path, second.named, second.is_empty) == (("A",), False, False)
    assert (third.heading_path, third.is_empty) == (("A",), False)
    assert first.is_empty


def test_the_same_heading_again_and_again() -> None:
    text = "".join(f"# サービス{n}\n## 概要\n{n}番です。\n" for n in range(150))
    found = [section for section in sections(text) if section.level == 2]
    assert len({section.heading_path for section in found}) == 150
    assert all(section.heading_path[1] == "概要" for section in found)


def test_a_line_under_text_is_a_rule_where_headings_are_written_with_hashes() -> None:
    assert paths("# A\n\n本文\n---\n続き") == ["A"]
    assert units("# A\n\n本文\n---\n続き")[1] == ("rule", 4, 4, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("題\n---\n本文。", ["題"]),
        ("前。\n\n題\n----\n本文。", ["", "題"]),
        ("文で終わる。\n---\n本文。", [""]),
        ("一行目\n二行目\n---\n本文。", [""]),
        ("見出しにはとても見えない長い長い一行がここにあってそのすぐ下に線が引いてある\n---\n本文", [""]),
        ("題\n===\n本文", ["題"]),
        ("長い題の\n続き\n===\n本文", ["長い題の 続き"]),
        ("一\n二\n三\n======\n本文", [""]),
        ("# A\n題\n===\n本文", ["A", "題"]),
    ],
)
def test_underlined_headings(text: str, expected: list[str]) -> None:
    assert paths(text) == expected


def test_headings_in_lists_and_quotes_are_no_sections() -> None:
    section = only("- 項目\n  ## 中の題\n  本文\n\n> # 引用の題\n> 引用文\n")
    assert [(u.kind.value, u.line_start, u.text) for u in section.units] == [
        ("item", 1, "項目"),
        ("paragraph", 2, "中の題"),
        ("paragraph", 3, "本文"),
        ("quote", 5, "引用の題"),
        ("quote", 6, "引用文"),
    ]


# --- code


@pytest.mark.parametrize("fence", ["```", "~~~", "````", "```python:app.py"])
def test_a_comment_in_code_is_no_heading(fence: str) -> None:
    close = re.match(r"[`~]+", fence)
    assert close
    section = only(f"# A\n{fence}\n# comment\n\nx = 1\n{close[0]}\n後")
    assert [(u.kind.value, u.line_start, u.line_end) for u in section.units] == [("code", 3, 5), ("paragraph", 7, 7)]
    assert section.units[0].quote == "# comment\n\nx = 1"


def test_a_fence_in_a_list() -> None:
    section = only("- 手順\n  ```bash\n  # コメント\n    ls\n  ```\n- 次\n")
    assert [(u.kind.value, u.line_start, u.line_end, u.parent) for u in section.units] == [
        ("item", 1, 1, None),
        ("code", 3, 4, 0),
        ("item", 6, 6, None),
    ]
    assert section.units[1].quote == "# コメント\n  ls"


def test_a_tab_that_is_cut_in_half_is_not_quoted_as_blanks() -> None:
    assert only("- 手順\n\n  ```\n\tls -l\n  ```\n").units[1].quote == "ls -l"


def test_a_fence_that_is_never_closed_runs_to_the_end() -> None:
    section = only("# A\n```\n# 中\n## 中\n")
    assert [(u.kind.value, u.line_start, u.line_end) for u in section.units] == [("code", 3, 4)]


def test_long_code_is_cut_at_a_blank_line() -> None:
    body = [f"x{n} = {n}" for n in range(9)] + [""] + [f"y{n} = {n}" for n in range(9)]
    section = only("```\n" + "\n".join(body) + "\n```\n")
    assert [(u.line_start, u.line_end) for u in section.units] == [(2, 10), (12, 20)]


def test_code_by_indentation_but_not_prose_or_lists() -> None:
    assert [kind for kind, *_ in units("文。\n\n    x = 1\n    y = 2\n")] == ["paragraph", "code"]
    assert [kind for kind, *_ in units("文。\n\n    字下げしただけの説明文です\n")] == ["paragraph", "paragraph"]
    assert [kind for kind, *_ in units("# A\n    - 深すぎる項目\n    - もう一つ\n")] == ["item", "item"]
    assert paths("文。\n\n    # コメント\n") == [""]


# --- sentences and lines


@pytest.mark.parametrize(
    ("lines", "sentences"),
    [
        pytest.param(["推薦のサービス", "買い物のおすすめとか"], 2, id="short lines stand for themselves"),
        pytest.param(["一つ目の文です。", "二つ目の文です。"], 2, id="full stops"),
        pytest.param(["画像の検品には向いていない（代わりに", "自作のモデルを使うほうが良い）"], 1, id="open bracket"),
        pytest.param(["結果はストレージに出て、", "終わりは通知で分かる。"], 1, id="comma"),
        pytest.param(
            ["検証のデータではとても良い値が出ていたのに本番で", "急に悪くなる。"], 1, id="particle at the end"
        ),
        pytest.param(["AWSの管理する基盤", "の上で動く"], 1, id="particle at the start"),
        pytest.param(
            [
                "とても長い一行で、折り返しの桁まで届いていてまだ文の途中にあるように見える一連の処理手順書類",
                "次の行へ続いている。",
            ],
            1,
            id="long and unfinished",
        ),
        pytest.param(
            [
                "とても長い一行だけれど、文はここで終わっていて、句点を付けなかっただけだと読むことができる",
                "次の行は別の話",
            ],
            2,
            id="long but finished",
        ),
        pytest.param(["本文の途中で、", "※注意書き"], 2, id="a mark begins a unit"),
        pytest.param(["以下の通り", "・一つ目", "・二つ目"], 3, id="middle dots"),
        pytest.param(["以下の通り", "（1）一つ目", "（2）二つ目"], 3, id="bracketed numbers"),
        pytest.param(["改行を置いた  ", "次の行"], 2, id="hard break by blanks"),
        pytest.param(["改行を置いた\\", "次の行"], 2, id="hard break by a backslash"),
        pytest.param(["改行を置いた<br>", "次の行"], 2, id="hard break by a tag"),
        pytest.param(
            ["A sentence that was wrapped at about sixty columns and then", "goes on below."], 1, id="English"
        ),
        pytest.param(["Linear Learner", "Factorization Machines"], 2, id="English names"),
        pytest.param(["閉じない括弧（その一", "二", "三", "四", "五", "六"], 6, id="a bracket never closed"),
        pytest.param(["括弧（その一", "その二）", "別の行"], 2, id="a bracket closed below"),
        pytest.param(["✅ 原因は読み込みの失敗、", "✅ 対応は再起動"], 2, id="emoji"),
        pytest.param(
            ["句点を使わない書き手が書いた名詞で終わる長めの一行はそこで終わる説明", "別の説明"], 2, id="no stops"
        ),
        pytest.param(["次の形式：", "CSV"], 2, id="colon"),
    ],
)
@pytest.mark.parametrize("indent", ["", "- ", "> "])
def test_wrapped_sentences(lines: list[str], sentences: int, indent: str) -> None:
    more = {"": "", "- ": "  ", "> ": "> "}[indent]
    text = "".join((more if number else indent) + line + "\n" for number, line in enumerate(lines))
    section = parse(text, "n.md")[0]
    assert len(section.units) == sentences, [unit.text for unit in section.units]


def test_no_blank_between_the_halves_of_a_japanese_sentence() -> None:
    (unit,) = only("検証のデータでは良いのに本番で（急に\n悪くなる）\n").units
    assert unit.text == "検証のデータでは良いのに本番で（急に悪くなる）"
    assert unit.quote == "検証のデータでは良いのに本番で（急に\n悪くなる）"
    assert (unit.line_start, unit.line_end) == (1, 2)


# --- lists


def test_nested_lists_know_what_they_hang_under() -> None:
    section = only(
        """\
        - a
          - b
            1. c
               - d
                 - e
                   - f
          - g

          続きの段落
        - h
        """
    )
    assert [(u.text, u.depth, u.parent) for u in section.units] == [
        ("a", 1, None),
        ("b", 2, 0),
        ("c", 3, 1),
        ("d", 4, 2),
        ("e", 5, 3),
        ("f", 6, 4),
        ("g", 2, 0),
        ("続きの段落", 1, 0),
        ("h", 1, None),
    ]
    assert section.units[7].kind is UnitKind.PARAGRAPH


@pytest.mark.parametrize(
    "marker", ["- ", "* ", "+ ", "1. ", "12) ", "- [ ] ", "- [x] ", "  - ", "> - ", "-\u3000", "- \u3000", "- - "]
)
def test_list_markers_are_no_part_of_the_quote(marker: str) -> None:
    (unit,) = only(f"{marker}SSE-C: 鍵は **利用者** が渡す  \n").units
    assert (unit.kind, unit.text) == (UnitKind.ITEM, "SSE-C: 鍵は 利用者 が渡す")
    assert unit.quote == "SSE-C: 鍵は **利用者** が渡す"


def test_items_right_under_text_and_numbers_that_go_on() -> None:
    found = only("答え\n2. 二番\n3. 三番\n").units
    assert [(u.kind.value, u.text, u.depth) for u in found] == [
        ("paragraph", "答え", 0),
        ("item", "二番", 1),
        ("item", "三番", 1),
    ]


# --- tables


def test_a_table_row_is_read_with_its_column_names() -> None:
    section = only("| 名前 |  | 料金 |\n|---|:-:|--:|\n| **S3** | x\\|y | 安い |\n| EC2 | | | 余り |\n")
    header, *rows = section.units
    assert (header.kind, header.line_start, header.line_end, header.text) == (
        UnitKind.TABLE_HEADER,
        1,
        1,
        "名前 | 料金",
    )
    assert [(r.kind.value, r.line_start, r.text, r.parent) for r in rows] == [
        ("row", 3, "名前: S3 | x|y | 料金: 安い", 0),
        ("row", 4, "名前: EC2 | 余り", 0),
    ]
    assert rows[0].quote == "| **S3** | x\\|y | 安い |"


def test_a_table_in_a_list_and_one_without_a_line_under_its_head() -> None:
    nested = only("- 表\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n").units
    assert [(u.kind.value, u.parent, u.depth) for u in nested] == [
        ("item", None, 1),
        ("table_header", 0, 1),
        ("row", 1, 1),
    ]
    assert len(only("| a | b |\n| 1 | 2 |\n").units) == 2


# --- inline markup


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("数行の`scikit-learn`または`Spark`", "数行のscikit-learnまたはSpark"),
        ("**重要。**次の文", "重要。次の文"),
        ("値は**「高い」**ほど良い", "値は「高い」ほど良い"),
        ("一文。**重要**な語。**注。**次", "一文。重要な語。注。次"),
        ("2**3 と **重要。**次", "2**3 と 重要。次"),
        ("*斜体*と~~取り消し~~と==印==", "斜体と取り消しと印"),
        ("[文書](https://example.com/a_(b) 'title')を読む", "文書を読む"),
        ("<https://example.com> と https://example.org/a_b_c", "https://example.com と https://example.org/a_b_c"),
        ("[[ページ|表示]]と[[別のページ]]", "表示と別のページ"),
        ("![構成図](a.png)のとおり", "構成図のとおり"),
        ("List<String> を <bucket名> へ", "List<String> を <bucket名> へ"),
        ("<b>太字</b>と<span style='x'>色</span>", "太字と色"),
        ("R&amp;D &lt;1", "R&D <1"),
        (r"\*星\* 2 * 3 * 4 snake_case_name", "*星* 2 * 3 * 4 snake_case_name"),
        ("損失は $a_1 * b_1 * c$ で表す", "損失は $a_1 * b_1 * c$ で表す"),
        ("本文[^1]", "本文[^1]"),
        ("[^1]: 脚注の文", "[^1]: 脚注の文"),
        ("1M\u200bBまで", "1MBまで"),
        ("10\u00a0GB", "10 GB"),
        ("ＳＱＳ", "ＳＱＳ"),
        ("閉じない `code と **太字", "閉じない `code と **太字"),
    ],
)
def test_markup_is_not_read(source: str, text: str) -> None:
    (unit,) = only(source).units
    assert (unit.text, unit.quote) == (text, source)


def test_a_link_by_reference_is_read_and_its_definition_stays() -> None:
    assert texts("[公式][doc]を読む\n\n[doc]: https://example.com\n") == ["公式を読む", "doc: https://example.com"]


def test_a_footnote_is_no_link_definition() -> None:
    assert texts("本文[^1]\n\n[^1]: これは脚注\n") == ["本文[^1]", "[^1]: これは脚注"]


# --- images


@pytest.mark.parametrize(
    ("source", "target", "alt"),
    [
        ("![図](<images/学習 検証.png>)", "images/学習 検証.png", "図"),
        ("![図](images/%E5%AD%A6%20a.png)", "images/学 a.png", "図"),
        ("![図](images/my picture (1).png)", "images/my picture (1).png", "図"),
        ("![図](a\\(1\\).png 'title')", "a(1).png", "図"),
        ("![[図 1.png|300]]", "図 1.png", ""),
        ("<img src='a%20b.png' alt='図' width=3>", "a b.png", "図"),
        ("[![図](a.png)](https://example.com)", "a.png", "図"),
        ("- ![図](a.png)", "a.png", "図"),
    ],
)
def test_a_section_that_is_only_an_image(source: str, target: str, alt: str) -> None:
    section = only(f"# 3つの階層\n{source}\n")
    assert section.images == (target,)
    assert [(u.kind, u.text) for u in section.units] == [(UnitKind.IMAGE, alt)]
    assert section.image_only
    assert not section.is_empty
    assert passages(section, len, 100) == ()


def test_an_image_beside_text() -> None:
    section = only("# 鍵\n説明です。\n\n![鍵の図](a.png)\n")
    assert not section.image_only
    assert [p.text for p in passages(section, len, 100)] == ["鍵\n説明です。\n鍵の図"]


# --- HTML, front matter, contents, directives


def test_html_is_read_without_its_tags_and_a_heading_in_it_is_one() -> None:
    text = """\
        <details>
        <summary>答え</summary>
        <p>S3です。</p>
        ## 次の題
        本文
        </details>

        ```
        code
        ```
        """
    assert paths(text) == ["", "次の題"]
    assert [(kind, first, text) for kind, first, _, text in units(text) if kind != "rule"] == [
        ("html", 2, "答え"),
        ("html", 3, "S3です。"),
        ("paragraph", 5, "本文"),
        ("code", 9, "code"),
    ]


def test_comments_and_scripts_are_left_out_but_an_unclosed_comment_hides_nothing() -> None:
    assert texts("<!-- 下書き\n\nまだ -->\n\n<script>\nlet x;\n</script>\n\n本文 <!-- 隠す --> 続き") == ["本文 続き"]
    assert texts("<!-- 閉じない\n\n本文\n") == ["閉じない", "本文"]
    assert only("# A\n<!-- TODO -->\n---\n").is_empty


def test_components_and_directives() -> None:
    assert texts(":::message\n注意点\n:::\n\n<Tabs>\n\n<Tab label='a'>\n\n中身\n\n</Tab>\n</Tabs>\n") == [
        "注意点",
        "中身",
    ]
    assert texts(":::details 開く題\n中身\n:::\n") == ["開く題", "中身"]
    assert texts("> [!NOTE]\n> 注意点\n") == ["注意点"]


def test_front_matter() -> None:
    section, _ = sections(
        """\
        ---
        title: "入門"
        tags: [機械学習, AWS]
        topics:
          - 暗号
        date: 2024-01-01
        ---
        本文です。

        # 題
        """
    )
    assert [(u.kind.value, u.line_start, u.line_end) for u in section.units] == [
        ("meta", 2, 2),
        ("meta", 3, 3),
        ("meta", 4, 5),
        ("meta", 6, 6),
        ("paragraph", 8, 8),
    ]
    assert passages(section, len, 100)[0].text == "入門\n機械学習 AWS\n暗号\n本文です。"


@pytest.mark.parametrize(
    "text", ["本文\n\n---\ntitle: x\n---\n", "---\n\n本文\n\n---\n", "---\ntitle: 閉じない\n\n本文\n", "---\n"]
)
def test_what_is_no_front_matter(text: str) -> None:
    assert not [unit for section in sections(text) for unit in section.units if unit.kind is UnitKind.META]
    assert all(section.heading_path == () for section in sections(text))


def test_front_matter_alone_is_not_searched() -> None:
    first, _ = sections("---\ntitle: x\n---\n# 題\n本文\n")
    assert passages(first, len, 100) == ()


HEADED = "\n# 概要\n一。\n# 手順\n二。\n## 準備\n三。\n## 1. 実行\n四。\n"


@pytest.mark.parametrize(
    "contents",
    [
        pytest.param("- 概要\n- 手順\n  - 準備\n  - 実行\n", id="a list before the first heading"),
        pytest.param("1. [概要](#a)\n2. [手順](#b)\n3. [準備](#c)\n4. [別の名](#d)\n", id="links into the file"),
        pytest.param("[概要](#a)  \n[手順](#b)  \n[準備](#c)\n", id="a paragraph of links"),
        pytest.param("# 目次\n- 概要\n- 手順\n- 準備\n", id="under its own heading"),
        pytest.param("# メモ\n- 概要\n- 手順\n- 準備\n- 実行\n- 参考\n", id="most headings of the file"),
        pytest.param("[TOC]\n", id="a mark"),
    ],
)
def test_a_table_of_contents_is_not_searched(contents: str) -> None:
    first, *rest = sections(contents + HEADED)
    assert {unit.kind for unit in first.units} == {UnitKind.CONTENTS}
    assert passages(first, len, 100) == ()
    assert not first.is_empty
    assert all(unit.kind is not UnitKind.CONTENTS for section in rest for unit in section.units)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- 概要\n- 手順\n" + HEADED, id="too short"),
        pytest.param("- 概要\n- 手順\n- 準備\n- 別\n- 他\n" + HEADED, id="too many other entries"),
        pytest.param(
            "# 使うもの\n- XGBoost\n- LDA\n- NTM\n"
            + "".join(f"# {n}\n" for n in ("XGBoost", "LDA", "NTM", *"abcdefgh")),
            id="a list of things that have sections, among many",
        ),
    ],
)
def test_what_is_no_table_of_contents(text: str) -> None:
    assert {unit.kind for unit in sections(text)[0].units} == {UnitKind.ITEM}


# --- passages


def one_passage(text: str, limit: int = 1000) -> Passage:
    (passage,) = passages(only(text), len, limit)
    return passage


def test_a_passage_is_the_path_over_the_body() -> None:
    _, section = sections("# 親\n## 子\n- a\n  - b\n\n文。\n")
    (passage,) = passages(section, len, 100)
    assert passage.text == "親 > 子\na\nb\n文。"
    assert [(s.unit, passage.text[s.char_start : s.char_end]) for s in passage.spans] == [
        (-1, "親 > 子\n"),
        (0, "a\n"),
        (1, "b\n"),
        (2, "文。"),
    ]


@pytest.mark.parametrize("text", ["# 題\n", "# 題\n---\n", "# 題\n<!-- x -->\n"])
def test_a_heading_alone_gives_no_passage(text: str) -> None:
    assert passages(only(text), len, 100) == ()


def test_a_long_section_is_cut_between_items_with_their_children() -> None:
    text = "# 題\n" + "".join(f"- 親{n}\n  - 子{n}の一\n  - 子{n}の二\n" for n in range(4))
    found = [passage.text for passage in passages(only(text), len, 40)]
    assert found == [
        "題\n親0\n子0の一\n子0の二\n親1\n子1の一\n子1の二",
        "題\n親2\n子2の一\n子2の二\n親3\n子3の一\n子3の二",
    ]


def test_an_item_that_is_too_long_is_cut_between_its_children() -> None:
    text = "# 題\n- 前置き\n- 親\n" + "".join(f"  - 子の{n}番目\n" for n in range(6))
    found = [passage.text for passage in passages(only(text), len, 30)]
    assert found[0] == "題\n前置き\n親\n子の0番目\n子の1番目\n子の2番目"
    assert all(passage.startswith("題\n子の") for passage in found[1:])


def test_every_part_of_a_table_has_its_header() -> None:
    text = (
        "# 表\n前の文。\n\n| 名 | 値 |\n|---|---|\n" + "".join(f"| a{n} | {n} |\n" for n in range(300)) + "\n後の文。\n"
    )
    section = only(text)
    parts = passages(section, len, 80)
    rows = [part for part in parts if "値: " in part.text]
    assert len(rows) > 20
    assert all("\n名 | 値\n" in part.text for part in rows)
    assert [s.unit for s in rows[3].spans][:2] == [-1, 1]
    assert parts[-1].text.endswith("後の文。")
    cited = [span.unit for part in parts for span in part.spans if span.unit > 1]
    assert cited == list(range(2, 303))


def test_an_overlong_unit_is_cut_at_sentences_then_anywhere() -> None:
    text = "# 題\n" + "一つ目の文。二つ目の文！三つ目の文？" * 3 + "切れ目のない" * 20
    parts = passages(only(text), len, 40)
    assert parts[0].text.endswith(("。", "！", "？"))
    assert "".join(part.text.removeprefix("題\n") for part in parts) == text.removeprefix("# 題\n")
    assert {span.unit for part in parts for span in part.spans} == {-1, 0}
    comma = "前" * 28 + "、" + "後" * 22
    assert [part.text for part in passages(only(f"# 題\n{comma}"), len, 40)] == [
        f"題\n{comma[:29]}",
        f"題\n{comma[29:]}",
    ]


def test_a_line_of_thousands_is_read_piece_by_piece_and_cut_where_no_mark_is_split() -> None:
    link = "[" + "名" * 60 + "](http://x/" + "y" * 60 + ")"
    assert texts("字" * 900 + "文。" + link + "字" * 300) == ["字" * 900 + "文。" + "名" * 60 + "字" * 300]


def test_a_long_path_is_shortened_from_the_left() -> None:
    section = sections("# とても長い親の見出し\n## 子の見出し\n本文です。\n")[1]
    assert [part.text for part in passages(section, len, 20)] == ["子の見出し\n本文です。"]
    (only_end,) = passages(sections("# " + "長" * 50 + "末尾\n本文\n")[0], len, 20)
    assert only_end.text.endswith("末尾\n本文")
    assert len(only_end.text) <= 20


# --- properties

#: Pieces of notes, ¦ between them.
PARTS = (
    "# 題¦##Chapter6¦#　強化¦##¦#tag¦- 項¦  - 子¦      - 孫¦1. 一¦3) 三¦> 引¦>> 深¦```¦~~~¦    code = 1¦\t字下げ¦"
    "| a | b |¦|---|---|¦| 1 | 2 |¦---¦===¦***¦<div>¦</details>¦<!-- 隠¦-->¦<script>¦![図](<a b.png>)¦"
    "[[w|x]]¦[^1]: 脚¦[r]: http://x¦文です。¦続く、¦**重要。**次¦`開く¦閉じ`¦※注¦（開く¦　全角¦\u200b¦"
    "\ufeff# 印¦a\u2028b¦x\x0cy¦改行  ¦改行\\¦- [ ] 済¦:::message¦$$¦\x00¦title: x¦[TOC]¦[a](#a)¦> [!NOTE]¦"
    "> - x¦- > y¦-¦10.¦<img src=a.png alt='図'>¦&nbsp;"
)
BREAKS = st.sampled_from(["\n", "\n", "\n\n", "\r\n", "\r", ""])
NOTES = st.one_of(
    st.lists(st.tuples(st.sampled_from(PARTS.split("¦")), BREAKS), max_size=25).map(
        lambda parts: "".join(a + b for a, b in parts)
    ),
    st.text(max_size=200),
    st.text(alphabet="#-=`~>|*_[]()!<\\ \t\n\r1.a文。　", max_size=200),
)
PROPERTY = settings(max_examples=150, deadline=None)


@given(NOTES)
@PROPERTY
def test_every_line_is_in_exactly_one_section(text: str) -> None:
    lines = split_lines(text.removeprefix("\ufeff"))
    cover = [0] * len(lines)
    end = 0
    for ordinal, section in enumerate(parse(text, "n.md")):
        assert section.ordinal == ordinal
        assert end < section.line_start <= section.line_end
        assert section.heading_line in (None, section.line_start)
        end = section.line_end
        for index in range(section.line_start - 1, section.line_end):
            cover[index] += 1
    assert all(count == 1 for line, count in zip(lines, cover, strict=True) if line.strip())


@given(NOTES)
@PROPERTY
def test_quotes_stand_in_the_file_line_by_line(text: str) -> None:
    lines = split_lines(text.removeprefix("\ufeff"))
    for section in parse(text, "n.md"):
        end = 0
        for index, unit in enumerate(section.units):
            assert section.line_start <= unit.line_start <= unit.line_end <= section.line_end
            assert unit.line_start > end
            end = unit.line_end
            assert unit.parent is None or unit.parent < index
            quoted = unit.quote.split("\n")
            assert len(quoted) == unit.line_end - unit.line_start + 1
            for quote, line in zip(quoted, lines[unit.line_start - 1 :], strict=False):
                assert quote in line


@given(NOTES)
@PROPERTY
def test_no_text_is_lost(text: str) -> None:
    lines = split_lines(text.removeprefix("\ufeff"))
    for section in parse(text, "n.md"):
        held = {line for unit in section.units for line in range(unit.line_start, unit.line_end + 1)}
        first = section.units[0].line_start if section.units else section.line_end + 1
        for number in range(section.line_start, section.line_end + 1):
            # What no unit holds: headings (of up to two lines), the marks around code and under a table's head.
            heading = section.heading_line is not None and number <= section.heading_line + 2 and number < first
            bare = re.sub(r"[`~].*|^(?:[\s>*+-]|\d+[.)])*", "", lines[number - 1])
            if re.search(r"\w", bare) and not heading:
                assert number in held


@given(NOTES, st.integers(min_value=12, max_value=80), st.sampled_from([len, lambda text: 3 + (len(text) + 1) // 2]))
@PROPERTY
def test_passages_fit_and_their_spans_leave_nothing_out(text: str, limit: int, count: Callable[[str], int]) -> None:
    for section in parse(text, "n.md"):
        said = {index for index, unit in enumerate(section.units) if unit.text}
        for passage in passages(section, count, limit):
            assert count(passage.text) <= limit
            at = 0
            for span in passage.spans:
                assert span.char_start == at < span.char_end
                assert span.unit == -1 or span.unit in said
                at = span.char_end
            assert at == len(passage.text)


# --- size

LARGE: dict[str, Callable[[int], str]] = {
    "sections": lambda n: "".join(f"{'#' * (1 + i % 4)} 題{i}\n本文です。\n- 項目 **a**\n\n" for i in range(n // 16)),
    "items": lambda n: "- 項目\n" * (n // 5),
    "lines": lambda n: "短い行\n" * (n // 4),
    "a table": lambda n: "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * (n // 10),
    "one line": lambda n: "文です。" * (n // 4),
    "one word": lambda n: "語" * n,
    "quotes in quotes": lambda n: ">" * n,
    "lists in lists": lambda n: "- " * (n // 2) + "a",
    "brackets": lambda n: "[" * n,
    "images": lambda n: "![" * (n // 2),
    "stars": lambda n: "**a" * (n // 3),
    "backticks": lambda n: "".join("e" + "`" * (i % 100) for i in range(n // 50)),
    "comments": lambda n: "<!--\n" * (n // 5),
    "blanks in a heading": lambda n: "# a" + " " * n + "b",
    "indented prose": lambda n: "    字下げの文\n\n" * (n // 11),
    "open brackets": lambda n: "（開く\n" * (n // 4),
}


@pytest.mark.parametrize("kind", LARGE)
@pytest.mark.usefixtures("without_collection")
def test_time_grows_with_size_and_no_faster(kind: str) -> None:
    def seconds(size: int) -> float:
        text = LARGE[kind](size)
        begin = time.process_time()
        for section in parse(text, "n.md"):
            passages(section, len, 400)
        return time.process_time() - begin

    small, large = seconds(3_000), seconds(12_000)
    # Four times the size: sixteen times the time would be quadratic.
    assert large < 10 * small + 0.25


def test_nesting_of_any_depth_keeps_its_text() -> None:
    deep = "\n".join("  " * level + f"- 段{level}" for level in range(200))
    assert [unit.text for unit in only(deep).units] == [f"段{level}" for level in range(200)]
    assert texts(">" * 2000 + " 底") == ["底"]
    assert texts("- " * 2000 + "底") == ["底"]


# --- files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp932", "euc_jp", "iso2022_jp"])
@pytest.mark.parametrize(
    "text", ["# 鍵の管理\r\n\r\n暗号化の鍵をローテーションする。\r\n- カスタマー管理キー\r\n", "機械学習", "ASCII"]
)
def test_japanese_encodings(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "note.md"
    path.write_bytes(text.encode(encoding))
    assert read_note(path) == text


def test_utf_16_either_way_round(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_bytes(b"\xfe\xff" + "鍵".encode("utf-16-be"))
    assert read_note(path) == "鍵"


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.touch()
    assert read_note(path) == ""
    assert parse("", "note.md") == ()
    assert parse("\n \n\u3000\n", "note.md") == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "skip.binary"),
        (b"text with a NUL\x00 in it", "skip.binary"),
        (bytes(range(1, 32)) * 4, "skip.binary"),
        (bytes(range(14, 27)) * 4 + b"\xff\x80\xff", "skip.binary"),
        ("暗号化の鍵を管理する".encode()[:-1], "skip.encoding"),
        ("暗号化の鍵".encode() + b"\xff" + "を管理する".encode(), "skip.encoding"),
        ("naïve résumé".encode("latin-1"), "skip.encoding"),
        ("élève".encode("latin-1"), "skip.encoding"),
        ("Größe und Äpfel".encode("cp1252"), "skip.encoding"),
        ("Привет на на на".encode("koi8_r"), "skip.encoding"),
        ("это текст на русском языке".encode("koi8_r"), "skip.encoding"),
        (b"\xff\xfe\x00\xd8", "skip.encoding"),
    ],
)
def test_what_is_not_readable_text(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "note.md"
    path.write_bytes(data)
    with pytest.raises(UnreadableNote) as caught:
        read_note(path)
    assert caught.value.reason == reason


def test_a_few_control_characters_are_no_reason_to_refuse_a_note(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("鍵は\x0b三つある。\x0b暗号化に使う鍵と\x0b署名に使う鍵と、認証に使う鍵である。", "utf-8")
    assert "署名に使う鍵" in read_note(path)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reason(path: Path) -> str:
        with pytest.raises(UnreadableNote) as caught:
            read_note(path)
        return caught.value.reason

    assert reason(tmp_path / "gone.md") == "skip.vanished"
    assert reason(tmp_path) == "skip.special"
    loop = tmp_path / "loop.md"
    loop.symlink_to(loop)
    assert reason(loop) == "skip.io"
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert reason(pipe) == "skip.special"
    note = tmp_path / "note.md"
    note.write_text("x")

    def refuse(path: Path, flags: int) -> int:
        raise PermissionError(path)

    monkeypatch.setattr(os, "open", refuse)
    assert reason(note) == "skip.unreadable"


@pytest.mark.parametrize("name", ["C# メモ.md", "空白 入り.md", "trailing.md ", "100%.md"])
def test_file_names_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("# 題\n", encoding="utf-8")
    assert parse(read_note(path), name)[0].file == name


def test_units_are_plain_records() -> None:
    unit = Unit(UnitKind.ITEM, 1, 1, "a", "a")
    assert (unit.depth, unit.parent) == (0, None)
    assert {unit, unit} == {unit}


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
@pytest.mark.parametrize("text", ["# 暗号", "鍵管理方式一覧表", "S3の鍵", "KMS（鍵）", "ｶｷﾞ の 管理"])
def test_short_notes_in_older_encodings(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text
