"""Everything at once: both platforms, the page, and the real bot between them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.zalo.webhook import PATH
from bot.simulator.page import Page
from bot.simulator.practice import prepare, tell
from bot.simulator.program import Program, ProgramError, RunningProgram
from bot.simulator.serving import serving
from bot.simulator.stage import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path


@dataclass(frozen=True)
class Simulation:
    """What is running: the address of the page, the platforms, the bot."""

    page: str
    stage: Stage
    program: Program
    bot: RunningProgram

    async def until(self, stop: asyncio.Event, killed: Callable[[RunningProgram], None] | None = None) -> None:
        """Until it is told to stop. A bot that ends before is an error, or, with `killed`, started again and told."""
        stopped = asyncio.create_task(stop.wait())
        try:
            if await _ended(self.bot, stopped, raises=killed is None):
                return
            while killed is not None:
                async with self.program.running() as bot:
                    await _connect(self.stage, bot)
                    killed(bot)
                    if await _ended(bot, stopped, raises=False):
                        return
        finally:
            stopped.cancel()


@asynccontextmanager
async def simulation(
    folder: Path, database: Path, port: int = 0, practice: Path | None = None
) -> AsyncIterator[Simulation]:
    """All of it while the block lasts; temporary files go to `folder`, what others may use to `practice`.

    Raises ProgramError.
    """
    stage = Stage()
    if practice is not None:
        prepare(practice, stage)
    async with AsyncExitStack() as stack:
        page = await stack.enter_async_context(serving(Page(stage.phones).app(), port))
        telegram = await stack.enter_async_context(serving(stage.telegram.app()))
        zalo = await stack.enter_async_context(serving(stage.zalo.app()))
        environment = {**stage.environment(telegram, zalo), **_place(folder, database)}
        if practice is not None:
            tell(practice, environment)
        program = Program(folder, environment)
        await program.once("zalo", "token", given=stage.zalo_tokens())
        bot = await stack.enter_async_context(program.running())
        await _connect(stage, bot)
        yield Simulation(page, stage, program, bot)


async def _connect(stage: Stage, bot: RunningProgram) -> None:
    if not await stage.zalo.webhook.save(bot.address + PATH):
        raise ProgramError("the bot did not answer Zalo's test of its webhook")


async def _ended(bot: RunningProgram, stopped: asyncio.Task[bool], *, raises: bool) -> bool:
    """Wait for either; whether it was told to stop. Raises ProgramError when the bot ended and that is an error."""
    ended = asyncio.create_task(bot.ended())
    await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
    if stopped.done():
        ended.cancel()
        return True
    error = ended.exception()
    if raises and error is not None:
        raise error
    return False


def _place(folder: Path, database: Path) -> dict[str, str]:
    return {
        "BHYT_DATABASE__URL": f"sqlite:///{database.absolute()}",
        "BHYT_DELIVERY__INBOX": str(folder / "inbox"),
        "BHYT_WEB__PORT": "0",
        "BHYT_LOG__LEVEL": "warning",
    }
