"""What the bundled model is called: apart, since to say so takes nothing of what unpacks it."""

from __future__ import annotations

from typing import Final

__all__ = ["BUNDLED_NAME"]

BUNDLED_NAME: Final = "multilingual-e5-small"
