"""Text to vectors: one forward pass gives a pooled vector and one vector a token.

The pooled vector serves the dense candidates, the token vectors serve late interaction (Khattab and Zaharia 2020,
arXiv:2004.12832) and say which line of a passage answers. Nothing heavy is imported until the first text is encoded.
"""

from __future__ import annotations

import hashlib
import math
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from .errors import ModelUnavailable
from .model.bert import UNPADDED_MOST, Layers, quick_bert
from .model.bundled import BUNDLED_NAME, bundled_fingerprint, bundled_model_folder
from .model.cores import free_threads, threads
from .model.together import Together

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Encoder", "Encoding", "has_native_bfloat16", "unit"]

Role = Literal["query", "passage"]

#: Tokens (with padding) that go through the model at once. Larger batches are not faster on a few cores: the
#: activations leave the processor's cache.
_BATCH_TOKENS: Final = 4096
#: What one call of the model costs whatever goes through it, in tokens: 12 layers of small matrices, by the model's
#: own code and by ``model/bert.py``.
_CALL_TOKENS: Final = 36
_QUICK_CALL_TOKENS: Final = 16
#: How often a thread of the model looks for work before it sleeps, some 20 µs: by default they look for milliseconds,
#: and take the processor from the other stages of a question, and from other programs.
_SPINS: Final = 20_000

#: Where between the first and the last layer token vectors are read a second time: of twelve layers the seventh.
_SURFACE_DEPTH: Final = 7 / 12

#: What models call the prompts for the two roles, best first (sentence-transformers has used each of these names).
_PROMPT_NAMES: Final[dict[Role, tuple[str, ...]]] = {
    "query": ("query",),
    "passage": ("passage", "document", "corpus"),
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """A text of ``n`` tokens as vectors of ``h`` dimensions, all of length 1.

    ``vector``: (h,) float32, the pooled view. ``tokens``: (n, h) float32, with the special tokens and the prompt's.
    ``surface``: (n, h) float32, the same tokens as a middle layer has them, which is nearer to their wording; the
    last layer's again for a model that shows no other.
    ``spans``: (n, 2) int32, where each token stands in the text, in characters, half-open; (0, 0) for a token that
    is not of the text, or that is only the blank before its first word. ``content``: (n,) bool, true for the tokens of
    the text itself.
    """

    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]
    surface: NDArray[np.float32]
    spans: NDArray[np.int32]
    content: NDArray[np.bool_]


class Encoder:
    """A sentence-transformers model with its tokenizer. Safe to call from several threads.

    ``name``: ``None`` for the bundled model, else a folder or a hub name, whose own prompts and length limit apply.
    All methods but ``fingerprint`` raise :class:`ModelUnavailable` when the model cannot be loaded.
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name or BUNDLED_NAME
        self._bundled = name is None
        self._model: Any = None
        self._layers: Layers | None = None
        #: of torch, for one computation
        self._threads = 1
        self._lock = threading.RLock()
        #: A question does not wait for passages that are being encoded: the two share the processor.
        self._asking = Together[str, Encoding](partial(self._encode, role="query"))
        self._reading = threading.Lock()
        # Here, since FAISS, which may be loaded before the model, reads it as well.
        os.environ.setdefault("GOMP_SPINCOUNT", str(_SPINS))

    @property
    def fingerprint(self) -> str:
        """Identifies the vectors that this model makes: equal fingerprints, equal vectors. Loads nothing."""
        if self._bundled:
            return bundled_fingerprint()
        folder = Path(self.name)
        if not folder.is_dir():
            return f"hub:{self.name}"
        facts = [
            f"{path.relative_to(folder)}:{path.stat().st_size}:{path.stat().st_mtime_ns}"
            for path in sorted(folder.rglob("*"))
            if path.suffix in {".json", ".safetensors", ".bin", ".model", ".txt"}
        ]
        return f"folder:{hashlib.sha256(chr(10).join(facts).encode()).hexdigest()[:16]}"

    @property
    def dimensions(self) -> int:
        return int(self._loaded().get_embedding_dimension())

    def token_limit(self) -> int:
        """How many tokens of a passage the model reads, the prompt and the special tokens taken off."""
        model = self._loaded()
        limit = int(model.max_seq_length or 512)
        return limit - len(model.tokenizer(self._prompt("passage"))["input_ids"])

    def count_tokens(self, text: str) -> int:
        """The number of tokens of ``text`` itself."""
        with self._lock:
            tokenizer = self._loaded().tokenizer
            return len(tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"])

    def encode_query(self, text: str) -> Encoding:
        return self._asking([text])[0]

    def encode_queries(self, texts: Sequence[str]) -> list[Encoding]:
        """As :meth:`encode_query`, several at once."""
        return self._asking(texts)

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> list[Encoding]:
        """Encodes ``texts`` in batches of similar length; ``progress`` is told how many are done."""
        return self._encode(texts, "passage", progress)

    def warm_up(self) -> None:
        """Loads the model and runs it once, so that the first question does not pay for either."""
        self.encode_query("warm up")

    def _prompt(self, role: Role) -> str:
        prompts = self._loaded().prompts or {}
        return next((prompts[name] for name in _PROMPT_NAMES[role] if prompts.get(name)), "")

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> Any:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        if self._bundled:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            source = str(bundled_model_folder())
        else:
            source = self.name
        try:
            model = _open(source)
        except Exception as error:  # whatever a folder or a hub can hold: the person needs one line
            problem = str(error).strip().splitlines()
            raise ModelUnavailable(model=self.name, problem=problem[0] if problem else repr(error)) from error
        if not getattr(model.tokenizer, "is_fast", False):
            raise ModelUnavailable(model=self.name, problem="its tokenizer gives no character positions")
        import torch

        # The other stages multiply small matrices: a second thread costs them, and the model, more than it gives.
        threadpool_limits(1, user_api="blas")
        model.eval()
        self._layers = quick_bert(model)
        self._threads = torch.get_num_threads()
        return model

    def _encode(
        self, texts: Sequence[str], role: Role, progress: Callable[[int], None] | None = None
    ) -> list[Encoding]:
        if not texts:
            return []
        model, prompt = self._loaded(), self._prompt(role)
        with self._lock:
            rows = model.tokenizer(
                [prompt + text for text in texts],
                truncation=True,
                max_length=model.max_seq_length,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
            )
        lengths = [len(ids) for ids in rows["input_ids"]]
        results: list[Encoding | None] = [None] * len(texts)
        done = 0
        if role == "query" and self._layers is not None:  # few short texts, which are not padded
            every = list(range(len(texts)))
            batches = [every[at : at + UNPADDED_MOST] for at in range(0, len(texts), UNPADDED_MOST)]
        else:
            batches = _batches(lengths, _CALL_TOKENS if self._layers is None else _QUICK_CALL_TOKENS)
        for batch in batches:
            reads = role == "passage"
            count = self._threads if reads else free_threads(self._threads)
            with self._reading if reads else nullcontext(), threads(count):
                vectors, tokens, surface = self._forward(rows, batch)
            for place, index in enumerate(batch):
                offsets = np.asarray(rows["offset_mapping"][index], np.int32).reshape(-1, 2)
                special = np.asarray(rows["special_tokens_mask"][index], bool)
                content = ~special & (offsets[:, 1] > len(prompt.rstrip()))
                spans = np.where(content[:, None], np.maximum(offsets - len(prompt), 0), 0).astype(np.int32)
                length = lengths[index]
                results[index] = Encoding(
                    vectors[place], unit(tokens[place][:length]), unit(surface[place][:length]), spans, content
                )
            done += len(batch)
            if progress:
                progress(done)
        return [result for result in results if result is not None]

    def _forward(
        self, rows: Any, batch: list[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Pooled vectors (b, h), and token vectors (b, longest, h) of the last and of a middle layer."""
        import torch

        model = self._model
        names = [name for name in model.tokenizer.model_input_names if name in rows]
        features = model.tokenizer.pad(
            {name: [rows[name][index] for index in batch] for name in names}, return_tensors="pt"
        )
        with torch.inference_mode():
            output = self._run(dict(features))
        vectors = output["sentence_embedding"].float().numpy()
        tokens = output["token_embeddings"].float().numpy()
        layers = output.get("all_layer_embeddings")
        surface = layers[round(_SURFACE_DEPTH * (len(layers) - 1))].float().numpy() if layers else tokens
        return unit(vectors), tokens, surface

    def _run(self, features: dict[str, Any]) -> dict[str, Any]:
        """What the model makes of ``features``, its first module by the quicker way where there is one."""
        output: dict[str, Any]
        if self._layers is None:
            output = self._model(features)
            return output
        states = self._layers(features["input_ids"], features["attention_mask"])
        output = features | {"token_embeddings": states[-1], "all_layer_embeddings": states}
        for module in list(self._model)[1:]:
            output = module(output)
        return output


def _open(source: str) -> Any:
    """The model in a folder or in the hub's cache; downloaded only where it is in neither."""
    is_folder = Path(source).exists() or Path(source).is_absolute() or source.startswith(".") or source.count("/") > 1
    if is_folder and not Path(source).is_dir():
        raise FileNotFoundError("there is no such folder")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    dtype = torch.bfloat16 if has_native_bfloat16() else torch.float32
    load = partial(
        SentenceTransformer,
        source,
        device="cpu",
        model_kwargs={"dtype": dtype},
        config_kwargs={"output_hidden_states": True},
    )
    try:
        return load(local_files_only=True)
    except Exception:
        if is_folder:
            raise
    # Asked once here, a hub out of reach is noticed at once; the loader asks eighteen times, with pauses.
    from huggingface_hub import constants, get_session

    try:
        get_session().head(constants.ENDPOINT, timeout=10)
    except Exception as error:
        raise ConnectionError(f"it is not on this computer, and {constants.ENDPOINT} is out of reach") from error
    return load()


def _batches(lengths: Sequence[int], call: int) -> list[list[int]]:
    """Indices in batches within the token budget, longest first, so cut that padding and calls cost least together."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    least: list[float] = [0.0]
    begins: list[int] = []
    for end in range(1, len(order) + 1):
        best, begin = math.inf, end - 1
        for start in range(end - 1, -1, -1):
            tokens = (end - start) * lengths[order[start]]
            if tokens > _BATCH_TOKENS and start < end - 1:
                break
            cost = least[start] + call + tokens
            if cost < best:
                best, begin = cost, start
        least.append(best)
        begins.append(begin)
    batches: list[list[int]] = []
    end = len(order)
    while end:
        batches.append(order[begins[end - 1] : end])
        end = begins[end - 1]
    return batches[::-1]


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """``vectors``, (…, h), each of length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def has_native_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself (AMX or AVX512-BF16); emulated, it is slower than float32."""
    import torch

    checks = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(bool(getattr(torch.cpu, check, lambda: False)()) for check in checks)
