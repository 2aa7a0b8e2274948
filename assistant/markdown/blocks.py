"""The block half of Markdown: the lines of a note -> headings, paragraphs, code, tables, HTML, each with its lines.

CommonMark with GFM tables by markdown-it, with rules of its own where notes mean something else than CommonMark reads:
headings with an ideographic blank or with none, ``---`` under text, list items that are indented too far, a heading or
a fence right after an HTML tag, comments that are never closed. No rule changes a line, so that line numbers hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.html_block import HTML_SEQUENCES
from markdown_it.token import Token

from ..text import is_japanese, reading, width

__all__ = ["SENTENCE_END", "Block", "Container", "parse_blocks"]

#: How a line that finishes a sentence ends.
SENTENCE_END: Final = tuple("。．.!?！？」』】）):：")

#: A list item is two levels; what is nested deeper is read as plain lines.
_MAX_NESTING: Final = 60

_HEADING: Final = re.compile(r"(#{1,6})(?!#)(?:[ \t\u3000\u00a0]+|$)|(#{2,6})(?!#)")
_ATTRIBUTES: Final = re.compile(r"\{[#.][^{}]{0,200}\}$")
_BLANKS: Final = " \t\u3000\u00a0"
_MARKERS: Final = re.compile(r"(?:[\s>]|[-*+](?=\s|$)|\d{1,9}[.)](?=\s|$))*")
_NOT_CODE: Final = re.compile(r"(?:[-*+>|・※#]|\d{1,9}[.)]\s|```|~~~)")
_INVISIBLE_START: Final = re.compile("^[\u200b\u200c\u200d\u2060\ufeff\u00ad]+")

BlockKind = Literal["heading", "paragraph", "code", "table", "html", "rule"]


@dataclass(slots=True, eq=False)
class Container:
    """A list item or a block quote around a block. ``root`` numbers the outermost list; ``unit`` is filled in later:
    the index of the item's first unit."""

    kind: Literal["item", "quote"]
    parent: Container | None
    depth: int
    root: int
    unit: int | None = None


@dataclass(slots=True)
class Block:
    """Consecutive source lines. ``lines[i]`` is what line ``line + i`` holds inside its containers, as it stands there.

    ``level`` is a heading's (its ``title`` is Markdown). ``number`` tells blocks apart.
    """

    kind: BlockKind
    line: int
    lines: list[str]
    container: Container | None = None
    level: int = 0
    title: str = ""
    number: int = 0


def _strip_markers(line: str) -> str:
    """``line`` without indentation and without list and quote markers."""
    match = _MARKERS.match(line)
    return line[match.end() if match else 0 :].strip()


def parse_blocks(lines: Sequence[str]) -> list[Block]:
    """The blocks of a note in order. Every line with text is in one of them, except the marks around code and the
    line under a table's head. Never raises."""
    prepared = [_INVISIBLE_START.sub("", line) if reading(line).strip() else "" for line in lines]
    tokens = _tokens(prepared, dashes=False)
    if not any(token.type == "heading_open" and token.level == 0 for token in tokens) and _has_dashes(prepared):
        tokens = _tokens(prepared, dashes=True)
    covered = [False] * len(prepared)
    blocks = list(_blocks(tokens, prepared, covered))
    # What the parser skipped: whatever is nested too deeply.
    for index, line in enumerate(prepared):
        if line and not covered[index] and (rest := _strip_markers(line)):
            blocks.append(Block("paragraph", index + 1, [rest]))
    blocks.sort(key=lambda block: block.line)
    for number, block in enumerate(blocks):
        block.number = number
    return blocks


def _has_dashes(lines: Sequence[str]) -> bool:
    return any(line.startswith("--") and not line.strip("- \t") for line in lines)


def _tokens(lines: Sequence[str], *, dashes: bool) -> list[Token]:
    md = _parser()
    tokens: list[Token] = []
    env: dict[str, Any] = {"dashes": dashes}
    md.block.parse("\n".join(lines), md, env, tokens)
    return tokens


def _blocks(tokens: Sequence[Token], source: Sequence[str], covered: list[bool]) -> Iterator[Block]:
    container: Container | None = None
    roots = 0
    lists = 0
    for token in tokens:
        first, end = token.map or (0, 0)
        end = min(end, len(source))
        kind: BlockKind
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists += 1
                roots += lists == 1
                continue
            case "bullet_list_close" | "ordered_list_close":
                lists -= 1
                continue
            case "list_item_open":
                container = Container("item", container, lists, roots)
                continue
            case "blockquote_open":
                container = Container("quote", container, lists, roots)
                continue
            case "list_item_close" | "blockquote_close":
                container = container.parent if container else None
                continue
            case "heading_open":
                kind, lines = "heading", token.content.split("\n")
            case "note_paragraph":
                kind, lines = "paragraph", token.content.split("\n")
            case "html_block":
                kind, lines = "html", token.content.removesuffix("\n").split("\n")
            case "table_open":
                kind, lines = (
                    "table",
                    [_strip_markers(line) if container else line.strip() for line in source[first:end]],
                )
            case "code_block" | "fence":
                kind, lines = "code", token.content.removesuffix("\n").split("\n")
            case "hr":
                kind, lines = "rule", [_strip_markers(source[first]) or source[first].strip()]
            case _:
                continue
        covered[first:end] = [True] * (end - first)
        if token.type == "fence":
            first += 1
        lines = [_verbatim(line, source[first + at]) for at, line in enumerate(lines[: len(source) - first])]
        if lines:
            yield Block(kind, first + 1, lines, container, int(token.tag[1:]) if kind == "heading" else 0, token.info)


def _verbatim(line: str, source: str) -> str:
    """``line`` as a part of its source line: a tab that is cut in half has been expanded to blanks."""
    return line if line in source else line.lstrip()


# --- the rules


@cache
def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table"])
    md.disable(["code", "reference", "lheading"])
    rules = md.block.ruler
    rules.before("fence", "indented", _indented)
    rules.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    rules.at("heading", _heading, {"alt": ["paragraph", "reference", "blockquote"]})
    rules.at("paragraph", _paragraph)
    return md


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """``# A``, ``#　A``, ``##A``, ``##``; but ``#a`` is a hashtag."""
    if state.sCount[start] - state.blkIndent > 3:
        return False
    text = _line(state, start)
    match = _HEADING.match(text)
    if match is None:
        return False
    if silent:
        return True
    title = text[match.end() :].strip(_BLANKS)
    bare = title.rstrip("#")
    # A closing run of # stands apart, or is long: one # alone belongs to the name (C#).
    if not bare or bare[-1] in _BLANKS or (match[2] and len(title) - len(bare) > 1):
        title = bare.rstrip(_BLANKS)
    state.line = start + 1
    token = state.push("heading_open", f"h{len(match[1] or match[2])}", 0)
    token.map = [start, state.line]
    token.content = text
    token.info = (_ATTRIBUTES.sub("", title) if title.endswith("}") else title).strip()
    return True


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph, or the heading that a line of ``===`` under it makes of it."""
    terminators = state.md.block.ruler.getRules("paragraph")
    outer, state.parentType = state.parentType, "paragraph"
    line = start + 1
    level = 0
    while line < state.lineMax and not state.isEmpty(line):
        indent = state.sCount[line] - state.blkIndent
        # More than three blanks, or a line that a quote goes on with: nothing but text can stand there.
        if indent <= 3 and state.sCount[line] >= 0:
            if indent >= 0 and line < end and (level := _underline(state, start, line)):
                break
            if any(rule(state, line, state.lineMax, True) for rule in terminators):
                break
        line += 1
    state.parentType = outer
    state.line = line + (1 if level else 0)
    content = state.getLines(start, line, state.blkIndent, False)
    token = state.push("heading_open" if level else "note_paragraph", f"h{level}" if level else "p", 0)
    token.map = [start, state.line]
    token.content = content
    if level:
        token.info = " ".join(part.strip() for part in content.split("\n"))
    return True


def _underline(state: StateBlock, start: int, line: int) -> int:
    """The level that ``line`` makes a heading of the lines above it, or 0."""
    text = _line(state, line).rstrip()
    mark = text[:1]
    if mark not in ("=", "-") or text.strip(mark):
        return 0
    if mark == "=":
        # Under more than a line or two it is there to separate.
        return 1 if line - start <= 2 else 0
    above = _line(state, start).strip()
    # In notes a rule is drawn right under the text. Only a file without # headings may mean a heading.
    heading = (
        state.env["dashes"]
        and len(text) > 1
        and line == start + 1
        and state.level == 0
        and (start == 0 or state.isEmpty(start - 1))
        and width(above) <= 30
        and not above.endswith(SENTENCE_END)
    )
    return 2 if heading else 0


def _indented(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Code by indentation; prose and lists that are indented too far are what they look like."""
    if silent or state.sCount[start] - state.blkIndent < 4:
        return False
    if state.src[state.bMarks[start] : state.bMarks[start] + state.tShift[start]].strip():
        # behind the marker of its list item
        return False
    line = last = start
    prose = total = 0
    judged = False
    while line < end:
        if state.isEmpty(line):
            judged = True
        elif state.sCount[line] - state.blkIndent < 4:
            break
        else:
            last = line
            if not judged:
                text = _line(state, line)
                if line == start and _NOT_CODE.match(text):
                    return False
                prose += sum(is_japanese(char) for char in text)
                total += len(text)
        line += 1
        if judged and prose * 3 > total:
            return False
    if prose * 3 > total:
        return False
    state.line = last + 1
    token = state.push("code_block", "code", 0)
    token.map = [start, state.line]
    token.content = state.getLines(start, state.line, 4 + state.blkIndent, False)
    return True


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """HTML as in CommonMark, but a heading or a fence ends it too, and a comment that is never closed hides nothing."""
    text = _line(state, start)
    if not text.startswith("<") or state.sCount[start] - state.blkIndent > 3:
        return False
    found = next(((close, may) for begin, close, may in HTML_SEQUENCES if begin.search(text)), None)
    if found is None:
        return False
    closing, interrupts = found
    if silent:
        return interrupts
    by_blank = closing.search("") is not None
    line = start if by_blank else _closing_line(state, closing, start, end)
    if line < 0:
        # Never closed. What stands in it must not be lost for that.
        by_blank, line = True, start
    line += 1
    while by_blank and line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if _heading(state, line, end, True) or _line(state, line).startswith(("```", "~~~")):
            break
        line += 1
    state.line = line
    token = state.push("html_block", "", 0)
    token.map = [start, line]
    token.content = state.getLines(start, line, state.blkIndent, False)
    return True


def _closing_line(state: StateBlock, closing: re.Pattern[str], start: int, end: int) -> int:
    # A search that failed fails again from any later line of the same stretch: without that, many are quadratic.
    failed: dict[tuple[str, int], int] = state.env.setdefault("unclosed", {})
    key = (closing.pattern, state.blkIndent)
    if start < failed.get(key, -1):
        return -1
    line = start
    while line < end and (line == start or state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        if closing.search(_line(state, line)):
            return line
        line += 1
    failed[key] = line
    return -1
