"""What a question is about, and which side of that it asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.asking.form import Form, form_of


@pytest.mark.parametrize(
    ("question", "subject", "aspect"),
    [
        ("SQSのメッセージの最大サイズは？", "SQS", "最大サイズ"),
        ("Lexの同時接続数は？", "Lex", "同時接続数"),
        ("Personalizeのレシピの種類は？", "Personalize", "レシピ"),
        ("ISO 27001の取得にかかる費用", "ISO 27001", "取得"),
        ("IAMフェデレーションの設定手順を教えてください", "IAMフェデレーション", "設定手順"),
        ("水素結合の結合エネルギーは？", "水素結合", "結合エネルギー"),
        ("Pollyとは", "Polly", ""),
        ("CodeCommitの特徴を教えて", "CodeCommit", ""),
        ("EKSの正式名称", "EKS", ""),
        ("What is AWS Glue?", "AWS Glue", ""),
        ("Debuggerの重みの設定方法", "Debugger", "重み"),
        ("Ground Truthの自動ラベリングの仕組み", "Ground Truth", "自動ラベリング"),
        ("リポジトリの作り方は？", "リポジトリ", "作り方"),
        ("3つの階層は？", "3つの階層", ""),
        ("帆船の3つの帆柱を教えて", "帆船", "帆柱"),
        ("SOGは何の指標？", "SOG", ""),
        ("ketchって何のためのライブラリ？", "ketch", ""),
        ("なぜ錨は重い？", "錨", ""),
        ("Ketchは何をするサービス？", "Ketch", ""),
    ],
)
def test_what_is_asked_about_and_which_side_of_it(question: str, subject: str, aspect: str) -> None:
    form = form_of(question)
    assert (form.subject, form.aspect) == (subject, aspect)
    assert form.topical
    assert not form.is_wish


@pytest.mark.parametrize(
    "question",
    [
        "参勤交代を制度にした将軍は誰ですか",  # the kind of thing that the answer is
        "心臓の拍動の出発点になるのはどこですか",
        "ストリームプロセッサを作成するAPIは？",
        "Who invented it?",
    ],
)
def test_no_side_is_asked_for(question: str) -> None:
    assert form_of(question).aspect == ""


@pytest.mark.parametrize("question", ["炎色反応 バリウム", "鍵を管理するのは？", "How does it work?", "？", ""])
def test_nothing_is_the_topic(question: str) -> None:
    assert not form_of(question).topical


@pytest.mark.parametrize(
    "question",
    [
        "商品のおすすめを出したい",
        "帆を手で畳みたくない",
        "いくつもの関数を順番に動かすには",
        "品質を見張る方法は？",
        "S3のデータが大きすぎて待たされる。どうする？",
        "病院が患者データを扱う。法令への準拠のために結ぶべき契約は？",
        "A company wants to stream live video and recognise faces. Which service should it use?",
    ],
)
def test_a_wish_is_in_the_words_of_who_has_it(question: str) -> None:
    form = form_of(question)
    assert form == Form(form.subject, is_wish=True)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("EMRでSparkを動かすには", "EMR"),
        ("AWS WAFでSQLインジェクションを防ぐには", "AWS WAF"),
        ("Webサイトの文章を読み上げたい", ""),  # a thing that somebody has, rather than a name
        ("PDFを文字にしたい", ""),
        ("商品のおすすめを出したい", ""),
    ],
)
def test_a_wish_may_begin_with_a_name(question: str, subject: str) -> None:
    assert form_of(question) == Form(subject, is_wish=True)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Pollyが対応している言語は？", "言語"),
        ("フェデレーションで使えるプロトコルを教えて", "プロトコル"),
        ("Greengrassはどの言語で書ける？", "言語"),
        ("ノートブックの起動方法は？", "起動"),
        ("帆の縫い目にはどんな種類がある？", "縫い目"),
        ("呼吸のパターンにはどんな種類がある？", ""),  # as 種類
        ("Auto Scalingが対応しているサービスは？", ""),  # any description tells that
        ("Pollyとは", ""),
    ],
)
def test_of_which_kind_the_answer_is(question: str, kind: str) -> None:
    assert form_of(question).kind == kind


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Transcribeは日本語に対応している？", "は日本語に対応している"),
        ("RAID5は1台壊れても動きますか", "は1台壊れても動きますか"),
        ("Transcribeは何語に対応している？", ""),
        ("鍵を管理するのは誰か", ""),
        ("Transcribeは日本語に対応している", ""),  # nothing is asked
        ("Does it work?", ""),
    ],
)
def test_what_is_to_be_answered_with_yes_or_no(question: str, claim: str) -> None:
    assert form_of(question).claim == claim


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("What is the service interval of a winch?", "service interval"),
        ("Which ports does the ferry call at?", "ports"),
        ("Which harbours accept pets?", "harbours"),
        ("What is the purpose of a winch?", ""),
        ("Which types of winches are there?", ""),
        ("What is a winch?", ""),
        ("How does a winch work?", ""),
    ],
)
def test_which_side_is_asked_for_in_english(question: str, aspect: str) -> None:
    assert form_of(question).aspect == aspect


@pytest.mark.parametrize(("question", "defines"), [("Pollyとは？", True), ("Pollyの料金は？", False)])
def test_whether_nothing_but_the_meaning_is_asked_for(question: str, defines: bool) -> None:
    assert form_of(question).defines is defines


@given(st.text(max_size=80))
def test_any_text_has_a_form(text: str) -> None:
    form = form_of(text)
    assert not form.is_wish or form == Form(form.subject, is_wish=True)


@pytest.mark.parametrize(
    ("question", "named", "whole"),
    [
        ("Pollyのユースケースは？", "ユースケース", "Polly"),
        ("Pollyの語彙表の特徴を教えてください", "特徴", "Pollyの語彙表"),
        ("Pollyの音声の形式は何ですか", "形式", "Pollyの音声"),
        ("享保の改革はいつ始まった？", "", ""),
        ("Pollyとは？", "", ""),
    ],
)
def test_the_side_that_is_asked_for_as_it_is_named(question: str, named: str, whole: str) -> None:
    form = form_of(question)
    assert (form.named, form.whole) == (named, whole)
