"""The session cookie: a random id, the time it was issued, and our signature over both."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUE = re.compile(r"([0-9a-f]{32})\.(\d{1,12})\.([0-9a-f]{64})", re.ASCII)
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Session:
    """One browser. The id is 128 random bits; `issued` is in seconds since 1970."""

    id: str
    issued: int


@dataclass(frozen=True)
class SessionSigner:
    """Issues and reads session cookies. A value that we did not sign, or that is too old, is no session."""

    key: bytes
    days: int

    def issue(self, now: float) -> Session:
        return Session(secrets.token_hex(16), int(now))

    def encode(self, session: Session) -> str:
        return f"{session.id}.{session.issued}.{self._signature(session)}"

    def decode(self, value: str, now: float) -> Session | None:
        """The session in a cookie's value, None when it is forged, damaged, from the future or expired."""
        match = _VALUE.fullmatch(value)
        if match is None:
            return None
        session = Session(match[1], int(match[2]))
        if not hmac.compare_digest(match[3], self._signature(session)):
            return None
        return session if -_DAY < now - session.issued < self.days * _DAY else None

    def renewed(self, session: Session, now: float) -> Session:
        """The same session with a fresh date, so that a regular visitor stays recognised."""
        return session if now - session.issued < _DAY else Session(session.id, int(now))

    def _signature(self, session: Session) -> str:
        message = f"session:{session.id}.{session.issued}".encode()
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()


def cookie_name(name: str, *, secure: bool) -> str:
    """Over https the browser itself guarantees host, path and Secure through the __Host- prefix."""
    return f"__Host-{name}" if secure else name


def set_cookie(name: str, value: str, *, days: int, secure: bool, embedded: bool) -> str:
    """A Set-Cookie line. Written by hand: `Partitioned` is missing from http.cookies before Python 3.14."""
    parts = [f"{cookie_name(name, secure=secure)}={value}", "Path=/", f"Max-Age={days * _DAY}", "HttpOnly"]
    if not secure:
        return "; ".join([*parts, "SameSite=Lax"])
    return "; ".join([*parts, "Secure", *(("SameSite=None", "Partitioned") if embedded else ("SameSite=Lax",))])


def get_cookie(cookies: Mapping[str, str], name: str, *, secure: bool) -> str:
    """The value of one of our cookies, empty when the browser sent none."""
    return cookies.get(cookie_name(name, secure=secure), "")
