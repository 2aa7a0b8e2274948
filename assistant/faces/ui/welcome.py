"""The page where there are no notes yet: where they go, and how they get there."""

from __future__ import annotations

from html import escape
from pathlib import Path

from ...messages import Language, say
from .icons import icon

__all__ = ["add_button", "first_minute"]


def first_minute(problem: str, notes_dir: Path, language: Language, *, samples: bool, private: bool) -> str:
    """What to do where ``problem`` keeps the notes folder from being read.

    ``samples``: there are some to be added; ``private``: only this computer can open the page.
    """

    def said(key: str) -> str:
        return escape(say(f"web.first_{key}", language))

    folder = escape(str(notes_dir.absolute()))
    label = escape(say("web.copy_place", language, place=str(notes_dir.absolute())))
    sample = (
        f"<li><strong>{said('samples')}</strong><p>{said('samples_what')}</p>"
        f'<button type="button" class="nq-tool" data-samples>{icon("book")}{said("samples_add")}</button></li>'
        if samples
        else ""
    )
    kept = f'<p class="nq-first-end">{said("kept")}</p>' if private else ""
    return (
        f'<section class="nq nq-first" aria-label="{said("title")}">{icon("book")}<h2>{said("title")}</h2>'
        f'<p class="nq-first-problem">{escape(problem)}</p><ol>'
        f"<li><strong>{said('put')}</strong><p>{said('put_what')}</p>"
        f'<button type="button" class="nq-tool nq-place" data-copy="{folder}" title="{label}" aria-label="{label}">'
        f"{icon('copy')}<code>{folder}</code></button></li>"
        f"<li><strong>{said('drop')}</strong><p>{said('drop_what')}</p>{add_button(language)}</li>{sample}</ol>"
        f"{kept}</section>"
    )


def add_button(language: Language) -> str:
    """Lets the person choose note files; adding.js takes them from there."""
    label = escape(say("web.add", language))
    shown = f"{icon('plus')}<span>{label}</span>"
    return f'<button type="button" class="nq-tool" data-add aria-label="{label}">{shown}</button>'
