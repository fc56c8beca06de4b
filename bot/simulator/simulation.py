"""Everything at once: both platforms, the page, and the real bot between them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.zalo.webhook import PATH
from bot.clock import now
from bot.config import variable
from bot.simulator.page import Page
from bot.simulator.practice import kept, prepare, tell
from bot.simulator.program import PATIENCE, Program, ProgramError, RunningProgram
from bot.simulator.remembering import remember
from bot.simulator.serving import freed, is_free, serving
from bot.simulator.stage import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

WEB_PORTS = range(8091, 8191)
"""Where the bot of a new practice listens: the first that is free. Systems give none of these away by themselves."""
_DATABASE, _WEB_PORT = variable("database", "url"), variable("web", "port")


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

    What was told of a practice before stays true: its secrets, and the addresses, for as long as they are free. Raises
    ProgramError, and PortTakenError when another program has the port of the page or of the practice's bot.
    """
    before = kept(practice) if practice is not None else {}
    stage = Stage(before)
    regulars = prepare(practice, stage) if practice is not None else []
    async with AsyncExitStack() as stack:
        page = await stack.enter_async_context(serving(Page(stage.phones).app(), port))
        telegram = await stack.enter_async_context(serving(stage.telegram.app(), _again(before, "telegram")))
        zalo = await stack.enter_async_context(serving(stage.zalo.app(), _again(before, "zalo")))
        web = await _web_port(before) if practice is not None else 0
        environment = {**stage.environment(telegram, zalo), **_place(database, web)}
        if practice is not None:
            tell(practice, environment)
        program = Program(folder, environment)
        await program.once("zalo", "token", given=stage.zalo_tokens())
        await remember(stage, environment[_DATABASE], regulars, now)
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


def _place(database: Path, web: int) -> dict[str, str]:
    """What came in and is not answered yet stands beside the database, so that it is kept with it."""
    return {
        _DATABASE: f"sqlite:///{database.absolute()}",
        "BHYT_DELIVERY__INBOX": str(database.absolute().with_suffix(".inbox")),
        _WEB_PORT: str(web),
        "BHYT_LOG__LEVEL": "warning",
    }


def _again(before: Mapping[str, str], platform: str) -> int:
    """The port that a platform had before, 0 when it had none or it is taken."""
    port = urlsplit(before.get(variable(platform, "api_url"), "")).port or 0
    return port if is_free(port) else 0


async def _web_port(before: Mapping[str, str]) -> int:
    """The port of a practice's bot, always the same: invitations stay true. One that was left alone may end first."""
    port = before.get(_WEB_PORT, "")
    if not port.isdecimal() or not int(port):
        return next((port for port in WEB_PORTS if is_free(port)), 0)
    await freed(int(port), PATIENCE)
    return int(port)
