"""Ten browser sessions that ask at once, against one that asks alone: right answers, and how long they take.

    python -m bench.sessions [SESSIONS [ROUNDS]]

Real pages of the real server over ``corpus/`` in Chromium (``E2E_CHROMIUM`` names another one), each in a context of
its own. In each round every session asks another question of ``tests/gold/corpus.jsonl`` at the same moment; the time
is taken in the page, from sending the question to its answer being drawn. The browser shares the machine's cores with
the server. The yardstick are as many processes that do nothing but count, against one: what the cores leave of the
speed of one where so many want them.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Page, sync_playwright

from ._figures import machine, record, spread

_HOME: Final = Path(__file__).resolve().parents[1]
#: So long before the moment at which all of them ask, the pages are told.
_LEAD_MS: Final = 700
#: So long a page that was just opened still has work of its own.
_SETTLING_MS: Final = 12_000
#: Steps of a process that only counts: about as long as an answer takes.
_COUNTS: Final = 1_200_000
_ASK: Final = """([question, at]) => {
  window.answered = new Promise((resolve) => setTimeout(() => {
    const answers = () => [...document.querySelectorAll("#nq-chat .nq-answer")];
    const before = answers().length;
    const begun = performance.now();
    const look = () => {
      const answer = answers().at(-1);
      if (answers().length <= before || answer.dataset.asked !== question) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve({
        seconds: (performance.now() - begun) / 1000,
        status: answer.dataset.status,
        places: [...answer.querySelectorAll(".nq-source[data-file]")].map((one) => [one.dataset.file, one.dataset.hl]),
      })));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true, attributes: true });
    nq.type(question);
    document.querySelector("#nq-ask .submit-button").click();
  }, at - Date.now()));
}"""


def main() -> None:
    sessions, rounds = [*map(int, sys.argv[1:3]), *(10, 8)[len(sys.argv[1:3]) :]]
    from tests.e2e.conftest import ARGUMENTS, serving

    lines = (_HOME / "tests" / "gold" / "corpus.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if json.loads(line)["answerable"]]
    about = machine()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, ExitStack() as stack:
        notes = Path(folder, "notes")
        shutil.copytree(_HOME / "corpus", notes)
        url = stack.enter_context(serving(notes))
        path = os.environ.get("E2E_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        pages = [_opened(browser.new_context(locale="ja-JP").new_page(), url) for _ in range(sessions)]
        pages[0].wait_for_timeout(_SETTLING_MS)
        counters = stack.enter_context(multiprocessing.get_context("spawn").Pool(sessions))
        counters.map(_count, [0.0] * sessions, chunksize=1)
        _round(pages, questions[-sessions:])  # the first answer of a process, and of a page, costs more
        alone: list[dict[str, Any]] = []
        together: list[dict[str, Any]] = []
        counted: tuple[list[float], list[float]] = [], []
        wrong = 0
        for number in range(rounds):
            begin = number * sessions % len(questions)
            asked = [questions[(begin + at) % len(questions)] for at in range(sessions)]
            # In turn, so that a change of the machine's pace is in both; the one asks each of the same questions.
            alone += (answer for question in asked for answer in _round(pages[:1], [question]))
            shown = _round(pages, asked)
            together += shown
            for times, count in zip(counted, (1, sessions), strict=True):
                times += counters.map(_count, [time.time() + _LEAD_MS / 1000] * count, chunksize=1)
            wrong += sum(
                not _same(answer, httpx.post(url + "/api/ask", json={"question": question}, timeout=60).json())
                for question, answer in zip(asked, shown, strict=True)
            )
            for page in pages:
                page.get_by_role("button", name="会話を消す").click()
                page.locator(".nq-question").first.wait_for(state="detached")
        browser.close()
    one, many = (spread([answer["seconds"] for answer in answers]) for answers in (alone, together))
    least, most = map(spread, counted)
    record(
        "sessions",
        {"machine": about, "sessions": sessions, "rounds": rounds, "answers_not_their_own": wrong}
        | {"alone": one, "together": many, "p95_ratio": round(many["p95_ms"] / one["p95_ms"], 2)}
        | {"counting_alone": least, "counting_together": most}
        | {"counting_p95_ratio": round(most["p95_ms"] / least["p95_ms"], 2)},
    )


def _opened(page: Page, url: str) -> Page:
    page.goto(url)
    page.locator("#nq-chat button.example").first.wait_for(timeout=60_000)
    return page


def _round(pages: Sequence[Page], questions: Sequence[str]) -> list[dict[str, Any]]:
    """Each page asks its question at the same moment; what each of them shows, and after how many seconds."""
    at = 1000 * time.time() + _LEAD_MS
    for page, question in zip(pages, questions, strict=True):
        page.evaluate(f"(given) => {{ ({_ASK})(given); }}", [question, at])
    return [page.evaluate("window.answered") for page in pages]


def _count(at: float) -> float:
    """How many seconds a piece of pure computing takes that begins at the moment ``at``."""
    time.sleep(max(0.0, at - time.time()))
    begun = time.perf_counter()
    for number in range(_COUNTS):
        _ = number * number % 7
    return time.perf_counter() - begun


def _same(shown: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether a page shows what the same question gives over HTTP."""
    places = [
        [item["file"], f"{item['line_start']}-{item['line_end']}"] for item in told["citations"] or told["related"]
    ]
    return bool(shown["status"] == told["status"] and (shown["places"] == places or told["status"] == "not_found"))


if __name__ == "__main__":
    main()
