"""What is right and what is wrong with an installation, its notes and its index, as rows with a remedy each.

Nothing is changed by looking: the notes are read, the index is opened without migrating or mending it, and no model is
loaded. A row that can be put right without a loss carries the function that does it.
"""

from __future__ import annotations

import importlib.metadata
import platform
import posixpath
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal
from urllib.parse import unquote

from .._json import Json
from ..errors import ModelUnavailable, NotesError
from ..folder.noterows import section_identity
from ..folder.walking import FoundFile, note_files
from ..messages import Language, say
from ..model.bundled import BUNDLED_NAME, cached_model, is_whole
from ..notes import Section, UnreadableNote, decode_as, note_bytes, parse

__all__ = ["Finding", "diagnose_installation", "diagnose_notes", "left_over"]

Severity = Literal["ok", "warning", "error"]

_HOME: Final = Path(__file__).resolve().parents[2]
_OLDEST_PYTHON: Final = (3, 11)
_PINNED: Final = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)
_NAMED: Final = 5
_LEFT_SECONDS: Final = 3600.0
#: The unpacked model and an index of some size.
_LITTLE_ROOM: Final = 1 << 30
_NO_ROOM: Final = 50 << 20
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``message`` and ``remedy`` are keys of the catalogue, filled with ``values``.

    ``error`` stands for a message where the trouble is one of the assistant's errors. ``fix`` puts it right.
    """

    name: str
    severity: Severity
    message: str
    remedy: str = ""
    values: dict[str, object] = field(default_factory=dict)
    error: NotesError | ModelUnavailable | None = None
    fix: Callable[[], object] | None = field(default=None, compare=False)

    def text(self, language: Language) -> str:
        return self.error.message(language) if self.error else say(self.message, language, **self._said(language))

    def advice(self, language: Language) -> str:
        return say(self.remedy, language, **self._said(language)) if self.remedy else ""

    def to_json(self, language: Language) -> Json:
        return {
            "name": self.name,
            "severity": self.severity,
            "message": self.text(language),
            "remedy": self.advice(language),
        }

    def _said(self, language: Language) -> dict[str, object]:
        """The values, with the reasons among them in words."""
        return {
            name: _listed([(file, say(reason, language)) for file, reason in value])
            if isinstance(value, _Reasons)
            else value
            for name, value in self.values.items()
        }


class _Reasons(tuple[tuple[str, str], ...]):
    """Files with a key of the catalogue each."""


# --- the installation


def diagnose_installation(index: Path, model: str | None) -> Iterator[Finding]:
    """Python, packages, the model and the room on the disk."""
    version = platform.python_version()
    old = sys.version_info < _OLDEST_PYTHON
    key = "doctor.python.old" if old else "doctor.python.ok"
    remedy = "doctor.python.remedy" if old else ""
    yield Finding("python", "error" if old else "ok", key, remedy, {"version": version})
    yield _packages(_HOME / "requirements.txt")
    yield _model(model)
    yield _disk(index)


def _packages(requirements: Path) -> Finding:
    try:
        pinned = dict(_PINNED.findall(requirements.read_text(encoding="utf-8")))
    except OSError:
        pinned = {}
    missing, other = [], []
    for name, wanted in pinned.items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if found.partition("+")[0] != wanted:
            other.append(f"{name} {found} ({wanted})")
    if missing:
        return Finding(
            "packages", "error", "doctor.packages.missing", "doctor.packages.remedy", {"names": ", ".join(missing)}
        )
    if other:
        return Finding(
            "packages", "warning", "doctor.packages.other", "doctor.packages.remedy", {"names": ", ".join(other)}
        )
    return Finding("packages", "ok", "doctor.packages.ok", values={"count": len(pinned)})


def _model(model: str | None) -> Finding:
    if model is not None:
        is_path = model.startswith((".", "/", "~")) or model.count("/") > 1
        if is_path and not Path(model).is_dir():
            values: dict[str, object] = {"name": model}
            return Finding("model", "error", "doctor.model.gone", "doctor.model.gone_remedy", values)
        return Finding("model", "ok", "doctor.model.own", values={"name": model})
    try:
        folder = cached_model()
    except ModelUnavailable as error:
        return Finding("model", "error", "", "doctor.packages.remedy", error=error)
    values = {"name": BUNDLED_NAME, "folder": folder}
    if is_whole(folder):
        return Finding("model", "ok", "doctor.model.ok", values=values)
    if folder.exists():
        return Finding(
            "model", "error", "doctor.model.torn", "doctor.model.torn_remedy", values, fix=lambda: shutil.rmtree(folder)
        )
    return Finding("model", "ok", "doctor.model.later", values=values)


def _disk(index: Path) -> Finding:
    at = next(folder for folder in (index, *index.resolve().parents) if folder.exists())
    free = shutil.disk_usage(at).free
    severity: Severity = "error" if free < _NO_ROOM else "warning" if free < _LITTLE_ROOM else "ok"
    key = "doctor.disk.ok" if severity == "ok" else "doctor.disk.low"
    remedy = "" if severity == "ok" else "doctor.disk.remedy"
    return Finding("disk", severity, key, remedy, {"folder": at, "free": f"{free / (1 << 30):.1f}"})


def left_over(index: Path) -> Finding:
    """Files that a killed process had begun and nobody will finish."""
    found = [path for path in index.glob("*.tmp") if path.stat().st_mtime < time.time() - _LEFT_SECONDS]
    if not found:
        return Finding("leftovers", "ok", "doctor.leftovers.ok")
    return Finding(
        "leftovers",
        "warning",
        "doctor.leftovers.some",
        "doctor.leftovers.remedy",
        {"count": len(found), "names": _listed([(path.name, "") for path in found])},
        fix=lambda: _remove(found),
    )


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


# --- the notes


def diagnose_notes(folder: Path) -> Iterator[Finding]:
    """The folder, files that are not read, encodings, sections and pictures."""
    try:
        files = note_files(folder)
    except NotesError as error:
        yield Finding("notes", "error", "", error=error)
        return
    yield Finding("notes", "ok", "doctor.notes.ok", values={"count": len(files), "folder": folder})
    encodings: Counter[str] = Counter()
    skipped: list[tuple[str, str]] = []
    sections: list[Section] = []
    for item in files:
        text, encoding, problem = _read(item)
        if problem:
            skipped.append((item.path, problem))
        else:
            encodings[encoding] += 1
            sections += parse(text, item.path)
    yield _unreadable(skipped, len(files))
    names = ", ".join(f"{name} ({count})" for name, count in encodings.most_common())
    yield Finding("encodings", "ok", "doctor.encodings.ok", values={"names": names or "–"})
    yield from _sections(sections)
    yield _pictures(folder, sections)


def _read(item: FoundFile) -> tuple[str, str, str]:
    """Text, encoding, and the reason where there is neither."""
    if item.problem is not None:
        return "", "", item.problem
    try:
        return *decode_as(note_bytes(item.full)), ""
    except UnreadableNote as error:
        return "", "", error.reason


def _unreadable(skipped: Sequence[tuple[str, str]], count: int) -> Finding:
    if not skipped:
        return Finding("files", "ok", "doctor.files.ok")
    severity: Severity = "error" if len(skipped) == count else "warning"
    values: dict[str, object] = {"count": len(skipped), "files": _Reasons(skipped)}
    return Finding("files", severity, "doctor.files.some", "doctor.files.remedy", values)


def _sections(sections: Sequence[Section]) -> Iterator[Finding]:
    empty = [
        section
        for section, below in zip(sections, [*sections[1:], None], strict=False)
        if section.is_empty and not (below and below.file == section.file and below.level > section.level)
    ]
    first: dict[str, Section] = {}
    twice = []
    for section in sections:
        if section.units and not section.is_empty:
            before = first.setdefault(section_identity(section), section)
            if before is not section:
                twice.append((_place(section), _place(before)))
    for name, found in (
        ("empty_sections", [(_place(section), " > ".join(section.heading_path)) for section in empty]),
        ("duplicates", twice),
    ):
        if found:
            values: dict[str, object] = {"count": len(found), "places": _listed(found)}
            yield Finding(name, "warning", f"doctor.{name}.some", f"doctor.{name}.remedy", values)
        else:
            yield Finding(name, "ok", f"doctor.{name}.ok")


def _pictures(folder: Path, sections: Iterable[Section]) -> Finding:
    missing = [
        (_place(section), target)
        for section in sections
        for target in section.images
        if not _ELSEWHERE.match(target) and not _is_there(folder, section.file, target)
    ]
    if not missing:
        return Finding("pictures", "ok", "doctor.pictures.ok")
    values: dict[str, object] = {"count": len(missing), "places": _listed(missing)}
    return Finding("pictures", "warning", "doctor.pictures.some", "doctor.pictures.remedy", values)


def _is_there(folder: Path, note: str, target: str) -> bool:
    """Beside the note or from the notes folder, as it stands or percent-decoded: Markdown allows all of them."""
    for name in dict.fromkeys((target, unquote(target))):
        for base in (posixpath.dirname(note), ""):
            try:
                if (folder / base / name.replace("\\", "/").lstrip("/")).is_file():
                    return True
            except (OSError, ValueError):  # a name that no file can have
                continue
    return False


def _place(section: Section) -> str:
    return f"{section.file}:{section.heading_line or section.line_start}"


def _listed(items: Sequence[tuple[str, str]]) -> str:
    """The first few, each with what is said of it."""
    shown = [f"{_one_line(name)} ({_one_line(said)})" if said else _one_line(name) for name, said in items[:_NAMED]]
    return ", ".join(shown) + (f", … (+{len(items) - _NAMED})" if len(items) > _NAMED else "")


def _one_line(text: str) -> str:
    """Names can hold anything, and a terminal must not take orders from them."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
