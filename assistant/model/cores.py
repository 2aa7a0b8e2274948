"""How many cores are left to a computation whose threads wait for each other all the time.

A model's layers are many small steps, after each of which its threads meet. One that has to queue for its core behind
another program holds up the others every time: on two cores that two other programs keep busy, a question takes twice
to ten times as long with two threads as with one. ``python -m bench.speed busy`` measures it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["free_threads", "threads", "usable_cores"]

#: Linux: the fourth field is how many threads of all programs run or want to, and how many there are. Elsewhere nobody
#: says so within microseconds, and all cores are taken to be free.
_LOAD: Final = Path("/proc/loadavg")


def free_threads(most: int) -> int:
    """``most``, or fewer, where other threads, of whatever program, want this machine's cores now; at least 1."""
    if most < 2:
        return 1
    try:
        running = int(_LOAD.read_bytes().split()[3].partition(b"/")[0])
    except (OSError, IndexError, ValueError):
        return most
    return max(1, min(most, usable_cores() - max(0, running - 1)))  # this thread is one of those


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Within, torch computes with so many threads, as far as it is called from this thread."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@cache
def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
