"""What stands around the conversation: the header, the questions to begin with, and the page of the first minute."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final

from ...errors import AssistantError, NotesError
from ...messages import Language, say
from ..adding import samples_for
from ..resident.startup import Startup
from . import html
from .examples import example_questions
from .offline import gr
from .turns import Pages, Turns
from .welcome import first_minute

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["HEADER_SCRIPT", "Front"]

_POLL_SECONDS: Final = 0.4
#: For so long what has changed is said again, if the header is drawn anew: else the next look would take it away.
_NEWS_SECONDS: Final = 20
#: Header, chat, page of the first minute.
Shown = tuple[Any, Any, Any]

#: Whoever comes back to the page may have written notes meanwhile: they are looked at, at most every other second.
HEADER_SCRIPT: Final = """nq.look = () => trigger("look");
let looked = Date.now();
const back = () => {
  if (document.visibilityState === "hidden" || Date.now() - looked < 2000) return;
  looked = Date.now();
  nq.look();
};
window.addEventListener("focus", back);
document.addEventListener("visibilitychange", back);
nq.watch();"""


class Front:
    """What the events around the conversation show."""

    def __init__(
        self, assistant: Assistant, startup: Startup, language: Language, pages: Pages, *, private: bool
    ) -> None:
        self._assistant = assistant
        self._private = private
        self._pages = pages
        self._startup = startup
        self._language = language

    async def arrive(self, request: gr.Request) -> AsyncIterator[Shown]:
        """For a page just opened: now, while the notes are being read, and once they are."""
        turns = self._pages.of(request.session_hash)
        if self._startup.notes_read:
            turns.told = self._assistant.changes[0]
            yield await asyncio.to_thread(self._all, turns)
        async for shown in self._until_read():
            yield shown
        turns.told = turns.told or self._assistant.changes[0]
        yield await asyncio.to_thread(self._all, turns)

    async def look(self, request: gr.Request) -> AsyncIterator[Shown]:
        """Looks at the notes anew, and says what has changed since this page was last told."""
        turns = self._pages.of(request.session_hash)
        refreshing = asyncio.create_task(asyncio.to_thread(self._refresh)) if self._startup.finished else None
        if refreshing is not None:
            await asyncio.wait({refreshing}, timeout=_POLL_SECONDS)  # mostly there is nothing to wait for
        async for shown in self._until_read(refreshing):
            yield shown
        yield await asyncio.to_thread(self._all, turns)

    def news(self, turns: Turns) -> Any:
        """The header with what has changed, for a question that found the notes changed; else nothing new."""
        if turns.told in (None, self._assistant.changes[0]):
            return gr.skip()
        return self._header(turns, reopen=False)[0]

    def _refresh(self) -> None:
        with contextlib.suppress(AssistantError):  # what is wrong is said by the header
            self._assistant.refresh()
        self._startup.again()

    async def _until_read(self, refreshing: asyncio.Task[None] | None = None) -> AsyncIterator[Shown]:
        said = None
        while (
            not self._startup.notes_read
            or self._startup.share() is not None
            or (refreshing is not None and not refreshing.done())
        ):
            now = html.building(self._startup.describe(self._language), self._startup.share(), self._language)
            if now != said:
                said = now
                yield now, gr.skip(), gr.skip()
            await asyncio.sleep(_POLL_SECONDS)

    def _all(self, turns: Turns) -> Shown:
        header, problem = self._header(turns, reopen=True)
        if isinstance(problem, NotesError):
            samples = samples_for(self._assistant.notes_dir) is not None
            message = problem.message(self._language)
            first = first_minute(
                message, self._assistant.notes_dir, self._language, samples=samples, private=self._private
            )
            return header, gr.skip(), first
        try:
            examples = example_questions(self._assistant.outline(), self._language)
        except AssistantError:
            return header, gr.skip(), ""
        return header, gr.update(examples=[{"text": text} for text in examples]), ""

    def _header(self, turns: Turns, *, reopen: bool) -> tuple[str, AssistantError | None]:
        """The header, and what is wrong where no question can be answered."""
        count, report = self._assistant.changes
        if turns.told not in (None, count):
            turns.told_at = time.monotonic()
        turns.told = count
        changed = report if time.monotonic() - turns.told_at < _NEWS_SECONDS else None
        problem = self._startup.error
        try:
            status = self._assistant.status()
        except AssistantError as error:
            problem = error
        if problem is not None:
            # Where notes are missing, the page of the first minute says more.
            missing = isinstance(problem, NotesError)
            said = say("web.no_notes", self._language) if missing else problem.message(self._language)
            return html.header(None, self._language, said), problem
        header = html.header(
            status, self._language, private=self._private, changed=changed, change=count, reopen=reopen
        )
        return header, None
