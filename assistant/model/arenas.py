"""How many places the C library of Linux keeps free memory in.

By default each thread may get one of its own, up to eight for each core. What a thread has freed, another one's array
does not find there, and the process grows by as much; torch and numpy allocate without the interpreter's lock, but so
rarely that two places are enough.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from typing import Final

__all__ = ["few_arenas"]

_MOST: Final = 2
#: ``M_ARENA_MAX`` of ``mallopt(3)``.
_ARENA_MAX: Final = -8


def few_arenas() -> None:
    """Keeps free memory in at most two places. Nothing where the C library is another, or ``MALLOC_ARENA_MAX`` is set.

    For threads that begin later: call it before there are many.
    """
    if "MALLOC_ARENA_MAX" not in os.environ:
        with contextlib.suppress(AttributeError, OSError, TypeError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _MOST)
