"""What a question asks for: a fact, a list, or a comparison and of what. By its wording alone, without the notes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..records import Kind

__all__ = ["Question", "understand"]


@dataclass(frozen=True, slots=True)
class Question:
    """``sides``: the names that a comparison sets side by side, as asked; empty for the other kinds.

    ``bare``: a comparison of which nothing but the names is said ("SRAMとDRAM"), so that it may be something else.
    ``defines``: the name whose meaning is asked for ("Pollyとは？"), if that is all that is asked.
    """

    text: str
    kind: Kind
    sides: tuple[str, ...] = ()
    defines: str | None = None
    bare: bool = False


_MOST_SIDES: Final = 6
_LONGEST_NAME: Final = 60

# Words that set things against each other. What stands before them names the sides.
_CONTRAST: Final = re.compile(
    r"違[いうっえ]|ちが[いうっ]|相違|差異|の差(?:[はがをっって?。]|$)|比較|比べ|くらべ|使い分け|使いわけ|見分け|区別"
    r"|それぞれ(?:の|何|なに|どう|どんな|いつ|、)|どちら|どっち|どう選|\bdiffer|\bdistin(?:guish|ction)|\bcompar|\bversus\b|\bvs\b|\bcontrast",
    re.IGNORECASE,
)
# These also stand in questions that compare nothing, so what they join must look like names.
_WEAK: Final = ("比べ", "くらべ", "比較", "それぞれ", "どちら", "どっち", "どう選")
# "AとBを見分けるツール": the word of contrast only describes something else.
_DESCRIBES: Final = re.compile(r"(?:る|する|した|べる|ける)(?=[一-龥ァ-ヺA-Za-z])")
_RATHER_THAN: Final = re.compile(
    r"^(?P<other>.+?)(?:では?なく|じゃなく|の代わりに|より)(?:て|も|、)*\s*"
    r"(?P<this>.+?)を?(?:使[うおわい]|選[ぶば]|採用)"
)
_AFTER_CUE: Final = re.compile(r"^[のんですかはをがって?。、!\s]+")
#: Names joined with "と" and nothing else, which asks for each of them.
_NAME_ALONE: Final = r"[^ぁ-ん、。?\s](?:[^ぁ-ん、。?]|の(?=[^ぁ-ん])){0,30}"
_BARE: Final = re.compile(rf"{_NAME_ALONE}(?:と{_NAME_ALONE}){{1,5}}")
_AGAINST: Final = re.compile(r"^(?P<other>.+?)に(?:対して|くらべて|比べて)、?\s*(?P<this>.+?)(?:は|って)")
_UNLIKE: Final = re.compile(
    r"^(?P<this>.+?)(?:って|は|が|、)\s*(?P<other>[^、。?と]+?)と(?:は|の|比べて|くらべて)?"
    r"(?:どう|何が|なにが|どこが|どの)?(?:ように)?\s*(?:違|ちが|異な)"
)
_ENGLISH: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:differences?|distinctions?|comparison)\s+(?:between|of|among)\s+(?P<list>.+)",
        r"\b(?:differentiates?|distinguish(?:es)?|sets?)\s+(?P<this>.+?)\s+(?:apart\s+)?from\s+(?P<other>.+)",
        r"\bcompar(?:e|ing)\s+(?P<this>.+?)\s+(?:with|to|against)\s+(?P<other>.+)",
        r"\bcompar(?:e|ing)\s+(?P<list>.+)",
        r"\b(?:how|why)\s+(?:do|does|is|are)\s+(?P<this>.+?)\s+(?:differ(?:ent)?|distinct)\s+(?:from|to|than)\s+(?P<other>.+)",
        r"\bhow\s+(?:do|does)\s+(?P<this>.+?)\s+compare\s+(?:to|with)\s+(?P<other>.+)",
        r"\bhow\s+(?:do|does|are|is)\s+(?P<list>.+?)\s+differ(?:ent)?\b",
        r"\b(?:use|choose|pick|prefer)\s+(?P<this>.+?)\s+(?:instead\s+of|rather\s+than|over)\s+(?P<other>.+)",
        r"\b(?:choose|choosing|decide|pick)\s+between\s+(?P<list>.+)",
        r"\b(?:better|faster|cheaper|best)\s*[,:]\s*(?P<list>.+?\s+or\s+.+)",
        r"^(?P<list>[A-Z][\w-]*(?:\s[A-Z][\w-]*)*\s+or\s+[A-Z][\w-]*(?:\s[A-Z][\w-]*)*)\?$",
        r"\b(?:should\s+i\s+(?:use|choose|pick)|which\b[^,:]*[,:])\s*(?P<list>.+?\s+or\s+.+)",
    )
)
_VERSUS: Final = re.compile(r"^(?P<this>.+?)\s*\b(?:vs|versus)\b\.?\s*(?P<other>.+)$", re.IGNORECASE)

_AND: Final = re.compile(
    r"\s*(?:と(?![ぁ-ん])|および|及び|それとも|または|もしくは|\bvs\b\.?|\bversus\b|\band\b|\bor\b)\s*", re.IGNORECASE
)
_COMMA: Final = re.compile(r"\s*(?:[、,;]|\s/\s|／)\s*")
_DOT: Final = re.compile(r"\s*[・/]\s*")
# The longer word before the shorter one and none given back: "では" is also "で" and "は", and a row of it would be
# read in each of the ways in which it can be divided.
_TRAILING: Final = re.compile(
    r"(?:\s|[、。?!,.:「」『』\"']|って|とは|では|における|について|という|とか|なら|だと|の中で|のうち|の|は|を|が|で|に|も"
    r"|何が|なにが|どう|どこが|どの(?:ように)?|主な|具体的な|機能的な|役割の|特徴の){1,40}+$"
)
_ENGLISH_TAIL: Final = re.compile(
    r"\s+(?:in|on|for|when|with|from|within|according|as|regarding)\s+(?:AWS|SageMaker|[a-z]).*$|[?.!].*$"
)
#: "A or B - what's the difference?"
_ASIDE: Final = re.compile(
    r"(?:\s+[-–—]+|[,;:?])\s*(?:what|how|which|where|when|is|are)\b[^-–—,;:?]{0,40}$", re.IGNORECASE
)
_LEADING: Final = re.compile(
    r"^(?:[\s「『\"'、,]|(?:the|an?|both|either)\s+(?=\S)|ねえ|あの|えっと)+\s*", re.IGNORECASE
)
_ENGLISH_LEAD: Final = re.compile(
    r"^(?:(?:when|why|how|what|which|should|do|does|is|are|can|i|we|you|use|to|explain|better)\s+)+(?=\S)",
    re.IGNORECASE,
)
# "ElastiCacheはRedisと…": what the question is about stands before the first name.
_TOPIC: Final = re.compile(r"^.+?(?<=[^ぁ-ん])(?:は(?=.)|(?:での?|における)(?=[0-9A-Za-zァ-ヺ一-龥]))")
# "SNSの使い方の違い": by what the names are compared stands behind the last one.
_RESPECT: Final = re.compile(
    r"(?<=.)の(?:使い(?:方|道|どころ)|特徴|役割|機能|用途|目的|料金|性能|速さ|動き|仕組み|考え方|場面|メリット|意味|定義)$"
)
# "AとBではCがどう違う": what is asked of both stands last. "CではAとBはどう違う": where stands first.
_WITHIN: Final = r"(?<=[^ぁ-ん])(?:では|で、|においては?、?|における|の場合(?:は|に)?、?)(?=.)"
_BEFORE_ALL: Final = re.compile(rf"^.+?{_WITHIN}")
_OF_ALL: Final = re.compile(rf"{_WITHIN}.*$")
# A clause rather than a name: three hiragana in a row, or a verb's or conjunction's ending.
_CLAUSE: Final = re.compile(r"[ぁ-ん]{4,}|(?:けど|だが|ので|から|して|する|った|い|とき|場合|際)$")

#: "鍵を渡すのはAとBのどちら": asks for the one of which something is so; "安いのはAとBのどちら" compares.
_SO_OF_ONE: Final = re.compile(r"[^ぁ-ん][をにでが][^、。]{0,24}[るたいうくすつぬぶむぐ]のは")
#: What keywords set beside one another do not have.
_SENTENCE: Final = re.compile(r"[^ぁ-ん]は[^ぁ-ん]|[^ぁ-ん]と$")
_PICKS: Final = re.compile(r"^[^、。]{0,24}?[るたいうくすつぬぶむぐ]のは(?=[^ぁ-ん])")
#: What is asked of the last name: "AとBは何に使う？違いは".
_ASKED_OF: Final = re.compile(
    r"(?<=[^ぁ-ん])(?:は|って|を|に|で)(?:何|なに|どう|どんな|どこ|いつ|なぜ|どれ)[^、。]{0,24}$"
)
_PARTICLE: Final = re.compile(r"(?<=[^ぁ-ん])[でをがにへの](?=.)")
_KANJI: Final = re.compile("[一-龥々]{1,4}")
_PREPOSITION: Final = re.compile(r"\s(?:from|in|for|between|on|by|against|with)\s|^the\s.*\sof\s", re.IGNORECASE)
# "Xとは？", "Xって何", "Xは何をするもの？", "What is X?" and nothing more.
_DEFINITION: Final = re.compile(
    r"^(?P<ja>[^、。?]{1,40}?)\s*(?:とは(?:何|なに|なん|どういう|どんな|\?|。|$)"
    # "何層", "何向け", "何バイト", "何を分析して" ask for more than the meaning.
    r"|(?:って|は)(?:(?:何|なに|なん)(?![一-龥々ァ-ヺ0-9A-Za-z]|つ|で(?!す|しょ)|が|に|と|を(?!する|し[てまた]|やる|行))"
    r"|どういう(?:意味|もの|こと)|どんな(?:もの|サービス|機能|手法)(?![がにとをで](?!す|しょ))))"
    r".{0,16}$"
    r"|^(?:what\s+is\s+the\s+)?(?:meaning|definition)\s+of\s+(?P<meaning>[\w -]{1,40}?)\s*\??$"
    r"|^what\s+does\s+(?P<does>(?:an?\s+|the\s+)?[\w -]{1,40}?)\s+(?:do|mean|stand\s+for)\s*\??$"
    r"|^what(?:'s|\s+is|\s+are)\s+(?P<en>(?:an?\s+|the\s+)?[\w -]{1,40}?)(?:\s+(?:used\s+)?for)?\s*\??$",
    re.IGNORECASE,
)

_LIST: Final = re.compile(
    r"一覧|列挙|挙げ|並べ|リスト(?:アップ|に)?して|全部|すべて|全て|全種類|どんなものが|どんな.{1,20}があ[るり]"
    r"|(?:何|なに)があ(?:る|り)|何と何|どれとどれ|(?<![るうくすつぶむぬぐ])には何|(?<!どの)種類(?:は|を(?!どう)|って|$|\?)"
    # "主要な特徴を教えて", "特徴をまとめて"
    r"|主(?:な|要な)[^、。?はをがにで]{1,12}(?:は|を(?:教え|知り|説明))|(?:特徴|特長|機能|利点|欠点|メリット|デメリット|用途|ポイント)をまとめ"
    # "確かめる6つの項目は？"
    r"|[2-9二三四五六七八九](?:つ|個|点|種類?|項目|通り|段階)の[^、。?はをがにで]{1,12}(?:は|って|とは)(?:何|なに|なん)?(?:ですか)?\s*\??$"
    r"|\blist\b|\ball\s+(?:of\s+)?the\b|\bwhat\s+are\b|\bname\s+(?:all|the)\b|\benumerate\b|\bwhich\s+\w+s\s+(?:are|can|do)\b"
    # "Which routing policies does Route 53 have?": several of a thing
    r"|\b(?:which|what)\s+(?:[\w-]+\s+){0,3}?(?-i:[a-z-]*[a-hj-rtv-z]s)\s+(?:are|can|do|does|has|have|did)\b"
    r"|\b(?:types|kinds)\s*\??$|\b(?:types|kinds)\s+of\b",
    re.IGNORECASE,
)


def understand(text: str) -> Question:
    """The kind of the question, with the sides of a comparison."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    sides = _sides(plain)
    bare = () if len(sides) >= 2 else _joined(plain)
    if len(sides) >= 2 or len(bare) >= 2:
        return Question(text, "comparison", bare or sides, bare=bool(bare))
    kind: Kind = "list" if _LIST.search(plain) else "lookup"
    definition = _DEFINITION.match(plain)
    name = next((part for part in definition.groups() if part), "") if definition else ""
    # "Lexで設定できるインテント" asks for something of Lex, not for Lex; so does "an error from Lex".
    names = _names([name]) if name and not _PARTICLE.search(name) and not _PREPOSITION.search(name) else ()
    return Question(text, kind, defines=names[0] if names else None)


def _sides(text: str) -> tuple[str, ...]:
    for pattern in _ENGLISH:
        match = pattern.search(text)
        if match:
            parts = match.groupdict()
            found = _split(parts["list"]) if "list" in parts else [parts["this"], parts["other"]]
            names = _names(_ENGLISH_TAIL.sub("", part) for part in found)
            if len(names) >= 2:
                return names
    match = _RATHER_THAN.search(text)
    if match:
        names = _names([match["this"], match["other"]])
        if len(names) == 2 and not any(_CLAUSE.search(name) for name in names):
            return names
    cue = _CONTRAST.search(text)
    if cue is None:
        return ()
    if cue.group().lower() in {"vs", "versus"}:
        match = _VERSUS.match(_TRAILING.sub("", _before_second_cue(text, cue)))
        found = [part for group in match.groups() for part in _split(group)] if match else []
        return _names(_ENGLISH_TAIL.sub("", part) for part in found)
    if _DESCRIBES.match(text, cue.end()):
        return ()
    names = _names(_split(_ASIDE.sub("", text[: cue.start()])))
    if not names:  # "どう違うの？SQSとSNS"
        names = _names(_split(_AFTER_CUE.sub("", text[cue.end() :])))
    if len(names) >= 2:
        weak = cue.group().startswith(_WEAK)
        clause = any(_CLAUSE.search(name) for name in names) or _SO_OF_ONE.search(text[: cue.start()])
        return () if weak and clause else names
    keywords = text[: cue.start()].split()
    last = not _TRAILING.sub("", text[cue.end() :])
    row = len(keywords) == 2 or (last and 2 < len(keywords) <= _MOST_SIDES)
    row = row and not any(_SENTENCE.search(word) for word in keywords)
    if row and len(names) == 1 and not cue.group().startswith(_WEAK):  # "酸化 還元 違い"
        return _names(keywords)
    match = _AGAINST.search(text) or _UNLIKE.search(text)
    return _names([match["this"], match["other"]]) if match else ()


def _joined(text: str) -> tuple[str, ...]:
    """ "FIFOとLRUとLFU": names and nothing else. Of 「純物質と混合物の例」 an example is asked for."""
    names = _names(_split(text)) if _BARE.fullmatch(text.strip("?。 ")) else ()
    endings = {name.rpartition("の")[2] if "の" in name else "" for name in names}
    return names if len(endings) == 1 else ()


def _before_second_cue(text: str, cue: re.Match[str]) -> str:
    """ "A vs Bの違い": what follows the second word of contrast is not part of a name."""
    following = _CONTRAST.search(text, cue.end())
    return text[: following.start()] if following else text


def _split(head: str) -> list[str]:
    """The names in an enumeration such as "A、BとC" or "A・B・C"; clauses around it are left out."""
    clauses = [clause for clause in (_TRAILING.sub("", part) for part in _COMMA.split(head)) if clause]
    parts = [[piece for piece in _AND.split(clause) if piece] for clause in clauses]
    if any(len(pieces) > 1 for pieces in parts):
        # Where "と" joins names, what stands alone after them is what they are compared by: "AとB、料金の違いは".
        joined = max(at for at, pieces in enumerate(parts) if len(pieces) > 1)
        parts = [pieces for pieces in parts[: joined + 1] if len(pieces) > 1 or not _CLAUSE.search(pieces[0])]
    names = [piece for pieces in parts for piece in pieces]
    if len(names) == 1:
        names = _DOT.split(names[0])
    return names


def _names(parts: Iterable[str]) -> tuple[str, ...]:
    names: list[str] = []
    pieces = list(parts)
    for place, part in enumerate(pieces):
        name = _TOPIC.sub("", _ASKED_OF.sub("", _TRAILING.sub("", _PICKS.sub("", part.strip()))))
        name = _OF_ALL.sub("", name) if 0 < place == len(pieces) - 1 else _BEFORE_ALL.sub("", name)
        name = _LEADING.sub("", _ENGLISH_LEAD.sub("", _RESPECT.sub("", name))).strip(" 「」『』\"'?.!")
        if name and len(name) <= _LONGEST_NAME and name not in names:
            names.append(name)
    if len(names) > 1 and (name := _without_respect(names[-1], names[0])) not in names:
        names[-1] = name
    return tuple(names[:_MOST_SIDES])


def _without_respect(last: str, first: str) -> str:
    """ "皮下注射の角度" beside 筋肉注射: without what they are compared by, it ends as the first name does."""
    name, _, respect = last.rpartition("の")
    alike = len(name) > 2 and name[-2:] == first[-2:] != last[-2:]
    # "AuroraとRDSの速度": a product, and one word in kanji of which the other has none.
    alike = alike or (name.isascii() and first.isascii() and _KANJI.fullmatch(respect) is not None)
    return name if name and alike and respect else last
