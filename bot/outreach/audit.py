"""The history of a campaign: every step with who took it, when, and what it was about. Nothing is ever taken out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.store.campaigns import insert_event

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session


class Step(StrEnum):
    """What happened to a campaign."""

    CREATED = "created"
    EDITED = "edited"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    VOIDED = "voided"
    TESTED = "tested"
    RELEASED = "released"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    FINISHED = "finished"
    SETTLED = "settled"


async def note(session: Session, campaign: int, step: Step, staff: int | None, now: datetime, **detail: object) -> None:
    """Add a step in this transaction; `staff` is None for the program itself, `detail` goes into JSON."""
    await insert_event(session, campaign, step.value, staff, detail, now)
