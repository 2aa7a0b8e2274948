"""A Markdown note -> its sections, their citable units, and the passages that are encoded.

    text --parse--> sections, each with units --passages--> text for the model, with the unit of every character

A line is what an editor counts as one. All line numbers are 1-based and inclusive.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from .markdown.blocks import Block, parse_blocks
from .markdown.captions import captions
from .markdown.decode import UnreadableNote, decode, decode_as, note_bytes, read_note
from .markdown.inline import definitions, plain, read_lines
from .markdown.passages import passages
from .markdown.sections import Passage, Section, Span, Unit, UnitKind
from .markdown.titles import title_of
from .markdown.units import Draft, draft_units
from .text import normalise, reading

__all__ = [
    "Passage",
    "Section",
    "Span",
    "Unit",
    "UnitKind",
    "UnreadableNote",
    "decode",
    "decode_as",
    "note_bytes",
    "parse",
    "passages",
    "read_note",
    "split_lines",
]

_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")
_META_KEY: Final = re.compile(r"[A-Za-z_][\w.-]*[ \t]*:(?=\s|$)")
_META_MORE: Final = re.compile(r"\s|-(?=\s|$)|#|$|[\]})]")

_CONTENTS_NAMES: Final = frozenset(
    ("目次", "もくじ", "アジェンダ", "agenda", "contents", "index", "outline", "table of contents", "toc")
)
#: A list is a table of contents from this many entries on, this share of which name headings of the file …
_CONTENTS_ENTRIES: Final = 3
_CONTENTS_SHARE: Final = 0.8
#: … and which are this share of all its headings, where its place does not say it already.
_CONTENTS_COVER: Final = 0.5
_NUMBERING: Final = re.compile(r"^[\d.\-)、(\s]+")


def split_lines(text: str) -> list[str]:
    """The lines of a file as editors count them: broken by LF, CRLF or CR and by nothing else."""
    lines = _LINE_BREAK.split(text)
    if not lines[-1]:
        lines.pop()
    return lines


def parse(text: str, file: str) -> tuple[Section, ...]:
    """The sections of a note, in order. Every non-blank line is in exactly one. Takes any text and never raises."""
    lines = split_lines(text.removeprefix("\ufeff"))
    meta = _front_matter(lines)
    references = definitions(lines)
    blocks = parse_blocks([""] * meta.stop + lines[meta.stop :])
    heads = [block for block in blocks if block.kind == "heading" and block.container is None]
    titles = [plain(block.title, references) for block in heads]

    topped = any(block.level == 1 for block in heads)
    root = () if topped else tuple(filter(None, [title_of(lines[meta.start : meta.stop])]))

    drafts: list[Draft] = []
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    for ordinal, (head, title, first, last, body) in enumerate(_slices(lines, blocks, heads, titles)):
        draft = Draft()
        if head is None:
            _add_meta(draft, lines, meta)
        else:
            path = [(level, name) for level, name in path if level < head.level] + [(head.level, title)]
            draft.images += read_lines([head.title], references)[0].images
        draft_units(draft, body, references)
        drafts.append(draft)
        sections.append(
            Section(
                file=file,
                ordinal=ordinal,
                level=head.level if head else 0,
                heading_path=(*root, *(name for _, name in path if name)) if head else (),
                heading_line=head.line if head else None,
                line_start=first,
                line_end=last,
                units=(),
                images=tuple(draft.images),
                named=bool(title),
            )
        )
    known = {_entry(title) for title in titles} - {""}
    whole = (
        replace(section, units=_mark_contents(section, draft, known))
        for section, draft in zip(sections, drafts, strict=True)
    )
    parts = itertools.chain.from_iterable(_parted(section, lines) for section in whole)
    return tuple(replace(part, ordinal=ordinal) for ordinal, part in enumerate(parts))


def _parted(section: Section, lines: Sequence[str]) -> list[Section]:
    """The section itself, or what stands before the first of its captions and what stands under each of them.

    ``lines``: of the whole note.
    """
    units = section.units
    found = captions(units)
    if not found:
        return [section]
    starts = [units[caption.line].line_start for caption in found]
    opening = units[: found[0].line]
    images = section.images if opening else ()
    begins = bool(opening) or section.heading_line is not None
    parts = (
        [replace(section, units=opening, line_end=_last_text(lines, starts[0] - 1), images=images)] if begins else []
    )
    ends = [*(caption.line for caption in found[1:]), len(units)]
    last_lines = [*(_last_text(lines, start - 1) for start in starts[1:]), section.line_end]
    for caption, start, end, line_end in zip(found, starts, ends, last_lines, strict=True):
        # What has no text before the first caption belongs to it.
        line_start = start if parts else section.line_start
        part = replace(
            section,
            level=section.level + 1,
            heading_path=(*section.heading_path, *caption.names),
            heading_line=start if start == line_start else None,
            line_start=line_start,
            line_end=line_end,
            units=tuple(_moved(unit, caption.body) for unit in units[caption.body : end]),
            images=() if begins or caption is not found[0] else section.images,
            named=True,
        )
        parts.append(part)
    return parts


def _last_text(lines: Sequence[str], number: int) -> int:
    """The line ``number``, or the last one above it that is not blank."""
    while number > 1 and not lines[number - 1].strip():
        number -= 1
    return number


def _moved(unit: Unit, by: int) -> Unit:
    """``unit`` in a section whose units begin that many later."""
    return replace(unit, parent=unit.parent - by) if unit.parent is not None and unit.parent >= by else unit


def _slices(
    lines: Sequence[str], blocks: Sequence[Block], heads: Sequence[Block], titles: Sequence[str]
) -> Iterator[tuple[Block | None, str, int, int, list[Block]]]:
    """Each section's heading, its name, its first and last line, and the blocks of its body."""
    starts: list[tuple[Block | None, str, int]] = [(None, "", 1)]
    starts += [(head, title, head.line) for head, title in zip(heads, titles, strict=True)]
    at = 0
    for index, (head, title, first) in enumerate(starts):
        end = starts[index + 1][2] if index + 1 < len(starts) else len(lines) + 1
        filled = [number for number in range(first, end) if lines[number - 1].strip()]
        body: list[Block] = []
        while at < len(blocks) and blocks[at].line < end:
            if blocks[at] is not head:
                body.append(blocks[at])
            at += 1
        if filled:
            yield head, title, filled[0], filled[-1], body


# --- front matter


def _front_matter(lines: Sequence[str]) -> range:
    """The indices of a file's front matter with its marks; empty where there is none."""
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if not lines or lines[start].rstrip() != "---":
        return range(0)
    keys = 0
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if line.rstrip() in ("---", "..."):
            return range(start, index + 1) if keys else range(0)
        if _META_KEY.match(line):
            keys += 1
        elif not _META_MORE.match(line):
            break
    return range(0)


def _add_meta(draft: Draft, lines: Sequence[str], meta: range) -> None:
    entry: list[int] = []
    for index in meta:
        line = lines[index]
        if index == meta.stop - 1 or _META_KEY.match(line):
            _add_entry(draft, lines, entry)
            entry = [index]
        elif entry and line.strip():
            entry.append(index)


def _add_entry(draft: Draft, lines: Sequence[str], entry: Sequence[int]) -> None:
    if entry and _META_KEY.match(lines[entry[0]]):
        quote = [lines[index].strip() for index in range(entry[0], entry[-1] + 1)]
        text = reading(" ".join(part for part in quote if part)).strip()
        draft.add(Unit(UnitKind.META, entry[0] + 1, entry[-1] + 1, text, "\n".join(quote)))


# --- tables of contents


def _entry(text: str) -> str:
    """A heading's name as a table of contents may repeat it."""
    text = normalise(text).strip()
    return _NUMBERING.sub("", text) or text


def _mark_contents(section: Section, draft: Draft, known: set[str]) -> tuple[Unit, ...]:
    units = list(draft.units)
    groups: dict[tuple[str, int], list[int]] = {}
    for index, group in enumerate(draft.groups):
        if group is not None and units[index].text:
            groups.setdefault(group, []).append(index)
    by_place = section.level == 0 or (section.named and normalise(section.heading_path[-1]).strip() in _CONTENTS_NAMES)
    for (kind, _), members in groups.items():
        if len(members) < _CONTENTS_ENTRIES:
            continue
        least = _CONTENTS_SHARE * len(members)
        named = {_entry(units[index].text) for index in members} & known
        matched = sum(_entry(units[index].text) in known for index in members)
        linked = sum(draft.linked[index] for index in members)
        anchored = sum(draft.anchored[index] for index in members)
        repeats = (
            matched >= least
            and len(named) >= _CONTENTS_ENTRIES
            and (by_place or len(named) >= _CONTENTS_COVER * len(known) or linked >= least)
        )
        if (repeats and (kind == "list" or linked >= least)) or anchored >= least:
            for index in members:
                units[index] = replace(units[index], kind=UnitKind.CONTENTS)
    return tuple(units)
