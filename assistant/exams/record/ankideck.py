"""A deck of Anki cards from attempts at exam questions, by way of genanki."""

from __future__ import annotations

import hashlib
import html
import io
import itertools
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ...messages import Language, say
from ...records import Citation
from .attempts import Attempt, place

__all__ = ["package"]

_FIELDS: Final = ("Question", "Options", "Answer", "Explanation", "Sources")
_FRONT: Final = "{{Question}}{{Options}}"
_BACK: Final = "{{FrontSide}}<hr id=answer>{{Answer}}{{Explanation}}{{Sources}}"
_CSS: Final = """\
.card { max-width: 44em; margin: 0 auto; padding: 12px; text-align: left; background: #fbfcfd; color: #17202b;
  font: 18px/1.6 system-ui, sans-serif; --edge: #0f766e; --muted: #5b6775; }
.card.nightMode, .card.night_mode { background: #0f151d; color: #e6edf3; --edge: #2dd4bf; --muted: #9aa7b5; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.option { margin: 6px 0 0 2em; text-indent: -2em; }
.option b { display: inline-block; min-width: 2em; text-indent: 0; }
.by, .place { font-size: 14px; color: var(--muted); }
blockquote { margin: 12px 0; padding-left: 12px; border-left: 3px solid var(--edge); }
"""


def package(attempts: Iterable[Attempt], language: Language) -> bytes:
    """The bytes of an ``.apkg`` file: one note for each question, after the last of ``attempts`` at it.

    The ids of deck, note type and notes are hashes of what they stand for, so that Anki knows them again.
    """
    import genanki  # type: ignore[import-untyped]

    model = genanki.Model(
        _stable_id("note type"),
        say("exam.export.card", language),
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "1", "qfmt": _FRONT, "afmt": _BACK}],
        css=_CSS,
    )
    deck = genanki.Deck(_stable_id("deck"), say("exam.export.title", language))
    for order, attempt in enumerate({attempt.identity: attempt for attempt in attempts}.values()):
        guid = genanki.guid_for("exam question", attempt.identity)
        deck.add_note(
            genanki.Note(model, _fields(attempt, language), guid=guid, tags=_tags(attempt, language), due=order)
        )

    # What Package.write_to_file does, except that it leaves its temporary file behind.
    now = time.time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection.anki2"
        connection = sqlite3.connect(path)
        try:
            genanki.Package(deck).write_to_db(connection.cursor(), now, itertools.count(int(now * 1000)))
            connection.commit()
        finally:
            connection.close()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, path.name)
            archive.writestr("media", "{}")
    return out.getvalue()


def _stable_id(name: str) -> int:
    """In the range that Anki's own ids of decks and note types do not reach: 2**30 .. 2**31 - 1."""
    digest = hashlib.sha256(f"exam cards, {name}".encode()).digest()
    return (1 << 30) + int.from_bytes(digest[:4]) % (1 << 30)


def _tags(attempt: Attempt, language: Language) -> list[str]:
    named = {"missed": attempt.checked.correct is False, "undecided": attempt.checked.verdict == "undecided"}
    return [say(f"exam.export.tag.{name}", language) for name, holds in named.items() if holds]


def _fields(attempt: Attempt, language: Language) -> list[str]:
    question = attempt.checked.question
    by_label = {option.label: option.text for option in question.options}
    if attempt.right:
        by = say("exam.export.by_key" if question.key else "exam.export.by_notes", language)
        answer = "".join(_option(label, by_label.get(label, "")) for label in attempt.right)
    else:
        by, answer = say("exam.export.no_answer", language), ""
    return [
        _text(question.stem),
        "".join(_option(option.label, option.text) for option in question.options),
        f'<div class="by">{_escape(by)}</div>{answer}',
        _text(question.explanation) if question.explanation else "",
        "".join(map(_quote, attempt.evidence)),
    ]


def _option(label: str, text: str) -> str:
    return f'<div class="text option"><b>{_escape(label)}</b>{_escape(text)}</div>'


def _quote(citation: Citation) -> str:
    where = " > ".join((place(citation), *citation.heading_path))
    return f'<blockquote>{_text(citation.quote)}<div class="place">{_escape(where)}</div></blockquote>'


def _text(text: str) -> str:
    return f'<div class="text">{_escape(text)}</div>'


def _escape(text: str) -> str:
    # Anki looks for [sound:…] and [latex] in a field, and \x1f parts the fields.
    return html.escape(text).replace("[", "&#91;").replace("\x1f", " ")
