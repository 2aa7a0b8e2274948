"""What a section lacks of what is asked."""

from __future__ import annotations

import pytest

from assistant.answering.lacking import side_missing, undefined
from assistant.asking.form import form_of
from assistant.notes import Section, parse
from assistant.text import terms

NOTES = """\
# 過学習
初めて見るデータで外れる。
- ドロップアウト
- 途中で打ち切る（早期終了）
- 折れ曲がるところを採るのがエルボー法。

# ECS
コンテナを動かす。ECRに置いたイメージを使う。
- CDC (Change Data Capture): 変更を追う
- BAA による対応

# Rigging
A running line, known as a halyard, lifts the sail.
The boom vang holds the boom down.
Cleats or chocks hold the rest.
標準索 帆を張るときにいつも使う綱
滑車 block
"""
OVERFITTING, ECS, RIGGING = parse(NOTES, "a.md")


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("過学習", OVERFITTING),
        ("早期終了", OVERFITTING),
        ("エルボー法", OVERFITTING),
        ("ECS", ECS),
        ("Amazon ECS", ECS),
        ("CDC", ECS),
        ("BAA", ECS),
        ("halyard", RIGGING),
        ("boom vang", RIGGING),
        ("標準索", RIGGING),
    ],
)
def test_a_name_that_is_explained(name: str, section: Section) -> None:
    assert not undefined(name, section)


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("ドロップアウト", OVERFITTING),
        ("コンテナ", ECS),
        ("ECR", ECS),
        ("AWS Fargate", ECS),
        ("SNS", ECS),
        ("cleats", RIGGING),
        ("滑車", RIGGING),
    ],
)
def test_a_name_that_is_there_in_passing_or_not_at_all(name: str, section: Section) -> None:
    assert undefined(name, section)


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("Transcribeは日本語に対応している？", "話し声を文字に起こす。", 1.0),
        ("Textractは手書きの文字も読める？", "手書きの文字も読める。", 0.0),
        ("RAID5は1台壊れてもいい？", "1台まで壊れてOK", 0.0),
        # Of a verb or an adjective only its first character can be looked for.
        ("黒鉛は燃える？", "炭素の同素体。", 0.5),
        ("黒鉛は燃えやすい？", "燃えにくい", 0.0),
        ("Pollyは声の速さを変えられる？", "文章を読み上げる。", 1.0),
        ("ECRは今も使える？", "像の置き場。誰でも使ってよい。", 0.0),
        ("XGBoostはGPUで学習できる？", "木を足していく学習。", 1.0),
        ("XGBoostはGPUで学習できる？", "GPUでも学習が進む。", 0.0),
        ("Textractは縦書きに対応している？", "帳票の値を対応づける。", 1.0),
        ("帆の外し方は？", "帆を張る。", 1.0),
        ("帆のアンインストール方法は？", "帆をインストールする。", 0.7),
        ("帆の製品名は？", "帆を張る。", 0.7),
        ("DMZは何でも置ける？", "外と内の間。", 0.5),
        ("DMZは無料？", "外と内の間。", 1.0),
        ("DMZの特徴は？", "外と内の間。", 0.0),
        ("鍵の作り方は？", "鍵を渡す。", 1.0),
        ("鍵の作り方は？", "鍵を作る。", 0.0),
        ("Pollyの料金は？", "文章を読み上げる。", 1.0),
        ("Pollyが対応している言語は？", "文章を読み上げる。", 0.7),
        ("Pollyとは", "文章を読み上げる。", 0.0),
        ("Which regions support Polly?", "Polly reads texts aloud.", 1.0),
        ("Which regions support Polly?", "Polly is a regional service.", 0.0),
    ],
)
def test_how_far_the_side_that_is_asked_for_is_missing(question: str, text: str, share: float) -> None:
    assert side_missing(form_of(question), text, set(terms(text))) == share
