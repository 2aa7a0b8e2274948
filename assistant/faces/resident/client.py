"""The terminal's side of a resident engine: the methods of ``Assistant``, answered by another process.

Plain HTTP over the loopback interface, by the standard library alone. No wait is without a limit: what the engine is
asked to do is a job there, and each look at a job is a short request of its own. An engine that breaks off is
replaced once, and the request sent again: nothing that is asked of it changes anything but the index.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final

from ..._json import Json
from ...errors import EngineError
from ...records import Answer, Freshness, Progress, RefreshReport, SearchResult
from .loopback import Connection, NoReply
from .plain import from_plain, plain
from .process import (
    LOG_FILE,
    TOKEN_HEADER,
    EngineRecord,
    Kind,
    LockTimeout,
    Target,
    log_tail,
    read_record,
    remove_record,
    spawn,
    starting,
)
from .wire import error_from_json

if TYPE_CHECKING:
    import subprocess

    from ...examrecords import CheckedQuestion, ExamQuestion

__all__ = ["EngineClient", "EngineDied", "EngineStalled", "EngineUnavailable", "Notice", "find_engine", "stop_engine"]

#: Importing large libraries can keep an engine from answering for a while; a longer silence is an engine that hangs.
_REPLY_SECONDS: Final = 20.0
_START_SECONDS: Final = 60.0
_STALLED_SECONDS: Final = 600.0
_STOP_SECONDS: Final = 15.0
_POLL_SECONDS: Final = 0.1

#: Told what is being waited for: a key of the catalogue.
Notice = Callable[[str], None]


class EngineDied(EngineError):
    """The engine broke off, and so did the one after it. Values: ``log``."""

    key = "cli.engine.died"


class EngineStalled(EngineError):
    """Nothing has moved for longer than one waits. Values: ``minutes`` and ``log``."""

    key = "cli.engine.stalled"


class EngineUnavailable(Exception):
    """No engine answers and none can be started; ``problem`` says why, empty where the folder is not for one."""

    def __init__(self, problem: str = "") -> None:
        super().__init__(problem)
        self.problem = problem


class _Gone(Exception):
    """Whoever listens there is not, or no longer, the engine."""


class _Engine:
    """The engine of ``record``, over one connection for all requests. Each call raises :class:`_Gone`."""

    def __init__(self, record: EngineRecord) -> None:
        self.record = record
        self._connection = Connection(record.host, record.port, _REPLY_SECONDS)

    def greet(self) -> None:
        """Has the other side show the seal: before that it is told nothing."""
        if self._request("GET", "/engine/hello").get("seal") != self.record.seal:
            self.close()
            raise _Gone

    def call(self, method: str, path: str, body: Json | None = None) -> Json:
        if not self._connection.is_open:
            self.greet()
        return self._request(method, path, body)

    def close(self) -> None:
        self._connection.close()

    def _request(self, method: str, path: str, body: Json | None = None) -> Json:
        try:
            status, reply = self._connection.request(method, path, {TOKEN_HEADER: self.record.token}, body)
        except NoReply as error:
            raise _Gone from error
        if status != 200:
            self.close()
            raise _Gone
        return reply


def find_engine(target: Target) -> EngineRecord | None:
    """The record of the engine that runs for ``target``, if one does."""
    engine = _serving(read_record(target.index), target)
    if engine is None:
        return None
    engine.close()
    return engine.record


def stop_engine(record: EngineRecord, target: Target, *, wait: bool = True) -> Kind | None:
    """Ends the engine of ``record`` unless it is the chat; returns which it is, None when nothing answers there.

    Waits until it takes nothing on any more, and raises :class:`EngineStalled` when it still does after a while.
    """
    engine = _Engine(record)
    deadline = time.monotonic() + _STOP_SECONDS
    try:
        kind: Kind = engine.call("POST", "/engine/stop", {})["kind"]
    except _Gone:
        remove_record(target.index, record.token)
        return None
    wait = wait and kind == "engine"
    while wait and time.monotonic() < deadline:
        engine.close()
        try:
            engine.greet()
        except _Gone:
            return kind
        time.sleep(_POLL_SECONDS)
    engine.close()
    if not wait:
        return kind
    raise EngineStalled(minutes=1, log=target.index / LOG_FILE)


class EngineClient:
    """Answers by an engine that runs, or with ``start`` by one that is started now; to be used by one thread.

    The constructor raises :class:`EngineUnavailable`. The other methods raise what those of ``Assistant`` raise, and
    :class:`EngineDied` and :class:`EngineStalled`. ``notice`` is told what is being waited for.
    """

    def __init__(self, target: Target, *, start: bool, notice: Notice = lambda _: None) -> None:
        self._target = target
        self._start = start
        self._notice = notice
        self._engine = self._connect()

    def refresh(self, progress: Callable[[Progress], None] | None = None) -> RefreshReport:
        """As ``Assistant.refresh``; ``progress`` is told of any refresh that is under way in the engine."""
        return from_plain(RefreshReport, self._run({"do": "refresh"}, progress))

    def catch_up(self, progress: Callable[[Progress], None] | None = None) -> Freshness:
        """As ``Assistant.catch_up``; ``progress`` as in :meth:`refresh`."""
        return from_plain(Freshness, self._run({"do": "catch_up"}, progress))

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        return from_plain(Answer, self._run({"do": "ask", "question": question, "history": list(history)}))

    def search(self, question: str, k: int = 10) -> SearchResult:
        return from_plain(SearchResult, self._run({"do": "search", "question": question, "k": k}))

    def check(self, text: str, yours: Sequence[str] = ()) -> CheckedQuestion:
        from ...examrecords import CheckedQuestion

        return from_plain(CheckedQuestion, self._run({"do": "check", "text": text, "yours": list(yours)}))

    def check_questions(
        self, questions: Sequence[ExamQuestion], yours: Sequence[Sequence[str]], *, record: bool = False
    ) -> list[CheckedQuestion]:
        from ...examrecords import CheckedQuestion

        request = {
            "do": "check_questions",
            "questions": [plain(question) for question in questions],
            "yours": [list(choices) for choices in yours],
            "record": record,
        }
        return [from_plain(CheckedQuestion, row) for row in self._run(request)["checked"]]

    def close(self) -> None:
        self._engine.close()

    def __enter__(self) -> EngineClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- finding and starting

    def _connect(self) -> _Engine:
        record = read_record(self._target.index)
        engine = _serving(record, self._target)
        if engine is None and self._start:
            self._notice("cli.engine.starting")
            engine = _started(self._target, record)
        if engine is None:
            raise EngineUnavailable
        return engine

    # -- jobs

    def _run(self, request: Json, progress: Callable[[Progress], None] | None = None) -> Json:
        """The result of ``request``; sent again once, to a new engine, where the engine breaks off."""
        try:
            return self._job(request, progress)
        except _Gone:
            self._engine.close()
        self._notice("cli.engine.again")
        try:
            self._engine = self._connect()
            return self._job(request, progress)
        except (_Gone, EngineUnavailable) as error:
            raise EngineDied(log=self._target.index / LOG_FILE) from error

    def _job(self, request: Json, progress: Callable[[Progress], None] | None) -> Json:
        reply = self._engine.call("POST", "/engine/run", request)
        moved, seen = time.monotonic(), Json()
        while "job" in reply:
            if reply["stage"] != seen.get("stage"):
                self._notice(f"cli.engine.wait.{reply['stage']}")
            if reply["progress"] is not None and progress is not None:
                progress(from_plain(Progress, reply["progress"]))
            if reply != seen:
                moved, seen = time.monotonic(), reply
            if time.monotonic() - moved > _STALLED_SECONDS:
                raise EngineStalled(minutes=round(_STALLED_SECONDS / 60), log=self._target.index / LOG_FILE)
            reply = self._engine.call("GET", f"/engine/job/{reply['job']}")
        if "error" in reply:
            raise error_from_json(reply["error"])
        result: Json = reply["result"]
        return result


def _serving(record: EngineRecord | None, target: Target) -> _Engine | None:
    """The engine of ``record``, if it is there and is one for ``target``."""
    if record is None or not record.serves(target):
        return None
    engine = _Engine(record)
    try:
        engine.greet()
    except _Gone:
        return None
    return engine


def _started(target: Target, failed: EngineRecord | None) -> _Engine:
    """An engine that is started now, by us or by someone who was faster; not the one of ``failed``."""
    try:
        target.index.mkdir(parents=True, exist_ok=True)
        with starting(target.index, _START_SECONDS):
            return _other(target, failed) or _registered(target, failed, spawn(target))
    except OSError as error:
        raise EngineUnavailable from error
    except LockTimeout as error:
        raise EngineUnavailable(LOG_FILE) from error


def _other(target: Target, failed: EngineRecord | None) -> _Engine | None:
    record = read_record(target.index)
    return None if record == failed else _serving(record, target)


def _registered(target: Target, failed: EngineRecord | None, process: subprocess.Popen[bytes]) -> _Engine:
    """Waits until the new engine listens; that it gets ready is then seen by its answers."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        engine = _other(target, failed)
        if engine is not None:
            process.returncode = process.returncode or 0  # left running: no child of ours to be warned about
            return engine
        if ended:
            raise EngineUnavailable(log_tail(target.index) or LOG_FILE)
        time.sleep(_POLL_SECONDS)
    process.terminate()
    process.wait(_STOP_SECONDS)
    raise EngineUnavailable(log_tail(target.index) or LOG_FILE)
