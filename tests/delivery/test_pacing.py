"""No account sends faster than it may, and a pause holds for everybody."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.paces import telegram_pacer, zalo_pacer
from bot.delivery.pacing import Pace, Pacer
from bot.settings import OfficialAccount, TelegramSettings
from tests.delivery.scripted import each


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
    pacer = Pacer(Pace(rate, burst), each(Pace(chat_rate, chat_burst)), time, time.sleep)
    moments = sent_at(time, pacer, chats)
    assert moments == sorted(moments)
    assert most_within(moments, 1.0) <= rate + burst
    for chat in set(chats):
        theirs = [moment for moment, to in zip(moments, chats, strict=True) if to == chat]
        assert most_within(theirs, 1.0) <= chat_rate + chat_burst


def test_a_burst_goes_at_once_and_then_the_rate_holds() -> None:
    time = Time()
    pacer = Pacer(Pace(10, 3), each(Pace(100, 100)), time, time.sleep)
    moments = sent_at(time, pacer, ["a"] * 5)
    assert [round(moment, 6) for moment in moments] == [0, 0, 0, 0.1, 0.2]


def test_a_pause_holds_for_those_who_were_already_waiting() -> None:
    time = Time()
    pacer = Pacer(Pace(1, 1), each(Pace(100, 100)), time, time.sleep)
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
    pacer = Pacer(Pace(100, 100), each(Pace(100, 100)), time, time.sleep)
    pacer.pause(30)
    pacer.pause(1)
    assert sent_at(time, pacer, ["a"]) == [30]


def retimed(pacer: Pacer, time: Time) -> Pacer:
    """A pacer as the bot makes it, on a clock of the test."""
    pacer._ticks, pacer._sleep = time, time.sleep
    return pacer


def test_the_people_of_a_group_share_twenty_messages_a_minute() -> None:
    time = Time()
    pacer = retimed(telegram_pacer(TelegramSettings()), time)
    moments = sent_at(time, pacer, [f"-1001:{user}" for user in range(60)])
    assert moments[4] == 0
    assert most_within(moments, 60) <= 20
    assert sent_at(time, pacer, ["-1002:1", "7"]) == [time.now] * 2


def test_a_private_chat_keeps_its_own_pace() -> None:
    time = Time()
    pacer = retimed(telegram_pacer(TelegramSettings()), time)
    assert sent_at(time, pacer, ["7"] * 12)[-3:] == [0, 1, 2]


@given(st.integers(1, 300))
def test_an_official_account_stays_below_what_its_package_holds(rate: int) -> None:
    time = Time()
    pacer = retimed(zalo_pacer(OfficialAccount(id="12345", name="BHXH", rate=rate)), time)
    moments = sent_at(time, pacer, [str(number % 7) for number in range(3 * rate)])
    assert most_within(moments, 60) <= max(rate, 2)
