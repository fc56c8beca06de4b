"""GET /metrics for Prometheus, on this machine only."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import generate_latest

from bot.metrics import CAMPAIGNS, CASE_AGE, CASES, KNOWLEDGE_OVERDUE, OUTBOX_AGE, REGISTRY
from bot.store.delivering import oldest_waiting
from bot.store.figures import count_campaigns, count_cases
from bot.store.models import CampaignState, CaseState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.app import Runtime
    from bot.service import Service
    from bot.store.session import Session


class Metrics:
    """What the counters say, and how replies, cases, campaigns and answers stand, looked up when it is asked for."""

    def __init__(self, runtime: Runtime, service: Service) -> None:
        self._runtime = runtime
        self._service = service

    async def get(self, request: web.Request) -> web.Response:
        """The request handler. Whoever comes through a proxy, or from elsewhere, finds nothing."""
        if "X-Forwarded-For" in request.headers or not _is_local(request.remote):
            raise web.HTTPNotFound
        now = self._runtime.clock()
        async with self._runtime.database.reading() as session:
            oldest = await oldest_waiting(session, list(self._service.delivery.outlets))
            await _look_at_cases(session, now)
            campaigns = await count_campaigns(session)
        OUTBOX_AGE.set((now - oldest).total_seconds() if oldest else 0)
        for state in CampaignState:
            CAMPAIGNS.labels(state).set(campaigns.get(state, 0))
        entries = self._runtime.core.base.entries.values()
        KNOWLEDGE_OVERDUE.set(sum(entry.review_by < now.date() for entry in entries))
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": "text/plain; version=0.0.4"})


async def _look_at_cases(session: Session, now: datetime) -> None:
    counted = await count_cases(session)
    for state in CaseState:
        if state is not CaseState.RESOLVED:
            count, oldest = counted.get(state, (0, now))
            CASES.labels(state).set(count)
            CASE_AGE.labels(state).set((now - oldest).total_seconds())


def _is_local(remote: str | None) -> bool:
    try:
        return remote is not None and ip_address(remote.partition("%")[0]).is_loopback
    except ValueError:
        return False
