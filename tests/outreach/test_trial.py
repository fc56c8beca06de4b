"""A test message to one's own chat, over the fake Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot.outreach.desk import Desk
from bot.outreach.errors import CampaignError
from bot.settings import TelegramSettings
from tests.fakes.faults import reply
from tests.fakes.telegram import FakeTelegram
from tests.outreach.office import NOW, SETTINGS, TELEGRAM, Office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from knowledge.base import KnowledgeBase

TEXTS = {
    "vi": {"text": "Chào {ten|bạn}", "buttons": [{"label": "Trang", "link": "https://a.vn/x"}]},
    "en": {"text": "Hello"},
    "vi-zalo": {"text": "Chào Zalo"},
}


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as started:
        yield started


@pytest.fixture
def desk(office: Office, fake: FakeTelegram, base: KnowledgeBase) -> Desk:
    telegram = TelegramSettings(token=SecretStr(fake.token), api_url=fake.url)
    return Desk(office.database, SETTINGS.model_copy(update={"telegram": telegram}), base, lambda: NOW)


async def test_each_wording_of_the_channel_arrives_marked_as_a_test(
    desk: Desk, office: Office, fake: FakeTelegram
) -> None:
    chat = fake.platform.add_person("Lan")
    editor = await office.staff("lan")
    await office.account(await office.person(), TELEGRAM, sender=str(chat))
    await office.campaign(editor, texts=TEXTS, segment="tất cả")
    assert await desk.try_out("kg26", TELEGRAM, str(chat), editor) == 2
    first, second = fake.calls
    assert first.chat == str(chat)
    assert "kg26" in first.text
    assert "Chào chị Lan" in first.text
    assert "https://a.vn/x" in str(first.values["reply_markup"])
    assert "Hello" in second.text
    (step,) = [event for event in await desk.history("kg26") if event.action == "tested"]
    assert (step.login, step.detail) == ("lan", {"account": TELEGRAM, "messages": 2})


async def test_what_the_platform_refuses_is_told(desk: Desk, office: Office, fake: FakeTelegram) -> None:
    chat = fake.platform.add_person("Lan")
    editor = await office.staff("lan")
    await office.account(await office.person(), TELEGRAM, sender=str(chat))
    await office.campaign(editor, segment="tất cả")
    fake.faults.add(
        "sendMessage", reply(403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked"})
    )
    with pytest.raises(CampaignError, match="không gửi được tin thử"):
        await desk.try_out("kg26", TELEGRAM, str(chat), editor)
    assert [event.action for event in await desk.history("kg26")] == ["created"]


async def test_a_text_that_cannot_be_shown_is_not_sent(desk: Desk, office: Office, fake: FakeTelegram) -> None:
    editor = await office.staff("lan")
    await office.account(await office.person(), TELEGRAM, sender="5")
    await office.campaign(editor, texts={"vi": {"text": "{nope}"}}, segment="tất cả")
    with pytest.raises(CampaignError, match="nope"):
        await desk.try_out("kg26", TELEGRAM, "5", editor)
    assert fake.calls == []
