"""Whether a line of the notes denies what a statement claims: the same words, and "not", or another amount.

Vectors hardly tell 「永続化できる」 from 「永続化できない」. This compares words, clause by clause, and tells nothing
unless all the words of the claim stand in one clause of the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ...text import is_function_word, terms

__all__ = ["Clause", "clauses_of", "denies", "topic_of", "words_of"]

#: "…ない" that affirms.
_AFFIRMS: Final = re.compile(
    r"(?:なければ|なくては|ねば)(?:なら|いけ|なり)(?:ない|ません)|(?:欠かせ|やむを得|差し支え|構わ|かまわ|違い)ない|少なくとも"
)
_NOTHING_BUT: Final = re.compile(r"しか([^、。]{1,16}?)(?:ない|ません)")
#: A word that is the denial of another one.
_DENIALS: Final = (
    (re.compile("不要"), "必要なし"),
    (re.compile("不可能?"), "可能なし"),
    (re.compile("無効"), "有効なし"),
    (re.compile("(?:非|未)(?P<word>対応|公開|推奨|サポート)"), r"\g<word>なし"),
    (re.compile("(?:サポート|対応|対象)の?(?:範囲)?外"), "対応なし"),
)
#: Words that are written in kana as well: 送ったあとで.
_TIMES: Final = ((re.compile("あと(?=[でにはか])"), "後"), (re.compile("まえ(?=[でにはか])"), "前"))
_PLACES: Final = re.compile("[かカヵケ](?=[所月国条年])")
#: Where a clause ends: behind a verb or a reason; not within a list of nouns.
_CLAUSE: Final = re.compile(
    r"[。．!?！？\n;；]|\.(?![0-9A-Za-z])|(?<=[しりくてがずいるたきみびちぎえけせめれうあ])、|(?:ため(?!の)|ので|けれども?|ものの)(?:に|は|には)?、?|ではなく、?"
    r"|,\s+|\b(?:but|while|whereas|because|if|when)\b"
)
_NOT: Final = re.compile(
    r"ない|なく(?!て)|なかった|ません|無い|無く|無し|なし|ず(?=に|[、。\s]|$)|ではなく|\b(?:not|cannot|never|no|neither|unable|without)\b|n['’]t\b",
    re.IGNORECASE,
)
#: Behind the denial of the verb.
_END: Final = re.compile(
    r"(?:こと|もの|の|点)?(?:(?:に|と)?(?:なる|する|いる|なり|なった)|が(?:ある|あり|可能)|である|です|だ|という)?[\s)）」』、。]*"
)
_WORD: Final = re.compile(
    r"[ァ-ヺー]{2,}|[一-龥々〆]{2,}|[A-Za-z][A-Za-z0-9]*(?:[-_/.][A-Za-z0-9]+)*|(?<![一-龥々〆])[一-龥](?![一-龥々〆])"
)
#: What only says that something is so or can be done, and what is part of every second verb.
_LIGHT: Final = re.compile(
    "機能|可能|利用|使用|方法|提供|場合|行為|必要|有効|対応|サポート|サービス|特徴|記述|説明|現在|もの|[持有使用行出来得言思成在居間等者的性時方各他主何事物点様型式化済表示指述]"
    "|can|does|has|have|support(?:s|ed)?|provide[sd]?"
)
#: What a thing is called beside its name: 音声データ.
_KIND: Final = re.compile("(?<=[一-龥ァ-ヺー])(?:データ|情報)(?=[をにがはへの])")
_NUMBER: Final = re.compile(
    r"(?P<before>[ァ-ヺー]{2,8}|[一-龥]{2,4}|[A-Za-z]{2,12})?\s*(?<![A-Za-z0-9.-])(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)"
    r"\s*(?P<unit>[ァ-ヺー]{1,8}|[一-龥ヶつ%]{1,2}|[A-Za-z%]{1,3}(?![A-Za-z]))?"
)
#: A run of letters other than hiragana, and the particle behind it.
_TOKEN: Final = re.compile(
    r"(?P<run>[A-Za-z0-9ァ-ヺー一-龥々〆]+)(?P<role>を|に(?!よ)|へ|から|まで|より|が|は|で(?!き|は?な|あ|す|も)|の|と|や)?"
)
_CASES: Final = {
    "を": "を",
    "に": "に",
    "へ": "に",
    "で": "で",
    "が": "が",
    "は": "が",
    "から": "から",
    "より": "から",
    "まで": "まで",
}
_LISTED: Final = frozenset("とや")
_INTO: Final = re.compile(r"\b(?P<what>[a-z]{3,}) (?:in)?to (?:an? |the )?(?P<into>[a-z]{3,})\b", re.IGNORECASE)
_ONLY: Final = re.compile(
    r"(?P<what>[ァ-ヺー]{2,}|[一-龥々〆]+|[A-Za-z0-9]{2,})(?:に|で|を|と|から)?(?:だけ|のみ|ばかり)(?!で?は?なく|ならず)"
)
_NOT_ONLY: Final = r"(?:に|で|を|と|から)?(?:だけ|のみ)(?:で?は?なく|ならず)"
_TOPIC: Final = re.compile(r"\s*(?P<topic>[^。、はがを]{1,40}?)(?:では|には|とは|は|なら(?![なね]))(?!ない|なく)")
#: A subject and something behind it.
_SUBJECT: Final = re.compile(r"[^ぁ-ん][がは](?=.)")
_MOST_CLAUSES: Final = 12
#: In characters; of a longer text the beginning is read.
_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Clause:
    """``words``: those that carry content. ``denied``: whether its verb is. ``without``: what else in it is denied.
    ``numbers``: each with the word before it and its unit. ``frames``: who does it, to what, with what: the nouns that
    stand with a particle before a verb. ``only``: what alone it is said of.
    """

    text: str
    words: tuple[str, ...]
    denied: bool
    without: frozenset[str]
    numbers: tuple[tuple[str, str, str], ...]
    frames: Mapping[tuple[str, str], frozenset[str]]
    only: frozenset[str]


def topic_of(claim: str) -> str:
    """What a Japanese statement is about, before its は; empty without one."""
    match = _TOPIC.match(unicodedata.normalize("NFKC", claim[:_LONGEST]))
    return match["topic"].strip(' 「『"') if match else ""


def denies(claim: str, line: str, given: str = "") -> bool | None:
    """Whether ``line`` says otherwise than ``claim`` (True) or the same (False); ``None`` where that can't be told.

    ``given``: what the line is about, which it need not say. The topic of the claim may stand there, or anywhere in
    the line.
    """
    plain = unicodedata.normalize("NFKC", claim[:_LONGEST])
    topic = topic_of(plain)
    held = unicodedata.normalize("NFKC", f"{line[:_LONGEST]} {given[:_LONGEST]}").casefold()
    if not all(word in held for word in words_of(topic)):
        return None
    match = _TOPIC.match(plain)
    rest = plain[match.end() :] if match else plain
    said = clauses_of(rest if words_of(rest) or _NUMBER.search(rest) else plain)
    there = clauses_of(line)
    told = [_told(clause, there) for clause in said]
    if True in told:
        return True
    return None if None in told or not told else False


def _told(claim: Clause, line: Sequence[Clause]) -> bool | None:
    """Whether one of the clauses ``line`` denies the claim."""
    if any(re.search(f"{re.escape(word)}{_NOT_ONLY}", clause.text) for word in claim.only for clause in line):
        return True
    if not claim.words and not claim.numbers:
        return None
    for clause in line:
        if not _holds(clause.text, claim.words) or claim.without != clause.without:
            continue
        numbers = [_number_told(number, clause.numbers) for number in claim.numbers]
        if None in numbers:
            continue
        if any(numbers):
            return True
        if claim.only - clause.only:
            return True if any(_shared_with_others(word, clause.text) for word in claim.only - clause.only) else None
        if _is_another(claim.frames, line):
            return True
        return clause.denied != claim.denied
    return None


def _number_told(number: tuple[str, str, str], others: Sequence[tuple[str, str, str]]) -> bool | None:
    """Whether another number stands in the place of ``number``; ``None`` where none does."""
    before, value, unit = number
    if unit:
        there = [other for _, other, counted in others if counted == unit]
    elif before:
        there = [other for word, other, _ in others if word == before]
    else:
        there = [other for _, other, _ in others if len(other) == len(value) > 1]
    return value not in there if there else None


def _shared_with_others(word: str, text: str) -> bool:
    """Whether the text says something of other things as well as of ``word``."""
    return (
        re.search(
            rf"{re.escape(word)}(?:{_NOT_ONLY}|と|や|、|も|など|・)|(?:と|や|、|・){re.escape(word)}",
            text,
            re.IGNORECASE,
        )
        is not None
    )


@lru_cache(maxsize=4096)
def clauses_of(text: str) -> tuple[Clause, ...]:
    """The clauses of a text, as far as they hold any words."""
    plain = _PLACES.sub("ヶ", unicodedata.normalize("NFKC", text[:_LONGEST]))
    plain = _NOTHING_BUT.sub(r"だけ\1る", _AFFIRMS.sub("る", plain))
    for pattern, word in (*_DENIALS, *_TIMES):
        plain = pattern.sub(word, plain)
    found = [one for part in _CLAUSE.split(plain)[:_MOST_CLAUSES] for one in _side_by_side(part)]
    return tuple(_clause(part.strip()) for part in found if terms(part))


def _side_by_side(part: str) -> list[str]:
    """「亜鉛が負極、銅が正極」 in two; a list of nouns stays whole."""
    found = [""]
    for piece in part.split("、"):
        if _SUBJECT.search(found[-1]) and _SUBJECT.search(piece):
            found.append(piece)
        else:
            found[-1] = f"{found[-1]}、{piece}" if found[-1] else piece
    return found


def _clause(text: str) -> Clause:
    numbers = tuple(
        ((match["before"] or "").casefold(), match["number"].replace(",", ""), (match["unit"] or "")[:2].casefold())
        for match in _NUMBER.finditer(text)
    )
    only = frozenset(match["what"].casefold() for match in _ONLY.finditer(text))
    return Clause(text, words_of(text), *_denied(text), numbers, _frames(text), only)


def _denied(text: str) -> tuple[bool, frozenset[str]]:
    """Whether the verb of a clause is denied, and what else in it is: the two characters before that."""
    found = list(_NOT.finditer(text))
    ends = bool(found) and (found[-1].group()[0].isascii() or _END.fullmatch(text, found[-1].end()) is not None)
    inner = found[:-1] if ends else found
    return ends, frozenset(text[max(0, match.start() - 2) : match.start()] for match in inner)


def _frames(text: str) -> dict[tuple[str, str], frozenset[str]]:
    """Which nouns stand with which particle before a verb: 「公開鍵で暗号化」 -> (暗号化, で): 公開鍵."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    waiting: list[tuple[str, str]] = []
    listed: list[str] = []
    for match in _TOKEN.finditer(text.casefold()):
        run, role = match["run"], match["role"] or ""
        if role in _CASES:
            waiting += [(noun, _CASES[role]) for noun in (run, *listed)]
            listed = []
        elif role == "の":
            listed = []
        elif role in _LISTED:
            listed.append(run)
        else:
            for noun, case in waiting:
                found[run, case] = found.get((run, case), frozenset()) | {noun}
            waiting, listed = [], []
    for match in _INTO.finditer(text):
        found |= {
            ("into", "from"): frozenset({match["what"].casefold()}),
            ("into", "to"): frozenset({match["into"].casefold()}),
        }
    return found


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text that carry content, with repetitions."""
    plain = _KIND.sub(" ", unicodedata.normalize("NFKC", text))
    found = (word.casefold() for word in _WORD.findall(plain))
    return tuple(word for word in found if not _LIGHT.fullmatch(word) and not is_function_word(word))


def _holds(text: str, words: Sequence[str]) -> bool:
    """Whether all of ``words`` stand in ``text``, each in a place of its own."""
    rest = text.casefold()
    for word in sorted(words, key=len, reverse=True):
        at = rest.find(word)
        if at < 0:
            return False
        rest = f"{rest[:at]} {rest[at + len(word) :]}"
    return True


def _is_another(claimed: Mapping[tuple[str, str], frozenset[str]], line: Sequence[Clause]) -> bool:
    """Whether another thing has the part of one that is claimed: 「秘密鍵で暗号化」 and 「公開鍵で暗号化」."""
    for frame, nouns in claimed.items():
        said = [noun for clause in line for noun in clause.frames.get(frame, ())]
        if said and not any(noun in other or other in noun for noun in nouns for other in said):
            return not any(_shared_with_others(noun, clause.text) for noun in nouns for clause in line)
    return False
