"""What an account may still send outside the free window (zalo-oa.md §2.20): asked regularly, counted in between.

What Zalo does not tell is not there: nobody pays for a message because an answer could not be read.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.actions import Action
from bot.channels.inbound import Channel
from bot.delivery.errors import AccountBrokenError, DeliveryError
from bot.errors import DatabaseError
from bot.metrics import QUOTA_LEFT
from bot.store.quotas import Quota, keep_quotas

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.channels.zalo.client import ZaloClient
    from bot.channels.zalo.results import SentMessage
    from bot.channels.zalo.rules import Calendar
    from bot.clock import Clock
    from bot.store.database import Database

LOOK = 600.0
"""Seconds between two questions: so soon what an office has bought is used."""

log = structlog.get_logger()


class Quotas:
    """The quotas of one account. `left` is None until Zalo has answered once."""

    def __init__(
        self,
        account: str,
        client: ZaloClient,
        database: Database,
        calendar: Calendar,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._client = client
        self._database = database
        self._calendar = calendar
        self._clock = clock
        self._sleep = sleep
        self._known: dict[str, Quota] | None = None

    @property
    def left(self) -> int | None:
        """Messages that cost nothing beyond the package and what was bought."""
        return None if self._known is None else sum(quota.remain for quota in self._known.values())

    def spent(self, sent: SentMessage) -> None:
        """Count a message as Zalo says that it was charged."""
        known = self._known or {}
        quota = known.get(sent.quota)
        if quota is not None:
            known[quota.kind] = replace(quota, remain=max(0, quota.remain - 1))
            self._measure()

    async def run(self) -> None:
        """Ask until cancelled; what fails is asked again."""
        while True:
            try:
                await self.look()
            except AccountBrokenError:
                pass  # the keeper of its tokens tells staff
            except (DeliveryError, DatabaseError, SQLAlchemyError, OSError) as error:
                log.warning(Action.CHANNEL_FAILED, channel=Channel.ZALO, reason="quota", exc_info=error)
            await self._sleep(LOOK)

    async def look(self) -> None:
        """Ask Zalo, and keep what it says for the doctor. Raises DeliveryError, and what the database raises."""
        now = self._clock()
        kinds = self._calendar.on(now.date()).counted_quotas
        asked = [await self._client.quota(kind) for kind in kinds]
        quotas = [quota for quota in asked if quota is not None]
        self._known = {quota.kind: quota for quota in quotas}
        self._measure()
        async with self._database.transaction() as session:
            await keep_quotas(session, self._account, quotas, now)

    def _measure(self) -> None:
        for quota in (self._known or {}).values():
            QUOTA_LEFT.labels(self._account, quota.kind).set(quota.remain)
