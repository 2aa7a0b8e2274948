"""What other people's scripts and the README rely on.

The README has to show each command as ``app.py NAME``, and to name every option and every environment variable.
"""

from __future__ import annotations

import re
import string
from pathlib import Path

import click
import pytest

from assistant.faces.cli import cli
from assistant.messages import CATALOGUE
from assistant.records import Answer, Citation, Evidence, Hit, Place, SearchResult, Side, Status

README = Path(__file__).resolve().parents[1] / "README.md"
COMMANDS = sorted(cli.commands)
PRINTING = ["ask", "eval", "index", "search", "status"]


def options(command: click.Command) -> list[click.Option]:
    return [param for param in command.params if isinstance(param, click.Option)]


def test_the_commands_are_there() -> None:
    assert set(COMMANDS) >= {"index", "ask", "search", "status", "eval"}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_have_help_texts(name: str) -> None:
    command = cli.commands[name]
    assert command.help
    assert not [option.name for option in options(command) if not option.help]


@pytest.mark.parametrize("command", [cli, *cli.commands.values()], ids=["chat", *cli.commands])
def test_every_command_takes_the_folders(command: click.Command) -> None:
    taken = {name: option.envvar for option in options(command) for name in option.opts}
    assert (taken["--notes"], taken["--index"], taken["--model"]) == ("NOTES_DIR", "INDEX_DIR", "NOTES_MODEL")


@pytest.mark.parametrize("name", PRINTING)
def test_what_prints_a_result_can_print_json(name: str) -> None:
    assert "--json" in {opt for option in options(cli.commands[name]) for opt in option.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_shows_the_command(name: str) -> None:
    if not README.is_file():
        pytest.skip("there is no README.md yet")
    text = README.read_text(encoding="utf-8")
    assert re.search(rf"app\.py {name}\b", text), f"README.md does not show `app.py {name}`"
    for option in (*options(cli), *options(cli.commands[name])):
        for word in (*option.opts, *([option.envvar] if isinstance(option.envvar, str) else [])):
            assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text), f"README.md does not name {word}"


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_a_message_says_the_same_in_both_languages(key: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    japanese, english = CATALOGUE[key]
    assert japanese.strip()
    assert english.strip()
    assert fields(japanese) == fields(english)
    assert "\n" not in japanese + english or not key.startswith(("error.", "cli."))


# --- the JSON of the records

CITATION = Citation(1, "a.md", 1, 2, ("H",), "q", 0.912345)


def test_the_json_of_an_answer() -> None:
    answer = Answer("q", "comparison", "answered", 0.93, "…", (CITATION,), (), (Side("A", (1,)), Side("B", ())), 41)
    row = answer.to_json("id")
    assert list(row) == [
        "id",
        "question",
        "kind",
        "status",
        "support",
        "answer",
        "sides",
        "citations",
        "related",
        "elapsed_ms",
    ]
    assert row["sides"] == [{"name": "A", "citations": [1]}, {"name": "B", "citations": []}]
    cited = ["n", "file", "line_start", "line_end", "heading_path", "quote", "score"]
    assert list(row["citations"][0]) == cited
    assert list(Citation(1, "a", 1, 1, (), "q", 1.0, (Place("b", 2, 3),)).to_json()) == [*cited, "also"]
    assert "sides" not in Answer("q", "lookup", "not_found", 0.0, "…").to_json()


def test_the_json_of_a_search() -> None:
    hit = Hit(1, "a.md", 1, 2, ("H",), "text", 0.5, (Evidence(2, 2, "q", 0.4),))
    row = SearchResult("q", (hit,)).to_json()
    assert list(row) == ["question", "hits"]
    places = ["rank", "file", "line_start", "line_end", "heading_path", "text", "score", "evidence"]
    assert list(row["hits"][0]) == places
    assert list(row["hits"][0]["evidence"][0]) == ["line_start", "line_end", "quote", "score"]


def test_the_json_of_a_status() -> None:
    row = Status("n", "i", 1, 2, 3, 4, "m", None, 0).to_json()
    assert list(row)[:9] == [
        "notes_dir",
        "index_dir",
        "files",
        "sections",
        "empty_sections",
        "passages",
        "model",
        "updated_at",
        "stale_files",
    ]
