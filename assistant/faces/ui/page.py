"""The page: tabs on the left, the note that they lead to on the right.

Imports Gradio, which takes seconds: import this module only when the page is served.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from fastapi import FastAPI

from ...messages import Language, say
from ..resident.startup import Startup
from . import html
from .before import WithScript
from .chat import chat_tab
from .exam import exam_tab
from .front import HEADER_SCRIPT
from .languages import language_of_request
from .offline import gr
from .outline_tab import outline_tab
from .reader import Reader

if TYPE_CHECKING:
    from ...engine import Assistant

__all__ = ["application"]

_HERE: Final = Path(__file__).parent
_FONTS: Final = ("system-ui", "Hiragino Sans", "Yu Gothic UI", "Meiryo", "Noto Sans CJK JP", "sans-serif")
_MONO: Final = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Noto Sans Mono CJK JP", "monospace")
#: How long an event of the page may wait to be looked at.
_LOOK_SECONDS: Final = 0.02

#: What the scripts of the page say.
_TEXTS: Final = (
    *("copied", "copy_failed", "open_failed", "outline_failed", "not_sent", "title", "chat_label"),
    *("away", "send", "placeholder", "placeholder_short"),
    *("added", "add_as", "add_clash_ask", "add_drop", "add_kind", "add_left", "add_not", "add_unsent"),
)


def application(assistant: Assistant, startup: Startup, language: Language, *, private: bool = True) -> FastAPI:
    """The page in the language that each browser asks for; ``language`` for those that ask for neither of ours.

    ``private``: only this computer can open it.
    """
    notes = hashlib.sha256(str(assistant.notes_dir.absolute()).encode()).hexdigest()[:12]
    pages = {each: _mounted(_build(assistant, startup, each, private), each, notes) for each in get_args(Language)}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for page in pages.values():
                await stack.enter_async_context(page.router.lifespan_context(page))
            yield

    async def serve(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        await pages[language_of_request(scope.get("headers", ()), language)](scope, receive, send)

    app = FastAPI(openapi_url=None, lifespan=lifespan)
    app.mount("/", WithScript(serve))
    return app


def _build(assistant: Assistant, startup: Startup, language: Language, private: bool) -> gr.Blocks:
    """The Blocks of the page: a tab for each way to use the notes, all of them sharing the one note panel."""
    reader = Reader(assistant, language)

    def open_note(request: object) -> str:  # Gradio marks the function, which a bound method does not allow
        return reader.open(request)

    with gr.Blocks(title=say("web.title", language), analytics_enabled=False, fill_width=True) as page:
        header = gr.HTML(html.header(None, language), js_on_load=HEADER_SCRIPT, elem_id="nq-header")
        note = gr.HTML(
            reader.nothing(),
            js_on_load=(_HERE / "panel.js").read_text("utf-8"),
            server_functions=[open_note],
            elem_id="nq-panel",
            render=False,
        )
        with gr.Row(elem_id="nq-split"):
            with gr.Column(scale=6, min_width=320, elem_id="nq-left"), gr.Tabs(elem_id="nq-tabs"):
                chat_tab(page, assistant, startup, language, header, note, private=private)
                exam_tab(assistant, startup, language)
                outline_tab(assistant, startup, language)
            with gr.Column(scale=5, min_width=320, elem_id="nq-right"):
                note.render()
    return page


def _mounted(page: gr.Blocks, language: Language, notes: str) -> FastAPI:
    """``page`` as an application of its own. ``notes`` tells one notes folder from another in the browser's memory."""
    theme = gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=_FONTS, font_mono=_MONO)
    theme.set(body_background_fill="#f5f7f9", body_background_fill_dark="#0b1016")
    texts = {key: say(f"web.{key}", language, file="{file}") for key in _TEXTS}
    settings = json.dumps({"language": language, "notes": notes, "texts": texts}, ensure_ascii=False).replace(
        "<", "\\u003c"
    )
    script, adding, style = ((_HERE / name).read_text("utf-8") for name in ("head.js", "adding.js", "style.css"))
    # In the head rather than as `css`: what Gradio does to that makes rules for small screens lose against the others.
    head = f"<style>{style}</style><script>window.nq = {settings};\n{script}\n{adding}</script>"
    # Gradio looks for events a thousand times a second: a twelfth of a core, and a wait for whoever is answering.
    page._queue.sleep_when_free = _LOOK_SECONDS
    return gr.mount_gradio_app(  # type: ignore[no-any-return]
        FastAPI(openapi_url=None),
        page,
        path="/",
        server_name="127.0.0.1",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,  # nothing is ever uploaded
        theme=theme,
        head=head,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
    )
