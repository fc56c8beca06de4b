"""A period in figures, as the console shows it: what was asked, what staff did, what campaigns sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.outreach.reports.asked import by_day, by_entry, wordings
from bot.outreach.reports.attribution import attribute
from bot.outreach.reports.caseload import Caseload, caseload
from bot.outreach.reports.sendings import Sending, sendings
from handlers.turn import Decision

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from bot.cases.clocks import OfficeHours
    from bot.config import Settings
    from bot.outreach.reports.period import Period
    from bot.outreach.reports.wordings import Wording
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase


@dataclass(frozen=True)
class Overview:
    """A period as of `at`. `questions` counts by (entry, decision), `daily` by (day, decision).

    Questions are those of the whole country: who asked is not kept. Cases and campaigns are those of the `province`,
    questions those of the `topic` of the knowledge base, None for all. `wordings` are ways of asking without an answer
    that at least `least` questions share, `unshown` counts the others.
    """

    period: Period
    at: datetime
    province: str | None
    topic: str | None
    least: int
    questions: Mapping[tuple[str | None, Decision], int]
    daily: Counter[tuple[date, Decision]]
    wordings: tuple[Wording, ...]
    unshown: int
    cases: Caseload
    campaigns: tuple[Sending, ...]

    @property
    def asked(self) -> int:
        return sum(self.questions.values())

    @property
    def answered(self) -> int:
        return sum(count for (_, decision), count in self.questions.items() if decision is Decision.ANSWER)

    def topics(self, base: KnowledgeBase) -> Mapping[str, Counter[Decision]]:
        """Questions of each topic by decision, the most frequent first; "" when no answer was near."""
        found: dict[str, Counter[Decision]] = {}
        for (entry, decision), count in self.questions.items():
            topic = base.entries[entry].topic if entry in base.entries else ""
            found.setdefault(topic, Counter())[decision] += count
        return dict(sorted(found.items(), key=lambda item: (-item[1].total(), not item[0], item[0])))


@dataclass(frozen=True)
class Reporter:
    """Reports on periods of a province or of the country."""

    database: Database
    base: KnowledgeBase
    hours: OfficeHours
    settings: Settings

    async def overviews(
        self, periods: Collection[Period], now: datetime, province: str | None = None, topic: str | None = None
    ) -> list[Overview]:
        """One for each period. What people did after campaign messages is counted up to now first."""
        await attribute(self.database, now)
        return [await self._overview(period, now, province, topic) for period in periods]

    async def _overview(self, period: Period, now: datetime, province: str | None, topic: str | None) -> Overview:
        least = self.settings.outreach.group_size
        entries = None if topic is None else [one.id for one in self.base.entries.values() if one.topic == topic]
        async with self.database.reading() as session:
            shown, unshown = await wordings(session, period, least, entries)
            return Overview(
                period=period,
                at=now,
                province=province,
                topic=topic,
                least=least,
                questions=await by_entry(session, period, entries),
                daily=await by_day(session, period, entries),
                wordings=shown,
                unshown=unshown,
                cases=await caseload(session, period, self.hours, self.settings.cases, now, province),
                campaigns=await sendings(session, period, least, province),
            )
