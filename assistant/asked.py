"""What a question asks for, and what a text must hold to be an answer to that.

Told from the wording of the question alone: the kind of thing (an amount, a date, a price, a reason), and the words
that carry its content. All of this is grammar: no subject's words are listed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["content_words", "numbered", "type_missing"]

_NUMERAL: Final = "0-9〇一二三四五六七八九十百千万億半数"
_DIGITS: Final = "[0-9〇一二三四五六七八九十百千万億半]"
_COUNTED: Final = (
    "個|つ|種類?|回|台|人|本|件|枚|倍|分|秒|時間|日|週間|か月|年間|行|文字|バイト|ビット|メートル|キロ|度|ボルト|割"
    "|パーセント|%|MB|GB|TB"
)
#: "失敗した理由はどこに書く？": another word asks, so what stands before it is only what is spoken of.
_NOT_WHERE: Final = "(?!.*(?:どこ|だれ|誰|どれ|どの(?!くらい|ぐらい)|どうやっ|どうすれ))"
# The end of a question whose last noun is what is asked for: "の最大サイズは？", "の期間を教えて".
_AT_END: Final = r"(?:は|って|を教えて(?:ください)?|の値は?)?\s*[?。]*\s*$"
# Nouns that stand for an amount. 関数, 変数, 係数 … are things, not amounts.
_AMOUNT: Final = (
    "(?<![関変引対整実分小素定複無係因])数|サイズ|容量|メモリ|速度|期間|時間|寿命|間隔|上限|下限|最大|最小|最[大小高低長短]値"
    "|バージョン|タイムアウト|電力|電圧|距離|身長|体重|年齢|[融沸]点|大きさ|[高長深広重]さ"
)
# What a question asks for, by its wording, and what an answer to that must hold somewhere.
_ASKED_PATTERNS: Final = tuple(
    (re.compile("|".join(asked), re.IGNORECASE), re.compile(needed, re.IGNORECASE))
    for asked, needed in (
        (  # a price
            (
                f"いくら|(?:料金|価格|値段|費用は|月額|年額|単価|無料枠){_NOT_WHERE}",
                rf"(?:費用|コスト){_AT_END}",
                r"\bprice|\bpricing\b|\bcosts?\b.*\?|\bhow much (?:does|do|is)\b",
            ),
            rf"{_DIGITS}+\s*(?:円|ドル|セント)|[$¥€]|\bUSD\b|無料|\bfree\b",
        ),
        (  # a date
            (
                "何年(?!間)|何月|何日(?!間|ごと|おき)|何世紀",
                rf"(?<![毎何曜])[一-龥]日{_AT_END}",
                r"\bwhen\b.*\b(?:was|did|were|released|launched)\b|\bwhat year\b",
            ),
            rf"{_DIGITS}+\s*(?:年|月|日|世紀)|\b(?:19|20)\d\d\b|[0-9]{{3,4}}",
        ),
        (  # a time
            ("いつ(?!も|でも|か|使|用い|選)", r"^when\b(?!.*\b(?:use|choose|pick)\b)"),
            rf"{_DIGITS}+\s*(?:年|月|日|時|世紀|分|秒|週|か月)|(?<!\d)(?:1\d\d\d|20\d\d)(?!\d)"
            r"|朝|昼|夜|夕|正午|午前|午後|時(?!間|系列|的)|とき|場合|際|ころ|頃|直後|直前|以降|毎|[年月週日]に|ごと|おき|前に|後に|たら|なら|れば|[らりる]と"
            r"|\bwhen|\bafter|\bbefore",
        ),
        (  # who made it
            (
                "(?:誰|だれ|どこの|どの国|人の名前).*(?:開発|発明|考案|設計|提唱|作っ|作ら|創)"
                "|(?:開発|発明|考案|設計|提唱|作っ|作ら|創).*(?:誰|だれ|どこの|どの国|人の名前)"
                f"|の(?:[著作]者|(?:開発|発明|考案)者){_AT_END}",
                r"\bwho\b.*\b(?:invented|created|made|developed|designed|wrote|founded)\b",
            ),
            r"開発|発明|考案|設計|提唱|作|創|著|氏|社(?![内外会員長])|invent|creat|design|develop|\bby\b",
        ),
        (  # an amount
            (
                f"何(?:{_COUNTED})",
                "いくつ(?![もか])|どのくらい|どれくらい|どれぐらい|最大で?何|上限は|下限は",
                "番号は|面積|標高|高さは|長さは|重さは|人口|割合は|比率|間隔は",
                f"(?:{_AMOUNT})(?:の(?:最大|最小|上限|下限))?{_AT_END}",
                r"\bhow (?:many|much|long|often|large|big|far|fast|old)\b",
                r"\b(?:maximum|minimum|max)\b.*\b(?:size|length|number|time|limit)\b",
                r"\bwhat (?:number|percentage|port)\b|\b(?:upper |lower |throughput )?limit of\b",
            ),
            _DIGITS,
        ),
        (  # a reason
            (f"なぜ|どうして|(?:理由|由来){_NOT_WHERE}|何のため|何故", r"\bwhy\b|\breasons?\b"),
            r"ため|ので|から|理由|原因|由来|よって|より|よる|せい|おかげ|ないと|すると|れば|なら|→|⇒|∵|[らりる]と"
            r"|\bbecause|\bsince\b|\bso\b|\bdue\b|\bto\b|->|\bif\b|\bfor\b",
        ),
    )
)
_LONGEST: Final = 800
_UNIT: Final = (
    "[KMGTPkmgtp]?i?[Bb](?:ps|its?|ytes?)?|[kKMG]?Hz|[mμun]s|min|sec|hours?|days?|weeks?|months?|years?|times|[kmcμ][gmlLWA]"
    "|[kh]?Pa|mol|px|dpi|fps|k?Wh|mAh|ppm"
)
# A digit within a name says nothing about amounts: S3, P2, l2. Nor does "one thing" among others.
_NAME_WITH_DIGIT: Final = re.compile(
    rf"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9_.-]*[0-9][A-Za-z0-9]*|(?<![0-9])[0-9]+(?!(?:{_UNIT})(?![A-Za-z]))[A-Za-z]{{2,}}|[（(][0-9]+[)）]"
    "|[1一]つの?|数[千万]+もの"
)

# "何ボルト", "何分": the counter that must follow a numeral in the answer. 何が, 何を … count nothing, and 何系,
# 何向け, 何細胞 ask which one.
_COUNTER: Final = re.compile(
    r"何(?:か(?=[国所条月]))?(?![がをにでとのかもや])(?P<unit>割|パーセント|%|[ァ-ヺー]+|つ|[A-Za-z]+"
    r"|(?:[個種回台人本件枚倍分秒日週月年世行文度点番通段箇国所条]|時(?!代))[一-龥]?|(?![系型式用製色語向族層科属類者物])[一-龥](?![一-龥]))"
)
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
    # What is asked stands at the end of a long text.
    plain, held = unicodedata.normalize("NFKC", question)[-_LONGEST:], unicodedata.normalize("NFKC", text)
    for asked, needed in _ASKED_PATTERNS:
        if asked.search(plain):
            if needed.search(_NAME_WITH_DIGIT.sub(" ", held)) is None:
                return True
            break
    counter = _COUNTER.search(plain)
    return counter is not None and not _counted(counter["unit"], held)


def _counted(unit: str, text: str) -> bool:
    """Whether something is counted in this unit in ``text``: 15V for "何ボルト", 満点15 for "何点"."""
    plain = _NAME_WITH_DIGIT.sub(" ", text)
    if unit[0] == "番":
        return re.search(_DIGITS, plain) is not None
    if unit in _SHARES:
        follows = "|".join(_SHARES)
    elif unit[0] in "つ個種":
        follows = _ANY_THING
    elif "ァ" <= unit[0] <= "ヺ":
        # Where the notes name the unit, the numeral may stand apart from it.
        if unit in text and re.search(_DIGITS, plain):
            return True
        follows = f"{re.escape(unit)}|[A-Za-zΩ℃°]"
    else:
        follows = re.escape(unit if unit.isascii() else unit[0])
    return (
        re.search(rf"[{_NUMERAL}]\s*[かヵカヶケ]?(?:{follows})|(?:{follows})\s*[0-9]", text, re.IGNORECASE) is not None
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
