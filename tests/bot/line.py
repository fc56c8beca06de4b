"""The network between a program and its database."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@dataclass(frozen=True)
class Line:
    """Connections to `port` reach the server's socket, until the line is silent: nothing passes, nobody hangs up."""

    port: int
    open: asyncio.Event

    def fall_silent(self) -> None:
        self.open.clear()

    def come_back(self) -> None:
        self.open.set()


@asynccontextmanager
async def line_to(socket: Path) -> AsyncIterator[Line]:
    """A line while the block lasts."""
    is_open = asyncio.Event()
    is_open.set()
    ends: list[asyncio.StreamWriter] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_server = await asyncio.open_unix_connection(socket)
        ends.extend((writer, to_server[1]))
        with suppress(OSError):
            await asyncio.gather(_carry(reader, to_server[1], is_open), _carry(to_server[0], writer, is_open))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield Line(server.sockets[0].getsockname()[1], is_open)
    finally:
        server.close()
        is_open.set()
        for end in ends:
            end.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_open: asyncio.Event) -> None:
    while some := await reader.read(65_536):
        await is_open.wait()
        writer.write(some)
        await writer.drain()
    writer.close()
