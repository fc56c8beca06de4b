from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pacing import Pace, Pacer
from bot.outreach.delivery.allowance import Allowance, Quota
from tests.delivery.scripted import each


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def made(count: int, period: float = 1.0) -> tuple[Allowance, Ticks, Pacer]:
    ticks = Ticks()
    replies = Pacer(Pace(1000, 100), each(Pace(1000, 100)), ticks)
    return Allowance(Quota(count, period), replies, ticks), ticks, replies


@given(
    st.integers(1, 40),
    st.lists(st.tuples(st.floats(0, 0.3), st.floats(0, 2), st.floats(0, 1)), min_size=1, max_size=150),
)
def test_no_period_of_the_platform_holds_more_whatever_the_network_does(
    count: int, steps: list[tuple[float, float, float]]
) -> None:
    """Each step: time passes, all that may leave does, and takes so long; somewhere within it arrives."""
    allowance, ticks, _ = made(count)
    under_way: list[float] = []
    arrived: list[float] = []
    for passes, takes, when in steps:
        ticks.now += passes
        for end in sorted(end for end in under_way if end <= ticks.now):
            now, ticks.now = ticks.now, end
            allowance.end()
            ticks.now = now
        under_way = [end for end in under_way if end > ticks.now]
        room = allowance.room()
        allowance.take(room)
        under_way += [ticks.now + takes] * room
        arrived += [ticks.now + takes * when] * room
    arrived.sort()
    assert all(late - early >= 1 - 1e-9 for early, late in zip(arrived, arrived[count:], strict=False))


def test_nearly_all_of_a_rate_is_used() -> None:
    allowance, ticks, _ = made(30)
    left = 0
    while ticks.now < 160:
        room = allowance.room()
        allowance.take(room)
        ticks.now += 0.005
        for _ in range(room):
            allowance.end()
        left += room
        ticks.now += allowance.wait() + 0.001
    assert left >= 0.97 * 30 * 60


def test_between_two_messages_lies_an_even_pace() -> None:
    allowance, ticks, _ = made(30)
    first = allowance.room()
    assert first == 10
    allowance.take(first)
    moments = []
    while len(moments) < 5:
        ticks.now += allowance.wait() + 1e-6
        assert allowance.room() == 1
        allowance.take(1)
        moments.append(ticks.now)
    assert all(later - earlier == pytest.approx(1 / 30, abs=1e-4) for earlier, later in pairwise(moments))


def test_those_who_leave_together_find_room_together() -> None:
    allowance, ticks, _ = made(30)
    few = allowance.few(0.1)
    assert few == 3
    while ticks.now < 110:
        ticks.now += allowance.wait(few)
        if allowance.room() >= few:
            allowance.take(few)
            for _ in range(few):
                ticks.now += 0.001
                allowance.end()
    left = ticks.now
    for _ in range(10):
        ticks.now += allowance.wait(few)
        assert allowance.room() >= few
        allowance.take(few)
        for _ in range(few):
            ticks.now += 0.001
            allowance.end()
    assert ticks.now - left == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("count", "few"), [(1, 1), (10, 1), (30, 3), (100, 10)])
def test_no_more_wait_for_each_other_than_may_leave_at_once(count: int, few: int) -> None:
    allowance, *_ = made(count)
    assert allowance.few(0.1) == few
    assert allowance.few(1000) == allowance.room()


def test_room_for_more_than_the_platform_still_counts_is_a_period_away() -> None:
    allowance, _, _ = made(30)
    allowance.take(30)
    assert allowance.wait() == pytest.approx(1)
    allowance.end()
    assert allowance.wait(2) == pytest.approx(1)


async def test_replies_count_and_go_first() -> None:
    allowance, ticks, replies = made(10)
    for _ in range(10):
        await replies.admit("somebody")
    assert allowance.room() == 0
    ticks.now += 1.01
    assert allowance.room() > 0
    replies.pause(5)
    assert allowance.room() == 0
    assert allowance.wait() == pytest.approx(5)


def test_a_pause_of_a_campaign_holds_replies_back_too() -> None:
    allowance, _, replies = made(10)
    allowance.pause(3)
    assert replies.backlog == pytest.approx(3)


def test_what_did_not_leave_is_room_again() -> None:
    allowance, _, _ = made(9)
    allowance.take(3)
    assert allowance.room() == 0
    allowance.give_back(3)
    assert allowance.room() == 3


@pytest.mark.parametrize(("rate", "quota"), [(30, Quota(30, 1)), (0.5, Quota(1, 2)), (2.5, Quota(2, 0.8))])
def test_a_rate_below_one_a_second_is_one_in_a_longer_period(rate: float, quota: Quota) -> None:
    assert Quota.per_second(rate) == quota
