"""Messages that come again: before a card ends, before an office's deadline, thanks at its end, each round of the quiz.

A standing template is a campaign whose terms say that it `repeats`. It is written and approved once like any other, and
never sent itself. Day by day its texts are sent in campaigns of their own, which carry its approval: so consent, caps,
quiet hours and the ledger hold for them as for all others, and each can be looked at, paused and reported by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import update

from bot.actions import Action
from bot.clock import VIETNAM
from bot.outreach.approval import seal
from bot.outreach.audience import count
from bot.outreach.audit import Step, note
from bot.outreach.campaign import Campaign, Content, Repeats
from bot.outreach.fields import CARD, DEADLINE, FIELD, ROUND, ROUND_END, fitted
from bot.outreach.manuscript import Manuscript
from bot.outreach.quiz import all_rounds, as_round
from bot.outreach.segments import parse
from bot.outreach.segments.fields import Field
from bot.outreach.segments.tree import And, Match, Or
from bot.store.campaigns import insert_campaign, list_campaigns
from bot.store.models import CampaignState, ReminderRow
from knowledge.dates import vietnamese_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.store.models import QuizRow
    from bot.store.session import Session

DISTANCES = (30, 7, 1)
"""Days before the day that is reminded of."""
LATE = {30: 2, 7: 1, 1: 0}
"""Days by which a reminder may come late, after the program stood still; later the next one is soon enough."""
THANKS = timedelta(days=3)
"""How long after the end of a season thanks are still sent."""
NEWS = timedelta(days=3)
"""How long after a round of the quiz was opened it is still told that there is a new one."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Occasion:
    """A day that a template is sent for: `name` goes into the code; open from `now` to `ends`.

    `values` are what places of the texts stand for on this occasion.
    """

    name: str
    day: date
    ends: datetime
    values: Mapping[str, str] = field(default_factory=dict)


async def due_reminders(session: Session, now: datetime) -> list[str]:
    """Make the campaigns that are due today, approved and ready to start; gives their codes.

    To be called every day, and as often as one likes: a person gets one message for each day that a card ends and each
    distance, since such a campaign is made once and has each person once.
    """
    rounds = [row for row in await all_rounds(session) if row.opens <= now < row.closes]
    templates = await _templates(session)
    made = [code for template in templates for code in await _repeat(session, template, rounds, now)]
    over = update(ReminderRow).where(ReminderRow.due < _day(now), ReminderRow.state == "planned")
    await session.execute(over.values(state="done"))
    return made


async def _templates(session: Session) -> list[Campaign]:
    """The standing templates that are as they were approved."""
    rows = await list_campaigns(session, [CampaignState.APPROVED])
    approved = [Campaign.of(row) for row in rows]
    return [
        campaign
        for campaign in approved
        if campaign.terms.repeats is not None and campaign.approved_hash == seal(campaign, campaign.approved_count or 0)
    ]


async def _repeat(session: Session, template: Campaign, rounds: Sequence[QuizRow], now: datetime) -> list[str]:
    made = []
    for occasion in _occasions(template, rounds, now):
        campaign = _campaign(template, occasion, now)
        people = await count(session, campaign, now)
        if people and await _keep(session, template, campaign, people, now):
            log.info(Action.CAMPAIGN_STATE, state=CampaignState.APPROVED)
            made.append(campaign.code)
    return made


def _occasions(template: Campaign, rounds: Sequence[QuizRow], now: datetime) -> Iterator[_Occasion]:
    """Those that are due; `rounds` of the quiz are those open now."""
    if template.starts is not None and now < template.starts:
        return
    match template.terms.repeats:
        case Repeats.SEASON_END:
            if template.ends is not None and template.ends <= now < template.ends + THANKS:
                yield _Occasion(f"{_day(template.ends):%y%m%d}", _day(template.ends), template.ends + THANKS)
        case Repeats.QUIZ_ROUND:
            if template.ends is None or now < template.ends:
                yield from (_opening(row) for row in rounds if now < row.opens + NEWS)
        case _:
            yield from _ahead(template, now)


def _opening(row: QuizRow) -> _Occasion:
    last = as_round(row).closes
    values = {ROUND: fitted(ROUND, row.title), ROUND_END: vietnamese_date(last)}
    return _Occasion(f"{_day(row.opens):%y%m%d}", _day(row.opens), row.closes, values)


def _ahead(template: Campaign, now: datetime) -> Iterator[_Occasion]:
    """Days that are as far ahead as is reminded of them, or a little less when the program stood still."""
    place = CARD if template.terms.repeats is Repeats.CARD_END else DEADLINE
    for distance, following in zip(DISTANCES, (*DISTANCES[1:], -1), strict=True):
        for late in range(LATE[distance] + 1):
            day = _day(now) + timedelta(days=distance - late)
            if _concerns(template, day):
                ends = _start(day - timedelta(days=following))
                yield _Occasion(f"{day:%y%m%d}-{distance}", day, ends, {place: vietnamese_date(day)})


def _concerns(template: Campaign, day: date) -> bool:
    """Whether a template reminds of this day: a card may end on any, the deadline is the day of its own end."""
    if template.terms.repeats is Repeats.CARD_END:
        return template.ends is None or day <= _day(template.ends)
    return template.ends is not None and day == _day(template.ends)


def _campaign(template: Campaign, occasion: _Occasion, now: datetime) -> Campaign:
    """The template for one occasion, not yet kept."""
    cards = template.terms.repeats is Repeats.CARD_END
    return replace(
        template,
        code=f"{template.code}-{occasion.name}",
        title=f"{template.title} ({vietnamese_date(occasion.day)})",
        content=_filled(template.content, occasion.values),
        terms=template.terms.model_copy(update={"repeats": None}),
        segment=_holders(template.segment, occasion.day) if cards else template.segment,
        starts=now.replace(microsecond=0),
        ends=occasion.ends,
        revision=1,
    )


def _filled(content: Content, values: Mapping[str, str]) -> Content:
    """The texts with what the occasion tells: its day may be that of another card than the family's first."""
    variants = {
        key: variant.model_copy(
            update={"text": FIELD.sub(lambda place: values.get(place["name"], place[0]), variant.text)}
        )
        for key, variant in content.variants.items()
    }
    return content.model_copy(update={"variants": variants})


def _holders(segment: str, day: date) -> str:
    """Those of a segment whose card ends on a day, as an office's list or they themselves said."""
    ends = Or((Match(Field.CARD_END, (day,)), Match(Field.REMINDER, (day,))))
    return str(And((parse(segment), ends)))


async def _keep(session: Session, template: Campaign, campaign: Campaign, people: int, now: datetime) -> bool:
    """Keep a campaign with the template's approval; False when it is there already."""
    values = {
        **Manuscript.copy_of(campaign).columns(),
        "created_by": template.created_by,
        "state": CampaignState.APPROVED.value,
        "approved_by": template.approved_by,
        "approved_hash": seal(campaign, people),
        "approved_count": people,
        "approved": now,
    }
    kept = await insert_campaign(session, values, now)
    if kept is None:
        return False
    detail = {"template": template.code, "seal": template.approved_hash, "people": people}
    await note(session, kept, Step.CREATED, None, now, **detail)
    return True


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
