"""From ranked sections to the lines that are quoted.

A quote is a run of a section's units that makes sense on its own: a line with what it cannot be read without, such as
the sentence that "this" points to, or the list that a line announces.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from ..asking.asked import content_words, type_held
from ..asking.form import form_of
from ..markdown.leads import leads_of
from ..naming.names import SAME_NAME, best_likeness, mentions, squash
from ..notes import Section, Unit, UnitKind
from ..search import Match, ranked_units
from ..store import SectionRow
from ..text import identifiers, is_japanese, width
from .branches import end_of_branch, is_label
from .hollow import asks_for_more, bare_subject, is_denied, is_link, tells_nothing
from .openquestions import is_open_question, is_question
from .subjects import AFTER_SUBJECT, LONGEST_SUBJECT, head_of, subject_of, without_brackets

__all__ = ["ANNOUNCES", "SECTIONS", "Quote", "choose_lookup", "quote_around", "says_what_it_is"]

# How sections' and lines' scores add up to log-odds for a line. Fitted as a listwise logistic regression on questions
# over three collections of notes, each left out in turn.
_PER_SECTION_SD: Final = 2.2
_PER_LINE_SCORE: Final = 23.0
#: What a further line of the first section is ahead by: when the best line is not the answer, it is often the next.
_SAME_SECTION: Final = 1.0
#: What a line is ahead by that begins with the name whose meaning is asked for.
_SUBJECT: Final = 5.0
#: What a line is ahead by that is the entry of a name in the question.
_ENTRY: Final = 2.0
#: What a line is behind by that is about another thing than what the question asks of, where a line beside it is.
_OF_ANOTHER: Final = 2.0
#: What a row is ahead by besides that holds what the question asks of its name, in a column of that name.
_CELL: Final = 2.0
#: What a line is ahead by that holds the kind of thing that is asked for.
_TYPED_LINE: Final = 2.0
#: What a line is behind by that asks instead of telling, or has no more than the name that something is asked of.
_TELLS_NOTHING: Final = 6.0
#: What a line is behind by that only links elsewhere, or that states what is not so.
_LINK: Final = 3.0
_DENIED: Final = 6.0
#: What code is behind by that nobody asked for: it has many names in it, and says of none what it is.
_CODE: Final = 3.0
_ASKS_CODE: Final = re.compile(
    r"コード|コマンド|スクリプト|書き方|構文|実行例|サンプル|\b(?:code|commands?|scripts?|syntax|snippets?)\b",
    re.IGNORECASE,
)
_LONGEST_ENTRY: Final = 30
SECTIONS: Final = 4
#: Quotes after the first need at least this share of its odds.
_SECOND: Final = 0.10
_THIRD: Final = 0.45
_MOST_LOOKUP: Final = 3

#: Lines of prose are quoted together up to this width (full-width characters), about a line and a half on a page.
_SHORT: Final = 60
_MOST_ANNOUNCED: Final = 10
#: How many lines below an item one that hangs under it may stand to be quoted with it.
_MOST_NESTED: Final = 3

# What points back to the line before.
_POINTS_BACK: Final = re.compile(
    r"^(?:これ|それ|この|その|こうし|そうし|そのため|したがって|よって|また[、は]|さらに|ただし|しかし|なお[、,]?|つまり|例えば|たとえば|※"
    r"|(?:this|these|it|they|that|those|so|thus|however|also|for example)\b)",
    re.IGNORECASE,
)
# What follows a name that is explained.
_AFTER_NAME: Final = re.compile(rf"って|\s[-–]|\smeans\s|\s*(?:→|->|⇒)|{AFTER_SUBJECT.pattern}", re.IGNORECASE)
_ARTICLE: Final = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
#: What says something in Japanese.
_TOLD: Final = re.compile(r"(?=.{8})\S{0,40}[ぁ-ん]")
# What follows the name in an entry, as of a glossary.
_AFTER_ENTRY: Final = re.compile("[：:＝=－]| - |―|—|\\s*(?:→|->|⇒)|(?<=[0-9][年月日])[\\s、]")
# What stands behind the name at the beginning of a line that is an entry: 「TCP … 」, 「MSK > 」.
_ENTRY_ENDS: Final = re.compile(r"とは|[：:＝…]|\s=\s|\s[-–—>＞]+\s|\s*(?:→|->|⇒)")
_MARKED: Final = re.compile(r"[○×✕✗✓✔△◯◎●■◆▼★☆※→⇒【]")
# What announces the list that follows.
ANNOUNCES: Final = re.compile(
    r"[:：、]$|以下|次の|つぎの|[0-9０-９二三四五六七八九]\s*(?:つ|個|点|種|種類|通り|とおり|段階|系統|本柱)|\bfollowing\b|\bthese\b.*:$"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """Units of one section that are quoted together; ``units`` are consecutive indices into ``section.units``."""

    row: SectionRow
    units: tuple[int, ...]
    score: float

    @property
    def section(self) -> Section:
        return self.row.section

    @property
    def parts(self) -> tuple[Unit, ...]:
        return tuple(self.row.section.units[index] for index in self.units)

    @property
    def entries(self) -> tuple[str, ...]:
        """The quotes of the items or rows in it, with what stands between them; empty where it holds none."""
        listed = any(unit.kind in (UnitKind.ITEM, UnitKind.ROW) for unit in self.parts)
        return tuple(unit.quote for unit in self.parts) if listed else ()

    @property
    def readings(self) -> tuple[str, ...]:
        """Where it holds table rows: its entries as they are read, each cell with the name of its column."""
        if not any(unit.kind is UnitKind.ROW for unit in self.parts):
            return ()
        return tuple(unit.text if unit.kind is UnitKind.ROW else unit.quote for unit in self.parts)

    @property
    def text(self) -> str:
        """The source lines, verbatim."""
        return "\n".join(unit.quote for unit in self.parts)


def quote_around(row: SectionRow, index: int, score: float) -> Quote:
    """The unit at ``index`` with the neighbours that it cannot be read without."""
    units = row.section.units
    first = last = index
    while first > 0 and _POINTS_BACK.match(units[first].text) and _follows(units, first - 1, first):
        first -= 1
    # A telegraphic line is half a statement; the next one completes it.
    while last + 1 < len(units) and _completes(units, first, last + 1):
        last += 1
    while first > 0 and _completes(units, first - 1, last):
        first -= 1
    # What hangs under another item says something only together with that; what others hang under speaks for itself.
    above = None if end_of_branch(units, first) > first else units[first].parent
    if above is not None and last - above <= _MOST_NESTED and units[above].kind is UnitKind.ITEM:
        first = above if units[first].depth > units[above].depth else first
    if ANNOUNCES.search(units[last].text.rstrip("。. ")) or _only_names(units, last):
        last = _end_of_announced(units, last)
        # A sentence that breaks off goes on in a quotation or in code, and a name for code says nothing without it.
        breaks_off = units[last].text.rstrip().endswith(("、", ","))
        before_code = last == index and last + 1 < len(units) and units[last + 1].kind is UnitKind.CODE
        last += (breaks_off or before_code) and last + 1 < len(units)
    elif last + 1 < len(units) and is_question(units[last].text) and not is_open_question(units, last):
        last = max(last + 1, min(end_of_branch(units, last), last + _MOST_ANNOUNCED))
    elif is_label(units[last]) or _heads_few(units, last):
        last = min(end_of_branch(units, last), last + _MOST_ANNOUNCED)
    return Quote(row, tuple(range(first, last + 1)), score)


def _only_names(units: Sequence[Unit], index: int) -> bool:
    """Whether a line names what the list right below it is a list of, and says nothing."""
    below = index + 1
    led = below < len(units) and leads_of(units[index : below + 1])[-1] == units[index].text != ""
    return led and subject_of(units[index].text) == units[index].text


def _heads_few(units: Sequence[Unit], index: int) -> bool:
    """Whether an item is short, and little hangs under it: "SLO: service level objective" over what that is."""
    short = units[index].kind is UnitKind.ITEM and width(units[index].text) <= _SHORT / 2
    return short and end_of_branch(units, index) - index <= _MOST_NESTED


def _follows(units: Sequence[Unit], a: int, b: int) -> bool:
    """Whether two neighbouring units are prose, with at most a blank line between, or sentences of one list item."""
    one, two = units[a], units[b]
    if one.depth != two.depth:
        return False
    if one.kind is two.kind is UnitKind.PARAGRAPH:
        return two.line_start <= one.line_end + 2
    joined = one.kind is two.kind is UnitKind.ITEM or (one.kind is UnitKind.ITEM and two.parent == a)
    return joined and two.line_start == one.line_end + 1


def _completes(units: Sequence[Unit], first: int, last: int) -> bool:
    run = units[first : last + 1]
    prose = all(unit.kind is UnitKind.PARAGRAPH for unit in run)
    joined = all(
        two.line_start == one.line_end + 1 and one.depth == two.depth and not _begins_anew(two.text)
        for one, two in itertools.pairwise(run)
    )
    return prose and joined and sum(width(unit.text) for unit in run) <= _SHORT


def _begins_anew(text: str) -> bool:
    """Whether a line says of what it speaks, or is marked, and so does not go on with the one above."""
    subject = subject_of(text, _ENTRY_ENDS)
    return _MARKED.match(text) is not None or (subject != text and width(subject) <= _SHORT / 4)


def _end_of_announced(units: Sequence[Unit], index: int) -> int:
    """The last of the list items that follow the unit at ``index`` or hang under it; ``index`` if there are none."""
    end = index
    while end + 1 < len(units) and end - index < _MOST_ANNOUNCED:
        following = units[end + 1]
        under = units[index].kind is UnitKind.ITEM and following.depth <= units[index].depth
        if following.kind is not UnitKind.ITEM or under:
            break
        end += 1
    return end


def choose_lookup(matches: Sequence[Match], defines: Sequence[str] = (), question: str = "") -> list[Quote]:
    """The line that answers most likely, then those that come near to it, of the same section or of others.

    ``defines``: the name whose meaning is asked for, then others for it; under a heading of such a name the first line
    says it, elsewhere one that begins with it. ``question``: what is asked, if the names in it are to count.
    """
    topic = _topic(question)
    odds: list[tuple[float, Match, int, float]] = []
    for match in matches[:SECTIONS]:
        lines = ranked_units(match)
        bare = bare_subject(question, match.row.section.units) if asks_for_more(question) else ""
        headed = any(_is_heading(name, match.row.section) for name in defines[:1])
        opening = min((index for index, _ in lines), key=partial(_comes_late, match.row.section), default=-1)
        strange = _lines_on_others(topic, match.row.section)
        if headed or _asks_all(question, match.row.section):
            lines.sort(key=lambda item: item[0] != opening)
        for index, score in lines:
            log_odds = _PER_SECTION_SD * (match.fused - matches[0].fused) + _PER_LINE_SCORE * min(
                0.0, score - lines[0][1]
            )
            if match is matches[0]:
                log_odds += _SAME_SECTION
            units = match.row.section.units
            unit = units[index]
            if bare and not mentions(bare, unit.text):
                log_odds -= _TELLS_NOTHING
            else:
                log_odds -= _behind(question, match.row.section, index)
            if (headed and index == opening) or any(_is_defined_at(name, units, index) for name in defines):
                log_odds += _SUBJECT
            elif question and _is_entry_of(question, unit):
                log_odds += _ENTRY + _CELL * _names_a_column(question, unit)
            elif question and _hangs_under_entry(question, units, unit):
                log_odds += _ENTRY
            if index in strange:
                log_odds -= _OF_ANOTHER
            if question and type_held(question, unit.text):
                log_odds += _TYPED_LINE
            odds.append((log_odds, match, index, score))
    odds.sort(key=lambda item: -item[0])
    quotes: list[Quote] = []
    for log_odds, match, index, score in odds:
        share = math.exp(log_odds - odds[0][0])
        if len(quotes) == _MOST_LOOKUP or share < (_SECOND if len(quotes) < 2 else _THIRD):
            break
        if not _quoted(quotes, match.row, (index,)):
            quote = quote_around(match.row, index, score)
            # Lines that an earlier quote holds already are not quoted twice.
            quotes.append(Quote(match.row, (index,), score) if _quoted(quotes, match.row, quote.units) else quote)
    return quotes


def _comes_late(section: Section, index: int) -> tuple[bool, int]:
    """By what the line that says what a section's thing is comes first: by its place, code after all others."""
    return section.units[index].kind is UnitKind.CODE, index


def _behind(question: str, section: Section, index: int) -> float:
    """What a line is behind by that tells nothing, only links elsewhere, or states what is not so."""
    if tells_nothing(question, section.units, index):
        return _TELLS_NOTHING
    behind = _LINK * is_link(section.units[index], question) + _CODE * _is_code_unasked(question, section, index)
    return behind + _DENIED * (bool(question) and is_denied(section, index))


def _is_code_unasked(question: str, section: Section, index: int) -> bool:
    """Whether a line is code, and neither its heading nor the line above has a word of what is asked beside names."""
    if section.units[index].kind is not UnitKind.CODE or _ASKS_CODE.search(question):
        return False
    around = squash(f"{section.leaf} {section.units[index - 1].text if index else ''}")
    return not any(squash(word) in around for word in content_words(question))


def _is_subject(name: str, text: str) -> bool:
    """Whether a line begins with ``name`` and goes on to say something of it."""
    plain = _ARTICLE.sub("", text)
    first, _, rest = plain.partition(" ")
    if squash(first) == squash(name) and _TOLD.match(rest):  # 「標準誤差 推定量のばらつきを表す」
        return True
    subject = subject_of(plain, _AFTER_NAME)
    if subject == plain:
        return False
    return not is_question(text) and squash(name) in {squash(one) for one in (subject, without_brackets(subject))}


def says_what_it_is(quote: Quote, names: Sequence[str]) -> bool:
    """Whether the first line quoted begins with one of the names and goes on to say something of it, there or below."""
    return any(_is_defined_at(name, quote.section.units, quote.units[0]) for name in names)


def _is_defined_at(name: str, units: Sequence[Unit], index: int) -> bool:
    """As :func:`_is_subject`; also where the line is the name and what hangs under it says something, and of a row
    that is headed by the name where another cell does.
    """
    if _is_subject(name, units[index].text):
        return True
    if units[index].kind is UnitKind.ROW:
        head, *cells = units[index].text.split(" | ")
        headed = squash(without_brackets(head.split(": ", 1)[-1])) == squash(name)
        return headed and any(_TOLD.match(cell.split(": ", 1)[-1]) for cell in cells)
    below = units[index + 1 : end_of_branch(units, index) + 1]
    return squash(units[index].text) == squash(name) and any(not is_label(unit) for unit in below)


def _topic(question: str) -> str:
    """What something is asked of; empty where its meaning is asked for, or nothing is said to be that."""
    form = form_of(question)
    return form.subject if form.topical and not form.defines and len(squash(form.subject)) > 1 else ""


def _lines_on_others(topic: str, section: Section) -> set[int]:
    """The lines of a section that say something of another thing than ``topic``, where one of them does of that."""
    if not topic or mentions(topic, section.leaf):
        return set()
    subjects = [_stated_subject(unit) for unit in section.units]
    if not any(mentions(topic, subject) for subject in subjects):
        return set()
    return {
        index
        for index, (unit, subject, lead) in enumerate(
            zip(section.units, subjects, leads_of(section.units), strict=True)
        )
        if subject and not mentions(topic, f"{lead} {unit.text}")
    }


def _stated_subject(unit: Unit) -> str:
    """What a line says something of; empty where it does not say where that ends."""
    head = head_of(unit.text, unit.kind)
    subject = subject_of(head)
    return subject if unit.kind is UnitKind.ROW or len(subject) < min(len(head), LONGEST_SUBJECT) else ""


def _is_entry_of(question: str, unit: Unit) -> bool:
    """Whether a line is the entry of a name that the question holds: "SRAM：…", the row of SRAM."""
    head = head_of(unit.text, unit.kind)
    name = head if unit.kind is UnitKind.ROW else subject_of(head, _AFTER_ENTRY)
    if name == unit.text or len(name) > _LONGEST_ENTRY:
        return False
    names = (name, without_brackets(name))
    return any(len(squash(one)) > 1 and mentions(one, question) for one in names)


def _hangs_under_entry(question: str, units: Sequence[Unit], unit: Unit) -> bool:
    """Whether a line is said of what the item is the entry of that it hangs under."""
    above = units[unit.parent] if unit.parent is not None else None
    return above is not None and above.kind is UnitKind.ITEM and _is_entry_of(question, above)


def _names_a_column(question: str, unit: Unit) -> bool:
    """Whether the question names a column of the row beside the first: 「非同期推論が向いている場面は？」."""
    if unit.kind is not UnitKind.ROW:
        return False
    columns = [cell.partition(": ")[0] for cell in unit.text.split(" | ")[1:] if ": " in cell]
    return any(len(squash(column)) > 1 and mentions(column, question) for column in columns)


def _is_heading(name: str, section: Section) -> bool:
    leaf = section.leaf
    return bool(leaf) and (mentions(leaf, name) or best_likeness(name, leaf) >= SAME_NAME)


def _asks_all(question: str, section: Section) -> bool:
    """Whether the question names a section's heading and, beside that, nothing: 「天保の改革は誰が？」."""
    leaf = squash(section.leaf)
    if len(leaf) < 2 or not is_japanese(question) or not mentions(leaf, question):
        return False
    rest = squash(question).replace(leaf, " ", 1)
    return not content_words(rest) and not identifiers(rest)


def _quoted(quotes: Iterable[Quote], row: SectionRow, units: Iterable[int]) -> bool:
    wanted = set(units)
    return any(quote.row.id == row.id and wanted & set(quote.units) for quote in quotes)
