"""What staff is shown of one person: what is kept, without what was written and without the platform's ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from bot.outreach.contacts.holdings import Holding, holdings
from bot.store.models import (
    AccountRow,
    CampaignRow,
    CaseRow,
    ConsentEventRow,
    ConversationRow,
    IdentityRow,
    InboundRow,
    InsuredRow,
    OutboxRow,
    PersonRow,
    QuizRow,
    QuizScoreRow,
    RecipientRow,
    ReminderRow,
    SchoolRow,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.store.session import Session


class Student(NamedTuple):
    """Somebody whose card the person cares about, and the name of the school."""

    row: InsuredRow
    school: str | None


class Place(NamedTuple):
    """Where the person writes; `unreachable` is why nothing can be sent there."""

    channel: str
    account: str
    unreachable: str | None
    last: datetime | None


class Asked(NamedTuple):
    """A case of the person."""

    number: str
    state: str
    province: str | None
    opened: datetime


class Received(NamedTuple):
    """Their place in a campaign, and when they did something after its message."""

    code: str
    title: str
    state: str
    reason: str | None
    sent: datetime | None
    replied: datetime | None
    tapped: datetime | None
    opted_out: datetime | None


class Score(NamedTuple):
    """What they reached in a round of the quiz."""

    title: str
    score: int
    out_of: int


@dataclass(frozen=True)
class Kept:
    """One person. `cases` are those that may be seen, `hidden` counts the others.

    `came` and `went` count the messages that are still kept.
    """

    number: int
    since: datetime
    holding: Holding
    students: Sequence[Student]
    history: Sequence[ConsentEventRow]
    places: Sequence[Place]
    cases: Sequence[Asked]
    hidden: int
    campaigns: Sequence[Received]
    reminders: Sequence[ReminderRow]
    scores: Sequence[Score]
    came: int
    went: int


async def kept_of(session: Session, person: int, province: str | None) -> Kept:
    """All of it; of the cases only those of the `province` that may be seen, None for all."""
    events = select(ConsentEventRow).where(ConsentEventRow.person_id == person).order_by(ConsentEventRow.id.desc())
    reminders = select(ReminderRow).where(ReminderRow.person_id == person).order_by(ReminderRow.due)
    cases = await _cases(session, person)
    seen = [row for row in cases if province in {None, row.province}]
    return Kept(
        number=person,
        since=(await session.execute(select(PersonRow.created).where(PersonRow.id == person))).scalar_one(),
        holding=(await holdings(session, [person]))[person],
        students=await _students(session, person),
        history=list(await session.scalars(events)),
        places=await _places(session, person),
        cases=seen,
        hidden=len(cases) - len(seen),
        campaigns=await _campaigns(session, person),
        reminders=list(await session.scalars(reminders)),
        scores=await _scores(session, person),
        came=await _messages(session, InboundRow, person),
        went=await _messages(session, OutboxRow, person),
    )


async def _students(session: Session, person: int) -> list[Student]:
    query = select(InsuredRow, SchoolRow.name).outerjoin(SchoolRow, SchoolRow.id == InsuredRow.school_id)
    rows = await session.execute(query.where(InsuredRow.person_id == person).order_by(InsuredRow.position))
    return [Student(*row) for row in rows]


async def _places(session: Session, person: int) -> list[Place]:
    query = (
        select(AccountRow.channel, AccountRow.id, IdentityRow.unreachable, ConversationRow.last_interaction)
        .join(AccountRow, AccountRow.id == IdentityRow.account)
        .outerjoin(ConversationRow, ConversationRow.identity_id == IdentityRow.id)
    )
    rows = await session.execute(query.where(IdentityRow.person_id == person).order_by(IdentityRow.id))
    return [Place(*row) for row in rows]


async def _cases(session: Session, person: int) -> list[Asked]:
    query = (
        select(CaseRow.number, CaseRow.state, CaseRow.province, CaseRow.opened)
        .join(ConversationRow, ConversationRow.id == CaseRow.conversation_id)
        .join(IdentityRow, IdentityRow.id == ConversationRow.identity_id)
    )
    rows = await session.execute(query.where(IdentityRow.person_id == person).order_by(CaseRow.id.desc()))
    return [Asked(*row) for row in rows]


async def _campaigns(session: Session, person: int) -> list[Received]:
    ledger = (RecipientRow.state, RecipientRow.reason, RecipientRow.sent)
    deeds = (RecipientRow.replied, RecipientRow.tapped, RecipientRow.opted_out)
    query = select(CampaignRow.code, CampaignRow.title, *ledger, *deeds).join(RecipientRow)
    rows = await session.execute(query.where(RecipientRow.person_id == person).order_by(RecipientRow.id.desc()))
    return [Received(*row) for row in rows]


async def _scores(session: Session, person: int) -> list[Score]:
    query = select(QuizRow.title, QuizScoreRow.score, QuizScoreRow.out_of).join(QuizScoreRow)
    rows = await session.execute(query.where(QuizScoreRow.person_id == person).order_by(QuizScoreRow.id))
    return [Score(*row) for row in rows]


async def _messages(session: Session, row: type[InboundRow | OutboxRow], person: int) -> int:
    query = (
        select(func.count(row.id))
        .join(ConversationRow, ConversationRow.id == row.conversation_id)
        .join(IdentityRow, IdentityRow.id == ConversationRow.identity_id)
    )
    return (await session.execute(query.where(IdentityRow.person_id == person))).scalar_one()
