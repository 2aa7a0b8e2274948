"""Names, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.naming.names import best_likeness, likeness, mentions, name_candidates, squash

#: From here on, the comparison takes two names for one.
SAME = 0.8


@pytest.mark.parametrize(
    ("written", "squashed"),
    [
        ("CSE-KMS", "csekms"),
        ("ＣＳＥ－ＫＭＳ", "csekms"),
        ("CSE KMS", "csekms"),
        ("ｱﾏｿﾞﾝ S3", "アマゾンs3"),
        ("「鍵」の管理！", "鍵の管理"),
        ("…", ""),
        ("", ""),
    ],
)
def test_squash(written: str, squashed: str) -> None:
    assert squash(written) == squashed


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("S3", "S3とは？"),
        ("S3", "Amazon S3に置く"),
        ("s3", "Ｓ３の料金"),
        ("CSE-KMS", "CSE KMSとSSE-Cの違い"),
        ("CSE KMS", "(CSE-KMS)"),
        ("SageMaker", "Sage Makerで学習する"),
        ("k-NN", "K-NNを使う"),
        ("鍵", "暗号鍵の管理"),
        ("バージョニング", "ﾊﾞｰｼﾞｮﾆﾝｸﾞを有効にする"),
        ("Random Cut Forest", "what is random-cut forest for"),
        ("S3 Glacier", "S3-Glacierに移す"),
        ("読み、書き", "次は読み、書きの順"),
    ],
)
def test_a_text_mentions_a_name(name: str, text: str) -> None:
    assert mentions(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("S3", "S30とAS3"),
        ("EC2", "SEC2"),
        ("Glue", "Gluey things"),
        ("LDA", "Lambda"),
        ("SSE-C", "SSE-KMSとCSE-KMS"),
        ("IAM", "I amuse"),
        ("Polly", "ポリシー"),
        ("", "何でも"),
        ("…", "…"),
        ("鍵", ""),
        ("Ac", "表のa〜cから選ぶ"),
        ("S3 Glacier", "S3、Glacier、EBSを比べる"),
    ],
)
def test_a_text_does_not_mention_a_name(name: str, text: str) -> None:
    assert not mentions(name, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CSE-KMS", "cse kms"),
        ("SageMaker", "セージメーカー"),
        ("Forecast", "フォーキャスト"),
        ("Lambda", "ラムダ"),
        ("Polly", "ポリー"),
        ("Comprehend", "コンプリヘンド"),
        ("Textract", "テキストラクト"),
        ("Kinesis", "キネシス"),
        ("DynamoDB", "DynmoDB"),
        ("Rekognition", "Recognition"),
        ("Forecast", "Forcast"),
        ("Cinesis", "Kinesis"),
        ("inference", "inferece"),
        ("バージョニング", "バージョンニング"),
    ],
)
def test_one_name_in_two_writings(one: str, other: str) -> None:
    assert likeness(one, other) >= SAME
    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=0.1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("S3", "S4"),
        ("EC2", "EC3"),
        ("SQS", "SNS"),
        ("SSE-C", "CSE-C"),
        ("Glue", "Blue"),
        ("Polly", "Lex"),
        ("Lambda", "ランク"),
        ("Translate", "Transcribe"),
        ("K-Means", "k-NN"),
        ("SageMaker", "Forecast"),
        ("ラムダ", "ランダム"),
        ("Formation", "Information"),
        ("Macie", "Machine"),
        ("", ""),
        ("", "S3"),
    ],
)
def test_two_names(one: str, other: str) -> None:
    assert likeness(one, other) < SAME


@pytest.mark.parametrize(
    ("name", "text", "same"),
    [
        ("フォーキャスト", "Forecastは売上を見積もる", True),
        ("セージメーカー", "Amazon SageMaker Studioを開く", True),
        ("Sage Maker Studio", "SageMaker Studio とノートブック", True),
        ("Dynamo DB", "DynamoDBの表", True),
        ("S3", "S3に置く", True),
        ("S3", "EC2に置く", False),
        ("レックス", "Pollyは文章を音声にする", False),
        ("Kendra", "", False),
    ],
)
def test_the_most_alike_name_of_a_text(name: str, text: str, same: bool) -> None:
    assert (best_likeness(name, text) >= SAME) is same


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert 0 <= best_likeness(one, other) <= 1
    assert likeness(one, one) == (1 if squash(one) else 0)
    if mentions(one, other):
        assert best_likeness(one, other) == 1


def test_the_likest_name_in_a_text_is_the_likest_of_all_its_names() -> None:
    names = ("Forecast", "フォーキャスト", "SageMaker", "Kinesis", "ラムダ", "GateKeeper", "x")
    texts = (
        "予測には Forcast や ForeCasts を使う。カイネシスとサーバーも、Sage-Makers も。",
        "gate keepers, kinesys and sagemaker canvas",
        "タイマーとラムネ",
        "",
    )
    for name in names:
        for text in texts:
            every = [likeness(name, candidate) for candidate in name_candidates(text)]
            likest = 1.0 if mentions(name, text) else max(every, default=0.0)
            assert best_likeness(name, text) == (likest if likest >= SAME else 0.0)


def test_few_consonants_are_all_the_same() -> None:
    assert not best_likeness("ファイルモード", "FPGAs (Field Programmable Gate Arrays)")
    assert best_likeness("ポリー", "Polly")
