"""Checks a gold file against its notes: every gold line must exist and hold what it is said to hold.

python tests/gold/check_gold.py tests/gold/corpus.jsonl corpus
"""

import collections
import json
import pathlib
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

FIELDS = {"id", "type", "lang", "question", "gold", "answerable", "gold_mode"}
GOLD_FIELDS = {"file", "line_start", "line_end", "heading_path", "must_contain", "section_start", "section_end"}


def squash(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def headings(lines: list[str]) -> dict[int, tuple[int, str]]:
    """Line number -> (level, title), code fences skipped."""
    found, fenced = {}, False
    for number, line in enumerate(lines, 1):
        if re.match(r"\s{0,3}(```|~~~)", line):
            fenced = not fenced
        elif not fenced and (match := re.match(r"(#{1,6})\s+(.*\S)", line)):
            found[number] = (len(match[1]), match[2])
    return found


def path_at(line: int, heads: dict[int, tuple[int, str]]) -> list[str]:
    path: list[tuple[int, str]] = []
    for number, (level, title) in heads.items():
        if number > line:
            break
        path = [(above, name) for above, name in path if above < level] + [(level, title)]
    return [title for _, title in path]


def problems(entry: dict[str, Any], notes: pathlib.Path) -> Iterator[str]:
    """Yields what is wrong with one gold entry of one question."""
    if missing := GOLD_FIELDS - entry.keys():
        yield f"fields missing: {sorted(missing)}"
        return
    path = notes / entry["file"]
    if not path.is_file():
        yield f"no such file: {entry['file']}"
        return
    lines = path.read_text("utf-8").splitlines()
    heads = headings(lines)
    start, end = entry["section_start"], entry["section_end"]
    first, last = entry["line_start"], entry["line_end"]
    if not 1 <= start <= first <= last <= end <= len(lines):
        yield f"lines out of order or of the file: section {start}-{end}, gold {first}-{last}, file {len(lines)}"
        return
    first_text = next((number for number, line in enumerate(lines, 1) if line.strip()), 0)
    if start not in heads and start != first_text:
        yield f"line {start} is neither a heading nor the first text of a headless block"
    if any(start < number <= end for number in heads):
        yield f"another heading lies inside {start}-{end}"
    following = next((number for number in heads if number > start), len(lines) + 1)
    if not lines[end - 1].strip() or any(map(str.strip, lines[end : following - 1])):
        yield f"line {end} is not the section's last own line"
    if path_at(start, heads) != entry["heading_path"]:
        yield f"heading path is {path_at(start, heads)}"
    body = first + 1 if first in heads else first
    if squash(entry["must_contain"]) not in squash("".join(lines[body - 1 : last])):
        yield f"must_contain not in lines {body}-{last}: {entry['must_contain']}"


def check(gold_file: pathlib.Path, notes: pathlib.Path) -> list[str]:
    rows = [json.loads(line) for line in gold_file.read_text("utf-8").splitlines() if line.strip()]
    wrong = []
    for name in ("id", "question"):
        for value, count in collections.Counter(row[name] for row in rows).items():
            if count > 1:
                wrong.append(f"{value}: {name} used {count} times")
    for row in rows:
        if missing := FIELDS - row.keys():
            wrong.append(f"{row['id']}: fields missing: {sorted(missing)}")
            continue
        if row["answerable"] != bool(row["gold"]) or row["answerable"] == row["type"].startswith("unans"):
            wrong.append(f"{row['id']}: type, answerable and gold disagree")
        sides = {side for entry in row["gold"] for side in entry.get("side", [])}
        if (row["gold_mode"] == "each_side") != (sides == {"A", "B"}) or row["gold_mode"] not in ("any", "each_side"):
            wrong.append(f"{row['id']}: gold_mode {row['gold_mode']} with sides {sorted(sides)}")
        wrong += [f"{row['id']}: {problem}" for entry in row["gold"] for problem in problems(entry, notes)]

    counts = collections.Counter(row["type"] for row in rows)
    for kind, count in sorted(counts.items()):
        print(f"{kind:20} {count:4}")
    answerable = sum(row["answerable"] for row in rows)
    print(f"{'answerable':20} {answerable:4}\n{'unanswerable':20} {len(rows) - answerable:4}")
    return wrong


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    found = check(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
