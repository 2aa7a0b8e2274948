"""The tab for mock exams in a real browser: paste, choose, see what the notes say of each option, and the record."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import marked, open_tab, panel

pytestmark = [pytest.mark.browser, pytest.mark.model]

ONE = """問3. 離れた場所の計算機に入り、命令を実行するために使うものはどれか。
A. SSH
B. IPsec
C. <img src=x onerror="window.pwned=1">

正解: A
"""
SEVERAL = """問1. パケットごとに暗号化し、拠点どうしをつなぐのに使うものはどれか。
ア. SSH
イ. IPsec

正解: イ

問2. 月の裏側に着陸した探査機はどれか。
ア. 嫦娥4号
イ. アポロ11号

問3. これは何か。
ア. 一つだけの選択肢
"""


def check(tab: Locator, text: str, *picks: str) -> None:
    tab.get_by_role("textbox").fill(text)
    expect(tab.locator(".nq-exam-row").first).to_be_visible()
    for pick in picks:
        tab.locator(".nq-exam-row").first.get_by_role("button", name=pick, exact=True).click()
    tab.get_by_role("button", name="選択肢を判定").click()
    expect(tab.locator(".nq-exam-question").first).to_be_attached(timeout=60_000)


def option(tab: Locator, label: str) -> Locator:
    return tab.locator(f".nq-exam-option[data-label={label}]")


def test_each_option_is_shown_with_its_quote_which_opens(page: Page) -> None:
    tab = open_tab(page, "模試")
    check(tab, ONE, "A", "B")
    expect(tab.locator("[aria-pressed=true]")).to_have_text(["B"])  # one is to be chosen
    expect(option(tab, "A")).to_contain_text("正解候補")
    expect(option(tab, "A").locator(".nq-exam-quote")).to_contain_text("離れた場所の計算機に入り、命令を実行する。")
    expect(option(tab, "B")).to_contain_text("あなたの答え")
    expect(option(tab, "C")).to_contain_text("<img src=x")
    expect(tab.locator(".nq-exam-yours")).to_contain_text("不正解")
    # The line behind the verdict is open; another one opens by a click.
    expect(panel(page).locator("h2")).to_have_text("SSH")
    expect(marked(page).first).to_contain_text("離れた場所の計算機")
    option(tab, "B").locator(".nq-exam-quote").click()
    expect(panel(page).locator("h2")).to_have_text("IPsec")
    assert page.evaluate("window.pwned") is None


def test_several_questions_and_the_record(page: Page) -> None:
    tab = open_tab(page, "模試")
    check(tab, SEVERAL, "イ")
    expect(tab.locator(".nq-exam-problems")).to_contain_text("選択肢が一つしかありません")
    folds = tab.locator(".nq-exam-fold")
    expect(folds).to_have_count(2)
    expect(folds.nth(0).locator(".nq-exam-label").first).to_have_text("イ")
    expect(folds.nth(1).locator(".nq-exam-label").first).to_have_text("–")
    past = tab.locator(".nq-exam-past")
    past.locator("summary").click()
    expect(past.locator(".nq-exam-gaps")).to_contain_text("月の裏側")
    with page.expect_download() as started:
        past.get_by_role("link", name="JSON").click()
    saved = json.loads(Path(started.value.path()).read_text("utf-8"))
    assert "月の裏側に着陸した探査機はどれか。" in json.dumps(saved, ensure_ascii=False)


def test_a_file_can_be_read_and_what_is_no_question_is_said(page: Page, tmp_path: Path) -> None:
    tab = open_tab(page, "模試")
    file = tmp_path / "exam.md"
    file.write_text(ONE, "utf-8")
    tab.locator("input[type=file]").set_input_files(file)
    expect(tab.get_by_role("textbox")).to_have_value(ONE)
    expect(tab.locator(".nq-exam-pick")).to_have_text(["A", "B", "C"])
    tab.get_by_role("textbox").fill("ただの文章")
    tab.get_by_role("button", name="選択肢を判定").click()
    expect(tab.locator(".nq-error")).to_contain_text("試験問題が見つかりません")


def test_the_tab_in_english(english: Page) -> None:
    tab = open_tab(english, "Mock exam")
    expect(tab.get_by_role("button", name="Check the options")).to_be_visible()
    expect(tab.locator(".nq-exam-record")).to_contain_text(re.compile("So far"))
