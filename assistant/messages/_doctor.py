"""What ``doctor`` finds, and what to do about it (``doctor.``)."""

from __future__ import annotations

from typing import Final

__all__ = ["DOCTOR"]

DOCTOR: Final[dict[str, tuple[str, str]]] = {
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
}
