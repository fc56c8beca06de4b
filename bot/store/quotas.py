"""What an account may still send, as its platform said last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from bot.store.models import QuotaRow, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.store.session import Session

_quota = table_of(QuotaRow)


@dataclass(frozen=True)
class Quota:
    """Messages left, `remain` of `total`, of one kind as the platform names it."""

    kind: str
    remain: int
    total: int


@dataclass(frozen=True)
class KnownQuotas:
    """The quotas of an account and when they were asked for; `asked` is None when they never were."""

    quotas: tuple[Quota, ...]
    asked: datetime | None


async def keep_quotas(session: Session, account: str, quotas: Sequence[Quota], now: datetime) -> None:
    """Keep what the platform said, in place of what it said before."""
    await session.execute(delete(_quota).where(_quota.c.account == account))
    rows = [{"account": account, "kind": q.kind, "remain": q.remain, "total": q.total, "asked": now} for q in quotas]
    if rows:
        await session.execute(insert(_quota), rows)


async def read_quotas(session: Session, account: str) -> KnownQuotas:
    """What the platform said last about an account."""
    rows = (await session.execute(select(_quota).where(_quota.c.account == account).order_by(_quota.c.kind))).all()
    quotas = tuple(Quota(row.kind, row.remain, row.total) for row in rows)
    return KnownQuotas(quotas, rows[0].asked if rows else None)
