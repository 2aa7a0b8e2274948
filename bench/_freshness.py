"""Refresh of an engine's index after 0, 1 and 100 changed files of many, and from saving to the new answer."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from assistant.encoder import Encoder
from assistant.engine import Assistant
from assistant.store import Store

from ._figures import machine, record
from ._large import fill, texts

_ROUNDS = 5
_WORDS = "山川海空森"
_SETTLING_SECONDS = 3


def run(files: int = 7_000) -> None:
    """Two sections a file. The index is filled as in ``_large``, so that only what changes afterwards is encoded."""
    about = machine()
    with tempfile.TemporaryDirectory() as name:
        notes, index = Path(name) / "notes", Path(name) / "index"
        encoder = Encoder()
        store = Store(index)
        fill(store, encoder, files * 2, sections_per_file=1)
        store.close()
        for place, text in texts(files * 2, sections_per_file=1):
            (notes / place).parent.mkdir(parents=True, exist_ok=True)
            (notes / place).write_text(text, "utf-8")
        with Assistant(notes, index) as assistant:
            assistant.warm_up()
            begun = time.perf_counter()
            first = assistant.refresh()  # reads every file once: their times are new
            figures: dict[str, object] = {"files": first.files, "read_all_s": round(time.perf_counter() - begun, 2)}
            time.sleep(2.1)  # files younger than this are read again
            assistant.refresh()
            paths = sorted(notes.rglob("*.md"))
            for changed in (0, 1, 100):
                seconds, processor = [], []
                for number in range(_ROUNDS if changed < 100 else 1):
                    for path in paths[:changed]:
                        path.write_text(f"# 変更\n{number}回目の変更を{path.stem}に書いた。\n", "utf-8")
                    clocks = time.perf_counter(), time.process_time()
                    report = assistant.refresh()
                    seconds.append(time.perf_counter() - clocks[0])
                    processor.append(time.process_time() - clocks[1])
                    assert report.changed == changed
                figures[f"changed_{changed}_s"] = round(median(seconds), 3)
                figures[f"changed_{changed}_cpu_s"] = round(median(processor), 3)
            assistant.stay_fresh()
            # The first question waits for more than what has changed, and so does a new watch.
            assistant.ask("合言葉は？")
            time.sleep(_SETTLING_SECONDS)
            seconds, processor = [], []
            for word in _WORDS:
                paths[0].write_text(f"# 合言葉\n合言葉は「{word}」です。\n", "utf-8")
                clocks = time.perf_counter(), time.process_time()
                while word not in assistant.ask("合言葉は？").text:
                    assert time.perf_counter() - clocks[0] < 60
                seconds.append(time.perf_counter() - clocks[0])
                processor.append(time.process_time() - clocks[1])
                time.sleep(_SETTLING_SECONDS)
            figures["saved_to_answer_s"] = round(median(seconds), 2)
            figures["saved_to_answer_slowest_s"] = round(max(seconds), 2)
            figures["saved_to_answer_cpu_s"] = round(median(processor), 2)
    record("freshness", {"machine": about} | figures)
