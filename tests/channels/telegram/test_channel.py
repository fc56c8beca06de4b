"""The whole channel against the fake: in by either way, out on the screen."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.channels.inbound import Inbound
from bot.channels.telegram.channel import TelegramChannel
from bot.delivery.errors import DeliveryError
from bot.errors import ConfigError, IntakeError
from bot.settings import TelegramMode, TelegramSettings
from tests.channels.telegram.support import PATIENCE, SECRET, Intake, Naps, message, no_images, noon, recipient
from tests.fakes.serving import serving
from tests.fakes.telegram import refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fakes.telegram import FakeTelegram

PUBLIC = "https://bhyt.example"


def settings(fake: FakeTelegram, **more: Any) -> TelegramSettings:
    return TelegramSettings(token=SecretStr(fake.token), api_url=fake.url, **more)


def webhook_settings(fake: FakeTelegram) -> TelegramSettings:
    return settings(fake, mode=TelegramMode.WEBHOOK, webhook_secret=SecretStr(SECRET))


@asynccontextmanager
async def opened(
    given: TelegramSettings, intake: Intake, public_url: str = "", alert_chat: str = ""
) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(
        given, intake.take, noon, images=no_images(), public_url=public_url, alert_chat=alert_chat, sleep=Naps()
    )
    task = asyncio.create_task(channel.run())
    try:
        async with asyncio.timeout(PATIENCE):
            yield channel
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await channel.close()


async def test_by_polling(fake: FakeTelegram, an: int) -> None:
    intake = Intake()
    async with opened(settings(fake), intake) as channel:
        assert channel.routes() == []
        fake.platform.say(an, "Chào")
        [event] = await intake.holds(1)
        assert isinstance(event, Inbound)
        for send in channel.outlet.sends(recipient(event.sender), message("Chào **bạn**")):
            await send()
        await fake.asked("setMyShortDescription", 2)
    assert fake.shown(an) == ["Chào bạn"]


async def test_by_webhook(fake: FakeTelegram, an: int) -> None:
    intake = Intake()
    async with webhook_channel(fake, intake):
        fake.platform.say(an, "một")
        intake.errors = [IntakeError("busy")]
        fake.platform.start(an, "truong1")
        await fake.settled()
    first, second = intake.events
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert (first.text, second.start) == ("một", "truong1")
    assert intake.tried == 3
    assert not fake.called("getUpdates")


async def test_the_name_is_known_after_the_start(fake: FakeTelegram, an: int) -> None:
    intake = Intake()
    group = fake.platform.add_group("Lớp 6A")
    async with webhook_channel(fake, intake):
        await fake.asked("setMyCommands")
        fake.platform.say(an, "@bhyt_simulator_bot đóng ở đâu?", chat=group)
        await fake.settled()
    [event] = intake.events
    assert isinstance(event, Inbound)
    assert (event.sender, event.text) == (f"{group}:{an}", "đóng ở đâu?")


async def test_replies_go_out_before_the_channel_runs(fake: FakeTelegram, an: int) -> None:
    channel = TelegramChannel(settings(fake), Intake().take, noon, images=no_images())
    [send] = channel.outlet.sends(recipient(str(an)), message())
    await send()
    await channel.close()
    assert fake.shown(an) == ["Chào bạn"]


async def test_an_alert(fake: FakeTelegram, an: int) -> None:
    channel = TelegramChannel(settings(fake), Intake().take, noon, images=no_images(), alert_chat=str(an))
    await channel.alert("Mã **làm mới** <Zalo> sắp hết hạn")
    fake.spoil("sendMessage", refusal(500, "no"))
    with pytest.raises(DeliveryError):
        await channel.alert("x")
    await channel.close()
    assert fake.shown(an) == ["Mã **làm mới** <Zalo> sắp hết hạn"]


async def test_no_chat_for_alerts(fake: FakeTelegram) -> None:
    channel = TelegramChannel(settings(fake), Intake().take, noon, images=no_images())
    await channel.alert("x")
    await channel.close()
    assert not fake.calls


async def test_a_token_that_is_refused_ends_the_channel(fake: FakeTelegram) -> None:
    fake.spoil("getMe", refusal(401, "Unauthorized"))
    channel = TelegramChannel(settings(fake), Intake().take, noon, images=no_images())
    with pytest.raises(ConfigError, match="BHYT_TELEGRAM__TOKEN"):
        await channel.run()
    await channel.close()


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (TelegramSettings(), {"telegram.token"}),
        (TelegramSettings(token=SecretStr("1:a"), mode=TelegramMode.WEBHOOK), {"telegram.webhook_secret",
                                                                               "web.public_url"}),
    ],
)  # fmt: skip
def test_settings_that_are_missing(given: TelegramSettings, missing: set[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        TelegramChannel(given, Intake().take, noon, images=no_images())
    assert {wrong.name for wrong in caught.value.wrong} == missing


@asynccontextmanager
async def webhook_channel(fake: FakeTelegram, intake: Intake) -> AsyncIterator[TelegramChannel]:
    """The channel behind its own web server, known to the fake."""
    app = web.Application()
    late: list[TelegramChannel] = []

    async def receive(request: web.Request) -> web.StreamResponse:
        [route] = late[0].routes()
        return await route.handler(request)

    app.add_routes([web.post("/telegram/webhook", receive)])
    async with serving(app) as origin, opened(webhook_settings(fake), intake, public_url=origin) as channel:
        late.append(channel)
        await fake.asked("setMyCommands")
        yield channel
