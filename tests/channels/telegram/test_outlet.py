"""Replies on people's screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.delivery.errors import DeliveryError
from bot.delivery.outlet import Outlet
from handlers.turn import Button
from tests.channels.telegram.support import ACCOUNT, message, recipient
from tests.fakes.faults import reset
from tests.fakes.telegram import refusal

if TYPE_CHECKING:
    from bot.channels.telegram.outlet import TelegramOutlet
    from bot.delivery.outlet import Recipient
    from tests.fakes.telegram import FakeTelegram


async def test_a_reply_reaches_the_screen(
    fake: FakeTelegram, outlet: TelegramOutlet, an: int, to_an: Recipient
) -> None:
    port: Outlet = outlet
    assert port.account == ACCOUNT
    for send in port.sends(to_an, message("**Chào** bạn", Button("A", "menu"), note="Nguồn", hotline="1900.9068")):
        await send()
    assert fake.shown(an) == ["Chào bạn\n\nNguồn"]
    assert [call.method for call in fake.calls] == ["sendmessage", "sendcontact"]


async def test_a_long_reply_goes_on_where_it_was_cut_off(
    fake: FakeTelegram, outlet: TelegramOutlet, an: int, to_an: Recipient
) -> None:
    made = message("\n\n".join(f"{number} " + "chữ " * 900 for number in range(3)))
    sends = outlet.sends(to_an, made)
    assert len(sends) == 3
    await sends[0]()
    fake.spoil("sendMessage", refusal(500, "Internal Server Error"))
    with pytest.raises(DeliveryError):
        await sends[1]()
    for send in outlet.sends(to_an, made)[1:]:
        await send()
    assert [text[0] for text in fake.shown(an)] == ["0", "1", "2"]


async def test_somebody_in_a_group_is_answered_in_the_group(
    fake: FakeTelegram, outlet: TelegramOutlet, an: int
) -> None:
    group = fake.platform.add_group("Lớp 6A")
    for send in outlet.sends(recipient(f"{group}:{an}"), message("Chào")):
        await send()
    assert fake.shown(group) == ["Chào"]
    assert fake.shown(an) == []


async def test_typing(fake: FakeTelegram, outlet: TelegramOutlet, to_an: Recipient) -> None:
    await outlet.working(to_an)
    assert fake.called("sendChatAction")[0].values["action"] == "typing"


async def test_typing_never_fails(fake: FakeTelegram, outlet: TelegramOutlet, to_an: Recipient) -> None:
    fake.spoil("sendChatAction", reset(), refusal(403, "Forbidden: bot was blocked by the user"), refusal(500, "no"))
    for _ in range(3):
        await outlet.working(to_an)
    await outlet.working(recipient("5"))
    assert not fake.faults.left
