"""The engine's side of the terminal's commands: their jobs, its file, and how long it stays.

A request that starts a job or asks for it waits a moment for the result, and else hears how far the engine has come.
All of it is behind ``Guard``, which asks for the token.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from os import getpid
from typing import TYPE_CHECKING, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from ..._json import Json
from ...errors import AssistantError
from ...examrecords import ExamQuestion
from .client import stop_engine
from .jobs import Jobs
from .plain import from_plain, plain
from .process import (
    EngineRecord,
    Kind,
    LockTimeout,
    Target,
    new_secret,
    read_record,
    remove_record,
    source_version,
    starting,
    write_record,
)
from .wire import error_to_json

if TYPE_CHECKING:
    from ...engine import Assistant
    from .startup import Startup

__all__ = ["ENGINE_PATHS", "Handler", "Resident"]

ENGINE_PATHS: Final = "/engine/"

_LOG: Final = logging.getLogger(__name__)
_WORKERS: Final = 4
#: How long a request waits for its job: short enough for a bar that moves.
_LOOK_SECONDS: Final = 0.3
_WATCH_SECONDS: Final = 2.0
#: What a job may still take when the engine is to end.
_LAST_JOB_SECONDS: Final = 5.0
_LOCK_SECONDS: Final = 60.0

Handler = Callable[[Request], Awaitable[Response]]


class Resident:
    """This process as the engine for ``target``, for the time of one server.

    An ``engine`` ends itself when it has had nothing to do for ``idle_seconds``, or when another one has taken its
    place; the ``chat`` stays until it is ended. The version is the one of the source files at the time of creation.
    """

    def __init__(self, assistant: Assistant, target: Target, kind: Kind, *, idle_seconds: float = math.inf) -> None:
        self._assistant = assistant
        self._target = target
        self._kind: Kind = kind
        self._idle_seconds = idle_seconds
        self._version = source_version()
        self._seal = new_secret()
        self._startup: Startup | None = None
        self._jobs: Jobs[Json] = Jobs(_WORKERS)
        self._left = threading.Event()
        self._guard = threading.Lock()
        self.token = new_secret()

    def routes(self, startup: Startup) -> list[tuple[str, Handler, list[str]]]:
        """Paths with their handlers and methods, for an application that ``startup`` gets ready."""
        self._startup = startup
        return [
            (f"{ENGINE_PATHS}hello", self._hello, ["GET"]),
            (f"{ENGINE_PATHS}run", self._run, ["POST"]),
            (f"{ENGINE_PATHS}job/{{job:int}}", self._job, ["GET"]),
            (f"{ENGINE_PATHS}stop", self._stop, ["POST"]),
        ]

    def announce(self, host: str, port: int, end: Callable[[], None]) -> None:
        """Says in the index folder that the engine listens at ``host`` and ``port``; ``end`` ends the server.

        An engine without a page that was there before is ended. Raises ``OSError`` where the file cannot be written;
        the chat goes without it.
        """
        record = EngineRecord(
            pid=getpid(),
            host=host,
            port=port,
            token=self.token,
            seal=self._seal,
            version=self._version,
            notes=self._target.notes_key,
            model=self._target.model_key,
            kind=self._kind,
            started=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        )
        if self._kind == "engine":
            self._take_over(record)
            threading.Thread(target=self._watch, args=(end,), name="watch", daemon=True).start()
        else:
            # A thread: the page is served even while another process holds the lock.
            threading.Thread(target=self._take_turn, args=(record,), name="announce", daemon=True).start()

    @contextlib.asynccontextmanager
    async def residing(self) -> AsyncIterator[None]:
        """The time of the server; when it is over, the file no longer names this process."""
        try:
            yield
        finally:
            self._leave()

    # -- the file

    def _take_turn(self, record: EngineRecord) -> None:
        try:
            with starting(self._target.index, _LOCK_SECONDS):
                self._take_over(record)
        except (LockTimeout, OSError):
            _LOG.info("the terminal's commands go without this process", exc_info=True)

    def _take_over(self, record: EngineRecord) -> None:
        with self._guard:
            if self._left.is_set():
                return
            before = read_record(self._target.index)
            write_record(self._target.index, record)
        if before is not None:
            stop_engine(before, self._target, wait=False)

    def _leave(self) -> None:
        with self._guard:
            self._left.set()
            remove_record(self._target.index, self.token)

    def _watch(self, end: Callable[[], None]) -> None:
        while not self._left.wait(min(_WATCH_SECONDS, max(self._idle_seconds / 4, 0.05))):
            record = read_record(self._target.index)
            replaced = record is None or record.token != self.token
            ready = self._startup is None or self._startup.finished
            ready = ready and self._assistant.progress is None
            if replaced or (ready and self._jobs.idle_seconds() > self._idle_seconds):
                self._leave()
        self._jobs.settle(_LAST_JOB_SECONDS)
        end()

    # -- requests

    async def _hello(self, _: Request) -> Response:
        """Shows that this is the engine. One that is about to end does not take anything on."""
        return JSONResponse({"seal": self._seal}, status_code=503 if self._left.is_set() else 200)

    async def _run(self, request: Request) -> Response:
        body = await request.json()
        return await self._reply(self._jobs.start(lambda: self._work(body)))

    async def _job(self, request: Request) -> Response:
        return await self._reply(request.path_params["job"])

    async def _stop(self, _: Request) -> Response:
        """Ends an engine without a page; the chat is ended where it was started."""
        if self._kind == "engine":
            self._leave()
        return JSONResponse({"kind": self._kind})

    async def _reply(self, number: int) -> Response:
        future = self._jobs.get(number)
        if future is None:
            return JSONResponse({}, status_code=404)
        await asyncio.wait([asyncio.wrap_future(future)], timeout=_LOOK_SECONDS)
        if not future.done():
            return JSONResponse({"job": number} | self._state())
        self._jobs.forget(number)
        return JSONResponse(future.result())

    def _state(self) -> Json:
        """What a job waits for: ``progress`` is of the refresh that is under way, whoever asked for it."""
        starting_up = self._startup is not None and not self._startup.finished
        stage = self._startup.stage if self._startup and starting_up else "busy"
        progress = self._assistant.progress
        return {"stage": stage, "progress": None if progress is None else asdict(progress)}

    # -- jobs

    def _work(self, request: Json) -> Json:
        try:
            return {"result": self._result(request)}
        except Exception as error:
            if not isinstance(error, AssistantError):
                _LOG.exception("%s", request.get("do"))
            return {"error": error_to_json(error)}

    def _result(self, request: Json) -> Json:
        do = request["do"]
        if self._startup is not None:
            self._startup.wait()
        if do == "refresh":
            return plain(self._assistant.refresh())
        if do == "catch_up":
            return plain(self._assistant.catch_up())
        if do == "ask":
            return plain(self._assistant.ask(request["question"], request["history"]))
        if do == "search":
            return plain(self._assistant.search(request["question"], request["k"]))
        if do == "check":
            return plain(self._assistant.check(request["text"], request["yours"]))
        if do == "check_questions":
            questions = [from_plain(ExamQuestion, row) for row in request["questions"]]
            checked = self._assistant.check_questions(questions, request["yours"], record=request["record"])
            return {"checked": [plain(one) for one in checked]}
        raise ValueError(do)
