"""Collects what reached browsers and confirms it in bulk, so that a turn costs no second transaction."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.actions import Action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.web.ports import Transcript

_PAUSE = 0.5
_log = structlog.get_logger(__name__)


class Receipts:
    """Ids of replies that were written to a browser; `run` confirms them until cancelled, `flush` at once.

    Lost at a kill: then they are confirmed when the page next shows them. Confirming twice does no harm.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._ids: set[int] = set()
        self._some = asyncio.Event()

    def add(self, ids: Iterable[int]) -> None:
        self._ids.update(ids)
        if self._ids:
            self._some.set()

    async def flush(self) -> None:
        """Confirm what has been collected; when that fails it is kept for the next time."""
        ids, self._ids = sorted(self._ids), set()
        self._some.clear()
        if not ids:
            return
        try:
            await self._transcript.confirm(ids)
        except Exception as error:  # noqa: BLE001 - the database's errors vary by driver; nothing is lost
            self.add(ids)
            _log.warning(Action.WEB_FAILED, route="receipts", count=len(ids), exc_info=error)

    async def run(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(_PAUSE)
            await self.flush()
