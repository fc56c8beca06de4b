"""How the fake delivers updates to a bot's webhook."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from telegram import Bot

from bot.clock import VIETNAM
from tests.fakes.bots import Hook, hooked
from tests.fakes.faults import Gate, drop_answer, hang, reply, reset
from tests.fakes.telegram import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def hook(bot: Bot) -> AsyncIterator[Hook]:
    async with hooked() as started:
        await bot.set_webhook(started.url, secret_token="s3cret_Word-16chars", max_connections=5)
        yield started


def texts(hook: Hook) -> list[str]:
    return [update["message"]["text"] for update in hook.got]


async def test_updates_come_in_order_with_the_secret(fake: FakeTelegram, hook: Hook, an: int) -> None:
    for text in "abc":
        fake.platform.say(an, text)
    await fake.settled()
    assert texts(hook) == ["a", "b", "c"]
    assert set(hook.secrets) == {"s3cret_Word-16chars"}
    assert len(fake.platform.updates) == 0


async def test_what_waited_comes_when_the_webhook_is_set(fake: FakeTelegram, bot: Bot, an: int) -> None:
    fake.platform.say(an, "sớm")
    async with hooked() as hook:
        await bot.set_webhook(hook.url)
        await fake.settled()
        assert texts(hook) == ["sớm"]
        assert hook.secrets == [""]
        await bot.set_webhook(hook.url, drop_pending_updates=True, allowed_updates=["callback_query"])
        fake.platform.say(an, "nữa")
        await fake.settled()
        assert texts(hook) == ["sớm"]


async def test_a_refused_update_comes_again_before_the_next_of_its_chat(
    fake: FakeTelegram, hook: Hook, an: int
) -> None:
    hook.faults.add("/hook", reply(500, {}), reset(), drop_answer(), reply(403, {}))
    for text in "ab":
        fake.platform.say(an, text)
    await fake.settled()
    assert texts(hook) == ["a"] * 5 + ["b"]
    assert fake.waits == [2, 4, 8]


async def test_waits_grow_to_a_minute_or_two(fake: FakeTelegram, hook: Hook, an: int) -> None:
    hook.faults.add("/hook", *[reply(500, {})] * 9)
    fake.platform.say(an, "a")
    await fake.settled()
    assert fake.waits[:5] == [2, 4, 8, 16, 32]
    assert 60 <= fake.waits[-1] <= 120


async def test_the_bot_may_ask_for_a_wait(fake: FakeTelegram, hook: Hook, an: int) -> None:
    hook.faults.add("/hook", reply(503, {}, {"Retry-After": "30"}), reply(503, {}, {"Retry-After": "99999"}))
    fake.platform.say(an, "a")
    await fake.settled()
    assert fake.waits == [30, 3600]


async def test_chats_do_not_wait_for_each_other(fake: FakeTelegram, hook: Hook, an: int) -> None:
    binh, gate = fake.platform.add_person("Bình"), Gate()
    hook.faults.add("/hook", hang(gate))
    fake.platform.say(an, "a1")
    await gate.reached.wait()
    fake.platform.say(an, "a2")
    fake.platform.say(binh, "b1")
    while len(hook.got) < 2:
        await fake.platform.webhooks._sleeper(0)
    assert texts(hook) == ["a1", "b1"]
    gate.release()
    await fake.settled()
    assert texts(hook) == ["a1", "b1", "a2"]


async def test_never_more_connections_than_allowed(fake: FakeTelegram, hook: Hook) -> None:
    for number in range(20):
        fake.platform.say(fake.platform.add_person(str(number)), "x")
    await fake.settled()
    assert len(hook.got) == 20
    assert hook.most_at_once <= 5


async def test_an_answer_may_hold_a_call(fake: FakeTelegram, hook: Hook, an: int) -> None:
    hook.answer = {"method": "sendMessage", "chat_id": an, "text": "Chào bạn"}
    fake.platform.say(an, "a")
    await fake.settled()
    assert fake.shown(an) == ["Chào bạn"]


@pytest.mark.parametrize("answer", [{"method": "deleteWebhook"}, {"method": "sendMessage", "chat_id": 4}, {"a": 1}])
async def test_an_answer_can_do_no_harm(fake: FakeTelegram, hook: Hook, an: int, answer: dict[str, object]) -> None:
    hook.answer = answer
    fake.platform.say(an, "a")
    await fake.settled()
    assert len(hook.got) == 1
    assert fake.platform.webhooks.webhook is not None


async def test_trouble_shows_in_the_webhook_info(fake: FakeTelegram, bot: Bot, hook: Hook, an: int) -> None:
    hook.faults.add("/hook", reply(500, {}))
    fake.platform.say(an, "a")
    await fake.settled()
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (hook.url, 5, 0)
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_nobody_there(fake: FakeTelegram, bot: Bot, an: int) -> None:
    async with hooked() as hook:
        await bot.set_webhook(hook.url)
    fake.platform.say(an, "a")
    while not fake.waits:
        await fake.platform.webhooks._sleeper(0)
    assert (await bot.get_webhook_info()).last_error_message == "Connection refused"
    await bot.delete_webhook()
    assert [update.message.text for update in await bot.get_updates()] == ["a"]


class Moving:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, tzinfo=VIETNAM)

    def __call__(self) -> datetime:
        return self.now


async def test_after_a_day_an_update_is_dropped() -> None:
    clock = Moving()

    async def pass_hours(seconds: float) -> None:
        clock.now += timedelta(hours=9)

    async with FakeTelegram(clock=clock, sleeper=pass_hours) as fake, hooked() as hook:
        async with Bot(fake.token, base_url=fake.base_url) as bot:
            await bot.set_webhook(hook.url)
        hook.faults.add("/hook", *[reply(500, {})] * 50)
        fake.platform.say(fake.platform.add_person("An"), "a")
        await fake.settled()
        assert len(hook.got) == 4
        assert len(fake.platform.updates) == 0


async def test_an_address_that_is_gone_for_a_day_is_removed() -> None:
    clock = Moving()

    async def pass_hours(seconds: float) -> None:
        clock.now += timedelta(hours=8)

    async with (
        FakeTelegram(clock=clock, sleeper=pass_hours) as fake,
        hooked() as hook,
        Bot(fake.token, base_url=fake.base_url) as bot,
    ):
        await bot.set_webhook(hook.url)
        hook.faults.add("/hook", *[reply(410, {})] * 50)
        fake.platform.say(fake.platform.add_person("An"), "a")
        await fake.settled()
        assert (await bot.get_webhook_info()).url == ""


async def test_by_hand_in_any_order(fake: FakeTelegram, hook: Hook, an: int) -> None:
    with fake.holding():
        first, second = fake.platform.say(an, "a"), fake.platform.say(an, "b")
        assert hook.got == []
        assert [await fake.post(update) for update in (second, first, second)] == [200, 200, 200]
        assert await fake.post(first, secret="wrong") == 200
        assert await fake.post(first, secret="") == 200
    assert texts(hook) == ["b", "a", "b", "a", "a"]
    assert hook.secrets[3:] == ["wrong", ""]
    assert await fake.post(b"not json") == 500
    fake.platform.say(an, "c")
    await fake.settled()
    assert texts(hook)[-1] == "c"
