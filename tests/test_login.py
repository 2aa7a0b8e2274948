"""The password for the chat beyond this computer: how it is given, and that every address asks for it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from assistant.engine import Assistant
from assistant.errors import BadRequest
from assistant.faces.web.login import Login, host_names, is_address, read_login
from assistant.faces.web.server import create_app
from assistant.faces.web.serving import serve

LOGIN = Login("学生", "pass:word")


def header(text: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("login")
    with Assistant(folder / "notes", folder / "index") as assistant:
        app = create_app(assistant, page=False, login=LOGIN, hosts=["study.local"])
        with TestClient(app, base_url="http://192.168.0.7:7860", raise_server_exceptions=False) as client:
            yield client


def test_every_address_asks_for_it(client: TestClient) -> None:
    routes = client.app.routes  # type: ignore[attr-defined]
    paths = {route.path.replace("{", "").replace("}", "") for route in routes if isinstance(route, Route | Mount)}
    assert {"/healthz", "/api/ask", "/api/status", "/api/notes/name"} <= paths
    for path in paths | {"/", "/config", "/gradio_api/queue/join", "/gradio_api/upload", "/nowhere", "/api/exams"}:
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            reply = client.request(method, path)
            assert reply.status_code == 401, (method, path)
            assert reply.headers["www-authenticate"].startswith("Basic ")
            assert "content-security-policy" in reply.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Basic"},
        {"authorization": "Basic !!!"},
        {"authorization": "Bearer " + base64.b64encode("学生:pass:word".encode()).decode()},
        header("学生:pass"),
        header("学生:pass:word "),
        header("root:pass:word"),
        header(":"),
    ],
)
def test_only_the_right_one_is_let_in(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/healthz", headers=headers).status_code == 401
    assert client.get("/healthz", headers=header("学生:pass:word")).status_code == 200


def test_it_does_not_replace_the_other_checks(client: TestClient) -> None:
    known = header("学生:pass:word")
    assert client.get("/healthz", headers={**known, "host": "study.local"}).status_code == 200
    assert client.get("/healthz", headers={**known, "host": "[fe80::1]:80"}).status_code == 200
    assert client.get("/healthz", headers={**known, "host": "evil.example"}).status_code == 403
    assert client.put("/api/notes/a.md", headers={**known, "origin": "http://evil.example"}).status_code == 403


def test_it_is_read_from_an_argument_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "login"
    file.write_text("me:se:cret\nanother line\n", "utf-8-sig")
    assert read_login(None, None, "en") is None
    assert read_login("me:se:cret", None, "en") == read_login(None, file, "en") == Login("me", "se:cret")
    assert "cret" not in repr(Login("me", "se:cret"))


@pytest.mark.parametrize("text", ["", "me", "me:", ":secret"])
def test_a_login_without_name_or_password_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(text)
    with pytest.raises(BadRequest, match="--auth"):
        read_login(text, None, "en")
    with pytest.raises(BadRequest, match="--auth-file"):
        read_login(None, tmp_path / "file", "en")
    with pytest.raises(BadRequest, match="--auth-file"):
        read_login(None, tmp_path / "none", "en")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "study.local", ""])
def test_beyond_this_computer_it_is_demanded(host: str, tmp_path: Path) -> None:
    with Assistant(tmp_path / "notes", tmp_path / "index") as assistant, pytest.raises(BadRequest, match="--auth"):
        serve(lambda: assistant, host, 0, open_browser=False)


def test_names_and_addresses() -> None:
    assert "study.local" in host_names("Study.local")
    assert all(not is_address(name) for name in host_names("0.0.0.0"))
    assert is_address("fe80::1%eth0")
    assert not is_address("127.0.0.1.evil.example")
