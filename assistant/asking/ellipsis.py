"""Ellipsis: questions that leave out what they are about (「料金は？」), or what is asked of it ("What about X?")."""

from __future__ import annotations

import re
from typing import Final

from ..text import is_japanese, normalise
from .pastquestion import (
    AND,
    END,
    ENGLISH_ASPECTS,
    HAN,
    NOUN,
    NOUNS,
    ONLY_ASPECTS,
    PastQuestion,
    Span,
    in_english,
    in_japanese,
    is_name,
    latin_names,
)

__all__ = ["aspect", "new_topic"]

_MOST_SIDES: Final = 6
_KIN: Final = 2

# -- an aspect of what was asked about, or nothing but a predicate

_WHY: Final = re.compile(rf"(?:なぜ|何故|なんで|どうして)(?:ですか|なの|だろう|でしょうか|そうなるの?)?(?:か)?{END}")
_PREDICATE: Final = re.compile(
    r"(?!何それ|なにそれ|何これ|なにこれ)(?:(?:いつ|どこ|誰|だれ|何|なに|なん|どう|どうやって|どのように|どういう|どんな|どの"
    rf"|いくら|いくつ|どのくらい|どれくらい|どれぐらい|なぜ|どうして|なんで|どんな(?:とき|時|場合|場面|用途))(?:[にでをがのともへ]|から|まで)?{HAN}{{0,2}}[ぁ-ん]{{0,12}}"
    rf"|{HAN}{{1,2}}(?:い|える|なの|です|ます|えます|い?ですか|えますか|いの|えるの)[?？]+"
    r"|(?:無料|有料|必須|必要|可能|安全|便利)(?:なの|です)?か?[?？]+)" + END
)
_STRONGER: Final = re.compile("(?:もう少し|もうちょっと|もうちょい|もっと|さらに|ちょっと|続き[をは]?)+、?")
_MANNER: Final = "詳しく|くわしく|詳細に?|簡単に|一言で|ひとことで|短く|具体的に|[わ分]かりやすく|かみ砕いて|要するに|つまり|表に|表で|箇条書きで"
_DETAIL: Final = re.compile(rf"(?:{_MANNER})(?:説明|教え|言|知|まとめ|お願い|頼)?[ぁ-ん]*{END}")
_EXAMPLE: Final = re.compile(rf"(?:例えば|たとえば|例を?(?:挙げ|あげ|出し)[ぁ-ん]*){END}")
_MORE: Final = re.compile(
    rf"(?:他|ほか|それ以外)(?:に(?:は|も)?|は)(?:何|なに)?(?:か)?(?:ある|あります)?(?:か|の)?{END}"
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
    rf"{ENGLISH_ASPECTS}(?:\s+and\s+{ENGLISH_ASPECTS})?)(?:\s+please)?\s*[?.!]*$",
    re.IGNORECASE,
)
_ENGLISH_WH: Final = re.compile(r"(?P<wh>why|when|where|how|how\s+much)\s*\?*$", re.IGNORECASE)


def aspect(question: str, last: PastQuestion) -> str:
    """A ``question`` for nothing but an aspect, with what it is of; empty where it is none."""
    several = len(last.names) > 1
    if _WHY.match(question):
        if last.bare and last.phrase:
            return f"{last.phrase}は{question}"
        return f"なぜ{last.text}" if is_japanese(last.text) and not re.match("なぜ|なんで|どうして", last.text) else ""
    if not last.names:
        return ""
    if _EXAMPLE.match(question):
        return f"{in_japanese(last.names)}{'それぞれ' if several else ''}の例は？"
    if ONLY_ASPECTS.match(question):
        return f"{in_japanese(last.names)}{'それぞれ' if several else ''}の{question}"
    if _PREDICATE.match(question):
        return f"{in_japanese(last.names)}は{'それぞれ' if several else ''}{question}"
    said = _STRONGER.sub("", question, count=1) if _STRONGER.match(question) else question
    if _DETAIL.match(said):
        return f"{last.phrase}について{said}"
    if said != question and re.fullmatch(rf"(?:(?:教え|知り|説明)[ぁ-ん]*)?{END}", said):
        return f"{last.phrase}について詳しく"
    if _MORE.match(question):
        return f"{last.phrase}、{question}"
    topic = in_english(last.names)
    if _ENGLISH_DETAIL.match(question):
        return f"Tell me more about {topic}"
    match = _ENGLISH_ASPECT.match(question)
    if match:
        return f"{match['core']} of {topic}{'?' if question.endswith(('?', '？')) else ''}"
    match = _ENGLISH_WH.match(question)
    return f"{match['wh']} {'is ' if ' ' in match['wh'] else ''}{topic}?" if match else ""


# -- the same question about something else

_SAME_OF: Final = re.compile(
    rf"(?P<x>{NOUN}(?:{AND}{NOUN})*) ?(?P<tail>(?:の場合|の方|のほう|側)(?:は|だと|も)?"
    rf"|については|に関しては|(?:は|って|なら|だと|では|だったら)"
    rf"(?:どう(?:なの|ですか|でしょうか|なる|なります|だろう)?)?|も(?:教えて|同じ|お願い)?|)(?:です|でしょう)?か?{END}"
)
#: A name with hiragana in it, 「玉ねぎは？」, can be told from a clause only where a name is expected.
_LOOSE_SAME_OF: Final = re.compile(
    rf"(?![何誰今次他逆前後そこど]|なに|だれ|いつ|あ[れの]|ほか)(?P<x>(?:{HAN}|[ァ-ヺーぁ-にぬねは-ゑん]){{2,8}})"
    rf"(?<![いるのたてでにがをとはも])"
    rf"(?:は|って|の場合は|だと)(?:どう)?{END}"
)
_ENGLISH_SAME_OF: Final = re.compile(
    r"(?:(?P<about>(?:what|how)\s+about\s+|(?:the\s+)?same\s+(?:for|with)\s+)(?:for\s+|with\s+|in\s+)?"
    r"|(?:for|with)\s+)?"
    r"(?:an?\s+|the\s+)?(?P<x>[0-9A-Za-zÀ-ɏ][\w .+#/&-]*?)(?P<too>\s+(?:too|as\s+well|also))?\s*[?.!]*$",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(AND)


def new_topic(question: str, last: PastQuestion, continues: bool) -> str:
    """The last question, asked of what ``question`` names; ``continues``: whether it began with a connective.

    Empty where ``question`` says more than a name, or where it is not clear what the name would stand for.
    """
    match = _ENGLISH_SAME_OF.match(question)
    if match and not is_japanese(question):
        marked = match["about"] or match["too"] or continues
        # "What about encrypting the disk?" is a question of its own.
        named = is_name(match["x"], 4) and not re.match(r"\w+ing\b", match["x"])
        return _substituted(match["x"], last, True) if marked and named else ""
    match = _SAME_OF.match(question)
    if match and (match["tail"] or continues):
        return _substituted(match["x"], last, continues)
    match = _LOOSE_SAME_OF.match(question)
    asks_more = last.leads and last.phrase != in_japanese(last.names) and not re.search("[A-Za-z]|の違い$", last.phrase)
    return _substituted(match["x"], last, True) if match and (continues or asks_more) else ""


def _substituted(new: str, last: PastQuestion, continues: bool) -> str:
    """The last question about ``new``; empty where it is not clear what ``new`` would stand for in it."""
    text = last.text
    if last.long:
        return ""
    if last.compares:
        alike = any(_kinship(name, side) for name in _SPLIT.split(new) for side in last.names)
        return _compared(new, last) if continues or alike else ""
    topic = _find(text, last.names[0]) if last.names else None
    if topic and (new == last.names[0] or (last.defines and (continues or _kinship(new, last.names[0])))):
        return _replaced(text, topic, new)
    spans = [match.span() for match in NOUNS.finditer(text)] if is_japanese(text) else latin_names(text)
    near = {span: _kinship(new, text[slice(*span)]) for span in spans}
    if last.leads and topic:
        # The name rather than what is asked of it, where both are as near.
        near = {span: kin + (kin >= _KIN - 1 and span[0] == topic[0]) for span, kin in near.items()}
    best = max(near.values(), default=0)
    nearest = [span for span, kin in near.items() if kin == best]
    if best >= _KIN and len(nearest) == 1:
        return _replaced(text, nearest[0], new)
    return _replaced(text, topic, new) if continues and topic and last.leads else ""


def _compared(new: str, last: PastQuestion) -> str:
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
    return int(same and not ONLY_ASPECTS.match(b))


def _find(text: str, name: str) -> Span | None:
    at = normalise(text).find(normalise(name)) if len(normalise(text)) == len(text) else text.find(name)
    return (at, at + len(name)) if at >= 0 else None


def _replaced(text: str, span: Span, new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]
