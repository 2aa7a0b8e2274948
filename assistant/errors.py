"""Everything that can go wrong and that a person is told about.

    AssistantError                     one line for the person, an exit code
    ├── RequestError            (2)    what was asked cannot be done as asked
    │   ├── EmptyQuestion
    │   ├── QuestionTooLong
    │   ├── BadRequest                 a batch line or a request body of the wrong form
    │   ├── UnknownPlace               no such section in the notes
    │   ├── NotOneQuestion             a text that holds no exam question, or several where one is asked for
    │   └── UnknownChoice              a label that the exam question does not have
    ├── NotesError              (2)    something about the notes folder
    │   ├── NotesFolderMissing
    │   ├── NotesFolderUnreadable      no permission to list it
    │   ├── NotesFolderEmpty
    │   └── NoReadableNotes            there are note files, but none of them can be read
    └── EngineError             (3)    the program or its index is broken
        ├── ModelUnavailable
        └── IndexUnusable              the index folder cannot be read or written
            ├── IndexFull              no room to write
            ├── IndexBusy              another process has been writing for longer than one waits
            └── IndexDamaged           what is written there is not what was written; is put right by ``recovery.py``

The text of a message lives in ``messages``; an error holds its key and the values to be filled in.
"""

from __future__ import annotations

from typing import Final

from .messages import Language, say

__all__ = [
    "AssistantError",
    "BadRequest",
    "EmptyQuestion",
    "EngineError",
    "IndexBusy",
    "IndexDamaged",
    "IndexFull",
    "IndexUnusable",
    "ModelUnavailable",
    "NoReadableNotes",
    "NotOneQuestion",
    "NotesError",
    "NotesFolderEmpty",
    "NotesFolderMissing",
    "NotesFolderUnreadable",
    "QuestionTooLong",
    "RequestError",
    "UnknownChoice",
    "UnknownPlace",
]

_MOST_NAMED: Final = 3


class AssistantError(Exception):
    """The root of all errors that are shown to a person as one line."""

    exit_code = 3
    http_status = 500
    key = "error.internal"

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        """One line that says what is wrong and what to do next."""
        return say(self.key, language, **self.values)


class RequestError(AssistantError):
    exit_code = 2
    http_status = 400
    key = "error.request"


class EmptyQuestion(RequestError):
    key = "error.empty_question"


class QuestionTooLong(RequestError):
    """Values: ``length`` and ``limit``, in characters."""

    http_status = 413
    key = "error.question_too_long"


class BadRequest(RequestError):
    """Values: ``where`` (a line of a batch, a field) and ``problem``."""

    key = "error.bad_request"


class UnknownPlace(RequestError):
    """Values: ``file`` and ``line``."""

    http_status = 404
    key = "error.unknown_place"


class NotOneQuestion(RequestError):
    """Values: ``reason``, a key of the message catalogue, and ``line``, or ``count`` where there are several."""

    key = "error.exam"

    def message(self, language: Language) -> str:
        return say(self.key, language, problem=say(str(self.values["reason"]), language, **self.values))


class UnknownChoice(RequestError):
    """Values: ``choice`` and ``labels``, those that there are."""

    key = "error.exam_choice"


class NotesError(AssistantError):
    exit_code = 2
    http_status = 409
    key = "error.notes"


class NotesFolderMissing(NotesError):
    """Values: ``folder``."""

    key = "error.notes_missing"


class NotesFolderEmpty(NotesError):
    """Values: ``folder``."""

    key = "error.notes_empty"


class NotesFolderUnreadable(NotesError):
    """Values: ``folder``."""

    key = "error.notes_closed"


class NoReadableNotes(NotesError):
    """Values: ``folder`` and ``skipped``, the files with the reasons."""

    key = "error.notes_unreadable"

    def message(self, language: Language) -> str:
        first = self.values["skipped"][:_MOST_NAMED]  # type: ignore[index]
        files = ", ".join(f"{item.file}: {say(item.reason, language)}" for item in first)
        return say(self.key, language, folder=self.values["folder"], files=files)


class EngineError(AssistantError):
    key = "error.engine"


class ModelUnavailable(EngineError):
    """Values: ``model`` and ``problem``."""

    key = "error.model"


class IndexUnusable(EngineError):
    """Values: ``folder`` and ``problem``."""

    key = "error.index"


class IndexFull(IndexUnusable):
    key = "error.index_full"


class IndexBusy(IndexUnusable):
    key = "error.index_busy"


class IndexDamaged(IndexUnusable):
    key = "error.index_damaged"
