"""The page: a chat on the left, the note that is quoted on the right.

Imports Gradio, which takes seconds: import this module only when the page is served.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

# Before Gradio is imported: no version check, no telemetry, no history of runs in the browser.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ["GRADIO_RUN_HISTORY"] = "False"

import gradio as gr
from fastapi import FastAPI

from ...errors import AssistantError, UnknownPlace
from ...messages import Language, say
from ...records import Answer
from ..pictures import picture_address
from ..startup import Startup
from . import html, panel
from .examples import example_questions

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["Conversation", "build", "mount"]

_LOG = logging.getLogger(__name__)
_HERE: Final = Path(__file__).parent
#: Older turns are dropped from the page: all of them travel to the browser with every answer.
_TURNS: Final = 40
_POLL_SECONDS: Final = 0.4
_FONTS: Final = ("system-ui", "Hiragino Sans", "Yu Gothic UI", "Meiryo", "Noto Sans CJK JP", "sans-serif")
_MONO: Final = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Noto Sans Mono CJK JP", "monospace")

Turn = tuple[str, str]
#: One step of an answer being given: question box, chat, the turns so far, note panel.
Step = tuple[Any, Any, Any, Any]


class Conversation:
    """What the page's events do. Knows records and HTML; of Gradio only how to hand over a value."""

    def __init__(self, assistant: Assistant, startup: Startup, language: Language) -> None:
        self._assistant = assistant
        self._startup = startup
        self._language = language

    def ask(self, question: str, turns: list[Turn]) -> Iterator[Step]:
        """Shows the question at once, says what is being waited for, then shows the answer."""
        question = question.strip()
        if not question:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        asked = html.question(question)
        described = self._startup.describe(self._language)
        yield "", _messages([*turns, (asked, html.waiting(described))]), gr.skip(), gr.skip()
        while not self._startup.wait(_POLL_SECONDS):
            now = self._startup.describe(self._language)
            if now != described:
                described = now
                yield gr.skip(), _messages([*turns, (asked, html.waiting(described))]), gr.skip(), gr.skip()
        shown, note = self._answer(question)
        turns = [*turns, (asked, shown)][-_TURNS:]
        yield gr.skip(), _messages(turns), turns, note

    def ask_example(self, turns: list[Turn], picked: gr.SelectData) -> Iterator[Step]:
        yield from self.ask(str(picked.value["text"]), turns)

    def clear(self) -> tuple[list[Turn], str]:
        return [], panel.empty(self._language)

    def open_note(self, request: object) -> str:
        """The panel's content for ``[file, line, "first-last" or "", number]``, as the browser sends it."""
        try:
            file, line, lines, number = request if isinstance(request, list) else ("", 0, "", "")
            first, _, last = str(lines).partition("-")
            highlight = (int(first), int(last)) if first and last else None
            return self._section(str(file), int(line), highlight, str(number)[:3])
        except ValueError:
            return panel.failed(UnknownPlace(file="?", line="?"), self._language)
        except AssistantError as error:
            return panel.failed(error, self._language)

    async def arrive(self) -> AsyncIterator[tuple[Any, Any]]:
        """Header and examples for a page just opened: now, and again once the notes have been read."""
        if not self._startup.notes_read:
            yield html.header(None, self._language), gr.skip()
            while not self._startup.notes_read:
                await asyncio.sleep(_POLL_SECONDS)
        yield await asyncio.to_thread(self._welcome)

    def _welcome(self) -> tuple[Any, Any]:
        try:
            status = self._assistant.status()
            header = html.header(status, self._language)
            examples = example_questions(self._assistant.outline(), self._language)
        except AssistantError as error:
            return html.header(None, self._language, error.message(self._language)), gr.skip()
        if self._startup.error is not None:
            header = html.header(status, self._language, self._startup.error.message(self._language))
        return header, gr.update(examples=[{"text": text} for text in examples])

    def _answer(self, question: str) -> tuple[str, str]:
        """The answer's HTML, and the panel beside it: the first source, or nothing after a refusal."""
        try:
            result = self._assistant.ask(question)
        except AssistantError as error:
            return html.error(error, self._language), panel.empty(self._language)
        except Exception:  # the chat must not wait for an answer that never comes
            _LOG.exception("no answer")
            return html.error(AssistantError(), self._language), panel.empty(self._language)
        return html.answer(result, self._language), self._first_source(result)

    def _first_source(self, result: Answer) -> str:
        if result.status in ("not_found", "related") or not result.citations:
            return panel.empty(self._language)
        first = result.citations[0]
        lines = (first.line_start, first.line_end)
        try:
            return self._section(first.file, first.line_start, lines, str(first.n))
        except AssistantError:  # changed since it was read; the answer says the same on the next try
            return panel.empty(self._language)

    def _section(self, file: str, line: int, highlight: tuple[int, int] | None, number: str) -> str:
        view = self._assistant.section_at(file, line)
        pictures = partial(picture_address, self._assistant.notes_dir, file)
        return panel.section(view, self._language, pictures, anchor=line, highlight=highlight, number=number)


def build(assistant: Assistant, startup: Startup, language: Language) -> gr.Blocks:
    """The Blocks of the page. A further tab goes into the left column; every tab shares the one note panel."""
    conversation = Conversation(assistant, startup, language)

    def open_note(request: object) -> str:  # Gradio marks the function, which a bound method does not allow
        return conversation.open_note(request)

    with gr.Blocks(title=say("web.title", language), analytics_enabled=False, fill_width=True) as page:
        header = gr.HTML(html.header(None, language), js_on_load=None, elem_id="nq-header")
        with gr.Row(elem_id="nq-split"):
            with gr.Column(scale=6, min_width=320, elem_id="nq-left"):
                connect_chat = _chat(page, conversation, header, language)
            with gr.Column(scale=5, min_width=320, elem_id="nq-right"):
                note = gr.HTML(
                    panel.empty(language),
                    js_on_load=(_HERE / "panel.js").read_text("utf-8"),
                    server_functions=[open_note],
                    elem_id="nq-panel",
                )
        connect_chat(note)
    return page


def _chat(
    page: gr.Blocks, conversation: Conversation, header: gr.HTML, language: Language
) -> Callable[[gr.HTML], None]:
    """The chat. Returns what connects its events, to be called with the note panel once that exists."""
    turns = gr.State([])
    welcome = f"## {say('web.welcome', language)}\n{say('web.promise', language)}"
    chat = gr.Chatbot(
        elem_id="nq-chat",
        show_label=False,
        label=say("web.chat_label", language),
        autoscroll=False,  # jumps to the end of a long answer; head.js keeps the question in view instead
        layout="panel",
        buttons=[],
        feedback_options=None,
        group_consecutive_messages=False,
        placeholder=welcome,
        height="100%",
    )
    box = gr.Textbox(
        elem_id="nq-ask",
        show_label=False,
        label=say("web.ask_label", language),
        placeholder=say("web.placeholder", language),
        lines=1,
        max_lines=8,
        autofocus=True,
        submit_btn=True,
        container=False,
    )

    def connect(note: gr.HTML) -> None:
        outputs = [box, chat, turns, note]
        quiet = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 8}
        box.submit(conversation.ask, [box, turns], outputs, concurrency_id="ask", **quiet)
        chat.example_select(conversation.ask_example, [turns], outputs, concurrency_id="ask", **quiet)
        chat.clear(conversation.clear, None, [turns, note], **quiet)
        page.load(conversation.arrive, None, [header, chat], **{**quiet, "concurrency_limit": None})
        # A question in the address, /?q=…, is asked on arrival.
        js = "() => new URLSearchParams(location.search).get('q') || ''"
        asked = page.load(None, None, box, js=js, api_visibility="private")
        asked.then(conversation.ask, [box, turns], outputs, concurrency_id="ask", **quiet)

    return connect


def mount(app: FastAPI, page: gr.Blocks, language: Language) -> FastAPI:
    """Puts the page at ``/`` of ``app``."""
    theme = gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=_FONTS, font_mono=_MONO)
    theme.set(body_background_fill="#f5f7f9", body_background_fill_dark="#0b1016")
    texts = {key: say(f"web.{key}", language) for key in ("copied", "copy_failed", "open_failed")}
    settings = json.dumps({"language": language, "texts": texts}, ensure_ascii=False).replace("<", "\\u003c")
    script, style = ((_HERE / name).read_text("utf-8") for name in ("head.js", "style.css"))
    # In the head rather than as `css`: what Gradio does to that makes rules for small screens lose against the others.
    head = f"<style>{style}</style><script>window.nq = {settings};\n{script}</script>"
    return gr.mount_gradio_app(  # type: ignore[no-any-return]
        app,
        page,
        path="/",
        server_name="127.0.0.1",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,  # nothing is ever uploaded
        theme=theme,
        head=head,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
    )


def _messages(turns: list[Turn]) -> list[dict[str, Any]]:
    """Every turn as two messages, each one HTML component: the text of a note never goes through Markdown."""
    return [
        {"role": role, "content": gr.HTML(content, js_on_load=None)}
        for turn in turns
        for role, content in zip(("user", "assistant"), turn, strict=True)
    ]
