"""The language that a browser asks for."""

from __future__ import annotations

from collections.abc import Iterable

from ...messages import Language

__all__ = ["language_of_request", "requested_language"]


def language_of_request(headers: Iterable[tuple[bytes, bytes]], default: Language) -> Language:
    """:func:`requested_language` by the raw headers of a request."""
    return requested_language(dict(headers).get(b"accept-language", b"").decode("latin-1"), default)


def requested_language(accepted: str, default: Language) -> Language:
    """The first of our languages by weight in an ``Accept-Language`` header (RFC 9110); ``default`` without any."""
    best: tuple[float, Language] = (0.0, default)
    for item in accepted.split(","):
        tag, _, weight = item.strip().lower().partition(";")
        name = tag.strip().partition("-")[0]
        if name in ("ja", "en"):
            share = _weight(weight)
            if share > best[0]:
                best = (share, "ja" if name == "ja" else "en")
    return best[1]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
