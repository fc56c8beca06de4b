"""A fake Telegram, somebody who has started the bot, and the bot as python-telegram-bot makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import Bot

from tests.fakes.telegram import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture(autouse=True)
def _waits_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise python-telegram-bot warns whenever it raises RetryAfter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as started:
        yield started


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    """On the library's own transport (httpx)."""
    async with Bot(fake.token, base_url=fake.base_url, base_file_url=fake.base_file_url) as started:
        yield started


@pytest.fixture
def an(fake: FakeTelegram) -> int:
    return fake.platform.add_person("An")
