"""What people come to rely on: a conversation that stays, a file of it, keys, and their own language."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import ask, conversation, open_tab, panel, reload

pytestmark = [pytest.mark.browser, pytest.mark.model]


def test_the_conversation_survives_a_reload(page: Page) -> None:
    asked = ["TLSとは？", "<b>SSH</b>とは？", "TLSとIPsecの違いは？"]
    for question in asked:
        ask(page, question)
    before = page.locator("#nq-chat .nq-quotes, #nq-chat .nq-compare").all_inner_texts()
    reload(page)
    conversation(page, asked)
    assert page.locator("#nq-chat .nq-quotes, #nq-chat .nq-compare").all_inner_texts() == before
    assert not page.locator("#nq-panel .nq-line").count()  # nothing was asked anew
    ask(page, "WireGuardとは？")
    conversation(page, [*asked, "WireGuardとは？"])


def test_questions_asked_while_others_wait_are_all_answered(page: Page) -> None:
    asked = ["TLSとは？", "SSHとは？", "IPsecとは？", "TLSとは？"]
    box = page.locator("#nq-ask textarea")
    for question in asked:
        box.fill(question)
        box.press("Enter")
    conversation(page, asked)
    expect(box).to_have_value("")


def test_a_conversation_that_was_cleared_stays_so(page: Page) -> None:
    ask(page, "SSHとは？")
    page.get_by_role("button", name="会話を消す").click()
    expect(page.locator(".nq-question")).to_have_count(0)
    reload(page)
    expect(page.locator("#nq-chat button.example").first).to_be_visible()
    conversation(page, [])


def test_a_question_half_typed_survives_a_reload(page: Page) -> None:
    page.locator("#nq-ask textarea").fill("SSHと")
    reload(page)
    expect(page.locator("#nq-ask textarea")).to_have_value("SSHと")
    page.locator("#nq-ask textarea").press_sequentially("は？")
    page.keyboard.press("Enter")
    conversation(page, ["SSHとは？"])


def test_a_new_tab_goes_on_with_the_conversation(page: Page, app_url: str) -> None:
    ask(page, "SSHとは？")
    other = page.context.new_page()
    other.goto(app_url)
    conversation(other, ["SSHとは？"])
    ask(other, "TLSとは？")
    reload(page)
    conversation(page, ["SSHとは？"])  # this tab's own
    other.close()


@pytest.mark.parametrize(
    "stored",
    ["nonsense{", "null", "7", '{"a": 1}', '[1, null, {"x": "y"}, ""]', '["SSHとは？", 5]'],
)
def test_whatever_the_browser_has_kept_does_no_harm(page: Page, stored: str) -> None:
    page.evaluate("text => { sessionStorage.setItem(nq.key, text); }", stored)
    reload(page)
    ask(page, "TLSとは？")
    conversation(page, ["SSHとは？", "TLSとは？"] if "SSH" in stored else ["TLSとは？"])


def test_what_is_kept_is_questions_and_no_note_text(page: Page) -> None:
    ask(page, "SSHとは？")
    kept = page.evaluate("[JSON.stringify(sessionStorage), JSON.stringify(localStorage)].join()")
    assert "SSHとは？" in kept
    assert "計算機" not in kept
    assert "<" not in kept


def in_address(page: Page, question: str) -> None:
    page.wait_for_function("(q) => (new URL(location).searchParams.get('q') ?? '') === q", arg=question)


def test_a_question_in_the_address_is_asked_once(page: Page, app_url: str) -> None:
    ask(page, "TLSとは？")
    page.goto(app_url + "/?q=SSHとは？")
    conversation(page, ["TLSとは？", "SSHとは？"])
    expect(panel(page).locator("h2")).to_have_text("SSH")
    in_address(page, "SSHとは？")
    reload(page)
    conversation(page, ["TLSとは？", "SSHとは？"])


def test_the_address_is_that_of_the_newest_question(page: Page) -> None:
    ask(page, "TLSとは？")
    in_address(page, "TLSとは？")
    ask(page, "SSHとは？")
    reload(page)  # while the address is still that of the question before
    conversation(page, ["TLSとは？", "SSHとは？"])
    ask(page, "C&A と #1 + 2 は？")
    in_address(page, "C&A と #1 + 2 は？")
    ask(page, "SSHとは？" + "\u3042" * 600)
    in_address(page, "")
    ask(page, "SSHとは？")
    in_address(page, "SSHとは？")
    page.get_by_role("button", name="会話を消す").click()
    expect(page.locator("#nq-chat .nq-question")).to_have_count(0)
    in_address(page, "")


def test_the_conversation_is_saved_as_markdown(page: Page, tmp_path: Path) -> None:
    ask(page, "TLSでは相手が本物かどうかを何で確かめる？")
    ask(page, "TLSとIPsecの違いは？")
    ask(page, "KubernetesのHelmチャートとは？")
    with page.expect_download() as download:
        page.get_by_role("button", name="会話を Markdown で保存").click()
    assert re.fullmatch(r"notes-qa-\d{4}-\d\d-\d\d\.md", download.value.suggested_filename)
    saved = tmp_path / "saved.md"
    download.value.save_as(saved)
    text = saved.read_text("utf-8")
    assert text.startswith("# ノートQ&A ")
    assert re.findall("^## .*$", text, re.MULTILINE) == [
        "## TLSでは相手が本物かどうかを何で確かめる？",
        "## TLSとIPsecの違いは？",
        "## KubernetesのHelmチャートとは？",
    ]
    assert re.search(r"相手が本物かどうかは\*\*証明書\*\*で確かめる。 \[\d\]", text)
    assert re.search(r"^\[1\] net\.md:\d.* — 通信の安全 › TLS", text, re.MULTILINE)


def test_number_keys_open_the_sources_of_the_latest_answer(page: Page) -> None:
    ask(page, "SSHとは？")
    ask(page, "TLSとIPsecの違いは？")
    page.keyboard.press("Escape")
    for key, heading in (("1", "TLS"), ("2", None)):
        page.keyboard.press(key)
        number = panel(page).locator(".nq-panel-head .nq-number")
        expect(number).to_have_text(key)
        if heading:
            expect(panel(page).locator("h2")).to_have_text(heading)
    page.keyboard.press("9")  # there is no such source
    expect(panel(page).locator(".nq-panel-head .nq-number")).to_have_text("2")


def test_the_words_of_the_question_are_marked_in_the_note(page: Page) -> None:
    ask(page, "TLSでは相手が本物かどうかを何で確かめる？")
    expect(panel(page).locator(".nq-on mark").first).to_have_text("相手が本物")
    panel(page).locator(".nq-step").last.click()
    expect(panel(page).locator("h2")).to_have_text("SSH")
    panel(page).locator(".nq-step").first.click()
    expect(panel(page).locator(".nq-h mark")).to_have_text("TLS")


def test_the_editor_is_led_to_the_line(page: Page, notes: Path) -> None:
    ask(page, "TLSでは相手が本物かどうかを何で確かめる？")
    link = panel(page).get_by_role("link", name="エディタで開く")
    line = (panel(page).get_attribute("data-hl") or "").split("-")[0]
    assert unquote(link.get_attribute("href") or "") == f"vscode://file{notes}/net.md:{line}"


def test_the_page_speaks_the_language_of_the_browser(english: Page) -> None:
    assert english.evaluate("document.documentElement.lang") == "en"
    expect(english.get_by_role("tab")).to_contain_text(["Ask", "Notes"])
    expect(english.locator(".nq-state")).to_contain_text("3 files")
    answer = ask(english, "What is Kubernetes Helm?")
    expect(answer).to_contain_text("notes")
    listing = open_tab(english, "Notes")
    expect(listing.get_by_role("searchbox", name="Filter by heading or file")).to_be_visible()
    expect(listing).to_contain_text("5 sections")


def test_on_a_phone_the_tools_fit_beside_the_tabs(phone: Page) -> None:
    ask(phone, "SSHとは？")
    tabs = [box for tab in phone.get_by_role("tab").all() if (box := tab.bounding_box())]
    save = phone.locator("[data-save]").bounding_box()
    assert save
    assert save["x"] >= max(tab["x"] + tab["width"] for tab in tabs)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    reload(phone)
    conversation(phone, ["SSHとは？"])
