"""What a whole note is about, where its front matter says so rather than a heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..text import reading

__all__ = ["title_of"]

#: In characters: bounds the time.
_LONGEST: Final = 300
_TITLE: Final = re.compile(r"title[ \t]*:[ \t]*(?P<value>\S.*)")
_QUOTED: Final = re.compile(r"(?P<mark>[\"'])(?P<value>[^\"']*)(?P=mark)(?:\s*#.*)?")
_BLOCK: Final = re.compile(r"[|>][+-]?[0-9]?")
#: What publishers add: 【for beginners】, "| name of the site".
_TAGS: Final = re.compile(r"【[^【】]*】|［[^［］]*］")
_SITE: Final = re.compile(r"\s*[|｜]\s.*$|\s*｜.*$")
#: 「KMSとは？使い方をわかりやすく」: what stands behind is said of it.
_WHAT_IS: Final = re.compile(r"\s*(?:とは|って何).*$")


def title_of(front_matter: Sequence[str]) -> str:
    """The thing or question that the title of a note names; empty without one.

    Of 「KMSとは？鍵の管理を図で【初心者向け】」 it is KMS: the path of headings says what a section belongs to, and
    what else a title promises does not hold for every section.
    """
    found = next(filter(None, map(_TITLE.match, front_matter)), None)
    if found is None or _BLOCK.fullmatch(found["value"].strip()):
        return ""
    value = reading(found["value"])[:_LONGEST].strip()
    quoted = _QUOTED.fullmatch(value)
    title = (quoted["value"] if quoted else value).strip()
    for extra in (_TAGS, _SITE, _WHAT_IS):
        title = extra.sub("", title).strip() or title
    return title
