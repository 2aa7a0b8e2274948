"""What a question asks for, and what a text must hold to be an answer to that.

Told from the wording of the question alone: the kind of thing (an amount, a date, a price, a reason), and the words
that carry its content. All of this is grammar: no subject's words are listed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from .answertypes import ANSWER_TYPES, DIGITS, NUMERAL

__all__ = ["content_words", "numbered", "type_held", "type_missing"]

_LONGEST: Final = 800
_UNIT: Final = (
    "[KMGTPkmgtp]?i?[Bb](?:ps|its?|ytes?)?|[kKMG]?Hz|[mμun]s|min|sec|hours?|days?|weeks?|months?|years?|times|[kmcμ][gmlLWA]"
    "|[kh]?Pa|mol|px|dpi|fps|k?Wh|mAh|ppm"
)
# A digit within a name says nothing about amounts: S3, P2, l2. Nor does "one thing" among others.
_NAME_WITH_DIGIT: Final = re.compile(
    rf"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9_.-]*[0-9][A-Za-z0-9]*|(?<![0-9])[0-9]+(?!(?:{_UNIT})(?![A-Za-z]))[A-Za-z]{{2,}}|[（(][0-9]+[)）]"
    "|[1一]つ(?!のみ|だけ|まで)の?|数[千万]+もの"
)

# "何ボルト", "何分": the counter that must follow a numeral in the answer. 何が, 何を … count nothing, and 何系,
# 何向け, 何細胞 ask which one.
_COUNTER: Final = re.compile(
    r"何(?:か(?=[国所条月]))?(?![がをにでとのかもや])(?P<unit>割|パーセント|%|[ァ-ヺー]+|つ|[A-Za-z]+"
    r"|(?:[個種回台人本件枚倍分秒日週月年世行文度点番通段箇国所条]|時(?!代))[一-龥]?|(?![系型式用製色語向族層科属類者物])[一-龥](?![一-龥]))"
)
#: "人数は？": as 何人.
_NUMBER_OF: Final = re.compile(r"(?P<unit>[本人台回件枚個年日点])数(?:は|って|を教えて(?:ください)?)?\s*[?。]*\s*$")
_SHARES: Final = ("割", "パーセント", "%")
#: What counts things of any kind stands for one another.
_ANY_THING: Final = "[つ個種点通段]"

_CONTENT: Final = re.compile(r"[ァ-ヺー]+|[一-龥々〆ヶ]+")
_ASKING: Final = re.compile(r"^[何誰幾]|^(?:理由|方法|名前|意味|種類)$")
#: A name that ends in a number, and a number that is a name. What begins with a number is an amount: 300GB.
_NUMBERED: Final = re.compile(
    r"(?<![a-z0-9-])(?P<name>[a-z]+(?:-[a-z]+)*-?[0-9][a-z0-9]*(?:-[a-z0-9]+)*)"
    r"|(?<![a-z0-9.,-])(?P<number>[0-9]{2,5})(?P<of>[年番])(?![目間前後来代]|ごと|おき|以)"
)

#: "何の略称", "どんな仕組み": the word behind says what kind of thing the answer is; the answer need not.
_OF_WHAT_KIND: Final = re.compile(r"(?:何の|なんの|どんな|どのような|どういう|どういった)(?:[ァ-ヺー]+|[一-龥々〆ヶ]+)")


def type_missing(question: str, text: str) -> bool:
    """Whether the question asks for a kind of thing (an amount, a date, a reason) that ``text`` does not hold."""
    return type_held(question, text) is False


def type_held(question: str, text: str) -> bool | None:
    """Whether ``text`` holds the kind of thing that the question asks for; ``None`` where it asks for none."""
    # What is asked stands at the end of a long text.
    plain, held = unicodedata.normalize("NFKC", question)[-_LONGEST:], unicodedata.normalize("NFKC", text)
    needed, unit = _expected(plain)
    if needed is not None and needed.search(_NAME_WITH_DIGIT.sub(" ", held)) is None:
        return False
    if unit is None:
        return None if needed is None else True
    return _counted(unit, held)


@lru_cache(maxsize=256)
def _expected(question: str) -> tuple[re.Pattern[str] | None, str | None]:
    """What an answer must hold, and in which unit it counts: the same for every line that the question is held to."""
    needed = next((needed for asked, needed in ANSWER_TYPES if asked.search(question)), None)
    counter = _COUNTER.search(question) or _NUMBER_OF.search(question)
    return needed, counter["unit"] if counter else None


def _counted(unit: str, text: str) -> bool:
    """Whether something is counted in this unit in ``text``: 15V for "何ボルト", 満点15 for "何点"."""
    plain = _NAME_WITH_DIGIT.sub(" ", text)
    if unit[0] == "番":
        return re.search(DIGITS, plain) is not None
    if unit in _SHARES:
        follows = "|".join(_SHARES)
    elif unit[0] in "つ個種":
        follows = _ANY_THING
    elif "ァ" <= unit[0] <= "ヺ":
        # Where the notes name the unit, the numeral may stand apart from it.
        if unit in text and re.search(DIGITS, plain):
            return True
        follows = f"{re.escape(unit)}|[A-Za-zΩ℃°]"
    else:
        follows = re.escape(unit if unit.isascii() else unit[0])
    return (
        re.search(rf"[{NUMERAL}]\s*[かヵカヶケ]?(?:{follows})|(?:{follows})(?:数:)?\s*[0-9]", text, re.IGNORECASE)
        is not None
    )


def numbered(text: str) -> list[tuple[str, str]]:
    """What a text names by a number, and of which kind each is: RAID5 (raid), 1588年 (年), 404番 (番)."""
    found = []
    for match in _NUMBERED.finditer(unicodedata.normalize("NFKC", text).casefold()):
        letters = "".join(filter(str.isalpha, match["name"])) if match["name"] else match["of"]
        found.append((letters, match["name"] or match["number"]))
    return found


def content_words(question: str) -> list[str]:
    """The runs of katakana and of kanji in a question, without those that only ask."""
    plain = unicodedata.normalize("NFKC", question)
    return [word for word in _CONTENT.findall(_OF_WHAT_KIND.sub(" ", plain)) if not _ASKING.match(word)]
