"""What the stem of an exam question asks for: how many options, the right or the wrong ones, in which form.

Only the sentences that ask are read for it: a scenario may say "not" and "two" as often as it likes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from ...examrecords import ExamKind
from ...text import join_lines
from .truthwords import truth_word

__all__ = [
    "asks",
    "choose_count",
    "exam_kind",
    "instructs",
    "is_negated",
    "is_true_false",
    "stated",
    "without_asking",
]

#: Nobody asks further from the end than this, in characters.
_TAIL: Final = 2_000

_QUESTION_WORD: Final = "どれ|いずれ|どちら|どの|何|なに|いくつ"
_PLEASE: Final = "(?:よ|なさい|て(?:くだ|下)さい|て$)"
_ASKS: Final = re.compile(
    r"どれ|いずれ(?!も)|どちら|どのよう|どの[^。、]{1,20}か|何(?:です|でしょう|か|を|が|と|に|個|つ|番)|なに|いくつ|どう(?:す|な|し)"
    r"|選(?:べ(?!る|ば|な)|び(?:なさい|ください|$)|ん(?:で|だ)|ぶこと|ぶ[。.]?$|択(?:せよ|しなさい|し(?:て|ます)|[。.)]?$))"
    rf"|答え{_PLEASE}|挙げ{_PLEASE}|せよ|なさい|(?:くだ|下)さい|(?:もの|記述|説明|組み?合わ?せ)(?:は|を)?[。:]?$|か[。.]?$|\?|○.{{0,12}}×"
    r"|^\W*(?:which|what|who|when|where|why|how)\b|(?:^|[(\[,;]\s*)(?:please\s+)?(?:select|choose|pick|identify|match|arrange|complete|put|order|mark|check)\b"
    r"|\bwhich of\b|\btrue or false\b|:$|_{2,}",
    re.IGNORECASE,
)
_INQUIRY: Final = r"どれ|いずれ(?!も)|どちら|\?|[か何]。|[か何]\s*$|\bwhich (?:of|one|two|three)\b|^\W*(?:which|what)\b"
_COMMAND: Final = (
    r"選(?:べ(?!る|ば|な)|び(?:なさい|くだ)|ん(?:で|だ)|択(?:せよ|しなさい|して(?:くだ|下)))|答え(?:よ|なさい)"
    r"|せよ|なさい|_{3,}|(?:^|[:.]\s)\W*(?:select|choose)\b"
)
_MARK: Final = r"○.{0,12}×"
_INQUIRES: Final = re.compile(_INQUIRY, re.IGNORECASE | re.MULTILINE)
_COMMANDS: Final = re.compile(rf"{_COMMAND}|て(?:くだ|下)さい", re.IGNORECASE | re.MULTILINE)
_MARKS: Final = re.compile(_MARK)
_STRONG: Final = re.compile(
    rf"{_INQUIRY}|{_COMMAND}|{_MARK}|(?:もの|記述|説明|組み?合わ?せ)(?:は|を)?[。:]?\s*$"
    r"|\btrue or false\b|\bexcept\W*$",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE: Final = re.compile(r"[^。．?？!！\n.]*(?:\.(?!\s|$)[^。．?？!！\n.]*)*[。．?？!！.\n]*[)）」』\]】]*")
_SENTENCE_END: Final = re.compile(r"[。.?!:][)」』\]】\s]*$")
_ENDS: Final = ("。", ".", "?", "!", ":", ")", "】")
_ITEM_MARK: Final = re.compile(r"\s*(?:[-*+・•●■□◆※>|#]|[(\[]?(?:[0-9]{1,2}|[A-Za-z]|[ァ-ヶ])[.)\]:、]|[①-⑳])")
_QUOTED: Final = re.compile(r"「[^「」]{0,80}」|『[^『』]{0,80}』|“[^“”]{0,80}”|\"[^\"]{0,80}\"|`[^`]{0,80}`")
_ASIDE: Final = re.compile(r"[(（\[【〔［][^()（）\[\]【】〔〕［］]{1,40}[)）\]】〕］]")


#: "A.", "(1)": the longest label of a part.
_LABEL: Final = 4


def asks(text: str) -> bool:
    """Whether the end of ``text`` asks something, by its words."""
    return _STRONG.search(_tail(text)) is not None


def instructs(text: str) -> bool:
    """Whether ``text`` asks nothing itself: titles, and lines that say what to do with the questions below."""
    return all(_instructs(_tail(line)) for line in text.split("\n"))


def _instructs(line: str) -> bool:
    if _INQUIRES.search(line):
        return False
    if not _SENTENCE_END.search(line):
        return not _MARKS.search(line)
    rows = [row for row in _SENTENCE.findall(line) if len(row.strip()) > _LABEL]
    commands = [_COMMANDS.search(row) is not None for row in rows]
    # A statement and how to judge it are a question.
    return all(commands) if _TRUE_FALSE.search(line) else any(commands)


def _tail(text: str) -> str:
    return unicodedata.normalize("NFKC", text[-_TAIL:].replace("．", "。").replace("，", "、")).strip()


def _unwrapped(text: str) -> str:
    """``text`` with the lines of a wrapped sentence joined; the items of a list stay apart."""
    rows = [""]
    for row in text.split("\n"):
        above = rows[-1]
        apart = (
            not above or not row.strip() or above.endswith(_ENDS) or _ITEM_MARK.match(row) or _ITEM_MARK.match(above)
        )
        if apart:
            rows.append(row.strip())
        else:
            rows[-1] = join_lines(above, row)
    return "\n".join(rows)


def _sentences(text: str) -> list[str]:
    """The sentences at the end of ``text`` that ask; the last one where none shows it."""
    found = [part.strip() for part in _SENTENCE.findall(_unwrapped(_tail(text))) if part.strip()]
    last = len(found)
    while last and not _ASKS.search(found[last - 1]):
        last -= 1
    if not last:
        return found[-1:]
    first = last
    while first and _ASKS.search(found[first - 1]):
        first -= 1
    return found[first:]


#: What an exam says in asking, whatever it asks about.
_FORM: Final = re.compile(
    r"(?:最も|もっとも)?(?:正し[いくけ]|(?:不?適切|不?適当|妥当|不?正確|正解|正答)(?:な|で|に|と)?|誤って|誤[りっ]た?|間違[っい]て?た?)"
    r"|(?:説明|記述|特徴|選択肢|文章|用語|語句|事項|組み?合わ?せ)(?=[^ぁ-んァ-ヺ一-龥々]|[はがをのとにでし]|$)|選[択べびん]|選ぶ|(?:解|回)答|答え|該当|当てはま|次の|以下の|下記の"
    r"|に?関(?:する|して)|のうち|主な|それぞれ|述べ|表す|示す|何か"
    r"|\b(?:which|what|who|when|where|why|how|following|statements?|options?|answers?|choices?|describes?|description|correct(?:ly)?|incorrect|true|false"
    r"|not|except|best|most|least|select|choose|pick|two|three|following|these|one|does)\b",
    re.IGNORECASE,
)


def without_asking(stem: str) -> str:
    """``stem`` without the words with which its last sentences ask: what is left is what it asks about."""
    text = _tail(stem)
    for sentence in _sentences(stem):
        text = text.replace(sentence, _FORM.sub(" ", sentence))
    return text


# -- how many

_NUMBERS: Final = {"二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
                   "一": 1, "one": 1}  # fmt: skip
_COUNT: Final = r"(?P<n>[1-9]|[一二三四五六])\s*(?:つ|個|点|項目|種類|肢)"
_TAKES: Final = (
    r"(?:お?選(?!べる|べば|ばれ|ぶと|ばな)|お?えら[べびん]|挙げ|あげ[よて]|お?答え|解答|回答|示せ|示し|チェック)"
)
_JAPANESE_COUNT: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_COUNT}\s*(?:だけ|のみ|ほど|まで)?(?:を|、)?\s*(?:同時に)?{_TAKES}",
        rf"{_COUNT}\s*の[^。、をにでがはとも]{{1,12}}を\s*{_TAKES}",
        rf"(?:もの|記述|説明|選択肢|組み?合わ?せ|[^。、]{{1,12}})を、?\s*(?:(?:次|以下|下記)[^。、]{{0,12}}、?)?\s*{_COUNT}\s*(?:[。.)]|$)",
        rf"[(\[【〔]\s*(?:{_TAKES}[^()]{{0,6}}|複数(?:選択|回答|解答)?[::、]?\s*)?{_COUNT}[^()\[\]【】〔〕]{{0,8}}[)\]】〕]",
        rf"(?:正解|正答|答え|該当するもの|正しいもの|適切なもの)[はが]、?\s*{_COUNT}",
        rf"^\s*[※*]?\s*{_COUNT}\s*(?:{_TAKES}[^。]{{0,12}})?[。.]?$",
    )
)
_ALL: Final = re.compile(
    rf"(?:すべて|全て|全部|ぜんぶ)(?:を|、)?\s*{_TAKES}"
    r"|を、?\s*(?:(?:次|以下|下記)[^。、]{0,12}、?)?\s*(?:すべて|全て|全部)(?=[、\s。.)]|$|お?選|お?答|挙|チェ|次|以下)"
    r"|[(\[【〔]\s*(?:すべて|全て|全部|複数)(?:を|選択|回答|解答|可|\s)*[)\]】〕]|複数(?:選択|回答|解答)(?:可|です|$|[)\]】。])|複数(?:選べ|選び|選んで)"
    r"|\b(?:select|choose|check|mark|pick|identify)\s+(?:all|every)\b|\ball\s+that\s+apply\b",
    re.IGNORECASE,
)
_ENGLISH_NUMBER: Final = r"(?P<n>one|two|three|four|five|six|[1-9])\b"
_ENGLISH_COUNT: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:^|[(\[.,;:?]\s*|\b(?:please|and|then|to)\s+)(?:select|choose|pick|identify|mark|check)\s+(?:the\s+|any\s+|exactly\s+|only\s+|up\s+to\s+)?"
        rf"(?:\w+\s+)?{_ENGLISH_NUMBER}",
        rf"\b(?:which|what)\s+{_ENGLISH_NUMBER}",
        rf"[(\[]\s*{_ENGLISH_NUMBER}\s+(?:correct\s+)?(?:answers?|options?|choices?|responses?)?\s*[)\]]",
        rf"\b(?:there\s+are|has|have)\s+{_ENGLISH_NUMBER}\s+(?:correct|right)\s+(?:answers?|options?|choices?)",
    )
)
_PAIR: Final = re.compile(r"どれとどれ|いずれといずれ|何と何")


def choose_count(stem: str) -> int | None:
    """How many options ``stem`` wants: ``None`` for all that apply, 1 where it doesn't say."""
    places = _sentences(stem)
    tail = _tail(stem)
    places += [
        aside
        for aside in _ASIDE.findall(tail)
        if re.search(r"選|答|[1-9二三四五]\s*[つ個]|複数|すべて|全て|select|choose|pick", aside, re.IGNORECASE)
    ]
    for place in places:
        if _ALL.search(place):
            return None
    for place in places:
        for pattern in (*_JAPANESE_COUNT, *_ENGLISH_COUNT):
            match = pattern.search(place)
            if match:
                printed = match["n"].lower()
                return _NUMBERS.get(printed) or int(printed)
        if _PAIR.search(place):
            return 2
    return 1


# -- right or wrong

_ITEM: Final = r"(?:もの|こと|記述|説明|選択肢|項目|文章?|内容|組み?合わ?せ|の(?=[はを])|解答|回答|事項|点)"
#: Where the asked-for noun is followed by the word that asks.
_ASKED: Final = (
    r"(?:(?:は|を|として|について|に関して)、?\s*(?:次の?[^。、]{0,14}|以下の?[^。、]{0,14}|下記の?[^。、]{0,12}|選択肢[^。、]{0,8}|この中[^。、]{0,4})?、?\s*"
    rf"(?:{_QUESTION_WORD}|選|えら|答|すべて|全て|[1-9一二三四]\s*[つ個]|挙げ|指摘|[。:.?]|$)"
    rf"|[。:.?]?\s*(?:$|[(\[【〔]))"
)
_WRONG: Final = r"誤っている|誤った|誤りである|誤りの(?:ある)?|誤りを含む|間違っている|間違った|間違いである|間違いの(?:ある)?|間違いを含む|まちがっている|まちがった"
_NOT: Final = (
    r"(?:(?:適切|適当|妥当|正確|正当|最適|有効|効果的|一般的|可能|必要)?(?:では|じゃ|で)|正しく(?:は)?|ふさわしく|相応しく|望ましく|(?:当|あ)てはまら|該当し"
    r"|でき|含まれ(?:てい)?|含ま|属さ|属し(?:てい)?|適さ|適してい|向か|向いてい|関係(?:の|が|し)?|関連(?:の|し(?:てい)?)|(?:対応|サポート|提供|推奨|利用|使用)(?:し|され)?(?:てい)?"
    r"|使え|備え(?:てい)?|持た|持ってい|と(?:は)?(?:言|い)え)ない"
)
_NEGATED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_WRONG})(?:と[^。、はをが]{{1,8}})?[^。、をはが]{{0,10}}{_ASKED}",
        rf"(?<![いるうくすつぬぶむぐ])(?:誤り|間違い|まちがい)(?:なの)?(?:は、?\s*(?:次|以下|{_QUESTION_WORD})|を(?:含む|選|えら|[1-9一二三]|すべて|全て|見つけ|探|答え|指摘|(?:次|以下|下記)(?:の[^。、はがを]{{0,8}})?(?:から|より|うち|中))|がある(?:もの|記述|説明))",
        rf"{_NOT}[^、。をはが]{{0,20}}{_ASKED}",
        # 「ログに記録されない情報はどれ」; of 「消されないデータ」 nothing tells that it is the exception.
        rf"(?:で|に|から)は?[ァ-ヺー一-龥]{{2,10}}されない[^、。をはが]{{1,20}}{_ASKED}",
        rf"(?:不適(?:切|当)|不正確|不適合|不正解|無関係|不可能|(?<!が)不要)(?:な|である|と)[^。、をはが]{{0,10}}{_ASKED}",
        rf"(?:以外|を除く)の?{_ITEM}?{_ASKED}",
    )
)
#: Any other "…ないもの"; "最も手間のかからないもの" asks for a good side.
_NOT_SO: Final = re.compile(rf"(?<![少危])ない(?:と(?:考え|思わ)られる)?{_ITEM}{_ASKED}")
#: "…ない" that affirms: what must be done, what is indispensable, what only one thing does.
_AFFIRMS: Final = re.compile(
    r"(?:なければ|なくては|ねば)(?:なら|いけ|なり)(?:ない|ません)|(?:欠かせ|欠かすことのでき|やむを得|差し支え|構わ|かまわ|問題(?:の|が|は)?|間違い|違い)ない"
    r"|しか[^、。]{1,16}?ない"
)
_MOST: Final = re.compile("最も|もっとも|一番|最小|できるだけ")
_SHOUTED: Final = re.compile(r"\b(?:NOT(?!\s+(?:only|ONLY))|EXCEPT|INCORRECT|FALSE|UNTRUE|CANNOT)\b")
_ENGLISH_NEGATED: Final = re.compile(
    r"\ball\b[^.?]{0,60}\bexcept\b|\bexcept\b\s*(?:for)?\s*(?:[:?.…_)]|$)|\bleast\s+(?:likely|appropriate|suitable|relevant|accurate|correct|applicable|true)\b"
    r"|\b(?:which|what)\b(?:\s+(?!that\b|who\b|if\b|when\b|where\b|while\b|because\b|without\b|so\b|for\b|to\b|with\b|allows?\b|lets?\b|helps?\b|ensures?\b)[\w'’()/-]+){0,7}?"
    r"(?:\s+(?:is|are|was|were|does|do|did|would|will|can|could|should|has|have|may|must)(?:\s+not|n['’]t)|\s+cannot)\b"
    r"|\b(?:is|are)\s+(?:incorrect|false|untrue|wrong|invalid|inappropriate|unsuitable)\b(?!\s+\w+\s+(?:is|are))"
    r"|\b(?:incorrect|false|untrue|wrong|invalid|inappropriate|unsuitable)\s+(?:statements?|options?|answers?|choices?|descriptions?|one|pair(?:ing)?|match|combination)\b"
    r"|\b(?:which|what)\s+(?:is|are)\s+(?:incorrectly)\b|\b(?:incorrectly|wrongly)\s+(?:describes?|states?|match(?:es|ed)?|paired?)\b",
    re.IGNORECASE,
)


def is_negated(stem: str) -> bool:
    """Whether the asking sentences of ``stem`` want what is wrong, or what does not belong."""
    for sentence in _sentences(stem):
        text = _AFFIRMS.sub("る", _QUOTED.sub("X", sentence))
        if any(pattern.search(text) for pattern in _NEGATED):
            return True
        if _NOT_SO.search(text) and not _MOST.search(text):
            return True
        if not text.isupper() and _SHOUTED.search(text):
            return True
        if _ENGLISH_NEGATED.search(text) and not is_true_false(text):
            return True
    return False


# -- in which form

_TRUE_FALSE: Final = re.compile(
    r"[○〇◯]\s*(?:か|[/・,、]|または|or)?\s*[×✕✖xX](?![A-Za-z])|[○〇◯].{1,16}[×✕✖]|正しいか(?:、|を)?\s*(?:誤|間違|どうか|否か|判断|判定)|正しいですか[?。]?$|正誤(?:を|問題|で)|真偽|真か偽か"
    r"|\btrue\s*(?:or|/|\|)\s*false\b|\bT\s*/\s*F\b|\bis\s+(?:this|the(?:\s+following)?)\s+statement\s+(?:true|correct)",
    re.IGNORECASE,
)
_ARRANGE: Final = re.compile(
    rf"順(?:番|序)?(?:通り|どおり)?に、?\s*(?:並べ|並び|ならべ)(?:(?:替|換|か)え)?(?:{_PLEASE}|た|ると|[。]?$)|並べ(?:替|換|か)え{_PLEASE}|並べ{_PLEASE}"
    r"|(?:正しい|適切な)[^。、]{0,8}順(?:番|序)?(?:は|を|として|に、?\s*(?:並|な))|順序として(?:正し|適切)"
    r"|(?:^|[.:;,]\s*)(?:please\s+)?(?:arrange|reorder|put|place|order|rank)\b[^.?]{0,80}\b(?:order|sequence)\b|(?:^|[.:;]\s*)order\s+the\b"
    r"|\bwhat\s+is\s+the\s+(?:correct|right|proper)\s+(?:order|sequence)\b|\bin\s+(?:which|what)\s+(?:order|sequence)\b",
    re.IGNORECASE,
)
_ARROW: Final = re.compile(r"→|⇒|->|=>|＞|(?<=[^<])>|・.+・|[A-Za-zア-オ1-5①-⑨]\s*[,、－-]\s*[A-Za-zア-オ1-5①-⑨]")
_MATCH: Final = re.compile(
    rf"(?:組み?合わ?せ|対応(?:付|づ)け|対応させ|結び(?:付|つ|び)?け){_PLEASE}|線で結|(?:^|[.:;,]\s*)(?:please\s+)?match\b|\bmatch\s+(?:each|the)\b|\bpair\s+each\b",
    re.IGNORECASE,
)
_EACH: Final = re.compile(r"それぞれ|各々|対応する|\beach\b", re.IGNORECASE)


def is_true_false(stem: str) -> bool:
    """Whether ``stem`` asks if a statement is right."""
    return any(_TRUE_FALSE.search(sentence) for sentence in (*_sentences(stem), _first(stem)))


def stated(stem: str) -> str:
    """The one statement that a true/false question is about; empty where it has none, or several."""
    text = _TRUTH_PREFIX.sub("", _unwrapped(_tail(stem)))
    parts = [part.strip() for part in _SENTENCE.findall(text) if part.strip()]
    told = [
        part for part in parts if not _TRUE_FALSE.search(part) and not _ASKS.search(part) and not _JUDGES.search(part)
    ]
    if not told:
        quoted = [match.strip('「」『』"') for part in parts for match in _QUOTED.findall(part)]
        told = [part for part in quoted if len(part) >= _SHORTEST_STATEMENT]
    return told[0].strip(' 　「」『』"()（）') if len(told) == 1 else ""


_TRUTH_PREFIX: Final = re.compile(
    r"^\W*true\s*(?:or|/)\s*false\s*[?:.]\s*|[(\[（]\s*[)\]）]|[(（][○〇◯][^()（）]{1,12}[)）]", re.IGNORECASE
)
_JUDGES: Final = re.compile(r"(?:正し|適切|誤|間違)[^。]{0,12}(?:か|よ|選べ)[。.]?$")
_SHORTEST_STATEMENT: Final = 8


def _first(stem: str) -> str:
    return unicodedata.normalize("NFKC", stem.lstrip()[:60])


def exam_kind(stem: str, options: Sequence[str], *, listed: bool = False) -> ExamKind:
    """The form of the answer. ``listed``: the stem holds a list with labels of its own."""
    words = [truth_word(option) for option in options]
    if len(options) <= 2 and all(words) and (options or is_true_false(stem)):
        return "true_false"
    sentences = _sentences(stem)
    asking = " ".join(sentences)
    if any(re.search(r"[○〇◯].{0,12}[×✕✖]", sentence) for sentence in sentences) and "組" not in asking:
        return "true_false"
    if _MATCH.search(asking):
        return "matching"
    if listed and _EACH.search(asking) and not re.search("組|どれ", asking):
        return "matching"
    sequences = sum(_ARROW.search(option) is not None for option in options)
    if _ARRANGE.search(asking) and not (options and sequences * 2 >= len(options)):
        return "ordering"
    return "choice"
