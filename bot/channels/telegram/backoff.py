"""How long to wait before trying again."""

from __future__ import annotations

from collections.abc import Callable

Jitter = Callable[[], float]
"""Gives a number from 0 up to 1, so that several processes do not try at the same moment."""


class Backoff:
    """Waits that double from `first` to `most` seconds, each made up to a half shorter at random."""

    def __init__(self, jitter: Jitter, *, first: float = 1, most: float = 60) -> None:
        self._jitter = jitter
        self._first = first
        self._most = most
        self._wait = first

    def next(self, told: float | None = None) -> float:
        """Seconds to wait now; `told` by the platform goes first when it is longer."""
        wait = self._wait * (1 - self._jitter() / 2)
        self._wait = min(self._wait * 2, self._most)
        return max(wait, told or 0)

    def reset(self) -> None:
        """It worked: the next wait is a short one."""
        self._wait = self._first
