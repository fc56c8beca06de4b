"""What a sender needs to know of a campaign: who may get it now, what they read, and whether it is the time for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.outreach.eligibility import Eligibility, ask
from bot.outreach.fields import LINK
from bot.outreach.links import links
from bot.outreach.schedule import Schedule
from bot.outreach.texts import language_of, render

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select

    from bot.config import Settings
    from bot.outreach.campaign import Campaign
    from bot.outreach.delivery.ledger import Planned
    from bot.outreach.eligibility import Standing
    from bot.outreach.links import Link
    from bot.store.session import Session
    from handlers.turn import Reply
    from knowledge.base import KnowledgeBase

FRESH = timedelta(minutes=1)
"""For so long a query of the rules is asked again: its moment, from which windows and caps count, is that old.
Making it takes ten times as long as asking it."""
KEPT = 1_000
"""Renderings that are remembered: most people of a campaign read the same."""


@dataclass
class Order:
    """One campaign through one of our accounts."""

    campaign: Campaign
    account: str
    _rules: Eligibility
    _schedule: Schedule
    _base: KnowledgeBase
    _link: Link | None
    _rendered: dict[tuple[object, ...], Reply] = field(default_factory=dict)
    _query: Select[*tuple[Any, ...]] | None = None

    @classmethod
    def of(cls, campaign: Campaign, account: str, settings: Settings, base: KnowledgeBase, now: datetime) -> Order:
        """With the rules that hold now."""
        rules, schedule = Eligibility.of(campaign, settings, now), Schedule.of(campaign, settings.outreach, now)
        link = links(settings, campaign.attribution).get(account)
        return cls(campaign, account, rules, schedule, base, link)

    def may_send(self, now: datetime) -> bool:
        """Whether it is the time: begun, not quiet, not over."""
        return self._schedule.next_moment(now) == now

    async def check(self, session: Session, people: Sequence[int], now: datetime) -> dict[int, Standing]:
        """How each of these people stands now; somebody who was erased is missing."""
        if self._query is None or not self._rules.now <= now < self._rules.now + FRESH:
            self._rules = replace(self._rules, now=now)
            self._query = self._rules.checking(self.account)
        return await ask(session, self._query, people)

    def render(self, planned: Planned, day: date) -> Reply:
        """What this recipient reads. Raises FactError when the text names a fact that has no value on that day."""
        key = (day, planned.variant, *planned.params.items())
        reply = self._rendered.get(key)
        if reply is None:
            if len(self._rendered) >= KEPT:
                self._rendered.clear()
            reply = render(self._base, self.campaign.content, planned.variant, self._values(planned), day)
            self._rendered[key] = reply
        return reply

    def _values(self, planned: Planned) -> dict[str, str]:
        """The frozen values as they are written, and what is the same for everybody."""
        values = {name: str(value) for name, value in planned.params.items() if value is not None}
        if "tinh" in values:
            office = self._base.offices.get(values["tinh"])
            values["tinh"] = office.short_name if office else ""
        if self._link is not None:
            values[LINK] = self._link.told(language_of(planned.variant))
        return values
