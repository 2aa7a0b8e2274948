"""Every state of the page, at both widths, light and dark, in both languages: to be looked at, one picture each.

    python -m tests.e2e.pictures --all FOLDER [--only STAGE]

Which states there are, and how each comes about, is written here once; the pictures are not kept in the project.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal

import httpx
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bench.generate import write
from tests.e2e.actions import LONGEST, ask, panel
from tests.e2e.conftest import DESKTOP, PHONE, ROOT, open_page, serving

__all__ = ["EXAM", "take_all"]

EXAM: Final = """通信の内容から人の感情を推定し、文章を肯定的か否定的かに分けたい。どのサービスを使うか。
A. Amazon Comprehend
B. Amazon Polly
C. Amazon Textract
"""
_EXAMS: Final = f"""問1. {EXAM}
正解: A

問2. 音声を文字に起こすサービスはどれか。
A. Amazon Transcribe
B. Amazon Polly
C. Amazon Lex

正解: A

問3. 量子回路を試せるサービスはどれか。
A. Amazon Braket
B. Amazon Athena

正解: A
"""
#: What is asked for each state of an answer.
_QUESTIONS: Final = {
    "answered": "エンベロープ暗号化とは？",
    "comparison": "SSE-KMSとSSE-Cの違いは？",
    "list": "S3の暗号化の種類は？",
    "related": "Rekognitionの料金はいくら？",
    "empty-heading": "SageMaker JumpStartとは？",
    "not-found": "量子コンピュータの料金は？",
}
#: Files of the notes that take long to be read, with so many sections in each.
_MANY: Final = (40, 60)
_LOGIN: Final = ("me", "secret")


@dataclass(frozen=True, slots=True)
class _Variant:
    """One way to look at the page."""

    size: str
    viewport: ViewportSize
    scheme: str
    locale: str

    @property
    def name(self) -> str:
        return f"{self.size}-{self.scheme}-{self.locale[:2]}"


_VARIANTS: Final = tuple(
    _Variant(size, viewport, scheme, locale)
    for (size, viewport), scheme, locale in product(
        (("desktop", DESKTOP), ("phone", PHONE)), ("light", "dark"), ("ja-JP", "en-US")
    )
)


class _Camera:
    """Takes the pictures of one variant."""

    def __init__(self, page: Page, variant: _Variant, folder: Path) -> None:
        self.page = page
        self.variant = variant
        self._folder = folder

    def take(self, state: str) -> None:
        self.page.wait_for_timeout(500)  # what moves has come to rest
        self.page.screenshot(path=self._folder / f"{state}-{self.variant.name}.png")

    def open_tab(self, tab: str) -> None:
        self.page.locator(f"#nq-tab-{tab}-button").click()

    def close_panel(self) -> None:
        for _ in range(2):
            self.page.keyboard.press("Escape")


def take_all(browser: Browser, folder: Path, workplace: Path, only: str = "") -> None:
    """Writes ``STATE-SIZE-SCHEME-LANGUAGE.png`` for all of them into ``folder``; ``only``: a part of these names."""
    folder.mkdir(parents=True, exist_ok=True)
    stages: Mapping[str, Callable[[Browser, Path, Path], None]] = {
        "sample": _over_the_samples,
        "building": _while_building,
        "empty": _without_notes,
        "login": _behind_a_login,
    }
    for name, stage in stages.items():
        if only in name:
            stage(browser, folder, workplace)


def _over_the_samples(browser: Browser, folder: Path, workplace: Path) -> None:
    notes = workplace / "samples" / "notes"
    shutil.copytree(ROOT / "corpus", notes)
    with serving(notes) as url:
        for variant in _VARIANTS:
            with _camera(browser, url, variant, folder) as camera:
                camera.take("welcome")
                for state, question in _QUESTIONS.items():
                    ask(camera.page, question)
                    camera.take(state)
                _panels(camera)
                _exams(camera)
                _outline(camera)
                _changed(camera, notes)
                _failing(camera, notes)


def _panels(camera: _Camera) -> None:
    camera.page.locator("#nq-chat .nq-chip").nth(1).click()
    expect(panel(camera.page).locator("h2")).to_be_visible()
    camera.take("panel")
    camera.close_panel()


def _exams(camera: _Camera) -> None:
    camera.open_tab("exam")
    tab = camera.page.locator("#nq-exam")
    camera.take("exam-empty")
    for name, text in (("exam", EXAM), ("exam-several", _EXAMS)):
        tab.locator("textarea").fill(text)
        expect(tab.locator(".nq-exam-row")).to_have_count(3 if name == "exam-several" else 1)
        tab.locator(".nq-exam-pick").first.click()
        tab.locator(".nq-exam-go").click()
        expect(tab.locator(".nq-exam-question").first).to_be_attached(timeout=LONGEST)
        expect(tab.locator(".nq-exam-wait")).to_be_hidden()
        camera.take(name)
    tab.locator(".nq-exam-past > summary").click()
    tab.locator(".nq-exam-past").scroll_into_view_if_needed()
    tab.evaluate("tab => tab.scrollTo(0, tab.scrollHeight)")
    camera.take("exam-record")


def _outline(camera: _Camera) -> None:
    camera.open_tab("notes")
    expect(camera.page.locator(".nq-section").first).to_be_visible(timeout=LONGEST)
    camera.close_panel()
    camera.take("outline")
    camera.page.locator("#nq-filter input").fill("s3")
    expect(camera.page.locator("#nq-outline mark").first).to_be_visible()
    camera.take("outline-filtered")
    camera.page.locator("#nq-filter input").fill("")
    camera.open_tab("ask")


def _changed(camera: _Camera, notes: Path) -> None:
    note = notes / f"new-{camera.variant.name}.md"
    note.write_text("# 試験の予定\n\n試験は十二月の第二土曜に受ける。\n", "utf-8")
    camera.page.wait_for_timeout(2_100)  # the page looks at most every other second
    camera.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(camera.page.locator(".nq-changed")).to_contain_text(note.name, timeout=LONGEST)
    camera.take("changed")
    note.unlink()


def _failing(camera: _Camera, notes: Path) -> None:
    away = notes.with_name("away")
    notes.rename(away)
    try:
        camera.page.locator("#nq-ask textarea").fill(_QUESTIONS["answered"])
        camera.page.locator("#nq-ask textarea").press("Enter")
        expect(camera.page.locator("#nq-chat .nq-error")).to_be_visible(timeout=LONGEST)
        camera.take("error")
    finally:
        away.rename(notes)


def _while_building(browser: Browser, folder: Path, workplace: Path) -> None:
    notes = workplace / "many" / "notes"
    list(write(notes, *_MANY))
    with serving(notes, ready=False) as url:
        for variant in _VARIANTS:
            with _camera(browser, url, variant, folder, ready="#nq-header .nq-progress") as camera:
                camera.page.locator("#nq-ask textarea").fill(_QUESTIONS["answered"])
                camera.page.locator("#nq-ask textarea").press("Enter")
                camera.page.locator("#nq-chat .nq-waiting").wait_for()
                camera.page.wait_for_timeout(3_000)  # until the pace is known
                camera.take("building")


def _without_notes(browser: Browser, folder: Path, workplace: Path) -> None:
    notes = workplace / "empty" / "notes"
    notes.mkdir(parents=True)
    with serving(notes) as url:
        for variant in _VARIANTS:
            with _camera(browser, url, variant, folder, ready=".nq-first") as camera:
                camera.take("first-minute")


def _behind_a_login(browser: Browser, folder: Path, workplace: Path) -> None:
    notes = workplace / "login" / "notes"
    shutil.copytree(ROOT / "corpus", notes)
    with serving(notes, login=_LOGIN) as url:
        for variant in _VARIANTS:
            # What is behind the browser's own dialogue, which no picture shows.
            shown = httpx.get(url, headers={"Sec-Fetch-Mode": "navigate", "Accept-Language": variant.locale}).text
            scheme: Literal["light", "dark"] = "dark" if variant.scheme == "dark" else "light"
            context = browser.new_context(viewport=variant.viewport, color_scheme=scheme)
            page = context.new_page()
            page.set_content(shown)
            _Camera(page, variant, folder).take("login")
            context.close()
            with _camera(
                browser, url, variant, folder, http_credentials={"username": _LOGIN[0], "password": _LOGIN[1]}
            ) as camera:
                camera.take("logged-in")


@contextmanager
def _camera(
    browser: Browser,
    url: str,
    variant: _Variant,
    folder: Path,
    *,
    ready: str = "#nq-chat button.example",
    **options: Any,
) -> Iterator[_Camera]:
    with open_page(
        browser, url, variant.viewport, variant.locale, ready=ready, color_scheme=variant.scheme, **options
    ) as page:
        yield _Camera(page, variant, folder)
