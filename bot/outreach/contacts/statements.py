"""What a person told staff about campaign messages: by telephone, at the counter, in a letter."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.clock import VIETNAM
from bot.outreach.consents import How, record
from bot.outreach.contacts.texts import tell
from bot.outreach.errors import ContactError
from bot.store.models import ConsentRow
from handlers.effects import Topic

if TYPE_CHECKING:
    from bot.store.models import Consent
    from bot.store.session import Session


async def take_statement(
    session: Session,
    person: int,
    said: Consent,
    topic: Topic | None,
    *,
    wording: str,
    day: date | None,
    now: datetime,
) -> None:
    """Write down what a person said, in this transaction; it holds at once, also for campaigns under way.

    `wording` is how it was said or where it is written down, `day` when, None for now. Raises ContactError when the
    wording is missing, the day is still to come, or the person has said something newer about one of these topics.
    """
    if not wording.strip():
        raise ContactError(tell("said", "wording"))
    if day is not None and day > now.date():
        raise ContactError(tell("said", "future"))
    when = now if day in {None, now.date()} else datetime.combine(day or now.date(), time(), VIETNAM)
    topics = [topic] if topic else list(Topic)
    newer = select(ConsentRow.since).where(
        ConsentRow.person_id == person, ConsentRow.topic.in_(topics), ConsentRow.since > when
    )
    if since := await session.scalar(newer.order_by(ConsentRow.since.desc()).limit(1)):
        raise ContactError(tell("said", "newer", moment=f"{since:%H:%M %d/%m/%Y}"))
    await record(session, person, said, topic, wording=wording, how=How.STAFF, channel=How.STAFF, now=when)
