"""The pictures of the notes: which file a picture in a note names, and whether it may be shown."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

__all__ = ["PICTURE_TYPES", "find_picture", "picture_address"]

#: Raster formats only: an SVG is a document that can hold script.
PICTURE_TYPES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


def find_picture(notes_dir: Path, rel: str) -> Path | None:
    """The picture file ``rel`` under ``notes_dir``, or None for anything that is not one.

    Links are followed before the check, so that neither ``..`` nor a symbolic link leads out of the folder.
    A path is tried as it stands and percent-decoded: Markdown allows both.
    """
    for name in dict.fromkeys((rel, unquote(rel))):
        try:
            root = notes_dir.resolve(strict=True)
            path = (root / name).resolve(strict=True)
            inside = path.relative_to(root)
            if path.is_file() and path.suffix.lower() in PICTURE_TYPES and not _hidden(inside):
                return path
        except (OSError, ValueError, RuntimeError):  # missing, outside, a NUL in the name, a loop of links
            continue
    return None


def picture_address(notes_dir: Path, note: str, target: str) -> str | None:
    """The address at which the server shows ``target`` as written in the note file ``note``, or None.

    Tried beside the note, then from the notes folder, as wiki-style embeds are written.
    """
    if "://" in target or target.startswith(("//", "data:")):
        return None  # never fetched from elsewhere
    target = target.replace("\\", "/")
    for base in dict.fromkeys((posixpath.dirname(note), "")):
        rel = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
        if not rel.startswith("..") and find_picture(notes_dir, rel) is not None:
            return "/note-image/" + quote(rel)
    return None


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
