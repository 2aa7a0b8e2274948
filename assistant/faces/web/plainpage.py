"""The page that stands where the real one cannot: while it is being built, where it failed, and before a login."""

from __future__ import annotations

from html import escape
from typing import Final

from ...messages import Language, say
from ..ui.icons import icon

__all__ = ["is_navigation", "plain_page"]

_STYLE: Final = """
:root { color-scheme: light dark;
  --ink: #17202b; --muted: #5b6775; --ground: #f5f7f9; --accent: #0f766e; --line: #ccd5e0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --muted: #9aa7b5; --ground: #0b1016; --accent: #2dd4bf; --line: #2a3441; }
}
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; background: var(--ground); color: var(--ink);
  font: 15px/1.8 system-ui, "Hiragino Sans", "Yu Gothic UI", Meiryo, "Noto Sans CJK JP", sans-serif; }
main { display: grid; justify-items: center; gap: 6px; max-width: 460px; padding: 24px 20px 18vh; text-align: center; }
.nq-logo { width: 52px; height: 52px; }
h1 { margin: 8px 0 0; font-size: 20px; }
p { margin: 0; color: var(--muted); overflow-wrap: anywhere; }
i { width: 18px; height: 18px; margin-top: 14px; border: 2px solid var(--line); border-top-color: var(--accent);
  border-radius: 50%; animation: turn .8s linear infinite; }
a { display: inline-grid; align-items: center; min-height: 44px; margin-top: 14px; padding: 0 18px; border: 1px solid
  var(--line); border-radius: 10px; color: var(--accent); text-decoration: none; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@keyframes turn { to { transform: rotate(1turn); } }
"""


def plain_page(text: str, language: Language, *, waiting: bool = False, again: bool = False) -> str:
    """A whole HTML document that says ``text``. ``waiting``: it loads anew each second; ``again``: by a link."""
    title = escape(say("web.title", language))
    refresh = '<meta http-equiv="refresh" content="1">' if waiting else ""
    link = f'<a href="/">{escape(say("web.retry", language))}</a>' if again else ""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{refresh}'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><main>{icon('logo')}<h1>{title}</h1>"
        f'<p role="status">{escape(text)}</p>{"<i></i>" if waiting else ""}{link}</main></body></html>'
    )


def is_navigation(headers: object) -> bool:
    """Whether a browser asks for a page to be shown, by the raw headers of a request (Fetch Metadata)."""
    return isinstance(headers, list | tuple) and any(
        bytes(name).lower() == b"sec-fetch-mode" and value == b"navigate" for name, value in headers
    )
