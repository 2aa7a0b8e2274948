"""Feeds each reader of other people's text with real texts gone wrong, for as long as it is told.

    python -m bench.fuzz --seconds 600 [--reader notes] [--seed 1]

An input fails where its reader raises anything but the library's own errors, breaks one of the reader's promises
(``_readers.py``), or takes time out of proportion: more than its length allows, or more than eight times as long for
four times the text. What fails is cut down to its smallest form, once for each place in the code; such a case then
belongs into the tests of that reader. The results go to ``bench/results/fuzz.json``, one entry a reader.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from ._figures import record
from ._mutate import pumped
from ._readers import READERS, Reader

__all__ = ["fuzz"]

_RESULTS: Final = Path(__file__).parent / "results" / "fuzz.json"
#: Every so many inputs one of growing size.
_PUMP_EVERY: Final = 25
_SIZES: Final = (3_000, 12_000)
#: Processor seconds of any input, and of a thousand of its characters.
_SECONDS: Final = 0.5
_SECONDS_PER_THOUSAND: Final = 0.1
_STOPPED_AFTER_SECONDS: Final = 10.0
_SHRINKING_SECONDS: Final = 30.0


class TooSlow(Exception):
    """An input that took time out of proportion to its length."""


@dataclass
class Run:
    """What one reader was fed, and what failed: by the kind and place of the error, the smallest input."""

    inputs: int = 0
    characters: int = 0
    processor_seconds: float = 0.0
    findings: dict[str, str] = field(default_factory=dict)


def fuzz(reader: Reader, seconds: float, seed: int) -> Run:
    """Feeds ``reader`` for ``seconds`` of the processor; the same seed makes the same inputs in turn."""
    run, random_ = Run(), random.Random(seed)
    begun = time.process_time()
    signal.signal(signal.SIGVTALRM, _stop)
    while time.process_time() - begun < seconds:
        if reader.pump and run.inputs % _PUMP_EVERY == 0:
            text = pumped(reader.seeds(), random_)
            fed: Any = text(_SIZES[1])
            failure = _failure(partial(_check_growth, reader.read, text))
            shrink = False
        else:
            fed = reader.make(random_)
            failure = _failed(reader, fed)
            shrink = True
        run.inputs += 1
        run.characters += len(fed)
        if failure and failure not in run.findings:
            run.findings[failure] = repr(_smallest(reader, fed, failure) if shrink else fed)
            print(f"  {failure}: {run.findings[failure][:1000]}", flush=True)
    run.processor_seconds = round(time.process_time() - begun, 1)
    return run


def _failed(reader: Reader, fed: Any) -> str:
    return _failure(lambda: _check_time(reader.read, fed))


def _failure(check: Callable[[], None]) -> str:
    """The kind of error and where it arose, or nothing."""
    signal.setitimer(signal.ITIMER_VIRTUAL, _STOPPED_AFTER_SECONDS)
    try:
        check()
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.name != _stop.__name__]
        frame = frames[-1]
        said = f" {error}" if isinstance(error, AssertionError | TooSlow) else ""
        return f"{type(error).__name__}{said} ({Path(frame.filename).name}, {frame.name})"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return ""


def _stop(*_: object) -> None:
    raise TooSlow("to be waited for")


def _seconds(read: Callable[[Any], None], fed: Any) -> float:
    begun = time.process_time()
    read(fed)
    return time.process_time() - begun


def _check_time(read: Callable[[Any], None], fed: Any) -> None:
    limit = _SECONDS + _SECONDS_PER_THOUSAND * len(fed) / 1000
    # A second look, because a collection of garbage can come in between.
    if _seconds(read, fed) > limit and _seconds(read, fed) > limit:
        raise TooSlow("for its length")


def _check_growth(read: Callable[[Any], None], text: Callable[[int], str]) -> None:
    small, large = (_seconds(read, text(size)) for size in _SIZES)
    if large > 8 * small + 0.1:
        small, large = (min(_seconds(read, text(size)) for _ in range(3)) for size in _SIZES)
        if large > 8 * small + 0.1:
            raise TooSlow("growing faster than the text")


def _smallest(reader: Reader, fed: Any, failure: str) -> Any:
    """``fed`` without everything that the failure does not need, as far as that is found in half a minute."""
    deadline = time.monotonic() + _SHRINKING_SECONDS
    size = len(fed) // 2
    while size and time.monotonic() < deadline:
        at, cut = 0, False
        while at < len(fed) and time.monotonic() < deadline:
            shorter = fed[:at] + fed[at + size :]
            if _failed(reader, shorter) == failure:
                fed, cut = shorter, True
            else:
                at += size
        if not cut:
            size //= 2
    return fed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0, help="of the processor, for each reader")
    parser.add_argument("--reader", action="append", choices=sorted(READERS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dry", action="store_true", help="keep no results")
    options = parser.parse_args()
    results = json.loads(_RESULTS.read_text("utf-8")) if _RESULTS.exists() else {}
    for name in options.reader or READERS:
        print(f"{name}: {options.seconds:.0f} s", flush=True)
        run = fuzz(READERS[name], options.seconds, options.seed)
        results[name] = {"seconds": options.seconds, "seed": options.seed} | vars(run)
        if options.dry:
            print(f"  {run.inputs} inputs, {len(run.findings)} findings", flush=True)
        else:
            record("fuzz", results)


if __name__ == "__main__":
    main()
