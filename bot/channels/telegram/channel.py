"""Telegram as the application wires it in."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.actions import Action
from bot.channels.accounts import webhook_wants
from bot.channels.inbound import Channel
from bot.channels.telegram.backoff import Backoff
from bot.channels.telegram.client import BotClient
from bot.channels.telegram.markup import LIMIT, Styled, parts
from bot.channels.telegram.outlet import TelegramOutlet
from bot.channels.telegram.parsing import Myself, UpdateParser
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.setup import Destination, Setup
from bot.channels.telegram.taps import Taps
from bot.channels.telegram.transport import AiohttpRequest
from bot.channels.telegram.webhook import PATH, Webhook
from bot.errors import ConfigError, WrongSetting
from bot.settings import TelegramMode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.channels.inbound import Event
    from bot.clock import Clock
    from bot.delivery.images import Images
    from bot.settings import TelegramSettings

log = structlog.get_logger()


class TelegramChannel:
    """One bot: takes messages and offers an `outlet` for replies. Use it inside a running event loop.

    `take` returns when the events are kept, and raises a BotError when they are not. `public_url` is where the web
    server is reached from outside, needed for a webhook. Raises ConfigError when a setting is missing.
    """

    def __init__(  # noqa: PLR0913 - what a test replaces
        self,
        settings: TelegramSettings,
        take: Callable[[Sequence[Event]], Awaitable[None]],
        clock: Clock,
        *,
        images: Images,
        public_url: str = "",
        alert_chat: str = "",
        staff_group: str = "",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        token = settings.token
        if token is None:
            raise ConfigError([WrongSetting("telegram.token", "is missing", "BHYT_TELEGRAM__TOKEN")])
        self._alert_chat = alert_chat
        self._request = AiohttpRequest(settings.api_url, token)
        client = BotClient(self._request)
        self.outlet = TelegramOutlet(client, settings.account, images)
        self._taps = Taps(client)
        self._parser = UpdateParser(settings.account, clock, _myself(token.get_secret_value()), staff_group)
        destination = _destination(settings, public_url)
        self._webhook = (
            Webhook(destination.secret, self._parser.parse, take, self._taps) if destination is not None else None
        )
        self._setup = Setup(client, destination, self._recognise, backoff=Backoff(random.random), sleep=sleep)
        self._poller = Poller(client, self._parser.parse, take, self._taps, backoff=Backoff(random.random), sleep=sleep)

    def routes(self) -> list[web.RouteDef]:
        """What the web server has to serve: the webhook, or nothing."""
        return [web.post(PATH, self._webhook.receive)] if self._webhook is not None else []

    async def run(self) -> None:
        """Make the bot known to Telegram, then fetch messages if there is no webhook; until cancelled.

        Raises ConfigError when Telegram does not know the token. Everything else is tried again.
        """
        await self._setup.connect()
        log.info(Action.CHANNEL_STARTED, channel=Channel.TELEGRAM)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._setup.describe())
            if self._webhook is None:
                tasks.create_task(self._poller.run())
            else:
                await asyncio.Event().wait()

    async def alert(self, text: str) -> None:
        """Tell the operators' chat, if there is one; raises DeliveryError."""
        if not self._alert_chat:
            return
        for part in parts(Styled(text, (), len(text)), LIMIT):
            await self.outlet.send(self._alert_chat, "sendMessage", {"text": part, "parse_mode": "HTML"})

    async def close(self) -> None:
        """Finish what is under way and let the connections go. After `run` has ended."""
        await self._taps.close()
        await self._request.shutdown()

    def _recognise(self, myself: Myself) -> None:
        self._parser.myself = myself


def _myself(token: str) -> Myself:
    """The bot's id stands in front of its token, so replies to it are recognised before Telegram has been asked."""
    number = token.partition(":")[0]
    return Myself(int(number) if number.isascii() and number.isdigit() and len(number) < 20 else 0)


def _destination(settings: TelegramSettings, public_url: str) -> Destination | None:
    if settings.mode is TelegramMode.POLLING:
        return None
    wrong = list(webhook_wants(settings, public_url))
    if settings.webhook_secret is None or wrong:
        raise ConfigError(wrong)
    return Destination(public_url + PATH, settings.webhook_secret)
