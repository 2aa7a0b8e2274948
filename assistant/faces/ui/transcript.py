"""A turn of the conversation as text: to paste elsewhere, and for the file that the conversation is saved to."""

from __future__ import annotations

from collections.abc import Iterator

from ...records import Answer
from .places import crumb, place

__all__ = ["copied", "transcript"]


def transcript(result: Answer) -> str:
    """As Markdown: the question as a heading, the answer with its numbered quotes, and where each of these stands."""
    blocks = ["## " + " ".join(result.question.split()), result.text, "\n".join(_places(result))]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _places(result: Answer) -> Iterator[str]:
    shown = result.citations or (result.related if result.status == "related" else ())
    for item in shown:
        yield f"[{item.n}] {place(item.file, item.line_start, item.line_end)} — {crumb(item.heading_path, item.file)}  "


def copied(result: Answer) -> str:
    """The answer as text to paste elsewhere: question, quotes, and where they stand."""
    lines = [result.question]
    sides = result.sides if result.kind == "comparison" else ()
    by_number = {citation.n: citation for citation in result.citations}
    for side in sides:
        lines += [f"{side.name}:", *(f"- {by_number[n].quote} [{n}]" for n in side.citations if n in by_number)]
    if not sides:
        lines += [f"- {citation.quote} [{citation.n}]" for citation in result.citations]
    lines += [f"[{item.n}] {place(item.file, item.line_start, item.line_end)}" for item in result.citations]
    return "\n".join(lines)
