"""GET /metrics for Prometheus, on this machine only."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import generate_latest

from bot.metrics import OUTBOX_AGE, REGISTRY
from bot.store.delivering import oldest_waiting

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.service import Service
    from bot.store.database import Database


class Metrics:
    """What the counters say, and the age of the oldest reply that waits, which is looked up when it is asked for."""

    def __init__(self, database: Database, service: Service, clock: Clock) -> None:
        self._database = database
        self._service = service
        self._clock = clock

    async def get(self, request: web.Request) -> web.Response:
        """The request handler. Whoever comes through a proxy, or from elsewhere, finds nothing."""
        if "X-Forwarded-For" in request.headers or not _is_local(request.remote):
            raise web.HTTPNotFound
        async with self._database.reading() as session:
            oldest = await oldest_waiting(session, list(self._service.delivery.outlets))
        OUTBOX_AGE.set((self._clock() - oldest).total_seconds() if oldest else 0)
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": "text/plain; version=0.0.4"})


def _is_local(remote: str | None) -> bool:
    try:
        return remote is not None and ip_address(remote.partition("%")[0]).is_loopback
    except ValueError:
        return False
