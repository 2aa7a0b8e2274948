"""Changes the code in small ways, one at a time, and counts the changes that some test notices.

    python -m venv /tmp/cosmic-ray && /tmp/cosmic-ray/bin/pip install cosmic-ray==8.7.0
    python -m bench.mutation --tool /tmp/cosmic-ray/bin/cosmic-ray --sample 80 notes store answer exam

The mutants are cosmic-ray's, a sample of them drawn with a fixed seed. Left out before it is drawn is what no test
could notice: annotations (they are never evaluated), the flags of dataclasses, the star before arguments that have to
be named, code for type checkers, ``strict`` of ``zip`` (it states what holds anyway), and ``is`` for ``==`` and back
(the same for ``None``, members of enumerations and small numbers, which is what they stand between here). Each mutant
is met by the tests of its group that reach the changed line (``_reaching.py``), the quickest first, as many as take
``--seconds``; so what is killed is a lower bound.

Everything happens in a copy of the tree. The result goes to ``bench/results/mutation.json``: per group what was
killed, of how many, the 95 % interval of that share (Wilson), and the survivors as differences. Survivors that
``equivalents.json`` names are not counted: they change nothing that could be seen, for the reason given there.
``--again`` tries only the survivors of the last run, for writing tests against them.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import math
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ._figures import record

_HOME: Final = Path(__file__).parents[1]
_RESULTS: Final = Path(__file__).parent / "results" / "mutation.json"
_EQUIVALENTS: Final = Path(__file__).parent / "equivalents.json"
#: Operators of cosmic-ray that make no difference here.
_SAME: Final = frozenset(
    f"core/ReplaceComparisonOperator_{names}" for names in ("Eq_Is", "Is_Eq", "NotEq_IsNot", "IsNot_NotEq")
)
_COPIED: Final = ("assistant", "tests", "bench", "corpus", "index", "pyproject.toml", "app.py")


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` of tests for a mutant, ``minutes`` for a group, so many mutants, drawn by ``seed``."""

    seconds: float
    minutes: float
    sample: int
    seed: int


@dataclass(frozen=True, slots=True)
class Group:
    """Modules that are mutated together, and the narrowest tests of them: the middle of their files' names, then other
    arguments of pytest. ``model``: whether these load it.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    model: bool = False


GROUPS: Final[dict[str, Group]] = {
    "notes": Group(
        (
            "notes",
            "markdown/blocks",
            "markdown/sections",
            "markdown/units",
            "markdown/inline",
            "markdown/passages",
            "markdown/decode",
        ),
        ("notes", "notecases", "oddnotes", "-k", "(test_notes or notecases or japanese or bytes) and not grows"),
    ),
    "store": Group(
        (
            "store",
            "storage/database",
            "storage/reading",
            "storage/schema",
            "storage/rows",
            "folder/noterows",
            "storage/centres",
            "storage/soundness",
        ),
        ("rows", "store", "index", "dense", "recovery", "pinned"),
        True,
    ),
    "answer": Group(
        (
            "answer",
            "exams/judging/lines",
            "answering/evidence",
            "answering/comparison",
            "asking/asked",
            "answering/support",
            "answering/citing",
        ),
        ("asked", "evidence", "question", "answers", "exam", "pinned"),
        True,
    ),
    "exam": Group(
        (
            "exam",
            "exams/judging/weighing",
            "exams/judging/claims",
            "exams/paste/examtext",
            "exams/paste/parts",
            "exams/paste/keys",
            "exams/paste/labels",
            "exams/paste/runs",
        ),
        ("examtext", "pasted", "exam", "pinned", "examsheet", "examexport", "-k", "not grows and not length"),
        True,
    ),
}


def run(group: Group, tool: Path, limits: Limits, known: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """Mutates ``group`` in a copy of the tree. ``known``: the survivors of the last run, where only these are tried."""
    with tempfile.TemporaryDirectory() as scratch:
        tree, address = Path(scratch, "tree"), Path(scratch, "tests.sock")
        _copy(tree)
        session = _session(tree, address, group, tool, limits)
        with sqlite3.connect(session) as connection:
            possible = _draw(connection, tree, limits, {mutant["mutant"] for mutant in known})
        _execute(tree, address, group, tool, limits)
        with sqlite3.connect(session) as connection:
            outcomes = connection.execute(
                "SELECT test_outcome, diff, module_path, operator_name, occurrence FROM work_results"
                " JOIN mutation_specs USING (job_id) ORDER BY module_path, start_pos_row, start_pos_col, operator_name"
            ).fetchall()
    survivors, equivalent = _survivors(outcomes)
    total = len(outcomes) - len(equivalent)
    killed = total - len(survivors)
    return {
        "modules": list(group.modules),
        "tests": _arguments(group),
        "possible": possible,
        "sample": total,
        "seed": limits.seed,
        "killed": killed,
        "share": round(killed / total, 3) if total else None,
        "interval": [round(share, 3) for share in _wilson(killed, total)] if total else None,
        "survivors": survivors,
        "equivalent": equivalent,
    }


def _copy(tree: Path) -> None:
    tree.mkdir()
    for item in _COPIED:
        source = _HOME / item
        if source.is_dir():
            shutil.copytree(source, tree / item, ignore=shutil.ignore_patterns("__pycache__", "results", "large"))
        else:
            shutil.copy(source, tree / item)


def _session(tree: Path, address: Path, group: Group, tool: Path, limits: Limits) -> Path:
    """The database of the tool, with all mutants of ``group``."""
    config = {
        "module-path": [f"assistant/{module}.py" for module in group.modules],
        "timeout": 40.0 * limits.seconds + 400.0,
        "excluded-modules": [],
        "test-command": f"{sys.executable} -S bench/_forkserver.py {address}",
    }
    text = "[cosmic-ray]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in config.items())
    (tree / "mutation.toml").write_text(f'{text}[cosmic-ray.distributor]\nname = "local"\n', "utf-8")
    subprocess.run([tool, "init", "mutation.toml", "session.sqlite"], cwd=tree, check=True)
    return tree / "session.sqlite"


def _execute(tree: Path, address: Path, group: Group, tool: Path, limits: Limits) -> None:
    """Runs the tests for each mutant of the session, as long as there is time."""
    command = [sys.executable, "-m", "bench._forkserver", str(address), str(limits.seconds)]
    command += ["model" if group.model else "plain", *_arguments(group)]
    server = subprocess.Popen(command, cwd=tree, env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""})
    try:
        while not address.exists():
            if server.poll() is not None:
                raise SystemExit("the server of the tests did not start")
            time.sleep(0.2)
        # Mutants that do not get their turn in time do not count: the tool takes them in no order.
        with contextlib.suppress(subprocess.TimeoutExpired):
            command = [str(tool), "exec", "mutation.toml", "session.sqlite"]
            subprocess.run(command, cwd=tree, check=True, timeout=60 * limits.minutes)
    finally:
        server.kill()
        server.wait()


def _survivors(outcomes: Sequence[Sequence[Any]]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The mutants that no test noticed, and those of them that change nothing, with the reason."""
    reasons = {
        (row["module"], row["was"], row["became"]): row["why"] for row in json.loads(_EQUIVALENTS.read_text("utf-8"))
    }
    survivors, equivalent = [], []
    for outcome, diff, *spec in outcomes:
        if outcome == "SURVIVED":
            found = {"mutant": _name(*spec), "diff": diff.replace("--- mutation diff ---\n", "")}
            why = reasons.get((Path(spec[0]).stem, *_change(diff)))
            (equivalent.append(found | {"why": why}) if why else survivors.append(found))
    return survivors, equivalent


def _arguments(group: Group) -> list[str]:
    end = group.tests.index("-k") if "-k" in group.tests else len(group.tests)
    return [*(f"tests/test_{name}.py" for name in group.tests[:end]), *group.tests[end:]]


def _again(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The figures of a run with what became of its survivors in another one."""
    gone = len(before["survivors"]) - now["sample"] - len(now["equivalent"])  # with the line that they were in
    killed = before["killed"] + now["killed"]
    total = before["sample"] - len(now["equivalent"]) - gone
    return before | {
        "tests": now["tests"],
        "sample": total,
        "killed": killed,
        "share": round(killed / total, 3),
        "interval": [round(share, 3) for share in _wilson(killed, total)],
        "survivors": now["survivors"],
        "equivalent": [*before["equivalent"], *now["equivalent"]],
    }


def _name(module: str, operator: str, occurrence: int) -> str:
    return f"{Path(module).stem}:{operator.removeprefix('core/')}:{occurrence}"


def _change(diff: str) -> tuple[str, str]:
    """The line as it was and as it became, of a difference of one line."""
    was, became = (
        "\n".join(row[1:].strip() for row in diff.split("\n") if row.startswith(mark) and not row.startswith(mark * 3))
        for mark in "-+"
    )
    return was, became


def _draw(session: sqlite3.Connection, tree: Path, limits: Limits, known: Set[str]) -> int:
    """Keeps a sample of the mutants that a test could notice, or the ``known`` ones; how many could be noticed."""
    rows = session.execute(
        "SELECT job_id, module_path, operator_name, occurrence, start_pos_row, start_pos_col FROM mutation_specs"
        " ORDER BY module_path, operator_name, occurrence"
    ).fetchall()
    silent = {module: set(_silent(tree / module)) for module in {row[1] for row in rows}}
    telling = [
        row
        for row in rows
        if row[2] not in _SAME and (row[4], row[5]) not in silent[row[1]] and (row[4], -1) not in silent[row[1]]
    ]
    if known:
        drawn = {row[0] for row in telling if _name(*row[1:4]) in known}
    else:
        drawn = {row[0] for row in random.Random(limits.seed).sample(telling, min(limits.sample, len(telling)))}
    for row in rows:
        if row[0] not in drawn:
            for table in ("mutation_specs", "work_items"):
                session.execute(f"DELETE FROM {table} WHERE job_id = ?", (row[0],))
    return len(telling)


def _silent(file: Path) -> Iterator[tuple[int, int]]:
    """The positions (line, column) that no test could notice; column -1 for a whole line."""
    text = file.read_text("utf-8")
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        ignored: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef):
            ignored.append(node.returns)
            yield from _markers(node, lines)
        elif isinstance(node, ast.AnnAssign | ast.arg):
            ignored.append(node.annotation)
        elif isinstance(node, ast.ClassDef):
            ignored += node.decorator_list
        elif isinstance(node, ast.keyword) and node.arg == "strict":
            ignored.append(node.value)
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield from ((line, -1) for line in range(node.lineno, (node.end_lineno or node.lineno) + 1))
        for tree in ignored:
            if isinstance(tree, ast.expr):
                last = tree.end_lineno or tree.lineno
                for line in range(tree.lineno, last + 1):
                    begin = tree.col_offset if line == tree.lineno else 0
                    end = (tree.end_col_offset or 0) if line == last else 500
                    yield from ((line, column) for column in range(begin, end))
                if isinstance(node, ast.ClassDef):
                    yield tree.lineno, tree.col_offset - 1  # the @ before it


def _markers(function: ast.FunctionDef, lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The stars that only say how arguments have to be passed."""
    for line in range(function.lineno, function.body[0].lineno):
        yield from ((line, found.start()) for found in re.finditer(r"\*(?=, )", lines[line - 1]))


def _wilson(good: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927)."""
    z, share = 1.96, good / total
    centre = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (centre - half) / (1 + z * z / total), (centre + half) / (1 + z * z / total)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("groups", nargs="+", choices=sorted(GROUPS))
    parser.add_argument("--tool", type=Path, default=Path("cosmic-ray"))
    parser.add_argument("--sample", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--seconds", type=float, default=30, help="of tests for one mutant, as long as they took before"
    )
    parser.add_argument("--minutes", type=float, default=600, help="for the mutants of one group")
    parser.add_argument("--again", action="store_true", help="only the survivors of the last run")
    options = parser.parse_args(arguments)
    limits = Limits(options.seconds, options.minutes, options.sample, options.seed)
    results = json.loads(_RESULTS.read_text("utf-8")) if _RESULTS.exists() else {}
    for name in options.groups:
        if options.again:
            before = results[name]
            now = run(GROUPS[name], options.tool, limits, before["survivors"]) if before["survivors"] else None
            results[name] = _again(before, now) if now else before
        else:
            results[name] = run(GROUPS[name], options.tool, limits)
        record("mutation", results)


if __name__ == "__main__":
    main()
