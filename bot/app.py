"""Builds the whole program, and nothing else does: `bot.core` what answers, this file what takes messages."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot import clock as clocks
from bot.actions import Action
from bot.cases.desk import CaseDesk
from bot.cases.holding import Attendant
from bot.channels.accounts import check_provinces, provinces
from bot.channels.zalo import verification
from bot.console.routes import add_console
from bot.core import Core, build_core
from bot.drafts.desk import DraftDesk
from bot.drafts.live import LiveKnowledge
from bot.outreach.quiz import OpenRounds
from bot.service import Service
from bot.session_key import session_key
from bot.store.database import Database
from bot.store.migrations import upgrade
from bot.store.retention import apply_retention
from bot.store.transcript import StoredTranscript
from bot.turns import TurnPipeline
from bot.web.metrics import Metrics
from bot.web.routes import add_web_routes
from bot.web.settings import ChatSettings
from bot.web.site import Site
from handlers.memory import Memory
from knowledge.errors import FactError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date

    from bot.clock import Clock
    from bot.config import Settings
    from knowledge.base import KnowledgeBase

__all__ = ["Core", "Runtime", "build_core", "build_runtime", "build_web_app", "phones"]

DAY = 24 * 60 * 60
PHONES = ("ambulance", "child_helpline", "police", "vneid_hotline")
"""Facts whose numbers become links in the web chat."""

STRANGER = Memory()

SERVICE = web.AppKey("SERVICE", Service)

log = structlog.get_logger()


@dataclass(frozen=True)
class Runtime:
    """A core with a database, ready to take messages. Close it at the end."""

    settings: Settings
    core: Core
    database: Database
    pipeline: TurnPipeline
    clock: Clock
    attendant: Attendant
    desk: CaseDesk
    drafts: DraftDesk

    async def close(self) -> None:
        await self.database.close()


async def build_runtime(settings: Settings, core: Core | None = None, clock: Clock = clocks.now) -> Runtime:
    """Everything but a channel, on a database brought up to date."""
    core = replace(core) if core else build_core(settings)
    url = settings.database.url.get_secret_value()
    await _migrated(url)
    database = Database(url, pool=settings.database.pool, patience=settings.database.patience)
    homes = provinces(settings)
    check_provinces(settings, core.base.offices)
    newcomers = {account: Memory(province=home or None) for account, home in homes.items()}
    attendant = Attendant(core.base.hotline, settings.cases)
    pipeline = TurnPipeline(
        database,
        core,
        clock=clock,
        hotline=core.base.hotline,
        newcomer=lambda account: newcomers.get(account, STRANGER),
        pushed=frozenset(homes),
        lease=timedelta(seconds=settings.delivery.lease),
        open_round=OpenRounds().at,
        attendant=attendant,
    )
    knowledge = LiveKnowledge(core, database, clock)
    await knowledge.refresh()
    return Runtime(
        settings,
        core,
        database,
        pipeline,
        clock,
        attendant,
        CaseDesk(database, attendant, clock),
        DraftDesk(database, knowledge, clock),
    )


async def _migrated(url: str) -> None:
    """Bring the schema up to date on a connection of its own: a migration may take longer than any other statement."""
    database = Database(url)
    try:
        await upgrade(database.engine)
    finally:
        await database.close()


def build_web_app(runtime: Runtime) -> web.Application:
    """The web chat and the platforms on a runtime, which it closes at its own end. Call it inside a running event loop.

    Raises ConfigError when a platform that is switched on lacks a setting.
    """
    web_settings, base, today = runtime.settings.web, runtime.core.base, runtime.clock().date()
    settings = ChatSettings.of(web_settings, session_key(runtime.settings), base.hotline(today), phones(base, today))
    settings = replace(settings, public_url=web_settings.public_url or None)
    transcript = StoredTranscript(runtime.database, settings.account, runtime.clock)
    app = web.Application(client_max_size=web_settings.max_body)

    app[SERVICE] = service = Service(runtime)
    app.add_routes([*service.routes(), *verification.routes(runtime.settings.zalo)])
    app.add_routes([web.get("/metrics", Metrics(runtime, service).get)])

    async def housekeeping(_app: web.Application) -> AsyncIterator[None]:
        await service.start()
        task = asyncio.create_task(_delete_daily(runtime, service))
        yield
        await service.stop()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await runtime.close()

    # Contexts are left last in, first out: the web chat still confirms what it has shown before the database goes.
    app.cleanup_ctx.append(housekeeping)
    site = Site.build(settings, runtime.pipeline, transcript, runtime.clock)
    runtime.attendant.bus.on_written(lambda message: site.streams.wake(message.sender))
    add_web_routes(app, site)
    add_console(app, runtime)
    return app


def phones(base: KnowledgeBase, day: date) -> tuple[str, ...]:
    """The telephone numbers of the facts as of a day, without those that have none."""
    numbers = []
    for name in PHONES:
        with suppress(FactError):
            numbers.append(str(base.facts.value(name, day)))
    return tuple(numbers)


async def _delete_daily(runtime: Runtime, service: Service) -> None:
    while True:
        try:
            count = await apply_retention(runtime.database, runtime.settings.retention, runtime.clock())
            count += service.forget_failed(runtime.settings.retention.messages)
            log.info(Action.RETENTION_DONE, count=count)
        except Exception:
            # Tomorrow is soon enough; people must be answered meanwhile.
            log.exception(Action.RETENTION_FAILED)
        await asyncio.sleep(DAY)
