"""Reading notes from the file to the committed index, against ``SentenceTransformer.encode`` alone in float32."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from assistant.dense import DenseIndex
from assistant.encoder import Encoder
from assistant.index import NotesIndex
from assistant.model.bundled import bundled_model_folder
from assistant.store import Store

from ._figures import machine, record
from .generate import write

_ROUNDS = 2
_PER_FILE = 20


def run(passages: int = 400) -> None:
    """Both read the same texts in turn, a fresh index each time; plain encode() gets them split already.

    By the processor's time, which other programs do not change; set ``OMP_NUM_THREADS=1`` so that no thread spins.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    about = machine()
    plain = SentenceTransformer(
        str(bundled_model_folder()), device="cpu", model_kwargs={"dtype": torch.float32}, local_files_only=True
    )
    ours, alone, walls, count = [], [], [], 0
    with tempfile.TemporaryDirectory() as name:
        notes = Path(name) / "notes"
        list(write(notes, -(-passages // _PER_FILE), _PER_FILE))
        encoder = Encoder()
        encoder.warm_up()
        plain.encode(["warm up"])
        for number in range(_ROUNDS):
            index = Path(name) / f"index{number}"
            store = Store(index)
            reader = NotesIndex(notes, store, DenseIndex(store), encoder)
            begun, wall = time.process_time(), time.perf_counter()
            report = reader.refresh()
            ours.append(time.process_time() - begun)
            ours_wall = time.perf_counter() - wall
            texts = [passage.text for passage in store.fetch(store.passage_ids().tolist())]
            store.close()
            count = report.encoded
            begun, wall = time.process_time(), time.perf_counter()
            plain.encode(["passage: " + text for text in texts])
            alone.append(time.process_time() - begun)
            walls.append((time.perf_counter() - wall) / ours_wall)
    ratios = np.array(alone) / np.array(ours)
    record(
        "encoding",
        {
            "machine": about,
            "passages": count,
            "whole_per_cpu_second": round(count / float(np.median(ours)), 1),
            "plain_encode_per_cpu_second": round(count / float(np.median(alone)), 1),
            "ratio": round(float(np.median(ratios)), 3),
            "ratios": [round(float(ratio), 3) for ratio in ratios],
            "ratios_by_the_clock": [round(ratio, 3) for ratio in walls],
        },
    )
