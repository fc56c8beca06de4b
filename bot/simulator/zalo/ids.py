"""Ids and tokens in the shapes that Zalo uses."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def number(*parts: str) -> str:
    """An id of 19 digits, beyond 2**53; the same parts always give the same id."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    return str(10**18 + int.from_bytes(digest[:8]) % (8 * 10**18))


def message_id() -> str:
    """Never the same twice, also after the platform was started anew."""
    return secrets.token_hex(10)


def token() -> str:
    return secrets.token_urlsafe(48)


def milliseconds(at: datetime) -> str:
    """How events and answers write a time."""
    return str(round(at.timestamp() * 1000))
