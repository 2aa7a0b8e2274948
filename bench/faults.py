"""Breaks an index in every way that could be thought of, again and again, and looks whether anything was lost.

    python -m bench.faults --rounds 40 --json faults.json --markdown docs/reliability.md

After each fault a new assistant opens the folder. It has to give the right answers (the quote is the line that stands
in the note now), with every exam record that was ever acknowledged, and no error but one line for the person. The
model is real and asked once for each text; what is broken are real files, processes and mounts.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from assistant.errors import AssistantError
from bench._faultworld import RememberingEncoder, Unavailable, World
from bench.faultkinds import KINDS
from bench.faulttable import Outcome, table

__all__ = ["run_kind"]


def run_kind(kind: str, world: World, rounds: int) -> Outcome:
    """Injects faults of one kind and looks after each whether all is well."""
    outcome = Outcome(kind)
    for _ in range(rounds):
        if world.random.random() < 0.5:
            world.edit()
        try:
            KINDS[kind](world)
            outcome.injected += 1
            wrong, lost = world.faults_seen()
        except Unavailable as error:
            outcome.skipped = str(error)
            break
        except AssistantError as error:
            outcome.tracebacks.append(f"shown: {error}")
            continue
        except Exception as error:
            outcome.tracebacks.append(f"{type(error).__name__}: {error}")
            continue
        outcome.wrong_answers += wrong
        outcome.lost_records += lost
    return outcome


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=40, help="faults of each kind")
    parser.add_argument("--kind", action="append", choices=sorted(KINDS), help="only this kind; may be repeated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    encoder = RememberingEncoder()
    begun = time.monotonic()
    outcomes = []
    for kind in options.kind or KINDS:
        folder = Path(tempfile.mkdtemp(prefix="faults-"))
        try:
            outcome = run_kind(kind, World(folder / "world", encoder, options.seed), options.rounds)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        outcomes.append(outcome)
        print(
            f"{outcome.injected:>5}  {'clean' if outcome.is_clean else outcome}  {kind}  {outcome.skipped}", flush=True
        )
    injected = sum(outcome.injected for outcome in outcomes)
    seconds = time.monotonic() - begun
    print(f"{injected} faults of {len(outcomes)} kinds in {seconds:.0f} s")
    if options.json:
        rows = {"seed": options.seed, "seconds": round(seconds), "outcomes": [asdict(item) for item in outcomes]}
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        # What follows the table was written by hand.
        kept = (
            options.markdown.read_text(encoding="utf-8").partition("\n## ")
            if options.markdown.exists()
            else ("", "", "")
        )
        options.markdown.write_text(table(outcomes) + kept[1] + kept[2], encoding="utf-8")
    sys.exit(not all(outcome.is_clean for outcome in outcomes))


if __name__ == "__main__":
    main()
