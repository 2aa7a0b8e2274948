"""What one open page has asked, shared by everything that is under way for it."""

from __future__ import annotations

import asyncio
import math
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Pages", "Turn", "Turns"]

#: Older turns are dropped from the page: all of them travel to the browser with every answer.
_MOST: Final = 40
#: Pages that were not used for longest are forgotten. They send what they show along, so that nothing is lost.
_MOST_PAGES: Final = 500


@dataclass
class Turn:
    """A question and, as soon as there is one, the HTML of its answer.

    ``number`` tells it from the page's others, ``order`` when the page sent it; 0 for what was asked before.
    """

    number: int
    order: int
    question: str
    shown: str | None = None
    understood: str = ""


class Turns:
    """The conversation of one page. Thread-safe: several questions may be under way at once.

    Each of these sends what the whole conversation looks like, so that what is sent last must not be what was drawn
    first. Hence :attr:`revision`: a stream whose last message is out of date sends another one (:meth:`drawn`). The
    single step of a question asks nobody to look again; there the page notices that something is missing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: tuple[Turn, ...] = ()
        self._made = 0
        self.revision = 0
        #: How many changes of the notes the page knows of (``Assistant.changes``); None until it has been told.
        self.told: int | None = None
        #: When it was told of the latest of them, by ``time.monotonic()``.
        self.told_at = -math.inf
        #: The turn whose source is opened beside the conversation, and that panel, until it is sent.
        self.opened: Turn | None = None
        self.note: str | None = None
        #: Whether a stream is under way that goes on until every turn has its answer.
        self.resting = False
        #: Held while an answer is made: a follow-up question needs what the one before it was understood as.
        self.answering = asyncio.Lock()

    @property
    def items(self) -> tuple[Turn, ...]:
        return self._items

    def add(self, questions: Sequence[str], order: int = 0) -> tuple[Turn, ...]:
        """Puts ``questions`` where they belong by ``order``: requests may overtake each other on their way."""
        with self._lock:
            new = tuple(Turn(number, order, question) for number, question in enumerate(questions, self._made))
            self._made += len(new)
            self._items = tuple(sorted((*self._items, *new), key=lambda turn: turn.order))[-_MOST:]
            self.revision += 1
            return new

    def answered(self, turn: Turn, shown: str | None, understood: str = "") -> None:
        """Gives ``turn`` its answer; None takes the answer away."""
        with self._lock:
            turn.shown, turn.understood = shown, understood
            self.revision += 1

    def waiting(self) -> Turn | None:
        """The turn to be answered next: of those that the page sent the first, of those from before the newest."""
        waiting = [turn for turn in self._items if turn.shown is None]
        return next((turn for turn in waiting if turn.order), waiting[-1] if waiting else None)

    def clear(self) -> None:
        with self._lock:
            self._items = ()
            self.opened = None
            self.revision += 1

    def hold(self, turn: Turn) -> bool:
        """Whether ``turn`` is still there: the conversation may have been cleared meanwhile."""
        return any(turn is item for item in self._items)

    def numbered(self, number: object) -> Turn | None:
        return next((turn for turn in self._items if turn.number == number), None)

    def before(self, turn: Turn) -> list[str]:
        """The questions before ``turn``, oldest first, each as it was understood."""
        earlier = []
        for item in self._items:
            if item is turn:
                break
            earlier.append(item.understood or item.question)
        return earlier

    def drawn(self) -> Iterator[tuple[Turn, ...]]:
        """What is to be sent, again while it changes during the sending: once it is sent, the next one is asked for."""
        while True:
            revision = self.revision
            yield self._items
            if revision == self.revision:
                return


class Pages:
    """The conversation of each open page. Thread-safe.

    Not Gradio's state: with that each page holds a connection open for good, and a browser opens six to a server.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: OrderedDict[str, Turns] = OrderedDict()

    def of(self, session: str | None) -> Turns:
        """The conversation of the page ``session``, an empty one at first."""
        with self._lock:
            turns = self._turns.setdefault(session or "", Turns())
            self._turns.move_to_end(session or "")
            if len(self._turns) > _MOST_PAGES:
                self._turns.popitem(last=False)
            return turns
