"""Answers questions from a folder of Markdown notes, in the notes' own lines.

    from pathlib import Path
    from assistant import Assistant

    with Assistant(Path("corpus"), Path("index")) as assistant:
        print(assistant.ask("CSE-KMSとSSE-Cの違いは？").text)

Importing the package loads nothing heavy; the model is loaded at the first question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import AssistantError, EngineError, NotesError, RequestError

if TYPE_CHECKING:
    from .engine import Assistant
    from .records import Answer, Citation, Hit, SearchResult, Side, Status

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "EngineError",
    "Hit",
    "NotesError",
    "RequestError",
    "SearchResult",
    "Side",
    "Status",
]


def __getattr__(name: str) -> Any:
    # The engine imports numpy; the terminal's --help does without it, and without the records.
    if name == "Assistant":
        from .engine import Assistant

        return Assistant
    if name in __all__:
        from . import records

        return getattr(records, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
