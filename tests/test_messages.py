"""The catalogue of messages: complete in both languages, and nothing in it that nobody says."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.messages import CATALOGUE, Language, language_of, preferred_language, say

SOURCES = Path(__file__).resolve().parents[1] / "assistant"
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py") if path.parent.name != "messages")
KEY = re.compile(r"""f?["']((?:error|skip|answer|exam|cli|web|doctor)\.[a-z_.0-9]*(?:\{[^}]*\})?[a-z_.0-9]*)["']""")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def fields(text: str) -> dict[str, str]:
    return {name: spec or "" for _, name, spec, _ in string.Formatter().parse(text) if name is not None}


def errors(kind: type[AssistantError] = AssistantError) -> list[type[AssistantError]]:
    return [kind, *(error for below in kind.__subclasses__() for error in errors(below))]


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_each_language_is_itself_and_takes_the_same_values(key: str) -> None:
    japanese, english = CATALOGUE[key]
    assert fields(japanese) == fields(english)
    assert not JAPANESE.search(english)
    words = re.sub(r"\{[^}]*\}", "", japanese)
    assert JAPANESE.search(words) or not re.search(r"[a-z]{5}", words), "the Japanese is not English left as it was"


def used_keys() -> set[str]:
    return {match[1] for match in KEY.finditer(CODE)}


def test_what_the_code_says_is_in_the_catalogue() -> None:
    plain = {key for key in used_keys() if "{" not in key and not key.endswith(".")}
    files = {key for key in plain if key.endswith((".py", ".js", ".css"))}
    assert plain - files <= CATALOGUE.keys()


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    used = used_keys()
    patterns = [re.compile(re.sub(r"\\\{[^}]*\\\}", r"[a-z_0-9.]+", re.escape(key))) for key in used if "{" in key]
    unsaid = {key for key in CATALOGUE if key not in used and not any(p.fullmatch(key) for p in patterns)}
    assert unsaid == set()


@pytest.mark.parametrize("error", errors(), ids=lambda error: error.__name__)
def test_an_error_has_a_message_and_an_exit_code(error: type[AssistantError]) -> None:
    assert error.key in CATALOGUE
    assert error.exit_code in (2, 3)
    assert 400 <= error.http_status < 600


@pytest.mark.parametrize("language", ["ja", "en"])
def test_values_are_filled_in(language: Language) -> None:
    text = say("error.question_too_long", language, length=12345, limit=10000)
    assert "12,345" in text
    assert "10,000" in text
    # A value may hold braces of its own.
    assert "{folder}" in say("error.notes_missing", language, folder="{folder}")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is S3?", "en"),
        ("S3とは", "ja"),
        ("鍵", "ja"),
        ("What is 鍵?", "ja"),
        ("ｱﾏｿﾞﾝ", "ja"),
        ("Ｓ３", "en"),
        ("é ß — 42", "en"),
        ("", "en"),
    ],
)
def test_language_of_a_question(text: str, language: Language) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "C.UTF-8"}, "ja"),
        ({"LC_ALL": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, "ja"),
        ({"NOTES_LANG": "en", "LC_ALL": "ja_JP.UTF-8"}, "en"),
        ({"NOTES_LANG": "EN"}, "en"),
        ({"NOTES_LANG": "", "LANG": "en_GB"}, "en"),
    ],
)
def test_the_persons_language(environment: dict[str, str], language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOTES_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert preferred_language() == language
