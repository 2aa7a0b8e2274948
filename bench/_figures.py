"""Figures of this machine: how they are taken, and where they go."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

__all__ = ["machine", "record", "spread", "timed"]

_RESULTS: Final = Path(__file__).parent / "results"


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    values = np.array(seconds) * 1000
    return {"p50_ms": round(float(np.median(values)), 2), "p95_ms": round(float(np.percentile(values, 95)), 2)}


def machine() -> dict[str, Any]:
    """What a figure depends on besides the program."""
    import torch

    from assistant.encoder import has_native_bfloat16
    from assistant.model.cores import usable_cores

    return {
        "cpu": _cpu(),
        "cores": usable_cores(),
        "threads": torch.get_num_threads(),
        "capability": torch.backends.cpu.get_cpu_capability(),
        "bfloat16": has_native_bfloat16(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def record(name: str, figures: dict[str, Any]) -> None:
    """Prints the figures and puts them among the results."""
    _RESULTS.mkdir(exist_ok=True)
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    (_RESULTS / f"{name}.json").write_text(text + "\n", "utf-8")
    print(text)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().split("\n")
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def timed(function: Callable[[], object]) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun
