"""People and a campaign for a measurement, written by the database itself. SQLite only."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import insert, text, update

from bot.outreach.approval import seal
from bot.outreach.campaign import Campaign
from bot.outreach.delivery import running
from bot.outreach.delivery.planning import RANGE, Plan, plan_range
from bot.outreach.eligibility import Eligibility
from bot.outreach.schedule import Schedule
from bot.store.models import CampaignRow, CampaignState, PersonRow, table_of
from handlers.effects import Topic

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from bot.config import Settings
    from bot.store.database import Database

ACCOUNT = "telegram"
TEXT = "**Năm học mới, đừng quên thẻ BHYT.** Đóng tại trường hoặc qua đại lý thu, thẻ có hạn đến 31/12."
_EACH = "WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < :people) SELECT "
_PEOPLE = {
    "account (id, channel, created)": "SELECT :account, 'telegram', :now",
    "person (id, created)": _EACH + "i, :now FROM number",
    "identity (id, person_id, account, sender)": _EACH + "i, i, :account, CAST(:first + i - 1 AS TEXT) FROM number",
    "conversation (id, identity_id, memory, memory_version, updated, last_interaction)": (
        _EACH + "i, i, '{}', 1, :now, :now FROM number"
    ),
    "consent (person_id, topic, consent, since)": _EACH + "i, :topic, 'given', :now FROM number",
}


async def add_people(database: Database, people: int, first: int, now: datetime) -> None:
    """So many people into an empty database, who agreed to news; their chats are numbered from `first`."""
    values = {"people": people, "first": first, "account": ACCOUNT, "topic": Topic.NEWS.value}
    values |= {"now": now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")}
    for table, rows in _PEOPLE.items():
        statement = text(f"INSERT INTO {table} {rows}")
        async with database.transaction() as session:
            await session.execute(statement, {name: values[name] for name in statement.compile().params})


async def add_campaign(database: Database, people: int, now: datetime) -> Campaign:
    """An approved campaign for everybody, without quiet hours."""
    table = table_of(CampaignRow)
    row: dict[str, Any] = {
        "code": "do26",
        "title": "Đo tốc độ",
        "topic": Topic.NEWS.value,
        "content": {"variants": {"vi": {"text": TEXT}}},
        "terms": {"quiet_from": 0, "quiet_to": 0},
        "segment": "all",
        "state": CampaignState.APPROVED.value,
        "approved_count": people,
        "created": now,
        "updated": now,
    }
    async with database.transaction() as session:
        added: Any = (await session.execute(insert(table).values(row).returning(*table.columns))).one()
        campaign = Campaign.of(added)
        sealed = update(table).where(table.c.id == campaign.id).values(approved_hash=seal(campaign, people))
        await session.execute(sealed)
    return campaign


async def plan(database: Database, campaign: Campaign, people: int, settings: Settings, now: datetime) -> None:
    """Write all recipients, as the workflow does."""
    async with database.transaction() as session:
        await running.begin_planning(session, campaign.id, now)
    rules, schedule = Eligibility.of(campaign, settings, now), Schedule.of(campaign, settings.outreach, now)
    whom = Plan(campaign, PersonRow.id > 0, rules, schedule)
    for after in range(0, people, RANGE):
        async with database.transaction() as session:
            await plan_range(session, whom, after, after + RANGE, now, postgres=False)
    async with database.transaction() as session:
        await running.begin_sending(session, campaign.id, now)
