"""How what goes wrong in the engine comes to the person: in both languages, with its exit code, to be raised again.

The engine does not know who asks, so the choice of the language is left to the side that does.
"""

from __future__ import annotations

from ..._json import Json
from ...errors import AssistantError, RequestError
from ...messages import Language

__all__ = ["EngineFault", "ToldError", "ToldRequestError", "error_from_json", "error_to_json"]


class ToldError(AssistantError):
    """An error of the engine, as it was told. Values: ``ja`` and ``en``, one line each."""

    def message(self, language: Language) -> str:
        return str(self.values[language])


class ToldRequestError(ToldError, RequestError):
    """The same for a request that cannot be done as asked; the next one may fare better."""


class EngineFault(Exception):
    """A fault inside of the engine: ``fault`` names it; its traceback is a note of this exception."""

    def __init__(self, fault: str, trace: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.add_note(trace)


def error_to_json(error: Exception) -> Json:
    if isinstance(error, AssistantError):
        return {
            "request": isinstance(error, RequestError),
            "exit_code": error.exit_code,
            "ja": error.message("ja"),
            "en": error.message("en"),
        }
    if isinstance(error, ModuleNotFoundError):
        return {"module": error.name}
    import traceback

    return {"fault": type(error).__name__, "trace": "".join(traceback.format_exception(error)).rstrip()}


def error_from_json(row: Json) -> Exception:
    """The exception to raise for what :func:`error_to_json` wrote; ``KeyError`` for anything else."""
    if "exit_code" in row:
        kind = ToldRequestError if row["request"] else ToldError
        told = kind(ja=row["ja"], en=row["en"])
        told.exit_code = row["exit_code"]
        return told
    if "module" in row:
        return ModuleNotFoundError(f"No module named {row['module']!r}", name=row["module"])
    return EngineFault(row["fault"], row["trace"])
