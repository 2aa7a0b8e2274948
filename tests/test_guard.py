"""The guard alone, in front of a small application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from assistant.faces.web.guard import Guard, host_name


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    """Reads the whole body and says how long it was."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RuntimeError("gone")
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    headers = [(b"content-type", b"text/plain"), (b"X-Frame-Options", b"ALLOWALL")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": str(size).encode()})


def _call(
    method: str = "GET", body: bytes = b"", headers: Mapping[str, str | list[str]] | None = None, chunk: int = 1000
) -> tuple[int, bytes, list[tuple[str, str]]]:
    given: dict[str, str | list[str]] = {"host": "127.0.0.1:7860", **(headers or {})}
    raw = [
        (name.replace("_", "-").encode(), value.encode())
        for name, values in given.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    chunks: Iterator[bytes] = iter([body[i : i + chunk] for i in range(0, len(body), chunk)] or [b""])
    left = len(body)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        nonlocal left
        part = next(chunks)
        left -= len(part)
        return {"type": "http.request", "body": part, "more_body": left > 0}

    async def send(message: Any) -> None:
        sent.append(message)

    guard = Guard(_echo, hosts=["192.168.0.7"], max_body=5000)
    scope = {"type": "http", "method": method, "path": "/", "headers": raw}
    asyncio.run(guard(scope, receive, send))
    start, *bodies = sent
    text = b"".join(message.get("body", b"") for message in bodies)
    return start["status"], text, [(name.decode().lower(), value.decode()) for name, value in start["headers"]]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:7860", "localhost", "LOCALHOST.:80", "[::1]:7860", "192.168.0.7"],
)
def test_own_names_are_served(host: str) -> None:
    assert _call(headers={"host": host})[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil", "[::2]", "evil@127.0.0.1"]
)
def test_other_names_are_refused(host: str) -> None:
    status, body, _ = _call(headers={"host": host})
    assert status == 403
    assert b'"error"' in body


def test_two_host_headers_are_refused() -> None:
    assert _call(headers={"host": ["127.0.0.1", "evil.example"]})[0] == 403


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {}, 200),
        ("POST", {"origin": "http://127.0.0.1:7860"}, 200),
        ("POST", {"origin": "http://127.0.0.1:7860", "sec_fetch_site": "same-origin"}, 200),
        ("POST", {"origin": "http://localhost:9999"}, 403),
        ("POST", {"origin": "http://127.0.0.1:9999"}, 403),
        ("POST", {"origin": "https://evil.example"}, 403),
        ("POST", {"origin": "null"}, 403),
        ("POST", {"sec_fetch_site": "cross-site"}, 403),
        ("POST", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 403),
        ("GET", {"origin": "http://localhost:9999"}, 403),
        ("GET", {"sec_fetch_site": "same-site", "sec_fetch_mode": "no-cors"}, 403),
        ("GET", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 200),
        ("GET", {"sec_fetch_site": "none", "sec_fetch_mode": "navigate"}, 200),
    ],
)
def test_origin(method: str, headers: dict[str, str], status: int) -> None:
    assert _call(method, headers=headers)[0] == status


def test_every_response_carries_the_headers_once() -> None:
    for headers in (_call()[2], _call(headers={"host": "evil.example"})[2]):
        names = [name for name, _ in headers]
        assert len(names) == len(set(names))
        values = dict(headers)
        assert values["x-content-type-options"] == "nosniff"
        assert values["x-frame-options"] == "DENY"
        policy = values["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "img-src 'self' data: blob:;" in policy
        assert "http" not in policy


def test_a_body_within_the_limit_passes() -> None:
    assert _call("POST", b"x" * 5000)[:2] == (200, b"5000")


@pytest.mark.parametrize(
    "headers", [{}, {"content_length": "6000"}, {"content_length": "10"}, {"content_length": "9" * 99}]
)
def test_a_larger_body_is_refused_whatever_length_is_declared(headers: dict[str, str]) -> None:
    status, body, _ = _call("POST", b"x" * 6000, headers)
    assert status == 413
    assert b'"error"' in body


def test_websockets_are_closed_and_lifespan_passes() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    async def send(message: Any) -> None:
        seen.append(message["type"])

    async def receive() -> Any:
        return {}

    asyncio.run(Guard(app)({"type": "websocket", "headers": []}, receive, send))
    asyncio.run(Guard(app)({"type": "lifespan"}, receive, send))
    assert seen == ["websocket.close", "lifespan"]


def test_host_name() -> None:
    assert host_name(" [::1]:80 ") == "::1"
    assert host_name("Example.COM.:80") == "example.com"


def test_a_person_is_refused_with_a_page_and_a_program_with_json() -> None:
    person = {"host": "evil.example", "sec-fetch-mode": "navigate", "accept-language": "en"}
    status, body, headers = _call(headers=person)
    assert status == 403
    assert ("content-type", "text/html; charset=utf-8") in headers
    assert b'<html lang="en">' in body
    assert b"Not served under this host name" in body
    status, body, headers = _call(headers={"host": "evil.example"})
    assert ("content-type", "application/json; charset=utf-8") in headers
    assert "error" in json.loads(body)
