"""What comes round again without anybody asking. Each may be done as often as one likes, and by several processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.outreach.contacts.projecting import refresh_contacts
from bot.outreach.quiz_series import due_round
from bot.outreach.reminders import due_reminders
from bot.outreach.reports.attribution import attribute

if TYPE_CHECKING:
    from datetime import datetime

    from bot.outreach.delivery.office import Office


async def do_chores(office: Office, now: datetime) -> None:
    """Read what conversations told into the contacts and the ledgers; then the quiz of the week, and what is due."""
    await refresh_contacts(office.database, now, office.base.entries)
    await attribute(office.database, now)
    async with office.database.transaction() as session:
        await due_round(session, office.base, now)
        await due_reminders(session, now)
