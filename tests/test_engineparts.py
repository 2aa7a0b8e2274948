"""The parts of the resident engine, each by itself: its file, its lock, its line, its errors, its jobs, its guard."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.engine import Assistant
from assistant.errors import AssistantError, BadRequest, NotesFolderMissing, QuestionTooLong, RequestError
from assistant.faces.resident import process
from assistant.faces.resident.client import EngineClient, EngineUnavailable
from assistant.faces.resident.enginehttp import Resident
from assistant.faces.resident.jobs import Jobs
from assistant.faces.resident.loopback import Connection, NoReply
from assistant.faces.resident.process import (
    ENGINE_FILE,
    TOKEN_HEADER,
    EngineRecord,
    LockTimeout,
    Target,
    read_record,
    remove_record,
    source_version,
    starting,
    write_record,
)
from assistant.faces.resident.wire import EngineFault, error_from_json, error_to_json
from assistant.faces.web.server import create_app

posix = pytest.mark.skipif(os.name == "nt", reason="files have no owners there in this sense")


def record_for(target: Target, **changed: Any) -> EngineRecord:
    record = EngineRecord(
        pid=os.getpid(),
        host="127.0.0.1",
        port=1,
        token="1f",
        seal="2e",
        version=source_version(),
        notes=target.notes_key,
        model=target.model_key,
        kind="engine",
        started="2025-01-01T00:00:00Z",
    )
    return replace(record, **changed)


@pytest.fixture
def target(tmp_path: Path) -> Target:
    (tmp_path / "notes").mkdir()
    (tmp_path / "index").mkdir()
    return Target(tmp_path / "notes", tmp_path / "index", None)


# --- the file


@posix
def test_the_file_is_for_its_owner_only_and_comes_back(target: Target) -> None:
    record = record_for(target)
    write_record(target.index, record)
    assert read_record(target.index) == record
    assert stat.S_IMODE((target.index / ENGINE_FILE).stat().st_mode) == 0o600
    assert [path.name for path in target.index.iterdir()] == [ENGINE_FILE]


@posix
def test_a_file_that_others_can_read_or_write_is_not_relied_on(target: Target) -> None:
    write_record(target.index, record_for(target))
    for mode in (0o640, 0o602):
        (target.index / ENGINE_FILE).chmod(mode)
        assert read_record(target.index) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"host": "192.168.1.5"},
        {"host": "example.com"},
        {"port": 0},
        {"port": 70_000},
        {"port": True},
        {"pid": "1"},
        {"kind": "other"},
        {"token": ""},
        {"token": "a\r\nb: c"},
        {"model": 3},
        {"notes": None},
    ],
)
def test_a_file_with_a_strange_value_is_not_relied_on(changed: dict[str, Any], target: Target) -> None:
    write_record(target.index, record_for(target, **changed))
    assert read_record(target.index) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.dictionaries(
            st.sampled_from([*EngineRecord.__dataclass_fields__, "other"]), st.none() | st.integers() | st.text()
        ).map(lambda row: json.dumps(row).encode()),
        st.just(b"[" * 60_000),
    )
)
def test_whatever_the_file_holds_nothing_is_raised(content: bytes, target: Target) -> None:
    path = target.index / ENGINE_FILE
    path.write_bytes(content)
    path.chmod(0o600)
    assert read_record(target.index) is None


def test_only_ones_own_file_is_removed(target: Target) -> None:
    write_record(target.index, record_for(target, token="11"))
    remove_record(target.index, "22")
    assert read_record(target.index)
    remove_record(target.index, "11")
    assert not list(target.index.iterdir())


def test_an_engine_is_for_one_folder_one_model_and_one_version(target: Target, tmp_path: Path) -> None:
    record = record_for(target)
    assert record.serves(target)
    link = tmp_path / "link"
    link.symlink_to(target.notes, target_is_directory=True)
    assert record.serves(Target(link, target.index, None)), "the same folder by another name"
    assert not record.serves(Target(tmp_path, target.index, None))
    assert not record.serves(Target(target.notes, target.index, "other-model"))
    assert not replace(record, version="0").serves(target)


# --- the lock


@pytest.fixture(params=["flock", "plain"])
def kind_of_lock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "plain":
        monkeypatch.setattr(process, "fcntl", None)
    elif os.name == "nt":
        pytest.skip("there is no flock")


@pytest.mark.usefixtures("kind_of_lock")
def test_one_starter_at_a_time(tmp_path: Path) -> None:
    begun, inside = threading.Barrier(3), []

    def starter() -> None:
        begun.wait()
        with starting(tmp_path, 10):
            inside.append(1)
            assert len(inside) == 1
            time.sleep(0.05)
            inside.pop()

    threads = [threading.Thread(target=starter) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not inside


@pytest.mark.usefixtures("kind_of_lock")
def test_the_wait_for_another_starter_has_an_end(tmp_path: Path) -> None:
    with starting(tmp_path, 1), pytest.raises(LockTimeout), starting(tmp_path, 0.1):
        pass
    with starting(tmp_path, 0):
        pass


def test_a_plain_lock_that_was_left_behind_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "fcntl", None)
    with starting(tmp_path, 0):
        left = next(tmp_path.iterdir())
    left.touch()
    os.utime(left, (time.time() - 600, time.time() - 600))
    with starting(tmp_path, 1):
        pass


def test_a_folder_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), starting(tmp_path / "none", 1):
        pass


# --- the line


@contextmanager
def listener(reply: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers each connection with ``reply`` and hangs up; its port, and what it was told."""
    told: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    told.append(connection.recv(65_536))
                    connection.sendall(reply)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], told
        server.shutdown(socket.SHUT_RDWR)


def http(body: bytes, head: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def test_a_reply_is_read() -> None:
    with listener(http('{"a": "あ"}'.encode(), b"HTTP/1.1 403 Forbidden")) as (port, told):
        line = Connection("127.0.0.1", port, 5)
        assert line.request("POST", "/x", {"name": "value"}, {"b": 1}) == (403, {"a": "あ"})
        line.close()
    assert told[0].startswith(b"POST /x HTTP/1.1\r\n")
    assert told[0].endswith(b'\r\n\r\n{"b": 1}')


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{}",
        http(b"[]"),
        http(b"<html>"),
        http(b"{}", b"HTTP/1.1"),
        b"x" * 100_000,
    ],
)
def test_a_stranger_is_no_reply(reply: bytes) -> None:
    with listener(reply) as (port, _), pytest.raises(NoReply):
        Connection("127.0.0.1", port, 5).request("GET", "/", {})


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=50).map(http))
def test_whatever_is_replied_nothing_else_is_raised(reply: bytes) -> None:
    with listener(reply) as (port, _):
        line = Connection("127.0.0.1", port, 5)
        try:
            _, body = line.request("GET", "/", {})
            assert isinstance(body, dict)
        except NoReply:
            assert not line.is_open
        line.close()


def test_silence_has_an_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        with pytest.raises(NoReply):
            Connection("127.0.0.1", silent.getsockname()[1], 0.2).request("GET", "/", {})
        assert time.monotonic() - begun < 3


def test_a_stranger_at_the_engines_port_is_not_told_the_question(target: Target) -> None:
    with listener(http(b'{"seal": "guessed"}')) as (port, told):
        write_record(target.index, record_for(target, port=port))
        with pytest.raises(EngineUnavailable):
            EngineClient(target, start=False)
    assert len(told) == 1
    assert b"/engine/hello" in told[0]


# --- errors


@pytest.mark.parametrize(
    "error",
    [
        NotesFolderMissing(folder=Path("/notes")),
        QuestionTooLong(length=12_345, limit=10_000),
        BadRequest(where="k", problem="?"),
        AssistantError(),
    ],
)
def test_an_error_says_the_same_on_the_other_side(error: AssistantError) -> None:
    told = error_from_json(json.loads(json.dumps(error_to_json(error))))
    assert isinstance(told, AssistantError)
    assert (told.exit_code, told.message("ja"), told.message("en")) == (
        error.exit_code,
        error.message("ja"),
        error.message("en"),
    )
    assert isinstance(told, RequestError) == isinstance(error, RequestError)


def test_a_fault_is_named_and_keeps_its_traceback() -> None:
    try:
        raise ZeroDivisionError("detail")
    except ZeroDivisionError as error:
        told = error_from_json(json.loads(json.dumps(error_to_json(error))))
    assert isinstance(told, EngineFault)
    assert told.fault == "ZeroDivisionError"
    assert "detail" in told.__notes__[0]
    missing = error_from_json(error_to_json(ModuleNotFoundError("No module named 'torch'", name="torch")))
    assert isinstance(missing, ModuleNotFoundError)
    assert missing.name == "torch"


# --- jobs


def test_jobs_give_their_results_once_and_say_when_they_rest() -> None:
    jobs: Jobs[int] = Jobs(2)
    gate = threading.Event()
    numbers = [jobs.start(lambda: gate.wait(10) and 1), jobs.start(lambda: 1 // 0), jobs.start(lambda: 3)]
    assert jobs.idle_seconds() == 0
    gate.set()
    slow, broken, quick = filter(None, map(jobs.get, numbers))
    assert (slow.result(10), quick.result(10)) == (1, 3)
    assert isinstance(broken.exception(10), ZeroDivisionError)
    jobs.settle(10)
    time.sleep(0.02)
    assert jobs.idle_seconds() > 0.01
    jobs.forget(numbers[0])
    assert jobs.get(numbers[0]) is None


def test_settling_has_an_end() -> None:
    jobs: Jobs[bool] = Jobs(1)
    gate = threading.Event()
    jobs.start(lambda: gate.wait(10))
    begun = time.monotonic()
    jobs.settle(0.1)
    assert time.monotonic() - begun < 5
    gate.set()


# --- the guard


@pytest.fixture
def engine_app(target: Target) -> Iterator[tuple[TestClient, Resident]]:
    with Assistant(target.notes, target.index) as assistant:
        here = Resident(assistant, target, "engine")
        app = create_app(assistant, page=False, resident=here)
        with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
            yield client, here


@pytest.mark.parametrize("headers", [{}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: "wrong"}, {TOKEN_HEADER: "\xe9"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/engine/hello"),
        ("POST", "/engine/run"),
        ("POST", "/engine/stop"),
        ("GET", "/engine/job/1"),
        ("GET", "/"),
    ],
)
def test_without_the_token_nothing_is_answered(
    engine_app: tuple[TestClient, Resident], method: str, path: str, headers: dict[str, str]
) -> None:
    client, _ = engine_app
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    reply = client.request(method, path, headers=sent, json={"do": "refresh"})
    assert reply.status_code == 403
    assert list(reply.json()) == ["error"]


def test_with_the_token_the_engine_answers_and_does_nothing_else(engine_app: tuple[TestClient, Resident]) -> None:
    client, here = engine_app
    token = {TOKEN_HEADER: here.token}
    assert client.get("/engine/hello", headers=token).json()["seal"]
    refused = client.post("/engine/run", json={"do": "refresh"}, headers=token).json()["error"]
    assert refused["exit_code"] == 2, "an empty folder"
    assert client.post("/engine/run", json={"do": "dance"}, headers=token).json()["error"]["fault"] == "ValueError"
    assert client.get("/engine/job/999", headers=token).status_code == 404
    assert client.get("/api/status", headers=token).status_code == 404
    assert client.get("/engine/hello", headers=token | {"origin": "http://evil.example"}).status_code == 403


def test_the_chat_asks_for_the_token_only_where_the_terminals_commands_go(target: Target) -> None:
    with Assistant(target.notes, target.index) as assistant:
        here = Resident(assistant, target, "chat")
        # The page itself is left out: what matters is which paths are guarded.
        app = create_app(assistant, page=True, resident=here)
        client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/status").status_code == 200
        assert client.get("/engine/hello").status_code == 403
        assert client.get("/engine/hello", headers={TOKEN_HEADER: here.token}).status_code == 200
