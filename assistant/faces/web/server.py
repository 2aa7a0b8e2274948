"""The web face: a JSON interface and the chat page.

Behind the open port (serving.py) one thread imports Gradio and builds the page, brings the index up to date, and
loads the model; until then ``/healthz`` and ``/api/status`` answer, the page says that it is starting, and a first
question waits. The page is an application of its own, put in place when it is ready: FastAPI's routes never change
while requests are running.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from ...errors import AssistantError, BadRequest
from ...limits import parse_json
from ...markdown.decode import MAX_NOTE_BYTES
from ...messages import Language, say
from ..adding import add_note, add_samples
from ..examhttp import CheckRequest, exported, record_json
from ..pictures import PICTURE_TYPES, find_picture
from ..resident.enginehttp import ENGINE_PATHS, Handler, Resident
from ..resident.startup import Startup
from ..ui.languages import language_of_request, requested_language
from .guard import Guard
from .login import Login
from .plainpage import is_navigation, plain_page

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["create_app"]

_LOG = logging.getLogger(__name__)

_MOST_HITS: Final = 100
_MOST_HISTORY: Final = 100
_MAX_BODY: Final = 1_048_576


def create_app(
    assistant: Assistant,
    *,
    language: Language = "ja",
    page: bool = True,
    resident: Resident | None = None,
    login: Login | None = None,
    hosts: Collection[str] = (),
) -> FastAPI:
    """The application: guard, JSON interface, pictures of the notes and, with ``page``, the chat at ``/``.

    ``login`` covers every address; ``hosts`` are the names it is asked for by, beside those of this computer itself.
    With ``resident`` it answers the terminal's commands, too; without a page it then does nothing else.
    """
    startup = Startup(assistant)
    chat = _Page(assistant, startup, language, private=not hosts) if page else None
    app = FastAPI(lifespan=_lifespan(startup, chat, resident), docs_url=None, redoc_url=None, openapi_url=None)
    api = _Api(assistant, startup, language)
    engine_alone = resident is not None and not page
    app.add_middleware(
        Guard,
        hosts=hosts,
        max_body=_MAX_BODY,
        language=language,
        token=resident.token if resident else None,
        guarded="/" if engine_alone else ENGINE_PATHS,
        login=login,
        larger={"/api/notes/": MAX_NOTE_BYTES},
    )
    routes = [*(resident.routes(startup) if resident else ()), *(() if engine_alone else api.routes())]
    for path, handler, methods in routes:
        app.add_route(path, api.answering(handler), methods=methods)
    if chat:
        app.mount("/", chat)
    return app


def _lifespan(
    startup: Startup, chat: _Page | None, resident: Resident | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What runs beside the requests: making ready, building the page, and telling the terminal's commands of it."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        startup.begin()
        loop = asyncio.get_running_loop()
        running = [asyncio.create_task(chat.run())] if chat else []

        def prepare() -> None:
            if chat:
                chat.built(loop)
            startup.run()

        # A daemon: a model being loaded must not keep the process from ending.
        threading.Thread(target=prepare, name="startup", daemon=True).start()
        async with resident.residing() if resident else contextlib.nullcontext():
            yield
        if chat:
            chat.stop()
        await asyncio.gather(*running, return_exceptions=True)

    return lifespan


class _Api:
    """The handlers. Errors of the assistant become one line of JSON with its status code."""

    def __init__(self, assistant: Assistant, startup: Startup, language: Language) -> None:
        self._assistant = assistant
        self._startup = startup
        self._language = language
        #: What is told to whoever asks at another address.
        self._known: dict[str, tuple[str, Handler]] = {
            "/api/ask": ("POST", self.ask),
            "/api/search": ("POST", self.search),
            "/api/check": ("POST", self.check),
            "/api/exams": ("GET", self.exams),
            "/api/exams/export": ("GET", self.export),
            "/api/status": ("GET", self.status),
            "/api/changes": ("GET", self.changes),
            "/api/notes/{name}": ("PUT", self.add_note),
            "/api/samples": ("POST", self.add_samples),
        }

    def routes(self) -> list[tuple[str, Handler, list[str]]]:
        """Addresses with who answers there, by which methods; the first that fits is taken."""
        anything = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        return [
            ("/healthz", self.healthz, ["GET"]),
            *((path, handler, [method]) for path, (method, handler) in self._known.items()),
            ("/note-image/{rel:path}", self.picture, ["GET"]),
            ("/api/{rest:path}", self.elsewhere, anything),
            ("/gradio_api/upload", self.elsewhere, anything),  # the page has nothing to upload
        ]

    async def healthz(self, _: Request) -> Response:
        stage = self._startup.stage
        return JSONResponse({"status": "ok", "stage": stage, "ready": stage == "ready"})

    async def ask(self, request: Request) -> Response:
        body = await self._body(request)
        question = self._text(body, "question")
        history = self._texts(body, "history")
        await run_in_threadpool(self._startup.wait)
        answer = await run_in_threadpool(self._assistant.ask, question, history)
        return JSONResponse(answer.to_json(body.get("id")))

    async def search(self, request: Request) -> Response:
        body = await self._body(request)
        question = self._text(body, "question")
        k = body.get("k", 10)
        if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= _MOST_HITS:
            raise BadRequest(where="k", problem=say("web.not_count", self._language, limit=_MOST_HITS))
        await run_in_threadpool(self._startup.wait)
        result = await run_in_threadpool(self._assistant.search, question, k)
        return JSONResponse(result.to_json(body.get("id")))

    async def check(self, request: Request) -> Response:
        body = await self._body(request)
        text = self._text(body, "text")
        asked = await run_in_threadpool(CheckRequest.read, text, body, self._language)
        await run_in_threadpool(self._startup.wait)
        return JSONResponse(await run_in_threadpool(asked.reply, self._assistant))

    async def exams(self, _: Request) -> Response:
        return JSONResponse(await run_in_threadpool(record_json, self._assistant))

    async def export(self, request: Request) -> Response:
        language = requested_language(request.headers.get("accept-language", ""), self._language)
        form = request.query_params.get("form")
        content, media_type, name = await run_in_threadpool(exported, self._assistant, form, language)
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(content, media_type=media_type, headers=headers)

    async def status(self, _: Request) -> Response:
        return JSONResponse((await run_in_threadpool(self._assistant.status)).to_json())

    async def changes(self, _: Request) -> Response:
        """How often the notes were found changed, and how many changed files are being read; costs next to nothing."""
        count, pending = self._assistant.changes[0], self._assistant.pending_files
        return JSONResponse({"changes": count, "pending_files": pending}, headers={"cache-control": "no-store"})

    async def add_note(self, request: Request) -> Response:
        """A new file in the notes folder, from the body; 409 with a free name where one of that name is there."""
        name, content = request.path_params["name"], await request.body()
        added = await run_in_threadpool(add_note, self._assistant.notes_dir, name, content, self._language)
        if added.outcome == "clash":
            error = say("web.add_clash", self._language, file=name)
            return JSONResponse({"error": error, "file": name, "free": added.free}, status_code=409)
        self._startup.again()
        return JSONResponse({"file": name, "outcome": added.outcome}, status_code=201)

    async def add_samples(self, _: Request) -> Response:
        added = await run_in_threadpool(add_samples, self._assistant.notes_dir, self._language)
        self._startup.again()
        return JSONResponse({"files": [item.file for item in added if item.outcome == "added"]}, status_code=201)

    async def picture(self, request: Request) -> Response:
        path = await run_in_threadpool(find_picture, self._assistant.notes_dir, request.path_params["rel"])
        if path is None:
            return JSONResponse({"error": say("web.no_picture", self._language)}, status_code=404)
        return FileResponse(path, media_type=PICTURE_TYPES[path.suffix.lower()], headers={"cache-control": "no-cache"})

    async def elsewhere(self, request: Request) -> Response:
        """An address below /api that does not exist, or not with this method."""
        known = ", ".join(f"{method} {path}" for path, (method, _) in self._known.items())
        path = request.url.path
        method, _ = self._known.get("/api/notes/{name}" if path.startswith("/api/notes/") else path, ("", None))
        key = "web.wrong_method" if method else "web.unknown_address"
        headers = {"allow": method} if method else None
        return JSONResponse(
            {"error": say(key, self._language, known=known)}, status_code=405 if method else 404, headers=headers
        )

    def answering(self, handler: Handler) -> Handler:
        """``handler`` with every error turned into one line; the traceback of a fault of ours goes to the log.

        Here and not in an exception handler of the application: FastAPI puts that outside of the guard.
        """

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except AssistantError as error:
                shown = error
            except Exception:
                _LOG.exception("%s %s", request.method, request.url.path)
                shown = AssistantError()
            return JSONResponse({"error": shown.message(self._language)}, status_code=shown.http_status)

        return handle

    async def _body(self, request: Request) -> dict[str, Any]:
        try:
            body = parse_json(await request.body())
            if isinstance(body, dict):
                json.dumps(body.get("id"), ensure_ascii=False).encode()  # it goes back as it came
        except ValueError:
            body = None
        if not isinstance(body, dict):
            where = say("web.body", self._language)
            raise BadRequest(where=where, problem=say("web.not_json", self._language))
        return body

    def _texts(self, body: dict[str, Any], field: str) -> list[str]:
        """The list of texts under ``field``; an empty one where it is missing."""
        values = body.get(field, [])
        if not isinstance(values, list) or len(values) > _MOST_HISTORY:
            raise BadRequest(where=field, problem=say("web.not_texts", self._language, limit=_MOST_HISTORY))
        return [self._text({field: value}, field) for value in values]

    def _text(self, body: dict[str, Any], field: str) -> str:
        value = body.get(field)
        if not isinstance(value, str):
            raise BadRequest(where=field, problem=say("web.not_text", self._language))
        try:
            value.encode()
        except UnicodeEncodeError:  # half of a surrogate pair: neither the index nor the reply could hold it
            raise BadRequest(where=field, problem=say("web.bad_text", self._language)) from None
        return value


class _Page:
    """The chat as an ASGI application that stands in for itself until Gradio is there."""

    def __init__(self, assistant: Assistant, startup: Startup, language: Language, *, private: bool) -> None:
        self._assistant = assistant
        self._startup = startup
        self._language = language
        self._private = private
        self._app: FastAPI | None = None
        self._serving: FastAPI | None = None
        self._built = asyncio.Event()
        self._settled = asyncio.Event()  # served, or never going to be
        self._stopped = asyncio.Event()

    def built(self, loop: asyncio.AbstractEventLoop) -> None:
        """Imports Gradio and builds the page; runs in the start-up thread."""
        try:
            from ..ui import page

            self._app = page.application(self._assistant, self._startup, self._language, private=self._private)
        except Exception:
            _LOG.exception("the page could not be built")
        with contextlib.suppress(RuntimeError):  # the loop is gone: stopped while starting
            loop.call_soon_threadsafe(self._built.set)

    async def run(self) -> None:
        """Holds Gradio's lifespan open, entered and left in this one task."""
        await self._built.wait()
        try:
            if self._app is None:
                return
            async with self._app.router.lifespan_context(self._app):
                self._serving = self._app
                self._settled.set()
                await self._stopped.wait()
                self._serving = None
        finally:
            self._settled.set()

    def stop(self) -> None:
        self._stopped.set()
        self._built.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A person opening the page sees that it is coming; any other request waits for it."""
        navigating = is_navigation(scope.get("headers"))
        if not navigating:
            await self._settled.wait()
        if self._serving is not None:
            await self._serving(scope, receive, send)
            return
        language = language_of_request(scope.get("headers", ()), self._language)
        failed = self._settled.is_set()
        body = plain_page(
            say("web.page_failed" if failed else "web.loading_page", language), language, waiting=not failed
        )
        status = 200 if navigating else 503
        await HTMLResponse(body, status_code=status, headers={"cache-control": "no-store"})(scope, receive, send)
