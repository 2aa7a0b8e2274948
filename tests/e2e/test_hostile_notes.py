"""Note text is data: whatever a note holds, nothing of it runs, loads, or leaves, wherever it is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.actions import LONGEST, ask, conversation, open_tab, panel
from tests.e2e.conftest import open_page

pytestmark = [pytest.mark.browser, pytest.mark.model]

RUN = "window.pwned=1"
AWAY = "https://evil.example/x"

PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT>",
    f"<script src={AWAY}.js></script>",
    f"<img src=x onerror={RUN}>",
    f"<img src='{AWAY}.png'>",
    f"<img/src='x'/onerror={RUN}//",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x></svg>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src={AWAY} autoplay onerror={RUN}></audio>",
    f"<input autofocus onfocus={RUN}>",
    f"<textarea autofocus onfocus={RUN}></textarea>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src={AWAY}></iframe>",
    f"<iframe src='javascript:parent.{RUN}'></iframe>",
    f"<object data={AWAY}></object>",
    f"<embed src={AWAY}>",
    f"<link rel=stylesheet href={AWAY}.css>",
    f"<style>@import '{AWAY}.css'; body {{ background: url({AWAY}.gif) }}</style>",
    f"<div style='background:url({AWAY}.gif)'>x</div>",
    f"<meta http-equiv=refresh content='0;url={AWAY}'>",
    f"<base href={AWAY}/>",
    f"<form action={AWAY}><button>押す</button></form>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"</div></section></article><script>{RUN}</script>",
    f"<!--><script>{RUN}</script>-->",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f'"><script>{RUN}</script>',
    f"' onmouseover='{RUN}' autofocus onfocus='{RUN}",
    f'" onfocus="{RUN}" autofocus x="',
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"\\u003cimg src=x onerror={RUN}\\u003e",
    f"${{{RUN}}}",
    f"${{(()=>{{{RUN}}})()}} `${{{RUN}}}`",
    f"{{{{{RUN}}}}} {{{{constructor.constructor('{RUN}')()}}}}",
    f"<%= {RUN} %> #{{{RUN}}} {{% {RUN} %}}",
    f"[押す](javascript:{RUN})",
    f'[押す](JaVaScRiPt:{RUN} "題")',
    f"[押す](data:text/html,<script>{RUN}</script>)",
    f"[押す]({AWAY})",
    f"<javascript:{RUN}> <{AWAY}>",
    f"![絵]({AWAY}.png)",
    "![絵](//evil.example/x.png)",
    f"![絵](<{AWAY} x.png>)",
    f"![絵](data:image/svg+xml,<svg onload={RUN}>)",
    "![絵](file:///etc/passwd)",
    "![絵](../../../../etc/passwd)",
    "![絵](/gradio_api/file=/etc/passwd)",
    f'![" onerror="{RUN}](x.png)',
    f"![[{AWAY}.png]]",
    f"[絵]: {AWAY}.png",
    f"**<img src=x onerror={RUN}>** `<img src=x onerror={RUN}>`",
    f"| <img src=x onerror={RUN}> | <script>{RUN}</script> |",
    f"> <img src=x onerror={RUN}>",
    f"$$\\href{{javascript:{RUN}}}{{x}}$$ \\(\\includegraphics{{{AWAY}}}\\)",
    f"a\u2028{RUN}\u2029b \u202e{RUN}\u202c",
)


@pytest.fixture(scope="module")
def hostile(browser: Browser, app_url: str, notes: Path) -> Iterator[Page]:
    """A page over notes of which one holds every payload: as heading, as text, and as the name asked for."""
    assert len(PAYLOADS) >= 40
    written = notes / "敵意 <img src=x onerror=window.pwned=1> ${window.pwned=1}.md"
    body = [f"## 荷物{n}号 {text}\n\n荷物{n}号の中身は次のとおり。\n{text}\n" for n, text in enumerate(PAYLOADS)]
    written.write_text("# 敵意のあるノート\n\n" + "\n".join(body), "utf-8")
    try:
        with open_page(browser, app_url) as page:
            # In every script of the page, whenever it runs.
            page.evaluate("window.pwned = undefined")
            yield page
    finally:
        written.unlink()
        time.sleep(1.1)  # a question that comes sooner does not look at the folder
        httpx.post(app_url + "/api/search", json={"question": "TLS"}, timeout=60)


def untouched(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    shown = page.locator(".nq")  # all that we show; Gradio's own drawings bring styles along
    foreign = "script, iframe, object, embed, form:not(.nq-exam-form), link, meta, base, style, audio, video, math, marquee, [onerror], [onload]"
    assert [element.evaluate("element => element.outerHTML") for element in shown.locator(foreign).all()] == []
    assert shown.locator("a[href]:not([href^='vscode:'], [href^='/api/exams/'])").count() == 0
    assert shown.locator("img:not([src^='/note-image/'])").count() == 0


def test_in_the_outline(hostile: Page) -> None:
    listing = open_tab(hostile, "ノート一覧")
    listing.get_by_role("searchbox").fill("荷物")
    expect(listing.locator(".nq-section")).to_have_count(len(PAYLOADS), timeout=LONGEST)
    untouched(hostile)
    listing.get_by_role("searchbox").fill("<img src=x onerror=window.pwned=1> ${window.pwned=1}")
    expect(listing.locator("mark").first).to_be_visible()
    untouched(hostile)
    listing.get_by_role("searchbox").fill("荷物")


def test_in_the_panel(hostile: Page) -> None:
    """Every section in turn, by the button that leads to the next one."""
    listing = open_tab(hostile, "ノート一覧")
    expect(listing.locator(".nq-section")).to_have_count(len(PAYLOADS), timeout=LONGEST)
    listing.locator(".nq-section").first.click()
    for number, payload in enumerate(PAYLOADS):
        expect(panel(hostile).locator("h2")).to_contain_text(f"荷物{number}号")
        if payload.startswith(("<", "$", "{")):
            expect(panel(hostile).locator(".nq-lines")).to_contain_text(" ".join(payload.replace("`", "").split()))
        if number < len(PAYLOADS) - 1:
            panel(hostile).locator(".nq-step").last.click()
    untouched(hostile)


def test_in_answers_and_in_what_is_copied_and_saved(hostile: Page) -> None:
    open_tab(hostile, "質問する")
    asked = [f"荷物{number}号の中身は？" for number in range(0, len(PAYLOADS), 9)]
    for question in [*asked, f"<img src=x onerror={RUN}> とは？", f"${{{RUN}}} {{{{{RUN}}}}} とは？"]:
        ask(hostile, question)
    conversation(hostile, [*asked, f"<img src=x onerror={RUN}> とは？", f"${{{RUN}}} {{{{{RUN}}}}} とは？"])
    untouched(hostile)
    hostile.locator("#nq-chat [data-copy]").first.click()
    expect(hostile.locator("#nq-toast")).to_contain_text("コピーしました")
    with hostile.expect_download():
        hostile.locator("[data-save]").click()
    untouched(hostile)


def test_in_the_exam(hostile: Page) -> None:
    tab = open_tab(hostile, "模試")
    options = "\n".join(f"{label}. {text}" for label, text in zip("ABCDEF", PAYLOADS[::11], strict=False))
    tab.get_by_role("textbox").first.fill(f"荷物0号の中身 {PAYLOADS[3]} はどれか。\n{options}\n")
    tab.get_by_role("button", name="選択肢を判定").click()
    expect(tab.locator(".nq-exam-question").first).to_be_attached(timeout=LONGEST)
    untouched(hostile)
