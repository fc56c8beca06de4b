"""Tells open pages that something happened to a case, so that they renew themselves."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.web.refusals import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiohttp import web

    from bot.cases.events import Bus, Change

MOST = 500
MOST_EACH = 6
"""Open pages in all, and of one session: browsers open no more to one host over HTTP/1.1."""


class Live:
    """The open streams of this process. They end when it does; browsers come back by themselves."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._tasks: set[asyncio.Task[object]] = set()
        self._open: Counter[str] = Counter()
        self.closing = False

    @contextmanager
    def listen(self, session: str) -> Iterator[asyncio.Queue[Change]]:
        """The changes from now on; raises Refusal when there are too many streams."""
        task = asyncio.current_task()
        if task is None or self.closing or self._open.total() >= MOST or self._open[session] >= MOST_EACH:
            raise Refusal(Refused.TOO_FAST)
        self._tasks.add(task)
        self._open[session] += 1
        try:
            with self._bus.listen() as queue:
                yield queue
        finally:
            self._tasks.discard(task)
            self._open[session] -= 1
            self._open += Counter()

    async def close(self, _app: web.Application) -> None:
        """End all streams."""
        self.closing = True
        for task in self._tasks:
            task.cancel()
