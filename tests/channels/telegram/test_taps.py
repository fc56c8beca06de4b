"""Button presses are acknowledged at once, and nothing depends on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.channels.telegram.taps import AT_ONCE, Taps
from tests.fakes.faults import Gate, hang, reset

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.channels.telegram.client import BotClient
    from tests.fakes.telegram import FakeTelegram


@pytest.fixture
async def taps(client: BotClient) -> AsyncIterator[Taps]:
    made = Taps(client)
    yield made
    await made.close()


def pressed(fake: FakeTelegram, person: int) -> str:
    return str(fake.platform.press(person, "menu").body["callback_query"]["id"])


async def test_a_press_is_acknowledged(fake: FakeTelegram, taps: Taps, an: int) -> None:
    taps.acknowledge(pressed(fake, an))
    await taps.close()
    [call] = fake.called("answerCallbackQuery")
    assert call.status == 200


async def test_no_press_no_call(fake: FakeTelegram, taps: Taps) -> None:
    taps.acknowledge(None)
    await taps.close()
    assert not fake.calls


async def test_failures_do_not_matter(fake: FakeTelegram, taps: Taps, an: int) -> None:
    fake.spoil("answerCallbackQuery", reset())
    taps.acknowledge(pressed(fake, an))
    taps.acknowledge("unknown")
    await taps.close()
    assert {call.status for call in fake.called("answerCallbackQuery")} <= {400, None, 500}
    assert not fake.faults.left


async def test_one_that_hangs_is_let_go(fake: FakeTelegram, taps: Taps, an: int) -> None:
    gate = Gate()
    fake.spoil("answerCallbackQuery", hang(gate))
    taps.acknowledge(pressed(fake, an))
    await gate.reached.wait()
    await taps.close()
    assert not taps._tasks


async def test_there_is_an_end_to_how_many(fake: FakeTelegram, taps: Taps) -> None:
    before = len(asyncio.all_tasks())
    for number in range(AT_ONCE + 50):
        taps.acknowledge(str(number))
    assert len(asyncio.all_tasks()) - before == AT_ONCE
