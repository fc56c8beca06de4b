"""Zalo as the application wires it in: one app with its Official Accounts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import structlog
from aiohttp import web

from bot.actions import Action
from bot.channels.inbound import Channel, Inbound
from bot.channels.zalo.account import Anonymous, account_of
from bot.channels.zalo.callback import Callback
from bot.channels.zalo.client import ZaloClient
from bot.channels.zalo.consent import Consents
from bot.channels.zalo.keeper import TokenKeeper
from bot.channels.zalo.oauth import OAuth
from bot.channels.zalo.openapi import OpenApi
from bot.channels.zalo.outlet import ZaloOutlet
from bot.channels.zalo.parsing import START, EventParser
from bot.channels.zalo.pictures import Pictures
from bot.channels.zalo.provinces import Provinces
from bot.channels.zalo.quotas import Quotas
from bot.channels.zalo.renewal import Renewal
from bot.channels.zalo.requirements import CALLBACK, require
from bot.channels.zalo.rules import Calendar, Rules
from bot.channels.zalo.sealing import Seal
from bot.channels.zalo.users import Users
from bot.channels.zalo.webhook import PATH, Webhook
from bot.delivery.images import Images

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bot.channels.inbound import Event
    from bot.channels.zalo.keeper import Alert
    from bot.clock import Clock
    from bot.settings import ZaloSettings
    from bot.store.database import Database
    from knowledge.offices import Office

KEEP_ALIVE = 15.0
"""Seconds that an idle connection is kept: one that the platform closes under us looks like an unknown outcome."""

log = structlog.get_logger()


class ZaloChannel:
    """Takes events and offers `outlets` for replies, by account. Make it inside a running event loop.

    `take` returns when the events are kept, and raises a BotError when they are not. `alert` is told what only staff
    can mend, as `code:account`. Raises ConfigError when a setting is missing.
    """

    def __init__(
        self,
        settings: ZaloSettings,
        take: Callable[[Sequence[Event]], Awaitable[None]],
        database: Database,
        clock: Clock,
        *,
        alert: Alert,
        offices: Mapping[str, Office],
        observe: Callable[[str], None],
    ) -> None:
        calendar, provinces, seal = Calendar(Rules.load()), Provinces(offices), Seal(require(settings))
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE), cookie_jar=aiohttp.DummyCookieJar()
        )
        oauth = OAuth(self._session, settings)
        api = OpenApi(self._session, settings.api_url, calendar, clock)
        self._take = take
        self.outlets: dict[str, ZaloOutlet] = {}
        self.keepers: dict[str, TokenKeeper] = {}
        self.clients: dict[str, ZaloClient] = {}
        self.quotas: list[Quotas] = []
        self.users: dict[str, Users] = {}
        for oa in settings.oa:
            account = account_of(oa.id)
            renewal = Renewal(account, database, seal, oauth, clock)
            keeper = TokenKeeper(account, database, seal, renewal, clock=clock, alert=alert)
            client = ZaloClient(api, keeper)
            self.keepers[account], self.clients[account] = keeper, client
            pictures = Pictures(client, Images(account, database, clock), calendar, clock)
            quotas = Quotas(account, client, database, calendar, clock)
            self.quotas.append(quotas)
            self.outlets[account] = ZaloOutlet(oa, client, pictures, quotas, calendar, clock, observe)
            self.users[account] = Users(client, provinces, take, clock, rate=oa.rate)
        parser = EventParser([oa.id for oa in settings.oa], provinces, clock)
        self._webhook = Webhook(settings, parser, self._taken, clock, observe)
        self._callback = Callback(Consents(database, settings, seal, clock), oauth, api)

    def routes(self) -> list[web.RouteDef]:
        """What the web server has to serve."""
        return [
            web.post(PATH, self._webhook.receive),
            web.get(PATH, self._webhook.probe),
            web.get(CALLBACK, self._callback.receive),
        ]

    async def run(self) -> None:
        """Keep the tokens of all accounts fresh, and know their quotas, until cancelled."""
        log.info(Action.CHANNEL_STARTED, channel=Channel.ZALO, count=len(self.outlets))
        async with asyncio.TaskGroup() as tasks:
            for keeper in self.keepers.values():
                tasks.create_task(keeper.run())
            for quotas in self.quotas:
                tasks.create_task(quotas.run())

    async def close(self) -> None:
        """Let refreshes under way end and the connections go. After `run` has ended."""
        await asyncio.gather(*(users.close() for users in self.users.values()))
        await asyncio.gather(*(keeper.close() for keeper in self.keepers.values()))
        await self._session.close()

    async def _taken(self, events: Sequence[Event]) -> None:
        await self._take(events)
        for event in events:
            if isinstance(event, Inbound) and event.action == START and Anonymous.read(event.sender) is None:
                self.users[event.account].welcome(event)
