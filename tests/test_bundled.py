"""The bundled model's folder: converted once, and again where it is not whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.encoder import Encoder
from assistant.errors import ModelUnavailable
from assistant.model.bundled import bundled_fingerprint, bundled_model_folder

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder that a conversion was interrupted in: a torn model, and what two killed ones left beside it."""
    folder = tmp_path_factory.mktemp("cache")
    torn = folder / bundled_fingerprint()
    torn.mkdir()
    (torn / "modules.json").write_text("[]", encoding="utf-8")
    (torn / "model.safetensors").write_bytes(b"\0" * 100)
    for name in ("old", "young"):
        (folder / f"{torn.name}.{name}").mkdir()
    os.utime(folder / f"{torn.name}.old", (0, 0))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)  # half a gigabyte


@pytest.fixture(autouse=True)
def use_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTES_CACHE_DIR", str(cache))


def test_a_torn_folder_is_replaced(cache: Path, encoder: Encoder) -> None:
    folder = bundled_model_folder()
    assert folder == cache / bundled_fingerprint()
    assert {path.name for path in cache.iterdir()} == {folder.name, f"{folder.name}.young"}
    vector = Encoder().encode_query("鍵の管理").vector
    assert vector @ encoder.encode_query("鍵の管理").vector >= 0.9999


def test_it_is_converted_once(cache: Path) -> None:
    def facts() -> dict[str, tuple[int, int]]:
        return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in cache.rglob("*")}

    bundled_model_folder()
    before = facts()
    assert bundled_model_folder() == bundled_model_folder()
    assert facts() == before


def test_it_is_an_ordinary_model_folder() -> None:
    folder = bundled_model_folder()
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    assert [module["type"].rpartition(".")[2] for module in modules] == ["Transformer", "Pooling", "Normalize"]
    settings = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
    assert (settings["prompts"]["query"], settings["prompts"]["document"]) == ("query: ", "passage: ")
    assert json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_type"] == "bert"
    assert not np.char.endswith([path.name for path in folder.iterdir()], ".tmp").any()


def test_a_cache_folder_that_cannot_be_used_gets_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("NOTES_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(ModelUnavailable) as caught:
        bundled_model_folder()
    assert "\n" not in str(caught.value)
