"""Puts down to a campaign message what its reader did in the three days after it.

A reply, a pressed button or a refusal belongs to the last campaign message before it. Messages of people are read every
hour, away from the path of a message, from where they were left off: who wrote is few, who got a message may be many.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import and_, bindparam, func, or_, select, update

from bot.clock import VIETNAM
from bot.outreach.campaign import Campaign
from bot.store.models import (
    ArrivalRow,
    CampaignRow,
    Consent,
    ConsentEventRow,
    ConversationRow,
    IdentityRow,
    InboundRow,
    RecipientRow,
    table_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.store.database import Database
    from bot.store.session import Session

WITHIN = timedelta(hours=72)
"""For so long what somebody does is put down to the message."""
LATE = timedelta(days=1)
"""A message counts from when it was written, and may come up to a day later: so far back is read again."""
BATCH = 500
"""Messages of people looked at in one transaction."""
PRESSED = "action"

_recipient, _campaign = table_of(RecipientRow), table_of(CampaignRow)
_identity, _conversation, _inbound = table_of(IdentityRow), table_of(ConversationRow), table_of(InboundRow)
_event, _arrival = table_of(ConsentEventRow), table_of(ArrivalRow)

_NOTED = _recipient.c["replied", "tapped", "opted_out"]
_WRITE = (
    update(_recipient)
    .where(_recipient.c.id == bindparam("row"))
    .values({noted: func.coalesce(noted, bindparam(f"new_{noted.name}", type_=noted.type)) for noted in _NOTED})
)


@dataclass(frozen=True)
class Message:
    """Something that somebody wrote or pressed."""

    received: datetime
    id: int
    kind: str
    text: str
    person: int


@dataclass(frozen=True)
class Readers:
    """What is known of the people who wrote.

    By person, the campaign messages that they got as (sent, row, campaign) in order, and the codes through which they
    came with the day; by message, the topics that were refused in it, None for all.
    """

    got: Mapping[int, Sequence[tuple[datetime, int, int]]]
    came: Mapping[int, Collection[tuple[date, str]]]
    refused: Mapping[int, Collection[str | None]]

    @classmethod
    async def of(cls, session: Session, people: Collection[int]) -> Self:
        got, came, refused = defaultdict(list), defaultdict(list), defaultdict(list)
        sent = select(*_recipient.c["person_id", "sent", "id", "campaign_id"]).where(_recipient.c.sent.is_not(None))
        for person, *place in await session.execute(sent.where(_recipient.c.person_id.in_(people))):
            got[person].append(tuple(place))
        arrivals = select(*_arrival.c["person_id", "day", "code"]).where(_arrival.c.person_id.in_(people))
        for person, day, code in await session.execute(arrivals):
            came[person].append((day, code))
        events = select(*_event.c["inbound_id", "topic"]).where(_event.c.person_id.in_(people))
        for inbound, topic in await session.execute(events.where(_event.c.consent == Consent.WITHDRAWN.value)):
            refused[inbound].append(topic)
        return cls({person: sorted(places) for person, places in got.items()}, came, refused)

    def last_before(self, message: Message) -> tuple[datetime, int, int] | None:
        """The last campaign message that its writer had got."""
        places = self.got.get(message.person, ())
        before = bisect_right(places, message.received, key=lambda place: place[0])
        return places[before - 1] if before else None

    def found(self, message: Message, campaign: Campaign) -> dict[str, datetime | None]:
        """The moments to note for a message that belongs to a campaign.

        The label of a button is looked up in the bot's own replies: one that is in none of them was under the campaign.
        """
        pressed = message.kind == PRESSED and message.text in {"", *_labels(campaign)}
        today = message.received.astimezone(VIETNAM).date()
        came = any(
            day == today and campaign.attribution in code.split("_") for day, code in self.came.get(message.person, ())
        )
        refused = {None, campaign.topic.value} & set(self.refused.get(message.id, ()))
        return {
            "new_replied": message.received if message.kind != PRESSED else None,
            "new_tapped": message.received if pressed or came else None,
            "new_opted_out": message.received if refused else None,
        }


async def attribute(database: Database, now: datetime) -> int:
    """Fill in `replied`, `tapped` and `opted_out` of all ledgers up to now; gives the number of messages looked at.

    May be done as often as one likes, and by several processes: what was noted first stays.
    """
    async with database.reading() as session:
        rows = await session.scalars(select(CampaignRow).where(CampaignRow.started.is_not(None)))
        open_rows = [row for row in rows if _is_open(row)]
    if not open_rows:
        return 0
    campaigns = {row.id: Campaign.of(row) for row in open_rows}
    since = min(row.attributed or row.started or now for row in open_rows) - LATE
    read = await _attribute(database, campaigns, since)
    async with database.transaction() as session:
        await session.execute(update(_campaign).where(_campaign.c.id.in_(campaigns)).values(attributed=now))
    return read


def _is_open(row: CampaignRow) -> bool:
    return row.finished is None or row.attributed is None or row.attributed < row.finished + WITHIN + LATE


async def _attribute(database: Database, campaigns: Mapping[int, Campaign], since: datetime) -> int:
    read, position = 0, (since, 0)
    while True:
        async with database.reading() as session:
            messages = await _messages(session, position)
            readers = await Readers.of(session, {message.person for message in messages})
        if not messages:
            return read
        if found := _found(messages, readers, campaigns):
            async with database.transaction() as session:
                await session.execute(_WRITE, found)
        read += len(messages)
        position = messages[-1].received, messages[-1].id


async def _messages(session: Session, position: tuple[datetime, int]) -> list[Message]:
    """The next messages, in the order in which they were written."""
    received, number = position
    later = or_(_inbound.c.received > received, and_(_inbound.c.received == received, _inbound.c.id > number))
    query = (
        select(*_inbound.c["received", "id", "kind", "text"], _identity.c.person_id)
        .select_from(_inbound.join(_conversation, _inbound.c.conversation_id == _conversation.c.id))
        .join(_identity, _conversation.c.identity_id == _identity.c.id)
        .where(_inbound.c.received >= received, later)
        .order_by(_inbound.c.received, _inbound.c.id)
        .limit(BATCH)
    )
    rows = await session.execute(query)
    return [Message(row.received, row.id, row.kind, row.text, row.person_id) for row in rows]


def _found(messages: Sequence[Message], readers: Readers, campaigns: Mapping[int, Campaign]) -> list[dict[str, Any]]:
    found = []
    for message in messages:
        sent, row, campaign = readers.last_before(message) or (message.received, 0, 0)
        if campaign in campaigns and message.received - sent <= WITHIN:
            moments = readers.found(message, campaigns[campaign])
            found += [{"row": row, **moments}] if any(moments.values()) else []
    return found


def _labels(campaign: Campaign) -> set[str]:
    return {button.label for variant in campaign.content.variants.values() for button in variant.buttons}
