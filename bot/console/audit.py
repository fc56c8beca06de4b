"""Who saw or changed what. Nothing is ever taken out, and no citizen is named."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.models import AuditRow

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from bot.store.session import Session

SAME_VIEW = timedelta(hours=1)
"""Looking again within this time is the same look: an open page renews itself."""


async def note(
    session: Session, staff: int | None, action: str, what: str, now: datetime, detail: dict[str, Any] | None = None
) -> None:
    """Something was changed; `what` is a kind and an id, such as "case:17"."""
    session.add(AuditRow(staff_id=staff, action=action, object=what, detail=detail or {}, happened=now))
    await session.flush()


async def seen(session: Session, staff: int | None, action: str, what: str, now: datetime) -> bool:
    """Whether the same person was noted for the same look a short while ago."""
    same = select(AuditRow.id).where(
        AuditRow.object == what,
        AuditRow.happened > now - SAME_VIEW,
        AuditRow.staff_id == staff,
        AuditRow.action == action,
    )
    return await session.scalar(same.limit(1)) is not None
