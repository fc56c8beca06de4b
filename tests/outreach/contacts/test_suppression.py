"""Who asked to be erased does not come back with the next list, unless they agreed since."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from bot.channels.inbound import Channel, Inbound
from bot.outreach.consents import How, record
from bot.outreach.contacts.exporting import export_person
from bot.outreach.contacts.outcomes import Fate
from bot.outreach.contacts.statements import take_statement
from bot.settings import RetentionSettings
from bot.store.database import Database
from bot.store.erasing import erase_person
from bot.store.models import Consent, ContactRow
from bot.store.retention import apply_retention
from bot.store.suppression import by_phone, suppressed
from bot.turns import TurnPipeline
from handlers.effects import Topic
from tests.bot.conftest import FakeClock
from tests.bot.reading import everything, rows
from tests.bot.scripted import ScriptedCore, hotline
from tests.outreach.contacts.lists import take
from tests.outreach.contacts.test_importing import DUC, MAN, PARENT, YES, fates
from tests.outreach.office import NOW, TELEGRAM

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from tests.outreach.office import Office

SENDER = "123456789"
ON_TELEGRAM = {"Kênh": "telegram", "Mã Telegram": SENDER}
WHOLE = {**MAN, **YES, **ON_TELEGRAM, "Mã": "PH-77"}
"""A line with every key there is; its consent is of 5 September."""
ASKED = date(2026, 11, 10)
READABLE = ("901234567", SENDER, "PH-77", "Mận")


async def erase(database: Database, person: int = 1, asked: date | None = ASKED) -> None:
    async with database.transaction() as session:
        await erase_person(session, person, asked=asked)


async def erased(database: Database, base: KnowledgeBase, line: dict[str, Any] = WHOLE) -> None:
    """Somebody came with a list and asked to be erased."""
    await take(database, base, line)
    await erase(database)


async def digests(database: Database) -> list[tuple[bytes, date]]:
    return [(row["digest"], row["day"]) for row in await rows(database, "suppression")]


async def test_the_same_list_leaves_out_who_asked_to_be_erased(database: Database, base: KnowledgeBase) -> None:
    await take(database, base, WHOLE, DUC)
    await erase(database)
    before = await everything(database)
    checked = await take(database, base, WHOLE, DUC, write=False)
    assert await everything(database) == before
    report = await take(database, base, WHOLE, DUC)
    for each in (checked, report):
        assert fates(each) == [(2, Fate.ERASED, None), (3, Fate.SAME, None)]
        assert [outcome.erased for outcome in each.outcomes] == [ASKED, None]
        assert each.problems == ()
    assert report.written
    assert await everything(database) == before


async def test_nothing_can_be_read_off_the_table(database: Database, base: KnowledgeBase) -> None:
    await erased(database, base)
    left = await everything(database)
    assert not [told for told in READABLE if told in left]
    kept = await digests(database)
    assert [(len(digest), day) for digest, day in kept] == [(32, ASKED)] * 3
    (key,) = await rows(database, "suppression_key")
    assert len(key["key"]) == 32
    plain = {hashlib.sha256(text.encode()).digest() for text in ("+84901234567", "phone\0+84901234567")}
    assert not plain & {digest for digest, _ in kept}


async def test_the_key_is_made_once_and_not_before_it_is_needed(database: Database, base: KnowledgeBase) -> None:
    await take(database, base, MAN, DUC, {"SĐT": "0987654321", **PARENT})
    await erase(database, 3, asked=None)
    assert await rows(database, "suppression_key") == []
    await erase(database)
    made = await rows(database, "suppression_key")
    await erase(database, 2)
    assert await rows(database, "suppression_key") == made
    assert len(await digests(database)) == 2


async def test_two_processes_that_erase_first_make_one_key(database: Database, base: KnowledgeBase, url: str) -> None:
    await take(database, base, MAN, DUC)
    other = Database(url)
    await asyncio.gather(erase(database, 1), erase(other, 2))
    await other.close()
    assert (await take(database, base, MAN, DUC)).fates == {Fate.ERASED: 2}


@pytest.mark.parametrize(
    "line",
    [
        {"Mã": "PH-77"},
        {"SĐT": "84 901.234.567"},
        ON_TELEGRAM,
        {"Mã": "PH-77", "SĐT": "0987654321"},
        {"Mã": "mới", "SĐT": "0901234567"},
        {"Mã": "mới", "SĐT": "0987654321", **ON_TELEGRAM},
    ],
)
async def test_any_key_is_enough(database: Database, base: KnowledgeBase, line: dict[str, Any]) -> None:
    await erased(database, base)
    assert (await take(database, base, {**PARENT, **line})).fates == {Fate.ERASED: 1}
    assert await rows(database, "person") == []


@pytest.mark.parametrize(
    "line",
    [
        {"Mã": "0901234567"},
        {"Mã": SENDER},
        {"SĐT": "0901234568"},
        {"Kênh": "zalo", "Mã Zalo": SENDER},
        {"Mã": "ph-77"},
    ],
)
async def test_who_only_looks_alike_is_taken(database: Database, base: KnowledgeBase, line: dict[str, Any]) -> None:
    await erased(database, base)
    assert (await take(database, base, {**PARENT, **line})).fates == {Fate.NEW: 1}


async def test_all_lines_of_the_person_are_left_out(database: Database, base: KnowledgeBase) -> None:
    await erased(database, base, MAN)
    older, younger = {**MAN, "Mã": "A", "Năm sinh": "2013"}, {**PARENT, "Mã": "A", "Năm sinh": "2015"}
    report = await take(database, base, older, DUC, younger)
    assert fates(report) == [(2, Fate.ERASED, None), (3, Fate.NEW, None), (4, Fate.ERASED, 2)]
    assert [outcome.erased for outcome in report.outcomes] == [ASKED, None, ASKED]
    assert [row["name"] for row in await rows(database, "contact")] == ["Quàng Văn Đức"]


async def test_it_is_no_mistake_of_the_list(database: Database, base: KnowledgeBase) -> None:
    await erased(database, base, MAN)
    wrong = {**DUC, "SĐT": "123"}
    assert not (await take(database, base, MAN, wrong)).written
    report = await take(database, base, MAN, wrong, leave_out_wrong=True)
    assert report.written
    assert report.fates == {Fate.ERASED: 1, Fate.WRONG: 1}


async def test_other_people_are_untouched(database: Database, base: KnowledgeBase) -> None:
    """Even one who is kept with the number of somebody who asked to be erased."""
    await take(database, base, {**MAN, "Mã": "A"}, {**DUC, "Mã": "B"})
    async with database.transaction() as session:
        await session.execute(update(ContactRow).values(phone="+84901234567"))
    await erase(database)
    before = await rows(database, "contact")
    report = await take(database, base, {"Mã": "B", "Tỉnh": "Sơn La"}, {"SĐT": "0901234567", **PARENT})
    assert report.fates == {Fate.CHANGED: 1, Fate.ERASED: 1}
    (after,) = await rows(database, "contact")
    assert after == {**before[0], "province": "son-la"}


@pytest.mark.parametrize(
    ("consent", "taken"),
    [
        ({"Ngày đồng ý": "11/11/2026"}, True),
        ({"Ngày đồng ý": "11/11/2026", "Đồng ý": "nhắc hạn"}, True),
        ({"Ngày đồng ý": "10/11/2026"}, False),
        ({"Ngày đồng ý": "5/9/2026"}, False),
        ({"Ngày đồng ý": "11/11/2026", "Đồng ý": "không"}, False),
        ({"Ngày đồng ý": "", "Đồng ý": ""}, False),
    ],
)
async def test_a_consent_of_later_opens_the_way_again(
    database: Database, base: KnowledgeBase, consent: dict[str, str], taken: bool
) -> None:
    await erased(database, base)
    line = {**WHOLE, **consent}
    before = await everything(database)
    checked = await take(database, base, line, write=False)
    assert checked.fates == {Fate.NEW if taken else Fate.ERASED: 1}
    assert await everything(database) == before
    assert (await take(database, base, line)).fates == checked.fates
    assert bool(await digests(database)) is not taken
    again = await take(database, base, MAN)
    assert again.fates == {Fate.SAME if taken else Fate.ERASED: 1}


@pytest.mark.parametrize("day", ["11/11/2026", "12/11/2026"])
async def test_a_refusal_in_the_same_list_closes_it(database: Database, base: KnowledgeBase, day: str) -> None:
    """Of the same day it is the one that counts, as elsewhere."""
    await erased(database, base)
    yes, no = {**WHOLE, "Ngày đồng ý": "11/11/2026"}, {**WHOLE, "Đồng ý": "không", "Ngày đồng ý": day}
    assert (await take(database, base, yes, no)).fates == {Fate.ERASED: 2}
    yes_again = {**yes, "Đồng ý": "đố vui", "Ngày đồng ý": "13/11/2026"}
    assert (await take(database, base, yes, no, yes_again)).fates == {Fate.NEW: 3}


async def test_who_agreed_again_by_one_key_comes_back_by_the_others_too(
    database: Database, base: KnowledgeBase
) -> None:
    await erased(database, base)
    by_phone_alone = {**MAN, **YES, "Ngày đồng ý": "12/11/2026"}
    assert (await take(database, base, by_phone_alone)).fates == {Fate.NEW: 1}
    assert len(await digests(database)) == 2
    assert (await take(database, base, {"Mã": "PH-77", **PARENT})).fates == {Fate.ERASED: 1}
    assert (await take(database, base, {**MAN, "Mã": "PH-77"})).fates == {Fate.CHANGED: 1}
    assert len(await digests(database)) == 1


@pytest.mark.parametrize(("days", "taken"), [(0, False), (1, True)])
async def test_what_staff_wrote_down_since_counts(
    database: Database, base: KnowledgeBase, office: Office, days: int, taken: bool
) -> None:
    await erased(database, base)
    person = await office.person(consent=None)
    await office.account(person, TELEGRAM, sender=SENDER)
    told = {"wording": "đơn số 5", "day": ASKED + timedelta(days=days), "now": NOW}
    async with database.transaction() as session:
        await take_statement(session, person, Consent.GIVEN, Topic.NEWS, **told)
    assert (await take(database, base, WHOLE)).fates == {Fate.CHANGED if taken else Fate.ERASED: 1}


async def test_a_refusal_since_then_holds(database: Database, base: KnowledgeBase, office: Office) -> None:
    await erased(database, base)
    person = await office.person(consent=None)
    await office.account(person, TELEGRAM, sender=SENDER)
    async with database.transaction() as session:
        chat = {"wording": "dừng", "how": How.CHAT, "channel": "telegram", "now": NOW}
        await record(session, person, Consent.WITHDRAWN, None, **chat)
    assert (await take(database, base, {**WHOLE, "Ngày đồng ý": "12/11/2026"})).fates == {Fate.ERASED: 1}


class Chat:
    """Somebody who writes to the bot on a platform."""

    def __init__(self, database: Database, account: str = TELEGRAM, channel: Channel = Channel.TELEGRAM) -> None:
        self.clock = FakeClock(NOW)
        self._where = account, channel
        self._pipeline = TurnPipeline(database, ScriptedCore(), clock=self.clock, hotline=hotline)
        self._written = 0

    async def say(self, text: str) -> None:
        self._written += 1
        await self._pipeline.handle(Inbound(*self._where, SENDER, f"m{self._written}", self.clock(), text))


async def test_who_comes_back_to_ask_something_is_joined_to_no_list(database: Database, base: KnowledgeBase) -> None:
    chat = Chat(database)
    await chat.say("chào")
    await take(database, base, WHOLE)
    await chat.say("forget")
    assert [day for _, day in await digests(database)] == [NOW.date()] * 3
    await chat.say("hạn thẻ")
    assert (await take(database, base, WHOLE)).fates == {Fate.ERASED: 1}
    assert await rows(database, "contact") == []

    await chat.say("join")
    assert len(await digests(database)) == 2  # the chat knows nothing of their number
    assert (await take(database, base, {**PARENT, **ON_TELEGRAM})).fates == {Fate.CHANGED: 1}
    assert (await take(database, base, WHOLE)).fates == {Fate.ERASED: 1}
    chat.clock.advance(days=1)
    await chat.say("join")
    assert (await take(database, base, WHOLE)).fates == {Fate.CHANGED: 1}
    assert await digests(database) == []


async def test_who_is_erased_twice_is_kept_with_the_later_day(database: Database, base: KnowledgeBase) -> None:
    chat = Chat(database)
    for _ in range(2):
        await chat.say("join")
        await chat.say("forget")
        chat.clock.advance(days=3)
    assert [day for _, day in await digests(database)] == [NOW.date() + timedelta(days=3)]


async def test_a_browser_that_no_list_can_name_leaves_nothing(database: Database) -> None:
    chat = Chat(database, "web", Channel.WEB)
    await chat.say("chào")
    await chat.say("forget")
    assert await digests(database) == await rows(database, "suppression_key") == []


async def test_who_was_only_kept_long_enough_may_be_named_again(database: Database, base: KnowledgeBase) -> None:
    await take(database, base, MAN)
    settings = RetentionSettings(unseen_contacts=20)
    await apply_retention(database, settings, NOW + timedelta(days=21))
    assert await rows(database, "person") == await digests(database) == []
    assert (await take(database, base, MAN)).fates == {Fate.NEW: 1}


async def test_the_list_forgets_in_time(database: Database, base: KnowledgeBase) -> None:
    await erased(database, base)
    settings = RetentionSettings(suppressions=100)
    await apply_retention(database, settings, NOW.replace(year=2027, month=2, day=18))
    assert len(await digests(database)) == 3
    await apply_retention(database, settings, NOW.replace(year=2027, month=2, day=19))
    assert await digests(database) == []
    assert (await take(database, base, MAN)).fates == {Fate.NEW: 1}


async def test_who_came_back_is_told_in_their_copy(database: Database, base: KnowledgeBase) -> None:
    chat = Chat(database)
    await chat.say("chào")
    await chat.say("forget")
    await chat.say("chào")
    (person,) = await rows(database, "person")
    async with database.reading() as session:
        exported = await export_person(session, person["id"], base.offices)
    assert exported["Đã từng yêu cầu xóa dữ liệu (danh sách không đưa vào lại)"] == [{"Ngày": "22/11/2026"}]


async def test_a_key_that_nobody_made_suppresses_nobody(database: Database) -> None:
    async with database.reading() as session:
        assert await suppressed(session, [by_phone("+84901234567")]) == {}
