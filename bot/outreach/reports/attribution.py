"""Puts down to a campaign message what its reader did in the three days after it.

A reply, a pressed button or a refusal belongs to the last campaign message before it. Campaigns are read every hour,
away from the path of a message, each from where it was left off and until three days after its end: who wrote is few,
who got a message may be many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update

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
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select

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
class Deed:
    """Something that a recipient wrote or pressed, at `received`.

    `arrived` is the last day on which they came through a link of the campaign, `refused` whether they said in it that
    they want no more.
    """

    row: int
    sent: datetime
    inbound: int
    received: datetime
    kind: str
    text: str
    arrived: date | None
    refused: bool

    def found(self, labels: frozenset[str]) -> dict[str, datetime | None]:
        """The moments to note; `labels` are on the campaign's buttons.

        The label of a button is looked up in the bot's own replies: one that is in none of them was under the campaign.
        """
        pressed = self.kind == PRESSED and (not self.text or self.text in labels)
        came = self.arrived == self.received.astimezone(VIETNAM).date()
        return {
            "new_replied": self.received if self.kind != PRESSED else None,
            "new_tapped": self.received if pressed or came else None,
            "new_opted_out": self.received if self.refused else None,
        }


async def attribute(database: Database, now: datetime) -> int:
    """Fill in `replied`, `tapped` and `opted_out` of all ledgers up to now; gives the number of messages looked at.

    May be done as often as one likes, and by several processes: what was noted first stays.
    """
    async with database.reading() as session:
        rows = (await session.execute(select(CampaignRow).where(CampaignRow.started.is_not(None)))).scalars()
        open_rows = [(Campaign.of(row), row.attributed or row.started) for row in rows if _is_open(row)]
    read = 0
    for campaign, since in open_rows:
        read += await _attribute(database, campaign, (since or now) - LATE)
        done = update(_campaign).where(_campaign.c.id == campaign.id).values(attributed=now)
        async with database.transaction() as session:
            await session.execute(done)
    return read


def _is_open(row: CampaignRow) -> bool:
    return row.finished is None or row.attributed is None or row.attributed < row.finished + WITHIN + LATE


async def _attribute(database: Database, campaign: Campaign, since: datetime) -> int:
    labels = frozenset(
        button.label for variant in campaign.content.variants.values() for button in variant.buttons if button.action
    )
    read, position = 0, (since, 0)
    while True:
        async with database.reading() as session:
            page = await _page(session, position)
            rows = await session.execute(_messages(campaign), {"page": [number for _, number in page]}) if page else ()
            found = _found([Deed(*row) for row in rows], labels)
        if not page:
            return read
        if found:
            async with database.transaction() as session:
                await session.execute(_WRITE, found)
        read += len(page)
        position = page[-1]


async def _page(session: Session, position: tuple[datetime, int]) -> list[tuple[datetime, int]]:
    """The next messages of anybody, in the order in which they were written: (received, id)."""
    received, number = position
    later = or_(_inbound.c.received > received, and_(_inbound.c.received == received, _inbound.c.id > number))
    query = select(_inbound.c.received, _inbound.c.id).where(_inbound.c.received >= received, later)
    rows = await session.execute(query.order_by(_inbound.c.received, _inbound.c.id).limit(BATCH))
    return [(row.received, row.id) for row in rows]


def _messages(campaign: Campaign) -> Select[*tuple[Any, ...]]:
    """Those messages of a page that are by people who had got the campaign."""
    came = (
        select(func.max(_arrival.c.day))
        .where(_arrival.c.person_id == _recipient.c.person_id, _names(campaign))
        .scalar_subquery()
    )
    refused = exists().where(
        _event.c.person_id == _recipient.c.person_id,
        _event.c.inbound_id == _inbound.c.id,
        _event.c.consent == Consent.WITHDRAWN.value,
        or_(_event.c.topic.is_(None), _event.c.topic == campaign.topic.value),
    )
    return (
        select(*_recipient.c["id", "sent"], *_inbound.c["id", "received", "kind", "text"], came, refused)
        .select_from(_inbound.join(_conversation, _inbound.c.conversation_id == _conversation.c.id))
        .join(_identity, _conversation.c.identity_id == _identity.c.id)
        .join(_recipient, _recipient.c.person_id == _identity.c.person_id)
        .where(_inbound.c.id.in_(bindparam("page", expanding=True)))
        .where(_recipient.c.campaign_id == campaign.id, is_last_before(_inbound.c.received))
        .order_by(_inbound.c.received, _inbound.c.id)
    )


def is_last_before(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """SQL condition on `recipient`: no campaign message came between this one and a moment."""
    other = _recipient.alias("other")
    newer = exists().where(
        other.c.person_id == _recipient.c.person_id, other.c.sent > _recipient.c.sent, other.c.sent <= moment
    )
    return and_(_recipient.c.sent <= moment, ~newer)


def _names(campaign: Campaign) -> ColumnElement[bool]:
    """Whether the code of an arrival names the campaign, alone or beside a school and a province."""
    code = "_" + _arrival.c.code + "_"
    return code.contains(f"_{campaign.attribution}_", autoescape=True)


def _found(deeds: Sequence[Deed], labels: frozenset[str]) -> list[dict[str, Any]]:
    found = [(deed.row, deed.found(labels)) for deed in deeds if deed.received - deed.sent <= WITHIN]
    return [{"row": row, **moments} for row, moments in found if any(moments.values())]
