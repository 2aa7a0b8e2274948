"""The tab for mock exams."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...errors import AssistantError
from ...messages import Language, say
from ..examhttp import sheet_of
from ..resident.startup import Startup
from . import examhtml, html
from .offline import gr

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["exam_tab"]

_LOG = logging.getLogger(__name__)
_SCRIPT: Final = Path(__file__).with_name("exam.js")


class _Exams:
    """What the script of the tab asks for: each a piece of HTML, errors included."""

    def __init__(self, assistant: Assistant, startup: Startup, language: Language) -> None:
        self._assistant = assistant
        self._startup = startup
        self._language = language

    def read(self, text: object) -> str:
        """What there is to choose from in a pasted text; nothing for an empty one."""
        from ...exams.record.examsheet import read_exam

        written = str(text)
        return examhtml.choices(read_exam(written), self._language) if written.strip() else ""

    def check(self, request: object) -> str:
        """Checks and records ``[text, [labels of each question]]``."""
        return self._shown(lambda: self._checked(request))

    def record(self, _: object) -> str:
        exams = self._assistant.exams
        return self._shown(lambda: examhtml.record(exams.score(), exams.review(), exams.gaps(), self._language))

    def _checked(self, request: object) -> str:
        from ...exams.record.examsheet import check_sheet

        text, yours = request if isinstance(request, list) and len(request) == 2 else ("", [])
        sheet = sheet_of(str(text), self._language).answered(yours if isinstance(yours, list) else [])
        self._startup.wait()
        report = check_sheet(partial(self._assistant.check_questions, record=True), sheet)
        return examhtml.result(report, self._language)

    def _shown(self, make: Callable[[], str]) -> str:
        try:
            return make()
        except AssistantError as error:
            return html.error(error, self._language)
        except Exception:  # the page waits for an answer
            _LOG.exception("the exam could not be checked")
            return html.error(AssistantError(), self._language)


def exam_tab(assistant: Assistant, startup: Startup, language: Language) -> None:
    """Adds the tab for mock exams to the tabs under construction. Its quotes open in the note panel."""
    exams = _Exams(assistant, startup, language)

    # Gradio marks these functions, which bound methods do not allow.
    def read_exam(text: object) -> str:
        return exams.read(text)

    def check_exam(request: object) -> str:
        return exams.check(request)

    def exam_record(request: object) -> str:
        return exams.record(request)

    with gr.Tab(say("web.tab_exam", language), id="exam", elem_id="nq-tab-exam"):
        gr.HTML(
            examhtml.form(language),
            js_on_load=_SCRIPT.read_text("utf-8"),
            server_functions=[read_exam, check_exam, exam_record],
            elem_id="nq-exam",
        )
