"""The kinds of faults of ``bench/faults.py``, once each: a third of them, or with ``FAULTS=all`` every one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.faultkinds import KINDS
from bench.faults import RememberingEncoder, World, run_kind

pytestmark = [pytest.mark.model, pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")]


@pytest.fixture(scope="module")
def remembering() -> RememberingEncoder:
    return RememberingEncoder()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost(kind: str, remembering: RememberingEncoder, tmp_path: Path) -> None:
    if list(KINDS).index(kind) % 3 and os.environ.get("FAULTS") != "all":
        pytest.skip("runs with FAULTS=all")
    rounds = 2 if kind.startswith("killed") else 1  # the first one only measures how long it takes
    outcome = run_kind(kind, World(tmp_path, remembering, seed=7), rounds)
    if outcome.skipped:
        pytest.skip(outcome.skipped)
    assert outcome.is_clean, outcome
    assert outcome.injected == rounds


def test_a_loss_would_be_noticed(
    remembering: RememberingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(world: World) -> None:
        for name in ("notes.db", "notes.db-wal", "exams.jsonl"):
            (world.index / name).unlink(missing_ok=True)

    def lie(world: World) -> None:
        world.places = dict.fromkeys(world.places, "月の裏")

    def fail(_: World) -> None:
        raise ZeroDivisionError

    for kind, expected in (("lose", (0, 1, 0)), ("lie", (2, 0, 0)), ("fail", (0, 0, 1))):
        monkeypatch.setitem(KINDS, kind, {"lose": lose, "lie": lie, "fail": fail}[kind])
        outcome = run_kind(kind, World(tmp_path / kind, remembering, seed=7), rounds=1)
        assert (outcome.wrong_answers, outcome.lost_records, len(outcome.tracebacks)) == expected
        assert not outcome.is_clean


def test_the_table_in_the_documentation_names_every_kind() -> None:
    shown = (Path(__file__).resolve().parents[1] / "docs" / "reliability.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"`test_faults.py::test_nothing_is_lost[{kind}]`" in shown
