"""The parts of the program import one another in one direction."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "assistant"


def imported(path: Path) -> set[tuple[str, ...]]:
    """The modules of the package, each as the parts of its path, that ``path`` imports from, also within a function."""
    found: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.relative_to(PACKAGE).parts[: -node.level]
            module = (*folder, *(node.module.split(".") if node.module else ()))
            found.update((*module, name.name) if _is_package(module) else module for name in node.names)
    return found


def _is_package(module: tuple[str, ...]) -> bool:
    return PACKAGE.joinpath(*module).is_dir()


def rooms(inside: Path) -> dict[str, set[str]]:
    """For each module and folder right below ``inside`` those beside it that it imports from."""
    above = inside.relative_to(PACKAGE).parts
    uses: dict[str, set[str]] = {}
    for path in inside.rglob("*.py"):
        own = path.relative_to(inside).with_suffix("").parts[0]
        if own == "__init__":  # a package's face only hands names on
            continue
        inner = (module[len(above) :] for module in imported(path) if module[: len(above)] == above)
        uses.setdefault(own, set()).update(module[0] for module in inner if module and module[0] != own)
    return uses


FOLDERS = sorted({path.parent for path in PACKAGE.rglob("*.py")})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(PACKAGE.parent).as_posix())
def test_modules_and_folders_import_in_one_direction(folder: Path) -> None:
    uses = rooms(folder)
    try:
        order = list(TopologicalSorter(uses).static_order())
    except CycleError as error:
        pytest.fail(" imports from ".join(reversed(error.args[1])))
    assert set(uses) <= set(order)


def test_there_is_something_to_order() -> None:
    uses = rooms(PACKAGE)
    assert {"search", "store"} <= uses["answering"]
    assert uses["faces"] >= {"engine", "records"}
