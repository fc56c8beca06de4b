"""Where a new follower lives, from what they share with the account. Names and phone numbers are not even read."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.actions import Action
from bot.channels.inbound import Channel, Inbound, Profile
from bot.delivery.errors import DeliveryError, PersonUnreachableError
from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from bot.channels.inbound import Event
    from bot.channels.zalo.client import ZaloClient
    from bot.channels.zalo.provinces import Provinces
    from bot.clock import Clock

    Take = Callable[[Sequence[Event]], Awaitable[None]]

FORGET_AFTER = timedelta(hours=6)
"""How long somebody about whom there was nothing to learn is not asked for again."""
KEPT = 5_000
WAITING = 200
"""Newcomers that wait for their look-up; of those beyond it we learn when they tell us."""
SHARE = 0.2
"""Part of the account's requests a minute that look-ups may take: a hung-up poster must not slow the answers."""

log = structlog.get_logger()


class Users:
    """The people of one account; `rate` is how many requests a minute its package allows."""

    def __init__(
        self,
        client: ZaloClient,
        provinces: Provinces,
        take: Take,
        clock: Clock,
        *,
        rate: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pause = 60 / (rate * SHARE)
        self._sleep = sleep
        self._client = client
        self._provinces = provinces
        self._take = take
        self._clock = clock
        self._unknown: OrderedDict[str, datetime] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    async def province_of(self, user: str) -> str | None:
        """The id of the office where somebody says that they live; None when they do not say, or Zalo does not."""
        now = self._clock()
        if user in self._unknown and now - self._unknown[user] < FORGET_AFTER:
            return None
        try:
            detail = await self._client.user_detail(user)
        except DeliveryError as error:
            log.info(Action.CHANNEL_FAILED, channel=Channel.ZALO, reason=error.code)
            if isinstance(error, PersonUnreachableError):
                self._remember(user, now)
            return None
        province = self._provinces.find(detail.city, detail.address)
        if province is None:
            self._remember(user, now)
        return province

    def welcome(self, inbound: Inbound) -> None:
        """Learn in the background where somebody lives who has just come; one after the other, and not fast."""
        if len(self._tasks) >= WAITING:
            return
        task = asyncio.create_task(self._learn(inbound))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _learn(self, inbound: Inbound) -> None:
        async with self._turn:
            province = await self.province_of(inbound.sender)
            if province is not None:
                await self._tell(Profile(inbound.account, inbound.sender, province))
            await self._sleep(self._pause)

    async def _tell(self, profile: Profile) -> None:
        try:
            await self._take([profile])
        except BotError as error:
            log.warning(Action.CHANNEL_FAILED, channel=Channel.ZALO, reason="profile", exc_info=error)

    def _remember(self, user: str, now: datetime) -> None:
        self._unknown[user] = now
        self._unknown.move_to_end(user)
        while len(self._unknown) > KEPT:
            self._unknown.popitem(last=False)
