"""Zalo's windows, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.cases.errors import UnreachableError
from bot.cases.reach import Reach, line_to
from bot.channels.inbound import Channel, Inbound
from tests.cases.conftest import LAN

if TYPE_CHECKING:
    from tests.cases.conftest import Office


async def write(office: Office, message: str, text: str, sender: str = "8472") -> None:
    await office.pipeline.handle(Inbound("zalo:123456", Channel.ZALO, sender, message, office.clock(), text))


async def test_a_closed_window_is_told_before_anything_is_written(office: Office) -> None:
    await write(office, "m1", "case")
    number = "YC26-000001"
    await office.desk.take(number, LAN)
    office.clock.advance(hours=47)
    async with office.database.reading() as session:
        line = await line_to(session, (await office.row(number)).conversation_id, office.clock())
    assert line.reach is Reach.OPEN
    assert line.until is not None
    office.clock.moment = line.until
    await office.desk.reply(number, LAN, "kịp")
    office.clock.advance(seconds=1)
    before = await office.told()
    with pytest.raises(UnreachableError, match="gọi điện") as refused:
        await office.desk.reply(number, LAN, "muộn")
    assert refused.value.reach is Reach.CLOSED
    assert await office.told() == before
    await write(office, "m2", "tôi đây")
    await office.desk.reply(number, LAN, "lại được")
    assert "lại được" in (await office.told())[-1]


async def test_visitors_of_a_website_have_no_window(office: Office) -> None:
    await write(office, "m1", "case", "anon:1:2")
    office.clock.advance(days=30)
    await office.desk.reply("YC26-000001", LAN, "xin chào")
