"""The model's layers as plain functions: the same vectors as the library's own."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.model.bert import quick_bert
from assistant.model.bundled import bundled_model_folder

pytestmark = pytest.mark.model

TEXTS = ["query: 鍵", "query: S3 と SQS の違いは？", "passage: " + "とても長い文章が続く。" * 40]


@pytest.fixture(scope="module")
def model() -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(bundled_model_folder()), device="cpu", local_files_only=True).eval()


def test_every_layer_is_the_models_own(model: Any) -> None:
    import torch

    layers = quick_bert(model)
    if layers is None:
        pytest.skip("this processor has no such multiplication")
    for texts in ([TEXTS[0]], TEXTS, TEXTS * 6):  # alone, of several lengths, and with padding
        features = model.tokenizer(texts, padding=True, return_tensors="pt")
        mask = features["attention_mask"]
        with torch.inference_mode():
            ours = layers(features["input_ids"], mask)
            theirs = model[0].auto_model(**features, output_hidden_states=True).hidden_states
        assert len(ours) == len(theirs)
        for mine, own in zip(ours, theirs, strict=True):
            cosines = torch.nn.functional.cosine_similarity(mine, own, dim=-1)[mask.bool()]
            assert float(cosines.min()) >= 0.99999


@pytest.mark.parametrize(("name", "value"), [("hidden_act", "relu"), ("is_decoder", True)])
def test_what_is_not_quite_bert_is_left_to_the_library(model: Any, name: str, value: Any) -> None:
    config = model[0].auto_model.config
    before = getattr(config, name)
    setattr(config, name, value)
    try:
        assert quick_bert(model) is None
    finally:
        setattr(config, name, before)
