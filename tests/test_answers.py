"""Answers to trust: in two languages, over notes of any size, from tables, and of names that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.evaluation.goldfile import read_gold

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
Open = Callable[[Path, Path], AbstractContextManager[Assistant]]

pytestmark = pytest.mark.model

TABLE = """# 評価指標

| 指標 | 意味 | 使いどころ |
|---|---|---|
| 適合率 | 陽性と予測した中で本当に陽性の割合 | 誤検知を減らしたいとき |
| 再現率 | 本当の陽性のうち見つけた割合 | 見逃しを減らしたいとき |

# コンテナ

レジストリにはDocker HubやECR（Elastic Container Registry）などがある。
ECRは、コンテナイメージを保存するサービス。
"""
FIVE = """# 鍵
SSE-KMS: 暗号化するのはS3で、鍵はKMSのもの。鍵を使った記録がCloudTrailに残る
# 音声
Polly: 文章を人の声に近い音声にする
# 検索
Kendra: 社内の文書をふだんの言葉の質問で探す
# 学習
マネージドスポットトレーニング: 余っている計算機で学習し、費用を抑える
# 配信
CodeDeploy: 新しい版を少しずつ配る
"""


def over(text: str, folder: Path, open_assistant: Open) -> AbstractContextManager[Assistant]:
    """An assistant over one note, in ``folder``."""
    (folder / "notes").mkdir()
    (folder / "notes" / "a.md").write_text(text, "utf-8")
    return open_assistant(folder / "notes", folder / "index")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, open_assistant: Open) -> Iterator[Assistant]:
    with over(TABLE, tmp_path_factory.mktemp("small"), open_assistant) as assistant:
        yield assistant


def test_a_question_in_one_language_finds_the_note_in_the_other(tmp_path: Path, open_assistant: Open) -> None:
    questions = [gold for gold in read_gold(GOLD / "biology.jsonl") if gold.type == "crosslingual"]
    with open_assistant(GOLD / "biology", tmp_path / "index") as assistant:
        found = 0
        for gold in questions:
            hits = assistant.search(gold.question, 3).hits
            found += any(
                hit.file == line.file and hit.line_start <= line.line_end and hit.line_end >= line.line_start
                for hit in hits
                for line in gold.lines
            )
    # Measured from one middle for both languages, it is 2 of 14.
    assert found >= 9


def test_a_table_row_is_read_with_the_names_of_its_columns(small: Assistant) -> None:
    answer = small.ask("再現率はどんなときに使う？")
    assert answer.status == "answered"
    assert "使いどころ: 見逃しを減らしたいとき" in answer.text
    assert answer.citations[0].quote == "| 再現率 | 本当の陽性のうち見つけた割合 | 見逃しを減らしたいとき |"


def test_the_line_that_begins_with_the_name_says_what_it_is(small: Assistant) -> None:
    answer = small.ask("Elastic Container Registryとは")
    assert "ECRは、コンテナイメージを保存するサービス" in answer.citations[0].quote


def test_asked_by_its_full_name_it_is_what_the_notes_say_of_its_short_one(tmp_path: Path, open_assistant: Open) -> None:
    text = (
        "# キュー\n"
        "- キューには、RabbitMQやAmazon SQS（Simple Queue Service）などがあります。\n"
        "- SQSは、送る側と受け取る側を切り離すための、完全マネージド型のサービスです。\n\n"
        "# ARP\nIP → MAC。ブロードキャストで聞き、本人がユニキャストで答える\n- RARP：その逆\n- GARP：重複がないか確かめる\n"
    )
    with over(text, tmp_path, open_assistant) as assistant:
        queue = assistant.ask("Simple Queue Serviceとは")
        protocol = assistant.ask("Address Resolution Protocolとは何をするものか")
    assert queue.citations[0].line_start == 3
    assert protocol.citations[0].line_start == 6


def test_what_a_name_is_short_for_is_told_by_notes_without_the_word_abbreviation(
    tmp_path: Path, open_assistant: Open
) -> None:
    text = f"{FIVE}# チューニング\n範囲と目的の指標を決めると、学習を何本も回して一番よい組を探す（HPO）。\n"
    with over(text, tmp_path, open_assistant) as assistant:
        answer = assistant.ask("HPOって何の略称でしたっけ、何をするもの？")
    assert answer.status == "answered"
    assert "HPO" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("SSE-KMSの鍵は誰のもの？", True),
        ("文章を音声にするサービスは？", True),
        ("Kendraとは何ですか", True),
        ("Kendraの月額料金はいくらですか", False),
        ("Route 53のフェイルオーバールーティングとは", False),
        ("ギターの弦を張り替える手順", False),
        ("Pollyの発表は何年？", False),
    ],
)
@pytest.mark.parametrize("size", ["five sections", "with the sample notes"])
def test_the_threshold_holds_for_notes_of_any_size(
    sized: dict[str, Assistant], size: str, question: str, answered: bool
) -> None:
    assert (sized[size].ask(question).status == "answered") == answered


def test_a_comparison_finds_a_side_of_which_one_letter_in_five_is_wrong(sized: dict[str, Assistant]) -> None:
    answer = sized["five sections"].ask("KendraとPollxの違いは？")
    assert answer.status == "answered"
    assert [side.name for side in answer.sides] == ["Kendra", "Pollx"]
    quotes = {citation.n: citation.quote for citation in answer.citations}
    assert [quotes[side.citations[0]].partition(":")[0] for side in answer.sides] == ["Kendra", "Polly"]


def test_a_side_with_a_slip_is_the_heading_that_it_means(tmp_path: Path, open_assistant: Open) -> None:
    text = "# Batch\n大量の仕事をまとめて順に動かす。\n\n# Kendra\n社内の文書を検索する。\nBatchの結果の文書も、質問文で探せる。\n"
    with over(text, tmp_path, open_assistant) as assistant:
        answer = assistant.ask("BetchとKendraの違いは？")
    headings = {citation.n: citation.heading_path for citation in answer.citations}
    assert [headings[side.citations[0]] for side in answer.sides] == [("Batch",), ("Kendra",)]


COMPOUNDS = """# 暗号

## 共通鍵

暗号化も復号も同じ鍵。速い。

## 公開鍵

暗号化する鍵と復号する鍵が別。遅い。

# 攻撃いろいろ

- ブルートフォース：総当たりで試す
- リバースブルートフォース：パスワードを固定し、IDを変える

# 感染の予防

| 経路 | 例 | マスク |
|---|---|---|
| 空気 | 結核 | N95 |
| 飛沫 | 風疹 | サージカル |

# 分け方

- 再結晶：温度による溶け方の差を使う
- 昇華法：固体から気体になるものを取り出す
- ベイズ最適化: 前の結果から次の点を選ぶ

# antibodies

| class | where |
|---|---|
| IgG | most of it, crosses the placenta |
| IgA | milk, saliva, tears |

# 大名

- 譜代：関ヶ原以前からの家臣
- 外様：関ヶ原の前後に従った家
"""


@pytest.fixture(scope="module")
def compounds(tmp_path_factory: pytest.TempPathFactory, open_assistant: Open) -> Iterator[Assistant]:
    with over(COMPOUNDS, tmp_path_factory.mktemp("compounds"), open_assistant) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "begin"),
    [
        ("共通鍵暗号と公開鍵暗号の違いは？", ["暗号化も復号も", "暗号化する鍵と"]),
        ("共通鍵暗号方式と公開鍵暗号方式はどう違う？", ["暗号化も復号も", "暗号化する鍵と"]),
        ("ブルートフォース攻撃とリバースブルートフォース攻撃の違い", ["ブルートフォース：", "リバースブルート"]),
        ("空気感染と飛沫感染では、マスクがどう違うの？", ["| 空気", "| 飛沫"]),
        ("再結晶法と昇華法の違いは？", ["再結晶：", "昇華法："]),
        ("昇華法とベイズ最適化法の違い", ["昇華法：", "ベイズ最適化:"]),
        ("IgG抗体とIgA抗体の違いは？", ["| IgG", "| IgA"]),
        ("譜代大名と外様大名の違い", ["譜代：", "外様："]),
    ],
)
def test_sides_that_end_alike_are_told_apart_by_how_they_begin(
    compounds: Assistant, question: str, begin: list[str]
) -> None:
    answer = compounds.ask(question)
    quotes = {citation.n: citation.quote for citation in answer.citations}
    assert answer.status == "answered"
    assert [quotes[side.citations[0]][: len(start)] for side, start in zip(answer.sides, begin, strict=True)] == begin


@pytest.mark.parametrize("question", ["空気清浄機と飛沫清浄機の違いは？", "譜代企業と外様企業の違い"])
def test_a_side_whose_ending_stands_nowhere_near_is_not_told_by_its_beginning(
    compounds: Assistant, question: str
) -> None:
    assert [side.citations for side in compounds.ask(question).sides] == [(), ()]


@pytest.fixture(scope="module")
def sized(tmp_path_factory: pytest.TempPathFactory, open_assistant: Open) -> Iterator[dict[str, Assistant]]:
    folder = tmp_path_factory.mktemp("sized")
    for name, files in (("five", []), ("many", [*(ROOT / "corpus").glob("*.md"), *(GOLD / "other").glob("*.md")])):
        (folder / name).mkdir()
        (folder / name / "five.md").write_text(FIVE, "utf-8")
        for file in files:
            (folder / name / file.name).write_bytes(file.read_bytes())
    with (
        open_assistant(folder / "five", folder / "five-index") as five,
        open_assistant(folder / "many", folder / "many-index") as many,
    ):
        yield {"five sections": five, "with the sample notes": many}


def test_the_first_word_of_an_english_question_is_no_misspelt_name(tmp_path: Path, open_assistant: Open) -> None:
    """Among enough names in kana there is one that sounds like "Which"."""
    text = f"{FIVE}# キャッシュ\nヒット: 求めるものがキャッシュにあること\n"
    with over(text, tmp_path, open_assistant) as assistant:
        asked = assistant.ask("Which part of SSE-KMS is logged in CloudTrail?")
        assert asked.status == "answered"
        assert "SSE-KMS" in asked.citations[0].quote


# --- what a question is about, and by which number

ABOUT = """# TCPとUDP
## TCP
コネクション型。届いたか確認し、順番も直す
## UDP
投げっぱなし。再送しないかわり軽い。ヘッダ8バイト

# ポート番号
| 番号 | なに |
|---|---|
| 25 | SMTP |
| 123 | NTP |
| 443 | HTTPS |

# SNMP
機器の監視。マネージャがエージェントに聞く。

# RAID
| | しくみ | 最少台数 |
|---|---|---|
| RAID0 | ストライピング | 2 |
| RAID1 | ミラーリング | 2 |

# 年表
1588年 刀狩。農民から武器を没収
1600年 関ヶ原の戦い
"""


@pytest.fixture(scope="module")
def about(tmp_path_factory: pytest.TempPathFactory, open_assistant: Open) -> Iterator[Assistant]:
    with over(ABOUT, tmp_path_factory.mktemp("about"), open_assistant) as assistant:
        yield assistant


def test_what_another_section_says_is_not_said_of_what_has_a_heading_of_its_own(about: Assistant) -> None:
    assert about.ask("UDPはコネクション型ですか？").related[0].quote.startswith("投げっぱなし")
    assert about.ask("TCPのヘッダは何バイト？").status != "answered"
    assert about.ask("SNMPのポート番号は？").status != "answered"
    assert about.ask("NTPのポート番号は？").citations[0].quote == "| 123 | NTP |"


@pytest.mark.parametrize(
    ("there", "not_there"),
    [
        ("RAID1の最少台数は？", "RAID10の最少台数は？"),
        ("1600年の出来事は？", "1590年の出来事は？"),
        ("443番のポートは？", "445番のポートは？"),
    ],
)
def test_what_is_said_of_one_number_is_not_said_of_another(about: Assistant, there: str, not_there: str) -> None:
    assert about.ask(there).status == "answered"
    assert about.ask(not_there).status != "answered"


def test_a_line_that_begins_with_the_name_says_what_it_means(tmp_path: Path, open_assistant: Open) -> None:
    reforms = "# 享保の改革\n8代将軍徳川吉宗、1716年から。\n- 目安箱 → 庶民の意見を投書させる\n- 上げ米 → 大名に米を納めさせる"
    with over(reforms, tmp_path, open_assistant) as assistant:
        told = assistant.ask("目安箱とは")
        assert (told.status, told.citations[0].line_start) == ("answered", 3)
        assert assistant.ask("応仁の乱とは").status != "answered"


def test_what_has_a_table_s_row_is_spoken_of_there(tmp_path: Path, open_assistant: Open) -> None:
    notes = (
        "# 推論の形\n| 形 | 向いている場面 |\n|---|---|\n| 即時 | すぐ返したい |\n| 非同期 | 入力が大きい |\n"
        "# 非同期推論\nリクエスト本体はS3に置き、その場所を渡す。\n"
    )
    with over(notes, tmp_path, open_assistant) as assistant:
        assert assistant.ask("非同期推論が向いている場面は？").citations[0].quote == "| 非同期 | 入力が大きい |"


def test_names_and_nothing_else_ask_for_each_of_them_if_the_notes_have_them_all(about: Assistant) -> None:
    both = about.ask("TCPとUDP")
    assert both.kind == "comparison"
    assert [citation.quote[:6] for citation in both.citations] == ["コネクション", "投げっぱなし"]
    assert about.ask("TCPとSCTP").kind == "lookup"


def test_a_side_is_told_by_what_it_is_the_subject_of_and_not_by_what_names_it_in_passing(
    sized: dict[str, Assistant],
) -> None:
    notes = sized["with the sample notes"]
    forms = notes.ask("リアルタイム推論とサーバーレス推論の違いは？")
    assert forms.citations[0].quote.startswith("| リアルタイム |")
    rates = notes.ask("適合率と再現率の違い")
    assert [citation.quote[:15] for citation in rates.citations] == ["TP ÷ (TP + FP)。", "TP ÷ (TP + FN)。"]


@pytest.mark.parametrize(
    ("question", "near"),
    [
        # The line that names it stands in a section about something else, which is not the nearest.
        ("NTPの同期間隔は？", ["| 123 | NTP |"]),
        ("RAID1のディスクの値段は？", ["| RAID1 | ミラーリング | 2 |"]),
        ("明日の天気は？", []),
    ],
)
def test_what_is_near_speaks_of_what_is_asked_about(about: Assistant, question: str, near: list[str]) -> None:
    answer = about.ask(question)
    assert answer.status in ("related", "not_found")
    assert [citation.quote for citation in answer.related] == near


def test_what_is_headed_by_the_name_comes_first_of_what_is_near(tmp_path: Path, open_assistant: Open) -> None:
    text = "# 画像\n## Rekognition\n写真を見分ける。\n## Textract\nRekognitionの料金とは別の料金で、書類を読む。\n"
    with over(text, tmp_path, open_assistant) as assistant:
        answer = assistant.ask("Rekognitionの料金はいくら？")
        assert answer.status == "related"
        assert answer.related[0].quote == "写真を見分ける。"


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("gRPCのポート番号は？", ("gRPC",)),
        ("What is GraphQL?", ("GraphQL",)),
        ("SNMPの遅延時間は？", ()),
        ("明日の天気は？", ()),
    ],
)
def test_a_refusal_names_what_the_notes_never_name(about: Assistant, question: str, unknown: tuple[str, ...]) -> None:
    answer = about.ask(question)
    assert answer.unknown == unknown
    assert all(name in answer.text for name in unknown)


def test_what_is_near_is_about_the_same_thing(about: Assistant) -> None:
    answer = about.ask("SNMPの遅延時間は？")
    assert answer.status == "related"
    assert [citation.quote for citation in answer.related] == ["機器の監視。マネージャがエージェントに聞く。"]


LABELLED = """# 保管

倉庫の鍵の種類:
- 番号錠 は 数字で開く
- 南京錠 は 管理人が鍵を持つ
- 電子錠 は 入る人が札を持つ

棚の高さ：
- 低い棚 は 1メートル
- 高い棚 は 3メートル

荷物の取り出し:
1. 急ぎ は 1〜5分
2. 普通 は 3〜5時間

荷物を送る流れ
① 札を付ける
② 台に載せる

【荷札の色】
赤札 = 割れ物
青札 = 冷やす物

Q. 台車とそりの違いは？
A. 台車は床で、そりは雪の上で使う
"""


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory, open_assistant: Open) -> Iterator[Assistant]:
    with over(LABELLED, tmp_path_factory.mktemp("labelled"), open_assistant) as assistant:
        yield assistant


def test_of_several_lists_in_a_section_the_one_that_is_named_is_quoted(labelled: Assistant) -> None:
    answer = labelled.ask("荷物の取り出しにはどんな種類がある？")
    assert [(one.line_start, one.line_end) for one in answer.citations] == [(12, 14)]


@pytest.mark.parametrize("question", ["倉庫の鍵の種類はいくつある？", "倉庫の鍵は何種類？"])
def test_how_many_there_are_is_told_by_the_list_of_them(labelled: Assistant, question: str) -> None:
    answer = labelled.ask(question)
    assert answer.status == "answered"
    assert (answer.citations[0].line_start, answer.citations[0].line_end) == (3, 6)


SIDES = """# 用語集

## Polly の語彙表
語彙表は、単語の読み方を決めて登録しておくもの。

**ユースケース:**
- 社名の読み方を正す
- 略語を読み下す

## Polly
文章を人の声に近い音声にする。

**ユースケース:**
- 読み上げ
- 電話の案内

**設定手順:**
1. 声を選ぶ
2. 文章を渡す

**実装例:**
```python
import boto3

polly = boto3.client("polly")  # 設定の手順
polly.synthesize_speech(Text="hello", VoiceId="Mizuki")
```

## Lex
Lex は、音声と文字で話し相手になる。

**主な特徴:**
- 意図を読み取る
- 足りない値を聞き返す
"""
CODED = """# Polly
```python
polly = boto3.client("polly")  # polly
```
文章を人の声に近い音声にする。

# Lex
```python
lex = boto3.client("lex")  # lex
```
音声と文字で話し相手になる。
"""


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory, open_assistant: Open) -> Iterator[Assistant]:
    with over(SIDES, tmp_path_factory.mktemp("sides"), open_assistant) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("Pollyのユースケースは？", 13, 15),
        ("Pollyの設定手順を教えて", 17, 19),
        ("Polly の語彙表のユースケースは？", 6, 8),
    ],
)
def test_a_side_that_a_list_is_named_by_is_told_by_that_list(
    sides: Assistant, question: str, first: int, last: int
) -> None:
    answer = sides.ask(question)
    assert answer.status == "answered"
    assert [(one.line_start, one.line_end) for one in answer.citations] == [(first, last)]


def test_a_side_that_every_thing_has_is_that_of_the_one_asked_about(sides: Assistant) -> None:
    assert [(one.line_start, one.line_end) for one in sides.ask("Lexの主な特徴は？").citations] == [(32, 34)]


def test_a_name_for_code_is_quoted_with_it(sides: Assistant) -> None:
    assert "import boto3" in sides.ask("Pollyの実装例").citations[0].quote


def test_code_tells_what_a_thing_is_only_to_those_who_ask_for_code(tmp_path: Path, open_assistant: Open) -> None:
    with over(CODED, tmp_path, open_assistant) as assistant:
        told = [citation.quote for citation in assistant.ask("PollyとLexの違いは？").citations]
        assert told == ["文章を人の声に近い音声にする。", "音声と文字で話し相手になる。"]
        assert "boto3" not in assistant.ask("Pollyとは？").citations[0].quote


FLAT = """# 保管

## Amazon Elastic File System (Amazon EFS)
* 共有して使える伸び縮みする保管
* 使った分だけ払う
* EFS IA ストレージクラスは、あまり読まれない物の費用を抑える

## Amazon S3
* 大きな物を置く保管
* 3 種類の方式で暗号化
* SSE-S3 は、S3 の鍵を使う
* SSE-KMS は、KMS の鍵を使う
* SSE-C は、自分の鍵を使う
* アクセス制御は二つの方法に分類
* バケットポリシーは、外の人も含む
* ACL は、物ごとに決める
* 版を残せる
* 3つの場所に写しを置く
* 地震に備える
* 火事に備える
* 停電に備える

**サポート:**
- 電話
- 手紙
"""


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory, open_assistant: Open) -> Iterator[Assistant]:
    with over(FLAT, tmp_path_factory.mktemp("flat"), open_assistant) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("S3の暗号化方式の種類を教えて", 10, 13),
        ("S3の暗号化方式は何種類？", 10, 13),
        ("S3のアクセス制御の方法は？", 14, 16),
    ],
)
def test_an_item_that_gives_a_number_heads_as_many_of_the_next(
    flat: Assistant, question: str, first: int, last: int
) -> None:
    answer = flat.ask(question)
    assert answer.status == "answered"
    assert [(one.line_start, one.line_end) for one in answer.citations] == [(first, last)]


@pytest.mark.parametrize(("question", "other"), [("S3の写しは？", (18, 21)), ("S3のポートは？", (23, 25))])
def test_a_number_of_other_things_or_a_part_of_a_word_names_no_list(
    flat: Assistant, question: str, other: tuple[int, int]
) -> None:
    answer = flat.ask(question)
    assert other not in [(one.line_start, one.line_end) for one in (*answer.citations, *answer.related)]


def test_a_line_on_a_part_of_a_thing_does_not_stand_for_the_thing(flat: Assistant) -> None:
    first, *_ = flat.ask("EFSとS3の違いは？").citations
    assert first.quote == "共有して使える伸び縮みする保管"


def test_what_is_said_of_another_thing_comes_behind_what_is_said_of_the_one_asked_about(labelled: Assistant) -> None:
    first, *_ = labelled.ask("電子錠の鍵は誰が持つ？").citations
    assert first.quote == "電子錠 は 入る人が札を持つ"


def test_a_line_that_only_names_a_list_is_quoted_with_it(labelled: Assistant) -> None:
    first, *_ = labelled.ask("荷物を送る流れは？").citations
    assert first.quote.split("\n") == ["荷物を送る流れ", "① 札を付ける", "② 台に載せる"]


def test_a_difference_that_is_asked_for_in_the_notes_is_told_by_the_line_below(labelled: Assistant) -> None:
    answer = labelled.ask("台車とそりの違いは？")
    assert "A. 台車は床で、そりは雪の上で使う" in answer.citations[0].quote


def test_an_entry_of_a_memo_is_quoted_alone(labelled: Assistant) -> None:
    first, *_ = labelled.ask("青札とは？").citations
    assert (first.quote, first.heading_path[-1]) == ("青札 = 冷やす物", "荷札の色")
