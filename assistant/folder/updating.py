"""Keeps an index in step with its notes while questions are asked.

A thread reads the changes, one run at a time; a watch on the folder (the operating system's notifications, through
``watchfiles``) tells when there is something to read. Notifications can be missing (network folders) or come late, so
they are never all that counts: without one a look at the folder is due again after a while.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from ..records import RefreshReport

__all__ = ["FolderWatch", "Looks", "Updates"]

_LOG: Final = logging.getLogger(__name__)

#: A look that takes no longer than this is always worth it; a longer one is to take at most this share of the time …
_CHEAP_SECONDS: Final = 0.02
_SHARE: Final = 1 / 20
#: … unless so many seconds have gone since the last look: alone, and with a watch on the folder.
_ALONE_SECONDS: Final = 1.0
_WATCHED_SECONDS: Final = 10.0

#: Notifications are gathered for as long as they keep coming within a step, at most for the first time.
_GATHER_MS: Final = 200
_STEP_MS: Final = 20
#: How often the watch asks whether it is to end, in milliseconds.
_WAKE_MS: Final = 1000


class Looks:
    """When a look at the notes folder is due. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Event()
        self._at = float("-inf")
        self._seconds = float("inf")
        self.watched = False

    def changed(self) -> None:
        """Something in the folder has changed: the next look is due now."""
        self._changed.set()

    def begin(self) -> None:
        """A look begins: what changes from now on is for the next one."""
        self._changed.clear()
        self._at = time.monotonic()

    def end(self) -> None:
        """The folder has been listed."""
        # The busy moments of a machine are not what the folder costs.
        self._seconds = min(time.monotonic() - self._at, 2 * self._seconds)

    @property
    def due(self) -> bool:
        if self._seconds <= _CHEAP_SECONDS:
            return True
        longest = _WATCHED_SECONDS if self.watched else _ALONE_SECONDS
        return self._changed.is_set() or time.monotonic() - self._at > min(self._seconds / _SHARE, longest)


class Updates:
    """Runs of ``refresh`` in one thread that stays, which does not keep the process from ending."""

    def __init__(self, refresh: Callable[[], RefreshReport]) -> None:
        self._refresh = refresh
        self._guard = threading.Lock()
        self._next: Future[RefreshReport] | None = None
        self._running: Future[RefreshReport] | None = None
        self._waiting: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def request(self) -> Future[RefreshReport]:
        """A run that begins after this call; whoever asks before it begins shares it."""
        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="updates", daemon=True)
                self._thread.start()
            if self._next is None:
                self._next = Future()
                self._waiting.put(None)
            return self._next

    @property
    def current(self) -> Future[RefreshReport] | None:
        """The last run that was asked for, unless it has ended."""
        with self._guard:
            return self._next or self._running

    def _work(self) -> None:
        while True:
            self._waiting.get()
            with self._guard:
                self._running, self._next = self._next, None
                run = self._running
            assert run is not None
            try:
                run.set_result(self._refresh())
            except BaseException as error:  # it is the asker's to see
                run.set_exception(error)
            with self._guard:
                self._running = None


class FolderWatch:
    """Calls ``changed`` from a thread of its own soon after something in ``folder`` changes, until it is closed.

    Changes below ``but`` and in hidden folders do not count. ``lost`` is called where no watching is possible, or
    not any more.
    """

    def __init__(self, folder: Path, but: Path, changed: Callable[[], None], lost: Callable[[], None]) -> None:
        self._folder = folder.resolve()
        self._but = but.resolve()
        self._changed = changed
        self._lost = lost
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch-notes", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Returns when the watch has ended."""
        self._end.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _watch(self) -> None:
        from watchfiles import Change, watch

        def counts(_: Change, path: str) -> bool:
            place = Path(path)
            if place.is_relative_to(self._but) or not place.is_relative_to(self._folder):
                return False
            return not any(part.startswith(".") for part in place.relative_to(self._folder).parts)

        try:
            if not self._folder.is_dir():
                raise NotADirectoryError(self._folder)  # the library would wait for it without a word
            for _ in watch(
                self._folder,
                watch_filter=counts,
                debounce=_GATHER_MS,
                step=_STEP_MS,
                stop_event=self._end,
                rust_timeout=_WAKE_MS,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                self._changed()
        except Exception:  # the folder is gone, or the system's limit of watches is reached
            _LOG.info("the notes folder is not watched", exc_info=True)
        finally:
            self._lost()
