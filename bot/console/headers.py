"""Headers of the console: stricter than the chat's, which schools may show in a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

_SOURCES = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
POLICY = f"{_SOURCES}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    # Not no-referrer: with that, browsers send "Origin: null" along with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Overrides what the application around the console sets; nothing but files may be kept by a browser."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
