"""Follow-up questions: "what about X?", "料金は？", "それの上限は？" made whole with what was asked before.

Everything is read from the wording, without the notes. Where it is not clear that a question leans on the one before,
it is left as it is: most questions in a conversation stand alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .limits import MAX_QUESTION_CHARACTERS
from .question import understand
from .text import identifiers, is_japanese, normalise

__all__ = ["is_followup", "resolve"]

_Span = tuple[int, int]

#: What refers to a question before is short, and so is a question that it can refer to.
_LONGEST: Final = 80
_LONGEST_PAST: Final = 150
_LOOK_BACK: Final = 4
_MOST_SIDES: Final = 6
_KIN: Final = 2


@dataclass(frozen=True, slots=True)
class _Asked:
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
    def compares(self) -> bool:
        return len(self.names) > 1

    @property
    def defines(self) -> bool:
        return self.bare and self.names == (self.phrase,) and "の" not in self.phrase

    def joined(self) -> str:
        return _joined(self.names)


def resolve(question: str, history: Sequence[str]) -> str:
    """``question`` so that it can be understood without ``history``, the resolved questions before it, oldest first.

    A question that stands alone comes back as it is, at most without a connective at its beginning ("じゃあ").
    Never empty unless ``question`` is; never longer than a question may be unless ``question`` is. Never raises.
    """
    whole, bare = _whole(question, history)
    result = whole or bare
    return result if result and len(result) <= MAX_QUESTION_CHARACTERS else question


def is_followup(question: str, history: Sequence[str]) -> bool:
    """Whether ``question`` can only be understood with ``history``."""
    return bool(_whole(question, history)[0])


def _whole(question: str, history: Sequence[str]) -> tuple[str, str]:
    """The question made whole, empty if it stands alone; and the question without a connective."""
    past = [plain for plain in map(_plain, history[-_LOOK_BACK:]) if plain]
    plain = _plain(question)
    if not past or not plain or len(plain) > _LONGEST:
        return "", question
    rest = _CONNECTIVE.sub("", plain, count=1)
    continues = 0 < len(rest) < len(plain)
    asked = rest if continues else plain
    leans = (_PRONOUN, _ENGLISH_PRONOUN, _DIFFERENCE, _ENGLISH_DIFFERENCE)
    if understand(asked).kind == "comparison" and not any(pattern.match(asked) for pattern in leans):
        # "では、AとBの違いは？": connected, but whole.
        return "", asked if continues else question
    before = [_asked(text) for text in past]
    found = _pronoun(asked, before) or _contrast(asked, before) or _aspect(asked, before[-1])
    found = found or _new_topic(asked, before[-1], continues)
    return "" if found == plain else found, asked if continues else question


# What joins a question to the one before it and says nothing itself.
_CONNECTIVE: Final = re.compile(
    r"^(?:(?:(?:それ)?じゃあ|(?:それ)?じゃ(?![ぁ-ん])|それでは(?=[、,\s])|それなら|それだと|では(?:(?=[、,\s])|(?![ぁ-ん]))"
    r"|(?:で|なら|あと|次は?|次に|それと|だと)(?=[、,\s])|ちなみに|ところで|結局|なるほど|ふむ+|へ[えぇ]ー?|了解|えーっ?と|えっと|ねえ"
    r"|(?:ok(?:ay)?|so|well|then|and|but|cool|thanks|got it|i see)\b(?!-))[、,。.!！…\s]*)+",
    re.IGNORECASE,
)


def _plain(text: str) -> str:
    """``text`` with letters and digits in their usual width and single blanks; punctuation stays as typed."""
    usual = re.sub("[Ａ-Ｚａ-ｚ０-９｡-ﾟ－　]+", lambda run: unicodedata.normalize("NFKC", run.group()), text)
    return " ".join(usual.split())


# -- what was asked before

_HAN: Final = "[一-龥々]"
#: A name in a Japanese question: 「FIFOキュー」「教師なし学習」「Step Functions」「取り出し時間」.
_NOUN: Final = (
    r"(?:[0-9A-Za-zÀ-ɏ]++(?:[-_./+#& ]?[0-9A-Za-zÀ-ɏ+#]++)*+|[ァ-ヺー]++(?:・[ァ-ヺー]++)*+"
    rf"|{_HAN}+(?:(?:あり|なし|[きぎじちみびりしえけせべめれげ])(?={_HAN}))?)++"
)
_NOUNS: Final = re.compile(_NOUN)
_AND: Final = r"(?:と|、|や|・|および|,\s?|\s?and\s|\s?/\s?)"
_END: Final = r"[ 　]*[?？!！。．.…wｗ笑]*$"
_ASPECTS: Final = (
    "料金|価格|値段|費用|コスト|例|例文|実例|事例|上限|下限|制限|制約|条件|メリット|デメリット|利点|欠点|長所|短所|弱点|強み|弱み|特徴"
    "|特長|性質|用途|使い道|使いかた|つかいかた|使い ?どころ|使い分け|目的|役割|機能|性能|仕組み?|しくみ|構成|構造|流れ|手順|やりかた"
    "|方法|設定|種類|一覧|理由|原因|背景|経緯|結果|影響|効果|歴史|由来|起源|意味|定義|略|略称"
    "|正式名称|別名|注意点|問題点|ポイント|要点|コツ|概要|まとめ|詳細|説明|対象|範囲|期間|期限|時期|時間|場所|サイズ|大きさ|長さ|重さ|速さ"
    "|速度|回数|割合|公式|計算式|材料|レシピ|対策|代わり|代替|関係|デフォルト|既定値|最大値?|最小値?|リージョン|セキュリティ|内容|中身|具体例"
)
#: A noun that is always of something, with no word before it that would say of what.
_ASPECT: Final = (
    r"(?:(?:主|おも|具体的|代表的|基本的|簡単|身近|有名|大まか|一般的)な|(?:一番|最大|最新|他|ほか|別|実際)の|詳しい|細かい"
    r"|\d+[^ぁ-んァ-ヺ\s]{1,3}(?:あたり|当たり)の)*"
    rf"(?:{_HAN}{{0,2}}(?:{_ASPECTS})|(?:{_HAN}{{1,2}}[ぁ-ん]|やり)方|{_HAN}{{2}}性)"
)
_ONLY_ASPECTS: Final = re.compile(
    rf"(?:{_ASPECT})(?:{_AND}(?:{_ASPECT}))*"
    r" ?(?:(?:は|って|も|を|が|とか|について|だけ|(?=教え|何|いくら|どう|どの|どれ|ある|あり))"
    r"[ぁ-んー、]*(?:[何教知詳挙見円個]|説明|一覧)?[ぁ-んー]*)?(?:です|でしょう)?か?" + _END
)
_TRAILING_ASPECT: Final = re.compile(rf"の(?:{_ASPECT})$")
_TOPIC: Final = re.compile(
    rf"(?P<np>{_NOUN}(?:(?:の|{_AND}){_NOUN})*)(?P<then>とは|は|って|について|[をがでにへも]|{_END})"
)
#: 「肉じゃがの作り方は？」: a name with hiragana in it, told from a clause by what is asked of it.
_LOOSE_TOPIC: Final = re.compile(
    rf"(?P<np>[^は、。?？\s]{{2,20}}?の(?:{_ASPECT}))(?P<then>は|って|について|を(?=教|知)|{_END})"
)

_ENGLISH_ASPECTS: Final = (
    r"(?:pricing|prices?|costs?|limits?|quotas?|examples?|benefits?|(?:dis)?advantages?|drawbacks?|downsides?|pros|cons"
    r"|use cases?|features?|types|kinds|meaning|definition|history|purpose|usage|alternatives?|limitations?"
    r"|requirements?|ingredients|causes?|effects?|steps|security|performance|availability)"
)
_ENGLISH_TOPIC: Final = re.compile(
    r"\b(?:of|about|for)\s+(?:the\s+|an?\s+)?(?P<np>[\w-]+(?:\s[\w-]+){0,2})\s*[?.]*$", re.IGNORECASE
)
_LATIN_WORD: Final = re.compile(r"[0-9A-Za-zÀ-ɏ]+(?:[-_/.][0-9A-Za-zÀ-ɏ]+)*")


def _asked(text: str) -> _Asked:
    """What a question of the past was about; no names where its wording does not say it."""
    if len(text) > _LONGEST_PAST:
        return _Asked(text)
    question = understand(text)
    if question.sides:
        return _Asked(text, question.sides, f"{_joined(question.sides)}の違い", leads=True, bare=True)
    # "What is the price of X?" asks for the price, not for what that is.
    if question.defines and not re.search(r"\s(?:of|for|in|on|about)\s", question.defines):
        return _Asked(text, (question.defines,), question.defines, leads=True, bare=True)
    return _japanese(text) if is_japanese(text) else _english(text)


def _japanese(text: str) -> _Asked:
    topic = _TOPIC.match(text) or _LOOSE_TOPIC.match(text)
    phrase = topic["np"] if topic else ""
    leads = topic is not None and topic["then"] not in {"を", "が", "で", "に", "へ"}
    name = phrase
    while _TRAILING_ASPECT.search(name):
        name = _TRAILING_ASPECT.sub("", name)
    # A clause is about its first name only if that looks like one: 「画像と動画を見分けるAPI」.
    if name and (leads or re.search("[0-9A-Za-zァ-ヺ]", name)) and not _ONLY_ASPECTS.match(name):
        bare = topic is not None and leads and re.fullmatch(_END, text[topic.end() :]) is not None
        return _Asked(text, (name,), phrase, leads, bare)
    return _only_name(text)


def _english(text: str) -> _Asked:
    phrase = text.rstrip(" ?!.")
    if _is_name(phrase, 2):
        name = re.sub(rf"(?<=.)\s+{_ENGLISH_ASPECTS}$", "", phrase, flags=re.IGNORECASE)
        return _Asked(text, (name,), phrase, leads=True, bare=True)
    topic = _ENGLISH_TOPIC.search(text)
    return _only_name(text) if _latin_names(text) or not topic else _Asked(text, (topic["np"],), topic["np"])


def _only_name(text: str) -> _Asked:
    spans = _latin_names(text)
    name = text[slice(*spans[0])] if len(spans) == 1 else ""
    return _Asked(text, (name,), name) if name else _Asked(text)


def _is_name(text: str, most_words: int) -> bool:
    """Whether all of ``text`` can be a name, wherever it stands in a sentence."""
    words = text.split()
    # Among Japanese every word in Latin letters but a function word counts as a name.
    return 0 < len(words) <= most_words and len(identifiers(f"、あ {' '.join(words)}")) == len(words)


def _latin_names(text: str) -> list[_Span]:
    """Where names in Latin letters stand; words with one blank between them are one name."""
    wanted = set(identifiers(text))
    spans: list[_Span] = []
    for word in _LATIN_WORD.finditer(text):
        if normalise(word.group()) not in wanted:
            continue
        if spans and text[spans[-1][1] : word.start()] == " ":
            spans[-1] = (spans[-1][0], word.end())
        else:
            spans.append(word.span())
    return spans


def _joined(names: Sequence[str]) -> str:
    return "と".join(names)


def _in_english(names: Sequence[str]) -> str:
    return " and ".join(names)


def _two_topics(before: Sequence[_Asked]) -> tuple[str, ...]:
    """The sides of the last question, or what the last two topics were; empty where there are not two."""
    if before[-1].compares:
        return before[-1].names
    topics: dict[str, None] = {}
    for asked in reversed(before):
        if asked.compares or len(topics) == 2:
            break
        topics |= dict.fromkeys(asked.names)
    return tuple(topics)[::-1] if len(topics) == 2 else ()


# -- pronouns

_THING: Final = "サービス|機能|方式|手法|方法|仕組み|用語|言葉|単語|概念|技術|ツール|人物?|国|時代|事件|料理|プロトコル|アルゴリズム"
_PRONOUN: Final = re.compile(
    r"(?P<pre>(?:なぜ|なんで|どうして|どうやって|どのように|いつ|どこで|何で)?、?)"
    rf"(?:(?P<each>)(?=それぞれ(?:の(?:{_ASPECT})|は|何|なに|いつ|どう))"
    rf"|(?P<both>(?:この|その)?(?:両者|両方|[2２二](?:つ|者))|(?:これ|それ)ら)"
    rf"(?=の(?:{_ASPECT}|違|差|使い分け)|は|って|を|が|に|で|、?[どな何使])"
    rf"|(?:(?P<first>前者)|(?P<last>後者)|(?P<it>(?:その|この|あの)(?:{_THING})|それ|これ|あれ|そいつ|こいつ|そっち|こっち))"
    r"(?=の|は|って|を|が|に(?!しても|しては|も|対し|加え)|も(?!っと)|とは"
    r"|と(?:の|比|違|ちが|どう|[0-9A-Za-zァ-ヺ一-龥])|何|いくら|無料|使え)"
    rf"|(?P<of>その|この|あの)(?=違い|差|(?:{_ASPECT})(?:[はをがもっに?？]|$)))"
    r"(?P<rest>.+)"
)
_CONTRAST: Final = re.compile(r"違[いうっえ]|ちが[いうっ]|相違|の差|使い分け|どっち|どちら|比べ|比較")

_ENGLISH_PRONOUN: Final = re.compile(
    r"(?P<pre>(?:(?:what|how|why|when|where|which|who)(?:'s)?\s+"
    r"|(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have"
    r"|much|many|long|often|i|we|you|use|using|choose|compare|tell|me|explain|describe|more|about"
    rf"|for|to|with|of|on|in|the|an?|main|differences?|between|need|show|list|give|{_ENGLISH_ASPECTS})\s+)*)"
    r"(?P<pronoun>its?|they|them|their|these|the\s+former|the\s+latter|both(?:\s+of\s+them)?|the\s+two"
    r"|(?:this|that|those)\s+ones?|(?:this|that|those)"
    r"(?=\s+(?:is|are|do|does|can|works?|means?|costs?|used|for)\b|\s*[?.!]*$))"
    r"\b(?!')(?P<rest>.*)$",
    re.IGNORECASE,
)
#: "Is it possible to …", "how long does it take to …": it stands for nothing.
_EXPLETIVE: Final = re.compile(
    r"\s+(?:(?:takes?|called|mean\s+to|make\s+sense|matter|happens?|seems?)\b|(?:(?:always|also|ever|still|not)\s+)?"
    r"(?:possible|true|better|best|safe|necessary|important|ok(?:ay)?|worth|eas(?:y|ier)|hard|difficult|required|recommended"
    r"|good|bad|useful|allowed|enough)\s+(?:\w+\s+)?(?:to|that|if|when|for|whether)\b)",
    re.IGNORECASE,
)


def _pronoun(question: str, before: Sequence[_Asked]) -> str:
    last = before[-1]
    match = _PRONOUN.match(question)
    if match:
        rest = match["rest"]
        compares = _CONTRAST.search(rest) is not None
        # 「その違いは」 is about two; 「それとBの違いは」 brings its own second.
        two = match["both"] or match["each"] is not None or (compares and not re.match(r"と|は?.+と", rest))
        names = _two_topics(before) if two else last.names
        names = last.names if match["each"] is not None and not names else names
        if match["first"] or match["last"]:
            names = () if not last.compares else last.names[:1] if match["first"] else last.names[-1:]
        if not names:
            return ""
        said = _joined(names)
        if len(names) > 1 and rest.startswith("の") and not compares:
            said += "それぞれ"
        joint = "の" if match["of"] else "は" if re.match("何|いくら|無料|使え", rest) else ""
        return f"{match['pre']}{said}{joint}{rest}"
    match = _ENGLISH_PRONOUN.match(question)
    if match is None:
        return ""
    pronoun = " ".join(match["pronoun"].lower().split())
    if pronoun == "it" and _EXPLETIVE.match(match["rest"]):
        return ""
    if pronoun in {"the former", "the latter"}:
        names = () if not last.compares else last.names[:1] if pronoun == "the former" else last.names[-1:]
    elif (
        pronoun.startswith("both") or pronoun == "the two" or re.search(r"\b(?:differ|compar|between)", question, re.I)
    ):
        names = _two_topics(before) or (last.names if pronoun in {"it", "this", "that"} else ())
    else:
        names = last.names
    if pronoun in {"it", "they", "this", "that", "them"} and not match["pre"]:  # "It depends on …"
        return ""
    said = _in_english(names) + ("'s" if pronoun in {"its", "their"} else "")
    return f"{match['pre']}{said}{match['rest']}" if names else ""


# -- contrasts without one or both of their sides

_DIFFERENCE: Final = re.compile(
    rf"(?P<of>(?:主な|一番の|大きな)?(?:違い|差異?|相違点?|使い分け方?|見分け方|共通点)"
    rf"(?:(?:は|って|を|が|について)?[ぁ-ん何教知説明]*)?{_END})"
    rf"|(?P<topic>(?:どう|どこが|何が|なにが|どのように)(?:違|ちが|使い分け|異な)[ぁ-ん]*{_END}"
    rf"|(?:どっち|どちら|どれ)(?:[がをのにで使いえ選][^、]*$|{_END}))"
    rf"|(?P<object>(?:比較|比べ|くらべ)[ぁ-ん]*{_END})"
)
_WITH_ONE: Final = re.compile(
    rf"{_NOUN}(?:(?P<of>との(?:違い|差|使い分け|比較|関係).*|と(?:どっち|どちら)[^、]*)"
    rf"|(?:とは?(?:どう|何が|なにが|どこが)(?:違|ちが|異な)[ぁ-ん]*"
    rf"|とは?(?:違|ちが)[ぁ-ん]*|と(?:比べ|くらべ|比較し)[^、]{{1,12}}|よりも?(?:{_HAN}|いい|よ)[ぁ-ん]{{0,5}}){_END})$"
)
_ENGLISH_DIFFERENCE: Final = re.compile(
    r"(?:what(?:'s|\s+is|\s+are)\s+)?(?:the\s+)?(?:main\s+|key\s+)?differences?\s*\?*$", re.I
)
_ENGLISH_WHICH: Final = re.compile(
    r"which(?:\s+one)?\s+(?:is|are|should|do|does|would|can|has|to)\b[^,]*?(?=\s*[?.!]*$)", re.I
)
_ENGLISH_VERSUS: Final = re.compile(
    r"(?:vs\.?|versus|compared\s+(?:to|with)|(?:the\s+)?difference\s+(?:from|to|with)|different\s+from)\s+"
    r"(?P<x>.+?)\s*[?.!]*$",
    re.I,
)


def _contrast(question: str, before: Sequence[_Asked]) -> str:
    last, two = before[-1], _two_topics(before)
    match = _DIFFERENCE.match(question)
    if match and two and not identifiers(question):
        return f"{_joined(two)}{'の' if match['of'] else 'を' if match['object'] else 'は'}{question}"
    match = _WITH_ONE.match(question)
    if match and last.names:
        return f"{last.joined()}{'と' if match['of'] else 'は'}{question.replace('との', 'の', 1)}"
    if _ENGLISH_DIFFERENCE.match(question) and two:
        return f"What is the difference between {_in_english(two)}?"
    match = _ENGLISH_WHICH.match(question)
    if match and two and not identifiers(question):
        return f"{match.group()}, {' or '.join(two)}?"
    match = _ENGLISH_VERSUS.match(question)
    return f"{' vs '.join(last.names)} vs {match['x']}?" if match and last.names else ""


# -- an aspect of what was asked about, or nothing but a predicate

_WHY: Final = re.compile(rf"(?:なぜ|何故|なんで|どうして)(?:ですか|なの|だろう|でしょうか|そうなるの?)?(?:か)?{_END}")
_PREDICATE: Final = re.compile(
    r"(?!何それ|なにそれ|何これ|なにこれ)(?:(?:いつ|どこ|誰|だれ|何|なに|なん|どう|どうやって|どのように|どういう|どんな|どの"
    rf"|いくら|いくつ|どのくらい|どれくらい|どれぐらい|なぜ|どうして|なんで|どんな(?:とき|時|場合|場面|用途))(?:[にでをがのともへ]|から|まで)?{_HAN}{{0,2}}[ぁ-ん]{{0,12}}"
    rf"|{_HAN}{{1,2}}(?:い|える|なの|です|ます|えます|い?ですか|えますか|いの|えるの)[?？]+"
    r"|(?:無料|有料|必須|必要|可能|安全|便利)(?:なの|です)?か?[?？]+)" + _END
)
_STRONGER: Final = re.compile("(?:もう少し|もうちょっと|もうちょい|もっと|さらに|ちょっと|続き[をは]?)+、?")
_MANNER: Final = "詳しく|くわしく|詳細に?|簡単に|一言で|ひとことで|短く|具体的に|[わ分]かりやすく|かみ砕いて|要するに|つまり|表に|表で|箇条書きで"
_DETAIL: Final = re.compile(rf"(?:{_MANNER})(?:説明|教え|言|知|まとめ|お願い|頼)?[ぁ-ん]*{_END}")
_EXAMPLE: Final = re.compile(rf"(?:例えば|たとえば|例を?(?:挙げ|あげ|出し)[ぁ-ん]*){_END}")
_MORE: Final = re.compile(
    rf"(?:他|ほか|それ以外)(?:に(?:は|も)?|は)(?:何|なに)?(?:か)?(?:ある|あります)?(?:か|の)?{_END}"
)
_ENGLISH_DETAIL: Final = re.compile(
    r"(?:(?:tell|show|give)\s+me\s+|(?:can|could)\s+you\s+|please\s+|explain\s+)*"
    r"(?:(?:some\s+|a\s+bit\s+|a\s+little\s+)?more(?:\s+(?:details?|info(?:rmation)?))?"
    r"|(?:in\s+(?:more\s+)?)?details?|elaborate|go\s+on)(?:\s+please)?\s*[?.!]*$",
    re.IGNORECASE,
)
_ENGLISH_ASPECT: Final = re.compile(
    r"(?:(?:what|how)\s+about\s+(?:the\s+)?)?(?:for\s+)?"
    r"(?P<core>(?:(?:what(?:'s|\s+is|\s+are)|give\s+me|show\s+me|list|any|some|an?|the|main|other)\s+)*"
    rf"{_ENGLISH_ASPECTS}(?:\s+and\s+{_ENGLISH_ASPECTS})?)(?:\s+please)?\s*[?.!]*$",
    re.IGNORECASE,
)
_ENGLISH_WH: Final = re.compile(r"(?P<wh>why|when|where|how|how\s+much)\s*\?*$", re.IGNORECASE)


def _aspect(question: str, last: _Asked) -> str:
    several = len(last.names) > 1
    if _WHY.match(question):
        if last.bare and last.phrase:
            return f"{last.phrase}は{question}"
        return f"なぜ{last.text}" if is_japanese(last.text) and not re.match("なぜ|なんで|どうして", last.text) else ""
    if not last.names:
        return ""
    if _EXAMPLE.match(question):
        return f"{last.joined()}{'それぞれ' if several else ''}の例は？"
    if _ONLY_ASPECTS.match(question):
        return f"{last.joined()}{'それぞれ' if several else ''}の{question}"
    if _PREDICATE.match(question):
        return f"{last.joined()}は{'それぞれ' if several else ''}{question}"
    said = _STRONGER.sub("", question, count=1) if _STRONGER.match(question) else question
    if _DETAIL.match(said):
        return f"{last.phrase}について{said}"
    if said != question and re.fullmatch(rf"(?:(?:教え|知り|説明)[ぁ-ん]*)?{_END}", said):
        return f"{last.phrase}について詳しく"
    if _MORE.match(question):
        return f"{last.phrase}、{question}"
    topic = _in_english(last.names)
    if _ENGLISH_DETAIL.match(question):
        return f"Tell me more about {topic}"
    match = _ENGLISH_ASPECT.match(question)
    if match:
        return f"{match['core']} of {topic}{'?' if question.endswith(('?', '？')) else ''}"
    match = _ENGLISH_WH.match(question)
    return f"{match['wh']} {'is ' if ' ' in match['wh'] else ''}{topic}?" if match else ""


# -- the same question about something else

_SAME_OF: Final = re.compile(
    rf"(?P<x>{_NOUN}(?:{_AND}{_NOUN})*) ?(?P<tail>(?:の場合|の方|のほう|側)(?:は|だと|も)?"
    rf"|については|に関しては|(?:は|って|なら|だと|では|だったら)"
    rf"(?:どう(?:なの|ですか|でしょうか|なる|なります|だろう)?)?|も(?:教えて|同じ|お願い)?|)(?:です|でしょう)?か?{_END}"
)
#: A name with hiragana in it, 「玉ねぎは？」, can be told from a clause only where a name is expected.
_LOOSE_SAME_OF: Final = re.compile(
    rf"(?![何誰今次他逆前後そこど]|なに|だれ|いつ|あ[れの]|ほか)(?P<x>(?:{_HAN}|[ァ-ヺーぁ-にぬねは-ゑん]){{2,8}})"
    rf"(?<![いるのたてでにがをとはも])"
    rf"(?:は|って|の場合は|だと)(?:どう)?{_END}"
)
_ENGLISH_SAME_OF: Final = re.compile(
    r"(?:(?P<about>(?:what|how)\s+about\s+|(?:the\s+)?same\s+(?:for|with)\s+)(?:for\s+|with\s+|in\s+)?"
    r"|(?:for|with)\s+)?"
    r"(?:an?\s+|the\s+)?(?P<x>[0-9A-Za-zÀ-ɏ][\w .+#/&-]*?)(?P<too>\s+(?:too|as\s+well|also))?\s*[?.!]*$",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(_AND)


def _new_topic(question: str, last: _Asked, continues: bool) -> str:
    match = _ENGLISH_SAME_OF.match(question)
    if match and not is_japanese(question):
        marked = match["about"] or match["too"] or continues
        # "What about encrypting the disk?" is a question of its own.
        named = _is_name(match["x"], 4) and not re.match(r"\w+ing\b", match["x"])
        return _substituted(match["x"], last, True) if marked and named else ""
    match = _SAME_OF.match(question)
    if match and (match["tail"] or continues):
        return _substituted(match["x"], last, continues)
    match = _LOOSE_SAME_OF.match(question)
    asks_more = last.leads and last.phrase != last.joined() and not re.search("[A-Za-z]|の違い$", last.phrase)
    return _substituted(match["x"], last, True) if match and (continues or asks_more) else ""


def _substituted(new: str, last: _Asked, continues: bool) -> str:
    """The last question about ``new``; empty where it is not clear what ``new`` would stand for in it."""
    text = last.text
    if len(text) > _LONGEST_PAST:
        return ""
    if last.compares:
        alike = any(_kinship(name, side) for name in _SPLIT.split(new) for side in last.names)
        return _compared(new, last) if continues or alike else ""
    topic = _find(text, last.names[0]) if last.names else None
    if topic and (new == last.names[0] or (last.defines and (continues or _kinship(new, last.names[0])))):
        return _replaced(text, topic, new)
    spans = [match.span() for match in _NOUNS.finditer(text)] if is_japanese(text) else _latin_names(text)
    near = {span: _kinship(new, text[slice(*span)]) for span in spans}
    if last.leads and topic:
        # The name rather than what is asked of it, where both are as near.
        near = {span: kin + (kin >= _KIN - 1 and span[0] == topic[0]) for span, kin in near.items()}
    best = max(near.values(), default=0)
    nearest = [span for span, kin in near.items() if kin == best]
    if best >= _KIN and len(nearest) == 1:
        return _replaced(text, nearest[0], new)
    return _replaced(text, topic, new) if continues and topic and last.leads else ""


def _compared(new: str, last: _Asked) -> str:
    """The last comparison of other names, or with one name more; or the name alone if it was compared already."""
    spans = [span for span in (_find(last.text, name) for name in last.names) if span]
    if new in last.names:
        return f"{new}とは？" if is_japanese(last.text) else f"What is {new}?"
    if len(spans) < 2:
        return ""
    start, end = min(spans)[0], max(spans)[1]
    if len([name for name in _SPLIT.split(new) if name]) > 1:
        return _replaced(last.text, (start, end), new)
    if len(last.names) >= _MOST_SIDES:
        return ""
    between = last.text[sorted(spans)[-2][1] : max(spans)[0]]
    joint = between if _SPLIT.fullmatch(between) else "と" if is_japanese(last.text) else " and "
    return _replaced(last.text, (end, end), joint + new)


def _kinship(a: str, b: str) -> int:
    """How surely two names are of one kind, by their writing: Latin letters, the same ending, the same script."""
    if re.search("[A-Za-z]", a) and re.search("[A-Za-z]", b):
        return _KIN
    ending = re.search(r"(?:[一-龥]|[ァ-ヺー]{2})$", a)
    if ending and b.endswith(ending.group()):
        return _KIN
    scripts = ("[一-龥々]{2,}", "[ァ-ヺー・]+")
    same = any(re.fullmatch(script, a) and re.fullmatch(script, b) for script in scripts)
    return int(same and not _ONLY_ASPECTS.match(b))


def _find(text: str, name: str) -> _Span | None:
    at = normalise(text).find(normalise(name)) if len(normalise(text)) == len(text) else text.find(name)
    return (at, at + len(name)) if at >= 0 else None


def _replaced(text: str, span: _Span, new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]
