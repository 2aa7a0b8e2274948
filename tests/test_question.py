"""Wordings that people use, and what each asks for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.asking.question import understand

COMPARISONS = {
    # 違い
    "SSE-KMSとSSE-Cの違いは？": ["SSE-KMS", "SSE-C"],
    "SSE-KMSとSSE-Cの違いを教えてください。": ["SSE-KMS", "SSE-C"],
    "SSE-KMSとSSE-Cって何が違うの": ["SSE-KMS", "SSE-C"],
    "SSE-KMSとSSE-Cはどう違いますか？": ["SSE-KMS", "SSE-C"],
    "SSE-KMSとSSE-Cはどこがちがう？": ["SSE-KMS", "SSE-C"],
    "SSE-KMS と SSE-C の違い": ["SSE-KMS", "SSE-C"],
    "ＳＱＳとＳＮＳの違いは？": ["SQS", "SNS"],
    "「標準キュー」と「FIFOキュー」の違いは何ですか": ["標準キュー", "FIFOキュー"],
    "適合率と再現率の違い": ["適合率", "再現率"],
    "教師あり学習と教師なし学習の違いについて説明して": ["教師あり学習", "教師なし学習"],
    "SSE-S3とSSE-KMSとSSE-Cの違いは？": ["SSE-S3", "SSE-KMS", "SSE-C"],
    "SSE-S3、SSE-KMS、SSE-Cの違いは？": ["SSE-S3", "SSE-KMS", "SSE-C"],
    "SSE-S3・SSE-KMS・SSE-Cの違い": ["SSE-S3", "SSE-KMS", "SSE-C"],
    "SQSおよびSNSの違い": ["SQS", "SNS"],
    "TextractはRekognitionとどう違う？": ["Textract", "Rekognition"],
    "SQSってSNSと何が違うの？": ["SQS", "SNS"],
    "酸化 還元 違い": ["酸化", "還元"],
    "SQS SNS 違い": ["SQS", "SNS"],
    "ランダムサーチとベイズ最適化の相違点": ["ランダムサーチ", "ベイズ最適化"],
    "L1正則化とL2正則化の差は？": ["L1正則化", "L2正則化"],
    "LDAとNTMはどう使い分ける？": ["LDA", "NTM"],
    "LDAとNTMの使い分けは？": ["LDA", "NTM"],
    "偽陽性と偽陰性はどう見分ける？": ["偽陽性", "偽陰性"],
    "EBSとEFSの区別がつかない": ["EBS", "EFS"],
    "CAPTCHAと認証の違い": ["CAPTCHA", "認証"],
    "AとBの違い": ["A", "B"],
    "SQSとSNSの使い方の違い": ["SQS", "SNS"],
    "筋肉注射と皮下注射の角度の違いは？": ["筋肉注射", "皮下注射"],
    "銀の炎と銅の炎の違い": ["銀の炎", "銅の炎"],
    "SQSとSNSの違いを表にして": ["SQS", "SNS"],
    "SSEとCSEの違いを3行で": ["SSE", "CSE"],
    "precision/recallの違い": ["precision", "recall"],
    "オンデマンドとスポット、料金の違いは？": ["オンデマンド", "スポット"],
    "S3標準とGlacier、取り出しの速さはどう違う？": ["S3標準", "Glacier"],
    "トピックモデリングでLDAとNTMの違いは？": ["LDA", "NTM"],
    "ElastiCacheはRedisとMemcachedでどう違う？": ["Redis", "Memcached"],
    "SQSに対してSNSは何が違う？": ["SQS", "SNS"],
    "どう違うの？SQSとSNS": ["SQS", "SNS"],
    "SQSとSNSは何に使う？違いは": ["SQS", "SNS"],
    "Sloop Rigの帆の名前はKetchとどう違う？": ["Sloop Rigの帆の名前", "Ketch"],
    # 比較、どちら、それぞれ
    "SQSとSNSを比較して": ["SQS", "SNS"],
    "SQSとSNSを比べると？": ["SQS", "SNS"],
    "SQSとSNSはどちらを使う？": ["SQS", "SNS"],
    "SQSとSNS、どっちを使えばいい？": ["SQS", "SNS"],
    "SQSとSNSのどちらが安い？": ["SQS", "SNS"],
    "SQSとSNSはそれぞれ何をするサービス？": ["SQS", "SNS"],
    "RDSとAuroraどっちがいい": ["RDS", "Aurora"],
    "RDSとAuroraならどっち？": ["RDS", "Aurora"],
    "安いのはRDSとAuroraのどちら？": ["RDS", "Aurora"],
    "S3とGlacierのどちらに置くべき？": ["S3", "Glacier"],
    "SPF DKIM DMARC 違い": ["SPF", "DKIM", "DMARC"],
    # names and nothing else
    "SQSとSNS": ["SQS", "SNS"],
    "FIFOとLRUとLFU？": ["FIFO", "LRU", "LFU"],
    "享保の改革と寛政の改革": ["享保の改革", "寛政の改革"],
    # ではなく
    "SNSではなくSQSを使う理由は？": ["SNS", "SQS"],
    "FIFOキューじゃなくて標準キューを選ぶのはいつ？": ["FIFOキュー", "標準キュー"],
    # vs
    "SQS vs SNS": ["SQS", "SNS"],
    "SQS VS SNS どっちがいい？": ["SQS", "SNS"],
    "SQS vs. SNS": ["SQS", "SNS"],
    # English
    "What is the difference between SSE-KMS and SSE-C?": ["SSE-KMS", "SSE-C"],
    "What are the differences between SQS, SNS and MQ?": ["SQS", "SNS", "MQ"],
    "difference between precision and recall": ["precision", "recall"],
    "How does SQS differ from SNS?": ["SQS", "SNS"],
    "How do SQS and SNS differ?": ["SQS", "SNS"],
    "How is SQS different from SNS?": ["SQS", "SNS"],
    "Compare SQS and SNS": ["SQS", "SNS"],
    "Compare SQS with SNS.": ["SQS", "SNS"],
    "How does SQS compare to SNS?": ["SQS", "SNS"],
    "What distinguishes SQS from SNS?": ["SQS", "SNS"],
    "What sets SQS apart from SNS?": ["SQS", "SNS"],
    "When should I use SQS instead of SNS?": ["SQS", "SNS"],
    "Why choose SQS over SNS?": ["SQS", "SNS"],
    "Should I use SQS or SNS?": ["SQS", "SNS"],
    "Which is cheaper, SQS or SNS?": ["SQS", "SNS"],
    "What is better, SQS or SNS?": ["SQS", "SNS"],
    "SQS or SNS?": ["SQS", "SNS"],
    "How do I choose between SQS and SNS?": ["SQS", "SNS"],
    "When should I use SQS vs SNS?": ["SQS", "SNS"],
    "SQS versus SNS for fan-out": ["SQS", "SNS"],
    "Explain the difference between SQS and SNS in simple terms.": ["SQS", "SNS"],
    "What's the difference between a queue and a topic?": ["queue", "topic"],
    "the standard queue vs the FIFO queue": ["standard queue", "FIFO queue"],
}

LISTS = [
    "与薬のときに確かめる6つの項目は？",
    "推論の4つの形とは何ですか",
    "VPNの種類は？",
    "S3のストレージクラスを全部挙げて",
    "S3の暗号化方式の一覧",
    "Rekognitionでできることを列挙してください",
    "組み込みアルゴリズムにはどんなものがある？",
    "どんな組み込みアルゴリズムがありますか",
    "Comprehendには何がある？",
    "キューの種類は？",
    "キューの種類をすべて教えて",
    "暗号化の方式をリストアップして",
    "List the storage classes of S3",
    "What are the built-in algorithms?",
    "Name all the ways to encrypt S3",
    "Which algorithms are built in?",
]

LOOKUPS = [
    "胎盤を通るのはどの種類？",
    "PollyとLexは？",
    "1853年に何があった？",
    "純物質と混合物の例は？",
    "酸化と還元を習う時期は？",
    "2つのゾーンに置く理由は？",
    "1つの答えは？",
    "S3とは？",
    "S3とは何ですか",
    "S3って何",
    "SQS",
    "FIFOキューの特徴は？",
    "キューの順番は保証される？",
    "鍵の管理を任せるとどうなる？",
    "モデルと実際のデータがずれていないか調べるには？",
    "学習データと違うデータが来たことに気づくには？",
    "前のモデルと比べて精度が落ちたら知らせてほしい",
    "誰がいつAPIを呼んだかを記録するには？",
    "大量のデータを夜間にまとめて処理したい",
    "画像と動画を見分けるAPIは？",
    "データとラベルのずれを比較するツールは？",
    "入力と出力をそれぞれ暗号化するには？",
    "顔の検出・比較・検索ができるのは？",
    "複数のモデルを比較するには？",
    "学習と推論の両方で使えるインスタンスは？",
    "リージョンごとの料金の違いは？",
    "バージョンの違いでエラーになるときは？",
    "SageMakerとの違いは？",
    "画像をどちらのサービスで見る？",
    "TLSで乱数を先に送るのはサーバとクライアントのどちら？",
    "個体差のあるデータを扱うには？",
    "料金はどちらに請求される？",
    "違いの分かる人とは？",
    "比較的安いインスタンスは？",
    "S3とEC2を組み合わせて使うには？",
    "LambdaとS3で何ができる？",
    "IAMとはどんな仕組み？",
    "間違いを減らすには？",
    "What is SQS?",
    "Who called the API?",
    "How do I compare two models?",
    "How do I keep messages in order?",
    "What happens when a model drifts?",
    "How can I tell whether the data has drifted?",
    "What does 'different' mean in the test?",
    "Where do SQS and SNS keep their logs?",
]


@pytest.mark.parametrize("text", COMPARISONS)
def test_comparisons_and_their_sides(text: str) -> None:
    question = understand(text)
    assert question.kind == "comparison"
    assert sorted(map(str.casefold, question.sides)) == sorted(map(str.casefold, COMPARISONS[text]))


@pytest.mark.parametrize(
    "text",
    [
        "帆船の主要な特徴を教えて",
        "錨の特徴をまとめて",
        "Which sail types does a ketch have?",
        "What tools do sailors need?",
        "types of anchors",
    ],
)
def test_several_of_a_thing_are_a_list(text: str) -> None:
    assert understand(text).kind == "list"


@pytest.mark.parametrize(
    "text", ["What does an anchor do?", "Which class does it have?", "What AWS does", "帆船の特徴は？"]
)
def test_one_thing_is_no_list(text: str) -> None:
    assert understand(text).kind == "lookup"


def test_what_products_are_compared_by_is_no_part_of_a_name() -> None:
    assert understand("SloopとKetchの速度の違いは？").sides == ("Sloop", "Ketch")
    assert understand("錨の種類をどう決める？").kind == "lookup"


def test_what_is_asked_of_something_is_no_definition() -> None:
    assert understand("What does code 7 from the engine mean?").defines is None
    assert understand("What does the FailureReason option tell you?").defines is None
    assert understand("What is a remedy against rust?").defines is None
    assert understand("meaning of SOG").defines == "SOG"


@pytest.mark.parametrize("text", ["What is SOG used for?", "What does SOG stand for?", "What does SOG mean?"])
def test_what_a_name_means_is_asked_for_without_its_verb(text: str) -> None:
    assert understand(text).defines == "SOG"


@pytest.mark.parametrize("text", LISTS)
def test_lists(text: str) -> None:
    assert (understand(text).kind, understand(text).sides) == ("list", ())


@pytest.mark.parametrize("text", LOOKUPS)
def test_what_is_neither(text: str) -> None:
    assert (understand(text).kind, understand(text).sides) == ("lookup", ())


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_is_understood(text: str) -> None:
    question = understand(text)
    assert question.text == text
    assert (question.kind == "comparison") == (len(question.sides) >= 2)
    assert len(set(question.sides)) == len(question.sides)


@pytest.mark.parametrize(
    "text", ["A" * 10_000, "と" * 10_000 + "の違い", "、" * 10_000 + "違い", "A vs " * 2_000, " " * 10_000]
)
def test_a_long_text_is_understood_in_time(text: str) -> None:
    understand(text)


def test_no_more_sides_than_can_be_shown() -> None:
    names = "、".join(f"方式{letter}" for letter in "ABCDEFGHIJ")
    assert 2 <= len(understand(f"{names}の違いは？").sides) <= 6


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("KMSは何ですか", "KMS"),
        ("KMSって何？", "KMS"),
        ("KMSは何をするもの？", "KMS"),
        ("KMSとは何の略？", "KMS"),
        ("L2スイッチは何層の機器？", None),
        ("P系は何向け？", None),
        ("KMSは何で守る？", None),
        ("KMSは何バイト？", None),
    ],
)
def test_the_name_whose_meaning_is_asked_for(text: str, name: str | None) -> None:
    assert understand(text).defines == name
