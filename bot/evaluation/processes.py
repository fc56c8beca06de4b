"""A program that serves in a process of its own, and what the system tells of it."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

START_LIMIT = 60.0
STOP_LIMIT = 15.0

_ORIGIN = re.compile(r"http://\S+")


@dataclass(frozen=True)
class Serving:
    """A program that serves at `origin`. What the system does not tell is None."""

    origin: str
    pid: int

    @property
    def memory(self) -> int | None:
        """What it holds in memory now, in bytes."""
        with suppress(OSError):
            pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE")
        return None

    @property
    def cpu(self) -> float | None:
        """Seconds for which it has had a processor."""
        with suppress(OSError):
            # The name in brackets may hold anything; behind it stand the state and, 11 fields on, the two times.
            fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return None


@asynccontextmanager
async def running(command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[Serving]:
    """A program while the block lasts; it prints its address when it serves.

    Raises RuntimeError when it ends before, TimeoutError when it does not serve within START_LIMIT.
    """
    process = await asyncio.create_subprocess_exec(
        *command, env=environment,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Serving(await asyncio.wait_for(_address(process), START_LIMIT), process.pid)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_LIMIT)
        except TimeoutError:
            process.kill()
            await process.wait()


def free_port() -> int:
    """A port of the loopback that was free a moment ago, for a program that must be told its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


async def _address(process: asyncio.subprocess.Process) -> str:
    if process.stdout is None:
        raise RuntimeError("the program has no output")
    while line := await process.stdout.readline():
        if found := _ORIGIN.search(line.decode("utf-8", "replace")):
            return found[0]
    raise RuntimeError("the program ended before it served")
