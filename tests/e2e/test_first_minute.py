"""A newcomer's path, from an empty folder to an answered exam question, and the accidents on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.actions import LONGEST, add_files, ask, marked, open_tab, panel
from tests.e2e.conftest import NETWORK, open_page, serving

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notes folder in which nothing is yet."""
    folder = tmp_path_factory.mktemp("newcomer") / "ノート"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def newcomer(browser: Browser, folder: Path) -> Iterator[Page]:
    """The page of one visit, which the tests of this module share in their order."""
    with serving(folder) as url, open_page(browser, url, ready=".nq-first", expected=("409",)) as page:
        yield page


def test_an_empty_folder_is_explained(newcomer: Page, folder: Path) -> None:
    first = newcomer.get_by_role("region", name="ノートを入れるところから始めます")
    expect(first).to_contain_text(str(folder))
    for name in ("ノートを追加", "見本のノートを入れる"):
        expect(first.get_by_role("button", name=name)).to_be_visible()
    expect(newcomer.get_by_role("alert")).to_contain_text("ノートがありません")
    open_tab(newcomer, "ノート一覧")
    expect(newcomer.locator("#nq-outline")).to_contain_text("ノートがありません")
    open_tab(newcomer, "質問する")


def test_a_question_to_an_empty_folder_can_be_asked_again_later(newcomer: Page) -> None:
    box = newcomer.locator("#nq-ask textarea")
    box.fill("SSHとは？")
    box.press("Enter")
    expect(newcomer.locator("#nq-chat .nq-question")).to_have_count(1, timeout=LONGEST)
    expect(box).to_have_value("")


def test_notes_that_are_dropped_are_added_and_answer(newcomer: Page, folder: Path) -> None:
    add_files(newcomer, {"net.md": NETWORK, "image.svg": "<svg/>"})
    expect(newcomer.locator("#nq-toast")).to_contain_text("追加しました: net.md")
    expect(newcomer.locator("#nq-toast")).to_contain_text("image.svg: .md か .txt ではありません")
    assert [path.name for path in folder.iterdir()] == ["net.md"]
    expect(newcomer.locator(".nq-first")).to_have_count(0, timeout=LONGEST)
    newcomer.get_by_role("button", name="もう一度試す").click()
    answer = newcomer.locator("#nq-chat .nq-answer")
    expect(answer).to_have_attribute("data-status", "answered", timeout=LONGEST)
    expect(newcomer.locator("#nq-chat .nq-question")).to_have_count(1)


def test_a_name_that_is_taken_is_asked_about(newcomer: Page, folder: Path) -> None:
    add_files(newcomer, {"net.md": "# 別\n\n別のノート。\n"})
    dialog = newcomer.get_by_role("dialog")
    expect(dialog).to_contain_text("net.md")
    dialog.get_by_role("button", name="追加しない").click()
    expect(dialog).to_have_count(0)
    add_files(newcomer, {"net.md": "# 別\n\n別のノート。\n"})
    dialog.get_by_role("button", name="「net-2.md」として追加").click()
    expect(newcomer.locator("#nq-toast")).to_contain_text("追加しました: net-2.md")
    expect(newcomer.locator(".nq-changed")).to_contain_text("net-2.md", timeout=LONGEST)
    assert (folder / "net.md").read_text("utf-8") == NETWORK
    assert sorted(path.name for path in folder.iterdir()) == ["net-2.md", "net.md"]


def test_then_one_asks_clicks_and_compares(newcomer: Page) -> None:
    answer = ask(newcomer, "TLSでは相手が本物かどうかを何で確かめる？")
    answer.locator(".nq-chip").first.click()
    expect(marked(newcomer).filter(has_text="証明書で確かめる。")).to_be_visible()
    table = ask(newcomer, "TLSとIPsecの違いは？")
    expect(table.get_by_role("columnheader")).to_have_text(["TLS", "IPsec"])


def test_and_is_refused(newcomer: Page) -> None:
    answer = ask(newcomer, "KubernetesのHelmチャートとは？")
    assert answer.get_attribute("data-status") in ("not_found", "related")
    expect(panel(newcomer).locator(".nq-line")).to_have_count(0)


def test_a_change_of_the_notes_is_shown_when_one_comes_back(newcomer: Page, folder: Path) -> None:
    ask(newcomer, "TLSとは？")
    expect(panel(newcomer).locator("h2")).to_have_text("TLS")
    (folder / "net.md").write_text(NETWORK.replace("通信を暗号化する。", "通信を暗号化する。\n書き足した行。"), "utf-8")
    newcomer.wait_for_timeout(2_100)  # the page looks at most every other second
    newcomer.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(newcomer.locator(".nq-changed")).to_contain_text("更新 1", timeout=LONGEST)
    expect(newcomer.locator(".nq-changed")).to_contain_text("net.md")
    expect(panel(newcomer)).to_contain_text("書き足した行。")


def test_and_also_while_one_only_looks(newcomer: Page, folder: Path) -> None:
    (folder / "later.md").write_text("# 後で\n\n後から書いた。\n", "utf-8")
    expect(newcomer.locator(".nq-changed")).to_contain_text("追加 1", timeout=LONGEST)
    expect(newcomer.locator(".nq-changed")).to_contain_text("later.md")


def test_and_checks_an_exam_question(newcomer: Page) -> None:
    tab = open_tab(newcomer, "模試")
    tab.get_by_role("textbox").first.fill(
        "通信を暗号化し、相手が本物かどうかを証明書で確かめるのはどれか。\nA. SSH\nB. TLS\n"
    )
    tab.get_by_role("button", name="選択肢を判定").click()
    expect(tab.locator(".nq-exam-question").first).to_be_attached(timeout=LONGEST)
    expect(tab.locator(".nq-exam-option[data-label=B]")).to_contain_text("TLS")


def test_what_changed_stays_said_when_the_notes_are_looked_at_again(newcomer: Page, folder: Path) -> None:
    (folder / "last.md").write_text("# 最後\n\n最後に書いた。\n", "utf-8")
    expect(newcomer.locator(".nq-changed")).to_contain_text("last.md", timeout=LONGEST)
    with newcomer.expect_response(lambda response: "/queue/join" in response.url, timeout=LONGEST):
        newcomer.evaluate("nq.look()")
    newcomer.wait_for_timeout(1_500)
    expect(newcomer.locator(".nq-changed")).to_contain_text("last.md")
