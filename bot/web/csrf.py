"""Proof that a request comes from our own page: where the browser says it comes from, and a token of the session."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = "X-CSRF-Token"
_NONCE = 16


@dataclass(frozen=True)
class TokenSigner:
    """Tokens of a session. Each page gets another one, so that compression cannot leak them (BREACH)."""

    key: bytes

    def issue(self, session_id: str) -> str:
        return self._token(secrets.token_hex(_NONCE), session_id)

    def matches(self, token: str, session_id: str) -> bool:
        nonce = token[: 2 * _NONCE]
        return hmac.compare_digest(token.encode(), self._token(nonce, session_id).encode())

    def _token(self, nonce: str, session_id: str) -> str:
        return nonce + hmac.new(self.key, f"csrf:{nonce}:{session_id}".encode(), hashlib.sha256).hexdigest()


def same_origin(headers: Mapping[str, str], own_origins: frozenset[str]) -> bool:
    """Whether the browser calls this our own page's request; a client that says nothing still needs the token."""
    site = headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("Origin")
    return origin is None or origin in own_origins


def not_cross_site(headers: Mapping[str, str]) -> bool:
    """For reading: also an address typed by the person is fine."""
    return headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}
