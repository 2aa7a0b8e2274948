"""Exam questions judged by notes of a few lines, where it is plain what the notes say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.encoder import Encoder
from assistant.engine import Assistant
from assistant.errors import UnknownChoice
from assistant.exam import same_label
from assistant.examrecords import CheckedQuestion, ExamOption, ExamQuestion
from assistant.exams.judging.claims import claims_of
from assistant.exams.judging.linesplit import parts_of_line

pytestmark = pytest.mark.model

NOTES = """\
# 音声と文章

## Polly
テキストを自然な音声に変換するサービス。

## Transcribe
録音した音声を文字に起こすサービス。

## Comprehend
文章から感情や話題を読み取るサービス。

## Translate
文章を別の言語に訳すサービス。

## Kendra

# 規格

- PCI DSS: クレジットカード情報を守る基準
- HIPAA: 患者の医療情報を守る法律
- ISO 27001: 情報セキュリティの管理体制

# 鍵

- SSE-C: サーバー側で暗号化し、鍵は利用者が渡す
- SSE-KMS: サーバー側で暗号化し、鍵はKMSが管理する
- CSE-C: 送る前に手元で暗号化し、鍵も利用者のもの

# 機種 (K1 と K2)
- 機種 K1 と K2 は、重い計算に向く
- 機種 K1 は、価格が安い

# 図書館
- 本は 14 日間借りられる
- 貸出の延長に対応しており、雑誌の貸出はできない
- 雑誌は借りられない
- × 傘は窓口で借りられる

## 自習室
木製の机

## 閲覧室
金属製の机

# 決算書
貸借対照表はある時点の財政状態、損益計算書は一定期間の経営成績。
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("exam")
    notes = folder / "notes"
    notes.mkdir()
    (notes / "aws.md").write_text(NOTES, encoding="utf-8")
    with Assistant(notes, folder / "index") as found:
        yield found


def question(stem: str, *options: str, choose: int | None = 1, **more: object) -> ExamQuestion:
    labelled = tuple(ExamOption(label, text) for label, text in zip("ABCDEF", options, strict=False))
    return ExamQuestion(stem, labelled, choose, **more)  # type: ignore[arg-type]


def ahead(checked: CheckedQuestion) -> str:
    """The option that the notes bear out most, decided or not."""
    return max(checked.options, key=lambda option: option.score).label


def cited(checked: CheckedQuestion, label: str) -> list[str]:
    (option,) = (option for option in checked.options if option.label == label)
    return [citation.quote for citation in option.citations]


SERVICES = ("Amazon Polly", "Amazon Transcribe", "Amazon Comprehend", "Amazon Translate")


def test_a_purpose_is_decided_by_the_line_about_the_right_service(assistant: Assistant) -> None:
    checked = assistant.check_question(question("会議の録音を文字にしたい。どのサービスを使うか。", *SERVICES))
    assert (checked.verdict, checked.answer) == ("decided", ("B",))
    assert cited(checked, "B") == ["録音した音声を文字に起こすサービス。"]
    assert {option.label: option.support for option in checked.options}["B"] == "supported"
    assert checked.support >= 0.5


def test_what_another_service_does_conflicts_and_its_line_is_cited(assistant: Assistant) -> None:
    checked = assistant.check_question(question("会議の録音を文字にしたい。どのサービスを使うか。", *SERVICES))
    wrong = [option for option in checked.options if option.label != "B"]
    assert {option.support for option in wrong} == {"conflicts"}
    assert cited(checked, "D") == ["文章を別の言語に訳すサービス。"]


def test_a_description_is_judged_under_the_name_in_the_stem(assistant: Assistant) -> None:
    checked = assistant.check_question(
        question(
            "Comprehend の説明はどれか。",
            "音声を文字に起こす",
            "文章を訳す",
            "文章から感情や話題を読み取る",
            "文章を読み上げる",
        )
    )
    assert checked.answer == ("C",)


def test_both_halves_of_a_pair_have_to_stand_on_one_line(assistant: Assistant) -> None:
    checked = assistant.check_question(
        question(
            "規格と、それが守るものの組み合わせとして正しいものを2つ選べ。",
            "PCI DSS ― 患者の医療情報",
            "HIPAA ― 患者の医療情報",
            "ISO 27001 ― クレジットカード情報",
            "PCI DSS ― クレジットカード情報",
            choose=2,
        )
    )
    assert checked.answer == ("B", "D")


def test_a_scenario_picks_among_names_that_differ_in_a_letter(assistant: Assistant) -> None:
    checked = assistant.check_question(
        question(
            "暗号化はサーバー側に任せるが、鍵は自分で用意して渡したい。方式はどれか。", "SSE-C", "SSE-KMS", "CSE-C"
        )
    )
    assert ahead(checked) == "A"


def test_of_a_negated_question_the_answer_is_what_the_notes_do_not_bear_out(assistant: Assistant) -> None:
    checked = assistant.check_question(
        question(
            "規格や法律の説明として誤っているものはどれか。",
            "PCI DSS は、クレジットカード情報を守る基準である",
            "HIPAA は、会社の情報セキュリティの管理体制を定める",
            "ISO 27001 は、情報セキュリティの管理体制の規格である",
            negated=True,
        )
    )
    assert ahead(checked) == "B"


def test_the_options_that_the_notes_bear_out_are_not_the_answer_of_a_negated_question(assistant: Assistant) -> None:
    checked = assistant.check_question(
        question("Polly や Transcribe の説明として誤っているものはどれか。", "Polly は、テキストを自然な音声に変換するサービス",
                 "Transcribe は、文章を別の言語に訳すサービス", "Transcribe は、録音した音声を文字に起こすサービス", negated=True)
    )  # fmt: skip
    assert ahead(checked) == "B"
    assert "supported" not in {option.support for option in checked.options if option.label == "B"}


@pytest.mark.parametrize(
    "asked",
    [
        question("コンテナを動かすサービスはどれか。", "Amazon ECS", "Amazon EMR", "Amazon Aurora", "AWS Glue"),
        question("Kendra の説明はどれか。", "検索サービス", "時系列の予測", "表計算", "コンテナの実行"),
        question("Polly の料金は100万文字あたりいくらか。", "4ドル", "16ドル", "25ドル", "40ドル"),
    ],
)
def test_what_the_notes_do_not_tell_is_left_undecided(assistant: Assistant, asked: ExamQuestion) -> None:
    checked = assistant.check_question(asked)
    assert (checked.verdict, checked.answer, checked.support) == ("undecided", (), 0.0)
    assert all(option.support in ("related", "not_in_notes") for option in checked.options)


def test_options_that_the_notes_do_not_know_cite_nothing(assistant: Assistant) -> None:
    checked = assistant.check_question(
        question("会議の録音を文字にしたい。どれを使うか。", *SERVICES[:3], "Amazon Aurora")
    )
    assert [option.support for option in checked.options][3] == "not_in_notes"
    assert cited(checked, "D") == []


def test_every_quote_stands_at_its_lines(assistant: Assistant) -> None:
    lines = NOTES.split("\n")
    checked = assistant.check_question(question("会議の録音を文字にしたい。どのサービスを使うか。", *SERVICES))
    citations = [citation for option in checked.options for citation in option.citations]
    assert [citation.n for citation in citations] == list(range(1, len(citations) + 1))
    for citation in citations:
        assert citation.quote in "\n".join(lines[citation.line_start - 1 : citation.line_end])


def test_the_key_in_the_text_decides_whether_the_person_was_right_but_is_no_evidence(assistant: Assistant) -> None:
    asked = question(
        "会議の録音を文字にしたい。どのサービスを使うか。", *SERVICES, key=("D",), explanation="Translate が訳す。"
    )
    checked = assistant.check_question(asked, ["d"])
    assert (checked.answer, checked.yours, checked.correct) == (("B",), ("D",), True)
    assert assistant.check_question(asked, ["B"]).correct is False


def test_without_a_key_the_notes_tell_whether_the_person_was_right(assistant: Assistant) -> None:
    asked = question("会議の録音を文字にしたい。どのサービスを使うか。", *SERVICES)
    assert assistant.check_question(asked, ["B"]).correct is True
    assert assistant.check_question(asked, ["A"]).correct is False
    unknown = question("コンテナを動かすサービスはどれか。", "Amazon ECS", "Amazon EMR")
    assert assistant.check_question(unknown, ["A"]).correct is None


def test_a_choice_that_is_no_option_is_an_error_that_names_the_options(assistant: Assistant) -> None:
    with pytest.raises(UnknownChoice, match=r"A, B"):
        assistant.check_question(question("どれか。", "Amazon Polly", "Amazon Lex"), ["Z"])


def test_names_that_differ_in_a_letter_share_a_heading_but_not_a_line(assistant: Assistant) -> None:
    checked = assistant.check_question(question("価格の安い機種はどれか。", "K2 機種", "K1 機種"))
    assert checked.answer == ("B",)
    assert cited(checked, "A") == ["機種 K1 と K2 は、重い計算に向く"]


def test_a_name_among_other_words_is_found(assistant: Assistant) -> None:
    asked = question("Which one covers the protection of card data?", "An ISO 27001 certificate", "A PCI DSS report")
    checked = assistant.check_question(asked)
    assert ahead(checked) == "B"
    assert cited(checked, "B") == ["PCI DSS: クレジットカード情報を守る基準"]
    assert cited(checked, "A") == ["ISO 27001: 情報セキュリティの管理体制"]


def test_an_order_is_not_judged(assistant: Assistant) -> None:
    checked = assistant.check_question(question("古い順に並べよ。", "Polly", "Transcribe", kind="ordering"))
    assert checked.verdict == "undecided"


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("Transcribe は、録音した音声を文字に起こす。", "A"),
        ("Polly は、音声をテキストに変換するサービスである。", "B"),  # the other way round
        ("SSE-C では、サーバー側で暗号化する。", "A"),
        ("SSE-KMS では、鍵は利用者が管理する。", ""),  # not in so many words
        ("図書館は、貸出の延長に対応していない。", "B"),
        ("図書館では、本を 21 日間借りられる。", "B"),
        ("図書館では、本を 14 日間借りられる。", "A"),
        ("図書館では、雑誌は借りられない。", "A"),
        ("図書館では、傘は窓口で借りられる。", "B"),  # the notes have it down as a mistake
        ("自習室は、木製の机である。", "A"),
        ("閲覧室は、木製の机である。", "B"),  # what another one is, in the same words
        ("図書館には、駐車場がある。", ""),
        ("Rekognition は、画像を調べる。", ""),
    ],
)
def test_a_statement_is_judged_by_the_words_of_a_line(assistant: Assistant, statement: str, answer: str) -> None:
    asked = question(f"次の説明は正しいか。\n{statement}", "正しい", "誤り", kind="true_false")
    checked = assistant.check_question(asked)
    assert "".join(checked.answer) == answer
    assert checked.verdict == ("decided" if answer else "undecided")
    assert (checked.support > 0) == bool(answer)


def test_the_line_that_denies_a_statement_is_cited(assistant: Assistant) -> None:
    asked = question("図書館では、本を 21 日間借りられる。○か×か。", "○", "×", kind="true_false")
    checked = assistant.check_question(asked, ["A"])
    assert cited(checked, "B") == ["本は 14 日間借りられる"]
    assert [option.support for option in checked.options] == ["conflicts", "supported"]
    assert checked.correct is False


def test_what_a_line_denies_is_the_wrong_one(assistant: Assistant) -> None:
    checked = assistant.check_question(
        question(
            "図書館の説明として、誤っているものはどれか。",
            "本は 14 日間借りられる",
            "貸出の延長に対応している",
            "雑誌の貸出ができる",
            negated=True,
        )
    )
    assert checked.answer == ("C",)


def test_where_all_that_apply_are_asked_for_those_far_behind_are_left_out(assistant: Assistant) -> None:
    checked = assistant.check_question(question("録音を文字に起こすのはどれか。すべて選べ。", *SERVICES, choose=None))
    assert "B" in checked.answer
    assert len(checked.answer) < 3


def test_labels_are_the_same_however_they_are_printed() -> None:
    assert same_label("Ａ．", "(a)")
    assert same_label("①", "1")
    assert not same_label("ア", "イ")
    assert not same_label("", "")


# -- lines that speak of several things


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("IDSは知らせるだけ。IPSは止めるところまでする。", 2),
        ("LDAが統計的なモデルであるのに対し、NTMはニューラルネットワークを使う。", 2),
        ("AとBの違いは、Aが速く、Bが安いこと。", 2),
        ("元禄：井原西鶴（浮世草子）、近松門左衛門（人形浄瑠璃）、松尾芭蕉（俳諧）", 3),
        ("炭素：ダイヤモンドと黒鉛　酸素：酸素とオゾン", 2),
        ("LDA is a statistical model, whereas NTM is a neural network", 2),
        ("シャードの数で流量が決まる。受け取る側は自分で書く。", 0),
        ("ファイアウォールは通信の許可・拒否を決める。", 0),
        ("S3に置いた動画を調べ、終わりはSNSで受け取る", 0),
        ("", 0),
    ],
)
def test_a_line_is_cut_only_where_another_subject_begins(line: str, parts: int) -> None:
    found = parts_of_line(line)
    assert len(found) == parts
    assert all(part in line for part in found)


def test_what_a_line_says_of_one_thing_is_not_taken_for_the_other(assistant: Assistant) -> None:
    checked = assistant.check_question(
        question(
            "貸借対照表と損益計算書について、正しい記述はどれか。",
            "貸借対照表は一定期間の経営成績を示し、損益計算書はある時点の財政状態を示す",
            "どちらも一定期間の経営成績を示す",
            "貸借対照表はある時点の財政状態を示し、損益計算書は一定期間の経営成績を示す",
            "どちらもある時点の財政状態を示す",
        )
    )
    assert ahead(checked) == "C"


@pytest.mark.parametrize(
    ("option", "claims"),
    [
        (
            "IDS は怪しい通信を止め、IPS は知らせるだけである",
            [["IDS", "怪しい通信を止め"], ["IPS", "知らせるだけである"]],
        ),
        ("どちらも無料である", [["X", "無料である"], ["Y", "無料である"]]),
        ("XもYも固体のまま電気を通す", [["X", "固体のまま電気を通す"], ["Y", "固体のまま電気を通す"]]),
        ("GPU に学習をさせられるのは Y だけである", [["Y", "GPU に学習をさせられる"]]),
        ("順番を並べ直す", []),
    ],
)
def test_a_statement_claims_something_of_each_of_its_subjects(option: str, claims: list[list[str]]) -> None:
    assert claims_of([option, "何もしない"], "X と Y の違いとして正しいものはどれか。")[0] == claims


@pytest.mark.parametrize(("length", "stated"), [(1, True), (24, True), (25, False)])
def test_the_subject_of_a_statement_is_short(length: int, stated: bool) -> None:
    subject = "固" * length
    (claims, _) = claims_of([f"{subject}は電気を通す", "何もしない"], "正しいものはどれか。")
    assert claims == ([[subject, "電気を通す"]] if stated else [])


def test_a_pair_has_up_to_three_parts() -> None:
    assert claims_of(["赤 → 夕日 → 西", "青 → 海"], "正しい組はどれか。") == [[["赤", "夕日", "西"]], [["青", "海"]]]
    assert claims_of(["赤 → 夕日 → 西 → 空", "青 → 海"], "正しい組はどれか。") == [[], []]


def test_names_are_found_though_the_maker_stands_before_each(assistant: Assistant) -> None:
    checked = assistant.check_question(question("会議の録音を文字にしたい。どのサービスを使うか。", *SERVICES))
    assert "not_in_notes" not in {option.support for option in checked.options}


def test_lines_about_another_thing_do_not_decide_what_the_notes_do_not_have(assistant: Assistant) -> None:
    """Some line is always the likeliest; it has to speak of what is asked."""
    checked = assistant.check_question(
        question(
            "Forecast の説明はどれか。", "録音した音声を文字に起こす", "文章を別の言語に訳す", "売上の推移を予測する"
        )
    )
    assert (checked.verdict, checked.answer) == ("undecided", ())


# -- what options state

MORE_NOTES = """\
# 受付

## モミジ受付とサクラ受付の組み合わせ

サクラ受付では、あとから予約の時刻を変えられる。

## 支払い

支払いは、現金、商品券、電子マネーで受け付ける。

# 決まり

- 犬を連れて入ることはできない
- 傘は入口で預ける
- 写真は自由に撮ってよい
- 飲み物は庭で売っている
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("desk")
    notes = folder / "notes"
    notes.mkdir()
    (notes / "desk.md").write_text(MORE_NOTES, encoding="utf-8")
    with Assistant(notes, folder / "index") as found:
        yield found


def test_a_line_under_a_heading_for_two_things_is_about_the_one_that_it_names(desk: Assistant) -> None:
    stem = "モミジ受付とサクラ受付を組み合わせたとき、あとから予約の時刻を変えられるのはどれか。"
    assert ahead(desk.check_question(question(stem, "モミジ受付", "ヤナギ受付", "サクラ受付"))) == "C"


def test_all_the_others_are_right_where_the_notes_bear_them_out_alike(desk: Assistant) -> None:
    checked = desk.check_question(
        question("支払いに使えるのはどれか。", "現金", "商品券", "電子マネー", "すべて正しい")
    )
    assert ahead(checked) == "D"
    assert cited(checked, "D") == [] or checked.answer == ("D",)


def test_a_combination_is_judged_by_the_items_that_it_names(desk: Assistant) -> None:
    stem = "決まりとして正しいものの組み合わせはどれか。\na 傘は入口で預ける\nb 傘は金庫の中に入れる\nc 写真は自由に撮ってよい"
    checked = desk.check_question(question(stem, "a と b", "a と c", "b と c"))
    assert ahead(checked) == "B"
    assert cited(checked, "B") == ["傘は入口で預ける", "写真は自由に撮ってよい"]
