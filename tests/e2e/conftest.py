"""A running server over a few notes, and a browser in front of it. Skipped where there is no Chromium.

``E2E_CHROMIUM`` names another executable; set to nothing it switches these tests off.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

playwright_api = pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright  # noqa: E402 - after the check

ROOT = Path(__file__).parents[2]
DESKTOP: ViewportSize = {"width": 1360, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

NETWORK = """# 通信の安全

## TLS
通信を暗号化する。
相手が本物かどうかは**証明書**で確かめる。

![握手の図](<images/握手 の 図.png>)

## SSH
離れた場所の計算機に入り、命令を実行する。
鍵は `~/.ssh` に置く。

## IPsec
パケットごとに暗号化する。拠点どうしをつなぐのに使う。

## WireGuard
"""

EVIL = """# 危険な入力

## 罠の見出し 1 < 2 & "引用" ${window.pwned=1}
<script>window.pwned=1</script> ${window.pwned=1} {{value}} <img src=x onerror="window.pwned=1">\
 という文字列を貼り付けると動いてしまう画面がある。
![外の画像](https://example.com/tracker.png) [押すと動く](javascript:window.pwned=1)
"""

LONG = "# 長い覚え書き\n\n## 時計塔\n" + "- 掃除の当番を書いておく\n" * 100 + "- 鐘は正午に鳴る\n" + "- 次の行\n" * 100

#: The smallest PNG: one transparent pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000000000500017a5eab3f0000000049454e44ae426082"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("E2E_CHROMIUM", "/usr/bin/chromium")
    if not path or not Path(path).is_file():
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notes folder that is served."""
    notes = tmp_path_factory.mktemp("e2e") / "notes"
    (notes / "images").mkdir(parents=True)
    (notes / "net.md").write_text(NETWORK, "utf-8")
    (notes / "evil.md").write_text(EVIL, "utf-8")
    (notes / "長い.md").write_text(LONG, "utf-8")
    (notes / "images" / "握手 の 図.png").write_bytes(PIXEL)
    return notes


@pytest.fixture(scope="session")
def app_url(browser: Browser, notes: Path) -> Iterator[str]:
    """The address of a server that is ready; asks for the browser first, so that nothing starts when tests skip."""
    with serving(notes) as address:
        yield address


@contextmanager
def serving(
    notes: Path, *options: str, language: str = "ja", login: tuple[str, str] | None = None, ready: bool = True
) -> Iterator[str]:
    """A server over ``notes``, with its index beside them; its address, once it has started and, with ``ready``, the
    notes have been read and the model is there.
    """
    command = [sys.executable, "app.py", "--port", "0", "--no-open", *options]
    command += ["--auth", ":".join(login)] if login else []
    command += ["--notes", str(notes), "--index", str(notes.parent / "index")]
    log = notes.parent / "log.txt"
    with log.open("w") as output:
        environment = os.environ | {"NOTES_LANG": language, "PYTHONUNBUFFERED": "1"}
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        yield _started(server, log, login, ("ready", "failed") if ready else ("index", "model", "ready", "failed"))
    finally:
        server.terminate()
        server.wait(20)


def _started(server: subprocess.Popen[bytes], log: Path, login: tuple[str, str] | None, stages: tuple[str, ...]) -> str:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))
        if found and httpx.get(found[0] + "/healthz", timeout=30, auth=login).json()["stage"] in stages:
            return found[0]
        time.sleep(0.3)
    raise AssertionError("the server did not get ready:\n" + log.read_text("utf-8"))


class Watched:
    """A page of which everything that goes wrong is written down."""

    def __init__(self, page: Page, app_url: str) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self._note("script", str(error)))
        page.on("request", lambda request: self._request(request.url, app_url))
        page.on("response", lambda reply: self._note(str(reply.status), reply.url) if reply.status >= 400 else None)

    def _console(self, kind: str, text: str) -> None:
        # Gradio's page reports its own event stream when it is left or loaded anew: nothing of ours went wrong.
        left = "AbortError: signal is aborted" in text or "Connection errored out." in text
        told = text.startswith("Failed to load resource")  # the response is written down by itself
        if kind == "error" and not left and not told:
            self._note("console", text)

    def _request(self, url: str, app_url: str) -> None:
        if not url.startswith((app_url + "/", "data:", "blob:")):
            self._note("request to elsewhere", url)

    def _note(self, kind: str, text: str) -> None:
        self.problems.append(f"{kind}: {text}")


@contextmanager
def open_page(
    browser: Browser,
    app_url: str,
    viewport: ViewportSize = DESKTOP,
    locale: str = "ja-JP",
    *,
    ready: str = "#nq-chat button.example",
    expected: Sequence[str] = (),
    **options: Any,
) -> Iterator[Page]:
    """The page in a browser of its own, once ``ready`` is there. Fails at its end for anything that went wrong in it
    but what begins as one of ``expected``.
    """
    context = browser.new_context(
        viewport=viewport,
        locale=locale,
        reduced_motion="reduce",
        service_workers="block",
        permissions=["clipboard-read", "clipboard-write"],
        **options,
    )
    watched = Watched(context.new_page(), app_url)
    try:
        watched.page.goto(app_url)
        watched.page.locator("#nq-ask textarea").wait_for(timeout=60_000)
        watched.page.locator(ready).first.wait_for(timeout=60_000)  # header and examples have come
        yield watched.page
    finally:
        context.close()
    assert [problem for problem in watched.problems if not problem.startswith(tuple(expected))] == []


@pytest.fixture
def page(browser: Browser, app_url: str) -> Iterator[Page]:
    with open_page(browser, app_url) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, app_url: str) -> Iterator[Page]:
    with open_page(browser, app_url, PHONE) as page:
        yield page


@pytest.fixture
def english(browser: Browser, app_url: str) -> Iterator[Page]:
    """The page in a browser that asks for English, of a server that was started in Japanese."""
    with open_page(browser, app_url, locale="en-US") as page:
        yield page
