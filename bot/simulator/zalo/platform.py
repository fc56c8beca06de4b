"""Zalo on this machine: one app, its Official Accounts, and the people who write to them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from bot import clock as clocks
from bot.simulator.phone import Watchers
from bot.simulator.zalo import quota, users
from bot.simulator.zalo.consent import ConsentPage
from bot.simulator.zalo.dialect import Dialect
from bot.simulator.zalo.gate import Gate, empty_api
from bot.simulator.zalo.ids import number
from bot.simulator.zalo.messages import Outgoing
from bot.simulator.zalo.oauth import OAuth
from bot.simulator.zalo.people import Desk, People
from bot.simulator.zalo.phone import ZaloPhone
from bot.simulator.zalo.state import Account, UploadKind
from bot.simulator.zalo.uploads import MEGABYTE, Uploads
from bot.simulator.zalo.webhook import TIMEOUT, Webhook

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.simulator.phone import Phone
    from bot.simulator.zalo.webhook import Sleeper

MAX_BODY = 8 * MEGABYTE
"""Above the largest upload, so that it is refused with the platform's own code."""


class ZaloPlatform:
    """One app of Zalo. The bot talks to `app()` over HTTP; the paths of both hosts are served side by side.

    `webhook_key` is the OA secret key that signs events. `sleeper` waits between attempts at the bot's webhook, in
    seconds; `timeout` is how many the bot has to answer. No token is valid before a consent or `oauth.mint`.
    """

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        webhook_key: str,
        *,
        clock: Clock = clocks.now,
        sleeper: Sleeper = asyncio.sleep,
        timeout: float = TIMEOUT,
        dialect: Dialect | None = None,
    ) -> None:
        self.app_id = app_id
        self.dialect = dialect or Dialect()
        self.accounts: dict[str, Account] = {}
        self.oauth = OAuth(app_id, app_secret, clock, self.dialect)
        self.webhook = Webhook(app_id, webhook_key, self.dialect, sleeper, timeout)
        self.watchers = Watchers()
        self.uploads = Uploads()
        self._outgoing = Outgoing(app_id, self.dialect, self.webhook, self.watchers)
        self._desk = Desk(app_id, clock, self.dialect, self.webhook, self.watchers, self._outgoing)
        self._gate = Gate(self.oauth, self.accounts, clock)

    def add_account(self, name: str, account_id: str = "") -> People:
        """An Official Account, and the people who write to it."""
        account = Account(account_id or number("account", self.app_id, name), name)
        self.accounts[account.id] = account
        return People(account, self._desk)

    def phone(self, people: People) -> Phone:
        """The screens of an account's people."""
        return ZaloPhone(people, self.watchers)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY)
        app.add_routes(ConsentPage(self.oauth, self.accounts, self.dialect).routes)
        app.add_routes(self._routes())
        app.cleanup_ctx.append(self.webhook.running)
        return app

    def _routes(self) -> list[web.RouteDef]:
        guard = self._gate.guard
        return [
            web.post("/v3.0/oa/message/cs", guard(self._outgoing.consult)),
            web.post("/v2.0/oa/message", guard(self._outgoing.second_version)),
            *(web.post(f"/v2.0/oa/upload/{kind}", guard(self.uploads.of(kind))) for kind in UploadKind),
            web.get("/v3.0/oa/user/detail", guard(users.detail)),
            web.get("/v3.0/oa/user/getlist", guard(users.listed)),
            web.get("/v2.0/oa/getoa", guard(users.account)),
            web.post("/v3.0/oa/quota/message", guard(quota.tell)),
            web.route("*", "/{path:.*}", empty_api),
        ]
