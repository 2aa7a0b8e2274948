"""The kinds of faults of ``bench/faults.py``, once each: a third of them, or with ``FAULTS=all`` every one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench._faultworld import RememberingEncoder, World
from bench.faultkinds import KINDS
from bench.faults import run_kind

ROOT = Path(__file__).resolve().parents[1]

pytestmark = [pytest.mark.model, pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")]


@pytest.fixture(scope="module")
def remembering() -> RememberingEncoder:
    return RememberingEncoder()


def _chosen() -> list[str]:
    return [kind for place, kind in enumerate(KINDS) if place % 3 == 0 or os.environ.get("FAULTS") == "all"]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each kind led to, from a process of its own: one that has threads, as this one does, must not be forked."""
    report = tmp_path_factory.mktemp("faults") / "outcomes.json"
    kinds = [word for kind in _chosen() for word in ("--kind", kind)]
    # Of those that kill, the first round only measures how long the work takes.
    command = [sys.executable, "-m", "bench.faults", "--rounds", "2", "--seed", "7", "--json", str(report), *kinds]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=400
    )
    assert report.is_file(), run.stdout + run.stderr
    return {row["kind"]: row for row in json.loads(report.read_text("utf-8"))["outcomes"]}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost(kind: str, request: pytest.FixtureRequest) -> None:
    if kind not in _chosen():
        pytest.skip("runs with FAULTS=all")
    outcome = request.getfixturevalue("outcomes")[kind]
    if outcome["skipped"]:
        pytest.skip(outcome["skipped"])
    assert (outcome["wrong_answers"], outcome["lost_records"], outcome["tracebacks"]) == (0, 0, [])
    assert outcome["injected"] == 2


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
    shown = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"`test_faults.py::test_nothing_is_lost[{kind}]`" in shown
