"""The HTTP contract, with the real engine over a few small notes. The page itself is tested in e2e/."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.engine import Assistant
from assistant.errors import BadRequest
from assistant.faces.server import create_app, serve
from assistant.faces.startup import Startup
from assistant.records import Progress

NOTE = """# 通信

## TLS
通信を暗号化し、相手を証明書で確かめる。

![図](<images/絵 1.png>)

## SSH
遠くの計算機に安全に入る。
"""


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "notes"
    (folder / "images").mkdir(parents=True)
    (folder / "net.md").write_text(NOTE, "utf-8")
    (folder / "images" / "絵 1.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "images" / "evil.svg").write_text("<svg/>")
    (folder.parent / "secret.png").write_bytes(b"x")
    return folder


@pytest.fixture(scope="module")
def client(notes: Path) -> Iterator[TestClient]:
    with Assistant(notes, notes.parent / "index") as assistant:
        app = create_app(assistant, page=False)
        with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as client:
            yield client


def test_health_answers_while_the_model_loads(client: TestClient) -> None:
    reply = client.get("/healthz")
    assert reply.status_code == 200
    assert reply.json()["status"] == "ok"


@pytest.mark.model
def test_ask(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "TLSとは？", "id": 7})
    assert reply.status_code == 200
    body = reply.json()
    assert list(body) == ["id", "question", "kind", "status", "support", "answer", "citations", "related", "elapsed_ms"]
    assert body["id"] == 7
    assert body["status"] == "answered"
    assert body["citations"][0]["file"] == "net.md"
    assert body["citations"][0]["quote"] in NOTE
    assert client.post("/api/ask", json={"question": "TLSとは？"}).json()["id"] is None


@pytest.mark.model
def test_search(client: TestClient) -> None:
    body = client.post("/api/search", json={"question": "遠くの計算機に入る", "k": 1}).json()
    assert list(body) == ["question", "hits"]
    assert [hit["heading_path"] for hit in body["hits"]] == [["通信", "SSH"]]


def test_status(client: TestClient, notes: Path) -> None:
    body = client.get("/api/status").json()
    assert body["notes_dir"] == str(notes)
    assert {"files", "sections", "empty_sections", "passages", "model", "updated_at", "stale_files"} <= body.keys()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"null", 400),
        (b"[" * 100_000, 400),
        (b"{}", 400),
        (b'{"question": 1}', 400),
        (b'{"question": null}', 400),
        (b'{"question": ["a"]}', 400),
        (b'{"question": ""}', 400),
        (b'{"question": "  "}', 400),
        (b'{"question": "\\ud800"}', 400),
        (json.dumps({"question": "あ" * 200_000}, ensure_ascii=False).encode(), 413),
        (b'{"question": "' + b"a" * 1_100_000 + b'"}', 413),
    ],
)
@pytest.mark.parametrize("path", ["/api/ask", "/api/search"])
def test_an_invalid_body_gets_one_clear_line(client: TestClient, path: str, body: bytes, status: int) -> None:
    reply = client.post(path, content=body)
    assert reply.status_code == status
    _one_line(reply.json())


@pytest.mark.parametrize("k", [0, -1, 101, 1.5, "3", True, None, [], 10**30])
def test_an_invalid_k_gets_one_clear_line(client: TestClient, k: object) -> None:
    reply = client.post("/api/search", json={"question": "TLS", "k": k})
    assert reply.status_code == 400
    _one_line(reply.json())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/ask", 405), ("POST", "/api/status", 405), ("GET", "/api/nothing", 404), ("POST", "/api/", 404)],
)
def test_wrong_addresses(client: TestClient, method: str, path: str, status: int) -> None:
    reply = client.request(method, path)
    assert reply.status_code == status
    _one_line(reply.json())


def test_other_sites_and_host_names_are_refused(client: TestClient) -> None:
    evil = {"origin": "http://evil.example"}
    assert client.post("/api/ask", json={"question": "TLS"}, headers=evil).status_code == 403
    assert client.get("/api/status", headers={"host": "evil.example"}).status_code == 403


def test_pictures(client: TestClient) -> None:
    reply = client.get("/note-image/images/%E7%B5%B5%201.png")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "rel", ["images/evil.svg", "net.md", "no.png", "..%2Fsecret.png", "%2e%2e/secret.png", "a%00.png", "images", ""]
)
def test_no_other_file_is_served(client: TestClient, rel: str) -> None:
    assert client.get(f"/note-image/{rel}").status_code == 404


def test_a_fault_of_ours_is_one_line_without_a_traceback(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Assistant, "status", broken)
    reply = client.get("/api/status")
    assert reply.status_code == 500
    _one_line(reply.json())
    assert "secret detail" not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_missing_notes_folder_is_said_over_http(tmp_path: Path) -> None:
    with Assistant(tmp_path / "none", tmp_path / "index") as assistant:
        app = create_app(assistant, page=False)
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
            reply = client.post("/api/ask", json={"question": "TLS"})
    assert reply.status_code == 409
    _one_line(reply.json())


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.com", ""])
def test_only_this_computer_is_served(host: str, tmp_path: Path) -> None:
    with Assistant(tmp_path, tmp_path / "index") as assistant, pytest.raises(BadRequest) as caught:
        serve(assistant, host=host, port=0, open_browser=False)
    assert "127.0.0.1" in caught.value.message("ja")


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        Assistant(tmp_path, tmp_path / "index") as assistant,
        pytest.raises(BadRequest) as caught,
    ):
        serve(assistant, port=taken.getsockname()[1], open_browser=False)
    assert "--port" in caught.value.message("en")


def test_importing_the_server_loads_nothing_heavy() -> None:
    code = "import sys, assistant.faces.server; print(sorted({'gradio', 'torch', 'faiss', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


IDLE = """
import pathlib, sys
from assistant.faces.server import serve

class Idle:  # the page's own part of a start: neither model nor index
    notes_dir = pathlib.Path(sys.argv[1])
    def warm_up(self): pass
    def refresh(self, progress=None): pass

serve(Idle(), port=0, open_browser=False, on_open=lambda address: print(address, flush=True))
"""


def test_the_port_is_open_before_the_page_is_there(notes: Path) -> None:
    begun = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", IDLE, str(notes)], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            client = httpx.Client(base_url=server.stdout.readline().strip(), timeout=60)
            with client:
                health = client.get("/healthz").json()
                assert health == {"status": "ok", "stage": "page", "ready": False}
                assert time.monotonic() - begun < 10
                coming = client.get("/", headers={"sec-fetch-mode": "navigate"})
                assert coming.status_code == 200
                assert 'http-equiv="refresh"' in coming.text
                page = client.get("/")  # whoever is no person waits for the page itself
                assert "gradio_config" in page.text
                assert page.headers["x-frame-options"] == "DENY"
                assert client.get("/config", headers={"host": "evil.example"}).status_code == 403
                assert client.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404
                assert client.get("/gradio_api/file=/etc/hostname").status_code == 403
                assert client.get(f"/gradio_api/file={notes / 'net.md'}").status_code == 403
        finally:
            server.terminate()


def test_startup_says_what_it_is_doing_and_never_raises() -> None:
    class Slow:
        def refresh(self, progress: Any) -> None:
            progress(Progress("encode", 3, 12))
            said.append(startup.describe("ja"))

        def warm_up(self) -> None:
            said.append(startup.describe("en"))
            assert startup.notes_read
            assert not startup.finished
            raise ZeroDivisionError

    said: list[str] = []
    startup = Startup(cast(Assistant, Slow()))
    assert startup.wait(0), "nothing to wait for before it begins"
    startup.begin()
    assert not startup.wait(0)
    startup.run()
    assert startup.wait(0)
    assert startup.stage == "failed"
    assert startup.error is not None
    assert "3 / 12" in said[0]
    assert "model" in said[1]


def _one_line(body: Any) -> None:
    assert list(body) == ["error"]
    assert body["error"].strip()
    assert "\n" not in body["error"]
    assert "Traceback" not in body["error"]
