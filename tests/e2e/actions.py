"""What the tests do on the page, and where they look."""

from __future__ import annotations

import json

from playwright.sync_api import Locator, Page, expect

__all__ = ["LONGEST", "add_files", "ask", "conversation", "marked", "open_tab", "panel", "reload"]

#: Milliseconds that anything that the model has a part in may take on a slow machine with other work.
LONGEST = 60_000


def ask(page: Page, question: str) -> Locator:
    """Asks and returns the answer to this very question, once it is there."""
    answers = page.locator(f"#nq-chat .nq-answer[data-asked={json.dumps(question, ensure_ascii=False)}]")
    before = answers.count()
    box = page.locator("#nq-ask textarea")
    box.fill(question)
    box.press("Enter")
    expect(answers).to_have_count(before + 1, timeout=LONGEST)
    return answers.last


def conversation(page: Page, questions: list[str]) -> Locator:
    """Waits until the chat holds just these questions, each with its answer. Returns the answers."""
    expect(page.locator("#nq-chat .nq-question")).to_have_text(questions, timeout=LONGEST)
    answers = page.locator("#nq-chat .nq-answer")
    expect(answers).to_have_count(len(questions), timeout=LONGEST)
    expect(page.locator("#nq-chat .nq-waiting")).to_have_count(0)
    return answers


def panel(page: Page) -> Locator:
    return page.locator("#nq-panel .nq-panel")


def marked(page: Page) -> Locator:
    return page.locator("#nq-panel .nq-line.nq-on")


def open_tab(page: Page, name: str) -> Locator:
    """Opens the tab ``name`` and returns what is in it."""
    tab = page.get_by_role("tab", name=name)
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")
    return page.locator(f"#{tab.get_attribute('aria-controls')}")


def reload(page: Page) -> None:
    """Loads the page anew and waits until it can be used."""
    page.reload()
    page.locator("#nq-ask textarea").wait_for()
    expect(page.locator(".nq-state")).to_contain_text("3")


def add_files(page: Page, files: dict[str, str]) -> None:
    """Drops files, by name with their text, on the page."""
    page.evaluate(
        """files => {
          const dataTransfer = new DataTransfer();
          for (const [name, text] of Object.entries(files)) dataTransfer.items.add(new File([text], name));
          for (const type of ["dragover", "drop"]) {
            document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
          }
        }""",
        files,
    )
