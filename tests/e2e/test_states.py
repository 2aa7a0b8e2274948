"""Each state of the page, at desktop and phone width, light and dark, in Japanese and English: readable by everyone."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.actions import LONGEST, ask, open_tab, panel
from tests.e2e.conftest import DESKTOP, PHONE, open_page

pytestmark = [pytest.mark.browser, pytest.mark.model]

#: A question for each state, and whether it is one.
STATES = {
    "TLSでは相手が本物かどうかを何で確かめる？": ("answered",),
    "TLSとIPsecの違いは？": ("answered",),
    "時計塔について列挙して": ("answered", "related"),
    "WireGuardとは？": ("empty_heading",),
    "KubernetesのHelmチャートとは？": ("not_found", "related"),
}


#: Two questions, the second with a line that does not fit on a phone.
EXAMS = f"""問1. 離れた場所の計算機に入り、命令を実行するために使うものはどれか。
A. SSH
B. IPsec

問2. {"パケットごとに暗号化し、" * 8}拠点どうしをつなぐのに使うものはどれか。
A. TLS
B. IPsec
"""
SMALL = """() => [...document.querySelectorAll("button, a, summary, input, textarea, [role=tab]")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(".nq-chip, .nq-exam-file"))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
  .filter(([one]) => !one.closest("label")?.matches(".nq-filter"))
  .map(([one, box]) => `${box.width}x${box.height} ${one.outerHTML.slice(0, 120)}`)"""
#: What is cut off at the right.
WIDER = """left => [...left.querySelectorAll(".nq *")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > left.getBoundingClientRect().right + 1)
  .filter((one) => !one.closest(".nq-compare, code, .nq-file"))
  .map((one) => one.outerHTML.slice(0, 120))"""


def violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical, each with the first element that it is about."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [
        f"{item['id']}: {item['nodes'][0]['html']} {item['nodes'][0]['failureSummary']}"
        for item in found
        if item["impact"] in ("serious", "critical")
    ]


def hard_to_press(page: Page) -> list[str]:
    """What can be pressed and is less than 44 pixels high or wide. Not the numbers in a text: the sources below it lead
    to the same places.
    """
    return [str(found) for found in page.evaluate(SMALL)]


@pytest.mark.parametrize(
    ("viewport", "scheme", "locale"),
    [
        (DESKTOP, "light", "ja-JP"),
        (DESKTOP, "dark", "en-US"),
        (PHONE, "light", "en-US"),
        (PHONE, "dark", "ja-JP"),
    ],
    ids=["desktop-light-ja", "desktop-dark-en", "phone-light-en", "phone-dark-ja"],
)
def test_every_state_can_be_read_by_everyone(
    browser: Browser, app_url: str, viewport: ViewportSize, scheme: str, locale: str
) -> None:
    with open_page(browser, app_url, viewport, locale, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.lang") == locale[:2]
        assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
        assert violations(page) == []
        for question, states in STATES.items():
            assert ask(page, question).get_attribute("data-status") in states
        page.locator("#nq-chat .nq-chip").first.click()
        expect(panel(page).locator("h2")).to_have_text("TLS")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        if viewport == PHONE:
            assert hard_to_press(page) == []
        for tab, shown in (("exam", ".nq-exam"), ("notes", ".nq-section")):
            page.locator(f"#nq-tab-{tab}-button").click()
            expect(page.locator(shown).first).to_be_visible(timeout=LONGEST)
            if tab == "exam":
                page.get_by_role("textbox").first.fill(EXAMS)
                page.locator(".nq-exam-go").click()
                expect(page.locator(".nq-exam-fold")).to_have_count(2, timeout=LONGEST)
                page.locator(".nq-exam-fold summary").first.click()
            assert violations(page) == []
            if viewport == PHONE:
                assert hard_to_press(page) == []
            assert page.locator("#nq-left").evaluate(WIDER) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_question_moves_to_the_top_of_its_answer(page: Page) -> None:
    for question in ("TLSとIPsecの違いは？", "SSHとは？"):
        ask(page, question)
    page.wait_for_function(
        """() => {
          const log = document.querySelector("#nq-chat [role=log]").getBoundingClientRect();
          const question = [...document.querySelectorAll(".nq-question")].at(-1).getBoundingClientRect();
          return Math.abs(question.top - log.top - 12) < 4;
        }"""
    )


def test_the_page_can_be_used_by_keyboard_and_by_name(page: Page) -> None:
    expect(page.get_by_role("log", name="質問と回答")).to_be_attached()
    page.get_by_role("textbox", name="質問").press_sequentially("SSHとは？")
    page.keyboard.press("Enter")
    chip = page.locator("#nq-chat .nq-chip").first
    chip.wait_for(timeout=LONGEST)
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="ノート")).to_contain_text("鍵は")
    page.locator("#nq-tab-ask-button").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    for name in ("質問する", "模試", "ノート一覧"):
        expect(page.get_by_role("tab", name=name)).to_be_attached()


def test_ten_sessions_at_once_each_get_their_own_answers(browser: Browser, app_url: str) -> None:
    asked = {"TLSとは？": "TLS", "SSHとは？": "SSH", "IPsecとは？": "IPsec", "時計塔の鐘はいつ鳴る？": "時計塔"}
    with ExitStack() as stack:
        contexts = [stack.enter_context(browser.new_context(locale="ja-JP")) for _ in range(10)]
        pages = [context.new_page() for context in contexts]
        for page in pages:
            page.goto(app_url, wait_until="commit")
        for page in pages:
            page.locator("#nq-chat button.example").first.wait_for(timeout=LONGEST)
        questions = [list(asked)[number % len(asked)] for number in range(len(pages))]
        for page, question in zip(pages, questions, strict=True):
            page.locator("#nq-ask textarea").fill(question)
            page.locator("#nq-ask textarea").press("Enter")
        for page, question in zip(pages, questions, strict=True):
            answer = page.locator("#nq-chat .nq-answer")
            expect(answer).to_have_attribute("data-asked", question, timeout=LONGEST)
            expect(page.locator("#nq-chat .nq-question")).to_have_text([question])
            expect(panel(page).locator("h2")).to_have_text(asked[question])


def test_a_server_that_is_away_loses_no_question(page: Page) -> None:
    page.context.set_offline(True)
    box = page.locator("#nq-ask textarea")
    box.fill("SSHとは？")
    box.press("Enter")
    expect(page.locator("#nq-toast")).to_contain_text("質問は入力欄に戻しました", timeout=30_000)
    expect(box).to_have_value("SSHとは？")
    expect(page.get_by_role("alert").filter(has_text="サーバーに届きません")).to_be_visible(timeout=30_000)
    page.context.set_offline(False)
    expect(page.locator("#nq-away")).to_have_count(0, timeout=30_000)


def test_the_tabs_stay_where_they_are(page: Page) -> None:
    for name in ("ノート一覧", "模試", "質問する"):
        expect(open_tab(page, name)).to_be_visible()
