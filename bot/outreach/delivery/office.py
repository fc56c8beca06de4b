"""What all campaigns of a process need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from bot.channels.zalo.account import account_of
from bot.outreach.delivery.allowance import Allowance, Quota

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.clock import Clock
    from bot.config import Settings
    from bot.delivery.outlet import Outlet
    from bot.delivery.pacing import Pacer
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase

MINUTE = 60.0


@dataclass(frozen=True)
class Office:
    """`outlets` are our accounts by name, each with what campaigns may send through it."""

    database: Database
    settings: Settings
    base: KnowledgeBase
    outlets: Mapping[str, tuple[Outlet, Allowance]]
    clock: Clock
    alert: Callable[[str], Awaitable[None]]

    @classmethod
    def of(
        cls,
        database: Database,
        settings: Settings,
        base: KnowledgeBase,
        outlets: Mapping[str, tuple[Outlet, Pacer]],
        clock: Clock,
        alert: Callable[[str], Awaitable[None]],
    ) -> Self:
        """With the quotas of the settings, behind the replies of each account."""
        quotas = _quotas(settings)
        allowed = {account: (outlet, Allowance(quotas[account], pacer)) for account, (outlet, pacer) in outlets.items()}
        return cls(database, settings, base, allowed, clock, alert)


def _quotas(settings: Settings) -> dict[str, Quota]:
    """Telegram counts by the second, Zalo by the minute."""
    share = settings.outreach.zalo_share
    found = {account_of(oa.id): Quota(max(1, int(oa.rate * share)), MINUTE) for oa in settings.zalo.oa}
    return {settings.telegram.account: Quota.per_second(settings.outreach.telegram_rate), **found}
