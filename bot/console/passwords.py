"""Passwords of staff: argon2id, worked out in a thread, not more than two at a time."""

from __future__ import annotations

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
_VARIETY = 5
_AT_ONCE = 2
"""Each takes 64 MiB for a moment."""


def weakness(password: str, login: str) -> str | None:
    """Why a password is not taken, as a key of the texts; None when it is."""
    if len(password) < SHORTEST:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    if len(set(password)) < _VARIETY or login in password.lower():
        return "too_simple"
    return None


class Passwords:
    """Makes and checks digests. Make it inside a running event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or _default()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobody = self._hasher.hash("a password that nobody has")

    async def digest(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, digest: str | None, password: str) -> bool:
        """Takes as long for somebody without a password, or who does not exist."""
        async with self._turn:
            fits = await asyncio.to_thread(self._fits, digest or self._nobody, password[: LONGEST + 1])
        return fits and digest is not None

    def _fits(self, digest: str, password: str) -> bool:
        try:
            return self._hasher.verify(digest, password)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _default() -> PasswordHasher:
    return PasswordHasher()
