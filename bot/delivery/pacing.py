"""How fast one account may send.

The library's own limiter lets its pause end early as soon as another request finishes, so we keep the time ourselves.
Slots are given out in the order of asking: each caller sleeps until its own, and looks again whether the platform has
meanwhile asked for a pause.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TRACKED = 20_000
"""Chats whose pace is remembered: the one idle longest is forgotten, which is only to its advantage."""


@dataclass(frozen=True)
class Pace:
    """`burst` sends at once, then `rate` a second."""

    rate: float
    burst: int

    @classmethod
    def within_a_minute(cls, count: float, burst: int) -> Self:
        """So many sends in any minute, its burst among them; one a minute at least."""
        return cls(max(1.0, count - burst) / 60, burst)

    def slot(self, end: float | None, now: float) -> tuple[float, float]:
        """When the next send may start, and the end of the pace then (the generic cell rate algorithm)."""
        end = max(end or now, now)
        return max(now, end - (self.burst - 1) / self.rate), end + 1 / self.rate


class Pacer:
    """The pace of one account: all its sends, and those to each chat. Times are of `ticks`, in seconds.

    `chat_of` gives the chat behind an address, as the platform counts its limit, and the pace of that chat.
    """

    def __init__(
        self,
        account: Pace,
        chat_of: Callable[[str], tuple[str, Pace]],
        ticks: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._chat_of = chat_of
        self._ticks = ticks
        self._sleep = sleep
        self._end: float | None = None
        self._ends: OrderedDict[str, float] = OrderedDict()
        self._paused_until = 0.0
        self.admitted = 0
        """Sends that were let through so far."""

    async def admit(self, address: str) -> None:
        """Wait until a message may be sent to this address, and count it as sent."""
        start = self._reserve(address)
        while (wait := max(start, self._paused_until) - self._ticks()) > 0:
            await self._sleep(wait)
        self.admitted += 1

    @property
    def backlog(self) -> float:
        """Seconds that a send to a new chat would wait now."""
        now = self._ticks()
        return max(self._account.slot(self._end, now)[0], self._paused_until) - now

    def pause(self, seconds: float) -> None:
        """The platform wants silence for so long: nothing is sent before, whatever has been admitted."""
        self._paused_until = max(self._paused_until, self._ticks() + seconds)

    def _reserve(self, address: str) -> float:
        now, (chat, pace) = self._ticks(), self._chat_of(address)
        start, self._end = self._account.slot(self._end, now)
        theirs, self._ends[chat] = pace.slot(self._ends.pop(chat, None), now)
        if len(self._ends) > TRACKED:
            self._ends.popitem(last=False)
        return max(start, theirs)
