"""The chat in a real browser: ask, read, open the note at the quoted line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import LONGEST, ask, marked, panel

pytestmark = [pytest.mark.browser, pytest.mark.model]


def test_an_answer_leads_to_its_line(page: Page) -> None:
    answer = ask(page, "TLSでは相手が本物かどうかを何で確かめる？")
    assert answer.get_attribute("data-status") == "answered"
    chip = answer.locator(".nq-chip").first
    expect(chip).to_have_text("1")
    chip.click()
    expect(panel(page).locator("h2")).to_have_text("TLS")
    lines = (chip.get_attribute("data-hl") or "").split("-")
    numbers = [str(n) for n in range(int(lines[0]), int(lines[1]) + 1)]
    assert "5" in numbers
    expect(marked(page)).to_have_count(len(numbers))
    assert [line.get_attribute("data-number") for line in marked(page).all()] == numbers
    expect(marked(page).filter(has_text="証明書で確かめる。")).to_be_visible()
    expect(chip).to_have_class(re.compile("nq-active"))


def test_the_pictures_of_a_section_are_shown(page: Page) -> None:
    ask(page, "TLSとは？").locator(".nq-source").first.click()
    picture = panel(page).locator("img.nq-picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1


def test_a_comparison_is_a_table_with_a_column_for_each_side(page: Page) -> None:
    answer = ask(page, "TLSとIPsecの違いは？")
    assert answer.get_attribute("data-kind") == "comparison"
    expect(answer.get_by_role("columnheader")).to_have_text(["TLS", "IPsec"])
    for column, heading in enumerate(("TLS", "IPsec")):
        answer.get_by_role("cell").nth(column).locator(".nq-chip").first.click()
        expect(panel(page).locator("h2")).to_have_text(heading)
        assert marked(page).count() >= 1


def test_a_refusal_says_so_and_clears_the_panel(page: Page) -> None:
    ask(page, "SSHとは？")
    expect(panel(page).locator("h2")).to_have_text("SSH")
    answer = ask(page, "KubernetesのHelmチャートとは？")
    assert answer.get_attribute("data-status") in ("not_found", "related")
    expect(answer.locator(".nq-support")).to_have_count(0)
    expect(panel(page).locator(".nq-line")).to_have_count(0)


def test_a_heading_without_a_body_is_said_to_be_empty(page: Page) -> None:
    answer = ask(page, "WireGuardとは？")
    assert answer.get_attribute("data-status") == "empty_heading"
    expect(answer).to_contain_text("見出しはありますが本文がありません")
    expect(panel(page)).to_contain_text("本文はありません")


def test_the_text_of_a_note_stays_text(page: Page) -> None:
    answer = ask(page, "貼り付けると動いてしまう画面がある文字列は？")
    answer.locator("[data-file='evil.md']").first.click()
    expect(panel(page)).to_contain_text("<script>window.pwned=1</script>")
    expect(panel(page)).to_contain_text('${window.pwned=1} {{value}} <img src=x onerror="window.pwned=1">')
    expect(panel(page).locator("h2")).to_have_text('罠の見出し 1 < 2 & "引用" ${window.pwned=1}')
    assert page.evaluate("window.pwned") is None
    assert page.locator("#nq-chat img, #nq-panel img").count() == 0


def test_a_question_is_shown_as_typed(page: Page) -> None:
    typed = "**TLS** とは <b>何</b>？ ![x](https://example.com/x.png)"
    ask(page, typed)
    expect(page.locator(".nq-question").last).to_have_text(typed)


def test_the_cited_line_is_scrolled_into_view(page: Page) -> None:
    answer = ask(page, "時計塔の鐘はいつ鳴る？")
    expect(marked(page).first).to_contain_text("鐘は正午に鳴る")
    expect(marked(page).first).to_be_in_viewport()
    page.locator("#nq-panel .nq-lines").evaluate("lines => lines.scrollTo(0, 0)")
    expect(marked(page).first).not_to_be_in_viewport()
    answer.locator(".nq-chip").first.click()
    expect(marked(page).first).to_be_in_viewport()


def test_keys(page: Page) -> None:
    ask(page, "SSHとは？")
    page.keyboard.press("Escape")  # leaves the question box
    page.keyboard.press("1")
    expect(panel(page).locator("h2")).to_have_text("SSH")
    page.keyboard.press("]")
    expect(panel(page).locator("h2")).to_have_text("IPsec")
    page.keyboard.press("[")
    expect(panel(page).locator("h2")).to_have_text("SSH")
    page.keyboard.press("Escape")
    expect(panel(page).locator(".nq-line")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#nq-ask textarea")).to_be_focused()


def test_shift_enter_breaks_the_line_and_a_conversion_never_sends(page: Page) -> None:
    box = page.locator("#nq-ask textarea")
    box.fill("TLS")
    box.press("Shift+Enter")
    expect(box).to_have_value("TLS\n")
    for detail in ("isComposing: true", "keyCode: 229"):  # most browsers; Safari
        box.evaluate(
            f"box => box.dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, {detail}}}))"
        )
        box.evaluate(
            f"box => box.dispatchEvent(new KeyboardEvent('keypress', {{key: 'Enter', bubbles: true, {detail}}}))"
        )
    page.wait_for_timeout(300)
    expect(page.locator(".nq-question")).to_have_count(0)


def test_a_place_and_an_answer_can_be_copied(page: Page) -> None:
    answer = ask(page, "SSHとは？")
    panel(page).locator(".nq-place").click()
    assert re.fullmatch(r"net\.md:\d+", page.evaluate("navigator.clipboard.readText()"))
    answer.locator("[data-copy]").click()
    expect(page.locator("#nq-toast")).to_contain_text("コピーしました: SSHとは？")


def test_an_example_question_is_asked_by_a_click(page: Page) -> None:
    example = page.locator("#nq-chat button.example").first
    text = example.inner_text().strip()
    example.click()
    expect(page.locator("#nq-chat .nq-answer")).to_have_count(1, timeout=LONGEST)
    expect(page.locator(".nq-question")).to_have_text(text)


def test_a_question_in_the_address_is_asked_on_arrival(page: Page, app_url: str) -> None:
    page.goto(app_url + "/?q=SSHとは？")
    expect(page.locator("#nq-chat .nq-answer")).to_have_count(1, timeout=LONGEST)
    expect(page.locator(".nq-question")).to_have_text("SSHとは？")


def test_the_header_counts_and_the_theme_is_kept(page: Page) -> None:
    expect(page.locator(".nq-state")).to_contain_text("3 ファイル")
    assert page.evaluate("document.documentElement.lang") == "ja"
    page.locator("[data-theme]").click()
    dark = page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.locator("#nq-ask textarea").wait_for()
    page.wait_for_function(f"document.body.classList.contains('dark') === {str(dark).lower()}")


def test_clearing_the_chat_clears_the_panel(page: Page) -> None:
    ask(page, "SSHとは？")
    page.get_by_role("button", name="会話を消す").click()
    expect(page.locator(".nq-question")).to_have_count(0)
    expect(panel(page).locator(".nq-line")).to_have_count(0)
    expect(page.locator("[data-save], [data-clear]").first).not_to_be_visible()
    ask(page, "TLSとは？")
    expect(page.locator(".nq-question")).to_have_text("TLSとは？")


def test_on_a_phone_the_note_comes_up_from_below(phone: Page) -> None:
    answer = ask(phone, "TLSとIPsecの違いは？")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(panel(phone)).not_to_be_in_viewport()
    answer.locator(".nq-chip").first.click()
    expect(panel(phone)).to_be_in_viewport()
    expect(marked(phone).first).to_be_in_viewport()
    panel(phone).locator("[data-close]").click()
    expect(panel(phone)).not_to_be_in_viewport()
    answer.locator(".nq-source").first.click()
    expect(panel(phone)).to_be_in_viewport()
    phone.mouse.click(195, 60)  # beside it
    expect(panel(phone)).not_to_be_in_viewport()


def test_a_page_at_rest_draws_next_to_nothing(page: Page) -> None:
    page.context.add_init_script("""(() => {
      const frame = window.requestAnimationFrame;
      window.frames_drawn = 0;
      window.requestAnimationFrame = (draw) => { window.frames_drawn += 1; return frame(draw); };
    })()""")
    page.reload()
    page.locator("#nq-chat button.example").first.wait_for(timeout=60_000)
    page.wait_for_timeout(10_000)
    before = page.evaluate("frames_drawn")
    page.wait_for_timeout(3_000)
    assert 0 < before <= page.evaluate("frames_drawn") < before + 10
