"""How the parts of the bot are, as staff should know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.channels.accounts import provinces
from bot.channels.zalo.health import NOT_CONNECTED, OLD, healths
from bot.findings import Health
from bot.store.delivering import oldest_waiting
from bot.store.models import InboundRow, TokenState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from bot.channels.zalo.health import TokenHealth
    from bot.console.console import Console
    from knowledge.base import KnowledgeBase

LATE = timedelta(minutes=2)
"""Age of the oldest reply that still waits at which something is wrong."""
SILENT = timedelta(hours=24)


@dataclass(frozen=True)
class Sign:
    """One line: `key` names its sentence, `values` fill it."""

    health: Health
    key: str
    values: dict[str, object]


async def examine(console: Console, now: datetime) -> list[Sign]:
    """Queue, platforms, tokens, knowledge; the worst first. A database that does not answer raises."""
    accounts = list(provinces(console.settings))
    async with console.database.reading() as session:
        oldest = await oldest_waiting(session, accounts) if accounts else None
        last = await session.execute(
            select(InboundRow.account, func.max(InboundRow.received))
            .where(InboundRow.account.in_(accounts))
            .group_by(InboundRow.account)
        )
        heard = {row[0]: row[1] for row in last}
    tokens = await healths(console.settings.zalo, console.database, now)
    signs = [
        Sign(Health.WELL, "database", {}),
        _queue(oldest, now),
        *(_voice(account, heard.get(account), now) for account in accounts),
        *(_token(oa.name, health) for oa, health in tokens),
        *_knowledge(console.core.base, now.date()),
    ]
    return sorted(signs, key=lambda sign: list(Health).index(sign.health), reverse=True)


def _queue(oldest: datetime | None, now: datetime) -> Sign:
    if oldest is None or now - oldest < LATE:
        return Sign(Health.WELL, "queue", {})
    return Sign(Health.BROKEN, "queue_late", {"minutes": int((now - oldest).total_seconds() // 60)})


def _voice(account: str, heard: datetime | None, now: datetime) -> Sign:
    if heard is None:
        return Sign(Health.NOTE, "never_heard", {"account": account})
    quiet = now - heard
    if quiet > SILENT:
        return Sign(Health.NOTE, "silent", {"account": account, "hours": int(quiet.total_seconds() // 3600)})
    return Sign(Health.WELL, "heard", {"account": account})


def _token(name: str, health: TokenHealth) -> Sign:
    if health.state == NOT_CONNECTED:
        return Sign(Health.BROKEN, "not_connected", {"account": name})
    if health.state == TokenState.RECONNECT:
        return Sign(Health.BROKEN, "reconnect", {"account": name})
    if health.refresh_age is not None and health.refresh_age >= OLD:
        return Sign(Health.BROKEN, "token_old", {"account": name, "days": health.days_left})
    return Sign(Health.WELL, "token", {"account": name})


def _knowledge(base: KnowledgeBase, today: date) -> Iterator[Sign]:
    past = sum(entry.review_by < today for entry in base.entries.values())
    if past:
        yield Sign(Health.NOTE, "past_review", {"count": past})
    else:
        yield Sign(Health.WELL, "reviewed", {"count": len(base.entries)})
