"""A restored database does not send again what may have been sent after the backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, update

from bot.outreach.campaign import Repeats, Terms
from bot.store.models import CampaignEventRow, CampaignRow, CampaignState, OutboxRow
from tests.backup.content import fill, row
from tests.backup.support import load, save
from tests.bot.reading import rows

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.database import Database
    from tests.backup.conftest import Make


@pytest.fixture
async def copy(make: Make, tmp_path: Path) -> Path:
    """A backup with campaigns in every state, a standing template among the approved, and replies that wait."""
    database = await make("sqlite", schema=True)
    await fill(database)
    table = CampaignRow.__table__
    async with database.transaction() as session:
        await session.execute(delete(CampaignRow))
        template = row(table, 3)  # type: ignore[arg-type]
        for number, state in enumerate(CampaignState):
            terms = Terms().model_dump(mode="json")
            values = template | {"id": number + 1, "code": f"c{number}", "state": state.value, "terms": terms}
            await session.execute(insert(CampaignRow).values(values))
        terms = Terms(repeats=next(iter(Repeats))).model_dump(mode="json")
        values = template | {"id": 50, "code": "standing", "state": "approved", "terms": terms}
        await session.execute(insert(CampaignRow).values(values))
        await session.execute(update(OutboxRow).values(state="pending", reason=None))
    await save(database, tmp_path / "copy.zip")
    return tmp_path / "copy.zip"


async def states(database: Database) -> dict[int, tuple[str, str | None]]:
    return {campaign["id"]: (campaign["state"], campaign["reason"]) for campaign in await rows(database, "campaign")}


async def test_what_waited_is_put_at_rest(copy: Path, empty: Database) -> None:
    await load(empty, copy, resume=False)
    found = await states(empty)
    for number, state in enumerate(CampaignState, 1):
        going = state in {CampaignState.APPROVED, CampaignState.PLANNING, CampaignState.RUNNING}
        assert found[number] == (("paused", "restored") if going else (state.value, None))
    assert found[50] == ("approved", None)
    assert {(reply["state"], reply["reason"]) for reply in await rows(empty, "outbox")} == {("failed", "restored")}
    assert await rows(empty, "staff_session") == []
    history = [event for event in await rows(empty, CampaignEventRow.__tablename__) if event["action"] == "paused"]
    assert [event["detail"] for event in history] == [{"reason": "restored"}] * 3


async def test_what_waited_goes_on_when_nothing_was_sent_since(copy: Path, empty: Database) -> None:
    await load(empty, copy, resume=True)
    assert {reason for _, reason in (await states(empty)).values()} == {None}
    assert {reply["state"] for reply in await rows(empty, "outbox")} == {"pending"}
    assert len(await rows(empty, "staff_session")) == 3
