"""What went wrong: ``error.`` (one line, names the next step) and ``skip.`` (why a file was not read)."""

from __future__ import annotations

from typing import Final

__all__ = ["ERRORS"]

ERRORS: Final[dict[str, tuple[str, str]]] = {
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
}
