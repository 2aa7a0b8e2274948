"""What the tests do on the page, and where they look."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

__all__ = ["ask", "marked", "open_tab", "panel", "reload"]


def ask(page: Page, question: str) -> Locator:
    """Asks and returns the answer, once it is there."""
    answers = page.locator("#nq-chat .nq-answer")
    before = answers.count()
    box = page.locator("#nq-ask textarea")
    box.fill(question)
    box.press("Enter")
    expect(answers).to_have_count(before + 1, timeout=60_000)
    expect(page.locator("#nq-chat .nq-waiting")).to_have_count(0)
    return answers.last


def panel(page: Page) -> Locator:
    return page.locator("#nq-panel .nq-panel")


def marked(page: Page) -> Locator:
    return page.locator("#nq-panel .nq-line.nq-on")


def open_tab(page: Page, name: str) -> Locator:
    """Opens the tab ``name`` and returns what is in it."""
    page.get_by_role("tab", name=name).click()
    content = page.get_by_role("tabpanel").filter(visible=True)
    expect(content).to_have_count(1)
    return content


def reload(page: Page) -> None:
    """Loads the page anew and waits until it can be used."""
    page.reload()
    page.locator("#nq-ask textarea").wait_for()
    expect(page.locator(".nq-state")).to_contain_text("3")
