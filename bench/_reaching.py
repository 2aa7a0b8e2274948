"""Which tests reach a line, how long each of them takes, and so which to run when that line is changed.

The tests run once under coverage.py, each in a context of its own, a fixture that several tests share in the fixture's.
What a module does when it is imported all tests reach; but of a constant only those count that reach a line that reads
it, of a function's head those that reach its body.
"""

from __future__ import annotations

import ast
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

__all__ = ["Chosen", "Reaching", "watched"]

_FIXTURE: Final = "@"
#: The context of what is run while modules are imported.
_IMPORT: Final = ""


class Chosen:
    """A plugin of pytest that runs these tests only, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._order = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self._order), key=lambda i: self._order[i.nodeid])


class _Watch:
    """A plugin of pytest that tells coverage.py which test or fixture is at work, and times the tests."""

    def __init__(self, coverage: Any) -> None:
        self._coverage = coverage
        #: Of each test by itself, and of each shared fixture.
        self.seconds: dict[str, float] = defaultdict(float)
        self.fixtures: dict[str, list[str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        self.fixtures[item.nodeid] = list(getattr(item, "fixturenames", ()))
        self._coverage.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self._coverage.switch_context(_IMPORT)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[Any]:
        if fixturedef.scope == "function":
            return (yield)
        name = f"{_FIXTURE}{fixturedef.argname}"
        before = self._coverage.switch_context(name)
        begun = time.perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[name] += time.perf_counter() - begun
            self._coverage.switch_context(before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.seconds[report.nodeid] += report.duration


def watched(arguments: Sequence[str], result: Path) -> int:
    """Runs pytest with ``arguments`` and writes to ``result`` what ``Reaching`` needs; pytest's exit status."""
    import coverage

    watching = coverage.Coverage(data_file=None, config_file=False, include=["assistant/*"])
    watch = _Watch(watching)
    watching.start()
    status = int(pytest.main(list(arguments), plugins=[watch]))
    watching.stop()
    data = watching.get_data()
    lines = {Path(file).name: data.contexts_by_lineno(file) for file in data.measured_files()}
    result.write_text(json.dumps({"lines": lines, "seconds": watch.seconds, "fixtures": watch.fixtures}), "utf-8")
    return status


class Reaching:
    """The tests that reach a line of the modules in ``folder``, from what ``watched`` wrote."""

    def __init__(self, folder: Path, result: Path) -> None:
        found = json.loads(result.read_text("utf-8"))
        self._seconds: Mapping[str, float] = found["seconds"]
        #: Of each test the shared fixtures, of each shared fixture the tests.
        self._sharing = {
            test: {f"{_FIXTURE}{name}" for name in fixtures} & self._seconds.keys()
            for test, fixtures in found["fixtures"].items()
        }
        self._using: dict[str, set[str]] = defaultdict(set)
        for test, fixtures in self._sharing.items():
            for name in fixtures:
                self._using[name].add(test)
        self._contexts = {
            file: {int(line): set(contexts) for line, contexts in lines.items()}
            for file, lines in found["lines"].items()
        }
        self.sources = {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.py"))}
        self._trees = {file: ast.parse(source) for file, source in self.sources.items()}

    def tests(self, file: str, line: int, at_most: float) -> list[str]:
        """Those that reach the line, the quickest first, as many as take ``at_most`` seconds together."""
        chosen = list[str]()
        for test in sorted(self._reach(file, line, set()), key=lambda test: (self.seconds([test]), test)):
            if chosen and self.seconds([*chosen, test]) > at_most:
                break
            chosen.append(test)
        return chosen

    def seconds(self, tests: Sequence[str]) -> float:
        """How long the tests took, with the fixtures that they share."""
        fixtures = set[str]().union(*(self._sharing[test] for test in tests))
        return sum(self._seconds.get(name, 0.0) for name in (*tests, *fixtures))

    def _reach(self, file: str, line: int, seen: set[str]) -> set[str]:
        chain = _around(self._trees[file], line)
        if not chain:
            return set(self._sharing)
        statement = chain[-1]
        function = next((node for node in reversed(chain) if isinstance(node, ast.FunctionDef)), None)
        if function is None:
            names = _assigned(statement)
            return self._reading(names - seen, seen | names) if names else set(self._sharing)
        if statement is function:
            return self._covering(file, range(function.body[0].lineno, (function.end_lineno or 0) + 1))
        return self._covering(file, _head(statement))

    def _covering(self, file: str, lines: range) -> set[str]:
        contexts = self._contexts.get(file, {})
        found = set[str]().union(*(contexts.get(line, set()) for line in lines))
        if _IMPORT in found:
            return set(self._sharing)
        return {test for context in found for test in self._using.get(context, {context})}

    def _reading(self, names: set[str], seen: set[str]) -> set[str]:
        """The tests that reach a place at which one of ``names`` is read."""
        found = set[str]()
        for file, tree in self._trees.items():
            for node in ast.walk(tree):
                name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
                if name in names and isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", None), ast.Load):
                    found |= self._reach(file, node.lineno, seen)
        return found


def _around(tree: ast.Module, line: int) -> list[ast.stmt]:
    """The statements around ``line``, the innermost last."""
    chain: list[ast.stmt] = []
    nodes: list[ast.AST] = [tree]
    while nodes:
        node = nodes.pop()
        for child in ast.iter_child_nodes(node):
            begin = min((d.lineno for d in getattr(child, "decorator_list", ())), default=getattr(child, "lineno", 0))
            if isinstance(child, ast.stmt) and begin <= line <= (child.end_lineno or 0):
                chain.append(child)
                nodes.append(child)
            elif not isinstance(child, ast.expr | ast.stmt):  # a handler, a case
                nodes.append(child)
    return chain


def _head(statement: ast.stmt) -> range:
    """The lines of a statement without those of the statements in it."""
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    if not body:
        return range(statement.lineno, (statement.end_lineno or 0) + 1)
    first = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
    return range(statement.lineno, max(first, statement.lineno + 1))


def _assigned(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return {node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)}
