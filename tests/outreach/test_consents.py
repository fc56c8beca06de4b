"""Every statement of consent is kept, and what holds follows from it at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.outreach.consents import WORDING_VERSION, How, Standing, list_may_change, may_receive, record
from bot.store.models import Consent, PersonRow
from handlers.consent import current_version, versions, wording
from handlers.effects import Topic
from tests.bot.reading import rows
from tests.outreach.office import NOW

if TYPE_CHECKING:
    from bot.store.database import Database
    from tests.outreach.office import Office

EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)


async def said(database: Database, person: int, consent: Consent, topic: Topic | None = None, **more: Any) -> None:
    values = {"wording": "có", "how": How.CHAT, "channel": "telegram", "now": NOW, **more}
    async with database.transaction() as session:
        await record(session, person, consent, topic, **values)


async def receivers(database: Database, topic: Topic) -> list[int]:
    async with database.reading() as session:
        return list(await session.scalars(select(PersonRow.id).where(may_receive(topic)).order_by(PersonRow.id)))


async def test_nobody_receives_anything_without_having_agreed(database: Database, office: Office) -> None:
    silent, given = await office.person(consent=None), await office.person(consent=None)
    await said(database, given, Consent.GIVEN, Topic.NEWS)
    assert await receivers(database, Topic.NEWS) == [given]
    assert await receivers(database, Topic.QUIZ) == []
    assert silent not in await receivers(database, Topic.NEWS)


async def test_one_topic_can_be_taken_back_and_all_be_given_again(database: Database, office: Office) -> None:
    person = await office.person(consent=None)
    await said(database, person, Consent.GIVEN)
    await said(database, person, Consent.WITHDRAWN, Topic.QUIZ, now=LATER)
    assert [topic for topic in Topic if person in await receivers(database, topic)] == [Topic.NEWS, Topic.REMINDERS]
    await said(database, person, Consent.WITHDRAWN)
    await said(database, person, Consent.GIVEN)
    assert all([person in await receivers(database, topic) for topic in Topic])
    kept = [(row["consent"], row["topic"]) for row in await rows(database, "consent_event")]
    assert kept == [("given", None), ("withdrawn", "quiz"), ("withdrawn", None), ("given", None)]


async def test_a_statement_is_kept_with_its_proof(database: Database, office: Office) -> None:
    person = await office.person(consent=None)
    await said(database, person, Consent.GIVEN, Topic.NEWS, wording="ok, gọi tôi 0901234567", inbound_id=7)
    (event,) = await rows(database, "consent_event")
    assert {name: event[name] for name in event if name != "id"} == {
        "person_id": person,
        "consent": "given",
        "topic": "news",
        "wording": "ok, gọi tôi •••",
        "version": WORDING_VERSION,
        "how": "chat",
        "channel": "telegram",
        "inbound_id": 7,
        "happened": NOW,
    }


async def test_what_staff_write_down_is_what_the_bot_tells_the_person(database: Database, office: Office) -> None:
    person = await office.reader(consent=None)
    await office.reader(consent=None)
    await said(database, person, Consent.WITHDRAWN, Topic.NEWS, how=How.STAFF, channel=How.STAFF)
    await said(database, person, Consent.GIVEN, Topic.QUIZ, how=How.LIST, channel=How.LIST)
    theirs, others = await rows(database, "conversation")
    assert theirs["memory"] == {"topics": {"news": False, "quiz": True}}
    assert others["memory"] == {}
    assert [row["version"] for row in await rows(database, "consent_event")] == [None, None]


@pytest.mark.parametrize(
    ("standing", "consent", "when", "may"),
    [
        (None, Consent.GIVEN, NOW, True),
        (None, Consent.WITHDRAWN, NOW, True),
        (Standing(Consent.WITHDRAWN, NOW), Consent.GIVEN, LATER, False),
        (Standing(Consent.WITHDRAWN, NOW), Consent.WITHDRAWN, LATER, False),
        (Standing(Consent.GIVEN, NOW), Consent.GIVEN, LATER, False),
        (Standing(Consent.GIVEN, NOW), Consent.WITHDRAWN, LATER, True),
        (Standing(Consent.GIVEN, NOW), Consent.WITHDRAWN, EARLIER, False),
    ],
)
def test_what_a_list_may_change(standing: Standing | None, consent: Consent, when: Any, *, may: bool) -> None:
    assert list_may_change(standing, consent, when) is may


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_version_has_words_for_every_topic(language: str) -> None:
    assert current_version() in versions()
    for version in versions():
        everything = wording(None, language, version)
        for topic in Topic:
            agreed, stop = wording(topic, language, version).split(". ", 1)
            assert agreed in everything
            assert stop in everything
