"""Fetching updates: nothing passes before it is kept, and nothing ends it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.inbound import Ignored, Inbound
from bot.channels.telegram.backoff import Backoff
from bot.channels.telegram.parsing import ALLOWED_UPDATES, Myself, UpdateParser
from bot.channels.telegram.polling import HOLD, Poller
from bot.channels.telegram.taps import Taps
from bot.errors import IntakeError
from tests.channels.telegram.support import ACCOUNT, PATIENCE, Intake, Naps, no_jitter, noon
from tests.fakes.faults import reply, reset, text
from tests.fakes.telegram import flood, refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.channels.telegram.client import BotClient
    from tests.fakes.faults import Fault
    from tests.fakes.telegram import FakeTelegram


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def poller(client: BotClient, intake: Intake, naps: Naps) -> Poller:
    parser = UpdateParser(ACCOUNT, noon, Myself(123456789))
    return Poller(client, parser.parse, intake.take, Taps(client), backoff=Backoff(no_jitter), sleep=naps)


@asynccontextmanager
async def running(poller: Poller) -> AsyncIterator[None]:
    task = asyncio.create_task(poller.run())
    try:
        async with asyncio.timeout(PATIENCE):
            yield
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def texts(events: list[Any]) -> list[str]:
    return [event.text for event in events if isinstance(event, Inbound)]


async def test_updates_are_fetched_in_batches(fake: FakeTelegram, poller: Poller, intake: Intake, an: int) -> None:
    for number in range(150):
        fake.platform.say(an, f"{number}")
    async with running(poller):
        await intake.holds(150)
        await fake.asked("getUpdates", 3)
    assert texts(intake.events) == [f"{number}" for number in range(150)]
    assert [len(batch) for batch in intake.kept] == [100, 50]


async def test_what_is_asked_for(fake: FakeTelegram, poller: Poller, intake: Intake, an: int) -> None:
    async with running(poller):
        await fake.asked("getUpdates")
        number = fake.platform.say(an, "Chào").id
        await intake.holds(1)
        await fake.asked("getUpdates", 2)
    first, second = (call.values for call in fake.called("getUpdates"))
    assert first == {"timeout": HOLD, "limit": 100, "allowed_updates": list(ALLOWED_UPDATES)}
    assert second == {**first, "offset": number + 1}


async def test_what_could_not_be_kept_is_fetched_again(
    fake: FakeTelegram, poller: Poller, intake: Intake, naps: Naps, an: int
) -> None:
    intake.errors = [IntakeError("busy"), IntakeError("busy")]
    fake.platform.say(an, "1")
    fake.platform.say(an, "2")
    async with running(poller):
        await intake.holds(2)
    assert intake.tried == 3
    assert texts(intake.events) == ["1", "2"]
    assert naps.taken == [1, 2]


@pytest.mark.parametrize(
    ("fault", "nap"),
    [
        (reset(), 1),
        (refusal(500, "Internal Server Error"), 1),
        (refusal(401, "Unauthorized"), 1),
        (refusal(409, "Conflict: terminated by other getUpdates request"), 1),
        (flood(17), 17),
        (text(200, "<html>"), 1),
        (reply(200, {"ok": True, "result": {}}), 1),
    ],
    ids=["reset", "trouble", "token", "conflict", "flood", "garbled", "no list"],
)
async def test_after_a_failure_it_rests_and_goes_on(
    fake: FakeTelegram, poller: Poller, intake: Intake, naps: Naps, an: int, fault: Fault, nap: float
) -> None:
    fake.spoil("getUpdates", fault, fault)
    fake.platform.say(an, "Chào")
    async with running(poller):
        await intake.holds(1)
    assert naps.taken == [nap, max(nap, 2)]


async def test_two_pollers_are_noticed(
    fake: FakeTelegram, poller: Poller, naps: Naps, intake: Intake, an: int, log_lines: list[Any]
) -> None:
    fake.spoil("getUpdates", refusal(409, "Conflict: terminated by other getUpdates request"))
    fake.platform.say(an, "Chào")
    async with running(poller):
        await intake.holds(1)
    assert {"event": "channel_failed", "channel": "telegram", "reason": "second_poller", "log_level": "warning"} in (
        log_lines
    )


async def test_one_update_that_cannot_be_read_does_not_hold_up_the_others(
    fake: FakeTelegram, poller: Poller, intake: Intake, an: int
) -> None:
    good = {"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": {"id": an, "type": "private"},
                                        "from": {"id": an, "is_bot": False}, "text": "a"}}  # fmt: skip
    fake.spoil("getUpdates", reply(200, {"ok": True, "result": [{"update_id": 6, "message": 5}, good, 5]}))
    async with running(poller):
        await fake.asked("getUpdates", 2)
    assert texts(intake.events) == ["a"]
    assert intake.events.count(Ignored("malformed")) == 2
    assert fake.called("getUpdates")[1].values["offset"] == 8


async def test_a_press_is_acknowledged(fake: FakeTelegram, poller: Poller, intake: Intake, an: int) -> None:
    fake.platform.press(an, "menu")
    async with running(poller):
        await intake.holds(1)
        call = await fake.asked("answerCallbackQuery")
    assert call.values["callback_query_id"]
