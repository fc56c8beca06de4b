"""Turns of one person follow each other; turns of different people do not wait."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class PersonLocks:
    """One lock per sender, first come first served, kept only while somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def of(self, account: str, sender: str) -> asyncio.Lock:
        """The lock of a sender; keep a reference to it while using it."""
        lock = self._locks.get((account, sender))
        if lock is None:
            lock = self._locks[account, sender] = asyncio.Lock()
        return lock

    def __len__(self) -> int:
        return len(self._locks)
