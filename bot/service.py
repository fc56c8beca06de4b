"""The platforms on a runtime: what they bring is taken in, what the bot says is sent out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.actions import Action
from bot.alerts import Alerts
from bot.cases.group import StaffGroup
from bot.cases.onward import Onward
from bot.cases.sweeping import CaseSweep
from bot.channels.inbound import Channel
from bot.channels.paces import telegram_pacer, zalo_pacer
from bot.channels.zalo.account import account_of
from bot.delivery.images import Images
from bot.delivery.lanes import Delivery
from bot.errors import ConfigError
from bot.intake.flood import FloodControl
from bot.intake.spool import Spool
from bot.intake.taking import Intake
from bot.metrics import EVENTS
from bot.outreach.delivery.office import Office
from bot.outreach.delivery.outreach import Outreach

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from aiohttp import web

    from bot.app import Runtime
    from bot.cases.events import Written
    from bot.channels.inbound import Event
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.zalo.channel import ZaloChannel
    from bot.delivery.outlet import Outlet
    from bot.delivery.pacing import Pacer

    Take = Callable[[Sequence[Event]], Awaitable[None]]

log = structlog.get_logger()

RESTART = 30.0
"""Seconds before a platform whose work broke off is begun anew."""


class Service:
    """Everything between the platforms and the pipeline. Make it inside a running event loop.

    Raises ConfigError when a platform that is switched on lacks a setting.
    """

    def __init__(self, runtime: Runtime, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._runtime = runtime
        self._sleep = sleep
        settings = runtime.settings
        self._telegram = _telegram(runtime, self._take) if settings.telegram.token is not None else None
        self._alerts = Alerts(runtime.clock, self._telegram.alert if self._telegram else None)
        self._zalo = _zalo(runtime, self._take, self._alerts) if settings.zalo.oa else None
        self._group = _group(runtime, self._telegram) if self._telegram is not None else None
        self._spool = Spool(Path(settings.delivery.inbox))
        self.delivery = Delivery(
            runtime.database, self._outlets(), runtime.clock, settings.delivery, self._alerts, sleep=sleep
        )
        self.intake = Intake(
            runtime.pipeline,
            runtime.database,
            self.delivery,
            self._spool,
            FloodControl(settings.delivery.rate_per_person),
            settings.delivery.budget,
            sleep=sleep,
            staff=self._group.handle if self._group is not None else None,
            clock=runtime.clock,
        )
        self.outreach = Outreach(
            Office.of(runtime.database, settings, runtime.core.base, self.delivery.outlets, runtime.clock, self._alerts)
        )
        self._sweep = CaseSweep(runtime.database, runtime.attendant, runtime.clock, sleep)
        self._onward = _onward(runtime, self._alerts, sleep)
        runtime.attendant.bus.on_written(self._written)
        self._tasks: list[asyncio.Task[None]] = []

    def routes(self) -> list[web.RouteDef]:
        """What the web server has to serve for the platforms."""
        return [route for channel in self._channels() for route in channel.routes()]

    async def start(self) -> None:
        """Take up what was left undone, then open the doors."""
        if self.delivery.outlets:
            self.intake.start()
        self._tasks = [asyncio.create_task(self._run(work)) for work in self._work()]

    async def stop(self) -> None:
        """Take nothing more in, finish what is under way within the time that is set for it, let everything go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        drain = self._runtime.settings.delivery.drain
        await self.outreach.close(drain)
        await self.intake.close(drain)
        await self.delivery.close(drain)
        for channel in self._channels():
            await channel.close()

    def forget_failed(self, days: int) -> int:
        """Delete events that were set aside longer ago than that; gives their number."""
        return self._spool.forget_failed(self._runtime.clock() - timedelta(days=days))

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        """One platform that cannot work must not take the others with it; it is tried again until its settings are."""
        while True:
            try:
                await work()
            except Exception as error:
                log.exception(Action.CHANNEL_FAILED)
                await self._alerts(f"channel_stopped:{type(error).__name__}")
                if isinstance(error, ConfigError):
                    return
            await self._sleep(RESTART)

    async def _take(self, events: Sequence[Event]) -> None:
        await self.intake.take(events)

    def _work(self) -> list[Callable[[], Awaitable[None]]]:
        """The web chat alone needs nobody to send its replies."""
        work: list[Callable[[], Awaitable[None]]] = [self._sweep.run, self._runtime.drafts.live.run]
        work += [each.run for each in (self._onward, self._group) if each is not None]
        if self.delivery.outlets:
            work += [self.delivery.run, self.outreach.run, *(channel.run for channel in self._channels())]
        return work

    def _written(self, message: Written) -> None:
        """Staff wrote to somebody."""
        if message.account in self.delivery.outlets:
            self.delivery.wake(message.conversation)

    def _channels(self) -> list[TelegramChannel | ZaloChannel]:
        return [channel for channel in (self._telegram, self._zalo) if channel is not None]

    def _outlets(self) -> Iterator[tuple[Outlet, Pacer]]:
        settings = self._runtime.settings
        if self._telegram is not None:
            yield self._telegram.outlet, telegram_pacer(settings.telegram)
        if self._zalo is not None:
            for oa in settings.zalo.oa:
                yield self._zalo.outlets[account_of(oa.id)], zalo_pacer(oa)


def _telegram(runtime: Runtime, take: Take) -> TelegramChannel:
    # Its library takes longer to import than everything else together, and many offices do not use it.
    from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415

    settings = runtime.settings
    return TelegramChannel(
        settings.telegram,
        take,
        runtime.clock,
        images=Images(settings.telegram.account, runtime.database, runtime.clock),
        public_url=settings.web.public_url,
        alert_chat=settings.alerts.telegram_chat,
        staff_group=settings.cases.telegram_group,
    )


def _group(runtime: Runtime, telegram: TelegramChannel) -> StaffGroup | None:
    chat = runtime.settings.cases.telegram_group
    post = partial(telegram.outlet.send, chat)
    bus = runtime.attendant.bus
    return StaffGroup(runtime.database, runtime.desk, bus, chat, post, runtime.clock) if chat else None


def _onward(runtime: Runtime, alerts: Alerts, sleep: Callable[[float], Awaitable[None]]) -> Onward | None:
    cases = runtime.settings.cases
    if not cases.webhook_url or cases.webhook_secret is None:
        return None
    return Onward(runtime.database, cases.webhook_url, cases.webhook_secret, runtime.clock, alerts, sleep)


def _zalo(runtime: Runtime, take: Take, alert: Alerts) -> ZaloChannel:
    from bot.channels.zalo.channel import ZaloChannel  # noqa: PLC0415 - as above

    return ZaloChannel(
        runtime.settings.zalo,
        take,
        runtime.database,
        runtime.clock,
        alert=alert,
        offices=runtime.core.base.offices,
        observe=_observe_zalo,
    )


def _observe_zalo(kind: str) -> None:
    EVENTS.labels(Channel.ZALO, kind).inc()
