"""A campaign that went out, and what its readers did after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.outreach.consents import How, record
from bot.store.models import (
    ArrivalRow,
    Base,
    CampaignRow,
    CaseRow,
    Consent,
    ConversationRow,
    IdentityRow,
    InboundRow,
    OutboxRow,
    QuestionRow,
    SchoolRow,
)
from tests.outreach.office import NOW, TELEGRAM, Office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.outreach.campaign import Campaign
    from bot.store.session import Session
    from handlers.effects import Topic


@dataclass
class Season:
    """Puts what happened into a database."""

    office: Office
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def campaign(self, code: str = "kg26", *, finished: datetime | None = None, **written: Any) -> Campaign:
        """One that began an hour ago."""
        campaign = await self.office.campaign(await self.office.staff(f"lan-{code}"), code=code, **written)
        values = {"state": "finished" if finished else "running", "started": NOW - timedelta(hours=1)}
        async with self.office.database.transaction() as session:
            own = update(CampaignRow).where(CampaignRow.id == campaign.id)
            await session.execute(own.values(**values, finished=finished))
        return campaign

    async def school(self, name: str, province: str) -> int:
        async with self.office.database.transaction() as session:
            return await _add(session, SchoolRow, code=name.lower().replace(" ", "-"), name=name, province=province)

    async def wrote(self, person: int, when: datetime, text: str = "em hỏi chút", kind: str = "text") -> int:
        """A message of somebody; its id."""
        async with self.office.database.transaction() as session:
            thread = await _thread(session, person)
            key = f"m{next(self._numbers)}"
            row = {"account": TELEGRAM, "message_key": key, "conversation_id": thread, "text": text, "kind": kind}
            return await _add(session, InboundRow, **row, received=when)

    async def answered(self, person: int, inbound: int, when: datetime, entry: str) -> None:
        async with self.office.database.transaction() as session:
            thread = await _thread(session, person)
            reply = {"conversation_id": thread, "inbound_id": inbound, "reply": {"text": "Dạ", "entry": entry}}
            await _add(session, OutboxRow, **reply, created=when)

    async def refused(self, person: int, when: datetime, topic: Topic | None = None) -> None:
        """Says in the chat that they want no more."""
        inbound = await self.wrote(person, when, "dừng")
        async with self.office.database.transaction() as session:
            said = {"wording": "dừng", "how": How.CHAT, "channel": "telegram", "now": when, "inbound_id": inbound}
            await record(session, person, Consent.WITHDRAWN, topic, **said)

    async def arrived(self, person: int, code: str, when: datetime) -> None:
        async with self.office.database.transaction() as session:
            await _add(session, ArrivalRow, person_id=person, code=code, day=when.date())

    async def complained(self, person: int | None, when: datetime, reason: str = "complaint", **case: Any) -> None:
        async with self.office.database.transaction() as session:
            thread = await _thread(session, person) if person else None
            row = {"number": f"YC26-{next(self._numbers):06}", "conversation_id": thread, "reason": reason}
            row |= {"summary": "", "urgency": "normal", "state": "open", "opened": when, "updated": when, **case}
            await _add(session, CaseRow, **row)

    async def asked(self, day: datetime, text: str, decision: str, entry: str | None = None, times: int = 1) -> None:
        row = {"text": text, "decision": decision, "entry": entry, "confidence": 0.5, "language": "vi"}
        async with self.office.database.transaction() as session:
            await session.execute(insert(QuestionRow), [{"day": day.date(), **row} for _ in range(times)])


async def _thread(session: Session, person: int) -> int:
    query = select(ConversationRow.id).join(IdentityRow, ConversationRow.identity_id == IdentityRow.id)
    return int((await session.execute(query.where(IdentityRow.person_id == person))).scalar_one())


async def _add(session: Session, row: type[Base], **values: Any) -> int:
    return int((await session.execute(insert(row).values(**values).returning(row.__table__.c.id))).scalar_one())
