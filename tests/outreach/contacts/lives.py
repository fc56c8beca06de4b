"""Somebody of whom every table holds something."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.outreach.consents import How, record
from bot.store.models import (
    ArrivalRow,
    Base,
    CaseCardRow,
    CaseEventRow,
    CaseRow,
    Consent,
    ContactTagRow,
    ConversationRow,
    InboundRow,
    InsuredRow,
    OutboxRow,
    QuizRow,
    QuizScoreRow,
    ReminderRow,
    SchoolRow,
    TopicAskedRow,
    WebhookRow,
)
from tests.outreach.office import NOW, TELEGRAM

if TYPE_CHECKING:
    from sqlalchemy import Table

    from bot.store.session import Session
    from tests.outreach.office import Office

MARK = "dấu-vết-riêng"
"""Stands in everything that a row says of the person."""
LEADS = ("person", "identity", "conversation", "inbound", "support_case")
"""Tables whose ids lead to a person."""


def links(table: Table) -> list[str]:
    """The columns of a table that lead to somebody."""
    return [column.name for column in table.c for key in column.foreign_keys if key.column.table.name in LEADS]


PERSONAL = {name for name, table in Base.metadata.tables.items() if links(table)} | {"person"}


async def live(office: Office) -> int:
    """A person with a row in every table that can be about one; their number."""
    person = await office.person(
        consent=Consent.GIVEN, phone=f"+84{MARK}", name=MARK, external_id=MARK, source=MARK, role="parent"
    )
    await office.account(person, TELEGRAM, sender=MARK)
    campaign = await office.campaign()
    await office.received(campaign, person, params={"ten": MARK}, state="planned")
    async with office.database.transaction() as session:
        chat = {"wording": MARK, "how": How.CHAT, "channel": "telegram", "now": NOW, "inbound_id": 1}
        await record(session, person, Consent.GIVEN, None, **chat)
        school = await _add(session, SchoolRow, code="th-1", name="Trường Một", province="son-la")
        quiz = await _add(session, QuizRow, code="q1", title="Vòng Một", questions=[], opens=NOW, closes=NOW)
        thread = (await session.scalars(select(ConversationRow.id))).one()
        await session.execute(update(ConversationRow).values(memory={"last_text": MARK, "role": "parent"}))
        message = {"account": TELEGRAM, "message_key": "k", "conversation_id": thread, "kind": "text", "received": NOW}
        inbound = await _add(session, InboundRow, **message, text=MARK)
        reply = {"conversation_id": thread, "inbound_id": inbound, "reply": {"text": MARK, "kind": "answer"}}
        await _add(session, OutboxRow, **reply, state="pending", attempts=0, created=NOW)
        case = {"number": "YC26-000001", "conversation_id": thread, "summary": MARK, "urgency": "normal"}
        settled = {"state": "resolved", "opened": NOW, "updated": NOW, "question": MARK}
        number = await _add(session, CaseRow, **case, **settled)
        event = await _add(session, CaseEventRow, case_id=number, kind="citizen", text=MARK, happened=NOW)
        await _add(session, CaseCardRow, case_id=number, event_id=event, chat="1", message="1")
        told = {"event": "citizen", "payload": {"text": MARK}, "state": "sent", "due": NOW, "created": NOW}
        await _add(session, WebhookRow, case_id=number, **told)
        about = {"person_id": person}
        await _add(session, InsuredRow, **about, position=0, relation="child", birth_year=2015, school_id=school)
        await _add(session, ContactTagRow, **about, tag=MARK)
        await _add(session, TopicAskedRow, **about, topic="muc-dong", day=NOW.date())
        await _add(session, ArrivalRow, **about, code="c-kg26", day=NOW.date())
        await _add(session, ReminderRow, **about, due=date(2026, 12, 31), entry="gia-han", state="planned", created=NOW)
        await _add(session, QuizScoreRow, **about, quiz_id=quiz, score=4, out_of=5, finished=NOW)
    return person


async def _add(session: Session, row: type[Base], **values: Any) -> int:
    made = await session.execute(insert(row).values(**values).returning(*row.__table__.primary_key))
    return int(made.one()[0])
