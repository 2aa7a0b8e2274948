"""From the bytes of a note file to its text."""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
import time
from io import FileIO
from pathlib import Path
from typing import Final, Literal

__all__ = ["MAX_NOTE_BYTES", "SkipReason", "UnreadableNote", "decode", "decode_as", "note_bytes", "read_note"]

SkipReason = Literal[
    "skip.binary",
    "skip.encoding",
    "skip.too_large",
    "skip.unreadable",
    "skip.vanished",
    "skip.changing",
    "skip.special",
    "skip.outside",
    "skip.io",
]

#: Some 5,000 printed pages. A larger file is a log or a dump, and its sections would not fit the memory.
MAX_NOTE_BYTES: Final = 10_000_000
#: A file that grows while it is read is read again, so often and after such a pause.
_READS: Final = 4
_PAUSE_SECONDS: Final = 0.02
#: Opening a named pipe or a device would wait for its other end without this.
_OPEN: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

#: A UTF-32 mark begins with a UTF-16 one, so it is looked for first.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")
_KANA: Final = re.compile(r"[\u3040-\u30ff\u3001-\u3003\u300c-\u300f\uff01-\uff5e]")
_HALF_KANA: Final = re.compile(r"[\uff61-\uff9f]")
_ODD: Final = re.compile(r"[\ue000-\uf8ff\x80-\xa0]")
_SAMPLE: Final = 20_000


class UnreadableNote(Exception):
    """A file that cannot be read as a note. ``reason`` is a key of the message catalogue."""

    def __init__(self, reason: SkipReason) -> None:
        super().__init__(reason)
        self.reason: SkipReason = reason


def read_note(path: Path, within: Path | None = None) -> str:
    """The text of a note file, whatever Japanese encoding it is in.

    Raises ``UnreadableNote``: a part of a note that was guessed at could not be quoted. ``within``: a folder that
    ``path`` must not lead out of, by a link that was put in the place of the file since.
    """
    if within is not None and not path.resolve().is_relative_to(within.resolve()):
        raise UnreadableNote("skip.outside")
    return decode(note_bytes(path))


def note_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a note file as they were at one moment. Raises ``UnreadableNote``."""
    try:
        handle = os.open(path, _OPEN)
    except FileNotFoundError as error:
        raise UnreadableNote("skip.vanished") from error
    except PermissionError as error:
        raise UnreadableNote("skip.unreadable") from error
    except (OSError, ValueError) as error:
        special = isinstance(error, OSError) and error.errno in (errno.ENXIO, errno.ENODEV)  # a socket, no driver
        raise UnreadableNote("skip.special" if special else "skip.io") from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise UnreadableNote("skip.special")
        with os.fdopen(handle, "rb", buffering=0, closefd=False) as stream:
            return _whole(stream)
    except OSError as error:
        raise UnreadableNote("skip.io") from error
    finally:
        os.close(handle)


def _whole(stream: FileIO) -> bytes:
    """The content of an open file; one that is being written is read again until nothing moves."""
    for attempt in range(_READS):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
            stream.seek(0)
        before = os.fstat(stream.fileno())
        if before.st_size > MAX_NOTE_BYTES:
            raise UnreadableNote("skip.too_large")
        data = stream.readall()
        after = os.fstat(stream.fileno())
        if (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns) and len(data) == after.st_size:
            return data
    raise UnreadableNote("skip.changing")


def decode(data: bytes) -> str:
    """``data`` as text, without its byte order mark. Raises ``UnreadableNote``."""
    return decode_as(data)[0]


def decode_as(data: bytes) -> tuple[str, str]:
    """As :func:`decode`, with the name of the encoding as Python has it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], encoding)
            if text is None:
                raise UnreadableNote("skip.encoding")
            return _checked(text), encoding
    if b"\0" in data:
        raise UnreadableNote("skip.binary")
    if b"\x1b$" in data and (text := _strict(data, "iso2022_jp_ext")) is not None:
        return _checked(text), "iso2022_jp"
    if (text := _strict(data, "utf-8")) is not None:
        return _checked(text), "utf-8"
    if _nearly_utf8(data):
        # Most of it would make some kind of Japanese in the older encodings too.
        raise UnreadableNote("skip.encoding")
    names = ("cp932", "euc_jp", "euc_jis_2004")
    candidates = [(text, name) for name in names if (text := _strict(data, name)) is not None]
    best, encoding = max(candidates, key=lambda candidate: _japaneseness(candidate[0]), default=("", ""))
    if not best or _japaneseness(best) <= 0:
        raise UnreadableNote("skip.binary" if _looks_binary(data) else "skip.encoding")
    return _checked(best), encoding


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _checked(text: str) -> str:
    sample = text[:_SAMPLE]
    if "\0" in text or len(_CONTROL.findall(sample)) * 10 > len(sample):
        raise UnreadableNote("skip.binary")
    return text


def _nearly_utf8(data: bytes) -> bool:
    """Whether this is UTF-8 with a few bytes damaged or cut off."""
    foreign = "".join(_FOREIGN.findall(data.decode("utf-8", "replace")))
    return foreign.count("\ufffd") * 4 < len(foreign)


def _looks_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in sample) * 10 > len(sample)


def _japaneseness(text: str) -> float:
    """How much the characters beyond ASCII look like Japanese prose: about 1 for it, below 0 for mojibake.

    Kana and everyday kanji (level 1 of JIS X 0208) speak for it; half-width kana, rare kanji and lone characters
    between Latin letters are what other encodings turn into.
    """
    runs = _FOREIGN.findall(text[:_SAMPLE])
    chars = "".join(runs)
    if not chars:
        return 0.0
    score = 0.0
    kana = False
    for char in chars:
        if _KANA.match(char):
            score, kana = score + 1.0, True
        elif _HALF_KANA.match(char):
            score -= 0.3
        elif _ODD.match(char):
            score -= 1.0
        elif "\u4e00" <= char <= "\u9fff":
            score += 0.5 if _everyday(char) else -0.5
    if not kana and len(chars) < 2 * len(runs):
        score -= len(chars)
    return score / len(chars)


def _everyday(char: str) -> bool:
    try:
        return 0xB0 <= char.encode("euc_jp")[0] <= 0xCF
    except UnicodeError:
        return False
