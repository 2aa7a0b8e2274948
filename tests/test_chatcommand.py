"""A conversation in the terminal."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.model


def test_a_question_is_understood_with_the_one_before_it(ask_command: Any) -> None:
    result = ask_command("chat", stdin="標準キューとは？\nじゃあFIFOキューは？\n", ASSISTANT_ENGINE="off")
    assert result.exit_code == 0
    assert "- 標準キュー: 順番は保証されないが、処理量に上限がない [1]" in result.stdout
    assert "- FIFOキュー: 送った順に届き、重複もしない [1]" in result.stdout


def test_a_new_topic_forgets_the_old_one_and_a_wrong_line_costs_one_line(ask_command: Any) -> None:
    result = ask_command(
        "chat",
        stdin="標準キューとは？\n/new\n" + "長" * 20_000 + "\n\nSNSとは？\n/quit\nSQSとは？\n",
        ASSISTANT_ENGINE="off",
    )
    assert result.exit_code == 0
    assert "通知サービス" in result.stdout
    assert len(result.stderr.strip().splitlines()) == 1
