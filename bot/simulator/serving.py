"""A web application on a port of the loopback."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from errno import EADDRINUSE
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import TYPE_CHECKING

from aiohttp import web

from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


HOST = "127.0.0.1"
PAUSE = 0.1
"""Seconds between two looks at whether a port is free."""


class PortTakenError(BotError):
    """Another program has the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Cổng {port} trên máy này đang có chương trình khác dùng.")
        self.port = port


def is_free(port: int) -> bool:
    """Whether a program could listen there now."""
    with socket() as probe:
        if os.name == "posix":  # elsewhere it would share the port with whoever has it
            probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


async def freed(port: int, seconds: float) -> None:
    """Wait until no program listens on a port. Raises PortTakenError after so many seconds."""
    for _ in range(round(seconds / PAUSE)):
        if is_free(port):
            return
        await asyncio.sleep(PAUSE)
    raise PortTakenError(port)


@asynccontextmanager
async def serving(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """Serve while the block lasts, on a free port if none is given; gives the address without a slash at its end.

    Raises PortTakenError.
    """
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as error:
            if error.errno != EADDRINUSE:
                raise
            raise PortTakenError(port) from None
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
