"""The pictures of the README: the main states of the page over the sample notes. ``make pictures`` runs it.

    python -m tests.e2e.pictures [--all FOLDER]

``--all``: not these, but every state at both widths, light and dark, in both languages (gallery.py), into FOLDER.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.e2e.actions import LONGEST, ask, open_tab, panel
from tests.e2e.conftest import ARGUMENTS, DESKTOP, PHONE, ROOT, open_page, serving
from tests.e2e.gallery import EXAM, take_all

DOCS: Final = ROOT / "docs"


def main() -> None:
    """Takes every picture anew; each is named after what it shows."""
    parser = argparse.ArgumentParser(description="The pictures of the page.")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every state, into this folder")
    parser.add_argument("--only", default="", metavar="STAGE", help="with --all: sample, building, empty or login")
    options = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        path = os.environ.get("E2E_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        if options.all:
            take_all(browser, options.all, Path(folder), options.only)
        else:
            _with_notes(browser, Path(folder))
            _without_notes(browser, Path(folder))
        browser.close()


def _with_notes(browser: Browser, folder: Path) -> None:
    notes = folder / "notes"
    notes.symlink_to(ROOT / "corpus")
    with serving(notes) as url:
        with _page(browser, url) as page:
            ask(page, "SSE-KMSとSSE-Cの違いは？")
            _take(page, "comparison")
            ask(page, "S3の暗号化の種類は？")
            _take(page, "list")
            _exam(page)
            _take(page, "exam")
        with _page(browser, url, scheme="dark", locale="en-US") as page:
            ask(page, "Rekognitionの料金はいくら？")
            _take(page, "related-dark")
            listing = open_tab(page, "Notes")
            listing.get_by_role("searchbox").fill("s3")
            expect(listing.locator("mark").first).to_be_visible()
            listing.locator(".nq-section").nth(1).click()
            expect(panel(page).locator("h2")).to_be_visible()
            _take(page, "notes-dark")
        with _page(browser, url, PHONE) as page:
            ask(page, "SSE-KMSとSSE-Cの違いは？")
            _take(page, "phone")
        with _page(browser, url, PHONE, scheme="dark") as page:
            ask(page, "エンベロープ暗号化とは？").locator(".nq-chip").first.click()
            expect(panel(page)).to_be_in_viewport()
            _take(page, "phone-note-dark")


def _without_notes(browser: Browser, folder: Path) -> None:
    notes = folder / "empty" / "notes"
    notes.mkdir(parents=True)
    with serving(notes) as url, _page(browser, url, ready=".nq-first") as page:
        # The name of a temporary folder says nothing to anybody.
        page.evaluate(
            """folder => {
              const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(folder, "~/notes");
            }""",
            str(notes),
        )
        _take(page, "first-minute")


def _exam(page: Page) -> None:
    tab = open_tab(page, "模試")
    tab.get_by_role("textbox").first.fill(EXAM)
    expect(tab.locator(".nq-exam-row").first).to_be_visible(timeout=LONGEST)
    tab.get_by_role("button", name="選択肢を判定").click()
    expect(tab.locator(".nq-exam-question").first).to_be_attached(timeout=LONGEST)


@contextmanager
def _page(
    browser: Browser,
    url: str,
    viewport: ViewportSize = DESKTOP,
    *,
    scheme: str = "light",
    locale: str = "ja-JP",
    ready: str = "#nq-chat button.example",
) -> Iterator[Page]:
    with open_page(browser, url, viewport, locale, ready=ready, color_scheme=scheme) as page:
        yield page


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(600)  # what moves has come to rest
    page.screenshot(path=DOCS / f"{name}.png")


if __name__ == "__main__":
    main()
