"""What lists and campaigns leave behind is let go in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, update

from bot.settings import RetentionSettings
from bot.store import retention
from bot.store.models import CampaignRow, CampaignState, Consent, ConsentEventRow
from bot.store.retention import apply_retention
from tests.bot.reading import rows
from tests.outreach.office import NOW

if TYPE_CHECKING:
    from bot.store.database import Database
    from tests.outreach.office import Office

SETTINGS = RetentionSettings(idle_people=30, unseen_contacts=20, recipients=10, consent_events=40)


async def people_after(database: Database, days: float) -> list[int]:
    await apply_retention(database, SETTINGS, NOW + timedelta(days=days))
    return [row["id"] for row in await rows(database, "person")]


async def test_who_was_never_seen_goes_when_no_list_names_them_any_more(database: Database, office: Office) -> None:
    unseen = await office.person(phone="+84901234567")
    addressed = await office.reader(silent=None)
    seen = await office.reader(silent=timedelta(0))
    named = await office.person(phone="+84912345678", updated=NOW + timedelta(days=5))
    assert await people_after(database, 20) == [unseen, addressed, seen, named]
    assert await people_after(database, 21) == [seen, named]
    assert await people_after(database, 26) == [seen]


async def test_who_stands_on_a_list_is_not_idle(database: Database, office: Office) -> None:
    listed = await office.reader(phone="+84901234567", updated=NOW + timedelta(days=25))
    await office.reader(updated=NOW + timedelta(days=25))
    assert await people_after(database, 31) == [listed]
    assert await people_after(database, 56) == []


@pytest.mark.parametrize("state", [CampaignState.FINISHED, CampaignState.CANCELLED, CampaignState.RUNNING])
async def test_old_ledgers_forget_who(
    database: Database, office: Office, state: CampaignState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "RECIPIENTS", 2)
    campaign = await office.campaign()
    for _ in range(5):
        await office.received(campaign, await office.reader(), params={"ten": "Mận"}, province="son-la")
    async with database.transaction() as session:
        ended = NOW if state is CampaignState.FINISHED else None
        await session.execute(update(CampaignRow).values(state=state.value, finished=ended, updated=NOW))
    await people_after(database, 10)
    assert all(row["person_id"] and row["params"] for row in await rows(database, "recipient"))
    await people_after(database, 11)
    gone = state is not CampaignState.RUNNING
    ledger = await rows(database, "recipient")
    assert [(row["person_id"] is None, row["params"] == {}) for row in ledger] == [(gone, gone)] * 5
    assert [(row["state"], row["province"]) for row in ledger] == [("sent", "son-la")] * 5


async def test_statements_of_people_who_are_gone_go_too(database: Database, office: Office) -> None:
    person = await office.reader()

    def statement(person_id: int | None, happened: datetime) -> dict[str, object]:
        event = {"consent": Consent.GIVEN.value, "topic": None, "wording": "", "how": "chat", "channel": "telegram"}
        return {**event, "person_id": person_id, "happened": happened}

    old, young = NOW - timedelta(days=41), NOW - timedelta(days=39)
    async with database.transaction() as session:
        for whose, happened in ((person, old), (None, old), (None, young)):
            await session.execute(insert(ConsentEventRow).values(**statement(whose, happened)))
    await people_after(database, 0)
    left = [(row["person_id"], row["happened"]) for row in await rows(database, "consent_event")]
    assert left == [(person, old), (None, young)]
