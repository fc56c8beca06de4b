"""Security headers on every answer of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multidict import CIMultiDict

_SOURCES = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
_NOT_NEEDED = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "browsing-topics")
_NOBODY = "'none'"
_HSTS = "max-age=31536000"


def security_headers(embed_origins: Iterable[str]) -> Mapping[str, str]:
    """What every answer carries; `embed_origins` may show the chat in a frame, others may not."""
    frames = " ".join(embed_origins)
    policy = [_SOURCES, "form-action 'self'", "base-uri 'none'", f"frame-ancestors {frames or _NOBODY}"]
    headers = {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: with that, browsers send "Origin: null" along with our own form.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _NOT_NEEDED),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return headers if frames else {**headers, "X-Frame-Options": "DENY"}


def apply_headers(target: CIMultiDict[str], headers: Mapping[str, str], *, secure: bool) -> None:
    """Add what a route has not set itself."""
    for name, value in headers.items():
        target.setdefault(name, value)
    if secure:
        target.setdefault("Strict-Transport-Security", _HSTS)
