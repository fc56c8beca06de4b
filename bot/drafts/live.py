"""Keeps what answers in step with what staff approved, in this process and in every other.

Each process looks every few seconds which changes are live. When they are others than before, the answers with all of
them are built in a thread, always from those of the repository, and put in place between two turns.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import structlog

from bot.actions import Action
from bot.drafts.overlay import Overlay, lay_over
from bot.drafts.regression import broken
from bot.store.drafts import live_drafts, live_ids

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.clock import Clock
    from bot.core import Core
    from bot.drafts.draft import Draft
    from bot.store.database import Database

EVERY = 3.0
"""Seconds between two looks."""

log = structlog.get_logger()


class LiveKnowledge:
    """Makes a core answer with the live changes. Take `lock` to make or take back a change in this process."""

    def __init__(
        self,
        core: Core,
        database: Database,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.core = core
        self.lock = asyncio.Lock()
        self.overlay = Overlay(core.base)
        self.drafts: tuple[Draft, ...] = ()
        """The changes that it answers with, oldest first."""
        self.repository = replace(core)
        """What answers without any change."""
        self._database = database
        self._clock = clock
        self._sleep = sleep

    async def run(self) -> None:
        """Until cancelled; a database that is away is waited for."""
        while True:
            await self._sleep(EVERY)
            try:
                await self.refresh()
            except Exception:
                # Better the answers of a moment ago than none.
                log.exception(Action.KNOWLEDGE_FAILED)

    async def refresh(self) -> None:
        """Answer with the changes that are live now."""
        async with self.lock:
            async with self._database.reading() as session:
                if await live_ids(session) == tuple(draft.id for draft in self.drafts):
                    return
                drafts = await live_drafts(session)
            started = perf_counter()
            core, overlay = await asyncio.to_thread(self.built, drafts)
            failed = await asyncio.to_thread(broken, core, overlay.used(drafts), self._clock().date())
            self.adopt(core, overlay, drafts, started)
        if failed:
            log.warning(Action.KNOWLEDGE_REGRESSED, count=len(failed))

    def built(self, drafts: Sequence[Draft]) -> tuple[Core, Overlay]:
        """What would answer with these changes. Takes about half a second: call it in a thread."""
        overlay = lay_over(self.repository.base, drafts)
        if not overlay.base.changed:
            return self.repository, overlay
        return self.repository.having(overlay.base), overlay

    def adopt(self, core: Core, overlay: Overlay, drafts: Sequence[Draft], started: float) -> None:
        """Put it in place; `started` is when building it began, in seconds of `perf_counter`."""
        self.core.become(core)
        self.overlay, self.drafts = overlay, tuple(drafts)
        log.info(Action.KNOWLEDGE_CHANGED, count=len(drafts), ms=(perf_counter() - started) * 1000)
        for draft in overlay.left_out:
            log.warning(Action.KNOWLEDGE_LEFT_OUT, entry=draft.entry)
