"""Getting ready behind an open port: first the page, then the index, then the model.

One after the other and in one thread: importing two large packages at once gains nothing under one interpreter lock
and can fail on half-imported modules.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Literal

from ..errors import AssistantError
from ..messages import Language, say
from ..records import Progress

if TYPE_CHECKING:
    from ..engine import Assistant

__all__ = ["Startup"]

_LOG = logging.getLogger(__name__)

Stage = Literal["page", "index", "model", "ready", "failed"]


class Startup:
    """How far the start has come. Written by one thread, read by many."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._finished = threading.Event()
        self._finished.set()  # nothing to wait for until begin()
        self.stage: Stage = "page"
        self.error: AssistantError | None = None

    @property
    def finished(self) -> bool:
        """Whether questions need not wait any longer. After a failure they find out for themselves what is wrong."""
        return self._finished.is_set()

    @property
    def notes_read(self) -> bool:
        """Whether the index is as good as it gets, with or without the model."""
        return self.finished or self.stage == "model"

    @property
    def progress(self) -> Progress | None:
        """How far the index has come, once that is known."""
        return self._assistant.progress

    def wait(self, seconds: float | None = None) -> bool:
        return self._finished.wait(seconds)

    def begin(self) -> None:
        """Questions wait from now on until ``run`` is through."""
        self._finished.clear()

    def run(self) -> None:
        """Brings the index up to date and loads the model; never raises.

        In this order, so that a missing folder is reported and the notes are counted without waiting for the model.
        """
        try:
            self.stage = "index"
            self._assistant.stay_fresh()
            self._assistant.catch_up()
            self.stage = "model"
            self._assistant.warm_up()
            self.stage = "ready"
        except AssistantError as error:
            self.error = error
            self.stage = "failed"
        except Exception:
            _LOG.exception("start-up failed")
            self.error = AssistantError()
            self.stage = "failed"
        finally:
            self._finished.set()

    def describe(self, language: Language) -> str:
        """What is being waited for, as one line."""
        progress = self.progress
        if self.stage == "index" and progress is not None and progress.total:
            return say("web.wait_index", language, done=progress.done, total=progress.total)
        waiting = {"page": "web.wait_page", "model": "web.wait_model"}
        return say(waiting.get(self.stage, "web.wait_search"), language)
