"""The type of a JSON object, as it is read and written everywhere."""

from __future__ import annotations

from typing import Any

__all__ = ["Json"]

Json = dict[str, Any]
