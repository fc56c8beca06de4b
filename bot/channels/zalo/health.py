"""How the tokens of the Official Accounts are, for metrics, the command line and the doctor. Holds no secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.channels.zalo.account import account_of
from bot.channels.zalo.oauth import REFRESH_LIFETIME
from bot.channels.zalo.requirements import missing
from bot.findings import Finding, Health
from bot.store.models import TokenState
from bot.store.quotas import KnownQuotas, read_quotas
from bot.store.tokens import StoredToken, read_token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.settings import OfficialAccount, ZaloSettings
    from bot.store.database import Database

OLD = timedelta(days=75)
"""Age of a refresh token at which staff are told: it dies after 90 days."""
NOT_CONNECTED = "missing"
_QUIET = timedelta(hours=25)
"""Without success for so long the access token has ended too."""


@dataclass(frozen=True)
class TokenHealth:
    """How an account's tokens are; `state` is "missing", "ok" or "reconnect"."""

    account: str
    state: str
    expires: datetime | None = None
    last_success: datetime | None = None
    refresh_age: timedelta | None = None
    pending: bool = False
    """A refresh was cut off, and whether it took place is not known."""

    @property
    def days_left(self) -> int | None:
        """Full days until the refresh token dies, unless it is used before."""
        return None if self.refresh_age is None else max(0, (REFRESH_LIFETIME - self.refresh_age).days)


def outcome_unknown(stored: StoredToken, now: datetime) -> bool:
    """Whether a refresh was begun of which nobody knows how it ended."""
    is_leased = stored.lease_until is not None and stored.lease_until > now
    return stored.pending_since is not None and not is_leased


def health_of(account: str, stored: StoredToken | None, now: datetime) -> TokenHealth:
    """The health of a pair as stored."""
    if stored is None:
        return TokenHealth(account, NOT_CONNECTED)
    return TokenHealth(
        account,
        stored.state.value,
        expires=stored.expires,
        last_success=stored.last_success,
        refresh_age=now - stored.refreshed_at,
        pending=outcome_unknown(stored, now),
    )


async def healths(
    settings: ZaloSettings, database: Database, now: datetime
) -> list[tuple[OfficialAccount, TokenHealth]]:
    """The health of every account of the settings."""
    async with database.reading() as session:
        stored = {oa.id: await read_token(session, account_of(oa.id)) for oa in settings.oa}
    return [(oa, health_of(account_of(oa.id), stored[oa.id], now)) for oa in settings.oa]


async def examine(settings: ZaloSettings, public_url: str, database: Database, now: datetime) -> list[Finding]:
    """What the doctor says about Zalo; nothing when there is no account. Raises what the database raises."""
    if not settings.oa:
        return []
    wrong = [Finding("zalo", Health.BROKEN, str(setting)) for setting in missing(settings)]
    if not public_url:
        what = "web.public_url is not set: Zalo cannot reach the webhook (environment: BHYT_WEB__PUBLIC_URL)"
        wrong.append(Finding("zalo", Health.NOTE, what))
    tokens = await healths(settings, database, now)
    connected = [finding for oa, health in tokens for finding in _found(oa, health, now)]
    async with database.reading() as session:
        quotas = [(oa, await read_quotas(session, account_of(oa.id))) for oa in settings.oa]
    return [*wrong, *connected, *(_left(oa, known) for oa, known in quotas if known.asked is not None)]


def _left(oa: OfficialAccount, known: KnownQuotas) -> Finding:
    """What may still be sent outside the free window."""
    kinds = ", ".join(f"{quota.kind} {quota.remain} of {quota.total}" for quota in known.quotas)
    told = f"messages left outside the free window on {known.asked:%d/%m/%Y %H:%M}: {kinds}"
    if any(quota.remain for quota in known.quotas):
        return Finding(f"zalo {oa.name}", Health.WELL, told)
    who = "the linked ZBS account pays" if oa.wallet else "none is sent; wallet = true lets the linked ZBS account pay"
    return Finding(f"zalo {oa.name}", Health.NOTE, f"{told}; {who}")


def _found(oa: OfficialAccount, health: TokenHealth, now: datetime) -> Iterator[Finding]:
    part = f"zalo {oa.name}"
    if health.state == NOT_CONNECTED:
        yield Finding(part, Health.BROKEN, "not connected yet; run bhyt-bot zalo login")
    elif health.state == TokenState.RECONNECT:
        yield Finding(part, Health.BROKEN, "Zalo refused the refresh token; run bhyt-bot zalo login")
    elif health.refresh_age is not None and health.refresh_age >= OLD:
        yield Finding(
            part, Health.BROKEN, f"the refresh token dies in {health.days_left} days; run bhyt-bot zalo login"
        )
    elif health.last_success is None or now - health.last_success > _QUIET:
        yield Finding(part, Health.NOTE, "the tokens were not refreshed for more than a day; is the bot running?")
    elif health.pending:
        yield Finding(part, Health.NOTE, "a refresh was cut off; the bot tries the stored token once more")
    else:
        since = f"refreshed {health.last_success:%d/%m/%Y %H:%M}"
        yield Finding(part, Health.WELL, f"connected, {since}, {health.days_left} days left")
