"""What the note panel shows: sections of the notes, opened by a place that the page names."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import AssistantError, UnknownPlace
from ...messages import Language
from ...records import Citation
from ..pictures import picture_address
from . import panel
from .editor import editor_address

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["Reader"]


class Reader:
    """Opens sections for the note panel. Never raises: what cannot be opened becomes a line that says so."""

    def __init__(self, assistant: Assistant, language: Language) -> None:
        self._assistant = assistant
        self._language = language

    def open(self, request: object) -> str:
        """The panel's content for ``[file, line, "first-last" or "", number, question]``, as the browser sends it."""
        try:
            file, line, lines, number, question = request if isinstance(request, list) else ("", 0, "", "", "")
            first, _, last = str(lines).partition("-")
            highlight = (int(first), int(last)) if first and last else None
            return self._section(str(file), int(line), highlight, str(number)[:3], str(question))
        except (TypeError, ValueError):
            return panel.failed(UnknownPlace(file="?", line="?"), self._language)
        except AssistantError as error:
            return panel.failed(error, self._language)

    def cited(self, citation: Citation, question: str) -> str:
        """The section that is cited in the answer to ``question``; the empty panel where it has changed since."""
        lines = (citation.line_start, citation.line_end)
        try:
            return self._section(citation.file, citation.line_start, lines, str(citation.n), question)
        except AssistantError:
            return self.nothing()

    def nothing(self) -> str:
        """The panel with nothing opened."""
        return panel.empty(self._language)

    def _section(self, file: str, line: int, highlight: tuple[int, int] | None, number: str, question: str) -> str:
        view = self._assistant.section_at(file, line)
        pictures = partial(picture_address, self._assistant.notes_dir, file)
        return panel.section(
            view,
            self._language,
            pictures,
            anchor=line,
            highlight=highlight,
            number=number,
            question=question,
            editor=editor_address(
                Path(self._assistant.notes_dir, file).absolute(), highlight[0] if highlight else line
            ),
        )
