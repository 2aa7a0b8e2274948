"""What an option of an exam claims, beside what the stem asks: a pair, or statements each with a subject of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...text import terms

__all__ = ["claims_of", "without_foil"]

#: What joins the halves of a pair.
_JOINT: Final = re.compile(r"\s*(?:―+|—+|–|：|:|→|／|\s[-/]\s|・)\s*")
_MOST_HALVES: Final = 3
#: Where a clause of a statement ends, and where the subject of a clause does.
_CLAUSE_ENDS: Final = re.compile(
    r"(?<=[ぁ-のひ-ん])、(?=[^、]{1,24}(?:は|なら|では))|、?一方で?、?|\s*;\s*|,?\s+(?:while|whereas|but)\s+"
)
_SUBJECT_ENDS: Final = re.compile(r"\s*(?:とは|では|なら|は)、?\s*|\s+(?:is|are|has|can|does)\s+")
#: What the thing asked about is set against.
_FOIL: Final = re.compile(
    r"(?:^|(?<=[、。\n]))[^、。\n]{1,40}?(?:では?なく|と(?:は?違[いっ]て?|(?:比べ|比較し)(?:た(?:とき|場合|際)の?|て|ると))"
    r"|に(?:比べ|対し)(?:た(?:とき|場合|際)の?|て|ると)?)、?"
    r"|,?\s*\b(?:rather than|instead of|compared (?:to|with)|unlike|as opposed to)\s+"
    r"[^,.?]{1,40}(?=[,.?]|\s(?:is|are|when|for|to)\b|$),?",
    re.IGNORECASE,
)
_LONGEST_SUBJECT: Final = 24
#: Two things that the stem sets side by side.
_COMPARED: Final = re.compile(
    r"(?P<a>[^、。のは「」]{1,32}?)\s{0,4}と\s{0,4}(?P<b>[^、。のは「」]{1,32}?)\s{0,4}(?=の(?:違い|差|説明|記述|特徴)|を(?:比べ|比較)|に(?:ついて|関)|、)"
    r"|\b(?:between|of|compare)\s+(?P<c>[^,.?]{1,32}?)\s+(?:and|with)\s+(?P<d>[^,.?]{1,32}?)"
    r"(?=[,.?]|\s(?:is|are|which)\b|$)"
)
_OF_BOTH: Final = re.compile(
    r"(?:どちら|いずれ|両方|両者)(?:と?も|が)、?|ともに、?|both\s+(?:of\s+them\s+)?", re.IGNORECASE
)
#: X も Y も so.
_OF_EACH: Final = re.compile(r"(?P<a>[^、。も]{1,24})も、?(?P<b>[^、。も]{1,24})も、?(?P<rest>.+)")
#: What is so is (only) X.
_CLEFT: Final = re.compile(r"(?P<rest>.{4,}?)のは、?\s*(?P<a>[^、。]{1,24}?)\s*(?:だけ|のみ)?(?:である|だ|です)?[。.]?")


def without_foil(stem: str) -> str:
    """The stem without what it sets the thing asked about against: 「標準ではなくFIFOを選ぶのは」, "rather than X"."""
    kept = _FOIL.sub("", stem).strip()
    return kept if terms(kept) else stem


def claims_of(options: Sequence[str], stem: str) -> list[list[list[str]]]:
    """What each option claims, as a list of claims, each in two parts or more that have to stand on one line.

    Either all options are pairs; or an option is a statement, "X is so, but Y is such", of which each clause names
    its subject. An option that is neither claims nothing by itself.
    """
    pairs = [_parts_of(_JOINT.split(option)) for option in options]
    if all(1 < len(pair) <= _MOST_HALVES for pair in pairs):
        return [[pair] for pair in pairs]
    compared = _compared(stem)
    return [_statements(option, compared) for option in options]


def _statements(option: str, compared: Sequence[str]) -> list[list[str]]:
    """The claims of a statement, each a subject and what is said of it; empty where some clause has no subject."""
    both = _OF_BOTH.match(option)
    if both and compared:
        return [[name, option[both.end() :]] for name in compared]
    each = _OF_EACH.fullmatch(option)
    if each:
        return [[each["a"], each["rest"]], [each["b"], each["rest"]]]
    cleft = _CLEFT.fullmatch(option)
    if cleft:
        return [[cleft["a"], cleft["rest"]]]
    clauses = [_parts_of(_SUBJECT_ENDS.split(clause, maxsplit=1)) for clause in _CLAUSE_ENDS.split(option)]
    stated = all(len(clause) == 2 and len(clause[0]) <= _LONGEST_SUBJECT for clause in clauses)
    return clauses if stated else []


def _compared(stem: str) -> list[str]:
    match = _COMPARED.search(stem)
    return [name.strip() for name in match.groups() if name] if match else []


def _parts_of(split: Sequence[str]) -> list[str]:
    return [part.strip() for part in split if terms(part)]
