"""Anaphora: what refers to a question before, by a pronoun (「それの上限は？」) or as a side of a contrast (「違いは？」)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..text import identifiers
from .pastquestion import ASPECT, END, ENGLISH_ASPECTS, HAN, NOUN, PastQuestion, in_english, in_japanese, two_topics

__all__ = ["contrast", "pronoun", "refers"]

# -- pronouns

_THING: Final = "サービス|機能|方式|手法|方法|仕組み|用語|言葉|単語|概念|技術|ツール|人物?|国|時代|事件|料理|プロトコル|アルゴリズム"
_PRONOUN: Final = re.compile(
    r"(?P<pre>(?:なぜ|なんで|どうして|どうやって|どのように|いつ|どこで|何で)?、?)"
    rf"(?:(?P<each>)(?=それぞれ(?:の(?:{ASPECT})|は|何|なに|いつ|どう))"
    rf"|(?P<both>(?:この|その)?(?:両者|両方|[2２二](?:つ|者))|(?:これ|それ)ら)"
    rf"(?=の(?:{ASPECT}|違|差|使い分け)|は|って|を|が|に|で|、?[どな何使])"
    rf"|(?:(?P<first>前者)|(?P<last>後者)|(?P<it>(?:その|この|あの)(?:{_THING})|それ|これ|あれ|そいつ|こいつ|そっち|こっち))"
    r"(?=の|は|って|を|が|に(?!しても|しては|も|対し|加え)|も(?!っと)|とは"
    r"|と(?:の|比|違|ちが|どう|[0-9A-Za-zァ-ヺ一-龥])|何|いくら|無料|使え)"
    rf"|(?P<of>その|この|あの)(?=違い|差|(?:{ASPECT})(?:[はをがもっに?？]|$)))"
    r"(?P<rest>.+)"
)
_CONTRAST: Final = re.compile(r"違[いうっえ]|ちが[いうっ]|相違|の差|使い分け|どっち|どちら|比べ|比較")

_ENGLISH_PRONOUN: Final = re.compile(
    r"(?P<pre>(?:(?:what|how|why|when|where|which|who)(?:'s)?\s+"
    r"|(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have"
    r"|much|many|long|often|i|we|you|use|using|choose|compare|tell|me|explain|describe|more|about"
    rf"|for|to|with|of|on|in|the|an?|main|differences?|between|need|show|list|give|{ENGLISH_ASPECTS})\s+)*)"
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


def pronoun(question: str, before: Sequence[PastQuestion]) -> str:
    """``question`` with what its pronoun stands for; empty where it has none, or where that is not clear."""
    if match := _PRONOUN.match(question):
        return _japanese_pronoun(match, before)
    match = _ENGLISH_PRONOUN.match(question)
    return _english_pronoun(question, match, before) if match else ""


def _japanese_pronoun(match: re.Match[str], before: Sequence[PastQuestion]) -> str:
    last, rest = before[-1], match["rest"]
    compares = _CONTRAST.search(rest) is not None
    # 「その違いは」 is about two; 「それとBの違いは」 brings its own second.
    two = match["both"] or match["each"] is not None or (compares and not re.match(r"と|は?.+と", rest))
    names = two_topics(before) if two else last.names
    names = last.names if match["each"] is not None and not names else names
    if match["first"] or match["last"]:
        names = _one_side(last, first=bool(match["first"]))
    if not names:
        return ""
    said = in_japanese(names)
    if len(names) > 1 and rest.startswith("の") and not compares:
        said += "それぞれ"
    joint = "の" if match["of"] else "は" if re.match("何|いくら|無料|使え", rest) else ""
    return f"{match['pre']}{said}{joint}{rest}"


def _english_pronoun(question: str, match: re.Match[str], before: Sequence[PastQuestion]) -> str:
    last = before[-1]
    word = " ".join(match["pronoun"].lower().split())
    if word == "it" and _EXPLETIVE.match(match["rest"]):
        return ""
    if word in {"it", "they", "this", "that", "them"} and not match["pre"]:  # "It depends on …"
        return ""
    if word in {"the former", "the latter"}:
        names = _one_side(last, first=word == "the former")
    elif (
        word.startswith("both")
        or word == "the two"
        or re.search(r"\b(?:differ|compar|between)", question, re.IGNORECASE)
    ):
        names = two_topics(before) or (last.names if word in {"it", "this", "that"} else ())
    else:
        names = last.names
    said = in_english(names) + ("'s" if word in {"its", "their"} else "")
    return f"{match['pre']}{said}{match['rest']}" if names else ""


def _one_side(last: PastQuestion, *, first: bool) -> tuple[str, ...]:
    """What "the former" and "the latter" are; empty where nothing was compared."""
    return () if not last.compares else last.names[:1] if first else last.names[-1:]


# -- contrasts without one or both of their sides

_DIFFERENCE: Final = re.compile(
    rf"(?P<of>(?:主な|一番の|大きな)?(?:違い|差異?|相違点?|使い分け方?|見分け方|共通点)"
    rf"(?:(?:は|って|を|が|について)?[ぁ-ん何教知説明]*)?{END})"
    rf"|(?P<topic>(?:どう|どこが|何が|なにが|どのように)(?:違|ちが|使い分け|異な)[ぁ-ん]*{END}"
    rf"|(?:どっち|どちら|どれ)(?:[がをのにで使いえ選][^、]*$|{END}))"
    rf"|(?P<object>(?:比較|比べ|くらべ)[ぁ-ん]*{END})"
)
_WITH_ONE: Final = re.compile(
    rf"{NOUN}(?:(?P<of>との(?:違い|差|使い分け|比較|関係).*|と(?:どっち|どちら)[^、]*)"
    rf"|(?:とは?(?:どう|何が|なにが|どこが)(?:違|ちが|異な)[ぁ-ん]*"
    rf"|とは?(?:違|ちが)[ぁ-ん]*|と(?:比べ|くらべ|比較し)[^、]{{1,12}}|よりも?(?:{HAN}|いい|よ)[ぁ-ん]{{0,5}}){END})$"
)
_ENGLISH_DIFFERENCE: Final = re.compile(
    r"(?:what(?:'s|\s+is|\s+are)\s+)?(?:the\s+)?(?:main\s+|key\s+)?differences?\s*\?*$", re.IGNORECASE
)
_ENGLISH_WHICH: Final = re.compile(
    r"which(?:\s+one)?\s+(?:is|are|should|do|does|would|can|has|to)\b[^,]*?(?=\s*[?.!]*$)", re.IGNORECASE
)
_ENGLISH_VERSUS: Final = re.compile(
    r"(?:vs\.?|versus|compared\s+(?:to|with)|(?:the\s+)?difference\s+(?:from|to|with)|different\s+from)\s+"
    r"(?P<x>.+?)\s*[?.!]*$",
    re.IGNORECASE,
)


def contrast(question: str, before: Sequence[PastQuestion]) -> str:
    """A ``question`` for a difference with the sides that it leaves out; empty where it is none."""
    last, two = before[-1], two_topics(before)
    match = _DIFFERENCE.match(question)
    if match and two and not identifiers(question):
        return f"{in_japanese(two)}{'の' if match['of'] else 'を' if match['object'] else 'は'}{question}"
    match = _WITH_ONE.match(question)
    if match and last.names:
        return f"{in_japanese(last.names)}{'と' if match['of'] else 'は'}{question.replace('との', 'の', 1)}"
    if _ENGLISH_DIFFERENCE.match(question) and two:
        return f"What is the difference between {in_english(two)}?"
    match = _ENGLISH_WHICH.match(question)
    if match and two and not identifiers(question):
        return f"{match.group()}, {' or '.join(two)}?"
    match = _ENGLISH_VERSUS.match(question)
    return f"{' vs '.join(last.names)} vs {match['x']}?" if match and last.names else ""


def refers(question: str) -> bool:
    """Whether ``question`` may look whole and yet lacks what is compared: "what is the difference between them?"."""
    return any(pattern.match(question) for pattern in (_PRONOUN, _ENGLISH_PRONOUN, _DIFFERENCE, _ENGLISH_DIFFERENCE))
