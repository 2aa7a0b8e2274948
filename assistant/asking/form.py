"""The form of a question: what it is about, which side of that it asks for, whether it tells what somebody wants.

By grammar alone (Japanese particles, the order of words): no subject's words are listed. A question in which nothing of
the kind can be told has an empty subject and an empty aspect.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..text import is_japanese
from .question import understand

__all__ = ["Form", "form_of"]


@dataclass(frozen=True, slots=True)
class Form:
    """``subject``: what the question is about: "SQS" of 「SQSのメッセージの最大サイズは？」.

    ``topical``: whether a particle says that ``subject`` is that, rather than a part of what is wanted.
    ``defines``: whether nothing but the meaning of ``subject`` is asked for.
    ``aspect``: which side of it is asked for: "最大サイズ"; empty where any description would answer ("特徴").
    ``named``: that side as it is named, whatever would answer, and ``whole`` all that stands before it: "特徴" and
    "Pollyの語彙表" of 「Pollyの語彙表の主な特徴は？」; both empty where more is asked than that.
    ``kind``: what the notes may well tell without naming it: "言語" of 「Pollyが対応している言語は？」, where they
    may name languages, "起動" of 「ノートブックの起動方法」, where they may have commands.
    ``claim``: what a question to be answered with yes or no says of the subject: "は日本語に対応している".
    ``given``: what a question for a reason takes to be so: "は廃止された" of 「なぜXは廃止されたのですか」.
    ``is_wish``: somebody tells what they want, or a case; they do it in words of their own, which notes seldom share.
    """

    subject: str = ""
    topical: bool = False
    defines: bool = False
    aspect: str = ""
    named: str = ""
    whole: str = ""
    kind: str = ""
    claim: str = ""
    given: str = ""
    is_wish: bool = False


_END: Final = " \t\n\u3000?。．.!"
_LONGEST: Final = 48
_WISH: Final = re.compile(
    r"たい(?:です|のですが|が|の|。|$)|たくない(?:です|。|$)|ほしい|欲しい|べき|ように|(?:どの|最も|適切な)(?:サービス|方式|機能|手法|方法)"
    # a case is told before it is asked about
    r"|[。、].{12,}|どうすれば|どうする$"
    # "関数を順番に動かすには", "品質を見張る方法": a verb before what is looked for
    r"|[るいうくすつぶむぬぐ](?:に|ため|方法|やり方|手段|手|サービス|機能|方式|もの|場所|病気|物質|アルゴリズム)(?:には|は|$)"
)
#: "EMRでSparkを動かすには": a name that a wish begins with, and that is not its object.
_WISHED_OF: Final = re.compile(r"^(?P<subject>[0-9A-Za-z][0-9A-Za-z .-]{1,30})(?:で|の|は|って)")
_SUBJECT: Final = re.compile(
    r"^(?:なぜ|何故|どうして)?、?(?P<subject>(?:[0-9二三四五六七八九](?:つ|個|種類?|段階)の)?[^、。]+?)(?P<by>とは|って|における|について|では|での|の|は|で|を|が|に|と|から|も|$)"
)
_TOPICAL: Final = frozenset({"とは", "って", "における", "について", "の", "は"})

#: Words set beside one another rather than joined: "炎色反応 バリウム".
_KEYWORDS: Final = re.compile(r"[^ -~]\s|\s[^ -~]")

_WHY_FIRST: Final = re.compile("(?:なぜ|何故|どうして)、?")
_WHY_LAST: Final = re.compile("(?:のは|理由は|わけは)(?:なぜ|何故|どうして|何|なん)?(?:です|でしょう)?か?$")

_LETTER: Final = "[0-9A-Za-zァ-ヺー一-龥々〆ヶ]"
_MADE: Final = "(?<=[一-龥])[いえきぎけしちびみめりれ]"
#: With the kana that a verb made into a noun ends in: 重み, 組み込みルール, 作り方.
_NOUN: Final = rf"{_LETTER}+(?:{_MADE}{_LETTER}+){{0,3}}(?:{_MADE})?"
#: 「Xの主な特徴は何ですか」
_NAMED: Final = re.compile(
    rf"(?P<whole>[^、。]+)の(?:{_LETTER}{{1,4}}な)?(?P<named>{_NOUN})(?:は|って|とは|について)?"
    "、?(?:(?:何|なん|なに|どれ|どう|どんなもの)(?:がありますか?|があるか?)?(?:です|でしょう)?か?)?"
)
_TELL_ME: Final = re.compile(r"(?:を教えて|を知りたい|について|を説明して)(?:ください|下さい|欲しい|ほしい)?$")
_ASPECT: Final = re.compile(rf"の(?P<chain>{_NOUN}(?:の{_NOUN})*)(?:は|って|とは|を教え|について|にかかる|$)")
#: "Pollyが対応している言語は？": a noun that a short clause about the subject tells more of. "どの言語で書ける？"
_KINDS: Final = (
    re.compile(
        r"^[^ぁ-ん、。?]{2,30}(?:で|が|に|を|の|は|から|と)[^、。]{0,12}?(?:[るたいうくすつぶむぬぐ]|ない|な)"
        rf"(?P<noun>{_LETTER}{{2,}})(?:は(?:何(?:ですか)?|どれ(?:ですか)?)?|って|とは|$)$"
    ),
    re.compile(rf"[るたいうくすつぬぶむぐな](?P<noun>{_LETTER}{{2,}})の(?:種類|名前|名称)(?:は|って|を教え|$)"),
    re.compile(rf"の(?P<noun>{_NOUN})には(?:どんな|どういう|何|なに)"),
    re.compile(rf"どの(?P<noun>{_LETTER}{{2,}})"),
    re.compile(rf"の(?P<noun>{_LETTER}{{2,}}?)(?:方法|手順)(?:は|って|とは|を教え|について|$)"),
)
#: The name of a thing of some kind.
_NAME_OF: Final = re.compile(f"(?P<of>{_LETTER}{{2,}}?)名")
#: "Xの将軍は誰": what stands before is the kind of thing that the answer is.
_OF_A_KIND: Final = re.compile("どこ|誰|だれ|何|なに|どれ|どの")
#: "XのKは何ですか": where no more is asked, the notes may tell it without naming that kind.
_IS_WHAT: Final = re.compile("(?:どこ|誰|だれ|何|なに|どれ)(?:ですか|でしょうか|か)?$")
#: The same before it: 「何のためのライブラリ？」, 「何の指標？」; and a number of things: 「3つの階層」.
_BEFORE_KIND: Final = re.compile("(?:何|なん)(?:のため)?$|^[0-9二三四五六七八九](?:つ|個|種類?|段階)$")
#: What any description of the subject answers, and what asks without naming anything.
_OPEN: Final = re.compile(
    r"^何|(?:特徴|特長|説明|名前|名称|^名|[別正式一般俗称]名|用途|仕組み?|意味|概要|役割|定義|目的|内容|略称?|略語|頭文字|使い[方道]|例|一覧|違い"
    r"|メリット|利点|ポイント|こと|もの|ところ|人|点|全部|すべて|必要|可能|機能|サービス|コマンド|パターン|方式|方法|手法|技術|項目|関係|種類"
    r"|出来事|中身|様子|詳細|動作|動き|働き|考え方)$"
)
#: How something stands to the subject: notes tell that without such a word.
_RELATION: Final = re.compile(
    r"(?:対[処策応]|解決策|原因|結果|影響|効果|注意点|[欠弱難]点|デメリット|条件|順番|流れ|構成|要素|根拠)法?$"
)
_ENGLISH_ASPECTS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^what(?:'s|\s+is|\s+are|\s+was|\s+were)\s+the\s+(?P<noun>[a-z-]+(?:\s[a-z-]+){0,2}?)\s+(?:of|for|in)\s",
        r"^(?:which|what)\s+(?P<noun>(?:[a-z-]+\s+){0,2}?[a-z-]*[a-hj-rtv-z]s)\s+(?:are|can|do|does|has|have|did|will|must|should)\s",
        r"^which\s+(?P<noun>[a-z-]*[a-hj-rtv-z]s)\s+[a-z]",
    )
)
#: As :data:`_OPEN`, and what is counted or measured, which is looked for by what it is measured in.
_ENGLISH_OPEN: Final = re.compile(
    r"(?:^|[\s-])(?:names?|meanings?|definitions?|purposes?|roles?|uses?|use cases?|benefits?|advantages?"
    r"|(?:draw|set)backs?|downsides?|disadvantages?|limit(?:ation)?s?|problems?|types?|kinds?|sorts?|ways?|things?|examples?|features?|parts?"
    r"|services?|methods?|techniques?|steps?|reasons?|causes?|effects?|results?|characteristics?|differences?|options?"
    r"|functions?|components?|elements?|ideas?|points?|aims?|goals?|jobs?|tasks?|number|amount|size|length|maximum|minimum"
    r"|speed|rate|duration|time|price|cost|symbols?|terms?|words?|ones?|is|are|formula)$",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    "(?:[何誰]|だれ|どこ|どれ|いつ|いく[つら])(?![度回]?で?も)|どの|どう|どん|なぜ|どちら|どっち|とは|って$|[?？]."
)
#: What ends in a verb or an adjective, or in a noun said of a topic ("…は無料？"), and asks for nothing by a word, asks
#: whether it is so.
_WHETHER: Final = re.compile(
    rf"(?:[るたいうくすつぶむぬぐ]|ます|ません|です|でしょう)(?:か|の|んです(?:か)?)?$|は{_LETTER}{{2,}}(?:なの)?$"
)
_ASKED: Final = re.compile(r"[?？]|か[。.!]*\s*$")


@lru_cache(maxsize=256)
def form_of(question: str) -> Form:
    """The form of ``question``, which should be worded as the notes would."""
    plain = unicodedata.normalize("NFKC", question).rstrip(_END)
    defines = understand(question).defines or ""
    # 「Xは何をするサービス？」 is no wish for a service.
    if len(plain) > _LONGEST or (not defines and _WISH.search(plain)):
        of = _WISHED_OF.match(plain)
        return Form(of["subject"] if of else "", is_wish=True)
    if not is_japanese(plain):
        aspect = "" if defines else _english_aspect(plain)
        return Form(defines, bool(defines), bool(defines), aspect)
    found = _SUBJECT.match(plain)
    subject, topical = (found["subject"], found["by"] in _TOPICAL) if found else ("", False)
    claim = plain[len(subject) :] if _ASKED.search(question) and _is_claim(plain) else ""
    if defines:
        subject, topical = defines, True
    topical = topical and _KEYWORDS.search(subject) is None
    aspect, kind = _aspect(plain), _kind(plain)
    if name := _NAME_OF.fullmatch(aspect):  # 製品名 may be told as the name of the product
        aspect, kind = "", kind or ("" if _OPEN.search(name["of"]) else name["of"])
    if aspect == subject:
        aspect = ""
    elif _RELATION.search(aspect):
        aspect, kind = "", kind or aspect
    return Form(subject, topical, bool(defines), aspect, *_named_side(plain), kind, claim, _given(plain, subject))


def _given(plain: str, subject: str) -> str:
    """ "は廃止された" of 「なぜXは廃止されたのですか」, "を二つ置く" of 「Xを二つ置くのはなぜ」."""
    if found := _WHY_FIRST.match(plain):
        rest = plain[found.end() :]
    elif found := _WHY_LAST.search(plain):
        rest = plain[: found.start()]
    else:
        return ""
    return rest.removeprefix(subject)


def _english_aspect(plain: str) -> str:
    """ "retention period" of "What is the retention period of a queue", "ports" of "Which ports does it use"."""
    found = next(filter(None, (pattern.search(plain) for pattern in _ENGLISH_ASPECTS)), None)
    noun = found["noun"].partition(" of ")[0] if found else ""
    return "" if _ENGLISH_OPEN.search(noun) else noun


def _is_claim(plain: str) -> bool:
    return _ASKS.search(plain) is None and _WHETHER.search(plain) is not None


def _aspect(plain: str) -> str:
    text = _TELL_ME.sub("", plain)
    found = _ASPECT.search(text)
    if found is None or _OF_A_KIND.match(text, found.end()) or _BEFORE_KIND.search(text, 0, found.start()):
        return ""
    return next((noun for noun in reversed(found["chain"].split("の")) if not _OPEN.search(noun)), "")


def _named_side(plain: str) -> tuple[str, str]:
    """ "特徴" and "X" of 「Xの主な特徴は？」; nothing of 「Xの改革はいつ始まった？」."""
    found = _NAMED.fullmatch(_TELL_ME.sub("", plain))
    return (found["named"], found["whole"].strip()) if found else ("", "")


def _kind(plain: str) -> str:
    text = _TELL_ME.sub("", plain)
    nouns = [found["noun"] for kind in _KINDS if (found := kind.search(text))]
    found = _ASPECT.search(text)
    if found is not None and _IS_WHAT.match(text, found.end()):
        nouns += reversed(found["chain"].split("の"))
    return next((noun for noun in nouns if not _OPEN.search(noun)), "")
