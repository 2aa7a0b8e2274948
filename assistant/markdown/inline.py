"""The inline half of Markdown: a few source lines -> what a person reads there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ..text import reading

__all__ = ["Line", "References", "definitions", "plain", "read_lines", "strip_html"]

References = dict[str, dict[str, str]]

_MARKUP: Final = re.compile(r"[\\`*~_=\[\]<>&!$\u205f]")
_BLANKS: Final = re.compile(r"[ \t\u3000]+")
_DEFINITION: Final = re.compile(r"[ \t>]*\[([^\[\]^][^\[\]]{0,200})\]:[ \t]*(\S{1,2000})")
#: Inline parsing is superlinear on hostile input, so that more than this is read line by line and piece by piece.
_AT_ONCE: Final = 4000
_PIECE: Final = 1000

# CommonMark decides by the neighbours whether ** opens or closes, and finds neither in 「**重要。**次」. A thin blank
# on the outer side says which it is; it is taken out again afterwards.
_HINT: Final = "\u205f"
_STRONG: Final = re.compile(r"\*\*")
_CLOSING: Final = re.compile(r"(?<=[。、．，！？）」』】》〉…：；)%\"'\]!?:.,])\*\*(?=[^\s*])")
_OPENING: Final = re.compile(r"(?<=[^\s*])\*\*(?=[（「『【《〈(\"'\[])")
_HIGHLIGHT: Final = re.compile(r"==(?=[^\s=])([^=\n]{1,300})(?<=\S)==")

_WIKI: Final = re.compile(r"(!?)\[\[([^\[\]\n]{1,300})\]\]")
_LOOSE_IMAGE: Final = re.compile(r"!\[([^\[\]\n]{0,300})\]\(([^()\n]{1,500}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?)\)")
_MATH: Final = re.compile(r"\$\$?(?![\s$])[^$\n]{1,500}(?<!\s)\$\$?(?!\d)")
_IMAGE_NAME: Final = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp|avif|heic|tiff?)$", re.IGNORECASE)

_TAG: Final = re.compile(r"<(/?)([A-Za-z][\w.:-]*)((?:[\s/][^<>]*)?)>")
_ATTRIBUTE: Final = re.compile(r"""\b(src|alt)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
_HTML: Final = (
    "a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption "
    "center cite code col colgroup data dd del details dfn dialog div dl dt em embed fieldset figcaption figure "
    "font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label "
    "legend li link main map mark menu meta nav noscript object ol optgroup option p param picture pre progress q "
    "rp rt ruby s samp script section select small source span strike strong style sub summary sup svg table "
    "tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr"
)
_TAG_NAMES: Final = frozenset(_HTML.split())
_INVISIBLE_ELEMENTS: Final = ("script", "style")


@dataclass(slots=True)
class Line:
    """One source line, read.

    ``linked``: it is a link and nothing else; ``anchored``: one into its own file; ``hard``: it ends in a hard line
    break; ``only_images``: nothing but images stand on it.
    """

    text: str = ""
    images: list[str] = field(default_factory=list)
    linked: bool = False
    anchored: bool = False
    hard: bool = False
    only_images: bool = False


def plain(text: str, references: References | None = None) -> str:
    """The reading text of one line of Markdown."""
    return read_lines([text], references or {})[0].text


def read_lines(lines: Sequence[str], references: References) -> list[Line]:
    """Reads the consecutive lines of one paragraph, one ``Line`` for each."""
    content = "\n".join(lines)
    if not _MARKUP.search(content):
        read = [Line(text=line) for line in lines]
    else:
        read = _parsed(content, references) if len(content) <= _AT_ONCE else []
        # Something that is no text went over a line break (a code span, a tag): each line for itself.
        if len(read) != len(lines):
            read = [_pieced(line, references) for line in lines]
    for source, line in zip(lines, read, strict=True):
        line.text = _BLANKS.sub(" ", reading(line.text.replace(_HINT, ""))).strip()
        line.hard = line.hard or source.endswith(("  ", "\\"))
    return read


def definitions(lines: Iterable[str]) -> References:
    """The link reference definitions of a file: they make links, but stay where they are as text."""
    found: References = {}
    for line in lines:
        if "]:" in line and (match := _DEFINITION.match(line)):
            found.setdefault(normalizeReference(match[1]), {"href": match[2].strip("<>"), "title": ""})
    return found


def strip_html(text: str) -> tuple[str, list[str]]:
    """``text`` of an HTML block without tags, comments and scripts, line for line; and the images in it."""
    text = _without(text, "<!--", "-->").replace("<!--", "")
    lowered = text.lower() if len(text.lower()) == len(text) else text
    for element in _INVISIBLE_ELEMENTS:
        if f"<{element}" in lowered:
            text = _without(text, f"<{element}", f"</{element}>")
    images: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        breaks = "\n" * match[0].count("\n")
        if not _is_markup(match) and not match[2][0].isupper():
            return match[0]
        if match[2].lower() == "img":
            source, alt = _image_attributes(match[3])
            images.extend([source] if source else [])
            return alt.replace("\n", " ") + breaks
        return (" " if match[2].lower() in ("br", "td", "th", "dd") and not breaks else "") + breaks

    return _TAG.sub(replaced, text), images


# --- the parser


class _Reader(MarkdownIt):
    """Leaves link targets as they are written."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True


@cache
def _reader() -> MarkdownIt:
    md = _Reader("commonmark", {"maxNesting": 20}).enable(["strikethrough"])
    md.inline.ruler.before("strikethrough", "math", _math)
    md.inline.ruler.before("link", "wiki", _wiki)
    md.inline.ruler.after("image", "loose_image", _loose_image)
    return md


def _math(state: StateInline, silent: bool) -> bool:
    """``$a_1 * b_1$`` as it stands: its stars and underscores are no emphasis."""
    if state.src[state.pos] != "$" or not (match := _MATH.match(state.src, state.pos, state.posMax)):
        return False
    if not silent:
        state.push("text", "", 0).content = match[0]
    state.pos = match.end()
    return True


def _wiki(state: StateInline, silent: bool) -> bool:
    """``[[page|shown]]``, ``[[page]]``, ``![[image.png|300]]``."""
    if state.src[state.pos] not in "![" or not (match := _WIKI.match(state.src, state.pos, state.posMax)):
        return False
    if not silent:
        target, _, shown = match[2].replace("\\|", "|").partition("|")
        if match[1] and _IMAGE_NAME.search(target.strip()):
            alt = "" if re.fullmatch(r"[\dx]*", shown) else shown
            _push_image(state, target.strip(), alt)
        else:
            token = state.push("wiki", "", 0)
            token.content = shown.strip() or target.strip().removeprefix("#")
            token.meta["anchored"] = target.startswith("#")
    state.pos = match.end()
    return True


def _loose_image(state: StateInline, silent: bool) -> bool:
    """``![alt](my picture.png)``: no image for CommonMark, but one for the person who wrote it."""
    if state.src[state.pos] != "!" or not (match := _LOOSE_IMAGE.match(state.src, state.pos, state.posMax)):
        return False
    if not silent:
        _push_image(state, match[2].strip(), match[1])
    state.pos = match.end()
    return True


def _push_image(state: StateInline, target: str, alt: str) -> None:
    token = state.push("image", "img", 0)
    token.attrs = {"src": target, "alt": ""}
    token.content = alt
    token.children = [Token("text", "", 0, content=alt)]


# --- from inline tokens to lines


def _pieced(line: str, references: References) -> Line:
    """Reads one line that may be very long. Markup that straddles two pieces stays in the text."""
    whole = Line()
    for piece in _pieces(line):
        for read in _parsed(piece, references):
            whole.text += read.text
            whole.images += read.images
            whole.hard |= read.hard
    whole.only_images = bool(whole.images) and not strip_html(_LOOSE_IMAGE.sub("", line))[0].strip()
    return whole


def _pieces(line: str) -> Iterator[str]:
    at = 0
    while len(line) - at > _PIECE:
        end = max(line.rfind(mark, at + _PIECE // 2, at + _PIECE) for mark in "。 ．、")
        end = end + 1 if end > 0 else at + _PIECE
        yield line[at:end]
        at = end
    yield line[at:]


def _hinted(content: str) -> str:
    """``content`` with the hints; of 「前。**強調。**次」 the first ** opens, because none is open."""
    is_open = False

    def hint(match: re.Match[str]) -> str:
        nonlocal is_open
        at = match.start()
        is_open = not (is_open and at and not content[at - 1].isspace())
        if is_open:
            return _HINT + "**" if _OPENING.match(content, at) else "**"
        return "**" + _HINT if _CLOSING.match(content, at) else "**"

    return _STRONG.sub(hint, content)


def _parsed(content: str, references: References) -> list[Line]:
    md = _reader()
    tokens: list[Token] = []
    content = content.replace(_HINT, " ")
    if "**" in content:
        content = _hinted(content)
    env: dict[str, Any] = {"references": references}
    md.inline.parse(content, md, env, tokens)
    reader = _TokenReader()
    reader.read(tokens)
    return reader.lines


class _TokenReader:
    """Collects the text of inline tokens, a new ``Line`` at each line break."""

    def __init__(self) -> None:
        self.lines = [Line()]
        self._bare = True
        self._in_image = False
        self._links = 0
        self._link_text = ""

    def read(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            self._read(token)
        if not self._in_image:
            self._close()

    def _read(self, token: Token) -> None:
        line = self.lines[-1]
        match token.type:
            case "softbreak" | "hardbreak":
                line.hard |= token.type == "hardbreak"
                self._close()
                self.lines.append(Line())
            case "image":
                target = reading(unquote(str(token.attrs.get("src", ""))))
                line.images.append(target)
                outer, self._in_image = self._in_image, True
                self.read(token.children or ())
                self._in_image = outer
            case "link_open":
                line.linked = True
                line.anchored |= str(token.attrs.get("href", "")).startswith("#")
                self._links += 1
            case "link_close":
                self._links -= 1
            case "wiki":
                line.linked = True
                line.anchored |= bool(token.meta.get("anchored"))
                self._link_text += token.content
                self._write(token.content)
            case "html_inline":
                self._read_tag(token.content)
            case "code_inline":
                self._write(token.content)
            case "text" | "text_special":
                self._write(_HIGHLIGHT.sub(r"\1", token.content))
            case _:
                # emphasis carries no text
                pass

    def _read_tag(self, tag: str) -> None:
        match = _TAG.fullmatch(tag)
        if match is None:
            # a comment or a declaration; one that holds a line break makes the count of lines differ, as it should
            return
        if not _is_markup(match):
            self._write(tag)
        elif match[2].lower() == "img":
            source, alt = _image_attributes(match[3])
            self.lines[-1].images.extend([source] if source else [])
            self.lines[-1].text += alt
        elif match[2].lower() == "br":
            self.lines[-1].text += " "
            self.lines[-1].hard = True

    def _write(self, text: str) -> None:
        self.lines[-1].text += text
        self._link_text += text if self._links else ""
        if text.strip(" \t\u3000" + _HINT):
            self.lines[-1].hard = False
            self._bare = self._bare and self._in_image

    def _close(self) -> None:
        line = self.lines[-1]
        line.only_images = self._bare and bool(line.images)
        if line.text.strip() != self._link_text.strip():
            line.linked = line.anchored = False
        self._bare, self._link_text = True, ""


def _is_markup(tag: re.Match[str]) -> bool:
    """Whether a tag is one of HTML or JSX, and not a placeholder (``<bucket>``) or a type (``List<String>``)."""
    closing, name, rest = tag.groups()
    return bool(closing) or name.lower() in _TAG_NAMES or "=" in rest or rest.endswith("/")


def _image_attributes(rest: str) -> tuple[str, str]:
    found = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(rest)}
    return reading(unquote(found.get("src", ""))), found.get("alt", "")


def _without(text: str, opening: str, closing: str) -> str:
    """``text`` without what stands between the two marks, but with its line breaks; an unclosed mark hides nothing."""
    kept: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            break
        end += len(closing)
        kept.append(text[at:start] + "\n" * text.count("\n", start, end))
        at = end
    return "".join(kept) + text[at:]
