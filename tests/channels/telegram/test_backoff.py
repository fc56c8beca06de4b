"""Waits grow, are told, and begin anew."""

from __future__ import annotations

from bot.channels.telegram.backoff import Backoff
from tests.channels.telegram.support import no_jitter


def test_waits_double_up_to_a_limit() -> None:
    backoff = Backoff(no_jitter, first=1, most=5)
    assert [backoff.next() for _ in range(5)] == [1, 2, 4, 5, 5]
    backoff.reset()
    assert backoff.next() == 1


def test_jitter_makes_a_wait_up_to_a_half_shorter() -> None:
    assert Backoff(lambda: 0.5, first=4).next() == 3


def test_what_the_platform_told_goes_first_when_it_is_longer() -> None:
    backoff = Backoff(no_jitter)
    assert backoff.next(17) == 17
    assert backoff.next(1) == 2
