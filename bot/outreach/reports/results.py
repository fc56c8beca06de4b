"""What came of one campaign."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select

from bot.outreach.contacts.projecting import ASKED
from bot.outreach.editing import load
from bot.outreach.reports.attribution import WITHIN
from bot.outreach.reports.groups import Cells, Places, safe_places
from bot.outreach.reports.tallies import Tally, total
from bot.outreach.reports.timeline import KINDS, Timeline, timeline
from bot.store.models import (
    CaseRow,
    ConversationRow,
    IdentityRow,
    OutboxRow,
    RecipientRow,
    RecipientState,
    SchoolRow,
    table_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from bot.outreach.campaign import Campaign
    from bot.store.session import Session
    from knowledge.base import KnowledgeBase

EXPLAINED = (RecipientState.FAILED, RecipientState.SKIPPED, RecipientState.WAITING)

_recipient, _case, _outbox = table_of(RecipientRow), table_of(CaseRow), table_of(OutboxRow)
_identity, _conversation, _school = table_of(IdentityRow), table_of(ConversationRow), table_of(SchoolRow)
_COUNTS = (func.count(), *(func.count(_recipient.c[deed]) for deed in ("replied", "tapped", "opted_out")))


@dataclass(frozen=True)
class Results:
    """A campaign in figures, as of `at`. People who did something are counted once for each kind of thing.

    `reasons` says why, for the states that need it. `topics` counts questions that were answered within three days of
    the message, by topic of the knowledge base, as far as their answers are still kept; `cases` those that were opened
    then, by reason. Of fewer than `least` people who got it nothing is told of what they did: `withheld`.
    """

    campaign: Campaign
    at: datetime
    least: int
    tally: Tally
    reasons: Mapping[RecipientState, Counter[str]]
    topics: Counter[str]
    cases: Counter[str]
    places: Places
    schools: Mapping[int, str]
    timeline: Timeline | None

    @property
    def withheld(self) -> bool:
        return is_withheld(self.tally, self.least)


def is_withheld(tally: Tally, least: int) -> bool:
    """Whether so few got it that what they did could be put down to one of them."""
    return 0 < tally.sent < least


async def results(session: Session, code: str, base: KnowledgeBase, least: int, now: datetime) -> Results:
    """The figures of a campaign. Raises CampaignError when there is none of that code."""
    campaign = await load(session, code)
    cells, reasons = await _counted(session, campaign.id)
    tally = total(cells.values())
    withheld, places = is_withheld(tally, least), safe_places(cells, least)
    return Results(
        campaign=campaign,
        at=now,
        least=least,
        tally=tally,
        reasons=reasons,
        topics=Counter() if withheld else await _topics(session, campaign.id, base),
        cases=Counter() if withheld else await _cases(session, campaign.id),
        places=places,
        schools=await _schools(session, places),
        timeline=await timeline(session, campaign.id, KINDS[:1] if withheld else KINDS),
    )


async def tallies(session: Session, campaigns: Collection[int]) -> dict[int, Tally]:
    """The figures of several campaigns, without where people live."""
    counted = _recipient.c["campaign_id", "state"]
    query = select(*counted, *_COUNTS).where(_recipient.c.campaign_id.in_(campaigns)).group_by(*counted)
    found: defaultdict[int, Tally] = defaultdict(Tally)
    for campaign, state, *numbers in await session.execute(query):
        found[campaign] += _tally(state, numbers)
    return found


def _tally(state: str, numbers: list[int]) -> Tally:
    people, replied, tapped, opted_out = numbers
    return Tally.of(state, people, replied=replied, tapped=tapped, opted_out=opted_out)


async def _counted(session: Session, campaign: int) -> tuple[Cells, dict[RecipientState, Counter[str]]]:
    parts = _recipient.c["province", "school_id", "state", "reason"]
    query = select(*parts, *_COUNTS).where(_recipient.c.campaign_id == campaign).group_by(*parts)
    cells: defaultdict[tuple[str | None, int | None], Tally] = defaultdict(Tally)
    reasons: dict[RecipientState, Counter[str]] = {state: Counter() for state in EXPLAINED}
    for province, school, state, reason, *numbers in await session.execute(query):
        cells[province, school] += _tally(state, numbers)
        if state in reasons:
            reasons[RecipientState(state)][reason or ""] += numbers[0]
    return dict(cells), reasons


async def _topics(session: Session, campaign: int, base: KnowledgeBase) -> Counter[str]:
    entry = _outbox.c.reply["entry"].as_string()
    wrote = or_(_recipient.c.replied.is_not(None), _recipient.c.tapped.is_not(None))
    query = (
        _from_recipients(campaign, _recipient.c.sent, _outbox.c.inbound_id, entry, _outbox.c.created)
        .join(_outbox, _outbox.c.conversation_id == _conversation.c.id)
        .where(wrote, _outbox.c.inbound_id.is_not(None), entry.is_not(None), _is_last_before(_outbox.c.created))
    )
    topics = {entry.id: entry.topic for entry in base.entries.values() if entry.kind in ASKED}
    asked = {
        (inbound, topics[name])
        for sent, inbound, name, created in await session.execute(query)
        if created - sent <= WITHIN and name in topics
    }
    return Counter(topic for _, topic in asked)


async def _cases(session: Session, campaign: int) -> Counter[str]:
    query = (
        _from_recipients(campaign, _recipient.c.sent, _case.c.opened, _case.c.reason)
        .join(_case, _case.c.conversation_id == _conversation.c.id)
        .where(_is_last_before(_case.c.opened))
    )
    return Counter(reason or "" for sent, opened, reason in await session.execute(query) if opened - sent <= WITHIN)


def _from_recipients(campaign: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """What recipients' conversations hold."""
    return (
        select(*columns)
        .select_from(_recipient.join(_identity, _identity.c.person_id == _recipient.c.person_id))
        .join(_conversation, _conversation.c.identity_id == _identity.c.id)
        .where(_recipient.c.campaign_id == campaign, _recipient.c.sent.is_not(None))
    )


def _is_last_before(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """No campaign message came between this one and a moment."""
    other = _recipient.alias("other")
    newer = exists().where(
        other.c.person_id == _recipient.c.person_id, other.c.sent > _recipient.c.sent, other.c.sent <= moment
    )
    return and_(_recipient.c.sent <= moment, ~newer)


async def _schools(session: Session, places: Places) -> dict[int, str]:
    shown = {school for groups in places.schools.values() for school in groups.shown if school is not None}
    rows = await session.execute(select(_school.c.id, _school.c.name).where(_school.c.id.in_(shown)))
    return {row.id: row.name for row in rows}
