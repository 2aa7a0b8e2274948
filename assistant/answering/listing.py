"""From ranked sections to the list that a question asks for: its entries, in the notes' order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from ..asking.asked import content_words
from ..asking.form import form_of
from ..markdown.sections import LISTED
from ..naming.names import is_kana, mentions, squash
from ..notes import Unit, UnitKind
from ..search import Match
from ..store import SectionRow, Store
from ..text import identifiers
from .branches import named_branch
from .evidence import ANNOUNCES, SECTIONS, Quote, quote_around
from .openquestions import is_open_question, is_option

__all__ = ["choose_counted", "choose_list", "choose_side", "counted_out"]

_MOST_LIST_QUOTES: Final = 24
#: How far behind the first section, in standard deviations, one may be that holds a list where the first holds none.
_LIST_BEHIND: Final = 0.4
#: The same for one that is the side asked for of a thing, under a heading of that thing.
_SIDE_BEHIND: Final = 3.0
#: What asks for a list without saying of what.
_ANY_LIST: Final = re.compile("一覧|列挙|全部|全種類|種類|挙|並|何|教|項目|リスト")
#: What asks for the number of things: 「暗号化方式はいくつ」, 「方式って何種類」.
_HOW_MANY: Final = re.compile(
    r"(?:^|の|、)(?P<what>[^のはが、。?]{1,20}?)(?:の(?:種類|数))?(?:は|って|が)?"
    r"(?:いくつ(?!か|も|まで)|(?:何|なん)(?:種類?+|個|通り|とおり|つ))(?!の[^か?])"
)
_LISTS: Final = re.compile("の?(?:種類|一覧|リスト)$")
#: What a heading over a list may have of that: 「主な種類」.
_OF_A_LIST: Final = re.compile("種類|方法|理由|名前")
#: 「7つのルーティングポリシーに分類」
_GIVES_NUMBER: Final = re.compile(
    r"(?<![0-9.])(?P<number>[2-9]|1[0-2]|[二三四五六七八九])\s*(?:つ|個|点|種類?|通り|とおり|段階|タイプ)"
    r"(?!目|まで|以|未満|ごと|ずつ)(?:の(?P<of>[^、。はがをにでと]{1,20}))?"
)
_NUMERALS: Final = "〇一二三四五六七八九"
_BOLD_ENTRY: Final = re.compile(r"\*\*[^*\n]{1,80}\*\*\s*(?:[:：—–]|-{1,2}\s)")
_FEWEST_ENTRIES: Final = 3
_SHORTEST_SIDE: Final = 2


def choose_list(store: Store, question: str, matches: Sequence[Match]) -> list[Quote]:
    """All entries under the heading that the question names, in the notes' order; of its sub-sections if need be."""
    for match in matches[:SECTIONS]:
        if match.fused < matches[0].fused - _LIST_BEHIND:
            break
        container = _named_container(store, question, match.row)
        if container is not None:
            own, below = container
            quotes = [quote for row in own for quote in _lists(row, match.late)]
            if sum(len(quote.units) for quote in quotes) > 1:
                return quotes
            quotes = [quote for row in below for quote in (_lists(row, match.late) or _opening(row, match.late))]
            if len(quotes) > 1:
                return quotes[:_MOST_LIST_QUOTES]
        if quotes := _counted_below(question, match.row, match.late):
            return quotes
        branch = named_branch(question, match.row.section.units)
        if branch is not None:
            return [Quote(match.row, tuple(range(branch[0], branch[1] + 1)), match.late)]
        quotes = _of_what_is_named(question, _lists(match.row, match.late))
        if sum(len(quote.units) for quote in quotes) > 1:
            return quotes
    return []


def choose_counted(store: Store, question: str, matches: Sequence[Match]) -> list[Quote]:
    """The list of what the question asks the number of; nothing where it asks for none, or there is no such list."""
    return counted_out(question, choose_list(store, question, matches)) if _how_many(question) else []


def choose_side(question: str, matches: Sequence[Match]) -> list[Quote]:
    """The list that is named as the side that the question asks for of a thing, under a heading of that thing: what
    stands below 「ユースケース」 for "Pollyのユースケースは？". Nothing where there is none.
    """
    form = form_of(question)
    side = _LISTS.sub("", squash(form.named))
    if len(side) < _SHORTEST_SIDE:
        return []
    for match in matches[:SECTIONS]:
        if quotes := _counted_below(question, match.row, match.late):
            return quotes
    found: list[tuple[int, Quote]] = []
    for match in matches:
        beside = _beside_name(form.whole, match.row)
        if beside is None or match.fused < matches[0].fused - _SIDE_BEHIND:
            continue
        for quote in _lists(match.row, match.late):
            named = (match.row.section.leaf, _lead_of(quote))
            if len(quote.entries) > 1 and any(_ends_in(side, text) for text in named):
                found.append((beside, quote))
    return [min(found, key=lambda one: one[0])[1]] if found else []


def _counted_below(question: str, row: SectionRow, score: float) -> list[Quote]:
    """The items below one that gives their number, and holds what the question asks for beside the heading: 「7つの
    ルーティングポリシーに分類」 and the seven that follow it in the same list.
    """
    units, leaf = row.section.units, squash(row.section.leaf)
    words = [squash(word) for word in content_words(question)]
    asked = [word for word in words if word not in leaf and not _ANY_LIST.match(word)]
    for index, unit in enumerate(units):
        count, of = _number_in(unit.text) if asked and unit.kind is UnitKind.ITEM else (0, "")
        below = units[index + 1 : index + 1 + count]
        beside = all(one.kind is UnitKind.ITEM and one.parent == unit.parent for one in below)
        # 「3つのAZに複製」 heads no list of copies.
        fits = not of or any(part in of for word in asked for part in _parts_of(word))
        if (
            count
            and len(below) == count
            and beside
            and fits
            and all(_has_most(one, squash(unit.text)) for one in asked)
        ):
            return [Quote(row, tuple(range(index, index + count + 1)), score)]
    return []


def _number_in(text: str) -> tuple[int, str]:
    """The number of things that a line gives, 0 where it gives none, and what they are as far as it says so, squashed:
    "アクセス制御" and "方法" of 「アクセス制御は4つの方法に分類」, nothing of 「方式は3つある」.
    """
    plain = unicodedata.normalize("NFKC", text)
    found = _GIVES_NUMBER.search(plain)
    if found is None:
        return 0, ""
    number = _NUMERALS.index(found["number"]) if found["number"] in _NUMERALS else int(found["number"])
    before = plain[: found.start()].rstrip()
    topic = before if found["of"] and before.endswith("は") else ""
    return number, squash(topic + (found["of"] or ""))


def _has_most(word: str, text: str) -> bool:
    """Whether a text has a word, or most of its parts: 暗号化方式 of 「3種類の方式で暗号化」."""
    parts = _parts_of(word)
    return word in text or 2 * sum(part in text for part in parts) > len(parts) > 1


def _beside_name(name: str, row: SectionRow) -> int | None:
    """How many letters more than ``name`` the heading has that a section stands under and that holds it; ``None`` where
    none does. Under "Lake Formation のタグ" not all is about Lake Formation.
    """
    more = [len(squash(heading)) for heading in row.section.heading_path if mentions(name, heading)]
    return min(more) - len(squash(name)) if more else None


def _lead_of(quote: Quote) -> str:
    """The line above a list that is quoted with it, if there is one."""
    first = quote.parts[0]
    return "" if first.kind in LISTED else first.text


def counted_out(question: str, quotes: Sequence[Quote]) -> list[Quote]:
    """The lists among the ``quotes`` of what a question asks the number of; whoever sees them all can count them."""
    wanted = _how_many(question)
    # Under 「音声合成」 stands no list of 音声.
    return [
        quote
        for quote in quotes
        if wanted
        and len(quote.entries) > 1
        and (
            any(_ends_in(wanted, text) for text in (quote.section.leaf, quote.parts[0].text))
            or (_number_in(quote.parts[0].text)[0] == len(quote.parts) - 1 and wanted in squash(quote.parts[0].text))
        )
    ]


def _how_many(question: str) -> str:
    """What a question asks the number of, squashed; empty where it asks for none."""
    asked = _HOW_MANY.search(unicodedata.normalize("NFKC", question))
    return _LISTS.sub("", squash(asked["what"])) if asked else ""


def _ends_in(name: str, heading: str) -> bool:
    """Whether a heading ends in a name, as a word where its letters show that: サポート does not end in ポート."""
    before, found, after = _LISTS.sub("", squash(heading)).rpartition(name)
    if not found or after:
        return False
    joint = before[-1:] + name[0]
    return not before or not (joint.isascii() or is_kana(joint))


def _of_what_is_named(question: str, quotes: list[Quote]) -> list[Quote]:
    """Of several lists those above which stands most of what the question names; all where nothing of it does.

    Such lines are headings in all but the mark: 「暗号化方式:」, 「取り出しの種類:」.
    """
    words = [part for word in content_words(question) for part in _parts_of(word)]
    wanted = (*words, *(squash(name) for name in identifiers(question)))
    leads = [squash(_lead_of(quote)) for quote in quotes]
    held = [sum(word in lead for word in wanted) for lead in leads]
    most = max(held, default=0)
    return [quote for quote, count in zip(quotes, held, strict=True) if count == most]


def _lists(row: SectionRow, score: float) -> list[Quote]:
    """The lists and tables of a section, each in one piece, with the line that announces it."""
    units = row.section.units
    runs: list[list[int]] = []
    entries = _told_in_bold(units)
    for index, unit in enumerate(units):
        if unit.kind not in (UnitKind.ITEM, UnitKind.ROW) and index not in entries:
            continue
        if is_option(units, index) or is_open_question(units, index):
            continue
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            before = units[index - 1] if index else None
            announced = before is not None and ANNOUNCES.search(before.text.rstrip("。. ")) is not None
            runs.append([index - 1, index] if announced else [index])
    return [Quote(row, tuple(run), score) for run in runs]


def _told_in_bold(units: Sequence[Unit]) -> set[int]:
    """The paragraphs of a section that are a list in all but the mark: each begins with a name in bold."""
    found = {
        index
        for index, unit in enumerate(units)
        if unit.kind is UnitKind.PARAGRAPH and not unit.depth and _BOLD_ENTRY.match(unit.quote)
    }
    return found if len(found) >= _FEWEST_ENTRIES else set()


def _opening(row: SectionRow, score: float) -> list[Quote]:
    texts = [index for index, unit in enumerate(row.section.units) if unit.text and unit.kind is not UnitKind.IMAGE]
    return [quote_around(row, texts[0], score)] if texts else []


def _named_container(store: Store, question: str, row: SectionRow) -> tuple[list[SectionRow], list[SectionRow]] | None:
    """The innermost heading above ``row`` that the question names, unless it names the row's own: the section with its
    body, and those under it.
    """
    path = row.section.heading_path
    if not path or mentions(path[-1], question):
        return None
    for depth in range(len(path) - 1, 0, -1):
        if mentions(path[depth - 1], question):
            if _narrowed(question, path[depth - 1], path[-1]):
                return None
            within = [
                other
                for other in store.sections_of(row.section.file)
                if other.section.heading_path[:depth] == path[:depth]
            ]
            own = [other for other in within if len(other.section.heading_path) == depth]
            if not own and _asks_of_a_part(question, path[depth - 1]):
                return None
            return own, [other for other in within if len(other.section.heading_path) > depth]
    return None


def _asks_of_a_part(question: str, title: str) -> bool:
    """Whether the question, beside the ``title`` of a whole note, names what it wants of it: no heading is that, so not
    all that stands under it is a list of one thing.
    """
    rest = squash(question).replace(squash(title), " ")
    return any(not _ANY_LIST.fullmatch(word) for word in content_words(rest))


def _narrowed(question: str, name: str, leaf: str) -> bool:
    """Whether the question, beside the heading ``name``, has a word, or part of one, of the heading ``leaf`` below."""
    rest = squash(question).replace(squash(name), " ")
    words = [*content_words(rest), *_OF_A_LIST.findall(rest)]
    return any(part in squash(leaf) for word in words if len(word) > 1 for part in _parts_of(word))


def _parts_of(word: str) -> list[str]:
    """A word in kanji in its parts of two, as most compounds are made: 推論方法 -> 推論, 論方, 方法."""
    return [word] if is_kana(word) else [word[at : at + 2] for at in range(len(word) - 1)]
