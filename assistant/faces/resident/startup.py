"""Getting ready behind an open port: first the page, then the index, then the model.

One after the other and in one thread: importing two large packages at once gains nothing under one interpreter lock
and can fail on half-imported modules.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from typing import TYPE_CHECKING, Final, Literal

from ...errors import AssistantError
from ...messages import Language, say
from ...records import Progress

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["Startup"]

_LOG = logging.getLogger(__name__)

#: So long is watched before anything is said about the pace.
_TELLING_SECONDS: Final = 2.0
_MINUTE: Final = 60

Stage = Literal["page", "index", "model", "ready", "failed"]


class Startup:
    """How far the start has come. Written by one thread, read by many."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._finished = threading.Event()
        self._starting = threading.Lock()
        self._finished.set()  # nothing to wait for until begin()
        self._encoding: tuple[float, int] | None = None
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

    def again(self) -> None:
        """Starts anew where the first start failed, for example because there were no notes."""
        with self._starting:
            if self.stage != "failed":
                return
            self.stage, self.error = "index", None
            self._finished.clear()
        threading.Thread(target=self.run, name="startup", daemon=True).start()

    def describe(self, language: Language) -> str:
        """What is being waited for, as one line."""
        now = self.progress
        pending = self._assistant.pending_files
        if self.stage == "ready" and pending:
            said = say("web.wait_changes", language, files=pending)
            if now is not None and now.stage == "encode":
                said += say("web.wait_sections", language, done=now.done, total=now.total)
            return said
        stage = {"read": "web.wait_read", "encode": "web.wait_encode"}.get(now.stage) if now and now.total else None
        if now is not None and stage is not None and self.stage in ("index", "ready"):
            return say(stage, language, done=now.done, total=now.total) + self._pace(now, language)
        waiting = {"page": "web.wait_page", "model": "web.wait_model"}
        return say(waiting.get(self.stage, "web.wait_search"), language)

    def share(self) -> float | None:
        """How much of the index is built, 0 to 1; None where nothing is being built."""
        now = self.progress
        return now.done / now.total if now is not None and now.stage == "encode" and now.total else None

    def _pace(self, now: Progress, language: Language) -> str:
        """Sections a second and the time left, once this was asked for long enough to tell by."""
        if now.stage != "encode":
            self._encoding = None
            return ""
        if self._encoding is None or self._encoding[1] > now.done:
            self._encoding = time.monotonic(), now.done
        begun, with_ = self._encoding
        seconds, done = time.monotonic() - begun, now.done - with_
        if seconds < _TELLING_SECONDS or done <= 0:
            return ""
        rate = done / seconds
        left = math.ceil((now.total - now.done) / rate)
        key = "web.wait_pace_minutes" if left > _MINUTE else "web.wait_pace"
        return say(key, language, rate=rate, left=math.ceil(left / _MINUTE) if left > _MINUTE else left)
