"""The tab for mock exams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...messages import Language
from ..startup import Startup
from .offline import gr

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["exam_tab"]


def exam_tab(assistant: Assistant, startup: Startup, language: Language, note: gr.HTML) -> None:
    """Adds its ``gr.Tab`` to the tabs under construction; ``note`` is the note panel, which all tabs share.

    Any button with the attributes of :func:`~assistant.faces.ui.places.open_attributes` opens its place there.
    """
