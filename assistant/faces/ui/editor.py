"""The address that opens a line of a note in the person's editor."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import quote

__all__ = ["editor_address"]

_DEFAULT: Final = "vscode://file/{path}:{line}"
_SCHEME: Final = re.compile(r"(?!(?:javascript|data|vbscript):)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def editor_address(path: Path, line: int) -> str | None:
    """The address for ``line`` of the file ``path`` (absolute), or None where no editor is wanted.

    ``NOTES_EDITOR`` holds an address with ``{path}`` and ``{line}``; set to nothing, or to something that is no
    address, it switches the link off.
    """
    template = os.environ.get("NOTES_EDITOR", _DEFAULT).strip()
    if not _SCHEME.match(template):
        return None
    before, placeholder, after = template.partition("{path}")
    # "file/{path}" brings the first slash of a path along, "file://{path}" does not.
    place = path.as_posix().lstrip("/") if re.search(r"[^/]/$", before) else path.as_posix()
    address = before + quote(place, safe="/:") + after if placeholder else template
    return address.replace("{line}", str(line))
