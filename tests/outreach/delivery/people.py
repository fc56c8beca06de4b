"""People who agreed to news, and approved campaigns, on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.outreach.approval import seal
from bot.outreach.campaign import Campaign
from bot.store.models import (
    AccountRow,
    CampaignRow,
    CampaignState,
    ConsentRow,
    ContactRow,
    ConversationRow,
    IdentityRow,
    PersonRow,
    table_of,
)
from handlers.effects import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.store.database import Database
    from bot.store.session import Session

CHUNK = 1_000


async def add_people(
    database: Database, account: str, addresses: Sequence[str], now: datetime, **contact: Any
) -> range:
    """People who wrote now and agreed to news; gives their ids."""
    async with database.transaction() as session:
        if (await session.execute(select(AccountRow.id).where(AccountRow.id == account))).first() is None:
            channel = account.partition(":")[0]
            await session.execute(insert(table_of(AccountRow)).values(id=account, channel=channel, created=now))
        first = await _next(session, PersonRow)
    ids = range(first, first + len(addresses))
    for start in range(0, len(addresses), CHUNK):
        await _add(database, account, list(zip(ids, addresses, strict=True))[start : start + CHUNK], now, contact)
    return ids


async def _add(
    database: Database, account: str, people: Sequence[tuple[int, str]], now: datetime, contact: Mapping[str, Any]
) -> None:
    stamped = {"created": now, "updated": now}
    rows: dict[Any, list[dict[str, Any]]] = {
        PersonRow: [{"id": person, "created": now} for person, _ in people],
        IdentityRow: [{"id": person, "person_id": person, "account": account, "sender": who} for person, who in people],
        ConversationRow: [
            {"id": person, "identity_id": person, "memory": {}, "memory_version": 1}
            | {"updated": now, "last_interaction": now}
            for person, _ in people
        ],
        ConsentRow: [
            {"person_id": person, "topic": Topic.NEWS.value, "consent": "given", "since": now} for person, _ in people
        ],
        ContactRow: [{"person_id": person, **stamped, **contact} for person, _ in people],
    }
    async with database.transaction() as session:
        for row, values in rows.items():
            await session.execute(insert(table_of(row)), values)


async def _next(session: Session, row: type[PersonRow]) -> int:
    last = (await session.execute(select(row.id).order_by(row.id.desc()).limit(1))).scalar()
    return (last or 0) + 1


async def add_campaign(
    database: Database, now: datetime, people: int, *, text: str = "Nhắc đóng BHYT", **values: Any
) -> Campaign:
    """An approved campaign for everybody."""
    row = {
        "code": f"kg{people % 10_000}",
        "title": "Nhắc",
        "topic": Topic.NEWS.value,
        "content": {"variants": {"vi": {"text": text}}},
        "terms": {"quiet_from": 0, "quiet_to": 0, "cap_messages": 100, "cap_days": 1},
        "segment": "all",
        "state": CampaignState.APPROVED.value,
        "approved_count": people,
        "created": now,
        "updated": now,
        **values,
    }
    async with database.transaction() as session:
        table = table_of(CampaignRow)
        added = (await session.execute(insert(table).values(row).returning(*table.columns))).one()
        campaign = Campaign.of(added)
        sealed = update(table).where(table.c.id == campaign.id).values(approved_hash=seal(campaign, people))
        await session.execute(sealed)
    return campaign
