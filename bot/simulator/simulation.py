"""Everything at once: both platforms, the page, and the real bot between them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.zalo.webhook import PATH
from bot.simulator.page import Page
from bot.simulator.program import Program, ProgramError, RunningProgram
from bot.simulator.serving import serving
from bot.simulator.stage import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@dataclass(frozen=True)
class Simulation:
    """What is running: the address of the page, the platforms, the bot."""

    page: str
    stage: Stage
    bot: RunningProgram

    async def until(self, stop: asyncio.Event) -> None:
        """Until it is told to stop; raises ProgramError when the bot ends before."""
        waiting = {asyncio.create_task(stop.wait()), asyncio.create_task(self.bot.ended())}
        done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            task.cancel()
        for task in done if not stop.is_set() else ():
            task.result()


@asynccontextmanager
async def simulation(folder: Path, database: Path, port: int = 0) -> AsyncIterator[Simulation]:
    """All of it while the block lasts; temporary files go to `folder`. Raises ProgramError."""
    stage = Stage()
    async with AsyncExitStack() as stack:
        page = await stack.enter_async_context(serving(Page(stage.phones).app(), port))
        telegram = await stack.enter_async_context(serving(stage.telegram.app()))
        zalo = await stack.enter_async_context(serving(stage.zalo.app()))
        program = Program(folder, {**stage.environment(telegram, zalo), **_place(folder, database)})
        await program.once("zalo", "token", given=stage.zalo_tokens())
        bot = await stack.enter_async_context(program.running())
        if not await stage.zalo.webhook.save(bot.address + PATH):
            raise ProgramError("the bot did not answer Zalo's test of its webhook")
        yield Simulation(page, stage, bot)


def _place(folder: Path, database: Path) -> dict[str, str]:
    return {
        "BHYT_DATABASE__URL": f"sqlite:///{database.absolute()}",
        "BHYT_DELIVERY__INBOX": str(folder / "inbox"),
        "BHYT_WEB__PORT": "0",
        "BHYT_LOG__LEVEL": "warning",
    }
