"""Conversations as people type them, and what the last question in each asks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.asking.followup import is_followup, resolve
from assistant.asking.question import understand
from assistant.limits import MAX_QUESTION_CHARACTERS
from assistant.text import normalise

#: What was asked before, the question, and the question made whole.
FOLLOW_UPS = [
    # the same question about something else
    ("SSE-KMSとは？", "じゃあSSE-S3は？", "SSE-S3とは？"),
    ("SSE-KMSとは？", "SSE-S3は？", "SSE-S3とは？"),
    ("SSE-KMSとは？", "SSE-S3は?", "SSE-S3とは？"),
    ("SSE-KMSとは？", "ＳＳＥ－Ｓ３は？", "SSE-S3とは？"),
    ("SSE-KMSとは？", "CSE-Cの場合は？", "CSE-Cとは？"),
    ("SSE-KMSとは？", "CSE-Cだと？", "CSE-Cとは？"),
    ("SSE-KMSとは？", "じゃあ SSE-C", "SSE-Cとは？"),
    ("SSE-KMSとは？", "What about SSE-C?", "SSE-Cとは？"),
    ("SSE-KMSって何？", "じゃあSSE-Cは", "SSE-Cって何？"),
    ("sqsとは", "snsは?", "snsとは"),
    ("SSE-KMS", "SSE-Cは？", "SSE-C"),
    ("Transcribeの料金は？", "Pollyは？", "Pollyの料金は？"),
    ("Transcribeの料金は？", "Pollyも教えて", "Pollyの料金は？"),
    ("Transcribeの料金は？", "PollyとLexは？", "PollyとLexの料金は？"),
    ("Transcribeの料金は？", "なるほど、Step Functionsはどう？", "Step Functionsの料金は？"),
    ("標準キューの特徴を教えて", "FIFOキューは？", "FIFOキューの特徴を教えて"),
    ("S3のライフサイクルとは？", "EFSは？", "EFSのライフサイクルとは？"),
    ("ポリーの料金は？", "トランスクライブは？", "トランスクライブの料金は？"),
    ("適合率とは？", "再現率は？", "再現率とは？"),
    ("教師あり学習のメリットは？", "教師なし学習は？", "教師なし学習のメリットは？"),
    ("鎌倉時代の文化は？", "室町時代は？", "室町時代の文化は？"),
    ("織田信長とは？", "じゃあ豊臣秀吉は？", "豊臣秀吉とは？"),
    ("Pollyは日本語に対応している？", "英語は？", "Pollyは英語に対応している？"),
    ("TCPは何番のプロトコル？", "UDPは？", "UDPは何番のプロトコル？"),
    ("ECSはコンテナを動かせる？", "EKSも？", "EKSはコンテナを動かせる？"),
    ("ECSとECRの違いは？", "では、FargateとEC2では？", "FargateとEC2の違いは？"),
    ("ECSとECRの違いは？", "EKSも？", "ECSとECRとEKSの違いは？"),
    ("ECSとECRの違いは？", "EKSは？", "ECSとECRとEKSの違いは？"),
    ("ECSとECRの違いは？", "ECRは？", "ECRとは？"),
    ("SQS vs SNS", "FargateとEC2は？", "FargateとEC2"),
    ("What is Polly?", "What about Transcribe?", "What is Transcribe?"),
    ("What is Polly?", "and Transcribe?", "What is Transcribe?"),
    ("What is a queue?", "How about a topic?", "What is a topic?"),
    ("How much does Polly cost?", "And for Transcribe?", "How much does Transcribe cost?"),
    ("Does SQS keep the order?", "Kinesis too?", "Does Kinesis keep the order?"),
    (
        "What is the difference between ECS and ECR?",
        "What about EKS?",
        "What is the difference between ECS and ECR and EKS?",
    ),
    # without its topic
    ("Pollyとは？", "料金は？", "Pollyの料金は？"),
    ("Pollyとは？", "料金", "Pollyの料金"),
    ("Pollyとは？", "じゃあ料金は?", "Pollyの料金は?"),
    ("Pollyとは？", "料金っていくら？", "Pollyの料金っていくら？"),
    ("Pollyとは？", "１時間あたりの料金は？", "Pollyの1時間あたりの料金は？"),
    ("Pollyとは？", "例は？", "Pollyの例は？"),
    ("Pollyとは？", "例えば？", "Pollyの例は？"),
    ("Pollyとは？", "具体例を教えて", "Pollyの具体例を教えて"),
    ("Pollyとは？", "使いどころは？", "Pollyの使いどころは？"),
    ("Pollyとは？", "上限は？", "Pollyの上限は？"),
    ("Pollyとは？", "メリットは？", "Pollyのメリットは？"),
    ("Pollyとは？", "メリットとデメリットは？", "Pollyのメリットとデメリットは？"),
    ("Pollyとは？", "主な機能は？", "Pollyの主な機能は？"),
    ("Pollyとは？", "保存期間は？", "Pollyの保存期間は？"),
    ("Pollyとは？", "何に使う？", "Pollyは何に使う？"),
    ("Pollyとは？", "いつ使うの", "Pollyはいつ使うの"),
    ("Pollyとは？", "いくら？", "Pollyはいくら？"),
    ("Pollyとは？", "無料？", "Pollyは無料？"),
    ("Pollyとは？", "高いですか？", "Pollyは高いですか？"),
    ("Pollyとは？", "なぜ？", "Pollyはなぜ？"),
    ("Pollyとは？", "詳しく", "Pollyについて詳しく"),
    ("Pollyとは？", "もっと詳しく", "Pollyについて詳しく"),
    ("Pollyとは？", "もう少し詳しく教えて", "Pollyについて詳しく教えて"),
    ("Pollyとは？", "一言で言うと？", "Pollyについて一言で言うと？"),
    ("Pollyの料金は？", "上限は？", "Pollyの上限は？"),
    ("Pollyの料金は？", "もっと詳しく", "Pollyの料金について詳しく"),
    ("S3のストレージクラスを全部挙げて", "料金は？", "S3のストレージクラスの料金は？"),
    ("S3のストレージクラスは？", "他には？", "S3のストレージクラス、他には？"),
    ("Pollyで音声を作るには？", "料金は？", "Pollyの料金は？"),
    ("光合成とは？", "仕組みは？", "光合成の仕組みは？"),
    ("応仁の乱とは？", "原因は？", "応仁の乱の原因は？"),
    ("What is Polly?", "料金は？", "Pollyの料金は？"),
    ("SQSとSNSの違いは？", "料金は？", "SQSとSNSそれぞれの料金は？"),
    ("SQSとSNSの違いは？", "何に使う？", "SQSとSNSはそれぞれ何に使う？"),
    ("SQSとSNSの違いは？", "もっと詳しく", "SQSとSNSの違いについて詳しく"),
    ("S3は鍵を自動で作る？", "なんで？", "なぜS3は鍵を自動で作る？"),
    ("What is Polly?", "Examples?", "Examples of Polly?"),
    ("What is Polly?", "What are the limits?", "What are the limits of Polly?"),
    ("What is Polly?", "What about pricing?", "pricing of Polly?"),
    ("What is Polly?", "Tell me more", "Tell me more about Polly"),
    ("What is Polly?", "Why?", "Why Polly?"),
    ("What is Polly?", "how much?", "how much is Polly?"),
    # casual typing
    ("SSE-KMSとは？", "じゃSSE-S3は", "SSE-S3とは？"),
    ("Pollyとは？", "使い方教えて", "Pollyの使い方教えて"),
    ("Pollyとは？", "料金いくら？", "Pollyの料金いくら？"),
    ("Pollyとは？", "ﾘｰｼﾞｮﾝは?", "Pollyのリージョンは?"),
    ("Pollyとは？", "制限ある？", "Pollyの制限ある？"),
    ("Pollyとは？", "もっと教えて", "Pollyについて詳しく"),
    ("Pollyとは？", "これ無料？", "Pollyは無料？"),
    ("Pollyとは？", "それ何？", "Pollyは何？"),
    ("Pollyとは？", "何の略？", "Pollyは何の略？"),
    ("SQSとSNSの違いは？", "結局どっち使えばいいの？", "SQSとSNSはどっち使えばいいの？"),
    ("Amazon Polly", "Amazon Lex は？", "Amazon Lex"),
    ("LexとPollyの違い", "じゃあ、Transcribe は？", "LexとPollyとTranscribeの違い"),
    ("人参の切り方は？", "玉ねぎは？", "玉ねぎの切り方は？"),
    ("肉じゃがの作り方は？", "材料は？", "肉じゃがの材料は？"),
    ("徳川家康とは？", "いつ生まれた？", "徳川家康はいつ生まれた？"),
    ("徳川家康の功績は？", "織田信長は？", "織田信長の功績は？"),
    ("IPv4のアドレスは何ビット？", "IPv6は？", "IPv6のアドレスは何ビット？"),
    ("S3のストレージクラスの種類は？", "それぞれの料金は？", "S3のストレージクラスそれぞれの料金は？"),
    ("What is Polly?", "is it free?", "is Polly free?"),
    ("What is Polly?", "give me an example", "give me an example of Polly"),
    ("What is Polly?", "how does it compare to Transcribe?", "how does Polly compare to Transcribe?"),
    ("What is the limit of Polly?", "and for Transcribe", "What is the limit of Transcribe?"),
    # pronouns
    ("Pollyとは？", "それの料金は？", "Pollyの料金は？"),
    ("Pollyとは？", "その料金は？", "Pollyの料金は？"),
    ("Pollyとは？", "これは何に使う？", "Pollyは何に使う？"),
    ("Pollyとは？", "それって無料？", "Pollyって無料？"),
    ("Pollyとは？", "そのサービスの上限は？", "Pollyの上限は？"),
    ("Pollyとは？", "どうやってそれを使うの？", "どうやってPollyを使うの？"),
    ("SQSとは？", "それとSNSの違いは？", "SQSとSNSの違いは？"),
    ("SQSとSNSの違いは？", "後者の料金は？", "SNSの料金は？"),
    ("SQSとSNSの違いは？", "前者は何に使う？", "SQSは何に使う？"),
    ("SQSとSNSの違いは？", "それぞれの料金は？", "SQSとSNSそれぞれの料金は？"),
    ("What is Polly?", "How much does it cost?", "How much does Polly cost?"),
    ("Pollyとは？", "How much does it cost?", "How much does Polly cost?"),
    ("What is Polly?", "What are its limits?", "What are Polly's limits?"),
    ("What is Polly?", "Does it support Japanese?", "Does Polly support Japanese?"),
    ("What is SQS?", "How does it differ from SNS?", "How does SQS differ from SNS?"),
    ("What is Polly?", "Is that one free?", "Is Polly free?"),
    ("What is the difference between ECS and ECR?", "Is the latter free?", "Is ECR free?"),
    ("What is the difference between ECS and ECR?", "What are they used for?", "What are ECS and ECR used for?"),
    # contrasts
    ("SQSとは？|SNSとは？", "両者の違いは？", "SQSとSNSの違いは？"),
    ("SQSとは？|SNSとは？", "その違いは？", "SQSとSNSの違いは？"),
    ("SQSとは？|SNSの料金は？", "違いは？", "SQSとSNSの違いは？"),
    ("SQSとは？|SNSとは？", "どう違うの？", "SQSとSNSはどう違うの？"),
    ("SQSとSNSの違いは？", "どっちが安い？", "SQSとSNSはどっちが安い？"),
    ("SQSとは？", "SNSとの違いは？", "SQSとSNSの違いは？"),
    ("SQSの料金は？", "じゃあSNSとはどう違う？", "SQSはSNSとはどう違う？"),
    ("SQSとは？", "SNSより安い？", "SQSはSNSより安い？"),
    ("What is SQS?|What is SNS?", "What's the difference?", "What is the difference between SQS and SNS?"),
    ("What is SQS?|What is SNS?", "How do they differ?", "How do SQS and SNS differ?"),
    ("SQS vs SNS", "Which is cheaper?", "Which is cheaper, SQS or SNS?"),
    ("What is SQS?", "vs SNS?", "SQS vs SNS?"),
]
WHOLE = [
    "S3のライフサイクルとは？",
    "暗号化方式を並べて",
    "EKSとは？",
    "What is Polly?",
    "Pollyについて教えて",
    "SQS",
    "FIFOキュー",
    "ライフサイクル",
    "SSE-S3？",
    "SQSとSNSの違いは？",
    "標準キューとFIFOキュー、どっちが速い？",
    "S3の暗号化方式は？",
    "キューの種類は？",
    "Pollyの料金は？",
    "トランスクライブの上限を教えて",
    "Lambda SageMaker エンドポイント 呼び出し",
    "複数のモデルを比較するには？",
    "モデルと実際のデータがずれていないか調べるには？",
    "大量のデータを夜間にまとめて処理したい",
    "比較的安いインスタンスは？",
    "誰がいつAPIを呼んだかを記録するには？",
    "なぜ空は青い？",
    "いつ鎌倉幕府が開かれた？",
    "それぞれの担当者にだけ鍵を渡すには？",
    "データをそのまま保存するには？",
    "学習データと違うデータが来たことに気づくには？",
    "目的関数とは？",
    "方法を変えずに速くしたい",
    "例外を処理するには？",
    "その他の関係者に知らせるには？",
    "それ以外のリージョンにコピーしたい",
    "もっと安いストレージに移すには？",
    "ではない、を英語で書くと？",
    "じゃがいものゆで方",
    "リージョンごとの料金の違いは？",
    "おいしいパンの焼き方は？",
    "何時間でキューのメッセージは消える？",
    "どうすればデータの順番を守れる？",
    "音声をテキストにしたい",
    "Who called the API?",
    "How do I keep messages in order?",
    "How long does it take to train a model?",
    "Is it possible to encrypt the whole disk?",
    "How do I upload a file and encrypt it?",
    "Which storage class is the cheapest?",
    "What are the built-in algorithms?",
    "What about encrypting the disk at rest?",
    "List the storage classes of S3",
    "standard for protecting credit card data",
    "production variant",
    "Does S3 replicate its objects?",
    "Why is the sky blue?",
    "How do I bake sourdough bread?",
    "It depends on the region, which one has GPUs?",
]

PAST = [
    ["Pollyとは？"],
    ["Transcribeの料金は？"],
    ["SQSとSNSの違いは？"],
    ["適合率とは？", "再現率とは？"],
    ["What is Polly?"],
    ["鍵の管理を任せるとどうなる？"],
    ["標準キュー"],
]


@pytest.mark.parametrize(("before", "question", "whole"), FOLLOW_UPS)
def test_a_follow_up_is_made_whole(before: str, question: str, whole: str) -> None:
    history = before.split("|")
    assert resolve(question, history) == whole
    assert is_followup(question, history)


@pytest.mark.parametrize("question", WHOLE)
def test_a_question_that_stands_alone_stays(question: str) -> None:
    for history in PAST:
        assert resolve(question, history) == question, history
        assert not is_followup(question, history)


@pytest.mark.parametrize(("_", "question", "whole"), FOLLOW_UPS)
def test_a_question_made_whole_needs_no_history_any_more(_: str, question: str, whole: str) -> None:
    assert resolve(whole, ["Lambdaの上限は？"]) == whole


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("じゃあEKSとは？", "EKSとは？"),
        ("では、FargateとEC2の違いは？", "FargateとEC2の違いは？"),
        ("ちなみにS3のライフサイクルとは？", "S3のライフサイクルとは？"),
        ("So, what is Polly?", "what is Polly?"),
    ],
)
def test_a_connective_before_a_whole_question_is_left_out(typed: str, meant: str) -> None:
    assert resolve(typed, ["ECSとECRの違いは？"]) == meant
    assert not is_followup(typed, ["ECSとECRの違いは？"])


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        (
            ["Pollyとは？", "料金は？", "Transcribeは？", "上限は？", "SQSは？"],
            ["Pollyとは？", "Pollyの料金は？", "Transcribeの料金は？", "Transcribeの上限は？", "SQSの上限は？"],
        ),
        (
            ["SQSとは？", "SNSは？", "両者の違いは？", "Kinesisも？", "それぞれの料金は？"],
            [
                "SQSとは？",
                "SNSとは？",
                "SQSとSNSの違いは？",
                "SQSとSNSとKinesisの違いは？",
                "SQSとSNSとKinesisそれぞれの料金は？",
            ],
        ),
        (
            ["What is Polly?", "How much does it cost?", "What about Transcribe?", "and its limits?"],
            [
                "What is Polly?",
                "How much does Polly cost?",
                "How much does Transcribe cost?",
                "Transcribe's limits?",
            ],
        ),
    ],
)
def test_a_conversation(typed: list[str], whole: list[str]) -> None:
    history: list[str] = []
    for question in typed:
        history.append(resolve(question, history))
    assert history == whole


@pytest.mark.parametrize(
    ("before", "question", "sides"),
    [
        ("SSE-S3とは？|SSE-KMSとは？", "違いは？", ("SSE-S3", "SSE-KMS")),
        ("ECSとECRの違いは？", "EKSも？", ("ECS", "ECR", "EKS")),
        ("標準キューとFIFOキューの違いは？", "どっちが速い？", ("標準キュー", "FIFOキュー")),
        ("標準キューとFIFOキューの違いは？", "上限は？", ("標準キュー", "FIFOキュー")),
        ("SQSとは？", "SNSとの違いは？", ("SQS", "SNS")),
        ("SQSとは？", "SNSとどう違う？", ("SQS", "SNS")),
        ("SQS vs SNS", "What about Kinesis?", ("SQS", "SNS", "Kinesis")),
    ],
)
def test_comparisons_are_understood_as_such(before: str, question: str, sides: tuple[str, ...]) -> None:
    assert set(understand(resolve(question, before.split("|"))).sides) == set(sides)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("Pollyとは？", "違いは？"),
        ("Pollyとは？", "後者の料金は？"),
        ("Pollyとは？", "どっちが安い？"),
        ("商品のおすすめを出したい", "料金は？"),
        ("商品のおすすめを出したい", "Personalizeは？"),
        ("S3に置いたデータをKMSで暗号化するには？", "SSE-Cは？"),
        ("Pollyの料金は？", "再現率は？"),
        ("What is Polly?", "Which is cheaper?"),
        ("Pollyとは？", "日本語は？"),
        ("Pollyとは？", "日本語に対応してる？"),
        ("Pollyとは？", "ありがとう"),
        ("SQSとSNSの違いは？", "再現率は？"),
        ("あ" * 300, "もっと詳しく"),
    ],
)
def test_what_the_history_does_not_settle_stays(before: str, question: str) -> None:
    assert resolve(question, [before]) == question


@given(st.text(max_size=120))
@settings(max_examples=100, deadline=None)
def test_without_history_every_question_stays(question: str) -> None:
    assert resolve(question, []) == question
    assert not is_followup(question, [])


_some = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "じゃあ",
                "それ",
                "その",
                "S3",
                "SNS",
                "と",
                "の",
                "違い",
                "料金",
                "は",
                "？",
                "、",
                " ",
                "what about ",
                "it ",
                "なぜ",
            ]
        ),
        max_size=8,
    ).map("".join),
    st.sampled_from([question for _, question, _ in FOLLOW_UPS]),
)


@given(_some, st.lists(st.one_of(_some, st.sampled_from([past for past, _, _ in FOLLOW_UPS])), max_size=5))
@settings(max_examples=300, deadline=None)
def test_any_conversation_has_a_next_question(question: str, history: list[str]) -> None:
    whole = resolve(question, history)
    assert bool(whole.strip()) == bool(question.strip())
    assert len(whole) <= MAX_QUESTION_CHARACTERS
    if not is_followup(question, history):
        assert _letters(whole) in _letters(question)


def _letters(text: str) -> str:
    return "".join(normalise(text).split())


@pytest.mark.parametrize("unit", ["S3と", "それの", "は", "じゃあ", "what about ", "if ", "料金と", "ァ", "漢", "の"])
def test_long_texts_take_little_time(unit: str) -> None:
    long = (unit * 10_000)[:10_000]
    begun = time.perf_counter()
    for question in (long, long[:80], unit * 8):
        for before in (long, long[:150], "Pollyとは？"):
            assert len(resolve(question, [before] * 6)) <= MAX_QUESTION_CHARACTERS
    assert time.perf_counter() - begun < 2
