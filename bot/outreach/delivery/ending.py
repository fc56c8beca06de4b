"""Whoever can no longer get a message: the rest of a campaign that is over, a bounded number at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from bot.outreach.delivery.ledger import NOT_NOTED
from bot.outreach.eligibility import SkipReason
from bot.store.models import AccountRow, RecipientRow, RecipientState, table_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session

AT_ONCE = 2_000
LEFT = (RecipientState.PLANNED, RecipientState.WAITING)

_recipient, _account = table_of(RecipientRow), table_of(AccountRow)

# Account by account, so that each state is one place in the index of a ledger of any size.
_THOSE = (
    select(_recipient.c.id)
    .where(
        _recipient.c.campaign_id == bindparam("campaign"),
        _recipient.c.account == bindparam("account"),
        _recipient.c.state == bindparam("state"),
    )
    .limit(bindparam("count"))
)


async def skip_rest(session: Session, campaign: int, now: datetime) -> int:
    """Skip some of those whom a campaign that is over did not reach; gives their number, 0 when nobody is left."""
    for account in await _accounts(session):
        for state in LEFT:
            values = {"campaign": campaign, "account": account, "state": state.value, "count": AT_ONCE}
            rows = list((await session.execute(_THOSE, values)).scalars())
            if rows:
                ended = {
                    "state": RecipientState.SKIPPED.value,
                    "reason": SkipReason.CAMPAIGN_ENDED.value,
                    "updated": now,
                }
                await session.execute(update(_recipient).where(_recipient.c.id.in_(rows)).values(ended))
                return len(rows)
    return 0


async def let_go(session: Session, campaign: int, before: datetime, now: datetime) -> None:
    """Skip some of those who have waited since before a moment for writing to us; the others in the next tick."""
    for account in await _accounts(session):
        long = _THOSE.where(_recipient.c.updated < before)
        values = {
            "campaign": campaign,
            "account": account,
            "state": RecipientState.WAITING.value,
            "count": AT_ONCE,
        }
        rows = list((await session.execute(long, values)).scalars())
        ended = {"state": RecipientState.SKIPPED.value, "reason": SkipReason.WAITED_OUT.value, "updated": now}
        await session.execute(update(_recipient).where(_recipient.c.id.in_(rows)).values(ended))


async def forsake(session: Session, campaign: int, before: datetime, now: datetime) -> None:
    """Nobody sends this campaign, so whoever was taken before a moment is in nobody's hands."""
    for account in await _accounts(session):
        held = (
            _recipient.c.campaign_id == campaign,
            _recipient.c.account == account,
            _recipient.c.state == RecipientState.SENDING.value,
            _recipient.c.updated < before,
        )
        values = {"state": RecipientState.UNKNOWN.value, "reason": NOT_NOTED, "updated": now}
        await session.execute(update(_recipient).where(*held).values(values))


async def has_left(session: Session, campaign: int) -> bool:
    """Whether anybody may still get it, or is being sent it now."""
    for account in await _accounts(session):
        for state in (*LEFT, RecipientState.SENDING):
            values: dict[str, Any] = {"campaign": campaign, "account": account, "state": state.value, "count": 1}
            if (await session.execute(_THOSE, values)).first() is not None:
                return True
    return False


async def _accounts(session: Session) -> list[str]:
    return list((await session.execute(select(_account.c.id))).scalars())
