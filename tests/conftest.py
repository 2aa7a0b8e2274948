"""What several test files share: a small notes folder, and one real assistant over it, so that the model loads once."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from assistant import engine
from assistant.encoder import Encoder
from assistant.engine import Assistant
from assistant.faces.cli import cli

HOME = Path(__file__).resolve().parents[1]

NOTES = {
    "messaging.md": """\
# メッセージング

## Amazon SQS
キューにメッセージをためて、受け取る側の都合で処理できるようにするサービス。

- 標準キュー: 順番は保証されないが、処理量に上限がない
- FIFOキュー: 送った順に届き、重複もしない

## Amazon SNS
一つのメッセージを、メールやLambdaなど複数の宛先へ同時に送る通知サービス。

## Amazon MQ
""",
    "storage/ストレージ.md": """\
# S3

## ライフサイクル
30日たったオブジェクトを安いストレージクラスへ自動で移す設定ができる。

## バージョニング
上書きや削除をしても、前の版のオブジェクトを取り出せる。
""",
    "english.txt": """\
# CloudTrail
Records every API call in the account: who called it, when, and from which address.
""",
}

GOLD: list[dict[str, Any]] = [
    {
        "id": "t1",
        "type": "fact",
        "question": "FIFOキューの特徴は？",
        "answerable": True,
        "gold_mode": "any",
        "gold": [{"file": "messaging.md", "line_start": 7, "line_end": 7, "must_contain": "送った順に届き"}],
    },
    {
        "id": "t2",
        "type": "crosslingual",
        "question": "誰がいつAPIを呼んだかの記録",
        "answerable": True,
        "gold_mode": "any",
        "gold": [{"file": "english.txt", "line_start": 2, "line_end": 2, "must_contain": "Records every API call"}],
    },
    {
        "id": "t3",
        "type": "comparison",
        "question": "標準キューとFIFOキューの違いは？",
        "answerable": True,
        "gold_mode": "each_side",
        "gold": [
            {"file": "messaging.md", "line_start": 6, "line_end": 6, "must_contain": "順番は保証", "side": ["A"]},
            {"file": "messaging.md", "line_start": 7, "line_end": 7, "must_contain": "送った順", "side": ["B"]},
        ],
    },
    {"id": "t4", "type": "unans_offtopic", "question": "おいしいパンの焼き方は？", "answerable": False, "gold": []},
]


# How fast it goes is no matter of luck: where time is what is tested, the tests measure it themselves.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# A command under test answers by itself; the tests of the engine switch it on for the processes that they start.
os.environ["ASSISTANT_ENGINE"] = "off"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The browser's driver keeps an event loop running until the session ends, and no other can run beside it.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


_LOADED = """
import sys
from assistant.faces.cli import cli
try:
    cli.main(sys.argv[1:])
except SystemExit as end:
    assert end.code == 0, end.code
print("\\n".join(sys.modules), file=sys.stderr)
"""


def loaded_by(*args: str, **env: str) -> set[str]:
    """The modules that a command, run in a process of its own, leaves loaded."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *args],
        cwd=HOME,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env=os.environ | env,
    )
    return set(done.stderr.split())


def write_notes(folder: Path) -> Path:
    """Writes ``NOTES`` into ``folder``, which it makes where there is none."""
    for name, text in NOTES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def notes_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_notes(tmp_path_factory.mktemp("notes"))


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="session")
def gold_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in GOLD), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model."""
    return Encoder()


OpenAssistant = Callable[[Path, Path], Assistant]


@pytest.fixture(scope="session")
def open_assistant(encoder: Encoder) -> OpenAssistant:
    """Opens an assistant over a notes folder and an index folder, with the session's model."""

    def open_with_encoder(notes: Path, index: Path) -> Assistant:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine, "Encoder", lambda _: encoder)
            return Assistant(notes, index)

    return open_with_encoder


@pytest.fixture(scope="session")
def assistant(open_assistant: OpenAssistant, notes_dir: Path, index_dir: Path) -> Iterator[Assistant]:
    """The real assistant over ``notes_dir``, its index in step with it."""
    with open_assistant(notes_dir, index_dir) as ready:
        ready.refresh()
        yield ready


RunCommand = Callable[..., Result]


@pytest.fixture
def run_command(notes_dir: Path, index_dir: Path, tmp_path: Path) -> RunCommand:
    """Runs a command in this process over ``notes_dir``, in English unless the test says otherwise."""

    def run(*args: str | Path, stdin: str | bytes | None = None, **env: str) -> Result:
        folders = {"NOTES_DIR": str(notes_dir), "INDEX_DIR": str(tmp_path / "index"), "NOTES_LANG": "en"}
        return CliRunner().invoke(cli, list(map(str, args)), input=stdin, env=folders | env)

    return run


@pytest.fixture
def ask_command(
    assistant: Assistant, index_dir: Path, run_command: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> RunCommand:
    """``run_command``, but with the session's assistant: for commands that need the model."""

    class Shared:
        def __init__(self, *_: object, **__: object) -> None: ...

        def __enter__(self) -> Assistant:
            return assistant

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(engine, "Assistant", Shared)

    def run(*args: str | Path, stdin: str | bytes | None = None, **env: str) -> Result:
        return run_command(*args, stdin=stdin, INDEX_DIR=str(index_dir), **env)

    return run


@pytest.fixture
def without_collection() -> Iterator[None]:
    """For measuring: a collection over all that the tests before have left takes longer than what is measured."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
