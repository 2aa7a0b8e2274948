"""BERT's encoder (Devlin et al. 2019, arXiv:1810.04805) as plain functions over weights of half the size.

Of a short question the processor does little with each weight, so reading the weights is what takes the time: here
they are kept as float16 and multiplied in float32 (FBGEMM: Khudia et al. 2021, arXiv:2101.05615), and a layer is ten
calls instead of some eighty. What comes out is the model's own to within a few float32 roundings.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import torch

__all__ = ["UNPADDED_MOST", "Layers", "quick_bert"]

#: How nearly the two ways must agree on a first text, as a cosine: they do to seven places.
_SAME: Final = 0.999_99
_PROBE: Final = "query: 二つの道は同じ所に着く。 Two ways, one place."

#: Up to so many texts of several lengths stand one after the other in one row, not padded to the longest.
UNPADDED_MOST: Final = 16

#: Token ids (b, n) and their mask (b, n) to the hidden states (b, n, h) of the embeddings and of every layer.
Layers = Callable[["torch.Tensor", "torch.Tensor"], "tuple[torch.Tensor, ...]"]


def quick_bert(model: Any) -> Layers | None:
    """The layers of the ``SentenceTransformer`` model as one function; None where they are not BERT's in float32, or
    the processor is none that FBGEMM is written for.
    """
    import torch

    bert: Any = getattr(model[0], "auto_model", None)
    if not _is_plain_bert(bert) or not {"fbgemm", "x86"} & set(torch.backends.quantized.supported_engines):
        return None
    try:
        with torch.inference_mode():
            layers = _layers(bert)
            features = model.tokenizer([_PROBE], return_tensors="pt")
            ids, mask = features["input_ids"], features["attention_mask"]
            expected = bert(input_ids=ids, attention_mask=mask).last_hidden_state
            cosines = torch.nn.functional.cosine_similarity(layers(ids, mask)[-1], expected, dim=-1)
    except RuntimeError:  # an operator that this build of the library lacks
        return None
    return layers if float(cosines.min()) >= _SAME else None


def _is_plain_bert(bert: Any) -> bool:
    from torch import float32

    if type(bert).__name__ != "BertModel":
        return False
    config = bert.config
    return (
        bert.dtype == float32
        and config.hidden_act == "gelu"
        and not config.is_decoder
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
    )


def _layers(bert: Any) -> Layers:
    import torch
    from torch.nn.functional import embedding, gelu, layer_norm, scaled_dot_product_attention

    linear = torch.ops.quantized.linear_dynamic_fp16
    heads, eps, width = bert.config.num_attention_heads, bert.config.layer_norm_eps, bert.config.hidden_size
    first = bert.embeddings
    places = first.position_embeddings.weight + first.token_type_embeddings.weight[0]
    stack = [_packed(layer) for layer in bert.encoder.layer]

    def normed(states: torch.Tensor, norm: Any) -> torch.Tensor:
        return layer_norm(states, (width,), norm.weight, norm.bias, eps)

    def attend(three: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """(b, n, 3 h) queries, keys and values to (b, n, h)."""
        batch, length, _ = three.shape
        query, key, value = three.view(batch, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4).unbind(0)
        found = scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return found.transpose(1, 2).reshape(batch, length, width)

    def attend_each(three: torch.Tensor, mask: torch.Tensor | None, lengths: list[int]) -> torch.Tensor:
        """As ``attend``, of texts one after the other in a batch of one, each for itself."""
        return torch.cat([attend(part, mask) for part in torch.split(three, lengths, dim=1)], dim=1)

    def run(ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        whole = bool(mask.all())
        unpadded = not whole and len(ids) <= UNPADDED_MOST
        there = mask.bool()
        seen = None if whole or unpadded else there[:, None, None, :]
        meet = partial(attend_each, lengths=there.sum(dim=1).tolist()) if unpadded else attend
        embedded = embedding(ids, first.word_embeddings.weight) + places[: ids.shape[1]]
        states = [normed(embedded[there][None] if unpadded else embedded, first.LayerNorm)]
        for attending, attended, inner, outer, norms in stack:
            found = linear(meet(linear(states[-1], attending), seen), attended)
            middle = normed(states[-1] + found, norms[0])
            states.append(normed(middle + linear(gelu(linear(middle, inner)), outer), norms[1]))
        if not unpadded:
            return tuple(states)
        return tuple(state.new_zeros(*ids.shape, width).masked_scatter_(there[..., None], state) for state in states)

    return run


def _packed(layer: Any) -> tuple[Any, ...]:
    """The weights of one layer: of the three attention inputs together, the attention output, and the two others."""
    import torch

    def pack(*parts: Any) -> Any:
        weight = torch.cat([part.weight.detach() for part in parts])
        bias = torch.cat([part.bias.detach() for part in parts])
        return torch.ops.quantized.linear_prepack_fp16(weight, bias)

    attention = layer.attention
    inputs = attention.self
    return (
        pack(inputs.query, inputs.key, inputs.value),
        pack(attention.output.dense),
        pack(layer.intermediate.dense),
        pack(layer.output.dense),
        (attention.output.LayerNorm, layer.output.LayerNorm),
    )
