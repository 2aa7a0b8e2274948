"""Every sentence that a person reads, in Japanese and English, in one place.

Keys are grouped by prefix: ``error.`` (one line, names the next step), ``skip.`` (why a file was not read),
``answer.`` (around the quotes of an answer), ``exam.`` (mock exams), ``cli.`` and ``web.`` (the faces).
"""

from __future__ import annotations

import os
import re
from typing import Final, Literal

__all__ = ["CATALOGUE", "Language", "language_of", "preferred_language", "say"]

Language = Literal["ja", "en"]

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")

#: key -> (Japanese, English)
CATALOGUE: Final[dict[str, tuple[str, str]]] = {
    # --- errors
    "error.internal": (
        "プログラムの内部で問題が起きました。もう一度試し、続くようなら報告してください。",
        "Something went wrong inside the program. Try again, and report it if it happens again.",
    ),
    "error.request": ("この依頼は処理できません。", "This request cannot be handled."),
    "error.empty_question": (
        "質問が空です。知りたいことを一文で入力してください。",
        "The question is empty. Type what you want to know.",
    ),
    "error.question_too_long": (
        "質問が長すぎます（{length:,}文字）。{limit:,}文字までに短くしてください。",
        "The question is too long ({length:,} characters). Shorten it to {limit:,} characters.",
    ),
    "error.bad_request": ("{where}: {problem}", "{where}: {problem}"),
    "error.unknown_place": (
        "{file} の {line} 行目はノートにありません。索引を更新してからもう一度開いてください。",
        "There is no line {line} in {file}. Refresh the index and open it again.",
    ),
    "error.exam": ("{problem}", "{problem}"),
    "error.exam_choice": (
        "選択肢 {choice} はこの問題にありません。{labels} の中から選んでください。",
        "This question has no option {choice}. Choose from {labels}.",
    ),
    "error.exam.none": (
        "試験問題が見つかりません。問題文と選択肢（A. B. … など）を貼り付けてください。",
        "There is no exam question here. Paste the question with its options (A. B. …).",
    ),
    "error.exam.several": (
        "問題が {count} 問あります。ここでは 1 問ずつ判定します。",
        "There are {count} questions here; they are checked one at a time.",
    ),
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
    "cli.help.check": (
        "試験問題の選択肢をノートと照らし合わせる",
        "checks the options of an exam question against the notes",
    ),
    "cli.help.mine": (
        "自分の答え（B や B,D、複数の問題なら B; A,C; -）",
        "the options that you chose: B, or B,D; of several questions B; A,C; -",
    ),
    "cli.help.report": (
        "採点と、ノートに足りないことを .md か .json に書き出す",
        "saves the scores and what the notes lack as .md or .json",
    ),
    "cli.help.retest": (
        "間違えた問題と未判定の問題をもう一度解く",
        "asks again what was missed or undecided",
    ),
    "cli.help.review": (
        "間違えた問題と未判定の問題を、見直す節ごとに並べる",
        "lists what was missed or undecided, by section",
    ),
    "cli.help.export": (
        "これまでの記録を .md .json .csv .apkg に書き出す",
        "saves the record as .md, .json, .csv or .apkg (Anki)",
    ),
    "cli.exameval.help": ("試験問題の判定を評価する", "the file holds exam questions: evaluates check"),
    "cli.usage.no_exam": (
        "試験問題がありません。問題文と選択肢か、それを書いたファイルを指定してください。",
        "There is no exam question. Give its text with the options, or a file that holds it.",
    ),
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
    "error.notes": ("ノートのフォルダーを使えません。", "The notes folder cannot be used."),
    "error.notes_missing": (
        "ノートのフォルダー {folder} がありません。フォルダーを作るか、--notes で場所を指定してください。",
        "There is no notes folder {folder}. Create it, or name another one with --notes.",
    ),
    "error.notes_empty": (
        "{folder} にノートがありません。.md か .txt のファイルを入れてください。",
        "There are no notes in {folder}. Put .md or .txt files there.",
    ),
    "error.notes_unreadable": (
        "{folder} のノートを読めませんでした（{files}）。直すか、--notes で別の場所を指定してください。",
        "No note in {folder} can be read ({files}). Put that right, or name another folder with --notes.",
    ),
    "error.notes_closed": (
        "ノートのフォルダー {folder} を開く許可がありません。許可を与えるか、--notes で別の場所を指定してください。",
        "There is no permission to open the notes folder {folder}. Give it, or name another one with --notes.",
    ),
    "error.engine": ("プログラムか索引が壊れています。", "The program or its index is broken."),
    "error.model": (
        "モデル {model} を読み込めません（{problem}）。--model の指定を確かめてください。",
        "The model {model} cannot be loaded ({problem}). Check --model.",
    ),
    "error.index": (
        "索引のフォルダー {folder} を使えません（{problem}）。"
        "python app.py doctor で調べるか、--index で別の場所を指定してください。",
        "The index folder {folder} cannot be used ({problem}). Run python app.py doctor, "
        "or name another folder with --index.",
    ),
    "error.index_full": (
        "{folder} に書き込む空きがありません（{problem}）。空きを作ってから、もう一度試してください。"
        "書きかけのものは残らず、それまでの索引はそのまま使えます。",
        "There is no room left to write to {folder} ({problem}). Free some space and try again; "
        "nothing was left half written, and the index is as it was.",
    ),
    "error.index_busy": (
        "別のプロセスが {folder} に書き込み中です（{problem}）。少し待ってから、もう一度試してください。",
        "Another process is writing to {folder} ({problem}). Wait a moment and try again.",
    ),
    "error.index_damaged": (
        "索引 {folder} が壊れています（{problem}）。python app.py doctor --fix で作り直してください。",
        "The index in {folder} is damaged ({problem}). Rebuild it with python app.py doctor --fix.",
    ),
    # --- doctor
    "doctor.python.ok": ("Python の版: {version}", "Python {version}"),
    "doctor.python.old": ("Python {version} は古すぎます", "Python {version} is too old"),
    "doctor.python.remedy": ("Python 3.11 以降を入れてください。", "Install Python 3.11 or newer."),
    "doctor.packages.ok": ("{count} 個とも指定どおりです", "all {count} as pinned"),
    "doctor.packages.missing": ("入っていません: {names}", "not installed: {names}"),
    "doctor.packages.other": (
        "試験した版と違います（括弧内）: {names}",
        "not the tested version (in brackets): {names}",
    ),
    "doctor.packages.remedy": (
        "python -m pip install -r requirements.txt を実行してください。",
        "Run python -m pip install -r requirements.txt.",
    ),
    "doctor.model.ok": ("{name}（{folder}）", "{name} in {folder}"),
    "doctor.model.later": (
        "{name} は最初の質問のときに {folder} へ展開されます",
        "{name} will be unpacked into {folder} by the first question",
    ),
    "doctor.model.own": ("{name}", "{name}"),
    "doctor.model.gone": ("フォルダー {name} がありません", "there is no folder {name}"),
    "doctor.model.gone_remedy": ("--model の指定を確かめてください。", "Check --model."),
    "doctor.model.torn": ("{folder} に足りないファイルがあります", "files are missing from {folder}"),
    "doctor.model.torn_remedy": (
        "--fix で消すと、次の質問のときに展開し直します。",
        "--fix removes it, and the next question unpacks it anew.",
    ),
    "doctor.disk.ok": ("空き {free} GB（{folder}）", "{free} GB free at {folder}"),
    "doctor.disk.low": ("空きが {free} GB しかありません（{folder}）", "only {free} GB free at {folder}"),
    "doctor.disk.remedy": (
        "空きを作ってください。索引とモデルには 1 GB あれば足ります。",
        "Free some space: the index and the model need up to 1 GB.",
    ),
    "doctor.leftovers.ok": ("残りかすはありません", "nothing left over"),
    "doctor.leftovers.some": (
        "中断された処理のファイルが {count} 個残っています: {names}",
        "{count} files of interrupted work are left: {names}",
    ),
    "doctor.leftovers.remedy": ("--fix で消せます。", "--fix removes them."),
    "doctor.notes.ok": ("{count:,} ファイル（{folder}）", "{count:,} files in {folder}"),
    "doctor.files.ok": ("すべて読めます", "all of them can be read"),
    "doctor.files.some": ("{count} 個は読んでいません: {files}", "{count} are not read: {files}"),
    "doctor.files.remedy": (
        "UTF-8 のテキストとして保存し直すか、許可を与えるか、フォルダーから出してください。",
        "Save them as UTF-8 text, give permission to read them, or take them out of the folder.",
    ),
    "doctor.encodings.ok": ("{names}", "{names}"),
    "doctor.empty_sections.ok": ("本文のない見出しはありません", "every heading has something under it"),
    "doctor.empty_sections.some": (
        "本文のない見出しが {count} 個: {places}",
        "{count} headings over nothing: {places}",
    ),
    "doctor.empty_sections.remedy": (
        "書き足すか、見出しを消してください。そのままでも動きます。",
        "Write something under them, or remove them. They do no harm.",
    ),
    "doctor.duplicates.ok": ("重複する節はありません", "no section stands in several places"),
    "doctor.duplicates.some": (
        "同じ節が別の場所にもあります（{count} 個）: {places}",
        "{count} sections say the same as another one: {places}",
    ),
    "doctor.duplicates.remedy": (
        "片方を消すと直す場所が一つになります。そのままでも動きます。",
        "Remove one of each two, so that there is one to keep up to date. They do no harm.",
    ),
    "doctor.pictures.ok": ("画像はそろっています", "no picture is missing"),
    "doctor.pictures.some": ("見つからない画像が {count} 個: {places}", "{count} pictures are missing: {places}"),
    "doctor.pictures.remedy": (
        "画像をノートの横に置くか、リンクを直してください。",
        "Put them beside the note, or correct the links.",
    ),
    "doctor.index_folder.ok": ("{folder}", "{folder}"),
    "doctor.index_folder.closed": ("{folder} に書き込めません", "{folder} cannot be written"),
    "doctor.index_folder.remedy": (
        "書き込みの許可を与えるか、--index で別の場所を指定してください。",
        "Give permission to write there, or name another folder with --index.",
    ),
    "doctor.index.later": (
        "まだありません。最初の質問のときに作られます",
        "not there yet; the first question builds it",
    ),
    "doctor.index.lost": (
        "ありません。次の質問のときに作り直され、模試の記録も戻ります",
        "not there; the next question builds it, and the exam record comes back",
    ),
    "doctor.index.ok": (
        "正常です: {files:,} ファイル、{sections:,} 節、模試の記録 {exams:,} 件、スキーマ {schema}、世代 {generation}",
        "sound: {files:,} files, {sections:,} sections, {exams:,} exam records, schema {schema}, generation {generation}",
    ),
    "doctor.index.schema": (
        "別の版のプログラムが作りました（スキーマ {schema}）",
        "made by another version (schema {schema})",
    ),
    "doctor.index.model": ("別のモデルで作られました（{model}）", "made with another model ({model})"),
    "doctor.index.next_question": ("次の質問のときに作り直されます。", "The next question makes it anew."),
    "doctor.index.damaged": ("壊れています（{problem}）", "damaged ({problem})"),
    "doctor.index.remedy": (
        "--fix で空にすると、次の質問のときにノートから作り直します。模試の記録は先に保存されます。",
        "--fix empties it, and the next question reads the notes anew. The exam record is saved first.",
    ),
    "doctor.faiss.ok": ("索引と揃っています", "in step with the index"),
    "doctor.faiss.behind": ("索引より古いか、壊れています", "behind the index, or damaged"),
    "doctor.freshness.ok": ("ノートと揃っています", "in step with the notes"),
    "doctor.freshness.some": (
        "{count:,} ファイルが変わっています。次の質問のときに読み込まれます",
        "{count:,} files have changed; the next question reads them",
    ),
    "doctor.engine.none": ("動いていません。必要になれば起動します", "none runs; one is started when it is needed"),
    "doctor.engine.running": ("動いています（プロセス {pid}、ポート {port}）", "running (process {pid}, port {port})"),
    "doctor.engine.dead": (
        "プロセス {pid} の記録がありますが、応答しません",
        "there is a record of process {pid}, which does not answer",
    ),
    "doctor.engine.remedy": (
        "--fix で記録を消せます。次の質問のときにも置き換わります。",
        "--fix removes the record; the next question replaces it as well.",
    ),
    "doctor.port.ok": ("{port} は空いています", "{port} is free"),
    "doctor.port.taken": ("{port} は使われています（{problem}）", "{port} is taken ({problem})"),
    "doctor.port.remedy": (
        "チャットがもう開いていなければ、--port で別の番号を指定してください。",
        "Unless the chat is open already, name another one with --port.",
    ),
    "doctor.severity.ok": ("正常", "ok"),
    "doctor.severity.warning": ("注意", "warning"),
    "doctor.severity.error": ("異常", "error"),
    "doctor.fixed": ("直しました: {name}", "fixed: {name}"),
    "doctor.summary": ("異常 {errors}、注意 {warnings}", "{errors} errors, {warnings} warnings"),
    "cli.help.doctor": (
        "動かないときに調べる: プログラム、ノート、索引のどこに問題があり、どう直すか。",
        "Find out what is wrong with the program, the notes or the index, and how to put it right.",
    ),
    "cli.help.fix": (
        "失うもののない対処を行う（ノートには触れない）",
        "do what loses nothing (the notes are not touched)",
    ),
    # --- why a file was not read
    "skip.binary": ("テキストではありません", "not text"),
    "skip.encoding": ("文字コードを判別できません", "unknown character encoding"),
    "skip.unreadable": ("読み取りの許可がありません", "no permission to read"),
    "skip.vanished": ("読み取り中に消えました", "vanished while being read"),
    "skip.name": ("ファイル名が不正です", "the file name is not valid text"),
    "skip.too_large": ("大きすぎます（10 MBまで）", "too large (10 MB at most)"),
    "skip.changing": ("書き込みの途中です", "still being written"),
    "skip.special": ("通常のファイルではありません", "not an ordinary file"),
    "skip.outside": ("フォルダーの外へのリンクです", "a link that leads out of the folder"),
    "skip.link": ("リンク先がありません", "a link that leads nowhere"),
    "skip.folder": ("フォルダーを開く許可がありません", "a folder without permission to open it"),
    "skip.io": ("読み取りに失敗しました", "could not be read"),
    # --- around the quotes of an answer
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
    "answer.not_found": ("ノートには見つかりませんでした。", "Your notes don't say."),
    # --- cli
    "cli.help.chat": (
        "ノートに質問する。コマンドなしで起動すると、ブラウザーでチャットを開く。",
        "Ask your notes. Without a command, opens the chat in the browser.",
    ),
    "cli.help.index": ("ノートを読み込み、索引を最新にする。", "Read the notes and bring the index up to date."),
    "cli.help.ask": (
        "質問に、ノートの原文の引用で答える。QUESTION が - なら標準入力から読む。",
        "Answer a question with quotes from the notes. With - it is read from stdin.",
    ),
    "cli.chat.help": (
        "ターミナルで続けて質問する。「じゃあSSE-S3は？」のような続きも分かる。",
        "Ask in the terminal, one question after another; follow-up questions are understood.",
    ),
    "cli.chat.welcome": (
        "質問をどうぞ。続きの質問もできます。{new} で新しい話題、{leave} か Ctrl-D で終わります。",
        "Ask a question, then follow up. {new} begins a new topic, {leave} or Ctrl-D ends.",
    ),
    "cli.help.search": (
        "質問に近い節を、近い順に並べる。QUESTION が - なら標準入力から読む。",
        "List the sections nearest to a question. With - it is read from stdin.",
    ),
    "cli.help.status": (
        "索引の中身と、未反映のファイルの数を示す。",
        "Show what is indexed, and what has changed since.",
    ),
    "cli.help.eval": (
        "正解付きの質問で測り、95%信頼区間付きで示す。",
        "Measure with gold questions; figures have 95 % intervals.",
    ),
    "cli.help.notes": ("ノートのフォルダー (NOTES_DIR)", "the notes folder (NOTES_DIR)"),
    "cli.help.index_folder": ("索引を置くフォルダー (INDEX_DIR)", "the index folder (INDEX_DIR)"),
    "cli.help.model": ("別のモデルを使う (NOTES_MODEL)", "another model (NOTES_MODEL)"),
    "cli.help.json": ("JSON で出力する", "print JSON"),
    "cli.help.batch": (
        "一行に一件の依頼を読み、一行に一件の結果を出す（- は標準入力）",
        "read a request and print a result per line (- is stdin)",
    ),
    "cli.help.debug": ("問題が起きたとき詳細を出す (NOTES_DEBUG)", "show tracebacks (NOTES_DEBUG)"),
    "cli.help.port": ("チャットのポート番号（0 は空きを選ぶ）", "the chat's port (0 takes a free one)"),
    "cli.help.host": (
        "チャットの待ち受け先。この端末以外から使えるようにするには --auth が要る",
        "the chat's address; beyond this computer it takes --auth",
    ),
    "cli.help.auth": ("チャットを開くための名前とパスワード", "the name and password that open the chat"),
    "cli.help.auth_file": ("同じものを 1 行目に書いたファイル", "a file with the same in its first line"),
    "cli.help.no_open": ("ブラウザーを開かない", "do not open the browser"),
    "cli.help.k": ("節の数", "how many sections"),
    "cli.help.failures": ("誤った質問を一つずつ示す", "list each question that went wrong"),
    "cli.help.out": ("すべての結果を JSON で保存する", "save everything as JSON"),
    "cli.help.help": ("使い方を表示する", "show this help"),
    "cli.usage.next": ("（使い方: python {command} --help）", " (Usage: python {command} --help)"),
    "cli.usage.no_such_option": ("{option} というオプションはありません。", "There is no option {option}."),
    "cli.usage.no_such_command": (
        '{command} というコマンドはありません。質問するには ask "質問" と入力してください。',
        'There is no command {command}. To ask something, type: ask "question".',
    ),
    "cli.usage.bad_option": ("{option} の使い方が違います。", "{option} is not used that way."),
    "cli.usage.missing": ("{name} がありません。", "{name} is missing."),
    "cli.usage.not_in_range": (
        "{name} には {low} から {high} までの整数を指定してください。",
        "{name} takes a whole number from {low} to {high}.",
    ),
    "cli.usage.no_file": ("{name} のファイルを開けません。", "The file of {name} cannot be opened."),
    "cli.usage.empty_folder": ("フォルダーの名前が空です。", "the folder's name is empty."),
    "cli.usage.option_before": (
        "{option} は {command} の後に書いてください。",
        "{option} goes after {command}.",
    ),
    "cli.usage.no_question": (
        '質問がありません。ask "質問" のように入力してください。',
        "There is no question to ask.",
    ),
    "cli.usage.question_and_batch": (
        "質問と --batch は一緒に使えません。",
        "A question and --batch do not go together.",
    ),
    "cli.line.not_utf8": ("UTF-8 ではありません", "not UTF-8"),
    "cli.line.not_json": ("JSON として読めません", "not JSON"),
    "cli.line.not_object": ("JSON のオブジェクトではありません", "not a JSON object"),
    "cli.line.no_field": ("{field} がありません", "{field} is missing"),
    "cli.line.bad_field": ("{field} の値が正しくありません（必要な値: {expected}）", "{field} has to be {expected}"),
    "cli.line.no_gold": ("答えのある質問に gold がありません", "answerable, but without gold lines"),
    "cli.line.no_questions": ("質問が一つもありません", "holds no question"),
    "cli.not_installed": (
        "必要なパッケージ {module} がありません。make chat を実行するか、.venv/bin/python で起動してください。",
        "The package {module} is missing. Run make chat, or start it with .venv/bin/python.",
    ),
    "cli.serving": ("{address} で開いています（終了は Ctrl-C）", "Open at {address} (Ctrl-C ends it)"),
    "cli.preparing": ("準備しています…", "Getting ready…"),
    "cli.thinking": ("ノートを調べています…", "Looking through the notes…"),
    "cli.stage.read": ("読み込み", "reading"),
    "cli.stage.encode": ("索引を作成", "indexing"),
    "cli.stage.save": ("保存", "saving"),
    "cli.stage.check": ("判定", "checking"),
    "cli.stage.ask": ("質問", "asking"),
    "cli.batch_failed": ("{failed:,} 行は処理できませんでした。", "Lines that could not be handled: {failed:,}."),
    "cli.skipped": ("読めなかったファイル: {files}", "Not read: {files}"),
    "cli.refreshed": (
        "{files:,} ファイル・{sections:,} 節（追加 {added:,}、変更 {changed:,}、削除 {removed:,}、"
        "新しい文 {encoded:,}）{seconds:.1f} 秒",
        "{files:,} files, {sections:,} sections (added {added:,}, changed {changed:,}, removed {removed:,}; "
        "{encoded:,} passages encoded) in {seconds:.1f} s",
    ),
    "cli.engine.help": (
        "端末のコマンドに答えるエンジンを動かす（ふだんは最初の質問で自動的に起動する）。",
        "Run the engine that answers the terminal's commands; the first question starts it by itself.",
    ),
    "cli.engine.help_idle": (
        "使われないまま何分たったら終わるか（0 は終わらない）(ASSISTANT_IDLE)",
        "minutes without a question until it ends; 0 is never (ASSISTANT_IDLE)",
    ),
    "cli.engine.help_stop": ("裏で動いているエンジンを止める。", "Stop the engine that runs in the background."),
    "cli.engine.bad_idle": ("0 から {limit:,} までの分数を指定してください。", "takes minutes from 0 to {limit:,}."),
    "cli.engine.starting": (
        "エンジンを起動しています…（次の質問からはすぐに答えます）",
        "Starting the engine… (the next questions are answered at once)",
    ),
    "cli.engine.wait.page": ("チャットの準備を待っています…", "Waiting for the chat to get ready…"),
    "cli.engine.wait.index": ("ノートを読み込んでいます…", "Reading the notes…"),
    "cli.engine.wait.model": (
        "モデルを読み込んでいます…（初回は1分ほどかかることがあります）",
        "Loading the model… (this can take a minute the first time)",
    ),
    "cli.engine.wait.busy": ("エンジンが調べています…", "The engine is at work…"),
    "cli.engine.left_running": (
        "エンジンは裏で作業を続けます。止めるには python app.py stop と入力してください。",
        "The engine goes on in the background. To stop it: python app.py stop",
    ),
    "cli.engine.not_started": (
        "エンジンを起動できないため、このコマンドが自分で答えます（{problem}）。"
        "起動を試さないようにするには ASSISTANT_ENGINE=off を指定してください。",
        "The engine could not be started, so this command answers by itself ({problem}). "
        "Set ASSISTANT_ENGINE=off to do without one.",
    ),
    "cli.pending": (
        "変更された {files:,} 個のファイルを読み込み中です。答えは、その前の内容によるものです。",
        "{files:,} changed file(s) are still being read; the answer is from before.",
    ),
    "cli.engine.again": (
        "エンジンが途中で止まったため、新しく起動して続けます。",
        "The engine broke off; a new one is started to go on.",
    ),
    "cli.engine.died": (
        "エンジンが二度続けて途中で止まりました（記録: {log}）。もう一度試すか、ASSISTANT_ENGINE=off を指定してください。",
        "The engine broke off twice (see {log}). Try again, or set ASSISTANT_ENGINE=off.",
    ),
    "cli.engine.stalled": (
        "エンジンが {minutes} 分以上応答しません（記録: {log}）。python app.py stop で止めてから、もう一度試してください。",
        "The engine has not moved for {minutes} min or more (see {log}). Stop it with python app.py stop, and try again.",
    ),
    "cli.engine.running": (
        "エンジンはすでに動いています（プロセス {pid}）。",
        "An engine is already running (process {pid}).",
    ),
    "cli.engine.stopping": ("エンジンを止めています…", "Stopping the engine…"),
    "cli.engine.stopped": ("エンジンを止めました。", "The engine has been stopped."),
    "cli.engine.none": ("動いているエンジンはありません。", "No engine is running."),
    "cli.engine.is_chat": (
        "質問にはチャットが答えています。チャットは、起動した端末の Ctrl-C で終了してください。",
        "The chat is what answers. End it with Ctrl-C in the terminal where it was started.",
    ),
    "cli.engine.refused": ("この依頼には鍵が必要です。", "This request needs the engine's token."),
    "cli.status.answered": ("ノートに答えあり", "answered by the notes"),
    "cli.status.related": ("近い記述のみ", "only something near it"),
    "cli.status.empty_heading": ("見出しのみ", "a heading only"),
    "cli.status.not_found": ("ノートになし", "not in the notes"),
    "cli.support": ("確かさ {percent} %", "support {percent} %"),
    "cli.also": ("同じ内容: {places}", "also at {places}"),
    "cli.no_hits": ("ノートには見つかりませんでした。", "Nothing in the notes."),
    "cli.never": ("まだ", "never"),
    "cli.field.notes_dir": ("ノート", "notes"),
    "cli.field.index_dir": ("索引", "index"),
    "cli.field.files": ("ファイル", "files"),
    "cli.field.sections": ("節", "sections"),
    "cli.field.empty_sections": ("本文のない節", "empty sections"),
    "cli.field.passages": ("検索単位", "passages"),
    "cli.field.model": ("モデル", "model"),
    "cli.field.updated_at": ("更新日時", "updated"),
    "cli.field.stale_files": ("未反映のファイル", "stale files"),
    "cli.eval.title": (
        "{questions:,} 問。数値は %、括弧内は95%信頼区間。",
        "{questions:,} questions; figures in %, 95 % intervals in brackets.",
    ),
    "cli.eval.all": ("全体", "all"),
    "cli.eval.section_r1": ("節 R@1", "section R@1"),
    "cli.eval.section_r3": ("節 R@3", "section R@3"),
    "cli.eval.section_r5": ("節 R@5", "section R@5"),
    "cli.eval.section_mrr10": ("節 MRR@10", "section MRR@10"),
    "cli.eval.answer_hit1": ("引用 @1", "answer hit @1"),
    "cli.eval.answer_hit2": ("引用 @2", "answer hit @2"),
    "cli.eval.both_sides": ("両側", "both sides"),
    "cli.eval.false_answer": ("誤回答", "false answer"),
    "cli.eval.false_refusal": ("誤拒否", "false refusal"),
    "cli.eval.verbatim": ("原文どおり", "verbatim"),
    "cli.eval.support": ("確かさ", "support"),
    "cli.eval.answers": ("回答数", "answers"),
    "cli.eval.mean_support": ("確かさの平均", "mean support"),
    "cli.eval.share_right": ("正しい割合", "share right"),
    "cli.eval.calibration_error": (
        "確かさと正しさの差は平均 {points:.1f} ポイント。",
        "Support and truth are {points:.1f} points apart on average.",
    ),
    "cli.eval.none_answered": ("回答された質問はありません。", "No question was answered."),
    "cli.eval.failures": ("誤り: {count:,} 問", "Failures: {count:,}"),
    "cli.eval.expected": ("正解 {lines}", "expected {lines}"),
    "cli.eval.problem.section_missed": ("節が5位までにない", "section not in the first five"),
    "cli.eval.problem.false_refusal": ("誤拒否", "false refusal"),
    "cli.eval.problem.false_answer": ("誤回答", "false answer"),
    "cli.eval.problem.wrong_lines": ("引用が違う", "wrong lines"),
    "cli.eval.problem.side_missing": ("片側がない", "a side is missing"),
    "cli.eval.problem.not_verbatim": ("原文と違う", "not verbatim"),
    "cli.eval.other_notes": (
        "正解のファイル {file} が {folder} にありません。--notes を確かめてください。",
        "{file} is not in {folder}. Check --notes.",
    ),
    "cli.exameval.title": (
        "試験問題 {questions:,} 問。数値は %、括弧内は95%信頼区間。",
        "{questions:,} exam questions; figures in %, 95 % intervals in brackets.",
    ),
    "cli.exameval.all": ("全体", "all"),
    "cli.exameval.parsed": ("選択肢の数", "options found"),
    "cli.exameval.parsed_exactly": ("選択肢の文", "option texts"),
    "cli.exameval.choose": ("選ぶ数", "number to choose"),
    "cli.exameval.right": ("正解", "right"),
    "cli.exameval.confidently_wrong": ("誤った判定", "confidently wrong"),
    "cli.exameval.evidence": ("根拠の行", "evidence line"),
    "cli.exameval.refused": ("判定を保留", "refused"),
    "cli.exameval.answered_undecidable": ("根拠のない判定", "answered though undecidable"),
    "cli.exameval.outcome": ("正しい結果", "right outcome"),
    "cli.exameval.judge": ("判定", "judge"),
    "cli.exameval.baseline.longest_option": ("最も長い選択肢", "longest option"),
    "cli.exameval.baseline.plain_retrieval": ("検索だけ", "plain retrieval"),
    "cli.exameval.difference": ("差", "difference"),
    "cli.exameval.better": ("差は「{baseline}」との比較。", "The difference is to: {baseline}."),
    "cli.exameval.failures": ("誤り: {count:,} 問", "Failures: {count:,}"),
    "cli.exameval.expected": ("正解 {labels}", "expected {labels}"),
    "cli.exameval.answered": ("判定 {labels}（確かさ {support:.2f}）", "answered {labels} (support {support:.2f})"),
    "cli.exameval.no_answer": ("判定なし", "undecided"),
    "cli.exameval.problem.not_read": ("問題として読めない", "not read as a question"),
    "cli.exameval.problem.options": ("選択肢の数が違う", "wrong number of options"),
    "cli.exameval.problem.option_texts": ("選択肢の文が違う", "option texts differ"),
    "cli.exameval.problem.choose": ("選ぶ数が違う", "wrong number to choose"),
    "cli.exameval.problem.wrong": ("誤った判定", "confidently wrong"),
    "cli.exameval.problem.undecided": ("判定できるのに保留", "undecided though decidable"),
    "cli.exameval.problem.answered_undecidable": ("根拠のない判定", "answered though undecidable"),
    "cli.exameval.problem.wrong_lines": ("根拠の行が違う", "wrong lines"),
    # --- the record of checked questions, and its exports
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
    # --- web
    "web.title": ("ノートQ&A", "Notes Q&A"),
    "web.counts": ("{files:,} ファイル・{sections:,} 節", "{files:,} files · {sections:,} sections"),
    "web.private": ("・この端末の中だけで動作", " · runs on this computer only"),
    "web.public": ("・ネットワークに公開中（要パスワード）", " · open to the network, with a password"),
    "web.starting": ("準備中…", "Getting ready…"),
    "web.theme": ("明るい表示と暗い表示を切り替える", "Switch between light and dark"),
    "web.welcome": ("ノートに質問してください", "Ask your notes"),
    "web.promise": (
        "回答はノートの原文の引用です。必ず行番号が付き、ノートにないことは「ない」と答えます。",
        "Answers quote your notes, with line numbers. What the notes do not say is not made up.",
    ),
    "web.tab_ask": ("質問する", "Ask"),
    "web.tab_exam": ("模試", "Mock exam"),
    "web.exam_text": ("問題と選択肢", "Questions with their options"),
    "web.exam_placeholder": (
        "試験問題を選択肢ごと貼り付けてください。\n\n文章を音声に変えるサービスはどれか。\nA. Amazon Polly\nB. Amazon Lex",
        "Paste exam questions with their options.\n\nWhich service turns text into speech?\nA. Amazon Polly\nB. Amazon Lex",
    ),
    "web.exam_file": ("ファイルから読む", "Read a file"),
    "web.exam_mine_label": ("あなたの答え（任意）", "Your answer (optional)"),
    "web.exam_choose": ("{count} つ選ぶ", "choose {count}"),
    "web.exam_choose_all": ("すべて選ぶ", "choose all that apply"),
    "web.exam_check": ("選択肢を判定", "Check the options"),
    "web.exam_working": ("ノートと照らし合わせています…", "Checking against the notes…"),
    "web.exam_failed": ("判定できませんでした。", "It could not be checked."),
    "web.exam_yours": ("あなたの答え", "your answer"),
    "web.exam_record": ("これまでの成績", "So far"),
    "web.exam_record_score": (
        "{questions} 問、解答した {answered} 問のうち {right} 問正解",
        "{questions} questions; {right} of the {answered} answered are right",
    ),
    "web.exam_record_none": ("まだありません", "nothing yet"),
    "web.exam_review": ("見直すところ", "To read again"),
    "web.exam_gaps": ("ノートに足りないこと", "What the notes lack"),
    "web.exam_times": ("{missed} 回不正解", "missed {missed} times"),
    "web.exam_export": ("記録を保存", "Save the record"),
    "web.tab_notes": ("ノート一覧", "Notes"),
    "web.ask_label": ("質問", "Question"),
    "web.placeholder": (
        "ノートに質問…（Enter で送信、Shift+Enter で改行）",
        "Ask your notes… (Enter sends, Shift+Enter breaks the line)",
    ),
    "web.send": ("送信", "Send"),
    "web.placeholder_short": ("ノートに質問…", "Ask your notes…"),
    "web.chat_label": ("質問と回答", "Questions and answers"),
    "web.example_what": ("{name}とは？", "What is {name}?"),
    "web.example_difference": ("{a}と{b}の違いは？", "What is the difference between {a} and {b}?"),
    "web.wait_page": ("画面を準備しています…", "Preparing the page…"),
    "web.wait_model": (
        "モデルを読み込んでいます…（初回は1分ほどかかることがあります）",
        "Loading the model… (this can take a minute the first time)",
    ),
    "web.wait_read": (
        "ノートを読んでいます… {done:,} / {total:,} ファイル",
        "Reading your notes… {done:,} of {total:,} files",
    ),
    "web.wait_encode": (
        "索引を作っています… {done:,} / {total:,} 節",
        "Building the index… {done:,} of {total:,} sections",
    ),
    "web.wait_pace": (
        "・毎秒 {rate:.0f} 節・あと {left} 秒ほど",
        " · {rate:.0f} sections a second · about {left} s left",
    ),
    "web.wait_pace_minutes": (
        "・毎秒 {rate:.0f} 節・あと {left} 分ほど",
        " · {rate:.0f} sections a second · about {left} min left",
    ),
    "web.changed": (
        "ノートの変更を取り込みました（{counts}）: {files}",
        "Your notes changed and were read again ({counts}): {files}",
    ),
    "web.changed_added": ("追加 {count}", "{count} added"),
    "web.changed_changed": ("更新 {count}", "{count} changed"),
    "web.changed_removed": ("削除 {count}", "{count} removed"),
    "web.changed_join": ("・", ", "),
    "web.pending": (
        "変更された {files:,} ファイルをまだ読んでいます。この回答には入っていません。",
        "Files that have changed and are still being read: {files:,}. This answer is from before.",
    ),
    "web.wait_changes": ("変更された {files:,} ファイルを読んでいます…", "Reading {files:,} changed file(s)…"),
    "web.wait_sections": (" {done:,} / {total:,} 節", " {done:,} of {total:,} sections"),
    "web.away": (
        "サーバーに届きません。端末で python app.py が動いているか確かめてください。",
        "The server does not answer. Is python app.py still running in its terminal?",
    ),
    "web.no_notes": ("ノートがありません", "No notes yet"),
    "web.first_title": ("ノートを入れるところから始めます", "First, some notes"),
    "web.first_put": ("フォルダーに置く", "Put them into the folder"),
    "web.first_put_what": (
        "Markdown（.md）かテキスト（.txt）のファイル。フォルダーに分けても構いません。置いたら、この画面に戻るだけです。",
        "Markdown (.md) or text (.txt) files, in sub-folders if you like. Then come back to this page.",
    ),
    "web.first_drop": ("この画面に落とすか、選ぶ", "Or drop or choose them here"),
    "web.first_drop_what": (
        "上のフォルダーに書き写します。同じ名前のノートを上書きすることはありません。",
        "They are copied into that folder. A note of the same name is never overwritten.",
    ),
    "web.first_samples": ("見本で試す", "Or try the sample notes"),
    "web.first_samples_what": (
        "AWS の機械学習についての小さなノートを、上のフォルダーに入れます。",
        "Small notes about machine learning on AWS are copied into that folder.",
    ),
    "web.first_samples_add": ("見本のノートを入れる", "Add the sample notes"),
    "web.first_kept": (
        "ノートも質問も、この端末から出ることはありません。",
        "Neither notes nor questions leave this computer.",
    ),
    "web.add": ("ノートを追加", "Add notes"),
    "web.added": ("追加しました", "Added"),
    "web.add_as": ("「{file}」として追加", "Add as {file}"),
    "web.add_clash_ask": (
        "「{file}」という別のノートがもうあります。上書きはしません。",
        "There is another note named {file} already. It will not be overwritten.",
    ),
    "web.add_drop": ("ここに落とすとノートのフォルダーに追加します", "Drop here to add to your notes folder"),
    "web.add_kind": (".md か .txt ではありません", "neither .md nor .txt"),
    "web.add_left": ("追加していません", "Not added"),
    "web.add_not": ("追加しない", "Leave it out"),
    "web.add_unsent": ("サーバーに届きません", "the server does not answer"),
    "web.wait_search": ("ノートを調べています…", "Looking through your notes…"),
    "web.loading_page": ("ノートQ&Aを起動しています…", "Starting Notes Q&A…"),
    "web.page_failed": (
        "画面を用意できませんでした。端末の表示を確かめ、起動し直してください。",
        "The page could not be prepared. See the terminal, then start it again.",
    ),
    "web.evidence": ("根拠 {count} 件", "{count} sources"),
    "web.evidence_one": ("根拠 1 件", "1 source"),
    "web.support": ("確かさ {percent} %", "support {percent} %"),
    "web.support_means": (
        "この程度の強さの回答が正しかった割合の目安です",
        "About the share of answers this strong that are right",
    ),
    "web.score_means": ("この引用がどれだけ質問に合うか（0〜1）", "How well this quote fits the question (0 to 1)"),
    "web.open": ("根拠 {n} を開く: {place}", "Open source {n}: {place}"),
    "web.open_place": ("開く: {place}", "Open {place}"),
    "web.also": ("同じ内容:", "Also at:"),
    "web.copy_answer": ("回答をコピー", "Copy the answer"),
    "web.clear": ("会話を消す", "Clear the conversation"),
    "web.save": ("会話を Markdown で保存", "Save the conversation as Markdown"),
    "web.not_sent": (
        "送れませんでした。サーバーに届きません。質問は入力欄に戻しました。",
        "Not sent: the server does not answer. The question is back in the box.",
    ),
    "web.copied": ("コピーしました", "Copied"),
    "web.copy_failed": ("コピーできませんでした", "Could not copy"),
    "web.compared": ("{names} をノートの記述だけで比べました。", "{names}, compared by what the notes say."),
    "web.compared_join": (" と ", " and "),
    "web.side_missing": ("ノートに記述なし", "Not in the notes"),
    "web.related": (
        "ノートにはっきりした答えはありません。近い記述:",
        "The notes do not clearly answer this. The nearest lines:",
    ),
    "web.empty_heading": ("見出しはありますが本文がありません", "There is a heading for this, but nothing under it"),
    "web.empty_heading_next": (
        "この見出しの下に書き足すと、次から答えられます。",
        "Write something under it, and it will be found next time.",
    ),
    "web.not_found": ("ノートには見つかりませんでした", "Not in your notes"),
    "web.not_found_next": (
        "答えになる記述がありません。推測での回答はしません。別の言葉で聞くか、ノートに書き足してください。",
        "No line answers this, and nothing is made up. Ask in other words, or add it to your notes.",
    ),
    "web.nearest": ("近い見出し", "Nearest headings"),
    "web.copy_template": ("ノートのひな形をコピー", "Copy a template for a note"),
    "web.retry": ("もう一度試す", "Try again"),
    "web.error": ("答えられませんでした", "This could not be answered"),
    "web.panel": ("ノート", "Note"),
    "web.panel_empty_before": ("回答の ", "Press "),
    "web.panel_empty_after": (
        " や根拠を押すと、ノートの該当箇所がここに開きます。",
        " or a source in an answer to open the note here.",
    ),
    "web.key_ask": ("入力欄へ", "to the input box"),
    "web.key_source": ("根拠を開く", "open a source"),
    "web.key_section": ("前後の節", "previous, next section"),
    "web.key_close": ("閉じる", "close"),
    "web.close": ("閉じる", "Close"),
    "web.previous": ("前の節", "Previous section"),
    "web.next": ("次の節", "Next section"),
    "web.copy_place": ("場所をコピー: {place}", "Copy the place: {place}"),
    "web.no_body": ("本文はありません", "Nothing is written here"),
    "web.lines_before": ("前の行を表示（{line} 行目まで省略）", "Show earlier lines (up to {line} left out)"),
    "web.lines_after": ("続きを表示（{line} 行目から省略）", "Show more (from line {line} left out)"),
    "web.picture": ("画像: {name}", "picture: {name}"),
    "web.picture_missing": ("画像を表示できません: {name}", "This picture cannot be shown: {name}"),
    "web.open_failed": ("ノートを開けませんでした", "The note could not be opened"),
    "web.editor": ("エディタで開く", "Open in editor"),
    "web.outline_filter": ("見出しやファイル名で絞り込む", "Filter by heading or file"),
    "web.outline_states": ("節の状態で絞り込む", "Filter by state"),
    "web.outline_count": ("{count:,} 節", "{count:,} sections"),
    "web.outline_count_one": ("1 節", "1 section"),
    "web.outline_more": ("続きを表示（残り {count:,} 節）", "Show more ({count:,} left)"),
    "web.outline_none": ("当てはまる節はありません", "No section matches"),
    "web.outline_preamble": ("（最初の見出しより前）", "(before the first heading)"),
    "web.outline_failed": ("一覧を読み込めませんでした", "The outline could not be loaded"),
    "web.state_all": ("すべて", "All"),
    "web.state_ok": ("本文あり", "With text"),
    "web.state_empty": ("本文なし", "Empty"),
    "web.state_image_only": ("図のみ", "Picture only"),
    "web.state_duplicate": ("重複", "Duplicate"),
    "web.body": ("リクエスト本文", "request body"),
    "web.not_json": ("JSON のオブジェクトを送ってください", "send a JSON object"),
    "web.not_text": ("文字列が必要です", "a string is needed"),
    "web.bad_text": ("正しい Unicode の文字列ではありません", "not valid Unicode text"),
    "web.not_texts": (
        "{limit} 個までの文字列の配列が必要です",
        "a list of at most {limit} strings is needed",
    ),
    "web.not_truth": ("true か false が必要です", "true or false is needed"),
    "web.not_one_of": ("次のどれかが必要です: {known}", "one of these is needed: {known}"),
    "web.exam_too_many": (
        "問題が {count} 問あります。一度に {limit} 問までに分けてください",
        "there are {count} questions; send at most {limit} at a time",
    ),
    "web.exam_mine": (
        '記号の文字列か、その配列が必要です（"B" や ["B", "D"]）',
        'a label or a list of labels is needed, such as "B" or ["B", "D"]',
    ),
    "web.exam_mine_several": (
        '問題が {count} 問あるので、一問に一つずつの配列が必要です（["B", ["A", "C"], …]）',
        'with {count} questions a list with an entry for each is needed, such as ["B", ["A", "C"], …]',
    ),
    "web.understood": ("「{question}」として答えます", "Taken to mean: {question}"),
    "web.not_count": ("1 から {limit} までの整数が必要です", "a whole number from 1 to {limit} is needed"),
    "web.too_large": (
        "送られたデータが大きすぎます（{limit:,} バイトまで）。",
        "The request is too large (at most {limit:,} bytes).",
    ),
    "web.bad_host": (
        "この宛先（Host）では応答しません。http://127.0.0.1 で開いてください。",
        "Not served under this host name. Open it at http://127.0.0.1.",
    ),
    "web.bad_origin": (
        "ほかのサイトからのアクセスは受け付けません。",
        "Requests from other sites are not accepted.",
    ),
    "web.unknown_address": ("このアドレスはありません。使えるもの: {known}", "No such address. There are: {known}"),
    "web.wrong_method": ("この方法では呼べません。使えるもの: {known}", "Not with this method. There are: {known}"),
    "web.no_picture": ("この画像はありません。", "There is no such picture."),
    "web.login_needed": (
        "この端末以外から使えるようにするには（{host}）、--auth 名前:パスワード か --auth-file が必要です。",
        "To be used from other computers ({host}) it takes --auth USER:PASS or --auth-file.",
    ),
    "web.auth_form": ("「名前:パスワード」の形で書いてください。", "write it as USER:PASS."),
    "web.auth_twice": ("--auth と --auth-file はどちらか一方だけです。", "give either --auth or --auth-file."),
    "web.auth_unreadable": ("{file} を読めません。", "{file} cannot be read."),
    "web.log_in": ("名前とパスワードが必要です。", "A name and a password are needed."),
    "web.add_not_a_note": (
        "ノートのファイル名ではありません（使える拡張子: {known}）。",
        "this is not the name of a note file (known: {known}).",
    ),
    "web.add_failed": ("書き込めません（{problem}）。", "cannot be written ({problem})."),
    "web.add_no_samples": ("見本のノートがありません。", "there are no sample notes."),
    "web.add_clash": ("{file} はもうあります。上書きはしません。", "{file} is there already. It is not overwritten."),
    "web.port_taken": (
        "ポート {port} を使えません（{problem}）。--port で別の番号を指定してください。",
        "Port {port} cannot be used ({problem}). Name another one with --port.",
    ),
}


def say(key: str, language: Language, **values: object) -> str:
    """The sentence of ``key`` with ``values`` filled in."""
    return CATALOGUE[key][0 if language == "ja" else 1].format(**values)


def language_of(text: str) -> Language:
    """The language to answer ``text`` in: Japanese as soon as it holds one Japanese character."""
    return "ja" if _JAPANESE.search(text) else "en"


def preferred_language() -> Language:
    """The person's language from the environment: English where the locale says so, else Japanese."""
    for name in ("NOTES_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "ja"
    return "ja"
