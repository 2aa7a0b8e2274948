"""What is marked as the difference between the quotes of a comparison."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.differences import differing

#: Each quote with the expected marks in 〔〕; before it, the side's name.
MARKED: list[list[tuple[str, str]]] = [
    # encryption and storage
    [
        (
            "SSE-KMS",
            "SSE KMS (Server-Side Encryption with KMS) は、〔サーバー側〕でデータを暗号化し、〔KMSを使用して暗号鍵を管理する〕方法です。",
        ),
        (
            "CSE-C",
            "CSE-C (Client-Side Encryption with Customer keys) は、〔クライアント側〕でデータを暗号化し、〔ユーザーが提供した暗号鍵を使用して暗号化する〕方法です。",
        ),
    ],
    [
        ("SSE-S3", "SSE-S3は〔AWS〕が鍵を管理する。"),
        ("SSE-KMS", "SSE-KMSは〔KMS〕で鍵を管理する。"),
        ("SSE-C", "SSE-Cは〔利用者〕が鍵を管理する。"),
    ],
    [
        ("S3標準", "S3標準は、〔よく使う〕データを保存するクラスで、取り出し料金が〔かからない〕。"),
        ("Glacier", "S3 Glacierは、〔めったに使わない〕データを保存するクラスで、取り出し料金が〔かかる〕。"),
    ],
    [
        ("EBS", "EBSは〔1台〕のインスタンスから使う〔ブロックストレージ〕"),
        ("EFS", "EFSは〔複数〕のインスタンスから使う〔ファイルストレージ〕"),
    ],
    [
        ("SQS", "Amazon Simple Queue Service (SQS) はメッセージを〔キューにためる〕サービス。"),
        ("SNS", "Amazon SNSはメッセージを〔複数の宛先に配る〕サービス。"),
    ],
    [("標準キュー", "標準キューは順番が〔保証されない〕。"), ("FIFOキュー", "FIFOキューは順番が〔保証される〕。")],
    [("", "〔最大15〕 分まで実行できる"), ("", "〔最大30〕 分まで実行できる")],
    # networking
    [
        ("TCP", "TCPは接続を〔確立して〕から送信し、到達を〔保証する〕。"),
        ("UDP", "UDPは接続を〔確立せず〕に送信し、到達を〔保証しない〕。"),
    ],
    [
        ("IPv4", "IPv4のアドレスは〔32ビット〕で表す。"),
        ("IPv6", "IPv6のアドレスは〔128ビット〕で表す。"),
    ],
    [
        (
            "セキュリティグループ",
            "セキュリティグループは〔インスタンス〕の通信を制御し、戻りの通信を〔自動で許可する〕。",
        ),
        ("ネットワークACL", "ネットワークACLは〔サブネット〕の通信を制御し、戻りの通信を〔許可しない〕。"),
    ],
    # history
    [
        ("鎌倉幕府", "鎌倉幕府は〔1192年に源頼朝が鎌倉〕に開いた武家政権です。"),
        ("江戸幕府", "江戸幕府は〔1603年に徳川家康が江戸〕に開いた武家政権です。"),
    ],
    [
        ("縄文土器", "縄文土器は〔厚手〕で、〔低温〕で焼かれた土器。"),
        ("弥生土器", "弥生土器は〔薄手〕で、〔高温〕で焼かれた土器。"),
    ],
    # science
    [
        ("強酸", "強酸は水中で〔完全〕に電離する酸である。"),
        ("弱酸", "弱酸は水中で〔一部だけ〕電離する酸です。"),
    ],
    [
        ("L1正則化", "L1正則化は重みの〔絶対値〕の和を罰則に加える。"),
        ("L2正則化", "L2正則化は重みの〔二乗〕の和を罰則に加える。"),
    ],
    # cooking
    [
        ("玉ねぎ", "玉ねぎは〔薄切りにして弱火で20分〕炒める。"),
        ("にんじん", "にんじんは〔千切りにして強火で5分〕炒める。"),
    ],
    [
        ("濃口", "濃口しょうゆは色が〔濃く〕、塩分は〔低め〕。"),
        ("薄口", "薄口しょうゆは色が〔薄く〕、塩分は〔高め〕。"),
    ],
    # English
    [
        ("", "Encrypts data on the 〔server〕 with keys 〔managed by AWS〕."),
        ("", "Encrypts data on the 〔client〕 with keys 〔supplied by the user〕."),
    ],
    [
        ("TCP", "TCP is a 〔connection-oriented〕 protocol that 〔guarantees〕 delivery."),
        ("UDP", "UDP is a 〔connectionless〕 protocol that does 〔not guarantee〕 delivery."),
    ],
    [
        ("SQS", "SQS 〔keeps〕 messages in a 〔queue〕 until read."),
        ("Kinesis", "Kinesis 〔stores〕 messages in a 〔stream〕 until read."),
    ],
    # tables
    [("", "| 順番の保証 | 〔○〕 |"), ("", "| 順番の保証 | 〔×〕 |")],
    # one side says more
    [("", "ログを保存する"), ("", "ログを〔自動〕で保存する")],
]

UNMARKED = [
    # nothing but the wording differs
    ["データを暗号化します。", "データを暗号化する"],
    ["鍵の管理", "鍵を管理する"],
    ["ＫＭＳで管理", "KMSで管理"],
    ["The key is managed by KMS", "the key was managed by KMS."],
    # too little in common
    [
        "キューにメッセージをためて、受け取る側の都合で処理できるようにするサービス。",
        "一つのメッセージを、メールやLambdaなど複数の宛先へ同時に送る通知サービス。",
    ],
    ["順番は保証されないが、処理量に上限がない", "送った順に届き、重複もしない"],
    ["A managed relational database.", "Records every API call in the account."],
    # nothing to compare
    ["", "データを暗号化する"],
    ["、。", "データを暗号化する"],
    ["データを暗号化する"],
    [],
]


def _show(quote: str, spans: tuple[tuple[int, int], ...]) -> str:
    shown, at = "", 0
    for start, end in spans:
        shown += f"{quote[at:start]}〔{quote[start:end]}〕"
        at = end
    return shown + quote[at:]


@pytest.mark.parametrize("sides", MARKED, ids=lambda sides: sides[0][0] or "unnamed")
def test_words_that_differ_are_marked(sides: list[tuple[str, str]]) -> None:
    quotes = [re.sub("[〔〕]", "", marked) for _, marked in sides]
    spans = differing(quotes, [name for name, _ in sides])
    assert [_show(quote, own) for quote, own in zip(quotes, spans, strict=True)] == [marked for _, marked in sides]


@pytest.mark.parametrize("quotes", UNMARKED)
def test_nothing_is_marked(quotes: list[str]) -> None:
    assert differing(quotes) == tuple(() for _ in quotes)


def test_the_names_are_marked_only_where_they_are_not_known() -> None:
    quotes = ["SQSはメッセージを運ぶ。SQSは安い。", "SNSはメッセージを運ぶ。SNSは安い。"]
    assert differing(quotes, ["SQS", "SNS"]) == ((), ())
    assert [_show(quote, spans)[:5] for quote, spans in zip(quotes, differing(quotes), strict=True)] == [
        "〔SQS〕",
        "〔SNS〕",
    ]


def test_a_name_is_not_found_inside_another_word() -> None:
    first, _ = differing(["EC2 and ECS run code", "EC2 and EKS run code"], ["EC", "E"])
    assert first == ((8, 11),)


def test_no_mark_runs_over_the_end_of_a_sentence() -> None:
    first, _ = differing(["鍵は東京に置く。安い鍵を使う。", "鍵は大阪に置く。高い鍵を使う。"])
    assert all("。" not in "鍵は東京に置く。安い鍵を使う。"[start:end] for start, end in first)
    assert len(first) == 2


WORDS = ["データ", "暗号化", "管理", "鍵", "KMS", "サーバー側", "保存", "転送", "30日", "S3"]
_quote = st.lists(st.sampled_from(WORDS), max_size=14).map("を".join)
_any_quote = st.one_of(st.text(max_size=60), _quote, st.text("あを漢字ァーab1-( )。、のはが", max_size=60))


def _unmarked_words(quote: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    for start, end in reversed(spans):
        quote = quote[:start] + "を" + quote[end:]
    return [word for word in quote.split("を") if word]


@given(st.lists(_any_quote, max_size=4), st.lists(st.text(max_size=8), max_size=4))
@settings(max_examples=120, deadline=None)
def test_ranges_are_valid_and_apart(quotes: list[str], names: list[str]) -> None:
    marks = differing(quotes, names)
    assert len(marks) == len(quotes)
    for quote, spans in zip(quotes, marks, strict=True):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert all(0 <= start < end <= len(quote) for start, end in spans)


@given(_any_quote, st.integers(2, 4), st.lists(st.text(max_size=5), max_size=4))
@settings(max_examples=100, deadline=None)
def test_identical_quotes_do_not_differ(quote: str, count: int, names: list[str]) -> None:
    assert differing([quote] * count, names) == ((),) * count


@given(
    st.lists(st.tuples(_any_quote, st.sampled_from(["", "S3", "KMS"])), min_size=2, max_size=3),
    st.permutations(range(3)),
)
@settings(max_examples=120, deadline=None)
def test_the_order_of_the_sides_does_not_matter(sides: list[tuple[str, str]], shuffled: list[int]) -> None:
    order = [at for at in shuffled if at < len(sides)]
    marks = differing([quote for quote, _ in sides], [name for _, name in sides])
    turned = differing([sides[at][0] for at in order], [sides[at][1] for at in order])
    assert [marks[at] for at in order] == list(turned)


@given(st.lists(_quote, min_size=2, max_size=3))
@settings(max_examples=120, deadline=None)
def test_what_is_not_marked_is_the_same_on_all_sides(quotes: list[str]) -> None:
    marks = differing(quotes)
    if any(marks):
        left = [_unmarked_words(quote, spans) for quote, spans in zip(quotes, marks, strict=True)]
        assert all(words == left[0] for words in left)


@pytest.mark.parametrize("unit", ["○×", "の", "a b ", "鍵を", "きき", "ではでは", "(", "KMS", "1,"])
def test_long_quotes_take_little_time(unit: str) -> None:
    begun = time.perf_counter()
    differing([unit * (10_000 // len(unit)), unit * 4_000 + "い", "い" + unit * 4_000], ["KMS", "鍵", "a"])
    assert time.perf_counter() - begun < 5
