"""Replies on the fake platform: as a person sees them, and not sent when the window has closed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.channels.zalo.account import Anonymous
from bot.delivery.errors import PersonUnreachableError, Unreachable
from bot.outbound import OutboundMessage, Recipient
from bot.simulator.zalo.state import Allowance
from handlers.turn import Button, Reply
from tests.channels.zalo.support import ACCOUNT, Office
from tests.fakes.zalo import SEND

REPLY = Reply(
    "Học sinh đóng ở **trường**.\n- mang thẻ cũ\n- mang giấy khai sinh",
    buttons=tuple(Button(f"Câu {number}", f"entry:c{number}") for number in range(1, 7)),
    hotline="1900.9068",
)


@pytest.fixture
def user(connected: Office) -> str:
    found = connected.fake.office.add_person("Bình")
    connected.fake.office.say(found, "chào")
    return found


async def test_a_reply_as_the_person_sees_it(connected: Office, user: str) -> None:
    await connected.deliver(user, REPLY)
    first, second = connected.fake.sent(user)
    assert first.text == "Học sinh đóng ở trường.\n• mang thẻ cũ\n• mang giấy khai sinh"
    assert second.text == "Thêm lựa chọn:"
    rows = [(message.attachment or {})["payload"]["buttons"] for message in (first, second)]
    titles = [button["title"] for row in rows for button in row]
    assert titles == ["Câu 1", "Câu 2", "Câu 3", "Câu 4", "Gọi 1900.9068", "Câu 5", "Câu 6"]
    assert connected.observed == ["charged_free", "charged_free"]


async def test_a_tap_comes_back_as_the_action(connected: Office, user: str) -> None:
    await connected.deliver(user, REPLY)
    event = connected.fake.office.tap(user, connected.fake.sent(user)[1].id, 0)
    assert event is not None
    assert event["message"]["text"] == "#entry:c5"


async def test_a_delivery_that_was_cut_off_goes_on_where_it_was(connected: Office, user: str) -> None:
    await connected.sends(user, REPLY)[0]()
    for send in connected.sends(user, REPLY)[1:]:
        await send()
    assert len(connected.fake.sent(user)) == 2


async def test_a_paid_window_costs_what_the_package_holds(connected: Office, user: str) -> None:
    connected.fake.office.account.quotas["sub_quota"] = Allowance(5, 5)
    await connected.quotas.look()
    last = connected.clock()
    connected.clock.advance(days=6)
    (send,) = connected.outlet.sends(Recipient(ACCOUNT, user, last), OutboundMessage(1, 1, Reply("Chào")))
    await send()
    assert connected.fake.shown(user) == ["Chào"]
    assert connected.observed == ["charged_package"]


async def test_a_closed_window_is_not_even_tried(connected: Office, user: str) -> None:
    last = connected.clock()
    connected.clock.advance(days=8)
    (send,) = connected.outlet.sends(Recipient(ACCOUNT, user, last), OutboundMessage(1, 1, Reply("Chào")))
    with pytest.raises(PersonUnreachableError) as raised:
        await send()
    assert raised.value.reason is Unreachable.WINDOW_CLOSED
    assert connected.fake.called(SEND) == []


async def test_the_window_is_looked_at_when_the_message_leaves(connected: Office, user: str) -> None:
    (send,) = connected.sends(user, Reply("Chào"))
    connected.clock.advance(days=7, seconds=1)
    with pytest.raises(PersonUnreachableError):
        await send()


async def test_a_visitor_gets_text_alone(connected: Office) -> None:
    visitor = connected.fake.office.visit("chào")
    address = Anonymous(visitor.anonymous_id, visitor.conversation_id).address
    (send,) = connected.sends(address, REPLY)
    await send()
    assert visitor.messages[-1].text.endswith("5. Câu 5\n6. Câu 6\n\nTổng đài: 1900.9068")
    assert connected.fake.called(SEND) == []


async def test_an_account_that_cannot_show_typing_shows_nothing(connected: Office, user: str) -> None:
    before = len(connected.fake.calls)
    await connected.outlet.working(Recipient(ACCOUNT, user, connected.clock() - timedelta(hours=1)))
    assert len(connected.fake.calls) == before
    assert connected.outlet.account == ACCOUNT
    assert isinstance(connected.sends(user, Reply("x"))[0], partial)
