"""No account sends faster than it may, and a pause holds for everybody."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pacing import Pace, Pacer


class Time:
    """Ticks that sleeping moves on: as in a loop that wakes everybody exactly on time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def sent_at(time: Time, pacer: Pacer, chats: list[str]) -> list[float]:
    async def run() -> list[float]:
        moments = []
        for chat in chats:
            await pacer.admit(chat)
            moments.append(time.now)
        return moments

    return asyncio.run(run())


def most_within(moments: list[float], seconds: float) -> int:
    return max(sum(start <= moment < start + seconds - 1e-9 for moment in moments) for start in moments)


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=60),
    st.integers(1, 30),
    st.integers(1, 10),
    st.integers(1, 5),
    st.integers(1, 5),
)
def test_no_second_holds_more_than_burst_and_rate(
    chats: list[str], rate: int, burst: int, chat_rate: int, chat_burst: int
) -> None:
    time = Time()
    pacer = Pacer(Pace(rate, burst), Pace(chat_rate, chat_burst), time, time.sleep)
    moments = sent_at(time, pacer, chats)
    assert moments == sorted(moments)
    assert most_within(moments, 1.0) <= rate + burst
    for chat in set(chats):
        theirs = [moment for moment, to in zip(moments, chats, strict=True) if to == chat]
        assert most_within(theirs, 1.0) <= chat_rate + chat_burst


def test_a_burst_goes_at_once_and_then_the_rate_holds() -> None:
    time = Time()
    pacer = Pacer(Pace(10, 3), Pace(100, 100), time, time.sleep)
    moments = sent_at(time, pacer, ["a"] * 5)
    assert [round(moment, 6) for moment in moments] == [0, 0, 0, 0.1, 0.2]


def test_a_pause_holds_for_those_who_were_already_waiting() -> None:
    time = Time()
    pacer = Pacer(Pace(1, 1), Pace(100, 100), time, time.sleep)
    sent_at(time, pacer, ["a"])

    async def told_to_pause_while_asleep(seconds: float) -> None:
        if not paused:
            paused.append(True)
            pacer.pause(30)
        await time.sleep(seconds)

    paused: list[bool] = []
    pacer._sleep = told_to_pause_while_asleep
    assert sent_at(time, pacer, ["b"]) == [30]


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    time = Time()
    pacer = Pacer(Pace(100, 100), Pace(100, 100), time, time.sleep)
    pacer.pause(30)
    pacer.pause(1)
    assert sent_at(time, pacer, ["a"]) == [30]
