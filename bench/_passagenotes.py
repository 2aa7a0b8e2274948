"""The passages of a question set as notes without a heading."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["passage_file", "write_passages"]


def passage_file(number: int) -> str:
    return f"passage-{number:06d}.md"


def write_passages(notes: Path, passages: Mapping[int, str]) -> None:
    """Writes each of ``passages``, by their numbers, to a note of its own in ``notes``, which is made if need be."""
    notes.mkdir(exist_ok=True)
    for number, passage in passages.items():
        (notes / passage_file(number)).write_text(passage, "utf-8")
