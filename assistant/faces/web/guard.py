"""What stands before everything that is served: who may talk to this process, and what a page of it may do.

The notes are private, and on its own computer the server asks for no password, so two things must not happen: a web
page from elsewhere reads the notes through the visitor's browser, or makes the server do work. Browsers prevent the
first only while the page's host name differs from ours, which DNS rebinding undoes; hence the list of host names. They
do not prevent the second; hence the check of where a request comes from. The headers keep our own page from loading or
sending anything elsewhere, should note text ever slip through as markup. From other computers it takes a password.

Pure ASGI: streamed answers pass through untouched.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...messages import Language, say
from ..resident.process import TOKEN_HEADER
from ..ui.languages import language_of_request
from .login import Login, is_address
from .plainpage import is_navigation, plain_page

__all__ = ["LOOPBACK_NAMES", "Guard", "host_name"]

LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})

# Gradio's own page needs inline scripts and eval, so this policy does not stop injected script; escaping does.
# It stops what such script, or a remote picture, could do: send something away, or be framed.
_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
#: A wrong password is answered this late, so that trying many takes long.
_WRONG_LOGIN_SECONDS: Final = 0.5
_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})


class Guard:
    """Checks host name, origin and size of every request to ``app``, and adds the headers to every response.

    With a ``token``, a request for a path that begins with ``guarded`` has to carry it in ``x-engine-token``; with a
    ``login``, every other one has to carry that. With a login the server may be asked for by any address of numbers,
    too. ``larger``: how long a body may be for paths that begin so.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str] = (),
        max_body: int = 1_048_576,
        language: Language = "ja",
        token: str | None = None,
        guarded: str = "/",
        login: Login | None = None,
        larger: Mapping[str, int] | None = None,
    ) -> None:
        self._app = app
        self._hosts = LOOPBACK_NAMES | {host.lower().strip("[]") for host in hosts}
        self._max_body = max_body
        self._language = language
        self._token = token
        self._guarded = guarded
        self._login = login
        self._larger = dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = _single_headers(scope)
        outgoing = _with_headers(send)
        if headers is None or not self._is_ours(host_name(headers.get("host", ""))):
            await self._refuse(scope, outgoing, 403, "web.bad_host")
        elif not _from_here(scope["method"], headers):
            await self._refuse(scope, outgoing, 403, "web.bad_origin")
        elif not self._let_in(scope["path"], headers.get(TOKEN_HEADER, "")):
            await self._refuse(scope, outgoing, 403, "cli.engine.refused")
        elif not self._logged_in(scope["path"], headers.get("authorization", "")):
            if "authorization" in headers:
                await asyncio.sleep(_WRONG_LOGIN_SECONDS)
            await self._refuse(scope, outgoing, 401, "web.log_in")
        else:
            await self._limited(scope, receive, outgoing, headers.get("content-length", ""))

    def _is_ours(self, host: str) -> bool:
        return host in self._hosts or (self._login is not None and is_address(host))

    def _logged_in(self, path: str, authorization: str) -> bool:
        by_token = self._token is not None and path.startswith(self._guarded)
        return self._login is None or by_token or self._login.admits(authorization)

    def _let_in(self, path: str, token: str) -> bool:
        if self._token is None or not path.startswith(self._guarded):
            return True
        return hmac.compare_digest(token.encode(), self._token.encode())

    async def _limited(self, scope: Scope, receive: Receive, send: Send, declared: str) -> None:
        """Runs the app with a body of at most so many bytes, whatever length the client declares."""
        limit = next((size for path, size in self._larger.items() if scope["path"].startswith(path)), self._max_body)
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
            await self._refuse(scope, send, 413, "web.too_large", limit=limit)
            return
        seen = 0
        too_large = started = False

        async def counted() -> Message:
            nonlocal seen, too_large
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > limit:
                    too_large = True
                    return {"type": "http.disconnect"}
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if too_large and not started:
                return  # whatever the app makes of the cut body, 413 is the answer
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except Exception:
            if not too_large:
                raise
        if too_large and not started:
            await self._refuse(scope, send, 413, "web.too_large", limit=limit)

    async def _refuse(self, scope: Scope, send: Send, status: int, key: str, **values: object) -> None:
        """One line of JSON; a person who opened an address in a browser gets a page that says it."""
        if is_navigation(scope["headers"]):
            language = language_of_request(scope["headers"], self._language)
            kind, text = b"text/html", plain_page(say(key, language, **values), language, again=status == 401)
        else:
            kind = b"application/json"
            text = json.dumps({"error": say(key, self._language, **values)}, ensure_ascii=False)
        body = text.encode()
        headers = [
            (b"content-type", kind + b"; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),  # the rest of a refused body is not read
        ]
        if status == 401:
            headers.append((b"www-authenticate", b'Basic realm="Notes", charset="UTF-8"'))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def host_name(host: str) -> str:
    """The name in a ``Host`` header: without port, brackets and a final dot, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def _single_headers(scope: Scope) -> dict[str, str] | None:
    """The headers that are checked; None where one of them is given twice, which no honest client does."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").lower()
        if name in {
            "host",
            "origin",
            "sec-fetch-site",
            "sec-fetch-mode",
            "content-length",
            "authorization",
            TOKEN_HEADER,
        }:
            if name in found:
                return None
            found[name] = raw_value.decode("latin-1")
    return found


def _from_here(method: str, headers: dict[str, str]) -> bool:
    """Whether a request comes from our own page, from the address bar, or from a program that is no browser.

    Reads are checked as well as writes: Gradio lets pages of any other local port read its answers.
    Following a link to us is a navigation, and allowed: the page it comes from cannot see what is answered.
    """
    origin = headers.get("origin")
    if origin is not None and origin.lower() not in {f"{s}://{headers['host'].lower()}" for s in ("http", "https")}:
        return False
    if headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
        return True
    return method in _SAFE_METHODS and headers.get("sec-fetch-mode") == "navigate"


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in _HEADERS}
            kept = [pair for pair in message.get("headers", ()) if bytes(pair[0]).lower() not in own]
            message = {**message, "headers": [*kept, *_HEADERS]}
        await send(message)

    return sending
