"""The tab where questions are asked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ...errors import AssistantError
from ...messages import Language, say
from ...records import Answer
from ..startup import Startup
from . import html
from .examples import example_questions
from .offline import gr
from .reader import Reader

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["Conversation", "chat_tab"]

_LOG = logging.getLogger(__name__)
#: Older turns are dropped from the page: all of them travel to the browser with every answer.
_TURNS: Final = 40
_POLL_SECONDS: Final = 0.4

#: While many questions are answered again, the page is told this often.
_STEP_SECONDS: Final = 0.5
_LONGEST: Final = 20_000
#: Saving needs no event: the one click listener of the page does it.
_TOOLS: Final = """element.addEventListener("click", (event) => {
  if (event.target.closest("[data-clear]")) { nq.forget(); trigger("click"); }
});"""


@dataclass
class Turn:
    """A question and, as soon as there is one, the HTML of its answer."""

    question: str
    shown: str | None = None
    understood: str = ""


@dataclass
class Turns:
    """What one open page has asked. Shared by everything that is under way for it, so that no answer gets lost."""

    items: list[Turn] = field(default_factory=list)

    def hold(self, turn: Turn) -> bool:
        """Whether ``turn`` is still there: the conversation may have been cleared meanwhile."""
        return any(turn is item for item in self.items)


#: One step of an answer being given: question box, chat, note panel.
Step = tuple[Any, Any, Any]


class Conversation:
    """What the events of the chat do. Knows records and HTML; of Gradio only how to hand over a value."""

    def __init__(self, assistant: Assistant, startup: Startup, language: Language) -> None:
        self._assistant = assistant
        self._startup = startup
        self._language = language
        self._reader = Reader(assistant, language)

    def ask(self, question: str, turns: Turns) -> Iterator[Step]:
        """Shows the question at once, says what is being waited for, then shows the answer."""
        question = question.strip()
        if not question:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        turn = Turn(question)
        turns.items[:] = [*turns.items, turn][-_TURNS:]
        yield "", self._messages(turns), gr.skip()
        yield from self._wait(turns)
        note = self._answer(turn, turns)
        yield gr.skip(), self._messages(turns), note if turns.hold(turn) else gr.skip()

    def resume(self, arrival: object, turns: Turns) -> Iterator[Step]:
        """Answers again what the browser remembers having been asked, and then what its address asks.

        Only questions are remembered, never answers: what is shown always comes from the notes as they are now, and
        nothing that a browser sends is shown as if the notes said it. The newest comes first, since it is in view.
        """
        asked, new = _arrival(arrival)
        known = [*asked, *([new] if new else [])][-_TURNS:]
        if not known:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        pending = [Turn(question) for question in known]
        turns.items[:] = [*pending, *turns.items]
        yield gr.skip(), self._messages(turns), gr.skip()
        yield from self._wait(turns)
        told = 0.0
        for turn in reversed(pending):
            if not turns.hold(turn):
                continue
            note = self._answer(turn, turns)
            last = turn is pending[-1]
            if last or time.monotonic() - told > _STEP_SECONDS:
                told = time.monotonic()
                yield gr.skip(), self._messages(turns), note if last and new else gr.skip()
        yield gr.skip(), self._messages(turns), gr.skip()

    def _wait(self, turns: Turns) -> Iterator[Step]:
        described = self._startup.describe(self._language)
        while not self._startup.wait(_POLL_SECONDS):
            now = self._startup.describe(self._language)
            if now != described:
                described = now
                yield gr.skip(), self._messages(turns), gr.skip()

    def ask_example(self, turns: Turns, picked: gr.SelectData) -> Iterator[Step]:
        yield from self.ask(str(picked.value["text"]), turns)

    def clear(self, turns: Turns) -> tuple[list[Any], str]:
        turns.items.clear()
        return [], self._reader.nothing()

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

    def _messages(self, turns: Turns) -> list[dict[str, Any]]:
        """Every turn as two messages, each one HTML component: the text of a note never goes through Markdown."""
        described = self._startup.describe(self._language)
        return [
            {"role": role, "content": gr.HTML(content, js_on_load=None)}
            for turn in tuple(turns.items)
            for role, content in (
                ("user", html.question(turn.question)),
                ("assistant", turn.shown or html.waiting(described)),
            )
        ]

    def _answer(self, turn: Turn, turns: Turns) -> str:
        """Gives ``turn`` its answer. Returns the panel beside it: the first source, or nothing after a refusal."""
        history = []
        for earlier in turns.items:
            if earlier is turn:
                break
            history.append(earlier.understood or earlier.question)
        try:
            result = self._assistant.ask(turn.question, history)
        except AssistantError as error:
            turn.shown = html.error(error, self._language)
            return self._reader.nothing()
        except Exception:  # the chat must not wait for an answer that never comes
            _LOG.exception("no answer")
            turn.shown = html.error(AssistantError(), self._language)
            return self._reader.nothing()
        turn.shown, turn.understood = html.answer(result, self._language), result.understood
        return self._first_source(result)

    def _first_source(self, result: Answer) -> str:
        if result.status in ("not_found", "related") or not result.citations:
            return self._reader.nothing()
        return self._reader.cited(result.citations[0], result.question)


def chat_tab(
    page: gr.Blocks, assistant: Assistant, startup: Startup, language: Language, header: gr.HTML, note: gr.HTML
) -> None:
    """Adds the chat to the tabs under construction. ``note`` is the note panel, ``header`` the line above it all."""
    conversation = Conversation(assistant, startup, language)
    with gr.Tab(say("web.tab_ask", language), id="ask", elem_id="nq-tab-ask"):
        turns = gr.State(Turns())
        arrival = gr.JSON(visible=False)
        chat = gr.Chatbot(
            elem_id="nq-chat",
            show_label=False,
            label=say("web.chat_label", language),
            autoscroll=False,  # jumps to the end of a long answer; head.js keeps the question in view instead
            layout="panel",
            buttons=[],
            feedback_options=None,
            group_consecutive_messages=False,
            placeholder=f"## {say('web.welcome', language)}\n{say('web.promise', language)}",
            height="100%",
        )
        tools = gr.HTML(html.chat_tools(language), js_on_load=_TOOLS, elem_id="nq-chat-tools")
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
    outputs = [box, chat, note]
    quiet = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 8}
    box.submit(conversation.ask, [box, turns], outputs, concurrency_id="ask", **quiet)
    chat.example_select(conversation.ask_example, [turns], outputs, concurrency_id="ask", **quiet)
    tools.click(conversation.clear, [turns], [chat, note], **quiet)
    page.load(conversation.arrive, None, [header, chat], **{**quiet, "concurrency_limit": None})
    js = "(_, turns) => [nq.arrival(), turns]"
    page.load(conversation.resume, [arrival, turns], outputs, concurrency_id="ask", js=js, **quiet)


def _arrival(arrival: object) -> tuple[list[str], str]:
    """The questions remembered and the one in the address, of ``{"asked": [...], "question": "..."}`` by a browser."""
    values = arrival if isinstance(arrival, dict) else {}
    asked, question = values.get("asked"), values.get("question")
    known = [text.strip() for text in asked if isinstance(text, str)] if isinstance(asked, list) else []
    new = question.strip() if isinstance(question, str) else ""
    return [text for text in known if 0 < len(text) <= _LONGEST], new[:_LONGEST]
