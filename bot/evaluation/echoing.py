"""What the two echo bots share. They read the same settings as our bot, so that all are started in the same way."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.cli.console import output
from bot.cli.stopping import stop_signal
from bot.simulator.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import web

PATH = "/hook"
ANSWER = (
    "Chào bạn! Bảo hiểm y tế học sinh, sinh viên giúp chi trả chi phí khám chữa bệnh khi ốm đau, tai nạn. "
    "Bạn hỏi thầy cô chủ nhiệm để biết cách tham gia ở trường nhé."
)


@asynccontextmanager
async def served(app: web.Application, port: int) -> AsyncIterator[str]:
    """Serve until the process is told to stop; the block, given the address, gets ready what comes before "ready"."""
    stop = stop_signal()
    async with serving(app, port) as address:
        yield address
        output().print(address, markup=False)
        await stop.wait()
