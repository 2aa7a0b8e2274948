"""``docs/reliability.md``: the table of the faults that were tried, from what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Outcome", "table"]

_HEAD = """\
# What was broken, and what was lost

Made by `python -m bench.faults --rounds {rounds} --markdown docs/reliability.md`. `tests/test_faults.py` injects a
third of the kinds with every run of the tests, and each of them with `FAULTS=all`. After each fault a new assistant
opens the folder, is asked two questions whose answers are known, and has to show every exam record that was ever
acknowledged. *Wrong*: an answer that is not the line as it stands in the note. *Lost*: an acknowledged exam record that
is not there. *Errors*: a traceback, or an error where there should be an answer. A kill comes at a random moment of the
work, on a real file system.

| fault | times | wrong | lost | errors | test |
|---|---|---|---|---|---|
"""


@dataclass(slots=True)
class Outcome:
    """What became of the faults of one kind. All but ``injected`` and ``skipped`` should be empty."""

    kind: str
    injected: int = 0
    wrong_answers: int = 0
    lost_records: int = 0
    tracebacks: list[str] = field(default_factory=list)
    skipped: str = ""

    @property
    def is_clean(self) -> bool:
        return not (self.wrong_answers or self.lost_records or self.tracebacks)


def table(outcomes: Sequence[Outcome]) -> str:
    """Markdown."""
    rows = [
        f"| {item.kind} | {item.injected or item.skipped} | {item.wrong_answers} | {item.lost_records} |"
        f" {len(item.tracebacks)} | `test_faults.py::test_nothing_is_lost[{item.kind}]` |"
        for item in outcomes
    ]
    wrong, lost = sum(item.wrong_answers for item in outcomes), sum(item.lost_records for item in outcomes)
    errors, injected = sum(len(item.tracebacks) for item in outcomes), sum(item.injected for item in outcomes)
    rows.append(f"| **all {len(outcomes)} kinds** | **{injected}** | **{wrong}** | **{lost}** | **{errors}** | |")
    return _HEAD.format(rounds=max(item.injected for item in outcomes)) + "\n".join(rows) + "\n"
