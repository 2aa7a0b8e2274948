"""The list of the notes in a real browser: found by typing, opened by a click."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import ask, marked, open_tab, panel

pytestmark = [pytest.mark.browser, pytest.mark.model]

TAB = "ノート一覧"


def sections(listing: Locator) -> Locator:
    return listing.locator(".nq-section")


def titles(listing: Locator) -> Locator:
    return listing.locator(".nq-section-title")


def test_every_section_is_listed_with_its_state(page: Page) -> None:
    listing = open_tab(page, TAB)
    expect(listing.locator(".nq-note")).to_have_count(3)
    network = listing.locator(".nq-note").filter(has_text="net.md")
    expect(titles(network)).to_have_text(["通信の安全", "TLS", "SSH", "IPsec", "WireGuard"])
    expect(network.locator("summary")).to_contain_text("5 節")
    expect(sections(network).filter(has_text="WireGuard")).to_contain_text("本文なし")
    expect(sections(network).filter(has_text="SSH")).not_to_contain_text("本文なし")


def test_a_section_opens_in_the_panel_and_stands_out(page: Page) -> None:
    listing = open_tab(page, TAB)
    row = sections(listing).filter(has_text="SSH")
    row.click()
    expect(panel(page).locator("h2")).to_have_text("SSH")
    expect(row).to_have_class(re.compile("nq-active"))
    page.keyboard.press("]")
    expect(panel(page).locator("h2")).to_have_text("IPsec")
    expect(sections(listing).filter(has_text="IPsec")).to_have_class(re.compile("nq-active"))
    expect(row).not_to_have_class(re.compile("nq-active"))


def test_typing_narrows_the_list_and_marks_the_words(page: Page) -> None:
    listing = open_tab(page, TAB)
    box = listing.get_by_role("searchbox")
    box.press_sequentially("wire")
    expect(titles(listing)).to_have_text(["通信の安全 › WireGuard"])
    expect(listing.locator("mark")).to_have_text("Wire")
    expect(box).to_be_focused()
    expect(box).to_have_value("wire")
    box.fill("ssh")
    expect(titles(listing)).to_have_text(["通信の安全 › SSH"])
    sections(listing).click()
    expect(panel(page).locator("mark").first).to_have_text("SSH")
    box.fill("どこにもない")
    expect(listing).to_contain_text("当てはまる節はありません")
    box.fill("")
    expect(listing.locator(".nq-note")).to_have_count(3)


def test_half_converted_kana_do_not_narrow_the_list(page: Page) -> None:
    listing = open_tab(page, TAB)
    expect(listing.locator(".nq-note")).to_have_count(3)
    box = listing.get_by_role("searchbox")
    box.evaluate(
        "box => { box.value = 'わ'; box.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true})); }"
    )
    page.wait_for_timeout(400)
    expect(listing.locator(".nq-note")).to_have_count(3)
    box.evaluate("box => { box.value = '罠'; box.dispatchEvent(new CompositionEvent('compositionend')); }")
    expect(listing.locator(".nq-note")).to_have_count(1)


def test_a_state_narrows_the_list(page: Page) -> None:
    listing = open_tab(page, TAB)
    button = listing.get_by_role("button", name=re.compile("^本文なし"))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(titles(listing).filter(has_text="WireGuard")).to_have_count(1)
    expect(titles(listing).filter(has_text="SSH")).to_have_count(0)
    listing.get_by_role("button", name=re.compile("^すべて")).click()
    expect(titles(listing).filter(has_text="SSH")).to_have_count(1)


def test_a_file_can_be_closed_and_opened(page: Page) -> None:
    listing = open_tab(page, TAB)
    network = listing.locator(".nq-note").filter(has_text="net.md")
    expect(sections(network)).to_have_count(5)
    network.locator("summary").click()
    expect(sections(network)).to_have_count(0)
    network.locator("summary").press("Enter")
    expect(sections(network)).to_have_count(5)


def test_a_heading_stays_text(page: Page) -> None:
    listing = open_tab(page, TAB)
    expect(titles(listing).filter(has_text="罠")).to_have_text('罠の見出し 1 < 2 & "引用" ${window.pwned=1}')
    assert page.evaluate("window.pwned") is None


def test_a_note_written_meanwhile_is_listed(page: Page, notes: Path) -> None:
    listing = open_tab(page, TAB)
    expect(listing.locator(".nq-note")).to_have_count(3)
    written = notes / "new.md"
    written.write_text("# 書いたばかり\n\n本文。\n", "utf-8")
    try:
        open_tab(page, "質問する")
        listing = open_tab(page, TAB)
        expect(titles(listing).filter(has_text="書いたばかり")).to_be_visible()
    finally:
        written.unlink()


def test_the_tabs_share_the_panel_and_keep_what_they_show(page: Page) -> None:
    ask(page, "SSHとは？")
    expect(panel(page).locator("h2")).to_have_text("SSH")
    listing = open_tab(page, TAB)
    listing.get_by_role("searchbox").fill("tls")
    expect(titles(listing)).to_have_text(["通信の安全 › TLS"])
    expect(panel(page).locator("h2")).to_have_text("SSH")
    sections(listing).click()
    expect(panel(page).locator("h2")).to_have_text("TLS")
    chat = open_tab(page, "質問する")
    expect(chat.locator(".nq-answer")).to_have_count(1)
    expect(panel(page).locator("h2")).to_have_text("TLS")
    chat.locator(".nq-chip").first.click()
    expect(marked(page).first).to_be_visible()
    expect(open_tab(page, TAB).get_by_role("searchbox")).to_have_value("tls")


def test_slash_goes_to_the_box_of_the_open_tab(page: Page) -> None:
    listing = open_tab(page, TAB)
    page.keyboard.press("/")
    expect(listing.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    open_tab(page, "質問する")
    page.keyboard.press("/")
    expect(page.locator("#nq-ask textarea")).to_be_focused()


def test_on_a_phone_a_section_comes_up_from_below(phone: Page) -> None:
    listing = open_tab(phone, TAB)
    sections(listing).filter(has_text="IPsec").click()
    expect(panel(phone)).to_be_in_viewport()
    expect(panel(phone).locator("h2")).to_have_text("IPsec")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.keyboard.press("Escape")
    expect(panel(phone)).not_to_be_in_viewport()
