"""The real bot as a child process, with settings of its own; of this process's it takes how answers are found."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from bot.config import PREFIX, variable
from bot.errors import BotError

if TYPE_CHECKING:
    from asyncio import StreamReader
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

PATIENCE = 20.0
"""Seconds that the bot has to end by itself."""
_TAKEN = (variable("search", "embeddings"),)
_ADDRESS = re.compile(rb"http://\S+")


class ProgramError(BotError):
    """The bot ended, or did not start; why stands in what it printed."""


class Program:
    """`python -m bot` with an empty settings file in `folder` and these variables."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        settings = folder / "simulator.toml"
        settings.touch()
        own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) or name in _TAKEN}
        self._environment = {**own, **environment, "PYTHONUNBUFFERED": "1"}
        self._start = (sys.executable, "-m", "bot", "--config", str(settings))

    async def once(self, *arguments: str, given: str) -> None:
        """One command with something on its standard input. Raises ProgramError when it fails."""
        process = await asyncio.create_subprocess_exec(
            *self._start, *arguments, stdin=PIPE, stderr=PIPE, env=self._environment
        )
        _, said = await process.communicate(given.encode())
        if process.returncode:
            raise ProgramError(said.decode(errors="replace").strip())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningProgram]:
        """The bot while the block lasts. Raises ProgramError when it does not start.

        Its standard input is a pipe whose other end only this process holds: when this one is killed the bot ends too.
        """
        process = await asyncio.create_subprocess_exec(
            *self._start, "run", "--until-input-ends", stdin=PIPE, stdout=PIPE, env=self._environment
        )
        try:
            yield await RunningProgram.of(process)
        finally:
            await _end(process)


class RunningProgram:
    """A bot that is serving at `address`."""

    def __init__(self, process: Process, address: str, draining: asyncio.Task[None]) -> None:
        self.address = address
        self.id = process.pid
        self._process, self._draining = process, draining

    @classmethod
    async def of(cls, process: Process) -> RunningProgram:
        output = process.stdout
        if output is None:
            raise ProgramError("no output")
        while line := await output.readline():
            if found := _ADDRESS.search(line):
                return cls(process, found[0].decode(), asyncio.create_task(_drain(output)))
        raise ProgramError(f"the bot ended with exit code {await process.wait()}")

    async def ended(self) -> None:
        """When the bot ends by itself; raises ProgramError."""
        await self._draining
        raise ProgramError(f"the bot ended with exit code {await self._process.wait()}")


async def _drain(output: StreamReader) -> None:
    """Read what nobody needs, so that the bot never waits to print."""
    while await output.read(4096):
        pass


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
