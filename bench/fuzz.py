"""Feeds each reader of text with what Hypothesis makes up, for as long as it is told.

    python -m bench.fuzz --seconds 600 --reader notes

A case that breaks a reader is printed in its smallest form; it then belongs into the tests of that reader.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import AssistantError
from assistant.examexport import read_export
from assistant.examtext import parse_exam
from assistant.followup import resolve
from assistant.limits import json_object
from assistant.notes import UnreadableNote, decode, parse, split_lines

_PIECES: Final = (
    "# ", "## ", "- ", "1. ", "> ", "```", "~~~", "| a | b |", "|---|", "---", "===", "<div>", "</div>", "<!--", "-->",
    "[x]: y", "[^1]", "![a](<b c>)", "[[a]]", "$$", "\t", "  ", "    ", "\n", "\n\n", "\r", "\u3000", "\0", "\ufeff",
    "問1", "A. ", "①", "正解: B", "解説", "どれか。", "→", "**", "_", "`", "\\",
    "違いは？", "では", "それは", "SQS", "鍵", "あ",
)  # fmt: skip
_TEXT: Final = st.lists(st.sampled_from(_PIECES) | st.text(max_size=5), max_size=120).map("".join)


def _notes(text: str) -> None:
    lines = split_lines(text.removeprefix("\ufeff"))
    sections = parse(text, "n.md")
    covered = [number for section in sections for number in range(section.line_start, section.line_end + 1)]
    assert len(covered) == len(set(covered))
    assert {number for number, line in enumerate(lines, 1) if line.strip()} <= set(covered)
    for section in sections:
        for unit in section.units:
            for quote, line in zip(unit.quote.split("\n"), lines[unit.line_start - 1 :], strict=False):
                assert quote in line


def _decode(text: str) -> None:
    for encoding in ("utf-8", "cp932", "euc_jp", "utf-16", "iso2022_jp"):
        data = text.encode(encoding, "replace")
        for part in (data, data[: len(data) // 2], data[1:]):
            with contextlib.suppress(UnreadableNote):
                decode(part).encode("utf-8", "surrogatepass")


def _exam(text: str) -> None:
    for question in parse_exam(text).questions:
        assert len(question.options) >= 2


def _json(text: str) -> None:
    with contextlib.suppress(AssistantError):
        json_object(text.encode("utf-8", "surrogatepass"), "x")
    with contextlib.suppress(AssistantError):
        read_export(text)


def _followup(text: str) -> None:
    resolve(text, [text[: len(text) // 2], text])


READERS: Final[dict[str, Callable[[str], None]]] = {
    "notes": _notes,
    "decode": _decode,
    "exam": _exam,
    "json": _json,
    "followup": _followup,
}


def fuzz(reader: str, seconds: float) -> int:
    """How many texts were read; raises what a reader raises."""
    count = 0

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(_TEXT)
    def read(text: str) -> None:
        nonlocal count
        count += 1
        READERS[reader](text)

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        read()
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0, help="for each reader")
    parser.add_argument("--reader", action="append", choices=sorted(READERS))
    options = parser.parse_args()
    for reader in options.reader or READERS:
        print(f"{reader}: {fuzz(reader, options.seconds)} texts in {options.seconds:.0f} s, nothing found", flush=True)


if __name__ == "__main__":
    main()
