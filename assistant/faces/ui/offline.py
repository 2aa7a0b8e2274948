"""Gradio, told beforehand to keep to itself: no version check, no telemetry, no history of runs in the browser.

Importing it takes seconds: import this module only where the page is served. Every other module takes Gradio from
here, since the settings count only before its first import.
"""

from __future__ import annotations

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_RUN_HISTORY"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr

__all__ = ["gr"]
