"""Whether somebody can be written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, update

from bot.store.models import IdentityRow

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session


async def mark_unreachable(session: Session, account: str, sender: str, reason: str, since: datetime) -> None:
    """Nothing can be sent to this sender; a later sign of life stays."""
    await _change(session, account, sender, reason, since)


async def mark_reachable(session: Session, account: str, sender: str, since: datetime) -> None:
    """The sender wrote, or unblocked us; a later block stays."""
    await _change(session, account, sender, None, since)


async def _change(session: Session, account: str, sender: str, reason: str | None, since: datetime) -> None:
    changed = IdentityRow.reachability_changed
    newest = or_(changed.is_(None), changed <= since)
    theirs = (IdentityRow.account == account) & (IdentityRow.sender == sender)
    values = {"unreachable": reason, "reachability_changed": since}
    await session.execute(update(IdentityRow).where(theirs, newest).values(values))
