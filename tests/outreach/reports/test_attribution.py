"""What a reader does within three days is put down to the last message before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.outreach.delivery.chores import chores
from bot.outreach.delivery.office import Office as DeliveryOffice
from bot.outreach.reports import attribution
from bot.outreach.reports.attribution import LATE, WITHIN, attribute
from bot.store.erasing import erase_person
from handlers.effects import Topic
from tests.bot.reading import rows
from tests.outreach.office import NOW, SETTINGS

if TYPE_CHECKING:
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase
    from tests.bot.conftest import FakeClock
    from tests.outreach.office import Office
    from tests.outreach.reports.season import Season

HOUR = timedelta(hours=1)
BUTTON = {"texts": {"vi": {"text": "Chào", "buttons": [{"label": "Đóng ở đâu?", "action": "entry:dong-o-dau"}]}}}


async def noted(database: Database, now: datetime = NOW + timedelta(days=9)) -> list[tuple[Any, Any, Any]]:
    """When each recipient replied, tapped, opted out."""
    await attribute(database, now)
    return [(row["replied"], row["tapped"], row["opted_out"]) for row in await rows(database, "recipient")]


async def test_it_is_one_of_the_chores(
    database: Database, office: Office, season: Season, base: KnowledgeBase, clock: FakeClock
) -> None:
    campaign, person = await season.campaign(), await office.reader()
    await office.received(campaign, person, sent=NOW)
    await season.wrote(person, NOW + HOUR)

    async def alert(_what: str) -> None:
        raise AssertionError

    clock.moment = NOW + 2 * HOUR
    for chore in chores(DeliveryOffice(database, SETTINGS, base, {}, clock, alert)).values():
        await chore()
    assert [row["replied"] for row in await rows(database, "recipient")] == [NOW + HOUR]


async def test_the_first_reply_counts(database: Database, office: Office, season: Season) -> None:
    campaign, person = await season.campaign(), await office.reader()
    await office.received(campaign, person, sent=NOW)
    await season.wrote(person, NOW - HOUR)
    assert await noted(database, NOW + HOUR) == [(None, None, None)]
    await season.wrote(person, NOW + 2 * HOUR)
    await season.wrote(person, NOW + 3 * HOUR)
    assert await noted(database, NOW + 4 * HOUR) == [(NOW + 2 * HOUR, None, None)]
    await season.wrote(person, NOW + 5 * HOUR)
    assert await noted(database) == [(NOW + 2 * HOUR, None, None)]


@pytest.mark.parametrize("after", [WITHIN, WITHIN + timedelta(seconds=1)])
async def test_three_days_count(database: Database, office: Office, season: Season, after: timedelta) -> None:
    campaign, person = await season.campaign(), await office.reader()
    await office.received(campaign, person, sent=NOW)
    await season.wrote(person, NOW + after)
    ((replied, *_),) = await noted(database)
    assert (replied is not None) is (after <= WITHIN)


async def test_it_belongs_to_the_last_message(database: Database, office: Office, season: Season) -> None:
    first, second, person = await season.campaign("kg26"), await season.campaign("kg27"), await office.reader()
    await office.received(first, person, sent=NOW)
    await office.received(second, person, sent=NOW + 2 * HOUR)
    await season.wrote(person, NOW + HOUR)
    await season.refused(person, NOW + 3 * HOUR)
    assert await noted(database) == [(NOW + HOUR, None, None), (NOW + 3 * HOUR, None, NOW + 3 * HOUR)]


async def test_buttons_of_the_campaign_and_others(database: Database, office: Office, season: Season) -> None:
    campaign = await season.campaign(**BUTTON)
    for _ in range(3):
        await office.received(campaign, await office.reader(), sent=NOW)
    own, labelled, other = [row["person_id"] for row in await rows(database, "recipient")]
    await season.wrote(own, NOW + HOUR, "", "action")
    await season.wrote(labelled, NOW + HOUR, "Đóng ở đâu?", "action")
    await season.wrote(other, NOW + HOUR, "Mức đóng", "action")
    assert await noted(database) == [(None, NOW + HOUR, None), (None, NOW + HOUR, None), (None, None, None)]


@pytest.mark.parametrize(
    ("code", "counts"), [("c-kg26", True), ("p-hue_s-th-1_c-kg26", True), ("c-kg261", False), ("s-kg26", False)]
)
async def test_coming_through_its_link(
    database: Database, office: Office, season: Season, code: str, counts: bool
) -> None:
    campaign, person = await season.campaign(), await office.reader()
    await office.received(campaign, person, sent=NOW)
    await season.wrote(person, NOW + 5 * HOUR, "MA KG26")
    await season.arrived(person, code, NOW + 5 * HOUR)
    assert await noted(database) == [(NOW + 5 * HOUR, NOW + 5 * HOUR if counts else None, None)]


@pytest.mark.parametrize(("topic", "counts"), [(None, True), (Topic.NEWS, True), (Topic.QUIZ, False)])
async def test_refusing_what_the_campaign_is_about(
    database: Database, office: Office, season: Season, topic: Topic | None, counts: bool
) -> None:
    campaign, person = await season.campaign(), await office.reader()
    await office.received(campaign, person, sent=NOW)
    await season.refused(person, NOW + HOUR, topic)
    ((*_, opted_out),) = await noted(database)
    assert opted_out == (NOW + HOUR if counts else None)


async def test_batches_read_everything_once(
    database: Database, office: Office, season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attribution, "BATCH", 2)
    campaign = await season.campaign()
    for _ in range(5):
        person = await office.reader()
        await office.received(campaign, person, sent=NOW)
        await season.wrote(person, NOW + HOUR)
    assert await attribute(database, NOW + 2 * HOUR) == 5
    assert [row["replied"] for row in await rows(database, "recipient")] == [NOW + HOUR] * 5


async def test_reading_goes_on_where_it_was_left_and_ends(database: Database, office: Office, season: Season) -> None:
    campaign, person = await season.campaign(finished=NOW), await office.reader()
    await office.received(campaign, person, sent=NOW)
    await season.wrote(person, NOW + HOUR)
    assert await attribute(database, NOW + 2 * HOUR) == 1
    assert await attribute(database, NOW + WITHIN + LATE) == 1
    await season.wrote(person, NOW + WITHIN)
    assert await attribute(database, NOW + WITHIN + LATE + 2 * HOUR) == 0


async def test_what_comes_late_still_counts(database: Database, office: Office, season: Season) -> None:
    campaign, person = await season.campaign(), await office.reader()
    await office.received(campaign, person, sent=NOW)
    await attribute(database, NOW + 20 * HOUR)
    await season.wrote(person, NOW + HOUR)
    assert await noted(database, NOW + 21 * HOUR) == [(NOW + HOUR, None, None)]


async def test_what_was_noted_stays_when_somebody_is_erased(database: Database, office: Office, season: Season) -> None:
    campaign, person = await season.campaign(), await office.reader()
    await office.received(campaign, person, sent=NOW)
    await season.refused(person, NOW + HOUR)
    before = await noted(database, NOW + 2 * HOUR)
    async with database.transaction() as session:
        await erase_person(session, person, asked=None)
    assert await noted(database) == before == [(NOW + HOUR, None, NOW + HOUR)]
