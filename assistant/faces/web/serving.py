"""The open port: it answers ``/healthz`` while what is behind it is still being imported.

Of the packages needed only the server itself is imported before the port is open. The rest (the engine, the web
framework, then Gradio and the model) comes in threads behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import threading
import webbrowser
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.types import Receive, Scope, Send

from ...errors import BadRequest
from ...messages import Language, say
from .guard import LOOPBACK_NAMES, Guard
from .login import Login, host_names

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ...engine import Assistant
    from ..resident.enginehttp import Resident

__all__ = ["serve"]

_STARTING: Final = json.dumps({"status": "ok", "stage": "page", "ready": False}, separators=(",", ":")).encode()


def serve(
    opening: Callable[[], AbstractContextManager[Assistant]],
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = True,
    *,
    language: Language = "ja",
    on_open: Callable[[str], None] | None = None,
    page: bool = True,
    resident: Callable[[Assistant], Resident] | None = None,
    login: Login | None = None,
) -> None:
    """Serves what ``opening`` gives until interrupted. It is called behind the open port, and its errors are raised.

    ``on_open`` gets the address as soon as it was opened; port 0 takes a free one. Any ``host`` but this computer
    itself demands a ``login``; commands of the terminal do without this process then.

    With ``resident`` the terminal's commands find this process, too. Without a page that is all that it is for, and
    it ends when ``resident`` says so; ``OSError`` where the index folder cannot be written then.
    """
    beyond = host not in LOOPBACK_NAMES
    if beyond and login is None:
        raise BadRequest(where="--host", problem=say("web.login_needed", language, host=host))
    hosts = host_names(host) if beyond else frozenset[str]()
    listener = _listener(host, port, language)
    its_host, its_port = listener.getsockname()[:2]
    with contextlib.ExitStack() as stack:
        stack.enter_context(listener)

        def make() -> FastAPI:
            from .server import create_app

            assistant = stack.enter_context(opening())
            engine = resident(assistant) if resident and not beyond else None
            if engine:
                engine.announce(its_host, its_port, server.end)
            app = create_app(assistant, language=language, page=page, resident=engine, login=login, hosts=hosts)
            address = f"http://{f'[{host}]' if ':' in host else host}:{its_port}"
            if on_open:
                on_open(address)
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            return app

        gate = _Gate(make, lambda: server.end(), hosts, language, login)
        config = uvicorn.Config(
            gate,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        server = _Server(config)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
        if gate.error is not None:
            raise gate.error


def _listener(host: str, port: int, language: Language) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
        # What is accepted inherits it: else the body of a small answer waits 40 ms until its head is acknowledged.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except (OSError, OverflowError) as error:
        problem = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise BadRequest(where="--port", problem=say("web.port_taken", language, port=port, problem=problem)) from error


class _Server(uvicorn.Server):
    def end(self) -> None:
        """Ends serving; to be called by any thread."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Hangs up on open pages first: each holds a stream that would never end by itself."""
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.close()
        await super().shutdown(sockets)


class _Gate:
    """Stands before an application that is still being made: ``/healthz`` is answered, all else waits for it.

    The application has a guard of its own; until it is there, the same rules hold here.
    """

    def __init__(
        self,
        make: Callable[[], FastAPI],
        end: Callable[[], None],
        hosts: Collection[str],
        language: Language,
        login: Login | None,
    ) -> None:
        self._make = make
        self._end = end
        self._early = Guard(_starting, hosts=hosts, language=language, login=login)
        self._made: FastAPI | None = None
        self._app: FastAPI | None = None
        self._settled = asyncio.Event()
        self._changed = asyncio.Event()
        self._over = False
        #: What kept the application from being made.
        self.error: BaseException | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] == "http" and scope["path"] == "/healthz" and scope["method"] == "GET" and self._app is None:
            await self._early(scope, receive, send)
            return
        await self._settled.wait()
        if self._app is not None:
            await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()  # lifespan.startup
        loop = asyncio.get_running_loop()
        # A daemon: what is being imported must not keep the process from ending.
        threading.Thread(target=self._prepare, args=(loop,), name="opening", daemon=True).start()
        await send({"type": "lifespan.startup.complete"})
        holding = asyncio.create_task(self._hold())
        await receive()  # lifespan.shutdown
        self._over = True
        self._changed.set()
        await holding
        await send({"type": "lifespan.shutdown.complete"})

    def _prepare(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._made = self._make()
        except BaseException as error:
            self.error = error
            self._end()
        with contextlib.suppress(RuntimeError):  # the loop is gone: stopped while starting
            loop.call_soon_threadsafe(self._changed.set)

    async def _hold(self) -> None:
        """Holds the application's lifespan open, entered and left in this one task."""
        await self._changed.wait()
        try:
            if self._made is None or self._over:
                return
            async with self._made.router.lifespan_context(self._made):
                self._app = self._made
                self._settled.set()
                self._changed.clear()
                while not self._over:
                    await self._changed.wait()
        finally:
            self._settled.set()


async def _starting(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(_STARTING)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _STARTING})
