"""Changes the code in small ways, one at a time, and counts the changes that some test notices.

    python -m venv /tmp/cosmic-ray && /tmp/cosmic-ray/bin/pip install cosmic-ray==8.7.0
    python -m bench.mutation --tool /tmp/cosmic-ray/bin/cosmic-ray --sample 80 notes store answer exam

The mutants are cosmic-ray's, a sample of them drawn with a fixed seed; what is left out before it is drawn is what
no test could notice: annotations (they are never evaluated), the flags of dataclasses, and code for type checkers.
Everything happens in a copy of the tree. The result goes to ``bench/results/mutation.json``: per group what was
killed, of how many, the 95 % interval of that share (Wilson), and the survivors as differences.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import math
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ._figures import record

_HOME: Final = Path(__file__).parents[1]
_RESULTS: Final = Path(__file__).parent / "results" / "mutation.json"
_COPIED: Final = ("assistant", "tests", "bench", "corpus", "index", "pyproject.toml", "app.py")


@dataclass(frozen=True, slots=True)
class Group:
    """Modules that are mutated together, the narrowest tests of them as arguments of pytest, whether these load it."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    model: bool = False


GROUPS: Final[dict[str, Group]] = {
    "notes": Group(
        ("notes", "_markdown", "_sections", "_units", "_inline", "_passages", "_decode"),
        ("tests/test_notes.py", "-k", "not grows"),
    ),
    "store": Group(("store", "_rows", "noterows", "_centres", "_soundness"), ("tests/test_store.py",), True),
    "answer": Group(
        ("answer", "_lines", "evidence", "comparison", "asked", "support", "citing"),
        ("tests/test_asked.py", "tests/test_engine.py", "tests/test_answers.py", "-k", "not sample"),
        True,
    ),
    "exam": Group(
        ("exam", "_weighing", "_claims", "examtext", "_examparts", "_examkeys", "_examlabels", "_examruns"),
        ("tests/test_examtext.py", "tests/test_exam.py", "-k", "not grows"),
        True,
    ),
}


def run(name: str, group: Group, tool: Path, sample: int, seed: int, seconds: int, minutes: float) -> dict[str, Any]:
    """Mutates ``group`` in a copy of the tree; ``seconds`` bounds the tests of one mutant, ``minutes`` all of it."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree")
        tree.mkdir()
        for item in _COPIED:
            source = _HOME / item
            if source.is_dir():
                shutil.copytree(source, tree / item, ignore=shutil.ignore_patterns("__pycache__", "results", "large"))
            else:
                shutil.copy(source, tree / item)
        address = Path(scratch, "tests.sock")
        config = {
            "module-path": [f"assistant/{module}.py" for module in group.modules],
            "timeout": 20.0 * seconds,
            "excluded-modules": [],
            "test-command": f"{sys.executable} -S bench/_forkserver.py {address}",
        }
        text = "[cosmic-ray]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in config.items())
        (tree / "mutation.toml").write_text(f'{text}[cosmic-ray.distributor]\nname = "local"\n', "utf-8")
        subprocess.run([tool, "init", "mutation.toml", "session.sqlite"], cwd=tree, check=True)
        with sqlite3.connect(tree / "session.sqlite") as session:
            possible = _draw(session, tree, sample, seed)
        command = [sys.executable, "-m", "bench._forkserver", str(address), str(seconds)]
        command += ["model" if group.model else "plain", *group.tests]
        server = subprocess.Popen(command, cwd=tree, env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""})
        try:
            while not address.exists():
                if server.poll() is not None:
                    raise SystemExit("the server of the tests did not start")
                time.sleep(0.2)
            # Mutants that do not get their turn in time do not count: the tool takes them in no order.
            with contextlib.suppress(subprocess.TimeoutExpired):
                command = [str(tool), "exec", "mutation.toml", "session.sqlite"]
                subprocess.run(command, cwd=tree, check=True, timeout=60 * minutes)
        finally:
            server.kill()
            server.wait()
        with sqlite3.connect(tree / "session.sqlite") as session:
            outcomes = session.execute("SELECT test_outcome, diff FROM work_results ORDER BY job_id").fetchall()
    survivors = [diff.replace("--- mutation diff ---\n", "") for outcome, diff in outcomes if outcome == "SURVIVED"]
    total = len(outcomes)
    return {
        "modules": list(group.modules),
        "tests": list(group.tests),
        "possible": possible,
        "sample": total,
        "seed": seed,
        "killed": total - len(survivors),
        "share": round(1 - len(survivors) / total, 3),
        "interval": [round(share, 3) for share in _wilson(total - len(survivors), total)],
        "survivors": survivors,
    }


def _draw(session: sqlite3.Connection, tree: Path, sample: int, seed: int) -> int:
    """Keeps ``sample`` of the mutants that a test could notice; how many there are of these."""
    rows = session.execute(
        "SELECT job_id, module_path, operator_name, occurrence, start_pos_row, start_pos_col FROM mutation_specs"
        " ORDER BY module_path, operator_name, occurrence"
    ).fetchall()
    silent = {module: set(_silent(tree / module)) for module in {row[1] for row in rows}}
    telling = [row for row in rows if (row[4], row[5]) not in silent[row[1]] and not _in_lines(row[4], silent[row[1]])]
    drawn = {row[0] for row in random.Random(seed).sample(telling, min(sample, len(telling)))}
    for row in rows:
        if row[0] not in drawn:
            for table in ("mutation_specs", "work_items"):
                session.execute(f"DELETE FROM {table} WHERE job_id = ?", (row[0],))
    return len(telling)


def _in_lines(row: int, silent: set[tuple[int, int]]) -> bool:
    return (row, -1) in silent


def _silent(file: Path) -> Iterator[tuple[int, int]]:
    """The positions (line, column) that no test could notice; column -1 for a whole line."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        ignored: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef):
            ignored.append(node.returns)
        elif isinstance(node, ast.AnnAssign | ast.arg):
            ignored.append(node.annotation)
        elif isinstance(node, ast.ClassDef):
            ignored += node.decorator_list
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
    parser.add_argument("--seconds", type=int, default=60, help="of the processor, for the tests of one mutant")
    parser.add_argument("--minutes", type=float, default=600, help="for the mutants of one group")
    options = parser.parse_args(arguments)
    results = json.loads(_RESULTS.read_text("utf-8")) if _RESULTS.exists() else {}
    for name in options.groups:
        results[name] = run(
            name, GROUPS[name], options.tool, options.sample, options.seed, options.seconds, options.minutes
        )
        record("mutation", results)


if __name__ == "__main__":
    main()
