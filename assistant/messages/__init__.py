"""Every sentence that a person reads, in Japanese and English, in one place.

A sentence has a key, whose first part says where it is read; each module here holds the sentences of its own prefixes.
"""

from __future__ import annotations

import os
import re
from typing import Final, Literal

from ._answers import ANSWERS
from ._doctor import DOCTOR
from ._errors import ERRORS
from ._page import PAGE
from ._terminal import TERMINAL

__all__ = ["CATALOGUE", "Language", "language_of", "preferred_language", "say"]

Language = Literal["ja", "en"]

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")

#: key -> (Japanese, English)
CATALOGUE: Final[dict[str, tuple[str, str]]] = ERRORS | ANSWERS | DOCTOR | TERMINAL | PAGE


def say(key: str, language: Language, **values: object) -> str:
    """The sentence of ``key`` with ``values`` filled in."""
    return CATALOGUE[key][0 if language == "ja" else 1].format(**values)


def language_of(text: str) -> Language:
    """The language to answer ``text`` in: Japanese as soon as it holds one Japanese character."""
    return "ja" if _JAPANESE.search(text) else "en"


def preferred_language() -> Language:
    """The person's language from the environment: English where the locale says so, else Japanese."""
    for name in ("NOTES_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "ja"
    return "ja"
