"""Checks a gold file of exam questions against its notes and in itself, and prints how it is composed.

python tests/gold/check_exam_gold.py tests/gold/corpus_exam.jsonl corpus

The kinds are named for notes about services; in another subject "service" stands for the thing that is named.
"""

import collections
import json
import pathlib
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

FIELDS = {
    "id",
    "text",
    "stem",
    "options",
    "answer",
    "answer_index",
    "multi",
    "negated",
    "lang",
    "decidable",
    "gold",
    "kind",
    "label_style",
    "features",
}
GOLD_FIELDS = {"option", "file", "line_start", "line_end", "must_contain", "role", "alt"}
KINDS = {
    "definition",
    "purpose->service",
    "service->purpose",
    "algorithm->task",
    "comparison",
    "compliance",
    "encryption-scheme",
    "scenario",
    "negated",
    "undecidable-topic",
    "undecidable-empty",
    "undecidable-aspect",
}
FEATURES = {
    "stem_prefix",
    "multi_line_stem",
    "one_line_options",
    "two_line_options",
    "answer_key_noise",
    "explanation_noise",
    "statements",
    "pairs",
    "numbers",
    "near_verbatim",
    "paraphrased",
    "own_words",
}
#: How far the right option's words are from the notes' line.
WORDINGS = {"near_verbatim", "paraphrased", "own_words"}


def squash(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def gold_problems(entry: dict[str, Any], notes: pathlib.Path) -> Iterator[str]:
    """Yields what is wrong with one line of the notes that is said to support or to contradict an option."""
    if missing := GOLD_FIELDS - entry.keys():
        yield f"fields missing: {sorted(missing)}"
        return
    if entry["role"] not in ("supports", "contradicts"):
        yield f"role {entry['role']}"
    path = notes / entry["file"]
    if not path.is_file():
        yield f"no such file: {entry['file']}"
        return
    lines = path.read_text("utf-8").splitlines()
    first, last = entry["line_start"], entry["line_end"]
    if not 1 <= first <= last <= len(lines):
        yield f"lines {first}-{last} of {len(lines)}"
    elif entry["must_contain"] not in "\n".join(lines[first - 1 : last]):
        yield f"must_contain not in {entry['file']}:{first}-{last}: {entry['must_contain']}"
    elif not lines[first - 1].strip() or not lines[last - 1].strip():
        yield f"{entry['file']}:{first}-{last} begins or ends with an empty line"


def text_problems(row: dict[str, Any]) -> Iterator[str]:
    """Yields what of the stem and the options is not found, in this order, in the pasted text."""
    text, position = squash(row["text"]), 0
    for part in (row["stem"], *(option["text"] for option in row["options"])):
        if (found := text.find(squash(part), position)) < 0:
            yield f"not in the text, or out of order: {part}"
        else:
            position = found + len(squash(part))


def answer_problems(row: dict[str, Any]) -> Iterator[str]:
    """Yields where labels, answer, kind and gold disagree."""
    labels = [option["label"] for option in row["options"]]
    if len(set(labels)) < len(labels) or len(labels) < 2:
        yield f"labels {labels}"
    if len({squash(option["text"]) for option in row["options"]}) < len(labels):
        yield "two options read the same"
    if row["answer_index"] != sorted(set(row["answer_index"])):
        yield f"answer_index {row['answer_index']} unordered or repeated"
    elif row["answer"] != [labels[index] for index in row["answer_index"] if 0 <= index < len(labels)]:
        yield f"answer {row['answer']}, answer_index {row['answer_index']}, labels {labels}"
    if row["answer"] and row["multi"] != (len(row["answer"]) > 1):
        yield f"multi is {row['multi']} with {len(row['answer'])} right options"
    if row["kind"] not in KINDS or set(row["features"]) - FEATURES or row["lang"] not in ("ja", "en"):
        yield f"kind {row['kind']}, lang {row['lang']}, features {row['features']}"
    if row["decidable"] != bool(row["gold"]) or row["decidable"] == row["kind"].startswith("undecidable"):
        yield "kind, decidable and gold disagree"
    if row["kind"] == "negated" and not row["negated"]:
        yield "kind negated of a question that is not"
    if not row["decidable"]:
        return
    if len(WORDINGS & set(row["features"])) != 1:
        yield "one feature should tell the wording"
    for entry in row["gold"]:
        if entry["option"] not in labels:
            yield f"gold for an option that is not there: {entry['option']}"
        elif (entry["role"] == "supports") != ((entry["option"] in row["answer"]) != row["negated"]):
            yield f"{entry['role']} for option {entry['option']}, answer {row['answer']}, negated {row['negated']}"
    for label in row["answer"]:
        if not any(entry["option"] == label and not entry["alt"] for entry in row["gold"]):
            yield f"nothing says why {label}"


def check(gold_file: pathlib.Path, notes: pathlib.Path) -> list[str]:
    rows = [json.loads(line) for line in gold_file.read_text("utf-8").splitlines() if line.strip()]
    wrong = []
    for name in ("id", "stem", "text"):
        for value, count in collections.Counter(squash(row.get(name, "")) for row in rows).items():
            if count > 1:
                wrong.append(f"{value}: {name} used {count} times")
    for row in rows:
        if row.keys() != FIELDS:
            wrong.append(f"{row.get('id')}: fields missing or unknown: {sorted(FIELDS ^ row.keys())}")
            continue
        found = [*text_problems(row), *answer_problems(row)]
        for entry in row["gold"]:
            found += gold_problems(entry, notes)
        wrong += [f"{row['id']}: {problem}" for problem in found]
    if not wrong:
        report(rows)
    return wrong


def report(rows: list[dict[str, Any]]) -> None:
    tables: dict[str, list[str]] = {
        "kind": [row["kind"] for row in rows],
        "label style": [row["label_style"] for row in rows],
        "feature": [feature for row in rows for feature in row["features"]],
        "right position": [
            f"{index + 1} of {len(row['options'])}{' (several)' if row['multi'] else ''}"
            for row in rows
            for index in row["answer_index"]
        ],
    }
    for title, values in tables.items():
        print(f"-- {title}")
        for value, count in sorted(collections.Counter(values).items()):
            print(f"{value:24} {count:4}")
    print("-- questions")
    shares = {
        "all": rows,
        "decidable": [row for row in rows if row["decidable"]],
        "negated": [row for row in rows if row["negated"]],
        "several right": [row for row in rows if row["multi"]],
        "English": [row for row in rows if row["lang"] == "en"],
    }
    for name, part in shares.items():
        print(f"{name:24} {len(part):4}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    complaints = check(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    print(*complaints, sep="\n", end="\n" if complaints else "")
    sys.exit(bool(complaints))
