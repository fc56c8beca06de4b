"""Calls of the OpenAPI on the fake platform: shapes, tokens, uploads."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.channels.zalo.account import Anonymous
from bot.channels.zalo.results import UserDetail
from bot.delivery.errors import RetryLaterError
from bot.simulator.zalo.codes import Code
from tests.channels.zalo.support import Office
from tests.fakes.faults import reply
from tests.fakes.zalo import OA_ID, SEND, TOKEN, refusal

if TYPE_CHECKING:
    from tests.bot.conftest import FakeClock


@pytest.fixture
def user(connected: Office) -> str:
    """Somebody who has just written."""
    found = connected.fake.office.add_person("Bình")
    connected.fake.office.say(found, "chào")
    return found


async def test_a_text_arrives(connected: Office, user: str) -> None:
    sent = await connected.client.send(user, {"text": "Chào bạn"})
    (message,) = connected.fake.sent(user)
    assert (message.text, message.id, sent.quota) == ("Chào bạn", sent.id, "reply")


async def test_a_stale_token_is_refreshed_and_the_send_repeated_once(connected: Office, user: str) -> None:
    await connected.client.send(user, {"text": "một"})
    connected.fake.spoil(SEND, refusal(-216))
    await connected.client.send(user, {"text": "hai"})
    assert connected.fake.shown(user) == ["một", "hai"]
    assert connected.fake.platform.oauth.refreshes == 1


@pytest.mark.parametrize("code", [Code.TOKEN_INVALID, Code.TOKEN_EXPIRED])
async def test_fifty_sends_with_a_stale_token_refresh_once(connected: Office, user: str, code: Code) -> None:
    await connected.client.send(user, {"text": "một"})
    connected.fake.spoil(SEND, *[refusal(code)] * 40)
    await asyncio.gather(*(connected.client.send(user, {"text": str(number)}) for number in range(40)))
    assert sorted(connected.fake.shown(user)[1:], key=int) == [str(number) for number in range(40)]
    assert connected.fake.platform.oauth.refreshes == 1


async def test_an_access_token_that_expired_in_silence(connected: Office, user: str, clock: FakeClock) -> None:
    clock.advance(hours=26)
    await connected.client.send(user, {"text": "một"})
    assert connected.fake.shown(user) == ["một"]


async def test_a_fresh_token_that_is_refused_too_is_for_later(connected: Office, user: str) -> None:
    connected.fake.spoil(SEND, refusal(-216), refusal(-216))
    with pytest.raises(RetryLaterError, match="zalo-216") as raised:
        await connected.client.send(user, {"text": "một"})
    assert raised.value.whole_account
    assert connected.fake.platform.oauth.refreshes == 1


async def test_a_call_that_took_long_is_not_repeated_in_the_same_send(connected: Office, user: str) -> None:
    ticks = iter([0.0, 13.0])
    connected.client._ticks = lambda: next(ticks)
    connected.fake.spoil(SEND, refusal(-216))
    with pytest.raises(RetryLaterError, match="token_refresh"):
        await connected.client.send(user, {"text": "một"})
    assert connected.fake.shown(user) == []


async def test_a_visitor_of_the_website_is_answered_through_the_second_version(connected: Office) -> None:
    visitor = connected.fake.office.visit("chào")
    await connected.client.send_anonymous(Anonymous(visitor.anonymous_id, visitor.conversation_id), "Chào bạn")
    (call,) = connected.fake.called("/v2.0/oa/message")
    assert call.body == {
        "recipient": {"anonymous_id": visitor.anonymous_id, "conversation_id": visitor.conversation_id},
        "message": {"text": "Chào bạn"},
    }
    assert visitor.messages[-1].text == "Chào bạn"


async def test_contact_details_are_asked_for(connected: Office, user: str) -> None:
    await connected.client.ask_for_info(user, "Bạn ở đâu?", "Để chỉ đúng nơi nộp", "https://bhxh.example/anh.png")
    payload = (connected.fake.sent(user)[0].attachment or {})["payload"]
    assert payload["template_type"] == "request_user_info"
    assert len(payload["elements"]) == 1


async def test_of_a_person_only_the_place_is_read(connected: Office, user: str) -> None:
    connected.fake.office.submit(user, {"name": "Trần Thị Bình", "phone": "84900000000", "city": "Hà Nội"})
    detail = await connected.client.user_detail(user)
    assert detail == UserDetail("Hà Nội", "")
    assert "Bình" not in str(vars(detail))
    assert "Hà Nội" not in repr(detail)


async def test_the_account_describes_itself(connected: Office) -> None:
    profile = await connected.client.profile()
    assert (profile.oa, profile.name, profile.package) == (OA_ID, "BHXH tỉnh thử nghiệm", "Tăng trưởng")


async def test_no_secret_is_shown_by_anything(connected: Office, user: str, log_lines: list[object]) -> None:
    token = await connected.keeper.token()
    connected.fake.spoil(SEND, refusal(-216))
    connected.fake.spoil(TOKEN, reply(502, {}))
    with pytest.raises(RetryLaterError) as raised:
        await connected.client.send(user, {"text": "một"})
    objects = (token, await connected.stored(), raised.value, raised.value.__cause__, *log_lines)
    shown = [repr(item) for item in objects]
    access, refresh = await connected.pair()
    assert all(secret not in text for text in shown for secret in (access, refresh, "app-secret", user))
