"""The answer key and the explanation that stand in a pasted exam beside its questions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ...examrecords import ExamOption
from ...text import normalise
from .labels import LABEL, SYMBOLS, canonical
from .lines import Line, fold
from .truthwords import truth_word

__all__ = [
    "Note",
    "cut_notes",
    "entries",
    "flashcards",
    "is_remark",
    "labels_in",
    "marked_right",
    "note_on",
    "option_key",
    "verdict_below",
    "without_votes",
]


@dataclass(frozen=True, slots=True)
class Note:
    """A line that gives the key or begins the explanation. ``value``: the rest of it.

    ``firm``: a colon or bracket sets the word apart, so that it can't be the start of a sentence. ``pointed``: there is no
    word but an arrow, which is a key right below options alone.
    """

    kind: Literal["key", "explanation"]
    value: str
    firm: bool
    pointed: bool = False


_BEFORE: Final = r"[ \t>#*_\-+・■□◆◇●▼▶【〔\[(<〈《「✅✔☑🔑💡📝]{0,12}"
_AFTER: Final = r"[ \t*_」】〕\])>〉》]{0,8}"
_KEY_WORD: Final = (
    r"(?:正解|正答|解答|回答(?=[ ]{0,2}:)|答え(?!よ|な|る|た|ら|て|ば)|こたえ|答(?![えをにがのは])|模範解答"
    r"|(?:the[ ])?(?:correct|right|suggested|best)[ ](?:answers?|options?|choices?)|answers?(?:[ ]key)?|ans(?=[ .:]))"
)
_KEY: Final = re.compile(
    rf"{_BEFORE}{_KEY_WORD}(?:[ ]?(?:一覧|番号|例|肢|選択肢|表|キー))?(?:[ ]?(?:・|と|&|and|/)?[ ]?(?:解説|explanations?))?"
    rf"(?P<after>{_AFTER})(?P<sep>[:=→⇒]|は[、:]?|\b(?:is|are)\b:?|\.|-)?{_AFTER}",
    re.IGNORECASE,
)
_EXPLANATION: Final = re.compile(
    rf"{_BEFORE}(?:(?:解答|回答|問題)?解説文?|(?:全体的な)?説明|フィードバック|理由|根拠|補足|ポイント|考え方|参考(?:文献|資料|URL|リンク)?|出典|[^\s:【】()]{{1,12}}の(?:理由|解説|説明)"
    r"|(?:overall[ ])?explanations?(?:/references?)?|(?:general[ ])?feedback|rationale|reason(?:ing)?|references?|discussion|why)"
    rf"(?P<after>{_AFTER})(?P<sep>[:=]|-(?=[ ])|(?=[ \t]|$)|(?<=[】〕\]])){_AFTER}",
    re.IGNORECASE,
)
#: The head of a table with the answers to several questions.
_KEY_TABLE: Final = re.compile(
    r"[ \t]*\|[ \t*]*(?:問(?:題)?(?:番号)?|設問|番号|No\.?|Q(?:uestion)?|#)[ \t*]*\|[ \t*]*(?:正解|正答|解答|答え|answers?)[ \t*]*\|.*",
    re.IGNORECASE,
)
#: "→ A", alone on its line.
_ARROW: Final = re.compile(rf"[ \t]*[→⇒➡][ \t]*(?P<labels>[(「【\[]?{LABEL}[)」】\]]?)[ \t。.]*")
#: "正解（ア）"
_ENCLOSED: Final = re.compile(rf"[(\[「【]{LABEL}[)\]」】][ \t)\]】。.]*$")
_ONLY_WORD: Final = re.compile(r"[ \t*_#:】\]]*$")


def note_on(line: Line) -> Note | None:
    """What ``line`` says of the key or the explanation."""
    plain = line.plain
    if line.code:
        return None
    if _KEY_TABLE.fullmatch(plain):
        return Note("key", "", True)
    match = _KEY.match(plain)
    if match:
        value = line.raw[match.end() :].strip().rstrip("*_ ")
        firm = match["sep"] in (":", "=", "→", "⇒") or _is_closed(match)
        firm = firm or (not match["sep"] and _ENCLOSED.match(plain, match.end()) is not None)
        heading = plain.lstrip().startswith("#")
        alone = _ONLY_WORD.match(plain, match.end()) is not None
        set_apart = firm or not value or match["sep"] or match["after"]
        if set_apart and (value or firm or heading or alone):
            return Note("key", value, firm or not value)
    match = _ARROW.fullmatch(plain)
    if match:
        return Note("key", line.raw[slice(*match.span("labels"))], False, pointed=True)
    match = _EXPLANATION.match(plain)
    if match:
        value = line.raw[match.end() :].strip()
        firm = bool(match["sep"]) or _is_closed(match)
        word = match.group().strip()
        alone = _ONLY_WORD.match(plain, match.end()) is not None
        named = re.search(r"解説|explanation|rationale", word, re.IGNORECASE) is not None
        if firm or alone or (named and not re.match(r"[とはのをがにもで]", value)):
            return Note("explanation", value, firm or alone)
    return None


def _is_closed(match: re.Match[str]) -> bool:
    """Whether brackets around the word that was matched set it apart: 【正解】."""
    return any(char in "】〕])>〉》」" for char in match["after"])


def flashcards(lines: Sequence[Line]) -> dict[int, Note]:
    """The keys on lines such as "A: 2", the answers to "Q: …"; one that is followed by B is an option."""
    shown = [index for index, line in enumerate(lines) if not (line.blank or line.code)]
    found: dict[int, Note] = {}
    for index, below in itertools.zip_longest(shown, shown[1:]):
        match = _FLASHCARD.fullmatch(lines[index].plain.rstrip())
        if match and not (below is not None and _SECOND.match(lines[below].plain)):
            found[index] = Note("key", lines[index].raw[slice(*match.span("labels"))], True)
    return found


# -- labels

_TOKEN: Final = re.compile(
    rf"[(\[【「『〔<*_ \t]*(?:選択肢[ ]?|(?:options?|choices?)[ ])?(?P<label>[A-Za-z]{{1,8}}(?![A-Za-z0-9])|[0-9]{{1,2}}(?![0-9])|[{SYMBOLS}]+|[ァ-ヶ]{{1,6}}(?![ァ-ヶー])|[ｱ-ﾝ]{{1,6}}|{LABEL})"
    r"[)\]】」』〕>*_]*(?:番目?)?(?P<stop>[.:)](?![0-9]))?",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(
    r"[ \t]*(?:[,、・/&+;と]|および|及び|\band\b|\bor\b)+[ \t]*(?:and\b[ \t]*)?|[ \t]+", re.IGNORECASE
)
_ENDS: Final = re.compile(
    r"(?:[ \t]|$|[,、。・/&+;.:)】」(\[【〔※→-]|と|です|でし|で(?:ある|す|、)|が(?:正|最)|である|になり|となり|および|及び|だ[。、]?)"
)
_CLOSING: Final = re.compile(
    r"^\s*(?:です|である|でした|になります|となります|が正解(?:です|である)?|が正しい|だ(?=[。.]|$))?[。.、,\s)*_]*"
)


def labels_in(value: str, options: Sequence[ExamOption]) -> tuple[tuple[str, ...], str] | None:
    """The options that ``value`` begins by naming, by label or by text, and the rest; ``None`` where it names none."""
    known = {canonical(option.label): option for option in options}
    plain = fold(value)
    named: dict[str, None] = {}
    at = 0
    while True:
        token = _TOKEN.match(plain, at)
        chosen = _named(token["label"], known) if token else []
        if not token or not chosen or any(option.label in named for option in chosen):
            break
        end = token.end()
        text = chosen[-1].text
        body = plain[end : end + len(text) + 4].lstrip(" .:)、-")
        if text and normalise(body).startswith(normalise(text)):
            end += plain[end:].index(body) + len(text)
        elif not (_ENDS.match(plain, end) or token["stop"]) or (
            named and token["label"].islower() and len(token["label"]) == 1 and not _ENDS.match(plain, end)
        ):
            break
        named.update((option.label, None) for option in chosen)
        at = end
        joint = _JOINT.match(plain, at)
        following = _TOKEN.match(plain, joint.end()) if joint else None
        if not joint or not following:
            break
        at = joint.end() if _named(following["label"], known) else at
        if at == end:
            break
    if named:
        rest = value[at:]
        return tuple(named), rest[len(_closing(rest)) :].strip()
    return _by_text(value, options)


def _closing(rest: str) -> str:
    match = _CLOSING.match(rest)
    return match.group() if match else ""


def _named(label: str, known: Mapping[str, ExamOption]) -> list[ExamOption]:
    """The options of one printed label, or of several that are printed without a blank (BD, アウ, ①③)."""
    option = known.get(canonical(label))
    if option:
        return [option]
    letters = [known.get(canonical(char)) for char in label]
    together = len(label) > 1 and not label.islower() and not label.isdigit() and len(set(label)) == len(label)
    return [option for option in letters if option] if together and all(letters) else []


_BETWEEN_TEXTS: Final = re.compile(r"[ \t]*(?:[、,・/&\n]|と|および|及び|\band\b)[ \t]*")


def _by_text(value: str, options: Sequence[ExamOption]) -> tuple[tuple[str, ...], str] | None:
    wanted = normalise(value).rstrip("。. ")
    for ending in ("です", "である"):
        wanted = wanted.removesuffix(ending)
    wanted = wanted.strip("「」『』\"' 。.")
    found = [option.label for option in options if wanted and normalise(option.text).rstrip("。. ") == wanted]
    if not found and len(several := [part for part in _BETWEEN_TEXTS.split(wanted) if part]) > 1:
        by_text = {normalise(option.text).rstrip("。. "): option.label for option in options}
        if all(part in by_text for part in several):
            return tuple(dict.fromkeys(by_text[part] for part in several)), ""
    word = truth_word(wanted)
    if not found and word:
        found = [option.label for option in options if truth_word(option.text) == word]
        if not options:
            return (word if word == value.strip() else value.strip("「」 。."),), ""
    return (tuple(found), "") if len(found) == 1 else None


def option_key(note: Note, options: Sequence[ExamOption]) -> tuple[tuple[str, ...], str] | None:
    """The key that ``note`` gives and the explanation behind it; ``None`` where its value names no option."""
    found = labels_in(note.value, options)
    if found is None:
        return None
    labels, rest = found
    if rest and not note.firm and not re.match(r"[(（。]|.{0,2}解説", rest) and re.match(r"(?:is|was|are)\b|は", rest):
        return None
    texts = {normalise(option.text) for option in options if option.label in labels}
    inner = note_on(Line(1, rest, fold(rest))) if rest else None
    if inner and inner.kind == "explanation":
        rest = inner.value
    return labels, "" if normalise(rest).strip("()。.: ") in texts else rest


# -- keys beside the options

_RIGHT: Final = re.compile(
    r"[ \t]*(?:[(（【\[［][ ]?(?:正解|正答|答え|correct(?:[ ]answer)?|right(?:[ ]answer)?|answer|○|◎|✓|✔|✅)[ ]?[)）】\]］]|(?:←|<-+|⇐|<=)[ ]?(?:これが)?(?:正解|正答|correct(?:[ ]answer)?|answer)"
    r"|[✓✔✅⭕☑]\ufe0f?)[ \t*_。.]*$",
    re.IGNORECASE,
)
_STARRED: Final = re.compile(rf"{_RIGHT.pattern}|(?<=\S)[ \t]\*[ \t]*$", re.IGNORECASE)
#: How other people voted, which sites for exams put behind an option.
_VOTES: Final = re.compile(r"[ \t\u3000]*(?:[(（\[]?Most Voted[)）\]]?)[ \t.]*$", re.IGNORECASE)
#: A line below an option that tells whether it is right, and why.
_VERDICT: Final = re.compile(
    r"[ \t\u3000>*_]*+[→⇒⇨➡=-]{0,2}>?[ \t\u3000]*[(（【\[]?"
    r"(?:(?P<wrong>不正解|誤り|誤答|間違い|×|✕|✗|❌|incorrect|wrong)|(?P<right>正解|正しい|正答|○|〇|◯|✓|✔|✅|correct))"
    r"(?:です|である)?(?:[)）】\]]|[。.:：、,!！\s]|$)[。.:：、,!！ \t]*",
    re.IGNORECASE,
)
_WRONG: Final = re.compile(
    r"[ \t]*(?:[(（【\[［][ ]?(?:不正解|誤り|誤答|間違い|incorrect|wrong|×)[ ]?[)）】\]］]|[❌✗✘☒]\ufe0f?)[ \t*_。.]*$",
    re.IGNORECASE,
)
#: A remark at the end of an option is no longer than this.
_REMARK: Final = 40


def without_votes(text: str) -> str:
    return _VOTES.sub("", text)


def is_remark(row: str) -> bool:
    """Whether ``row`` says nothing but that the option above it is right or wrong."""
    return any(match is not None and match.start() == 0 for match in (_RIGHT.search(row), _WRONG.search(row)))


def verdict_below(row: str) -> tuple[bool, str] | None:
    """Whether ``row``, a line below an option, calls it right, and the explanation behind that; ``None`` if neither."""
    match = _VERDICT.match(row)
    return (match["right"] is not None, row[match.end() :].strip()) if match else None


def marked_right(texts: Sequence[str], *, stars: bool = False) -> tuple[list[str], list[bool]]:
    """The texts of options without remarks such as "(正解)", and which of them had one. Unchanged where all have one.

    ``stars``: a star at the end is such a remark.
    """
    sign = _STARRED if stars else _RIGHT
    right = [sign.search(text, max(0, len(text) - _REMARK)) for text in texts]
    if not any(right) or all(right):
        return list(texts), [False] * len(texts)
    wrong = [_WRONG.search(text, max(0, len(text) - _REMARK)) for text in texts]
    ends = [(yes or no) for yes, no in zip(right, wrong, strict=True)]
    return [text[: end.start()] if end else text for text, end in zip(texts, ends, strict=True)], [
        bool(r) for r in right
    ]


_WITHIN: Final = re.compile(
    r"(?:(?<=[\s。.?!？！])|[(（【\[［]|(?<=[)）】]))(?=[(（【\[［*_]{0,3}(?:正解|正答|解答|答(?:え|(?=[】〕\])）:：]))|解説|correct|ans|explanation))",
    re.IGNORECASE,
)
#: So many places are looked at: each takes a look at all that is behind it.
_MOST_PLACES: Final = 20


def cut_notes(text: str, options: Sequence[ExamOption]) -> tuple[str, tuple[str, ...], str]:
    """``text`` without a key or explanation that stands in the same line, then these two."""
    for match in itertools.islice(_WITHIN.finditer(text), _MOST_PLACES):
        note_text = text[match.start() :].lstrip("(（【[［ \t")
        note = note_on(Line(1, note_text, fold(note_text)))
        if note is None or not note.firm:
            continue
        before = text[: match.start()].rstrip(" \t\n\u3000(（【[［*_→⇒➡")
        if note.kind == "explanation":
            return before, (), note.value
        found = option_key(note, options)
        if found:
            return before, found[0], found[1].strip("】)）]］ ")
    return text, (), ""


# -- the answers to several questions

_SEVERAL: Final = "|".join(
    rf"(?:{one})(?:[ ]?(?:[,、・/&+]|と|and)[ ]?(?:{one}))*"
    for one in (
        "[A-Z]{1,6}(?![A-Za-z0-9])", "[a-z](?![A-Za-z0-9])", "[0-9]{1,2}(?![0-9])", "[ァ-ヶ]{1,4}(?![ァ-ヶー])",
        f"[{SYMBOLS}]+", "[○〇◯×✕]", "True|False",
    )
)  # fmt: skip
_FLASHCARD: Final = re.compile(rf"[ \t>*_]{{0,8}}A[0-9]{{0,3}}[ ]?[.:][ \t*_]*[(]?(?P<labels>{_SEVERAL})[)]?[*_.]*")
_SECOND: Final = re.compile(r"[ \t>*_-]{0,8}B[.:) \t]")
# Nothing is given back (*+): what may stand in two places would be tried in both, in time that grows with its square.
_ENTRY: Final = re.compile(
    r"[ \t|*_\-]*(?P<word>問題?|設問|Question[ ]?|Q\.?|第|No\.?)?[ ]?[#(【\[]?(?P<number>[0-9]{1,4})[ ]?問?[)\]】*_]*+[ ]?(?P<sep>[.:)=→|、-]*+)[ \t|*_]*+"
    r"(?:正解|正答|答え|Answer)?[ :]*+"
    rf"(?P<enclosed>[(「\[])?(?P<labels>{_SEVERAL})[)」\]*_]*(?=[\s,、;。/|(]|$)"
)


def entries(text: str) -> tuple[dict[int, str], str]:
    """The pairs of a question's number and its labels that ``text`` begins with ("問1 B 問2 C, D"), and the rest."""
    plain = fold(text)
    found: dict[int, str] = {}
    at = 0
    for match in _matches(plain):
        bare = not (match["sep"] or match["word"] or match["enclosed"]) and match["labels"][0].isdigit()
        if bare and "|" not in match.group():
            break
        found.setdefault(int(match["number"]), match["labels"])
        at = match.end()
    return found, text[at:].strip(" \t|,、;。/")


def _matches(plain: str) -> Iterator[re.Match[str]]:
    at = 0
    gap = re.compile(r"[\s,、;。/|]*")
    while match := _ENTRY.match(plain, at):
        yield match
        skipped = gap.match(plain, match.end())
        at = skipped.end() if skipped else match.end()
