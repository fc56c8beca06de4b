"""The token and the webhook's secret appear nowhere: in no error, its causes, no `repr`, no log line at any level."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
import traceback
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from aiohttp import web
from pydantic import SecretStr
from telegram.error import TelegramError

from bot.channels.telegram.backoff import Backoff
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.client import BotClient
from bot.channels.telegram.outlet import TelegramOutlet
from bot.channels.telegram.setup import Destination, Setup
from bot.channels.telegram.transport import AiohttpRequest, Timeouts
from bot.delivery.errors import DeliveryError
from bot.errors import ConfigError
from bot.logging import configure_logging
from bot.settings import LogFormat, LogLevel, LogSettings, TelegramMode, TelegramSettings
from tests.channels.telegram.support import ACCOUNT, SECRET, Intake, Naps, message, no_images, no_jitter, noon
from tests.fakes.faults import Gate, drop_answer, empty, gateway_page, hang_after, reply, reset, text
from tests.fakes.serving import serving
from tests.fakes.telegram import TOKEN, flood, refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.delivery.outlet import Recipient
    from tests.fakes.faults import Fault
    from tests.fakes.telegram import FakeTelegram

HALF = TOKEN.partition(":")[2]
"""What makes the token secret; the number in front of it is the bot's public id."""
URL = f"http://127.0.0.1/bot{TOKEN}/sendMessage"

FAILURES: dict[str, Fault] = {
    "reset": reset(),
    "lost": drop_answer(),
    "silent": hang_after(Gate()),
    "empty": empty(),
    "page that repeats the address": text(200, f"<a href='{URL}'>", "text/html"),
    "gateway that repeats the address": text(502, f"<a href='{URL}'>", "text/html"),
    "refusal that repeats the address": reply(400, {"ok": False, "description": f"no route to {URL}"}),
    "page of refusal that repeats the address": text(403, f"blocked: {URL}", "text/html"),
    "redirect": text(302, URL),
    "gateway": gateway_page(),
    "flood": flood(3),
    "token": refusal(401, "Unauthorized"),
    "unknown": refusal(404, "Not Found"),
    "conflict": refusal(409, "Conflict"),
}


@pytest.fixture
def log(log_lines: list[Any], caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """Our log as operators see it at its most talkative, and beside it all that libraries would say."""
    stream = io.StringIO()
    configure_logging(LogSettings(level=LogLevel.DEBUG, format=LogFormat.JSON), stream)
    logging.getLogger().addHandler(caplog.handler)
    logging.getLogger().setLevel(logging.DEBUG)
    yield stream
    structlog.reset_defaults()


@pytest.fixture
async def hasty(fake: FakeTelegram) -> AsyncIterator[BotClient]:
    transport = AiohttpRequest(fake.url, SecretStr(fake.token), timeouts=Timeouts(read=0.05))
    yield BotClient(transport)
    await transport.shutdown()


@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES.keys())
async def test_a_call_that_fails(
    fake: FakeTelegram, hasty: BotClient, an: int, fault: Fault, log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    fake.spoil("sendMessage", fault)
    with pytest.raises(TelegramError) as caught:
        await hasty.call("sendMessage", {"chat_id": an, "text": "Chào"})
    clean(told(caught.value), log.getvalue(), caplog.text)


@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES.keys())
async def test_a_send_that_fails(
    fake: FakeTelegram, hasty: BotClient, to_an: Recipient, fault: Fault, log: io.StringIO
) -> None:
    fake.spoil("sendMessage", fault)
    [send] = TelegramOutlet(hasty, ACCOUNT, no_images()).sends(to_an, message())
    with pytest.raises(DeliveryError) as caught:
        await send()
    structlog.get_logger().warning("send_failed", exc_info=caught.value)
    clean(told(caught.value), log.getvalue())


async def test_nobody_listens(log: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        transport = AiohttpRequest(f"http://127.0.0.1:{free.getsockname()[1]}", SecretStr(TOKEN))
        with pytest.raises(TelegramError) as caught:
            await BotClient(transport).get_me()
    await transport.shutdown()
    clean(told(caught.value), log.getvalue(), caplog.text)


async def test_no_connection_is_free(fake: FakeTelegram, an: int) -> None:
    """aiohttp's own words for it hold the whole address."""
    gate = Gate()
    fake.spoil("sendMessage", hang_after(gate))
    transport = AiohttpRequest(fake.url, SecretStr(TOKEN), connections=1, timeouts=Timeouts(pool=0.02, connect=0.02))
    client = BotClient(transport)
    first = asyncio.create_task(client.call("sendMessage", {"chat_id": an, "text": "1"}))
    await gate.reached.wait()
    with pytest.raises(TelegramError) as caught:
        await client.call("sendMessage", {"chat_id": an, "text": "2"})
    gate.release()
    await first
    await transport.shutdown()
    clean(told(caught.value))


async def test_the_start(fake: FakeTelegram, log: io.StringIO) -> None:
    for method in ("getMe", "setWebhook", "setMyCommands"):
        fake.spoil(method, reset(), refusal(500, "no"), gateway_page())
    transport = AiohttpRequest(fake.url, SecretStr(TOKEN))
    destination = Destination("https://bhyt.example/telegram/webhook", SecretStr(SECRET))
    setup = Setup(BotClient(transport), destination, lambda _: None, backoff=Backoff(no_jitter), sleep=Naps())
    await setup.connect()
    await setup.describe()
    await transport.shutdown()
    assert log.getvalue().count("channel_failed") == 9
    clean(repr(destination), log.getvalue())


async def test_a_token_that_is_refused(fake: FakeTelegram, log: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    fake.spoil("getMe", refusal(401, "Unauthorized"))
    channel = TelegramChannel(
        settings(fake), Intake().take, noon, images=no_images(), public_url="https://bhyt.example"
    )
    with pytest.raises(ConfigError) as caught:
        await channel.run()
    await channel.close()
    clean(told(caught.value), log.getvalue(), caplog.text)


async def test_a_refused_delivery(fake: FakeTelegram, log: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    channel = TelegramChannel(
        settings(fake), Intake().take, noon, images=no_images(), public_url="https://bhyt.example"
    )
    app = web.Application()
    app.add_routes(channel.routes())
    async with serving(app) as origin:
        url = f"{origin}/telegram/webhook"
        assert await fake.post(b"{}", secret="wrong", url=url) == 403
        assert await fake.post(b"{", secret=SECRET, url=url) == 400
    await channel.close()
    clean(log.getvalue(), caplog.text)


def test_what_things_look_like(fake: FakeTelegram, client: BotClient, outlet: TelegramOutlet) -> None:
    channel = TelegramChannel(
        settings(fake), Intake().take, noon, images=no_images(), public_url="https://bhyt.example"
    )
    shown = [repr(thing) for thing in (client, outlet, channel, settings(fake), vars(channel), vars(outlet))]
    shown += [str(client), client.token, client.base_url, client.base_file_url]
    clean(*shown)


def settings(fake: FakeTelegram) -> TelegramSettings:
    secrets = {"token": SecretStr(fake.token), "webhook_secret": SecretStr(SECRET)}
    return TelegramSettings(mode=TelegramMode.WEBHOOK, api_url=fake.url, **secrets)


def told(error: BaseException) -> str:
    """All that an error could say: itself and everything that hangs on it."""
    said, left = [], [error]
    while left:
        each = left.pop()
        said += [str(each), repr(each), repr(each.args), json.dumps(vars(each), default=repr)]
        left += [other for other in (each.__cause__, each.__context__) if other is not None]
    return "\n".join([*said, *traceback.format_exception(error)])


def clean(*texts: str) -> None:
    for text_ in texts:
        assert HALF not in text_
        assert SECRET not in text_
