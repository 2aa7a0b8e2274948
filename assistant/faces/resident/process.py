"""Where a running engine is found, and how one is started: a file, a lock and a process.

Loading the model takes seconds, a question takes milliseconds. So one process stays, the engine, and the terminal's
commands talk to it. It is either the chat or a process without a page that the first command starts.

``engine.json`` in the index folder says where it listens. Two secrets in it keep each side from trusting a stranger:
a request carries the ``token``, and the engine shows the ``seal`` before it is told a question, for a port that was
the engine's yesterday can be another program's today. The file is of use only to those who may read it (mode 0600).

Nothing but the standard library is imported here, and little of that: every command pays for it.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

try:
    import fcntl
except ImportError:  # not a Unix
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    import subprocess

__all__ = [
    "ENGINE_FILE",
    "LOG_FILE",
    "TOKEN_HEADER",
    "EngineRecord",
    "Kind",
    "LockTimeout",
    "Target",
    "log_tail",
    "new_secret",
    "read_record",
    "remove_record",
    "source_version",
    "spawn",
    "starting",
    "switched_off",
    "write_record",
]

ENGINE_FILE: Final = "engine.json"
LOG_FILE: Final = "engine.log"
_LOCK_FILE: Final = "engine.lock"
TOKEN_HEADER: Final = "x-engine-token"

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_LARGEST_RECORD: Final = 65_536
_LOCK_POLL_SECONDS: Final = 0.05
#: A lock that is a file can outlive its holder: one this old is nobody's.
_ABANDONED_SECONDS: Final = 120.0
_HOME: Final = Path(__file__).resolve().parents[3]

Kind = Literal["engine", "chat"]


class LockTimeout(Exception):
    """Another process has been starting an engine for longer than one waits."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an engine has to be about to answer a command.

    ``notes`` and ``model`` are as they were typed, relative to the current folder.
    """

    notes: Path
    index: Path
    model: str | None

    @property
    def notes_key(self) -> str:
        """The notes folder, however it was named."""
        return os.path.realpath(self.notes)

    @property
    def model_key(self) -> str | None:
        """The model: a folder however it was named, another name as it is."""
        if self.model is None or not Path(self.model).is_dir():
            return self.model
        return os.path.realpath(self.model)


@dataclass(frozen=True, slots=True)
class EngineRecord:
    """What ``engine.json`` holds. ``started`` is UTC, ISO 8601; the other fields are described above."""

    pid: int
    host: str
    port: int
    token: str
    seal: str
    version: str
    notes: str
    model: str | None
    kind: Kind
    started: str

    def serves(self, target: Target) -> bool:
        """Whether this engine is one for ``target``, by the code that is installed now."""
        wanted = (target.notes_key, target.model_key, source_version())
        return (self.notes, self.model, self.version) == wanted


def switched_off() -> bool:
    """Whether commands answer by themselves: ``ASSISTANT_ENGINE=off`` (or 0, no, false)."""
    return os.environ.get("ASSISTANT_ENGINE", "").strip().lower() in ("off", "0", "no", "false")


def new_secret() -> str:
    return os.urandom(24).hex()


def source_version() -> str:
    """Changes with the program's source files, its Python and the folder that its packages are in.

    By sizes and times: to look at each file's is a millisecond, to read them all is not.
    """
    facts = [sys.version, sys.prefix]
    folders = [str(Path(__file__).parents[2])]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    found = entry.stat()
                    facts.append(f"{entry.path}:{found.st_size}:{found.st_mtime_ns}")
                elif entry.is_dir() and not entry.name.startswith(("_", ".")):
                    folders.append(entry.path)
    return f"{zlib.crc32(chr(10).join(sorted(facts)).encode('utf-8', 'surrogateescape')):08x}"


# --- the file


def read_record(index: Path) -> EngineRecord | None:
    """The record in the folder ``index``; None where there is none, or one that is not to be relied on."""
    try:
        with (index / ENGINE_FILE).open("rb") as stream:
            if not _is_private(os.fstat(stream.fileno())):
                return None
            row = json.loads(stream.read(_LARGEST_RECORD))
    except (OSError, ValueError, RecursionError):
        return None
    return _record(row)


def write_record(index: Path, record: EngineRecord) -> None:
    """Puts ``record`` in the place of the one that was there, at once. Raises ``OSError``."""
    scratch = index / f"{ENGINE_FILE}.{record.pid}.tmp"
    scratch.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            json.dump(asdict(record), stream)
        scratch.replace(index / ENGINE_FILE)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def remove_record(index: Path, token: str) -> None:
    """Removes the file if it is the one of ``token``: a successor's stays."""
    record = read_record(index)
    if record is not None and record.token == token:
        with contextlib.suppress(OSError):
            (index / ENGINE_FILE).unlink()


def _record(row: Any) -> EngineRecord | None:
    texts = ("host", "token", "seal", "version", "notes", "kind", "started")
    if not isinstance(row, dict) or row.keys() != set(EngineRecord.__dataclass_fields__):
        return None
    if not all(isinstance(row[name], str) for name in texts) or not isinstance(row["model"], str | None):
        return None
    if not all(type(row[name]) is int and row[name] > 0 for name in ("pid", "port")) or row["port"] > 65535:
        return None
    if row["host"] not in _LOOPBACK or row["kind"] not in ("engine", "chat") or not row["token"].isalnum():
        return None
    return EngineRecord(**row)


def _is_private(facts: os.stat_result) -> bool:
    """Whether a file is ours and only ours, so that nobody else can have written it."""
    if os.name == "nt":  # there the folder's permissions are inherited, and these say nothing
        return True
    return facts.st_uid == os.geteuid() and not facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO)


# --- one starter at a time


@contextlib.contextmanager
def starting(index: Path, seconds: float) -> Iterator[None]:
    """Holds the right to start an engine in the folder ``index``.

    Waits for it at most ``seconds``, then raises :class:`LockTimeout`; raises ``OSError`` where the folder cannot
    be written, or does not keep a file to its owner.
    """
    deadline = time.monotonic() + seconds
    with _locked_file(index / _LOCK_FILE, deadline) if fcntl else _lock_by_being(index / _LOCK_FILE, deadline):
        yield


@contextlib.contextmanager
def _locked_file(path: Path, deadline: float) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _is_private(os.fstat(handle)):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                _wait(deadline)
            except OSError:
                break  # a file system without locks: two starters at once cost one start too many
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _lock_by_being(path: Path, deadline: float) -> Iterator[None]:
    """The plain way: who creates the file has the lock."""
    while True:
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            break
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                    path.unlink()
                    continue
            _wait(deadline)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _wait(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise LockTimeout
    time.sleep(_LOCK_POLL_SECONDS)


# --- the process


def spawn(target: Target) -> subprocess.Popen[bytes]:
    """Starts an engine that outlives this process and its terminal. Raises ``OSError``.

    In the current folder, so that relative names mean there what they mean here. What it has to say goes to
    ``engine.log`` in the index folder.
    """
    import subprocess

    command = [sys.executable, str(_HOME / "app.py"), "engine"]
    command += ["--notes", str(target.notes), "--index", str(target.index)]
    command += ["--model", target.model] if target.model is not None else []
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    with os.fdopen(os.open(target.index / LOG_FILE, flags, 0o600), "wb") as log:
        detached: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            detached = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **detached)


def log_tail(index: Path) -> str:
    """The last line that an engine left in its log; empty where there is none."""
    try:
        lines = (index / LOG_FILE).read_bytes()[-4096:].decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
