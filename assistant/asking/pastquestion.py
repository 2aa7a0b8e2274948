"""What a question asked before was about: what a follow-up question can lean on.

Read from the wording alone, without the notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..text import identifiers, is_japanese, normalise
from .question import understand

__all__ = [
    "AND",
    "ASPECT",
    "END",
    "ENGLISH_ASPECTS",
    "HAN",
    "NOUN",
    "NOUNS",
    "ONLY_ASPECTS",
    "PastQuestion",
    "Span",
    "in_english",
    "in_japanese",
    "is_name",
    "latin_names",
    "past_question",
    "two_topics",
]

Span = tuple[int, int]

_LONGEST_PAST: Final = 150


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """A question of the past. ``names``: what it is about, without the aspect of it that was asked for.

    ``phrase``: what it is about with that aspect: 「Pollyの料金」. ``leads``: whether the question begins with that as
    its topic. ``bare``: whether it says nothing more.
    """

    text: str
    names: tuple[str, ...] = ()
    phrase: str = ""
    leads: bool = False
    bare: bool = False

    @property
    def long(self) -> bool:
        """Too long to be referred to, or to ask the same of something else."""
        return len(self.text) > _LONGEST_PAST

    @property
    def compares(self) -> bool:
        return len(self.names) > 1

    @property
    def defines(self) -> bool:
        return self.bare and self.names == (self.phrase,) and "の" not in self.phrase


HAN: Final = "[一-龥々]"
#: A name in a Japanese question: 「FIFOキュー」「教師なし学習」「Step Functions」「取り出し時間」.
NOUN: Final = (
    r"(?:[0-9A-Za-zÀ-ɏ]++(?:[-_./+#& ]?[0-9A-Za-zÀ-ɏ+#]++)*+|[ァ-ヺー]++(?:・[ァ-ヺー]++)*+"
    rf"|{HAN}+(?:(?:あり|なし|[きぎじちみびりしえけせべめれげ])(?={HAN}))?)++"
)
NOUNS: Final = re.compile(NOUN)
AND: Final = r"(?:と|、|や|・|および|,\s?|\s?and\s|\s?/\s?)"
END: Final = r"[ 　]*[?？!！。．.…wｗ笑]*$"
_ASPECTS: Final = (
    "料金|価格|値段|費用|コスト|例|例文|実例|事例|上限|下限|制限|制約|条件|メリット|デメリット|利点|欠点|長所|短所|弱点|強み|弱み|特徴"
    "|特長|性質|用途|使い道|使いかた|つかいかた|使い ?どころ|使い分け|目的|役割|機能|性能|仕組み?|しくみ|構成|構造|流れ|手順|やりかた"
    "|方法|設定|種類|一覧|理由|原因|背景|経緯|結果|影響|効果|歴史|由来|起源|意味|定義|略|略称"
    "|正式名称|別名|注意点|問題点|ポイント|要点|コツ|概要|まとめ|詳細|説明|対象|範囲|期間|期限|時期|時間|場所|サイズ|大きさ|長さ|重さ|速さ"
    "|速度|回数|割合|公式|計算式|材料|レシピ|対策|代わり|代替|関係|デフォルト|既定値|最大値?|最小値?|リージョン|セキュリティ|内容|中身|具体例"
)
#: A noun that is always of something, with no word before it that would say of what.
ASPECT: Final = (
    r"(?:(?:主|おも|具体的|代表的|基本的|簡単|身近|有名|大まか|一般的)な|(?:一番|最大|最新|他|ほか|別|実際)の|詳しい|細かい"
    r"|\d+[^ぁ-んァ-ヺ\s]{1,3}(?:あたり|当たり)の)*"
    rf"(?:{HAN}{{0,2}}(?:{_ASPECTS})|(?:{HAN}{{1,2}}[ぁ-ん]|やり)方|{HAN}{{2}}性)"
)
ONLY_ASPECTS: Final = re.compile(
    rf"(?:{ASPECT})(?:{AND}(?:{ASPECT}))*"
    r" ?(?:(?:は|って|も|を|が|とか|について|だけ|(?=教え|何|いくら|どう|どの|どれ|ある|あり))"
    r"[ぁ-んー、]*(?:[何教知詳挙見円個]|説明|一覧)?[ぁ-んー]*)?(?:です|でしょう)?か?" + END
)
_TRAILING_ASPECT: Final = re.compile(rf"の(?:{ASPECT})$")
_TOPIC: Final = re.compile(
    rf"(?P<np>{NOUN}(?:(?:の|{AND}){NOUN})*)(?P<then>とは|は|って|について|[をがでにへも]|{END})"
)
#: 「肉じゃがの作り方は？」: a name with hiragana in it, told from a clause by what is asked of it.
_LOOSE_TOPIC: Final = re.compile(
    rf"(?P<np>[^は、。?？\s]{{2,20}}?の(?:{ASPECT}))(?P<then>は|って|について|を(?=教|知)|{END})"
)

ENGLISH_ASPECTS: Final = (
    r"(?:pricing|prices?|costs?|limits?|quotas?|examples?|benefits?|(?:dis)?advantages?|drawbacks?|downsides?|pros|cons"
    r"|use cases?|features?|types|kinds|meaning|definition|history|purpose|usage|alternatives?|limitations?"
    r"|requirements?|ingredients|causes?|effects?|steps|security|performance|availability)"
)
_ENGLISH_TOPIC: Final = re.compile(
    r"\b(?:of|about|for)\s+(?:the\s+|an?\s+)?(?P<np>[\w-]+(?:\s[\w-]+){0,2})\s*[?.]*$", re.IGNORECASE
)
_LATIN_WORD: Final = re.compile(r"[0-9A-Za-zÀ-ɏ]+(?:[-_/.][0-9A-Za-zÀ-ɏ]+)*")


def past_question(text: str) -> PastQuestion:
    """What ``text`` was about; no names where its wording does not say it."""
    unread = PastQuestion(text)
    if unread.long:
        return unread
    question = understand(text)
    if question.sides:
        return PastQuestion(text, question.sides, f"{in_japanese(question.sides)}の違い", leads=True, bare=True)
    # "What is the price of X?" asks for the price, not for what that is.
    if question.defines and not re.search(r"\s(?:of|for|in|on|about)\s", question.defines):
        return PastQuestion(text, (question.defines,), question.defines, leads=True, bare=True)
    return _japanese(text) if is_japanese(text) else _english(text)


def _japanese(text: str) -> PastQuestion:
    topic = _TOPIC.match(text) or _LOOSE_TOPIC.match(text)
    phrase = topic["np"] if topic else ""
    leads = topic is not None and topic["then"] not in {"を", "が", "で", "に", "へ"}
    name = phrase
    while _TRAILING_ASPECT.search(name):
        name = _TRAILING_ASPECT.sub("", name)
    # A clause is about its first name only if that looks like one: 「画像と動画を見分けるAPI」.
    if name and (leads or re.search("[0-9A-Za-zァ-ヺ]", name)) and not ONLY_ASPECTS.match(name):
        bare = topic is not None and leads and re.fullmatch(END, text[topic.end() :]) is not None
        return PastQuestion(text, (name,), phrase, leads, bare)
    return _only_name(text)


def _english(text: str) -> PastQuestion:
    phrase = text.rstrip(" ?!.")
    if is_name(phrase, 2):
        name = re.sub(rf"(?<=.)\s+{ENGLISH_ASPECTS}$", "", phrase, flags=re.IGNORECASE)
        return PastQuestion(text, (name,), phrase, leads=True, bare=True)
    topic = _ENGLISH_TOPIC.search(text)
    return _only_name(text) if latin_names(text) or not topic else PastQuestion(text, (topic["np"],), topic["np"])


def _only_name(text: str) -> PastQuestion:
    spans = latin_names(text)
    name = text[slice(*spans[0])] if len(spans) == 1 else ""
    return PastQuestion(text, (name,), name) if name else PastQuestion(text)


def is_name(text: str, most_words: int) -> bool:
    """Whether all of ``text`` can be a name, wherever it stands in a sentence."""
    words = text.split()
    # Among Japanese every word in Latin letters but a function word counts as a name.
    return 0 < len(words) <= most_words and len(identifiers(f"、あ {' '.join(words)}")) == len(words)


def latin_names(text: str) -> list[Span]:
    """Where names in Latin letters stand; words with one blank between them are one name."""
    wanted = set(identifiers(text))
    spans: list[Span] = []
    for word in _LATIN_WORD.finditer(text):
        if normalise(word.group()) not in wanted:
            continue
        if spans and text[spans[-1][1] : word.start()] == " ":
            spans[-1] = (spans[-1][0], word.end())
        else:
            spans.append(word.span())
    return spans


def in_japanese(names: Sequence[str]) -> str:
    """Names that are spoken of together."""
    return "と".join(names)


def in_english(names: Sequence[str]) -> str:
    return " and ".join(names)


def two_topics(before: Sequence[PastQuestion]) -> tuple[str, ...]:
    """The sides of the last question, or what the last two topics were; empty where there are not two."""
    if before[-1].compares:
        return before[-1].names
    topics: dict[str, None] = {}
    for asked in reversed(before):
        if asked.compares or len(topics) == 2:
            break
        topics |= dict.fromkeys(asked.names)
    return tuple(topics)[::-1] if len(topics) == 2 else ()
