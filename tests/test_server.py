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
from assistant.faces.resident.startup import Startup
from assistant.faces.web.server import create_app
from assistant.faces.web.serving import serve
from assistant.records import Progress
from tests.conftest import OpenAssistant

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
    [
        ("GET", "/api/ask", 405),
        ("POST", "/api/status", 405),
        ("POST", "/api/exams/export", 405),
        ("GET", "/api/nothing", 404),
        ("POST", "/api/", 404),
    ],
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


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        Assistant(tmp_path, tmp_path / "index") as assistant,
        pytest.raises(BadRequest) as caught,
    ):
        serve(lambda: assistant, port=taken.getsockname()[1], open_browser=False)
    assert "--port" in caught.value.message("en")


def test_importing_the_server_loads_nothing_heavy() -> None:
    code = "import sys, assistant.faces.web.serving; print(sorted({'fastapi', 'gradio', 'torch', 'faiss', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


IDLE = """
import pathlib, sys
from contextlib import nullcontext
from assistant.faces.web.serving import serve

class Idle:  # the page's own part of a start: neither model nor index
    notes_dir = pathlib.Path(sys.argv[1])
    def warm_up(self): pass
    def refresh(self, progress=None): pass

serve(lambda: nullcontext(Idle()), port=0, open_browser=False, on_open=lambda address: print(address, flush=True))
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
        progress = Progress("encode", 3, 12)
        pending_files = 0

        def stay_fresh(self) -> None:
            assert startup.stage == "index"

        def catch_up(self) -> None:
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


# -- mock exams

CHOICE = "通信を暗号化し、相手を証明書で確かめるのはどれか。\nA. SSH\nB. TLS\n"
SECOND = "遠くの計算機に安全に入るのに使うのはどれか。\nア TLS\nイ SSH\n正解: イ\n"


@pytest.fixture(scope="module")
def examiner(tmp_path_factory: pytest.TempPathFactory, open_assistant: OpenAssistant) -> Iterator[TestClient]:
    """A server with a record of its own."""
    folder = tmp_path_factory.mktemp("exams")
    (folder / "notes").mkdir()
    (folder / "notes" / "net.md").write_text(NOTE, "utf-8")
    with open_assistant(folder / "notes", folder / "index") as assistant:
        app = create_app(assistant, page=False)
        with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as client:
            yield client


@pytest.mark.model
@pytest.mark.parametrize("mine", ["B", ["B"], [["B"]], "TLS"])
def test_check_of_one_question(examiner: TestClient, mine: object) -> None:
    body = examiner.post("/api/check", json={"id": [1], "text": CHOICE, "mine": mine, "record": False}).json()
    expected = [
        "id",
        "stem",
        "choose",
        "negated",
        "kind",
        "verdict",
        "answer",
        "support",
        "options",
        "yours",
        "correct",
    ]
    assert list(body) == [*expected, "elapsed_ms"]
    assert (body["id"], body["verdict"], body["answer"]) == ([1], "decided", ["B"])
    assert (body["yours"], body["correct"]) == (["B"], True)
    assert body["options"][1]["citations"][0]["quote"] in NOTE


@pytest.mark.model
def test_check_of_several_questions(examiner: TestClient) -> None:
    text = f"{CHOICE}\n{SECOND}\n問3 選択肢のない問題はどれか。\n"
    body = examiner.post("/api/check", json={"id": 7, "text": text, "mine": ["A", ["イ"]], "record": False}).json()
    assert list(body) == ["id", "questions", "problems", "report"]
    assert body["id"] == 7
    assert [(item["yours"], item["correct"]) for item in body["questions"]] == [(["A"], False), (["イ"], True)]
    assert [problem["reason"] for problem in body["problems"]] == ["no_options"]
    assert body["report"]["score"]["right"] == 1


@pytest.mark.model
def test_what_is_checked_is_recorded_unless_it_says_otherwise(examiner: TestClient) -> None:
    def record() -> Any:
        return examiner.get("/api/exams").json()

    assert record()["score"]["questions"] == 0
    examiner.post("/api/check", json={"text": CHOICE, "record": False})
    assert record()["latest"] == []
    examiner.post("/api/check", json={"text": f"{CHOICE}\n{SECOND}", "mine": ["A", "イ"]})
    body = record()
    assert list(body) == ["score", "review", "gaps", "latest"]
    assert (body["score"]["questions"], body["score"]["right"], body["score"]["wrong"]) == (2, 1, 1)
    assert [group["heading_path"] for group in body["review"]] == [["通信", "TLS"]]
    assert [attempt["yours"] for attempt in body["latest"]] == [["A"], ["イ"]]


@pytest.mark.model
@pytest.mark.parametrize(
    ("form", "media", "begins"),
    [
        ("md", "text/markdown; charset=utf-8", "# 模擬試験の記録".encode()),
        ("json", "application/json", b"{"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("apkg", "application/octet-stream", b"PK"),
    ],
)
def test_the_record_can_be_downloaded(examiner: TestClient, form: str, media: str, begins: bytes) -> None:
    examiner.post("/api/check", json={"text": CHOICE, "mine": "A"})
    reply = examiner.get(f"/api/exams/export?form={form}")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == media
    assert reply.headers["content-disposition"] == f'attachment; filename="exam-record.{form}"'
    assert reply.content.startswith(begins)


def test_a_download_is_in_the_language_that_the_browser_asks_for(examiner: TestClient) -> None:
    reply = examiner.get("/api/exams/export?form=md", headers={"accept-language": "en-GB,en;q=0.9"})
    assert reply.text.startswith("# Mock exam record")


@pytest.mark.parametrize("form", ["", "?form=", "?form=pdf", "?form=md%00", "?form=MD"])
def test_an_unknown_form_gets_one_clear_line(examiner: TestClient, form: str) -> None:
    reply = examiner.get(f"/api/exams/export{form}")
    assert reply.status_code == 400
    _one_line(reply.json())
    assert "apkg" in reply.json()["error"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "text"),
        ({"text": 3}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"text": ""}, "試験問題が見つかりません"),
        ({"text": "ただの文章です。"}, "試験問題が見つかりません"),
        ({"text": "問1 鐘があるのはどれか。\nA. 塔"}, "1 行目"),
        ({"text": CHOICE, "mine": "Z"}, "A, B"),
        ({"text": CHOICE, "mine": ["B", "Z"]}, "A, B"),
        ({"text": CHOICE, "mine": "\ud800"}, "A, B"),
        ({"text": CHOICE, "mine": 3}, "mine"),
        ({"text": CHOICE, "mine": {"B": 1}}, "mine"),
        ({"text": CHOICE, "mine": [3]}, "mine"),
        ({"text": CHOICE, "mine": [[["B"]]]}, "mine"),
        ({"text": CHOICE, "mine": ["B"] * 301}, "mine"),
        ({"text": CHOICE, "record": "no"}, "record"),
        ({"text": CHOICE, "record": 1}, "record"),
        ({"text": f"{CHOICE}\n{SECOND}", "mine": "B"}, "mine"),
        ({"text": f"{CHOICE}\n{SECOND}", "mine": ["B", "イ", "B"]}, "mine"),
        ({"text": f"{CHOICE}\n{SECOND}", "mine": ["B", "Z"]}, "ア, イ"),
        ({"text": "\n".join(CHOICE for _ in range(301))}, "301"),
    ],
)
def test_an_exam_that_cannot_be_checked_gets_one_clear_line(examiner: TestClient, body: Any, said: str) -> None:
    before = examiner.get("/api/exams").json()
    reply = examiner.post("/api/check", content=json.dumps(body))
    assert reply.status_code == 400
    _one_line(reply.json())
    assert said in reply.json()["error"]
    assert examiner.get("/api/exams").json() == before


def _one_line(body: Any) -> None:
    assert list(body) == ["error"]
    assert body["error"].strip()
    assert "\n" not in body["error"]
    assert "Traceback" not in body["error"]


def test_a_follow_up_is_answered_with_the_questions_before_it(client: TestClient) -> None:
    body = client.post("/api/ask", json={"question": "SSHは？", "history": ["TLSとは？"]}).json()
    assert body["understood"] == "SSHとは？"
    assert "遠くの計算機に安全に入る" in body["citations"][0]["quote"]
    alone = client.post("/api/ask", json={"question": "SSHとは何ですか？", "history": ["TLSとは？"]}).json()
    assert "understood" not in alone


@pytest.mark.parametrize("history", ["TLSとは？", [1], ["x"] * 101])
def test_a_history_that_is_no_list_of_questions_is_turned_down(client: TestClient, history: object) -> None:
    assert client.post("/api/ask", json={"question": "SSHは？", "history": history}).status_code == 400


EXAM = "遠くの計算機に安全に入る仕組みはどれか。\nA. TLS\nB. SSH"


def test_an_exam_question_is_checked_and_kept(client: TestClient) -> None:
    body = client.post("/api/check", json={"id": 3, "text": EXAM, "mine": "B"}).json()
    assert (body["id"], body["choose"], body["yours"]) == (3, 1, ["B"])
    assert [option["label"] for option in body["options"]] == ["A", "B"]
    kept = client.get("/api/exams").json()
    assert kept["score"]["questions"] == 1


@pytest.mark.parametrize("text", ["", "ただの文。"])
def test_what_is_not_one_exam_question_is_turned_down_with_a_reason(client: TestClient, text: str) -> None:
    reply = client.post("/api/check", json={"text": text})
    assert reply.status_code == 400
    assert reply.json()["error"]
