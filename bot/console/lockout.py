"""How long an account is locked after wrong tries in a row."""

from __future__ import annotations

from datetime import timedelta

FREE = 5
"""Wrong tries before the first lock."""
FIRST = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)
"""Not longer: whoever knows a login could otherwise keep its owner out for a day."""


def pause(failures: int) -> timedelta | None:
    """How long no further try counts after so many failures; None while there is none. Doubles each time."""
    if failures < FREE:
        return None
    doublings: int = min(failures - FREE, 10)
    return min(FIRST * (1 << doublings), LONGEST)
