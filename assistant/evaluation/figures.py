"""Shares with their intervals, and what was promised against what was kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .._json import Json

__all__ = [
    "INTERVAL",
    "Bin",
    "Figure",
    "calibration_error",
    "figure",
    "reliability",
    "reliability_json",
]

_RESAMPLES: Final = 2_000
_SEED: Final = 20_260_101
_CONFIDENCE: Final = 0.95
_BINS: Final = 10
#: How the intervals are made, as it is reported with them.
INTERVAL: Final = {"confidence": _CONFIDENCE, "resamples": _RESAMPLES, "seed": _SEED}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over ``n`` questions with its bootstrap interval; None where no question defines it."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def to_json(self) -> Json:
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n}


@dataclass(frozen=True, slots=True)
class Bin:
    """The answered questions whose support lies in ``low`` .. ``high``: promised against kept."""

    low: float
    high: float
    n: int
    mean_support: float
    share_right: float

    def to_json(self) -> Json:
        return {
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "mean_support": self.mean_support,
            "share_right": self.share_right,
        }


def figure(parts: Sequence[tuple[float, float] | None]) -> Figure:
    """The ratio of sums with its percentile bootstrap interval, questions being what is resampled.

    ``parts``: what each question adds above and below the fraction line, None where the figure is not defined.
    """
    defined = np.array([part for part in parts if part is not None], dtype=np.float64)
    n = len(defined)
    if not n:
        return Figure(None, None, None, 0)
    above, below = defined.sum(axis=0)
    # A generator of its own per figure: adding a figure does not move the others' intervals.
    picks = np.random.default_rng(_SEED).integers(0, n, size=(_RESAMPLES, n))
    resampled = defined[picks].sum(axis=1)
    tail = 50 * (1 - _CONFIDENCE)
    low, high = np.percentile(resampled[:, 0] / resampled[:, 1], [tail, 100 - tail])
    return Figure(float(above / below), float(low), float(high), n)


def reliability(promises: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """The answers by their support, in bins of equal width; ``promises``: support and whether it was right."""
    answers = list(promises)
    bins = []
    for number in range(_BINS):
        inside = [answer for answer in answers if min(int(answer[0] * _BINS), _BINS - 1) == number]
        if inside:
            bins.append(
                Bin(
                    low=number / _BINS,
                    high=(number + 1) / _BINS,
                    n=len(inside),
                    mean_support=sum(support for support, _ in inside) / len(inside),
                    share_right=sum(right for _, right in inside) / len(inside),
                )
            )
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Mean distance between promised and kept, weighted by how many answers promised it; None without answers."""
    total = sum(item.n for item in bins)
    if not total:
        return None
    return sum(item.n * abs(item.mean_support - item.share_right) for item in bins) / total


def reliability_json(bins: Sequence[Bin]) -> Json:
    return {"calibration_error": calibration_error(bins), "bins": [item.to_json() for item in bins]}
