"""Exams as people paste them, one way of writing after the other, and what is read from each.

``gold/pastes.txt`` holds the texts, each below a line ``=== what it is``, and below ``--->`` one line for each question
that is read (number | stem | options | how many to choose | kind | key | explanation) or for what is no question. A line
break within these is ⏎.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from assistant.examrecords import ExamProblem, ExamQuestion
from assistant.exams.paste.examtext import parse_exam

GOLD: Final = Path(__file__).parent / "gold"
CASES: Final = {
    name: tuple(body.removesuffix("\n").split("\n--->\n"))
    for name, _, body in (part.partition("\n") for part in (GOLD / "pastes.txt").read_text("utf-8").split("=== ")[1:])
}
ROWS: Final = [
    json.loads(row)["text"]
    for file in sorted(GOLD.glob("*_exam.jsonl"))
    for row in file.read_text("utf-8").splitlines()
]


def shown(read: ExamQuestion | ExamProblem) -> str:
    if isinstance(read, ExamProblem):
        parts = ["!", f"{read.line}", read.reason.removeprefix("exam.problem."), read.text]
    else:
        options = "  ".join(f"{option.label}={option.text}" for option in read.options)
        choose = "all" if read.choose is None else str(read.choose)
        kind = f"not {read.kind}" if read.negated else read.kind
        parts = [f"{read.line}", read.number, read.stem, options, choose, kind, ",".join(read.key), read.explanation]
    return " | ".join(parts).replace("\n", "⏎")


def read(text: str) -> str:
    exam = parse_exam(text)
    found: list[ExamQuestion | ExamProblem] = [*exam.questions, *exam.problems]
    return "\n".join(map(shown, found))


@pytest.mark.parametrize("name", CASES)
def test_each_way_of_writing_an_exam_is_read(name: str) -> None:
    text, wanted = CASES[name]
    assert read(text) == wanted


def without_place(question: ExamQuestion) -> ExamQuestion:
    return replace(question, line=1)


@pytest.fixture(scope="module")
def alone() -> list[ExamQuestion]:
    """Each question of the exam sets, read by itself."""
    return [question for text in ROWS for question in parse_exam(text).questions]


def test_a_question_reads_the_same_among_all_the_others(alone: list[ExamQuestion]) -> None:
    exam = parse_exam("\n\n---\n\n".join(ROWS))
    assert exam.problems == ()
    assert [without_place(question) for question in exam.questions] == alone


def test_a_key_and_an_explanation_belong_to_the_question_above_them(alone: list[ExamQuestion]) -> None:
    keys = [question.options[at % len(question.options)].label for at, question in enumerate(alone)]
    bare = [text for text, question in zip(ROWS, alone, strict=True) if not question.key and not question.explanation]
    exam = parse_exam(
        "\n\n---\n\n".join(
            f"{text}\n\n正解: {key}\n解説: {at}番の説明。"
            for at, (text, key) in enumerate(zip(ROWS, keys, strict=True))
        )
    )
    assert len(bare) > 100
    for at, (question, key, text) in enumerate(zip(exam.questions, keys, ROWS, strict=True)):
        if text in bare:
            assert (question.key, question.explanation) == ((key,), f"{at}番の説明。")


def test_a_question_reads_the_same_as_a_quotation(alone: list[ExamQuestion]) -> None:
    for text, question in zip(ROWS, alone, strict=True):
        (quoted,) = parse_exam("\n".join(f"> {line}" for line in text.split("\n"))).questions
        assert quoted == question


@pytest.mark.parametrize(
    ("form", "apart"),
    [
        ("問{} {}", "\n"),
        ("第{}問 {}", "\n\n"),
        ("Q{}: {}", "\n"),
        ("### 問題{}\n{}", "\n\n"),
        ("【問{}】\n{}", "\n"),
        ("**Question {}**\n\n{}", "\n\n"),
    ],
)
def test_numbers_part_questions_and_a_list_at_the_end_answers_them(
    alone: list[ExamQuestion], form: str, apart: str
) -> None:
    pairs = zip(ROWS, alone, strict=True)
    bare = [(text, one) for text, one in pairs if not (one.number or one.key or one.explanation)]
    keys = [one.options[at % len(one.options)].label for at, (_, one) in enumerate(bare)]
    listed = "\n".join(f"{number}. {key}" for number, key in enumerate(keys, 1))
    asked = apart.join(form.format(number, text) for number, (text, _) in enumerate(bare, 1))
    exam = parse_exam(f"{asked}\n\n正解一覧\n{listed}")
    assert exam.problems == ()
    assert [replace(one, line=1, number="", key=()) for one in exam.questions] == [one for _, one in bare]
    assert [one.key for one in exam.questions] == [(key,) for key in keys]
    assert [one.number.strip("*# 【】").removesuffix("問")[-1] for one in exam.questions] == [
        str(number)[-1] for number in range(1, len(bare) + 1)
    ]


#: Every alphabet that labels are taken from, whole.
ALPHABETS: Final = {
    "capitals": "A B C D E F G H I J K L M N O P",  # "Q." begins a question
    "small letters": "a b c d e f g h i j k l m n o p",
    "numbers": " ".join(map(str, range(1, 31))),
    "katakana": "ア イ ウ エ オ カ キ ク ケ コ サ シ ス セ ソ",
    "hiragana": "あ い う え お か き く け こ さ し す せ そ",
    "iroha": "イ ロ ハ ニ ホ ヘ ト チ リ ヌ",
    "small Roman": "i ii iii iv v vi vii viii ix x xi xii",
    "Roman": "I II III IV V VI VII VIII IX X XI XII",
    "kanji": "一 二 三 四 五 六 七 八 九 十",
    "stems": "甲 乙 丙 丁",
    "circled": "① ② ③ ④ ⑤ ⑥ ⑦ ⑧ ⑨ ⑩ ⑪ ⑫ ⑬ ⑭ ⑮ ⑯ ⑰ ⑱ ⑲ ⑳",
    "black": "❶ ❷ ❸ ❹ ❺ ❻ ❼ ❽ ❾ ❿",
    "in brackets": "⑴ ⑵ ⑶ ⑷ ⑸ ⑹ ⑺ ⑻ ⑼ ⑽ ⑾ ⑿ ⒀ ⒁ ⒂ ⒃ ⒄ ⒅ ⒆ ⒇",
    "with a stop": "⒈ ⒉ ⒊ ⒋ ⒌ ⒍ ⒎ ⒏ ⒐ ⒑ ⒒ ⒓ ⒔ ⒕ ⒖ ⒗ ⒘ ⒙ ⒚ ⒛",
    "doubly circled": "⓵ ⓶ ⓷ ⓸ ⓹ ⓺ ⓻ ⓼ ⓽ ⓾",
    "circled capitals": "Ⓐ Ⓑ Ⓒ Ⓓ Ⓔ Ⓕ Ⓖ Ⓗ Ⓘ Ⓙ Ⓚ Ⓛ Ⓜ Ⓝ Ⓞ Ⓟ Ⓠ Ⓡ Ⓢ Ⓣ Ⓤ Ⓥ Ⓦ Ⓧ Ⓨ Ⓩ",
    "circled small letters": "ⓐ ⓑ ⓒ ⓓ ⓔ ⓕ ⓖ ⓗ ⓘ ⓙ ⓚ ⓛ ⓜ ⓝ ⓞ ⓟ ⓠ ⓡ ⓢ ⓣ ⓤ ⓥ ⓦ ⓧ ⓨ ⓩ",
    "small letters in brackets": "⒜ ⒝ ⒞ ⒟ ⒠ ⒡ ⒢ ⒣ ⒤ ⒥ ⒦ ⒧ ⒨ ⒩ ⒪ ⒫ ⒬ ⒭ ⒮ ⒯ ⒰ ⒱ ⒲ ⒳ ⒴ ⒵",
    "circled katakana": "㋐ ㋑ ㋒ ㋓ ㋔ ㋕ ㋖ ㋗ ㋘ ㋙ ㋚ ㋛ ㋜ ㋝ ㋞ ㋟ ㋠ ㋡ ㋢ ㋣",
    "Roman of one character": "Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ Ⅵ Ⅶ Ⅷ Ⅸ Ⅹ Ⅺ Ⅻ",
    "small Roman of one character": "ⅰ ⅱ ⅲ ⅳ ⅴ ⅵ ⅶ ⅷ ⅸ ⅹ ⅺ ⅻ",
    "sans-serif": "➀ ➁ ➂ ➃ ➄ ➅ ➆ ➇ ➈ ➉",
}


@pytest.mark.parametrize("name", ALPHABETS)
def test_an_alphabet_is_read_to_its_end_and_each_label_can_be_the_key(name: str) -> None:
    labels = ALPHABETS[name].split()
    stop = "" if ord(labels[0]) > 0x2000 and not "\u3041" <= labels[0] <= "龯" else "."
    options = "\n".join(f"{label}{stop} 語{at}" for at, label in enumerate(labels))
    for key in labels:
        (question,) = parse_exam(f"色はどれか。\n{options}\n正解: {key}").questions
        assert [(option.label, option.text) for option in question.options] == [
            (label, f"語{at}") for at, label in enumerate(labels)
        ]
        assert question.key == (key,)


@pytest.mark.parametrize("labels", ["① ② ③", "❶ ❷ ❸", "⑴ ⑵ ⑶", "⓵ ⓶ ⓷", "➀ ➁ ➂", "(1) (2) (3)", "１ ２ ３"])
@pytest.mark.parametrize("key", ["2", "②", "(2)", "２", "❷", "⓶", "2番", "2です。", "「2」"])
def test_a_key_names_a_number_however_both_are_printed(labels: str, key: str) -> None:
    printed = labels.split()
    (question,) = parse_exam(
        "色はどれか。\n" + "\n".join(f"{label} 語" for label in printed) + f"\n正解：{key}"
    ).questions
    assert question.key == (question.options[1].label,)


@pytest.mark.parametrize("text", ["問59 0.0", "問1 A 問0 B", "色はどれか。\nA. 赤\nB. 海\n\n問1 A 問0 B"])
def test_an_answer_to_a_question_of_number_nought_belongs_to_none(text: str) -> None:
    assert all(question.key in ((), ("A",)) for question in parse_exam(text).questions)
