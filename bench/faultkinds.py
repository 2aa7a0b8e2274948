"""The kinds of faults that ``bench/faults.py`` injects: each breaks something in a world and leaves it so."""

from __future__ import annotations

from typing import Final

from bench import _faultdamage, _faultkills, _faultmachine
from bench._faultworld import Kind

__all__ = ["KINDS"]

KINDS: Final[dict[str, Kind]] = _faultkills.KINDS | _faultdamage.KINDS | _faultmachine.KINDS
