"""Text as it is compared and as it is read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text import identifiers, is_japanese, join_lines, normalise, reading, terms, width, written


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("ＳＱＳ", "sqs"),
        ("ｱﾏｿﾞﾝ", "アマゾン"),
        (unicodedata.normalize("NFD", "ガード"), "ガード"),
        ("1M\u200bB", "1mb"),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
        ("Straße", "strasse"),
        ("CSE\u2010KMS", "cse-kms"),
        ("①", "1"),
    ],
)
def test_normalise(written: str, compared: str) -> None:
    assert normalise(written) == compared


@given(st.text())
@settings(max_examples=150, deadline=None)
def test_normalise_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("ＳＱＳとｱﾏｿﾞﾝ", "ＳＱＳとｱﾏｿﾞﾝ"),
        (unicodedata.normalize("NFD", "ガード"), "ガード"),
        ("10\u00a0GB", "10 GB"),
        ("ゼロ\u200b幅", "ゼロ幅"),
    ],
)
def test_reading(written: str, read: str) -> None:
    assert reading(written) == read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S3", ["s3"]),
        ("Amazon S3", ["amazon", "s3"]),
        ("camelCase", ["camelcase"]),
        ("鍵の管理", ["鍵の", "の管", "管理", "鍵", "管", "理"]),
        ("は", []),
        ("鍵", ["鍵"]),
        ("3つ", ["3"]),
        ("サーバー", ["サー", "ーバ", "バー", "サ", "バ"]),
        ("S3の鍵", ["s3", "の鍵", "鍵"]),
        ("CSE-KMS", ["cse", "kms"]),
        ("人々", ["人々", "人", "々"]),
        ("。、！ ・", []),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("S3", "SSE-S3はS3が鍵を持つ"),
        ("ＳＱＳ", "Amazon SQSはキュー"),
        ("ｱﾏｿﾞﾝ", "アマゾンの倉庫"),
        (unicodedata.normalize("NFD", "ガードレール"), "ガードレールの設定"),
        ("1M\u200bB", "上限は1MB"),
        ("暗号化された鍵はどこに置かれますか？", "暗号化された鍵はどこに置かれますか？"),
    ],
)
def test_what_is_asked_is_found_in_the_note(question: str, note: str) -> None:
    assert terms(question)
    assert set(terms(question)) <= set(terms(note))


@given(st.text())
@settings(max_examples=150, deadline=None)
def test_terms_hold_letters_and_digits_only(text: str) -> None:
    # The lexical index splits again at anything else.
    assert all(term and all(char.isalnum() for char in term) for term in terms(text))


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("検出する", "方法", "検出する方法"),
        ("検出する。", "（代わりに", "検出する。（代わりに"),
        ("Amazon", "SageMaker", "Amazon SageMaker"),
        ("検出する", "Amazon", "検出する Amazon"),
        ("Amazon", "の検出", "Amazon の検出"),
        ("続く…", "次", "続く…次"),
        ("inter-", "national", "inter-national"),
        ("한국어", "문장", "한국어 문장"),
        ("末尾の空白  ", "  行頭", "末尾の空白行頭"),
        ("", "b", "b"),
        ("a", "", "a"),
    ],
)
def test_join_lines(first: str, second: str, joined: str) -> None:
    assert join_lines(first, second) == joined


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("CSE-KMSとSSE-Cの違いは？", ["cse-kms", "sse-c"]),
        ("ISO 27001とは", ["iso", "27001"]),
        ("ＳＱＳの上限", ["sqs"]),
        ("3つの階層を10個", []),
        ("endpointの監視", ["endpoint"]),
        ("model.tar.gz と /opt/ml", ["model.tar.gz", "opt/ml"]),
        ("How does the SageMaker endpoint scale?", ["sagemaker"]),
        ("which service converts text to speech?", []),
        ("Amazon is big. Polly talks about S3 in us-east-1.", ["s3", "us-east-1"]),
        ("S3 S3 s3", ["s3"]),
        ("", []),
    ],
)
def test_identifiers(text: str, names: list[str]) -> None:
    assert identifiers(text) == names


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("Route 53のヘルスチェックの間隔は？", ["route"], ("Route 53",)),
        ("Amazon Q Developerとは", ["developer"], ("Q Developer",)),
        ("Kinesis Data Firehoseと ＲＤＳ Proxy", ["data", "firehose", "rds"], ("Data Firehose", "RDS")),
        ("What is GraphQL?", ["graphql"], ("GraphQL",)),
        ("gRPC、GRPC", ["grpc"], ("gRPC",)),
        ("Route 53とRoute 54", ["route"], ("Route 53", "Route 54")),
        ("3つのAを", [], ()),
    ],
)
def test_names_are_shown_as_they_are_written(text: str, names: list[str], shown: tuple[str, ...]) -> None:
    assert written(text, names) == shown


@given(st.text())
def test_any_identifier_can_be_shown_and_once_only(text: str) -> None:
    names = set(identifiers(text))
    shown = [normalise(name) for name in written(text, names)]
    assert len(set(shown)) == len(shown)
    assert all(names & set(name.split()) for name in shown)


def test_width_is_in_full_width_characters() -> None:
    assert width("漢字kana") == 4
    assert width("ｱﾏ") == 1


@pytest.mark.parametrize(
    ("text", "japanese"), [("kana", False), ("かな", True), ("鍵", True), ("ｱ", True), ("。", False)]
)
def test_is_japanese(text: str, japanese: bool) -> None:
    assert is_japanese(text) is japanese
