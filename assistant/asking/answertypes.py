"""The expected answer type of a question: by which wording each is asked for, and what an answer of it must hold.

(Li and Roth 2002, "Learning question classifiers", has the usual types; here they are told by patterns.)
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ANSWER_TYPES", "DIGITS", "NUMERAL"]

NUMERAL: Final = "0-9〇一二三四五六七八九十百千万億半数"
DIGITS: Final = "[0-9〇一二三四五六七八九十百千万億半]"
_COUNTED: Final = (
    "個|つ|種類?|回|台|人|本|件|枚|倍|分|秒|時間|日|週間|か月|年間|行|文字|言語|世代|バイト|ビット|メートル|キロ|度|ボルト|割"
    "|パーセント|%|MB|GB|TB"
)
#: "失敗した理由はどこに書く？": another word asks, so what stands before it is only what is spoken of.
_NOT_WHERE: Final = "(?!.*(?:どこ|だれ|誰|どれ|どの(?!くらい|ぐらい)|どうやっ|どうすれ))"
#: Not the number of a standard or of a port.
_YEAR: Final = r"(?<![0-9])(?:1[0-9]{3}|20[0-9]{2})(?![0-9])"
# The end of a question whose last noun is what is asked for: "の最大サイズは？", "の期間を教えて".
_AT_END: Final = r"(?:は|って|を教えて(?:ください)?|の値は?)?\s*[?。]*\s*$"
# Nouns that stand for an amount. 関数, 変数, 係数 … are things, not amounts.
_AMOUNT: Final = (
    # What a clause tells more of is a thing: 「電源を切っても残るメモリ」.
    "(?<![関変引対整実分小素定複無係因])数|サイズ|容量|(?:データ|[与用費信取出送])量|(?<![るたいうくすつぬぶむぐ])メモリ|速度|期間|時間|寿命|間隔|上限|下限|最大|最小|最[大小高低長短]値"
    "|バージョン|タイムアウト|電力|電圧|距離|身長|体重|年齢|[融沸]点|大きさ|[高長深広重]さ"
)
#: Several of a unit, and a formula for it.
_SOME: Final = "数(?:[十百千万億]|週|日|[かヵカヶケ]月|年|時間|分|秒|回|個|人|台|件|%)|[÷×]"
_ENGLISH_SOME: Final = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|twice|dozens?|hundreds?|thousands?|several)\b"
)


def _measure(nouns: str, units: str) -> tuple[tuple[str, ...], str]:
    """What is asked for by one of the ``nouns`` at the end, and is measured in one of the ``units``."""
    asked = rf"(?:{nouns})(?:の(?:最大|最小|上限|下限))?{_AT_END}"
    return (asked,), rf"{DIGITS}\s*(?:{units})|{_SOME}"


_TIME_UNITS: Final = (
    r"秒|分|時|日|週|[かヵカヶケ箇]?月|年|(?:m?s|sec|min|h)\b|hours?|days?|weeks?|months?|years?|minutes?|seconds?"
)
_TIMES: Final = "(?:periods?|intervals?|durations?|lifetimes?|timeouts?|run ?times?)"


# What a question asks for, by its wording, and what an answer to that must hold somewhere.
ANSWER_TYPES: Final = tuple(
    (re.compile("|".join(asked), re.IGNORECASE), re.compile(needed, re.IGNORECASE))
    for asked, needed in (
        (  # a price
            (
                f"いくら|(?:料金|価格|値段|費用は|月額|年額|単価|無料枠){_NOT_WHERE}",
                rf"(?:費用|コスト){_AT_END}",
                # Not the cost that is part of a name or of another noun: Cost Explorer, "cost factors".
                r"\bprice|\bpricing\b|^[ -~]*\bcosts?(?:\s+(?:of|for|per|to)\b|\s*\?)|\bhow much (?:does|do|is)\b",
            ),
            # Not the $ that a shell prompts with.
            rf"{DIGITS}+\s*(?:円|ドル|セント)|\$\s?[0-9]|[0-9]\s?\$|[¥€]|\bUSD\b|無[料償]|有料|課金|従量|\bfree\b",
        ),
        (  # a date
            (
                "何年(?!間)|何月|何日(?!間|ごと|おき)|何世紀",
                rf"(?<![毎何曜])[一-龥]日{_AT_END}",
                r"\bwhen\b.*\b(?:was|did|were|released|launched)\b|\bwhat year\b",
            ),
            rf"{DIGITS}+\s*(?:年|月|日|世紀)|(?<![0-9])[0-9]{{3,4}}(?![0-9])",
        ),
        (  # when something happened
            (rf"いつ[^、。]{{1,24}}[ただ](?:の|ん)?(?:です|でしょう)?か?{_AT_END}",),
            rf"{DIGITS}+\s*(?:年|月|日|世紀|時)|{_YEAR}|時代|年間|年代|元年|世紀|初期|中期|後期|末期|[朝昼夜夕]|午[前後]|直[前後]",
        ),
        (  # a time
            ("いつ(?!も|でも|か|使|用い|選)", r"^when\b(?!.*\b(?:use|choose|pick)\b)"),
            rf"{DIGITS}+\s*(?:年|月|日|時|世紀|分|秒|週|か月)|(?<!\d)(?:1\d\d\d|20\d\d)(?!\d)"
            r"|朝|昼|夜|夕|正午|午前|午後|時(?!間|系列|的)|とき|場合|(?<![一-龥])際|(?<!と)ころ|頃|直後|直前|以降|毎|[年月週日]に|ごと|おき|前に|後に|たら|なら|れば|[らりる]と"
            r"|\bwhen|\bafter|\bbefore",
        ),
        (  # who made it
            (
                "(?:誰|だれ|どこの|どの国|人の名前).*(?:開発|発明|考案|考え|発見|設計|提唱|作っ|作ら|創)"
                "|(?:開発|発明|考案|考え(?:た|出|つ)|発見|設計|提唱|作っ|作ら|創).*(?:誰|だれ|どこの|どの国|人の名前)"
                f"|の(?:[著作]者|(?:開発|発明|考案)者){_AT_END}",
                r"\bwho\b.*\b(?:invented|created|made|developed|designed|wrote|founded)\b",
            ),
            r"開発|発明|考案|考え(?:た|出|つい)|発見|設計|提唱|(?<![操動工])作(?![業動用])|創|著|氏|社(?![内外会員長])|invent|creat|design|develop|\bby\b",
        ),
        _measure("時間|期間|間隔|寿命|タイムアウト|周期", _TIME_UNITS),
        (  # a time, asked for in English
            (rf"\bwhat(?:'s|\s+is|\s+are)\s+the\s+(?:[\w-]+\s+){{0,3}}{_TIMES}\b",),
            rf"{DIGITS}\s*(?:{_TIME_UNITS})|{_SOME}|{_ENGLISH_SOME}|\b(?:hour|dai|week|month|year)ly\b",
        ),
        _measure("距離|身長|標高|高度", r"[ckm]?m(?![a-z])|メートル|キロ|センチ|ミリ|里|光年"),
        _measure("温度|気温|体温|[融沸]点", "度|℃|°|K(?![a-z])"),
        _measure("体重|重量", r"k?g(?![a-z])|グラム|キロ|トン"),
        _measure("電圧|起電力", "m?V|ボルト"),
        _measure("面積", "平方|㎡|m2|m²|km|ha|ヘクタール|坪"),
        _measure("年齢", "歳|才"),
        (  # an amount
            (
                f"何(?:{_COUNTED})",
                "いくつ(?![もか])|どのくらい|どれくらい|どれぐらい|最大で?何|上限は|下限は",
                "番号は|面積|標高|高さは|長さは|重さは|人口|割合は|比率|間隔は",
                f"(?:{_AMOUNT})(?:の(?:最大|最小|上限|下限))?{_AT_END}",
                r"\bhow (?:many|much|long|often|large|big|far|fast|old)\b",
                r"\b(?:maximum|minimum|max|largest|smallest|longest|shortest|highest|lowest)\b.*\b(?:size|length|number|time|limit)\b",
                r"\bwhat (?:number|percentage|port)\b|\b(?:upper |lower |throughput )?limit of\b",
            ),
            # Not the 一 of 一斉 and 一般, nor the 十分 that is enough.
            rf"[0-9二三四五六七八九百千万億〇半]|十(?!分[なにで])|一(?=[個回台人本件枚倍秒日週年行割代世段層])|{_SOME}"
            rf"|{_ENGLISH_SOME}",
        ),
        (  # a command
            (rf"コマンド{_AT_END}", r"コマンド(?:名)?は何", "どの(?:ような)?コマンド|どんなコマンド"),
            r"(?-i:(?<![A-Za-z0-9])[a-z][a-z0-9_.-]+|(?<![A-Za-z])[A-Z][a-z]+-[A-Z])|コマンド",
        ),
        (  # a reason
            (f"なぜ|どうして|(?:理由|由来){_NOT_WHERE}|何のため|何故", r"\bwhy\b|\breasons?\b"),
            r"ため|ので|から|なぜ|こと(?:で|により)|理由|原因|由来|よって|より|よる|せい|おかげ|ないと|すると|れば|なら|→|⇒|∵|[らりる]と"
            r"|\bwhy\b|\bbecause|\bsince\b|\bso\b|\bdue\b|\bto\b|->|\bif\b|\bfor\b",
        ),
    )
)
