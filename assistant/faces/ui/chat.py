"""The tab where questions are asked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from ...errors import AssistantError
from ...messages import Language, say
from ...records import Answer
from ..resident.startup import Startup
from . import html
from .front import Front
from .message import message
from .offline import gr
from .reader import Reader
from .turns import Pages, Turn, Turns

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["Conversation", "chat_tab"]

_LOG = logging.getLogger(__name__)
_POLL_SECONDS: Final = 0.4
#: An answer that is there so soon is shown with its question: each step costs the browser more than most answers cost.
_AT_ONCE_SECONDS: Final = 1.5

#: While many questions are answered again, the page is told this often.
_STEP_SECONDS: Final = 0.5
_LONGEST: Final = 20_000
#: Saving needs no event: the one click listener of the page does it.
_TOOLS: Final = """element.addEventListener("click", (event) => {
  if (event.target.closest("[data-clear]")) { nq.forget(); nq.cleared(); trigger("click"); }
});
nq.retry = (turn) => trigger("retry", { turn });
nq.rest = () => trigger("rest");"""


#: One step of an answer being given: chat, note panel, header.
Step = tuple[Any, Any, Any]
#: How a stream ends: Gradio sends the last step twice, and the second time it may be out of date.
_NOTHING_NEW: Final[Step] = (gr.skip(), gr.skip(), gr.skip())


class Conversation:
    """What the events of the chat do. Knows records and HTML; of Gradio only how to hand over a value."""

    def __init__(self, assistant: Assistant, startup: Startup, language: Language, front: Front, pages: Pages) -> None:
        self._assistant = assistant
        self._pages = pages
        self._front = front
        self._startup = startup
        self._language = language
        self._reader = Reader(assistant, language)

    async def ask(self, question: str, arrival: object, request: gr.Request) -> Step:
        """The question with its answer or, where that takes longer, as one that waits: :meth:`rest` gives it then.

        ``arrival`` is what the page shows already: a server that was started anew meanwhile knows nothing of it.
        """
        question = question.strip()
        if not question:
            return _NOTHING_NEW
        turns = self._pages.of(request.session_hash)
        asked, _, order = _arrival(arrival)
        if not turns.items:
            turns.add(asked)
        (turn,) = turns.add([question], order)
        return await self._at_once(turn, turns)

    async def ask_example(self, request: gr.Request, picked: gr.SelectData) -> Step:
        return await self.ask(str(picked.value["text"]), None, request)

    async def again(self, request: gr.Request, event: gr.EventData) -> Step:
        """Answers the turn anew whose number the page names: something went wrong with it before."""
        turns = self._pages.of(request.session_hash)
        turn = turns.numbered(event._data.get("turn") if isinstance(event._data, dict) else None)
        if turn is None:
            return _NOTHING_NEW
        turns.answered(turn, None)
        return await self._at_once(turn, turns)

    async def clear(self, request: gr.Request) -> Step:
        turns = self._pages.of(request.session_hash)
        turns.clear()
        turns.note = self._reader.nothing()
        return self._step((), turns)

    async def resume(self, arrival: object, request: gr.Request) -> AsyncIterator[Step]:
        """Answers again what the browser remembers having been asked, and then what its address asks.

        Only questions are remembered, never answers: what is shown always comes from the notes as they are now, and
        nothing that a browser sends is shown as if the notes said it.
        """
        turns = self._pages.of(request.session_hash)
        asked, new, _ = _arrival(arrival)
        turns.add(asked)
        if new:
            turns.opened = turns.add([new])[0]
        if turns.items:
            async for step in self.rest(request):
                yield step
        else:
            yield _NOTHING_NEW

    async def rest(self, request: gr.Request) -> AsyncIterator[Step]:
        """What the page shows, and every step of it until no question waits.

        Asked for by the page when it shows a question that waits, or finds that a step has overtaken another.
        """
        turns = self._pages.of(request.session_hash)
        if not turns.resting:
            turns.resting = True
            try:
                async for step in self._resting(turns):
                    yield step
            finally:
                turns.resting = False
        yield _NOTHING_NEW

    async def _resting(self, turns: Turns) -> AsyncIterator[Step]:
        for step in self._show(turns):
            yield step
        async for step in self._wait(turns):
            yield step
        told = time.monotonic()
        while (turn := turns.waiting()) is not None:
            await self._answer(turn, turns)
            if turns.waiting() is None or time.monotonic() - told > _STEP_SECONDS:
                for step in self._show(turns):
                    yield step
                told = time.monotonic()

    async def _at_once(self, turn: Turn, turns: Turns) -> Step:
        """``turn`` with its answer, if that is there soon."""
        turns.opened = turn
        if self._startup.finished:
            answering = asyncio.create_task(self._answer(turn, turns))
            await asyncio.wait({answering}, timeout=_AT_ONCE_SECONDS)
        if any(later.number > turn.number and later.shown is None for later in turns.items):
            return _NOTHING_NEW  # of questions asked in one breath the last shows them all
        return self._step(turns.items, turns)

    def _show(self, turns: Turns) -> Iterator[Step]:
        for items in turns.drawn():
            yield self._step(items, turns)

    def _step(self, items: Sequence[Turn], turns: Turns) -> Step:
        note, turns.note = turns.note, None
        return self._messages(items), gr.skip() if note is None else note, self._front.news(turns)

    async def _wait(self, turns: Turns) -> AsyncIterator[Step]:
        described = self._startup.describe(self._language)
        while not self._startup.finished:
            await asyncio.sleep(_POLL_SECONDS)
            now = self._startup.describe(self._language)
            if now != described:
                described = now
                for step in self._show(turns):
                    yield step

    def _messages(self, turns: Sequence[Turn]) -> list[Any]:
        described, share = self._startup.describe(self._language), self._startup.share()
        return [
            message(role, content)
            for turn in turns
            for role, content in (
                ("user", html.question(turn.question, turn.number)),
                ("assistant", turn.shown or html.waiting(described, share)),
            )
        ]

    async def _answer(self, turn: Turn, turns: Turns) -> None:
        async with turns.answering:
            if turn.shown is None and turns.hold(turn):
                await asyncio.to_thread(self._answer_now, turn, turns)

    def _answer_now(self, turn: Turn, turns: Turns) -> None:
        """Gives ``turn`` its answer and, if it is the one to be opened, the panel beside it."""
        note, understood = self._reader.nothing(), ""
        try:
            result = self._assistant.ask(turn.question, turns.before(turn))
            shown, understood = html.answer(result, self._language), result.understood
            if turn is turns.opened:
                note = self._first_source(result)
        except AssistantError as error:
            shown = html.error(error, self._language, turn.number)
        except Exception:  # the chat must not wait for an answer that never comes
            _LOG.exception("no answer")
            shown = html.error(AssistantError(), self._language, turn.number)
        if turn is turns.opened:
            turns.note = note
        turns.answered(turn, shown, understood)

    def _first_source(self, result: Answer) -> str:
        """The panel with the first source of an answer; of a refusal, nothing."""
        if result.status in ("not_found", "related") or not result.citations:
            return self._reader.nothing()
        return self._reader.cited(result.citations[0], result.question)


def chat_tab(
    page: gr.Blocks,
    assistant: Assistant,
    startup: Startup,
    language: Language,
    header: gr.HTML,
    note: gr.HTML,
    *,
    private: bool,
) -> None:
    """Adds the chat to the tabs under construction. ``note`` is the note panel, ``header`` the line above it all.

    ``private``: only this computer can open the page.
    """
    pages = Pages()
    front = Front(assistant, startup, language, pages, private=private)
    conversation = Conversation(assistant, startup, language, front, pages)
    with gr.Tab(say("web.tab_ask", language), id="ask", elem_id="nq-tab-ask"):
        arrival = gr.JSON(visible=False)
        first = gr.HTML("", js_on_load=None, elem_id="nq-first")
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
    outputs = [chat, note, header]
    quiet = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
    # "multiple": by default whatever is asked while an earlier question waits for its answer is dropped.
    asking = {**quiet, "trigger_mode": "multiple"}
    sent = "(question) => [nq.sent(question), nq.sending()]"
    box.submit(conversation.ask, [box, arrival], outputs, js=sent, **asking)
    chat.example_select(conversation.ask_example, None, outputs, **asking)
    tools.click(conversation.clear, None, outputs, **asking)
    tools.retry(conversation.again, None, outputs, **asking)
    tools.rest(conversation.rest, None, outputs, **asking)
    around = [header, chat, first]
    page.load(front.arrive, None, around, **quiet)
    header.look(front.look, None, around, trigger_mode="always_last", **quiet)
    page.load(conversation.resume, [arrival], outputs, js="() => [nq.arrival()]", **quiet)


def _arrival(arrival: object) -> tuple[list[str], str, int]:
    """The questions remembered, the one in the address and how many were sent, as a browser tells it.

    ``{"asked": [...], "question": "...", "order": 1}``; whatever is odd is left out.
    """
    values = arrival if isinstance(arrival, dict) else {}
    asked, question, order = values.get("asked"), values.get("question"), values.get("order")
    known = [text.strip() for text in asked if isinstance(text, str)] if isinstance(asked, list) else []
    new = question.strip() if isinstance(question, str) else ""
    return (
        [text for text in known if 0 < len(text) <= _LONGEST],
        new[:_LONGEST],
        order if isinstance(order, int) and order > 0 else 1,
    )
