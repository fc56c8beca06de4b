"""Token buckets in bounded memory.

These guard one process against being flooded and are no promise across processes; what must hold everywhere (one
message once, platform rates) is in the database.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class RateLimiter:
    """`burst` requests at once, then `rate` a second, for each key.

    At most `size` keys are kept: the one idle longest is forgotten, which can only be to its advantage.
    """

    rate: float
    burst: int
    size: int
    now: Callable[[], float]
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, init=False)

    def take(self, key: str) -> float | None:
        """Take one token: None when there was one, otherwise the seconds until there will be."""
        now = self.now()
        tokens, seen = self._buckets.pop(key, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + (now - seen) * self.rate)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > self.size:
            self._buckets.popitem(last=False)
        return None if allowed else (1 - tokens) / self.rate

    def __len__(self) -> int:
        return len(self._buckets)
