"""The open port, while what is behind it is still being opened."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

from assistant.engine import Assistant
from assistant.errors import IndexUnusable
from assistant.faces.web.login import Login
from assistant.faces.web.serving import serve


def test_health_is_told_while_the_engine_opens_and_its_errors_are_raised(tmp_path: Path) -> None:
    with opening_for_ever(tmp_path, Login("me", "secret")) as client:
        assert _first_reply(client).status_code == 401
        assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 403
        health = client.get("/healthz", auth=("me", "secret"))
        assert health.json() == {"status": "ok", "stage": "page", "ready": False}
        assert health.headers["x-content-type-options"] == "nosniff"


def test_a_small_answer_does_not_wait_to_be_acknowledged(tmp_path: Path) -> None:
    """Where the head of an answer is held back until the other side has acknowledged it, each takes 40 ms or more."""
    with opening_for_ever(tmp_path) as client:
        _first_reply(client)
        assert min(client.get("/healthz").elapsed.total_seconds() for _ in range(40)) < 0.035


@contextmanager
def opening_for_ever(folder: Path, login: Login | None = None) -> Iterator[httpx.Client]:
    """A server whose engine goes on opening until the end of the block, and then fails, which has to be raised."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    opened = threading.Event()

    def opening() -> AbstractContextManager[Assistant]:
        opened.wait(60)
        raise IndexUnusable(folder=folder, problem="full")

    with ThreadPoolExecutor() as pool, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        served = pool.submit(serve, opening, port=port, open_browser=False, login=login)
        try:
            yield client
        finally:
            opened.set()
        with pytest.raises(IndexUnusable):
            served.result(60)


def _first_reply(client: httpx.Client) -> httpx.Response:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return client.get("/healthz")
        except httpx.ConnectError:
            time.sleep(0.05)
    raise AssertionError("nothing listens")
