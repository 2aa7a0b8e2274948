"""The smaller parts of the page: the editor's address, the browser's language, the saved conversation."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.faces.ui.before import WithScript
from assistant.faces.ui.editor import editor_address
from assistant.faces.ui.languages import requested_language
from assistant.faces.ui.transcript import copied, transcript
from assistant.faces.ui.turns import Turns
from assistant.messages import Language
from assistant.records import Answer, Citation, Side

NOTE: Any = PurePosixPath("/home/a b/ノート#1?.md")


@pytest.mark.parametrize(
    ("template", "address"),
    [
        (None, "vscode://file/home/a%20b/%E3%83%8E%E3%83%BC%E3%83%88%231%3F.md:12"),
        (
            "idea://open?file={path}&line={line}",
            "idea://open?file=/home/a%20b/%E3%83%8E%E3%83%BC%E3%83%88%231%3F.md&line=12",
        ),
        ("subl://open?url=file://{path}", "subl://open?url=file:///home/a%20b/%E3%83%8E%E3%83%BC%E3%83%88%231%3F.md"),
        ("", None),
        ("off", None),
        ("javascript:alert({line})", None),
        (" JavaScript:alert({line})", None),
        ("data:text/html,{path}", None),
    ],
)
def test_the_address_of_a_line_in_the_editor(
    template: str | None, address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOTES_EDITOR", raising=False)
    if template is not None:
        monkeypatch.setenv("NOTES_EDITOR", template)
    assert editor_address(NOTE, 12) == address


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "ja"),
        ("en-US,en;q=0.9", "en"),
        ("ja", "ja"),
        ("en;q=0.3, ja;q=0.8", "ja"),
        ("fr-FR,fr;q=0.9,en;q=0.8,ja;q=0.7", "en"),
        ("fr, de;q=0.5, *", "ja"),
        ("EN-gb", "en"),
        ("en;q=0", "ja"),
        ("en;q=x, ja;q=0.1", "ja"),
    ],
)
def test_the_language_that_a_browser_asks_for(accepted: str, language: Language) -> None:
    assert requested_language(accepted, "ja") == language


@given(st.text())
def test_any_header_gives_a_language(accepted: str) -> None:
    assert requested_language(accepted, "en") in ("ja", "en")


def cite(n: int, line: int, quote: str, path: tuple[str, ...] = ("通信", "TLS")) -> Citation:
    return Citation(n, "net.md", line, line + quote.count("\n"), path, quote, 0.5)


def test_an_answer_is_saved_with_its_quotes_and_their_places() -> None:
    result = Answer("TLSとは\nなに？", "lookup", "answered", 0.9, "- 暗号化する。 [1]", (cite(1, 4, "暗号化する。"),))
    assert transcript(result) == "## TLSとは なに？\n\n- 暗号化する。 [1]\n\n[1] net.md:4 — 通信 › TLS  \n"


def test_near_lines_are_saved_as_such() -> None:
    near = "近い記述:\n- 一二 [1]"
    result = Answer("TLS？", "lookup", "related", 0.2, near, related=(cite(1, 4, "一\n二"),))
    assert transcript(result) == f"## TLS？\n\n{near}\n\n[1] net.md:4–5 — 通信 › TLS  \n"


def test_a_refusal_is_saved_without_places() -> None:
    result = Answer(
        "量子？", "lookup", "not_found", 0.0, "ノートには見つかりませんでした。", related=(cite(1, 4, "x"),)
    )
    assert transcript(result) == "## 量子？\n\nノートには見つかりませんでした。\n"


def test_a_copied_comparison_keeps_its_sides() -> None:
    sides = (Side("TLS", (1,)), Side("SSH", ()))
    result = Answer("違いは？", "comparison", "answered", 0.9, "", (cite(1, 4, "暗号化"),), (), sides)
    assert copied(result).splitlines() == ["違いは？", "TLS:", "- 暗号化 [1]", "SSH:", "[1] net.md:4"]


def test_what_was_just_asked_is_answered_in_order_and_what_is_remembered_from_the_newest() -> None:
    turns = Turns()
    turns.add(["remembered", "seen last"])
    (second,) = turns.add(["second"], 2)
    (first,) = turns.add(["first"], 1)
    answered = []
    while (turn := turns.waiting()) is not None:
        turns.answered(turn, "an answer")
        answered.append(turn.question)
    assert answered == ["first", "second", "seen last", "remembered"]
    turns.answered(second, None)
    assert turns.waiting() is second
    turns.clear()
    assert turns.waiting() is None
    assert not turns.hold(first)


@pytest.mark.parametrize(("path", "changed"), [("/", True), ("", True), ("/assets/index.js", False)])
def test_only_the_page_is_served_with_our_script_before_all_others(path: str, *, changed: bool) -> None:
    page = b"<html><head><title>x</title></head></html>"
    seen: dict[str, Any] = {}
    sent: list[Any] = []

    async def app(scope: Any, _: Any, send: Any) -> None:
        seen.update(scope)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"42")]})
        await send({"type": "http.response.body", "body": page[:20], "more_body": True})
        await send({"type": "http.response.body", "body": page[20:]})

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"accept-encoding", b"br"), (b"accept", b"text/html")]
    asyncio.run(WithScript(app)({"type": "http", "method": "GET", "path": path, "headers": headers}, None, send))  # type: ignore[arg-type]
    body = b"".join(message.get("body", b"") for message in sent)
    assert body.startswith(b"<html><head><script>") is changed
    assert body.endswith(page[-20:])
    assert dict(sent[0]["headers"])[b"content-length"] == str(len(body)).encode()
    assert (seen["headers"] == headers) is not changed
