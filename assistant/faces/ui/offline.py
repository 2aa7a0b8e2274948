"""Gradio, told beforehand to keep to itself: no version check, no telemetry, no history of runs in the browser.

Importing it takes seconds: import this module only where the page is served. Every other module takes Gradio from
here, since the settings count only before its first import.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Final

__all__ = ["gr"]

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_RUN_HISTORY"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

#: Where Gradio parses the source of each of its components and writes a type stub beside it, at every import: two
#: fifths of what an import costs, and of use to nobody but an editor.
_STUB_WRITER: Final = ("gradio.component_meta", "create_or_modify_pyi")


class _WithoutStubs(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if hasattr(module, _STUB_WRITER[1]):
            setattr(module, _STUB_WRITER[1], lambda *_: None)


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _STUB_WRITER[0]:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _WithoutStubs(spec.loader.name, spec.loader.path)
        return spec


_finder: Final = _Finder()
sys.meta_path.insert(0, _finder)
try:
    import gradio as gr
finally:
    sys.meta_path.remove(_finder)
