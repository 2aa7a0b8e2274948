"""Line drawings in the page, as inline SVG: emoji are boxes on machines without an emoji font."""

from __future__ import annotations

from typing import Final

__all__ = ["icon"]

_PATHS: Final = {
    "alert": '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.4v.1"/>',
    "book": '<path d="M12 6.5C10 5 7 4.5 3.5 4.5v13c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2v-13C17 4.5 14 5 12 6.5zv13"/>',
    "clear": '<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10.5 11v5M13.5 11v5"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "copy": '<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15H4.5V4.5H15V5"/>',
    "down": '<path d="M12 5v14M6 13l6 6 6-6"/>',
    "save": '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
    "find": '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>',
    "heading": '<path d="M6 5v14M18 5v14M6 12h12"/>',
    "leave": '<path d="M13 5h6v6M19 5l-9 9M16 14v5H5V8h5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "retry": '<path d="M19 12a7 7 0 11-2.2-5.1M19 4v4h-4"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5M8.5 11h5"/>',
    "theme": '<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 010 16z" fill="currentColor"/>',
    "up": '<path d="M12 19V5M6 11l6-6 6 6"/>',
}
_LOGO: Final = (
    '<svg class="nq-logo" viewBox="0 0 32 32" aria-hidden="true"><defs><linearGradient id="nq-g" x1="0" y1="0" x2="1"'
    ' y2="1"><stop stop-color="#0f766e"/><stop offset="1" stop-color="#14b8a6"/></linearGradient></defs>'
    '<rect width="32" height="32" rx="9" fill="url(#nq-g)"/><path d="M20.5 8.5c-1.2 7-4.3 11.5-9.5 14.5" '
    'fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
)


def icon(name: str) -> str:
    """The drawing ``name``; decoration only, so hidden from screen readers."""
    if name == "logo":
        return _LOGO
    return f'<svg class="nq-icon" viewBox="0 0 24 24" aria-hidden="true">{_PATHS[name]}</svg>'
