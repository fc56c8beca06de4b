"""Who is listening: wakes the event streams of a session when there may be something new."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.web.refusals import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.web.settings import Limits

_LATER = 30.0


class Listener:
    """One open stream."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self.closing = False

    def wake(self) -> None:
        self._news.set()

    def close(self) -> None:
        self.closing = True
        self._news.set()

    async def wait(self, seconds: float) -> bool:
        """Until woken, at most so long; whether it was woken."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Streams:
    """The open streams of all sessions of this process, bounded per session and in all."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._closed = False

    @contextmanager
    def listen(self, session_id: str) -> Iterator[Listener]:
        """A listener for the time of the block; raises Refusal when there are too many."""
        if len(self) >= self._limits.streams or self.count(session_id) >= self._limits.streams_per_session:
            raise Refusal(Refused.TOO_FAST, _LATER)
        listener = Listener()
        listener.closing = self._closed
        self._listeners[session_id].add(listener)
        try:
            yield listener
        finally:
            self._listeners[session_id].discard(listener)
            if not self._listeners[session_id]:
                del self._listeners[session_id]

    def wake(self, session_id: str) -> None:
        """Something may have been written to this session, by a turn or by staff."""
        for listener in self._listeners.get(session_id, ()):
            listener.wake()

    def close(self) -> None:
        """End all streams; browsers come back by themselves."""
        self._closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.close()

    def count(self, session_id: str) -> int:
        return len(self._listeners.get(session_id, ()))

    def __len__(self) -> int:
        return sum(len(listeners) for listeners in self._listeners.values())
