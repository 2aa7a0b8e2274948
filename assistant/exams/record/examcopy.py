"""A second copy of the record of checked questions, beside the database: ``exams.jsonl``, a line an attempt.

The notes' tables can be made again, the record cannot. Each attempt is written here before the database commits it, so
whatever becomes of ``notes.db``, what was recorded is in one of the two. A line is a checksum and an attempt's JSON;
one that was torn or damaged is told by the checksum, and the others are read all the same.

The length of the file that belongs to the database's rows is filed among them. Where it differs, one of the two has
been lost, put back or torn: each gets what only the other has.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ...limits import json_object
from ...storage.rows import dump
from .attempts import Attempt, whole

__all__ = ["ExamCopy"]

_NAME: Final = "exams.jsonl"


class ExamCopy:
    """The copy in ``folder``. Writes belong into a transaction of the database, whose lock they share.

    Methods that write raise ``OSError``.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _NAME

    def size(self) -> int:
        """Bytes; 0 where there is none."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def read(self) -> list[Attempt]:
        """Every attempt that can be read, in order."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return []
        attempts = []
        for line in data.split(b"\n"):
            checksum, _, row = line.partition(b" ")
            if checksum == _checksum(row):
                with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
                    attempts.append(Attempt.from_json(json_object(row, _NAME)))
        return attempts

    def append(self, attempt: Attempt, at: int) -> int:
        """Adds ``attempt`` to the first ``at`` bytes; returns the new size. What stood behind them is cut off."""
        line = _line(attempt)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.truncate(at)
            stream.seek(at)
            stream.write(line)
        return at + len(line)

    def rewrite(self, attempts: Iterable[Attempt]) -> int:
        """Puts ``attempts`` in the place of what was there, at once; returns the size."""
        data = b"".join(map(_line, attempts))
        scratch = self.path.with_name(f"{_NAME}.{os.getpid()}.tmp")
        scratch.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(data)
            scratch.replace(self.path)
        except BaseException:
            scratch.unlink(missing_ok=True)
            raise
        return len(data)


def _line(attempt: Attempt) -> bytes:
    row = whole(dump(attempt.to_json())).encode()
    return _checksum(row) + b" " + row + b"\n"


def _checksum(row: bytes) -> bytes:
    return b"%08x" % zlib.crc32(row)
