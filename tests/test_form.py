"""What a question is about, and which side of that it asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant._form import Form, form_of


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
        "いくつもの関数を順番に動かすには",
        "品質を見張る方法は？",
        "S3のデータが大きすぎて待たされる。どうする？",
        "病院が患者データを扱う。法令への準拠のために結ぶべき契約は？",
        "A company wants to stream live video and recognise faces. Which service should it use?",
    ],
)
def test_a_wish_is_in_the_words_of_who_has_it(question: str) -> None:
    assert form_of(question) == Form(is_wish=True)


@given(st.text(max_size=80))
def test_any_text_has_a_form(text: str) -> None:
    form = form_of(text)
    assert not form.is_wish or form.subject == form.aspect == ""
