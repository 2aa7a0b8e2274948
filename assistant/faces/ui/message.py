"""One message of the conversation, as the chat of Gradio takes it without making a component of it.

Made from a ``gr.HTML``, each message costs the server a millisecond and a half, and travels with thirty properties that
the browser copies again and again; both for the whole conversation, with every answer.
"""

from __future__ import annotations

from typing import Any, Final

from .offline import gr

__all__ = ["message"]

_chatbot: Final = gr.components.chatbot

#: What the browser needs to know of a component that shows HTML as it is.
_PROPERTIES: Final = {"html_template": "${value}", "css_template": "", "component_class_name": "HTML", "props": {}}


def message(role: str, html: str) -> Any:
    """``html`` of the "user" or the "assistant", as it is: the text of a note never goes through Markdown."""
    properties = {**_PROPERTIES, "value": html}
    content = _chatbot.ComponentMessage(component="html", value=html, constructor_args={}, props=properties)
    return _chatbot.Message(role=role, content=[content])
