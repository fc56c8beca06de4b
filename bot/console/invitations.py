"""Links with which staff choose a password. Only their digest is kept; a link is good once and for some hours."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.outreach import staff as service
from bot.outreach.errors import StaffError
from bot.store.models import StaffRole, StaffRow, StaffSessionRow

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.store.session import Session


def digest_of(token: str) -> str:
    """What is kept of a token that only its holder knows."""
    return hashlib.sha256(token.encode()).hexdigest()


async def invite(session: Session, login: str, now: datetime, lifetime: timedelta, *, by: str) -> str:
    """A new token for somebody; one made before ends. Raises StaffError unless an administrator asks."""
    await service.acting(session, by, StaffRole.ADMIN)
    invited = await service.find(session, login)
    if invited.disabled is not None:
        raise StaffError(f"Tài khoản “{invited.login}” đã bị khóa")
    token = secrets.token_urlsafe(32)
    row = await session.get(StaffRow, invited.id)
    if row is not None:
        row.invitation, row.invited_until = digest_of(token), now + lifetime
        await session.flush()
    return token


async def invited(session: Session, token: str, now: datetime) -> StaffRow | None:
    """Whose invitation this is; None when it is nobody's, used or too old."""
    wanted = select(StaffRow).where(StaffRow.invitation == digest_of(token), StaffRow.disabled.is_(None))
    row = await session.scalar(wanted.with_for_update())
    if row is None or row.invited_until is None or row.invited_until <= now:
        return None
    return row


async def accept(session: Session, token: str, password: str, now: datetime) -> StaffRow | None:
    """Set the (digest of a) password, end the invitation and all sessions; None when it does not hold any more."""
    row = await invited(session, token, now)
    if row is None:
        return None
    row.password, row.invitation, row.invited_until = password, None, None
    row.failures, row.locked_until = 0, None
    await session.flush()
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == row.id))
    return row


def path_of(token: str) -> str:
    """Where a link leads, from the top of our address."""
    return f"/console/invitation/{token}"
