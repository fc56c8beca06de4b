"""How fast the campaign messages of one account may leave.

A platform counts what arrives in a period. When a request arrives nobody here knows, only that it is between its
beginning and its answer. So what is under way counts, and what was answered within the last period: whatever the
network does, no period of the platform can hold more. Within that lies an even pace, so that replies find room.
Replies count too, and a campaign waits while they do.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import floor
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.delivery.pacing import Pacer

CATCHING_UP = 1 / 3
"""Seconds: messages that were held up may follow at once, as many as belong to this time."""

_ROUNDING = 1e-6


@dataclass(frozen=True)
class Quota:
    """At most `count` messages in any `period` seconds."""

    count: int
    period: float

    @classmethod
    def per_second(cls, rate: float) -> Quota:
        """So many messages a second; less than one a second is one in a longer period."""
        count = max(1, floor(rate))
        return cls(count, count / rate)


class Allowance:
    """What one account may still send now. `replies` is the pace of its replies; times are of `ticks`, in seconds."""

    def __init__(self, quota: Quota, replies: Pacer, ticks: Callable[[], float] = monotonic) -> None:
        self._count = quota.count
        self._period = quota.period
        self._interval = quota.period / quota.count
        self._slack = self._interval * max(0, round(CATCHING_UP / self._interval) - 1)
        self._replies = replies
        self._answered = replies.admitted
        self._ticks = ticks
        self._end = ticks()
        self._under_way = 0
        self._ended: deque[float] = deque()

    def room(self) -> int:
        """How many messages may be taken now."""
        now = self._ticks()
        self._look(now)
        if self._replies.backlog > 0:
            return 0
        paced = floor((now + self._slack - max(self._end, now)) / self._interval + _ROUNDING) + 1
        return max(0, min(paced, self._count - self._under_way - len(self._ended)))

    def wait(self, count: int = 1) -> float:
        """Seconds until there can be room for so many messages, at most a `few`, if nothing ends before."""
        now = self._ticks()
        self._look(now)
        paced = self._end + (count - 1) * self._interval - self._slack - now
        return max(self._replies.backlog, paced, self._until_forgotten(count, now), 0.0)

    def few(self, seconds: float) -> int:
        """How many messages belong to so many seconds: one at least, and at most those that may leave at once."""
        return min(max(1, floor(seconds / self._interval + _ROUNDING)), 1 + round(self._slack / self._interval))

    def take(self, count: int) -> None:
        """Use room for so many messages; each is under way until it says `end` or `give_back`."""
        self._under_way += count
        self._end = max(self._end, self._ticks()) + count * self._interval

    def end(self) -> None:
        """A message that was taken has been answered, or has failed."""
        self._under_way -= 1
        self._ended.append(self._ticks())

    def give_back(self, count: int = 1) -> None:
        """Messages that were taken do not leave."""
        self._under_way -= count
        self._end -= count * self._interval

    def pause(self, seconds: float) -> None:
        """The platform wants silence: from campaigns and replies alike."""
        self._replies.pause(seconds)

    def _until_forgotten(self, count: int, now: float) -> float:
        """Seconds until the platform counts so few that this many may follow."""
        lacking = self._under_way + len(self._ended) + count - self._count
        if lacking <= 0:
            return 0.0
        return self._ended[lacking - 1] + self._period - now if lacking <= len(self._ended) else self._period

    def _look(self, now: float) -> None:
        """Forget what the platform no longer counts, and count the replies that left meanwhile."""
        while self._ended and self._ended[0] <= now - self._period:
            self._ended.popleft()
        answered, self._answered = self._replies.admitted - self._answered, self._replies.admitted
        if answered:
            self._ended.extend([now] * answered)
            self._end = max(self._end, now) + answered * self._interval
