"""Reports for staff, on the command line and in the console. What people did up to now is counted first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.outreach.reports.attribution import attribute
from bot.outreach.reports.period import Period
from bot.outreach.reports.results import results
from bot.outreach.reports.results_document import results_document
from bot.outreach.reports.week import weekly
from bot.outreach.reports.week_document import week_document

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.outreach.reports.document import Document
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase


async def report_campaign(database: Database, code: str, base: KnowledgeBase, least: int, now: datetime) -> Document:
    """What came of a campaign. Raises CampaignError when there is none of that code."""
    await attribute(database, now)
    async with database.reading() as session:
        return results_document(await results(session, code, base, least, now), base)


async def report_week(database: Database, day: date | None, base: KnowledgeBase, least: int, now: datetime) -> Document:
    """The week of a day; without one the last that is over."""
    await attribute(database, now)
    week = Period.week_of(day) if day else Period.week_of(now.date()).before
    async with database.reading() as session:
        return week_document(await weekly(session, week, least, now), base)
