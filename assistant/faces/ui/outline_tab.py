"""The tab that lists what the notes hold."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...errors import AssistantError
from ...messages import Language, say
from ..resident.startup import Startup
from . import html
from .icons import icon
from .offline import gr
from .outline import Outline, Selection, waiting
from .welcome import add_button

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["outline_tab"]

_SCRIPT: Final = Path(__file__).with_name("outline.js")


class _Listing:
    """The outline as it was when somebody last opened the tab; typing in the filter reads nothing anew."""

    def __init__(self, assistant: Assistant, startup: Startup, language: Language) -> None:
        self._assistant = assistant
        self._startup = startup
        self._language = language
        self._outline: Outline | None = None

    def show(self, request: object) -> str:
        """The outline's HTML for ``[words, state, shown, anew]``; with ``anew`` the notes folder is looked at first."""
        if not self._startup.notes_read:
            return waiting(self._startup.describe(self._language))
        selection, anew = (
            (request[:3], bool(request[3])) if isinstance(request, list) and len(request) == 4 else ([], True)
        )
        try:
            if self._outline is None or anew:
                if self._startup.finished:
                    self._assistant.refresh()
                self._outline = Outline(self._assistant.outline())
        except AssistantError as error:
            return html.error(error, self._language)
        return self._outline.html(Selection.read(selection), self._language)


def outline_tab(assistant: Assistant, startup: Startup, language: Language) -> None:
    """Adds the outline to the tabs under construction. Its rows open in the note panel."""
    listing = _Listing(assistant, startup, language)

    def list_notes(request: object) -> str:  # Gradio marks the function, which a bound method does not allow
        return listing.show(request)

    label = escape(say("web.outline_filter", language))
    box = (
        f'<div class="nq nq-filter-row"><label class="nq-filter">{icon("find")}'
        f'<input type="search" placeholder="{label}" aria-label="{label}" autocomplete="off" spellcheck="false">'
        f"</label>{add_button(language)}</div>"
    )
    with gr.Tab(say("web.tab_notes", language), id="notes", elem_id="nq-tab-notes"):
        gr.HTML(box, js_on_load=None, elem_id="nq-filter")
        gr.HTML(
            waiting(say("web.wait_search", language)),
            js_on_load=_SCRIPT.read_text("utf-8"),
            server_functions=[list_notes],
            elem_id="nq-outline",
        )
