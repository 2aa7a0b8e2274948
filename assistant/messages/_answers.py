"""Around the quotes of an answer (``answer.``), and mock exams with their record and its exports (``exam.``)."""

from __future__ import annotations

from typing import Final

__all__ = ["ANSWERS"]

ANSWERS: Final[dict[str, tuple[str, str]]] = {
    # --- answers
    "answer.difference": ("ノートに書かれた違い:", "The difference, as the notes put it:"),
    "answer.side_missing": ("（ノートに記述がありません）", "(the notes say nothing about it)"),
    "answer.related": (
        "ノートにはっきりした答えはありません。近い記述:",
        "The notes do not answer this. The nearest they say:",
    ),
    "answer.empty_heading": (
        "「{heading}」という見出しはありますが、本文がありません。",
        "There is a heading “{heading}”, but nothing is written under it.",
    ),
    "answer.picture_only": (
        "「{heading}」には図だけがあり、文章がありません。",
        "Under “{heading}” there is only a picture, no text.",
    ),
    "answer.unknown": ("ノートに出てこない名前: {names}", "Not named anywhere in the notes: {names}"),
    "answer.not_found": ("ノートには見つかりませんでした。", "Your notes don't say."),
    # --- mock exams
    "exam.support.supported": ("正解候補", "supported"),
    "exam.support.conflicts": ("矛盾する記述あり", "conflicts"),
    "exam.support.related": ("近い記述", "related"),
    "exam.support.not_in_notes": ("ノートに記述なし", "not in the notes"),
    "exam.decided": ("ノートから: {answer}（確かさ {percent}％）", "From the notes: {answer} ({percent} % sure)"),
    "exam.undecided": (
        "ノートだけでは決まりません。この話題を書き足すと、次から判定できます。",
        "The notes do not decide this. Write down what they lack, and next time they will.",
    ),
    "exam.not_judged": (
        "選択式ではない問題は判定しません。",
        "Only multiple-choice questions are judged.",
    ),
    "exam.yours.right_key": ("あなたの答え {yours} は正解です。", "Your answer {yours} is right."),
    "exam.yours.wrong_key": (
        "あなたの答え {yours} は不正解です。正解は {right} です。",
        "Your answer {yours} is wrong; the key says {right}.",
    ),
    "exam.yours.right_notes": (
        "あなたの答え {yours} はノートと合っています。",
        "Your answer {yours} agrees with the notes.",
    ),
    "exam.yours.wrong_notes": (
        "あなたの答え {yours} はノートと合いません。ノートからは {right} です。",
        "Your answer {yours} does not agree with the notes, which say {right}.",
    ),
    "exam.yours.unknown": (
        "あなたの答えは {yours} です。合っているかはノートからは分かりません。",
        "Your answer is {yours}; the notes cannot tell whether it is right.",
    ),
    "exam.score": (
        "{questions} 問のうち {decided} 問をノートから判定しました。",
        "{decided} of {questions} decided by the notes.",
    ),
    "exam.score.key": (
        "正解の書かれた {keyed} 問のうち {right} 問で正解と一致しました。",
        "{right} of the {keyed} with a key agree with it.",
    ),
    "exam.mine_of_several": (
        '問題が {count} 問あります。答えは --mine "B; A,C; -" のように一問ずつ区切ってください。',
        'There are {count} questions; give an answer for each, as in --mine "B; A,C; -".',
    ),
    "exam.review.nothing": ("見直す問題はありません。", "There is nothing to review."),
    "exam.review.not_in_notes": ("ノートにない話題", "Not in the notes"),
    "exam.review.missed": ("不正解", "missed"),
    "exam.review.undecided": ("未判定", "undecided"),
    "exam.review.answers": ("    あなた: {yours}  正解: {right}", "    yours: {yours}  right: {right}"),
    "exam.no_file": ("このファイルはありません", "there is no such file"),
    "exam.retest.begin": (
        "もう一度解く問題: {count} 問。記号で答えてください（空の行で飛ばす、q で終わる）。",
        "Questions to answer again: {count}. Type the labels (an empty line skips, q ends).",
    ),
    "exam.retest.prompt": ("あなたの答え: ", "your answer: "),
    "exam.retest.end": ("{answered} 問に答えて {right} 問正解", "{right} of {answered} right"),
    "exam.export_forms": (
        "ファイル名は {forms} のどれかで終わるようにしてください",
        "the file's name has to end in one of {forms}",
    ),
    "exam.exported": ("{path} に書き出しました。", "Saved to {path}."),
    "exam.problem.jump": (
        "{line} 行目: 選択肢の記号が順に並んでいません。抜けている選択肢を補ってください。",
        "Line {line}: the labels of the options do not run in order. Add the missing one.",
    ),
    "exam.problem.duplicate": (
        "{line} 行目: 同じ記号の選択肢が二つあります。記号を直してください。",
        "Line {line}: two options have the same label. Correct one of them.",
    ),
    "exam.problem.no_stem": (
        "{line} 行目: 選択肢の前に問題文がありません。問題文も貼り付けてください。",
        "Line {line}: there are options but no question. Paste the question as well.",
    ),
    "exam.problem.no_options": (
        "{line} 行目: 問題文に選択肢がありません。A. B. … のように選択肢も貼り付けてください。",
        "Line {line}: there is a question but no options. Paste the options as well (A. B. …).",
    ),
    "exam.problem.one_option": (
        "{line} 行目: 選択肢が一つしかありません。残りの選択肢も貼り付けてください。",
        "Line {line}: there is only one option. Paste the others as well.",
    ),
    "exam.problem.empty_option": (
        "{line} 行目: 中身のない選択肢があります。文を補ってください。",
        "Line {line}: an option has no text. Add it.",
    ),
    "exam.problem.key": (
        "{line} 行目: 正解として書かれた記号の選択肢がありません。正解の行を確かめてください。",
        "Line {line}: the answer key names no option of the question. Check that line.",
    ),
    "exam.problem.yours": (
        "{line} 行目: yours の記号の選択肢がありません。問題の選択肢から選んでください。",
        "Line {line}: yours names no option of the question. Choose from its options.",
    ),
    "exam.problem.too_long": (
        "{line} 行目: この問題は長すぎます。短くしてから貼り付けてください。",
        "Line {line}: this question is too long. Shorten it, then paste it again.",
    ),
    "exam.problem.not_json": (
        "{line} 行目: JSON のオブジェクトとして読めません。一行に一つずつ書いてください。",
        "Line {line}: not a JSON object. Write one on each line.",
    ),
    "exam.problem.bad_row": (
        "{line} 行目: text、または stem と options が必要です。",
        "Line {line}: it needs a text, or a stem and its options.",
    ),
    "exam.problem.several": (
        "{line} 行目: text に問題が二つ以上あります。一行に一問ずつ書いてください。",
        "Line {line}: the text holds several questions. Write one on each line.",
    ),
    "exam.report.title": ("模試の結果", "Mock exam report"),
    "exam.report.count": (
        "{questions} 問、うちノートだけでは決まらないもの {undecided} 問",
        "{questions} questions; the notes do not decide {undecided} of them",
    ),
    "exam.report.yours_key": (
        "あなたの解答: 解答欄のある {told} 問のうち {right} 問が正解",
        "Your answers, by the key: {right} of {told} right",
    ),
    "exam.report.yours_notes": (
        "あなたの解答: ノートで判定した {told} 問のうち {right} 問がノートと一致",
        "Your answers, by the notes: {right} of {told} right",
    ),
    "exam.report.untold": (
        "合っているか分からない解答: {count} 問",
        "Answers of which nothing tells whether they are right: {count}",
    ),
    "exam.report.against_key": (
        "ノートの判定: 解答欄のある {keyed} 問のうち {decided} 問を判定し、{right} 問が解答欄と一致",
        "The notes' answers, by the key: {decided} of {keyed} decided, {right} of these right",
    ),
    "exam.report.gaps": ("ノートに足りないこと", "What the notes lack"),
    "exam.report.missing": ("ノートに記述なし: {options}", "Not in the notes: {options}"),
    "exam.report.problems": ("読み取れなかったところ", "What could not be read"),
    "exam.report.questions": ("問題", "Questions"),
    "exam.log.too_new": (
        "{folder} にある問題の記録は、より新しい版のプログラムで書かれています。プログラムを更新してください。",
        "The record of questions in {folder} is from a later version of the program. Update the program.",
    ),
    "exam.export.title": ("模擬試験の記録", "Mock exam record"),
    "exam.export.card": ("模擬試験の問題", "Mock exam question"),
    "exam.export.column.at": ("日時", "When"),
    "exam.export.column.number": ("番号", "Number"),
    "exam.export.column.stem": ("問題", "Question"),
    "exam.export.column.options": ("選択肢", "Options"),
    "exam.export.column.yours": ("あなたの解答", "Your answer"),
    "exam.export.column.result": ("結果", "Result"),
    "exam.export.column.key": ("正解（解答欄）", "Answer key"),
    "exam.export.column.answer": ("ノートの答え", "Notes' answer"),
    "exam.export.column.support": ("確かさ", "Support"),
    "exam.export.column.sources": ("根拠", "Sources"),
    "exam.export.column.explanation": ("解説", "Explanation"),
    "exam.export.result.right": ("正解", "right"),
    "exam.export.result.wrong": ("不正解", "wrong"),
    "exam.export.result.undecided": ("判定できません", "cannot be told"),
    "exam.export.result.unanswered": ("未解答", "not answered"),
    "exam.export.support.supported": ("ノートに裏付けあり", "supported by the notes"),
    "exam.export.support.conflicts": ("ノートと食い違う", "conflicts with the notes"),
    "exam.export.support.related": ("近い記述のみ", "only something near it"),
    "exam.export.support.not_in_notes": ("ノートに記述なし", "not in the notes"),
    "exam.export.undecided": ("ノートからは決められません", "The notes do not decide this"),
    "exam.export.by_key": ("正解（解答欄）", "Answer key"),
    "exam.export.by_notes": ("ノートの答え", "The notes' answer"),
    "exam.export.no_answer": (
        "解答欄がなく、ノートからも決められません",
        "There is no answer key, and the notes do not decide this",
    ),
    "exam.export.tag.missed": ("不正解", "missed"),
    "exam.export.tag.undecided": ("ノートで決まらない", "undecided"),
}
