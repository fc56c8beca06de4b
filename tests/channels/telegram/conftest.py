"""A fake Telegram, somebody who has started the bot, and our client and outlet on it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from pydantic import SecretStr

from bot.channels.telegram.client import BotClient
from bot.channels.telegram.outlet import TelegramOutlet
from bot.channels.telegram.transport import AiohttpRequest
from tests.channels.telegram.support import ACCOUNT, no_images, recipient
from tests.fakes.telegram import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.delivery.outlet import Recipient


@pytest.fixture(autouse=True)
def log_lines() -> Iterator[list[Any]]:
    """Lines are collected instead of printed; nothing configured for logging outlives the test."""
    root = logging.getLogger()
    before = root.handlers, root.level
    with structlog.testing.capture_logs() as lines:
        yield lines
    structlog.reset_defaults()
    root.handlers, root.level = before


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as started:
        yield started


@pytest.fixture
def an(fake: FakeTelegram) -> int:
    return fake.platform.add_person("An")


@pytest.fixture
def to_an(an: int) -> Recipient:
    return recipient(str(an))


@pytest.fixture
async def request_(fake: FakeTelegram) -> AsyncIterator[AiohttpRequest]:
    transport = AiohttpRequest(fake.url, SecretStr(fake.token))
    yield transport
    await transport.shutdown()


@pytest.fixture
def client(request_: AiohttpRequest) -> BotClient:
    return BotClient(request_)


@pytest.fixture
def outlet(client: BotClient) -> TelegramOutlet:
    return TelegramOutlet(client, ACCOUNT, no_images())
