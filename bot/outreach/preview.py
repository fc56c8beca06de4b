"""What a campaign would do if it started now: to be looked at before it is handed in, and before it is approved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.channels.accounts import channel_of, provinces
from bot.outreach.approval import seal, shown
from bot.outreach.checking import Finding, check, size_of
from bot.outreach.checking import limit as limit_of
from bot.outreach.eligibility import SkipReason, decided
from bot.outreach.fields import FIELDS, LINK
from bot.outreach.forecast import Forecast, forecast
from bot.outreach.links import links
from bot.outreach.messages import say
from bot.outreach.schedule import Schedule
from bot.outreach.texts import language_of, render, wanted
from bot.store.models import RecipientState
from handlers.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bot.config import Settings
    from bot.outreach.campaign import Campaign
    from bot.outreach.eligibility import Eligibility
    from bot.store.session import Session
    from handlers.turn import Reply
    from knowledge.base import KnowledgeBase

Reach = dict[tuple[str | None, SkipReason | None], int]
"""How many people would be written to through an account, or not, and why."""


@dataclass(frozen=True)
class Sample:
    """A wording as somebody reads it on one channel, with example values; `size` of at most `limit` characters."""

    channel: str
    key: str
    reply: Reply
    size: int
    limit: int


@dataclass(frozen=True)
class Preview:
    """Everything an approver has to know. `reasons` are of all people; None counts those who are reached free."""

    campaign: Campaign
    people: int
    reasons: Mapping[SkipReason | None, int]
    states: Mapping[RecipientState, int]
    accounts: Mapping[str, int]
    cost: int | None
    """Dong for those who get it by a paid message; None when there are some and no price is set."""
    would_cost: int
    """Dong for those who could get it by a paid message if the campaign paid; 0 when nobody or no price is known."""
    forecast: Forecast
    waiting_days: int
    """Days for which those are waited for who can be written to only after they write."""
    samples: tuple[Sample, ...]
    findings: tuple[Finding, ...]
    seal: str

    @property
    def may_be_submitted(self) -> bool:
        return self.people > 0 and not any(finding.blocks for finding in self.findings)


async def reach(session: Session, rules: Eligibility, audience: ColumnElement[bool]) -> Reach:
    """How the people of an audience, a condition over `person.id`, stand now."""
    standing = rules.candidates(audience).subquery()
    query = select(standing.c.account, standing.c.reason, func.count()).group_by(standing.c.account, standing.c.reason)
    return {
        (account, SkipReason(reason) if reason else None): count
        for account, reason, count in await session.execute(query)
    }


def preview(campaign: Campaign, reached: Reach, base: KnowledgeBase, settings: Settings, now: datetime) -> Preview:
    """What follows for one campaign from how its people stand."""
    reasons, states, accounts = Counter[SkipReason | None](), Counter[RecipientState](), Counter[str]()
    for (account, reason), count in reached.items():
        state = decided(reason, campaign.terms)
        reasons[reason] += count
        states[state] += count
        if state is RecipientState.PLANNED and account is not None:
            accounts[account] += count
    payable, price = reasons[SkipReason.WINDOW_PAID], settings.outreach.paid_price
    paid = payable if campaign.terms.pays else 0
    schedule = Schedule.of(campaign, settings.outreach, now)
    expected = forecast(accounts, schedule, settings)
    people = sum(reasons.values())
    findings = (*check(base, campaign.content, expected.begin.date(), expected.finish.date()),)
    whole = seal(campaign, campaign.approved_count if campaign.approved_count is not None else people)
    return Preview(
        campaign=campaign,
        people=people,
        reasons=reasons,
        states=states,
        accounts=accounts,
        cost=None if paid and not price else paid * price,
        would_cost=payable * price,
        forecast=expected,
        waiting_days=settings.outreach.waiting_days,
        samples=() if any(f.blocks for f in findings) else tuple(_samples(campaign, base, settings, expected.begin)),
        findings=(*findings, *_practical(campaign, schedule, expected, settings, now)),
        seal=shown(whole),
    )


def _samples(campaign: Campaign, base: KnowledgeBase, settings: Settings, begin: datetime) -> Iterator[Sample]:
    examples = {name: field.example for name, field in FIELDS.items()}
    known = links(settings, campaign.attribution)
    for account in sorted(provinces(settings)):
        channel = channel_of(account)
        for key in dict.fromkeys(campaign.content.key_for(language, channel) for language in LANGUAGES):
            told = {LINK: known[account].told(language_of(key))} if account in known else {}
            reply = render(base, campaign.content, key, {**examples, **told}, begin.date())
            most = limit_of(channel, campaign.content.variants[key], begin.date())
            yield Sample(channel, key, reply, size_of(reply), most)


def _practical(
    campaign: Campaign, schedule: Schedule, expected: Forecast, settings: Settings, now: datetime
) -> Iterator[Finding]:
    """What is wrong with times, links and staff."""
    where = say("schedule")
    if schedule.next_moment(now) is None:
        yield Finding(where, say("never"))
    elif not expected.in_time and schedule.ends is not None:
        finish, ends = (f"{moment:%H:%M %d/%m/%Y}" for moment in (expected.finish, schedule.ends))
        yield Finding(where, say("not_in_time", finish=finish, ends=ends), blocks=False)
    if not expected.staff_can_answer:
        asked, answered = expected.replies_a_day, expected.cases_a_day
        what = say("too_many_replies", replies=asked, cases=answered, days=expected.days_needed)
        yield Finding(where, what, blocks=False)
    known = links(settings, campaign.attribution)
    if LINK in wanted(campaign.content):
        for account in sorted(provinces(settings)):
            if account not in known:
                yield Finding(LINK, say("no_link", account=account))
