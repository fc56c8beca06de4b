"""Numbers that the platform gives to what happens."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.clock import Clock


def numbers(clock: Clock) -> Iterator[int]:
    """Rising numbers that a platform started earlier did not give, up to a thousand a second.

    They begin at the milliseconds of the clock: a bot knows what it has had by its number, also after both were started
    anew. They stay below 2**53, so that every JSON reader keeps them whole.
    """
    return count(round(clock().timestamp() * 1_000))
