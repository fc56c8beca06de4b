"""Telegram on this machine: a Bot API server for one bot, and the people who write to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from bot import clock as clocks
from bot.simulator.telegram.files import Files
from bot.simulator.telegram.people import People
from bot.simulator.telegram.profile import Profile
from bot.simulator.telegram.receiving import Receiving
from bot.simulator.telegram.sending import Sending
from bot.simulator.telegram.server import MAX_BODY, BotApi
from bot.simulator.telegram.updates import UpdateQueue
from bot.simulator.telegram.webhook import WebhookSender
from bot.simulator.telegram.world import World

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.simulator.telegram.call import Call
    from bot.simulator.telegram.server import Method
    from bot.simulator.telegram.webhook import Sleeper


class TelegramPlatform(People):
    """One bot's Telegram. The bot talks to `app()` over HTTP, people act through the methods of `People`.

    Faithful to Bot API 10.0 in what it has; methods that it has not answer 404 as unknown ones do. Privacy mode is off:
    the bot sees all that is written in its groups. `sleeper` waits between attempts at the bot's webhook, in seconds.
    """

    def __init__(self, token: str, *, clock: Clock = clocks.now, sleeper: Sleeper = asyncio.sleep) -> None:
        self.world = World(int(token.partition(":")[0]), clock)
        self.files = Files()
        self.updates = UpdateQueue(clock)
        self.webhooks = WebhookSender(self.updates, clock, sleeper, self._perform)
        super().__init__(self.world, self.updates, self.files)
        self._api = BotApi(token, self._methods(), self.files)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY)
        app.add_routes(self._api.routes())
        app.cleanup_ctx.append(self.webhooks.running)
        app.on_shutdown.append(self._let_go)
        return app

    def _methods(self) -> dict[str, Method]:
        """The public methods of these classes are the methods of the Bot API, in small letters."""
        groups = (
            Sending(self.world, self.files),
            Profile(self.world, self.files),
            Receiving(self.updates, self.webhooks),
        )
        return {name: getattr(group, name) for group in groups for name in dir(group) if not name.startswith("_")}

    async def _perform(self, call: Call) -> None:
        await self._api.perform(call)

    async def _let_go(self, _app: web.Application) -> None:
        self.updates.release()
