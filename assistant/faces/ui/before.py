"""A script that has to stand before those of Gradio, which puts the ``head`` of an application behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["WithScript"]

_SCRIPT: Final = b"<head><script>" + (Path(__file__).parent / "before.js").read_bytes() + b"</script>"


class WithScript:
    """``app`` with ``before.js`` at the beginning of the page that it answers with at ``/``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in ("", "/") or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        # Compressed, the page could not be added to.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        body = b""

        async def held(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            whole = body.replace(b"<head>", _SCRIPT, 1)
            length = (b"content-length", str(len(whole)).encode())
            kept = [pair for pair in start.get("headers", ()) if pair[0].lower() != length[0]]
            await send({**start, "headers": [*kept, length]})
            await send({"type": "http.response.body", "body": whole})

        await self._app({**scope, "headers": plain}, receive, held)
