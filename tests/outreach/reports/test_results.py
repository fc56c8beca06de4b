"""A campaign in figures, and what its report tells."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.outreach.eligibility import SkipReason
from bot.outreach.messages import say
from bot.outreach.reports.attribution import WITHIN, attribute
from bot.outreach.reports.results import Results, results
from bot.outreach.reports.results_document import results_document
from bot.outreach.reports.texts import name
from bot.store.models import RecipientState
from knowledge.entries import Reason
from tests.outreach.office import NOW

if TYPE_CHECKING:
    from bot.outreach.campaign import Campaign
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase
    from tests.outreach.office import Office
    from tests.outreach.reports.season import Season

HOUR = timedelta(hours=1)


async def counted(database: Database, base: KnowledgeBase, least: int = 1) -> Results:
    await attribute(database, NOW + timedelta(days=1))
    async with database.reading() as session:
        return await results(session, "kg26", base, least, NOW + timedelta(days=1))


async def reached(office: Office, campaign: Campaign, people: int, **recipient: object) -> list[int]:
    readers = [await office.reader() for _ in range(people)]
    for person in readers:
        await office.received(campaign, person, sent=NOW, **recipient)
    return readers


async def test_states_and_reasons(database: Database, office: Office, season: Season, base: KnowledgeBase) -> None:
    campaign = await season.campaign()
    await reached(office, campaign, 3)
    for state, reason in [("failed", "blocked"), ("skipped", "no_consent"), ("waiting", "window_closed"),
                          ("unknown", None), ("planned", None), ("sending", None)]:  # fmt: skip
        await office.received(campaign, await office.person(), state=state, reason=reason)
    found = await counted(database, base)
    tally = found.tally
    assert (tally.people, tally.sent, tally.failed, tally.skipped, tally.waiting) == (9, 3, 1, 1, 1)
    assert (tally.unknown, tally.left) == (1, 2)
    assert {state.value: dict(reasons) for state, reasons in found.reasons.items()} == {
        "failed": {"blocked": 1}, "skipped": {"no_consent": 1}, "waiting": {"window_closed": 1},
    }  # fmt: skip
    told = str(results_document(found, base))
    assert "đã chặn bot" in told
    assert "chưa đồng ý nhận tin" in told


async def test_what_people_did(database: Database, office: Office, season: Season, base: KnowledgeBase) -> None:
    campaign = await season.campaign()
    first, second, third = await reached(office, campaign, 3)
    entry = next(entry for entry in base.entries.values() if entry.topic == "muc-dong")
    inbound = await season.wrote(first, NOW + HOUR)
    await season.answered(first, inbound, NOW + HOUR, entry.id)
    await season.answered(first, inbound, NOW + HOUR, entry.id)
    early = await season.wrote(first, NOW - HOUR)
    await season.answered(first, early, NOW - HOUR, entry.id)
    await season.complained(first, NOW + 2 * HOUR, "money")
    await season.complained(second, NOW + WITHIN + HOUR, "money")
    await season.complained(second, NOW - HOUR)
    await season.refused(second, NOW + HOUR)
    await season.wrote(third, NOW + HOUR, "", "action")
    found = await counted(database, base)
    assert (found.tally.replied, found.tally.tapped, found.tally.opted_out) == (2, 1, 1)
    assert found.topics == {"muc-dong": 1}
    assert found.cases == {"money": 1}
    assert found.timeline is not None
    assert found.timeline.counts["sent"] == (3, 0)
    assert found.timeline.counts["replied"] == (0, 2)
    assert "Mức đóng" in str(results_document(found, base))


async def test_where_people_live(database: Database, office: Office, season: Season, base: KnowledgeBase) -> None:
    campaign = await season.campaign()
    large, small = await season.school("THCS Lớn", "hue"), await season.school("THCS Bé", "hue")
    await reached(office, campaign, 8, province="hue", school_id=large)
    await reached(office, campaign, 2, province="hue", school_id=small)
    await reached(office, campaign, 5, province="hue")
    await reached(office, campaign, 6, province="son-la")
    await reached(office, campaign, 1, province="ha-noi")
    await reached(office, campaign, 9, province=None)
    document = results_document(await counted(database, base, least=5), base)
    tables = {table.title: [(*row[:2], row[2]) for row in table.lines] for table in document.tables}
    assert tables["Theo tỉnh, thành phố"] == [
        ("Huế", 15, 15), ("chưa rõ tỉnh", 9, 9), ("các nhóm nhỏ khác", 7, 7), ("cộng", 31, 31),
    ]  # fmt: skip
    assert tables["Theo trường"] == [("THCS Lớn", "Huế", 8), ("các trường khác, chưa rõ trường", "Huế", 7)]
    assert "THCS Bé" not in str(document)


async def test_few_readers_keep_to_themselves_what_they_did(
    database: Database, office: Office, season: Season, base: KnowledgeBase
) -> None:
    campaign = await season.campaign()
    for person in await reached(office, campaign, 4):
        await season.refused(person, NOW + HOUR)
        await season.complained(person, NOW + HOUR)
    found = await counted(database, base, least=5)
    assert found.withheld
    document = results_document(found, base)
    assert [figure.value for figure in document.figures] == [4, 4]
    assert found.timeline is not None
    assert set(found.timeline.counts) == {"sent"}
    assert not found.topics
    assert not found.cases
    province = next(table for table in document.tables if table.title == "Theo tỉnh, thành phố")
    assert all(row[-1] is None for row in province.lines)


def test_everything_has_a_vietnamese_name(base: KnowledgeBase) -> None:
    assert all(say(f"reason_{reason}") for reason in SkipReason)
    assert [topic for topic in {entry.topic for entry in base.entries.values()} if name("topic", topic) == topic] == []
    assert [reason for reason in Reason if name("case", reason) == reason.value] == []
    assert RecipientState.FAILED.value != name("column", "failed")
