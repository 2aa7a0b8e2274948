"""Which lines of a section are quoted together, and which of several sections'."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from assistant.answering.citing import cite, distinct
from assistant.answering.evidence import Quote, choose_lookup, quote_around, says_what_it_is
from assistant.answering.listing import choose_list
from assistant.answering.topic import topic_first
from assistant.folder.noterows import section_identity
from assistant.notes import parse
from assistant.search import Match
from assistant.store import FileRow, SectionRow, Store


def row(text: str, number: int = 1) -> SectionRow:
    section = parse(dedent(text), "n.md")[-1]
    return SectionRow(number, section_identity(section), section)


def match(text: str, scores: Sequence[float], fused: float = 0.0, number: int = 1) -> Match:
    nothing, units = np.zeros(0, np.float32), np.array(scores, np.float32)
    return Match(row(text, number), 0.5, 0.9, 1.0, fused, nothing, nothing, (0.0, 1.0), lambda: units)


def lines(quotes: Sequence[Quote]) -> list[str]:
    return [quote.text.replace("\n", "⏎") for quote in quotes]


# --- a line with what it cannot be read without

SHORT = "あ" * 20
LONG = "い" * 61


@pytest.mark.parametrize(
    ("text", "around", "quoted"),
    [
        # short lines of prose are completed by their neighbours, up to sixty characters
        (f"{SHORT}。\n{SHORT}。\n{SHORT}。", 0, (0, 1)),
        (f"{SHORT}\n{SHORT}\n{SHORT}", 0, (0, 1, 2)),
        (f"{SHORT}\n{SHORT}\n{SHORT}\n{SHORT}", 0, (0, 1, 2)),
        (f"{SHORT}\n{SHORT}\n{SHORT}\n{SHORT}", 3, (1, 2, 3)),
        (f"{LONG}\n{SHORT}\n{SHORT}\n{SHORT}\n{SHORT}\n{LONG}", 2, (2, 3, 4)),
        (f"{SHORT}\n\n{SHORT}", 0, (0,)),
        (f"{LONG}\n{SHORT}", 1, (1,)),
        (f"{'う' * 40}\n{SHORT}", 0, (0, 1)),
        (f"{'う' * 40}\n{SHORT}え", 0, (0,)),
        # what points back is read with what it points to, as far as that is needed
        (f"{LONG}\nそのため、古い。", 1, (0, 1)),
        (f"{LONG}\nただし、古い。\nこれは{LONG}", 2, (0, 1, 2)),
        (f"{LONG}\n\nそのため、古い。", 1, (0, 1)),
        (f"{LONG}\n\n\nそのため、古い。", 1, (1,)),
        (f"{LONG}\n古いのはそのため。", 1, (1,)),
        (f"- {LONG}\n- そのため、古い。", 1, (0, 1)),
        # what hangs under an item is read with it, if it is near
        (f"- {LONG}\n  - そのため、古い。", 1, (0, 1)),
        ("- 欠けを埋める\n  - 外れ値があるなら中央値\n- 捨てる", 1, (0, 1)),
        ("- 甲\n  - 一\n  - 二\n  - 三\n  - 四", 3, (0, 1, 2, 3)),
        ("- 甲\n  - 一\n  - 二\n  - 三\n  - 四", 4, (4,)),
        ("- 甲\n乙", 1, (1,)),
        (f"- {LONG}\n> これは引用。", 1, (1,)),
        (f"- {LONG}\n\n- そのため、古い。", 1, (1,)),
        (f"- {LONG}。\n  そのため、古い。", 1, (0, 1)),
        # a list that is announced comes with the line that announces it
        (f"次の3つがある。\n- {LONG}\n- 二\n- 三\n\n終わり。", 0, (0, 1, 2, 3)),
        ("種類:\n1. 一\n2. 二", 0, (0, 1, 2)),
        ("- 種類：\n  - 一\n  - 二\n- 別の項目", 0, (0, 1, 2)),
        ("- 種類\n  - 一", 0, (0, 1)),
        ("種類がある。\n- 一\n- 二", 0, (0,)),
        (f"{LONG}:\n{SHORT}", 0, (0,)),
        # a sentence that breaks off goes on in what follows
        (f"{LONG}は、\n\n> {LONG}\n\nです。", 0, (0, 1)),
        (f"{LONG}は、", 0, (0,)),
        ("以下のとおり\n" + "\n".join(f"- {number}" for number in range(12)), 0, tuple(range(11))),
        # a short item is quoted with the little that hangs under it
        ("- 船: ふね\n  - 人を乗せる\n  - 荷を積む\n- 橋", 0, (0, 1, 2)),
        (f"- {LONG}\n  - 一\n- 二", 0, (0,)),
        # entries of a list and rows stand by themselves
        ("- 一\n- 二\n- 三", 1, (1,)),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", 2, (2,)),
    ],
)
def test_a_line_is_quoted_with_what_it_cannot_be_read_without(text: str, around: int, quoted: tuple[int, ...]) -> None:
    quote = quote_around(row(text), around, 0.25)
    assert (quote.units, quote.score) == (quoted, 0.25)


def test_a_quote_tells_its_entries_and_how_its_rows_are_read() -> None:
    table = row("# 題\n次の表。\n| 名 | 値 |\n|---|---|\n| 一 | 1 |\n| 二 | 2 |")
    prose = Quote(table, (0,), 0.0)
    assert (prose.text, prose.entries, prose.readings) == ("次の表。", (), ())
    both = Quote(table, (0, 2, 3), 0.0)
    assert both.entries == ("次の表。", "| 一 | 1 |", "| 二 | 2 |")
    assert both.readings == ("次の表。", "名: 一 | 値: 1", "名: 二 | 値: 2")
    items = Quote(row("- 一\n- 二"), (0, 1), 0.0)
    assert (items.entries, items.readings) == (("一", "二"), ())


# --- the lines that answer most likely

ITEMS = "# 題\n- 一つ目\n- 二つ目\n- 三つ目\n- 四つ目"
#: How far behind a line may be to have so much of the first one's odds.
TENTH, NEARLY_HALF = math.log(0.10) / 23, math.log(0.45) / 23


@pytest.mark.parametrize(
    ("scores", "quoted"),
    [
        # the first line of a section is ahead a little, so that the second is the best here
        ([0.1, 0.5, 0.1, 0.1], ["二つ目"]),
        ([0.1, 0.5, 0.5 + TENTH + 0.002, 0.1], ["二つ目", "三つ目"]),
        ([0.1, 0.5, 0.5 + TENTH - 0.002, 0.1], ["二つ目"]),
        ([0.1, 0.5, 0.495, 0.5 + NEARLY_HALF + 0.001], ["二つ目", "三つ目", "四つ目"]),
        ([0.1, 0.5, 0.495, 0.5 + NEARLY_HALF - 0.001], ["二つ目", "三つ目"]),
        ([0.4, 0.5, 0.5, 0.5], ["二つ目", "三つ目", "四つ目"]),
        ([0.5, 0.5, 0.5, 0.5], ["一つ目", "二つ目", "三つ目"]),
        ([float("nan"), float("nan"), 0.2, float("nan")], ["三つ目"]),
    ],
)
def test_further_lines_are_quoted_where_they_come_near_to_the_first(scores: list[float], quoted: list[str]) -> None:
    if scores == [0.5, 0.5, 0.5, 0.5]:
        found = choose_lookup([match(ITEMS, scores)])
        assert len(found) <= 3
        assert found[0].text == quoted[0]
    else:
        assert lines(choose_lookup([match(ITEMS, scores)])) == quoted


def test_lines_of_other_sections_are_quoted_where_these_are_as_near() -> None:
    first, other, far = (
        match(f"# {name}\n- {name}の行", [0.5], fused, number)
        for number, (name, fused) in enumerate((("甲", 2.0), ("乙", 1.9), ("丙", 0.0)), 1)
    )
    assert lines(choose_lookup([first, other, far])) == ["甲の行", "乙の行"]
    assert lines(choose_lookup([first, far])) == ["甲の行"]
    assert choose_lookup([]) == []


def test_no_more_than_four_sections_are_looked_at() -> None:
    matches = [match(f"# 題{number}\n- 行{number}", [0.5], 2.0, number) for number in range(1, 6)]
    named = match("# 甲\n- KMS: 鍵を管理する", [0.5], 2.0, 6)
    assert lines(choose_lookup([*matches[:3], named], ["KMS"]))[0] == "KMS: 鍵を管理する"
    assert lines(choose_lookup([*matches[:4], named], ["KMS"]))[0] == "行1"


def test_the_line_that_begins_with_the_name_is_ahead() -> None:
    text = "# 鍵\n- 鍵はKMSのもの\n- KMS: 鍵を管理する\n- KMSの料金"
    assert lines(choose_lookup([match(text, [0.5, 0.4, 0.5])]))[0] == "鍵はKMSのもの"
    assert lines(choose_lookup([match(text, [0.5, 0.4, 0.5])], ["KMS"]))[0] == "KMS: 鍵を管理する"
    assert lines(choose_lookup([match(text, [0.5, 0.4, 0.5])], ["ACM", "ＫＭＳ"]))[0] == "KMS: 鍵を管理する"


def test_the_entry_of_a_name_in_the_question_is_ahead_of_the_others() -> None:
    memory = [match("# メモリー\n- DRAM：コンデンサ。主記憶用\n- SRAM：フリップフロップ。キャッシュ用", [0.5, 0.45])]
    assert lines(choose_lookup(memory))[0].startswith("DRAM")
    assert lines(choose_lookup(memory, question="SRAMは何に使う？"))[0].startswith("SRAM")
    assert lines(choose_lookup(memory, question="何に使う？"))[0].startswith("DRAM")
    table = [match("# RAID\n| 名 | 台数 |\n|---|---|\n| RAID0 | 2 |\n| RAID6 | 4 |", [np.nan, 0.5, 0.48])]
    assert lines(choose_lookup(table, question="RAID6には何台要る？"))[0] == "| RAID6 | 4 |"
    # a sentence about a thing is no entry of it: the one beside it may be the answer
    prose = [match("# 名前\n- EKSは、Kubernetesを動かす\n- Kubernetesは、コンテナの管理", [0.5, 0.45])]
    assert lines(choose_lookup(prose, question="Kubernetesのサービスの略称は？"))[0].startswith("EKS")


def test_a_name_with_another_in_brackets_is_an_entry_by_itself() -> None:
    cells = [match("# cells\n- neutrophil: eats bacteria\n- T helper (CD4): gives orders", [0.5, 0.45])]
    assert lines(choose_lookup(cells, question="What do T helper cells do?"))[0].startswith("T helper")


def test_the_cell_that_row_and_column_name_is_ahead_of_another_section() -> None:
    form = match("# 推論の形\n| 形 | 場面 |\n|---|---|\n| 即時 | すぐ |\n| 非同期 | 大きい |", [np.nan, 0.5, 0.5], 0.0)
    own = match("# 非同期推論\nリクエストはS3に置く。", [0.5], 1.0, 2)
    assert lines(choose_lookup([own, form], question="非同期推論の場面は？"))[0] == "| 非同期 | 大きい |"
    assert lines(choose_lookup([own, form], question="非同期推論の場所は？"))[0] == "リクエストはS3に置く。"


def test_where_nothing_but_the_heading_is_said_its_first_line_answers() -> None:
    reform = [match("# 天保の改革\n老中水野忠邦、1841年から。\n- 上知令は撤回", [0.3, 0.5])]
    assert lines(choose_lookup(reform, question="天保の改革は誰が？"))[0].startswith("老中")
    assert lines(choose_lookup(reform, question="天保の改革で撤回したのは？"))[0] == "上知令は撤回"
    english = [match("# brain\nIt is in the head.\n- hippocampus - memories", [0.3, 0.5])]
    assert lines(choose_lookup(english, question="Which part of the brain makes memories?"))[0].startswith(
        "hippocampus"
    )


def test_what_an_arrow_or_a_date_stands_behind_is_an_entry() -> None:
    reform = [match("# 改革\n- 上げ米 → 大名に米を納めさせる\n- 目安箱 → 意見を投書させる", [0.5, 0.45])]
    assert lines(choose_lookup(reform, question="目安箱の結果は？"))[0].startswith("目安箱")
    assert lines(choose_lookup(reform, ["目安箱"]))[0].startswith("目安箱")
    years = [match("# 年表\n- 1603年 家康、征夷大将軍に。\n- 1600年、関ヶ原の戦い。", [0.5, 0.45])]
    assert lines(choose_lookup(years, question="1600年の出来事"))[0].startswith("1600年")


def test_a_line_that_is_nothing_but_the_name_says_nothing_of_it() -> None:
    found = lines(choose_lookup([match("# 鍵\n- 料金の話\n- KMS\n- 別の話", [0.1, 0.45, 0.5])], ["KMS"]))
    assert found[0] == "別の話"


def test_under_a_heading_of_the_name_the_first_line_says_what_it_is() -> None:
    text = "# KMS\n- 鍵を管理する\n- 料金は月に1ドル"
    assert lines(choose_lookup([match(text, [0.3, 0.5])]))[0] == "料金は月に1ドル"
    assert lines(choose_lookup([match(text, [0.3, 0.5])], ["KMS"]))[0] == "鍵を管理する"
    misspelt = [match("# Kendra\n- 社内の文書を探す\n- 料金は月に810ドル", [0.3, 0.5])]
    assert lines(choose_lookup(misspelt, ["Kendora"]))[0] == "社内の文書を探す"
    assert lines(choose_lookup(misspelt, ["Polly"]))[0] == "料金は月に810ドル"
    # only of the name itself, not of what else it is called
    assert lines(choose_lookup([match(text, [0.3, 0.5])], ["鍵管理", "KMS"]))[0] == "料金は月に1ドル"


def test_no_line_is_quoted_twice() -> None:
    text = f"# 題\n{SHORT}\n{SHORT}え\n{'お' * 40}"
    found = choose_lookup([match(text, [0.5, 0.5, 0.49])])
    units = [unit for quote in found for unit in quote.units]
    assert len(units) == len(set(units))
    assert found[0].units == (0, 1)


# --- all that a heading names


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "index")


def filed(store: Store, **files: str) -> dict[str, list[SectionRow]]:
    with store.updating():
        for name, text in files.items():
            path = f"{name}.md"
            sections = parse(dedent(text), path)
            store.replace_file(
                FileRow(path, 1, 1, 1, "sha", 2), [(section, section_identity(section), []) for section in sections]
            )
    return {name: store.sections_of(f"{name}.md") for name in files}


def found_in(store: Store, question: str, best: SectionRow) -> list[str]:
    scores = np.zeros(len(best.section.units), np.float32)
    nothing = np.zeros(0, np.float32)
    found = Match(best, 0.5, 0.9, 1.0, 0.0, nothing, nothing, (0.0, 1.0), lambda: scores)
    return lines(choose_list(store, question, [found]))


def test_the_list_of_the_section_is_quoted_whole(store: Store) -> None:
    (plain, announced, table, two, single) = filed(
        store,
        a="# 甲\n前の文。\n- 一\n- 二\n# 乙\n次の3つ。\n- 一\n- 二\n- 三\n# 丙\n| a |\n|---|\n| 1 |\n| 2 |\n"
        "# 丁\n- 一\n- 二\n\n間の文。\n\n- 三\n# 戊\n- 一",
    )["a"]
    assert found_in(store, "甲の一覧", plain) == ["一⏎二"]
    assert found_in(store, "乙の一覧", announced) == ["次の3つ。⏎一⏎二⏎三"]
    assert found_in(store, "丙の一覧", table) == ["| 1 |⏎| 2 |"]
    assert found_in(store, "丁の一覧", two) == ["一⏎二", "三"]
    assert found_in(store, "戊の一覧", single) == []
    assert choose_list(store, "甲の一覧", []) == []


def test_of_a_heading_over_others_each_sub_section_is_quoted(store: Store) -> None:
    rows = filed(
        store,
        a="# 通信\n## ゲートウェイ\n総称。\n### NAT\n外へ出る。\n### IGW\nVPCをつなぐ。\n- 一\n- 二\n### 空\n## 回線\n専用。\n"
        "### VPN\n暗号化した通り道。",
    )["a"]
    nat = next(row for row in rows if row.section.heading_path[-1] == "NAT")
    vpn = next(row for row in rows if row.section.heading_path[-1] == "VPN")
    assert found_in(store, "ゲートウェイの種類", nat) == ["外へ出る。", "一⏎二"]
    assert found_in(store, "NATの種類", nat) == []
    assert found_in(store, "回線の種類", vpn) == []
    assert found_in(store, "通信の種類", vpn) == ["総称。", "外へ出る。", "一⏎二", "専用。", "暗号化した通り道。"]


def test_a_heading_that_has_a_list_of_its_own_is_not_told_by_those_below_it(store: Store) -> None:
    rows = filed(
        store,
        a="# 層\n| 層 | 名 |\n|---|---|\n| 2 | リンク |\n| 1 | 物理 |\n## 包み\nヘッダを付ける。\n## 外し\n逆順。",
    )["a"]
    assert found_in(store, "層の一覧", rows[1]) == ["| 2 | リンク |⏎| 1 | 物理 |"]


def test_paragraphs_that_begin_with_a_name_in_bold_are_a_list(store: Store) -> None:
    rows = filed(
        store, a="# 帆\n**縦帆** — 前後に張る。\n\n**横帆** — 左右に張る。\n\n**三角帆** — 前に張る。\n\n終わり。"
    )["a"]
    assert found_in(store, "帆の種類", rows[0]) == [
        "**縦帆** — 前後に張る。⏎**横帆** — 左右に張る。⏎**三角帆** — 前に張る。"
    ]


def test_a_heading_for_what_is_asked_goes_before_all_of_the_note(store: Store) -> None:
    text = "# 帆\n## 結論\n風で進む。\n## 主な種類\n- 縦帆\n- 横帆\n## 使う場面\n- 外洋\n- 湾\n"
    rows = filed(store, a=text)["a"]
    kinds = next(row for row in rows if row.section.leaf == "主な種類")
    assert found_in(store, "帆の種類は？", kinds) == ["縦帆⏎横帆"]


def test_a_list_among_options_and_open_questions_is_none(store: Store) -> None:
    text = "# 帆\n正しいものはどれか。\n- ア. 縦帆は遅い\n- イ. 横帆は速い\n- ウ. 帆は二つ\n# 錨\n- 爪とは\n- 鎖とは\n- 環とは\n"
    sails, anchors = filed(store, a=text)["a"]
    assert found_in(store, "帆の一覧", sails) == []
    assert found_in(store, "錨の一覧", anchors) == []


def test_no_more_than_two_dozen_quotes_make_a_list(store: Store) -> None:
    rows = filed(store, a="# 通信\n" + "\n".join(f"## 節{number}\n文{number}。" for number in range(30)))["a"]
    assert found_in(store, "通信の一覧", rows[3]) == [f"文{number}。" for number in range(24)]


def test_where_the_first_section_is_prose_a_list_right_behind_it_is_meant(store: Store) -> None:
    prose, items = filed(store, a="# 混合物\n空気や海水など。\n# 分離\n- ろ過\n- 蒸留\n- 抽出")["a"]
    nothing = np.zeros(0, np.float32)

    def ranked(row: SectionRow, fused: float) -> Match:
        scores = np.zeros(len(row.section.units), np.float32)
        return Match(row, 0.5, 0.9, 1.0, fused, nothing, nothing, (0.0, 1.0), lambda: scores)

    question = "混ざったものを分ける操作の一覧"
    assert lines(choose_list(store, question, [ranked(prose, 2.0), ranked(items, 1.7)])) == ["ろ過⏎蒸留⏎抽出"]
    assert lines(choose_list(store, question, [ranked(prose, 2.0), ranked(items, 1.5)])) == []


def test_a_question_with_a_word_of_the_heading_below_asks_for_that_one_only(store: Store) -> None:
    rows = filed(
        store,
        a="# アルゴリズム\n## 表データの分類\n- 木\n- 線形\n## 画像分類\n- 畳み込み\n- 転移学習\n## 異常検知\n- 森",
    )["a"]
    table = next(row for row in rows if row.section.heading_path[-1] == "表データの分類")
    assert found_in(store, "表形式のデータに使えるアルゴリズムには何がある？", table) == ["木⏎線形"]
    # also part of a word
    assert found_in(store, "アルゴリズムの表計算の種類", table) == ["木⏎線形", "畳み込み⏎転移学習", "森"]
    assert found_in(store, "アルゴリズムの分類方法の種類", table) == ["木⏎線形"]
    assert found_in(store, "アルゴリズムの一覧", table) == ["木⏎線形", "畳み込み⏎転移学習", "森"]


# --- citations


def test_citations_are_numbered_and_name_the_copies(store: Store) -> None:
    rows = filed(
        store, a="# 鍵\n一つ目。\n\n二つ目。", b="# 別\n文。\n\n# 鍵\n一つ目。\n\n二つ目。", c="# 鍵\n他の文。"
    )
    first, other = rows["a"][0], rows["c"][0]
    quotes = [Quote(first, (1,), 0.4), Quote(other, (0,), 0.3), Quote(first, (1,), 0.2), Quote(first, (0, 1), 0.1)]
    assert distinct(quotes) == [quotes[0], quotes[1], quotes[3]]
    cited = cite(store, quotes, first=3)
    assert [(c.n, c.file, c.line_start, c.line_end, c.quote, c.score) for c in cited] == [
        (3, "a.md", 4, 4, "二つ目。", 0.4),
        (4, "c.md", 2, 2, "他の文。", 0.3),
        (5, "a.md", 2, 4, "一つ目。\n二つ目。", 0.1),
    ]
    assert [[(p.file, p.line_start, p.line_end) for p in c.also] for c in cited] == [
        [("b.md", 7, 7)],
        [],
        [("b.md", 5, 7)],
    ]


def test_what_hangs_under_an_entry_is_said_of_it() -> None:
    listed = match(
        "# 帆\n- 縦帆：船の前後に張る。\n  - 風上に進むときに使う\n- 横帆：柱に直角に張る。", [0.5, 0.52, 0.4]
    )
    assert "風上に進むときに使う" in lines(choose_lookup([listed], question="縦帆は何に使う？"))[0]


def test_a_part_of_the_note_that_is_not_headed_by_the_topic_may_tell_more() -> None:
    first = match("# 航海日誌\n## 取り付け\n### 左舷\nボタンを押すと合図が鳴る。", [0.5], number=1)
    other = match("# 航海日誌\n## Rudder\n### 左舷\nボタンを押すと板が動く。", [0.5], number=2)
    headed = match("# 航海日誌\n## Helm\n船の向きを変える輪。", [0.5], fused=-0.5, number=3)
    assert topic_first("Helmのボタンを押すとどうなる？", [first, headed])[0] is first
    assert topic_first("Helmのボタンを押すとどうなる？", [other, headed])[0].row is headed.row
    assert topic_first("Helmの特徴は？", [first, headed])[0].row is headed.row


def test_a_section_headed_by_another_name_of_the_topic_goes_first() -> None:
    first = match("# 帆走\n風で進む。", [0.5], number=1)
    headed = match("# Radio Direction Finder\n電波の来る向きを測る。", [0.5], fused=-0.5, number=2)
    assert topic_first("RDFで何が測れる？", [first, headed])[0] is first
    assert topic_first("RDFで何が測れる？", [first, headed], ["radio direction finder"])[0].row is headed.row


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("縦帆 | 船の前後に張る帆のこと", True),
        ("縦帆（sail） | 船の前後に張る帆のこと", True),
        ("縦帆 | 赤", False),  # a figure
        ("横帆 | 縦帆の次に張る帆のこと", False),
    ],
)
def test_a_row_headed_by_a_name_says_what_it_is(cells: str, said: bool) -> None:
    table = row(f"# 帆\n| 名前 | 説明 |\n|---|---|\n| {cells} |\n")
    assert says_what_it_is(Quote(table, (1,), 0.5), ["縦帆"]) is said
