"""A whole bot in this process: real web server, real channels, real database, between two local platforms."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot import clock as clocks
from bot.app import SERVICE, build_runtime, build_web_app
from bot.channels.zalo.consent import Consents
from bot.channels.zalo.oauth import LIFETIME, TokenPair
from bot.channels.zalo.sealing import Seal
from bot.channels.zalo.webhook import PATH
from bot.config import Settings
from bot.core import Core
from bot.settings import (
    CasesSettings,
    DatabaseSettings,
    DeliverySettings,
    OfficialAccount,
    TelegramMode,
    TelegramSettings,
    WebSettings,
    ZaloSettings,
)
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import APP_ID, APP_SECRET, OA_ID, WEBHOOK_KEY, FakeZalo
from tests.real_core import real_core

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import timedelta
    from pathlib import Path

    from bot.app import Runtime
    from bot.clock import Clock
    from bot.service import Service
    from bot.store.database import Database

KEY = Fernet.generate_key().decode()
WEBHOOK_SECRET = "a-secret-of-the-tests-0001"
SESSION_KEY = "a session key of the tests, long enough"
PATIENCE = 20.0
"""Seconds after which a test that waits for the bot fails."""


@dataclass(frozen=True)
class Place:
    """Where a bot lives: what survives it."""

    url: str
    inbox: Path
    mode: TelegramMode = TelegramMode.WEBHOOK
    contact_form: str = ""
    cases: CasesSettings = CasesSettings()

    def settings(self, telegram: FakeTelegram, zalo: FakeZalo, url: str, **delivery: float) -> Settings:
        """`url` is where the bot will be reached, `delivery` replaces defaults of DeliverySettings."""
        return Settings(
            database=DatabaseSettings(url=SecretStr(self.url)),
            web=WebSettings(session_key=SecretStr(SESSION_KEY), public_url=url),
            telegram=TelegramSettings(
                token=SecretStr(telegram.token),
                mode=self.mode,
                webhook_secret=SecretStr(WEBHOOK_SECRET),
                api_url=telegram.url,
                province="dien-bien",
            ),
            zalo=ZaloSettings(
                app_id=APP_ID,
                app_secret=SecretStr(APP_SECRET),
                webhook_key=SecretStr(WEBHOOK_KEY),
                token_key=SecretStr(KEY),
                oa=(
                    OfficialAccount(
                        id=OA_ID, name="BHXH tỉnh", province="dien-bien", rate=4000, contact_form=self.contact_form
                    ),
                ),
                api_url=zalo.url,
                oauth_url=zalo.url,
            ),
            cases=self.cases,
            delivery=DeliverySettings(inbox=str(self.inbox), rate_per_person=10_000, **delivery),
        )


@dataclass
class Office:
    """A running bot and the two platforms."""

    telegram: FakeTelegram
    zalo: FakeZalo
    runtime: Runtime
    service: Service
    url: str
    http: aiohttp.ClientSession

    async def settled(self) -> None:
        """Until all that people did was taken in, and all answers to it were sent."""
        await self.telegram.settled()
        await self.zalo.settled()
        await self.service.intake.idle()
        await self.service.delivery.idle()


@asynccontextmanager
async def office(
    place: Place,
    telegram: FakeTelegram,
    zalo: FakeZalo,
    core: Core | None = None,
    clock: Clock = clocks.now,
    *,
    connected: bool = True,
    **delivery: float,
) -> AsyncIterator[Office]:
    """Start the bot, with fresh tokens of Zalo if `connected`; stop it as SIGTERM would."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = place.settings(telegram, zalo, url, **delivery)
        runtime = await build_runtime(settings, core or real_core(), clock)
        if connected:
            await connect_zalo(runtime.database, settings.zalo, zalo, clock)
        app = build_web_app(runtime)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            if place.mode is TelegramMode.WEBHOOK:
                await telegram.answered("setWebhook")
            zalo.send_to(url + PATH)
            async with aiohttp.ClientSession() as http:
                yield Office(telegram, zalo, runtime, app[SERVICE], url, http)
        finally:
            await runner.cleanup()


async def connect_zalo(
    database: Database,
    settings: ZaloSettings,
    zalo: FakeZalo,
    clock: Clock = clocks.now,
    life: timedelta | None = None,
) -> None:
    """What `bhyt-bot zalo token` does; `life` is what the bot is told of how long the access token holds."""
    pair = zalo.mint()
    consents = Consents(database, settings, Seal(SecretStr(KEY)), clock)
    await consents.keep(OA_ID, TokenPair(pair.access, pair.refresh, life or LIFETIME))
