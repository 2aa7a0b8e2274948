"""What nobody would type, paste or send in good faith: each kind has its outcome, and nothing hangs or breaks."""

from __future__ import annotations

import contextlib
import json
import random
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.asking.followup import resolve
from assistant.engine import Assistant
from assistant.errors import AssistantError, EmptyQuestion, NotOneQuestion, QuestionTooLong
from assistant.exams.paste.examtext import parse_exam
from assistant.exams.record.examexport import read_export
from assistant.faces.console.terminal import View, render_answer, wrap
from assistant.faces.ui import markup
from assistant.faces.web.server import create_app
from assistant.limits import BadLine, json_object
from assistant.notes import read_note, split_lines
from assistant.records import SourceLine
from tests.conftest import RunCommand

HOME = Path(__file__).resolve().parents[1]
#: Of the processor, on a machine that is busy with other things; what is exponential takes forever.
SECONDS = 20.0
FIFO = "FIFOキューの特徴は？"
LINE = "FIFOキュー: 送った順に届き、重複もしない"

# --- questions

#: Noise around a question that stays what it is.
AROUND = {
    "SQL": f"'; DROP TABLE files; -- {FIFO}",
    "SQL comment": f"{FIFO} /* */ --",
    "FTS operators": f"{FIFO} AND NOT OR NEAR",
    "FTS column filter": f"{{terms}} : {FIFO}",
    "FTS prefix and initial": f"^{FIFO}*",
    "FTS phrase left open": f'"{FIFO}',
    "FTS brackets": f"((( {FIFO} ) NEAR(a b, 5)",
    "quotes of all kinds": f"\"'`´‘’“”„«»「」『』 {FIFO}",
    "NUL": f"\0{FIFO}\0",
    "control characters": "".join(map(chr, range(1, 32))) + FIFO,
    "escape sequences": f"\x1b[31m\x1b]0;title\x07{FIFO}",
    "lone surrogates": f"\ud800{FIFO}\udfff",
    "right to left": f"\u202e{FIFO}\u202c\u2066",
    "zero-width characters": "\u200b".join(FIFO),
    "combining marks": FIFO + "\u0301" * 500,
    "a private character": f"\ue000\uf8ff{FIFO}",
    "no characters": f"\ufffe\uffff{FIFO}",
    "beyond the first plane": f"\U0001f511\U000e0001\U0010ffff{FIFO}",
    "HTML": f"<script>alert(1)</script><img src=x onerror=alert(1)> {FIFO}",
    "Markdown": f"# ![x](javascript:alert(1)) [a](b) | - | {FIFO}",
    "a format string": f"{{0}} {{question.__class__}} %s %n {FIFO}",
    "a template": f"${{7*7}} {{{{7*7}}}} {FIFO}",
    "a path": f"../../../etc/passwd {FIFO}",
    "a shell": f"$(reboot) `reboot` ; rm -rf / && {FIFO}",
    "line breaks of all kinds": f"{FIFO}\r\n\v\f\x1c\x1d\x85\u2028\u2029",
    "full width": "ＦＩＦＯキューの特徴は？",
    "blanks by the thousand": f"{' ' * 4000}{FIFO}{'　' * 4000}",
}


@pytest.mark.model
@pytest.mark.parametrize("kind", AROUND)
def test_noise_around_a_question_changes_nothing_but_the_noise(assistant: Assistant, kind: str) -> None:
    hits = assistant.search(AROUND[kind], 3).hits
    assert LINE in [item.quote for hit in hits for item in hit.evidence]
    answer = assistant.ask(AROUND[kind])
    reads_the_same(assistant, answer.to_json())
    for view in (View(80, colour=False), View(None, colour=False)):
        assert "\x1b" not in render_answer(answer, view)


def reads_the_same(assistant: Assistant, answer: dict[str, Any]) -> None:
    json.dumps(answer, ensure_ascii=False).encode()
    for citation in (*answer["citations"], *answer["related"]):
        lines = split_lines(read_note(assistant.notes_dir / citation["file"]))
        for quote, line in zip(citation["quote"].split("\n"), lines[citation["line_start"] - 1 :], strict=False):
            assert quote in line


#: Nothing but noise.
NOISE = {
    "one token thousands of times": "鍵" * 10_000,
    "one word thousands of times": "FIFO " * 1_900,
    "a thousand different words": " ".join(f"w{n}" for n in range(1_700)),
    "katakana without an end": "キュ" * 4_900,
    "hiragana without an end": "でゅー" * 3_300,
    "capitals without an end": "A-" * 4_900,
    "nested brackets": "(" * 4_900 + ")" * 4_900,
    "a regular expression bomb": "a" * 5_000 + "!" + "(a+)+$" * 500,
    "comparisons without an end": "SQSと" * 2_400 + "の違いは？",
    "particles without an end": "ではのを" * 2_000 + "犬と猫、" + "では" * 500 + "X" + "の違いは？",
    "lists without an end": "、".join(["SQS"] * 2_400) + "の一覧",
    "digits without an end": "1" * 9_999,
    "marks without an end": "？" * 9_999,
    "combining marks alone": "\u0301" * 9_999,
    "every kind of character": "".join(chr(code) for code in range(0x20, 0x2700)),
    "random characters": "".join(chr(random.Random(4).randrange(0x20, 0xD800)) for _ in range(9_000)),
    "random bytes as latin-1": random.Random(5).randbytes(9_000).decode("latin-1"),
    "compatibility forms that grow": "\ufdfa" * 500,
}


@pytest.mark.model
@pytest.mark.parametrize("kind", NOISE)
def test_noise_is_a_question_like_any_other(assistant: Assistant, kind: str) -> None:
    begun = time.process_time()
    answer = assistant.ask(NOISE[kind], history=[NOISE[kind], FIFO])
    assert time.process_time() - begun < SECONDS
    assert answer.status in ("answered", "related", "empty_heading", "not_found")
    reads_the_same(assistant, answer.to_json())


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", EmptyQuestion),
        (" \t\r\n\u3000\u2003", EmptyQuestion),
        ("\0" * 10_001, QuestionTooLong),
        ("鍵" * 1_000_000, QuestionTooLong),
        ("a" * 10_001, QuestionTooLong),
    ],
)
def test_what_is_no_question_or_too_long_is_said_in_one_line(
    assistant: Assistant, text: str, error: type[AssistantError]
) -> None:
    for call in (assistant.ask, assistant.search, assistant.check):
        with pytest.raises(error) as caught:
            call(text)
        for language in ("ja", "en"):
            assert "\n" not in caught.value.message(language)


# --- exam texts

QUESTION = "順に届くキューはどれか。\nA. 標準キュー\nB. FIFOキュー\n"

#: Text and how many questions are in it.
EXAMS = {
    "labels without an end": ("A. x\n" * 20_000, None),
    "options without a stem": ("A. 赤\nB. 青\nC. 白", None),
    "a stem without options": ("どれか。" * 5_000, 0),
    "keys without an end": (QUESTION + "正解: B\n" * 5_000, None),
    "keys in one line without an end": (QUESTION.rstrip() + "【解答】" * 10_000, 1),
    "a key of every letter": (QUESTION + "正解: " + ", ".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 100), None),
    "a key that is no label": (QUESTION + "正解: Z", None),
    "numbers without an end": ("\n".join(f"問{n}" for n in range(20_000)), 0),
    "a number of a million digits": (f"問{'9' * 1_000_000}\n" + QUESTION, None),
    "brackets without an end": ("(" * 100_000 + QUESTION, None),
    "marks without an end": ("①②③④" * 20_000, None),
    "blanks without an end": (" " * 500_000 + QUESTION, 1),
    "blanks within a number": ("問" + " " * 300_000 + "x\n" + QUESTION, None),
    "blanks behind a number": ("問1" + " \t" * 150_000 + "x\n" + QUESTION, None),
    "blanks within a label": (QUESTION.replace("A.", "A" + " " * 300_000 + "."), None),
    "blanks behind a label": (QUESTION.replace("A.", "A." + " " * 300_000), 1),
    "blanks around a key": (QUESTION + "正解" + " " * 150_000 + ":" + " " * 150_000 + "B", None),
    "blanks below an option": (QUESTION.replace("キュー\n", "キュー\n" + "→" + " " * 100_000 + "x\n"), 1),
    "blanks within a stem": ("順に" + " \u3000" * 100_000 + "&nbsp;" * 20_000 + QUESTION, 1),
    "blanks at the ends of lines": (QUESTION.replace("\n", " " * 100_000 + "\n"), 1),
    "marks of quotes without an end": (">" * 200_000 + QUESTION, None),
    "stars without an end": ("*" * 200_000 + QUESTION, None),
    "digits without an end": ("1" * 200_000 + ". x\n" + QUESTION, None),
    "empty lines without an end": ("\n" * 300_000 + QUESTION, 1),
    "tabs and bars": ("|\t" * 50_000 + "\n" + QUESTION, None),
    "one line of a million characters": ("選" * 1_000_000, 0),
    "NUL and control characters": ("\0\x1b\x07" * 1_000 + QUESTION, None),
    "lone surrogates": (QUESTION.replace("標準", "\ud800"), 1),
    "right to left": (QUESTION.replace("標準", "\u202e標準"), 1),
    "HTML": (f"<p>{QUESTION}</p><script>x</script>", None),
    "two hundred questions": (QUESTION * 200, None),
    "matching pairs without an end": ("ア-1, イ-2, " * 10_000, None),
    "dashes": ("-" * 200_000 + "\n" + QUESTION, None),
    "a number and what nobody sees": ("問1" + "\ufeff" * 20_000, None),
    "a number and brackets": ("問1" + ")" * 20_000, None),
}


@pytest.mark.parametrize("kind", EXAMS)
def test_any_text_is_read_as_an_exam_or_not(kind: str) -> None:
    text, count = EXAMS[kind]
    begun = time.process_time()
    exam = parse_exam(text)
    assert time.process_time() - begun < SECONDS
    if count is not None:
        assert len(exam.questions) == count
    for question in exam.questions:
        assert len(question.options) >= 2
        labels = [option.label for option in question.options]
        assert len(set(labels)) == len(labels)


@pytest.mark.model
def test_hostile_exam_texts_are_checked_or_turned_down(assistant: Assistant) -> None:
    for kind in ("lone surrogates", "right to left"):
        checked = assistant.check(EXAMS[kind][0])
        json.dumps(checked.to_json()).encode()
    with pytest.raises(NotOneQuestion):
        assistant.check("A. 赤")


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_readers_of_text(text: str) -> None:
    parse_exam(text)
    resolve(text or "x", [text, FIFO])
    with contextlib.suppress(AssistantError):
        read_export(text)
    with contextlib.suppress(BadLine):
        json_object(text.encode("utf-8", "surrogatepass"), "x")


# --- lines of notes, where they are shown

LINES = {
    "ticks": "x " + "`" * 100_000,
    "runs of ticks": "".join("x" + "`" * n for n in range(200)),
    "openings of pictures": "![" * 50_000,
    "pictures without an end": "![a](<b" * 15_000,
    "embeds without an end": "![[a|" * 20_000,
    "brackets in brackets": "![a" + "![b]" * 25_000,
    "stars": "**a" * 30_000,
    "hashes": "# " + "#" * 50_000 + "x",
    "a data address": "![](data:image/png;base64," + "iVBORw0KGgo" * 10_000,
    "bars": "|" * 50_000,
    "dashes": "- " * 50_000 + "x",
    "marks of quotes": "> " * 50_000,
}


@pytest.mark.parametrize("kind", LINES)
def test_any_line_is_shown_on_the_page_and_on_the_terminal(kind: str) -> None:
    line = LINES[kind]
    begun = time.process_time()
    (shown,) = markup.format_lines([SourceLine(7, line)], "ja", lambda _: None)
    markup.format_quote(line, "ja")
    wrap(line, 80)
    assert time.process_time() - begun < SECONDS
    assert shown.number == 7


# --- the command line


@pytest.mark.model
@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", None),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"[" * 100_000, "JSON"),
        (b'{"id": 1}', "question"),
        (b'{"id": 1, "question": 5}', "question"),
        (b'{"id": NaN, "question": "x"}', "JSON"),
        (b'{"id": 1, "question": "' + b"a" * 20_000 + b'"}', "long"),
        (b'{"id": ' + b"9" * 5_000 + b', "question": "x"}', "JSON"),
        (b'{"id": {"a": [1]}, "question": "\\u0000"}', None),
        (b'"text"', "object"),
    ],
    ids=lambda value: None if value is None else str(value)[:30],
)
def test_a_bad_line_of_a_batch_is_named(ask_command: RunCommand, line: bytes, said: str | None) -> None:
    done: Result = ask_command("ask", "--batch", "-", stdin=line + b'\n{"id": "last", "question": "FIFO"}\n')
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert rows[-1]["id"] == "last"
    assert "error" not in rows[-1]
    assert done.exit_code == (0 if said is None else 2)
    if said is not None:
        assert said in rows[0]["error"]


# --- HTTP, over a real socket


@pytest.fixture(scope="module")
def port(assistant: Assistant) -> Iterator[int]:
    """A real server over the session's assistant."""
    config = uvicorn.Config(create_app(assistant, language="en", page=False), log_level="error", server_header=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def exchange(port: int, data: bytes, *, seconds: float = 60.0) -> tuple[int, bytes]:
    """Status and body of the answer to raw bytes; 0 where the other side hangs up without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(data)
        reply = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                reply += part
    head, _, body = reply.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.1 (\d+)", head)
    return int(status[1]) if status else 0, body


def request(method: str, path: str, body: bytes = b"", more: Sequence[tuple[str, str]] = (), **headers: str) -> bytes:
    fields = (
        {"Host": "127.0.0.1", "Connection": "close", "Content-Length": str(len(body))}
        | {name.replace("_", "-"): value for name, value in headers.items()}
        | dict(more)
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def post(body: bytes, path: str = "/api/ask", **headers: str) -> bytes:
    return request("POST", path, body, (), **headers)


CHUNKED = "POST /api/ask HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"

REQUESTS: dict[str, tuple[bytes, set[int]]] = {
    "rubbish": (b"\x16\x03\x01\x02\x00" * 50 + b"\r\n\r\n", {400}),
    "no method": (b" / HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}),
    "an unknown protocol": (b"GET / SPDY/9\r\nHost: localhost\r\n\r\n", {400}),
    "no host": (b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", {400, 403}),
    "two hosts": (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n", {400, 403}),
    "another host": (request("GET", "/api/status", Host="evil.example"), {403}),
    "another site": (post(b"{}", Origin="https://evil.example"), {403}),
    "a null origin": (post(b"{}", Origin="null"), {403}),
    "a header of 200 kB": (request("GET", "/healthz", X="a" * 200_000), {400, 431}),
    "10,000 headers": (request("GET", "/healthz", more=[(f"X{n}", "1") for n in range(10_000)]), {200, 400, 431}),
    "an address of 100 kB": (request("GET", "/" + "a" * 100_000), {400, 404, 414}),
    "a line break in a header": (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\nY: b\r\n\r\n", {200, 400}),
    "a negative length": (request("POST", "/api/ask", Content_Length="-5"), {400}),
    "a length that is no number": (request("POST", "/api/ask", Content_Length="many"), {400}),
    "a length of 30 digits": (request("POST", "/api/ask", Content_Length="9" * 30), {400, 413}),
    "a length of 10 GB": (request("POST", "/api/ask", Content_Length="10000000000"), {413}),
    "two lengths": (b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", {400, 403}),
    "a body over the limit": (post(b'{"question": "' + b"a" * 2_000_000 + b'"}'), {413}),
    "chunks over the limit": (CHUNKED.encode() + (b"10000\r\n" + b"a" * 65536 + b"\r\n") * 20 + b"0\r\n\r\n", {413}),
    "chunks that are none": (CHUNKED.encode() + b"zz\r\nabc\r\n", {400}),
    "a wrong method": (request("DELETE", "/api/ask"), {405}),
    "a read where a write belongs": (request("GET", "/api/ask"), {405}),
    "TRACE": (request("TRACE", "/api/ask"), {404, 405}),
    "an invented method": (request("BREW", "/api/ask"), {400, 404, 405}),
    "an unknown address": (request("GET", "/api/admin"), {404}),
    "a path that climbs": (request("GET", "/note-image/../../../etc/passwd"), {404}),
    "a path that climbs in percent": (request("GET", "/note-image/%2e%2e/%2e%2e/etc/passwd"), {404}),
    "a NUL in the path": (request("GET", "/note-image/a%00.png"), {404}),
    "a percent sign that means nothing": (request("GET", "/note-image/%zz%"), {404}),
    "a note as a picture": (request("GET", "/note-image/messaging.md"), {404}),
    "no JSON": (post(b"question=x"), {400}),
    "half of a JSON": (post(b'{"question": "x'), {400}),
    "JSON 100,000 deep": (post(b'{"question": "x", "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"), {400}),
    "JSON with NaN": (post(b'{"question": "FIFO", "id": NaN}'), {400}),
    "JSON with infinity": (post(b'{"question": "FIFO", "k": Infinity}', "/api/search"), {400}),
    "half a character in the id": (post(b'{"question": "FIFO", "id": "\\ud800"}'), {400}),
    "a number of 10,000 digits": (post(b'{"question": "FIFO", "id": ' + b"9" * 10_000 + b"}"), {400}),
    "a question that is a list": (post(b'{"question": ["FIFO"]}'), {400}),
    "a question that is an object": (post(b'{"question": {"a": 1}}'), {400}),
    "half a character": (post(b'{"question": "\\udc00"}'), {400}),
    "UTF-16": (post('{"question": "FIFO"}'.encode("utf-16")), {200, 400}),
    "a history that is a text": (post(b'{"question": "FIFO", "history": "x"}'), {400}),
    "a history of numbers": (post(b'{"question": "FIFO", "history": [1]}'), {400}),
    "a history of thousands": (post(json.dumps({"question": "FIFO", "history": ["x"] * 5_000}).encode()), {400}),
    "k that is a text": (post(b'{"question": "FIFO", "k": "3"}', "/api/search"), {400}),
    "k of a million": (post(b'{"question": "FIFO", "k": 1000000}', "/api/search"), {400}),
    "an exam that is a number": (post(b'{"text": 5}', "/api/check"), {400}),
    "an exam without options": (post('{"text": "どれか。"}'.encode(), "/api/check"), {400}),
    "an answer that is an object": (post(json.dumps({"text": QUESTION, "mine": {"a": 1}}).encode(), "/api/check"), {400}),
    "an answer that is no option": (post(json.dumps({"text": QUESTION, "mine": "Z"}).encode(), "/api/check"), {400}),
    "an unknown form of export": (request("GET", "/api/exams/export?form=exe"), {400}),
    "an engine's address without its token": (request("POST", "/engine/run", b"{}"), {403, 404}),
}  # fmt: skip


@pytest.mark.model
@pytest.mark.parametrize("kind", REQUESTS)
def test_a_hostile_request_is_turned_down(port: int, kind: str) -> None:
    data, expected = REQUESTS[kind]
    status, body = exchange(port, data)
    assert status in expected, body[:200]
    assert b"Traceback" not in body
    if body.startswith(b"{") and status != 200:
        (said,) = json.loads(body).values()
        assert "\n" not in said
    status, body = exchange(port, request("GET", "/healthz"))
    assert status == 200


@pytest.mark.model
def test_slow_and_silent_clients_hold_nobody_up(port: int) -> None:
    with contextlib.ExitStack() as held:
        for number in range(60):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            if number % 3 == 0:
                connection.sendall(b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
            elif number % 3 == 1:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHo")
        status, body = exchange(port, post(json.dumps({"question": FIFO}).encode()))
        assert status == 200
        assert json.loads(body)["citations"][0]["quote"] == LINE
