"""What is kept of one person can be shown and erased, in every table there is or will be."""

from __future__ import annotations

import json
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from bot.outreach.consents import How, record
from bot.outreach.contacts import exporting
from bot.outreach.contacts.exporting import export_person, word
from bot.outreach.contacts.finding import find_contact
from bot.outreach.contacts.statements import take_statement
from bot.outreach.eligibility import SkipReason
from bot.outreach.errors import ContactError
from bot.store.erasing import erase_person
from bot.store.models import Base, CaseEventKind, CaseRow, CaseState, Consent, OutboxState, RecipientState
from handlers.effects import Topic, Urgency
from handlers.memory import Memory
from handlers.memory import Person as Spoken
from knowledge.entries import Reason
from tests.bot.reading import everything, rows
from tests.outreach.contacts.lives import MARK, PERSONAL, links, live
from tests.outreach.office import NOW

if TYPE_CHECKING:
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase
    from tests.outreach.office import Office

NOBODYS = {
    "account", "audit", "campaign", "campaign_event", "channel_token", "feedback", "image", "knowledge_draft",
    "knowledge_revision", "oauth_consent", "platform_image", "question_log", "quiz", "quiz_series", "quota", "school",
    "segment", "staff", "staff_session", "suppression", "suppression_key", "worker",
}  # fmt: skip
"""Tables that are about no citizen. A new table must be in here, or in `live` and in export.toml."""
STAYS = {
    "arrival", "case_card", "case_event", "consent_event", "conversation", "inbound", "quiz_score", "recipient",
    "support_case",
}  # fmt: skip
"""Tables in which a row stays that names nobody any more."""
AGAIN = {"case_card", "webhook"}
"""Tables that only say again what the steps of a case say."""
EXPORT = tomllib.loads(Path(exporting.__file__).with_name("export.toml").read_text("utf-8"))
INTERNAL = {
    "id", "person_id", "identity_id", "conversation_id", "inbound_id", "position", "read_up_to", "memory_version",
    "message_key", "attempts", "parts", "due", "lease", "worker", "wave", "variant", "updated", "account", "reason",
    "staff_id", "owner_id", "outbox_id", "source", "merged_into", "held_by",
}  # fmt: skip
"""Columns that say nothing of a person, or say it again."""


def test_every_table_is_known_here() -> None:
    assert set(Base.metadata.tables) == PERSONAL | NOBODYS


def test_a_table_about_people_says_so_to_the_export() -> None:
    assert set(EXPORT["tables"]) == PERSONAL - AGAIN
    for name, section in EXPORT["tables"].items():
        columns = set(Base.metadata.tables[name].c.keys())
        assert set(section["columns"]) <= columns
        assert columns - set(section["columns"]) <= INTERNAL, name
    assert set(EXPORT["memory"]) >= (set(Memory.model_fields) | set(Spoken.model_fields)) - {"version"}


async def test_the_life_has_a_row_in_every_table(database: Database, office: Office) -> None:
    await live(office)
    assert {name for name in PERSONAL if not await rows(database, name)} == set()


async def test_all_of_a_person_is_exported_in_plain_words(
    database: Database, office: Office, base: KnowledgeBase
) -> None:
    person = await live(office)
    other = await office.reader(name="người khác")
    async with database.reading() as session:
        exported = await export_person(session, person, base.offices)
        assert await export_person(session, other, base.offices) != exported
    assert set(exported) == {section["title"] for section in EXPORT["tables"].values()}
    written = json.dumps(exported, ensure_ascii=False)
    assert written.count(MARK) >= 11
    assert "người khác" not in written
    assert exported["Người học có thẻ BHYT"] == [
        {
            "Là": "con", "Năm sinh": 2015, "Lớp": None, "Trường": "Trường Một", "Hạn thẻ": None,
            "Có trong danh sách của cơ quan": "không",
        }
    ]  # fmt: skip
    assert exported["Điều bot nhớ"][0]["Nội dung"] == {"Câu hỏi gần nhất": MARK, "Vai trò": "phụ huynh"}
    assert exported["Tin chiến dịch"][0]["Chiến dịch"] == "Khai giảng"
    assert exported["Liên hệ"][0]["Ghi lúc"] == "22/11/2026 09:00"


async def test_nothing_of_an_erased_person_is_left_in_any_table(database: Database, office: Office) -> None:
    person = await live(office)
    async with database.transaction() as session:
        await erase_person(session, person, asked=NOW.date())
    assert MARK not in await everything(database)
    for name in PERSONAL:
        left = await rows(database, name)
        assert bool(left) == (name in STAYS), name
        ways = [column for column in links(Base.metadata.tables[name]) if column != "case_id"]
        assert not [row for row in left for column in ways if row[column] is not None]
    (recipient,) = await rows(database, "recipient")
    assert (recipient["state"], recipient["reason"], recipient["params"]) == ("skipped", "erased", {})
    assert [event["inbound_id"] for event in await rows(database, "consent_event")] == [None]


async def test_what_was_already_sent_stays_sent(database: Database, office: Office) -> None:
    person = await office.reader()
    await office.received(await office.campaign(), person, params={"ten": MARK})
    async with database.transaction() as session:
        await erase_person(session, person, asked=NOW.date())
    (recipient,) = await rows(database, "recipient")
    assert (recipient["state"], recipient["person_id"], recipient["params"]) == ("sent", None, {})


@pytest.mark.parametrize(
    "said", ["{number}", " {number} ", "0901234567", "+84 901 234 567", "YC26-000007", "yc26-000007", "PH-01"]
)
async def test_a_person_is_found_by_what_they_can_tell(database: Database, office: Office, said: str) -> None:
    await office.reader()
    person = await office.reader(phone="+84901234567", external_id="PH-01")
    async with database.transaction() as session:
        thread = (await rows(database, "conversation"))[-1]["id"]
        case = {"number": "YC26-000007", "conversation_id": thread, "summary": "", "urgency": "normal"}
        await session.execute(insert(CaseRow).values(**case, opened=NOW, updated=NOW))
    async with database.reading() as session:
        assert await find_contact(session, said.format(number=person)) == person


@pytest.mark.parametrize("said", ["", "99", "0911111111", "YC26-999999", "Lò Thị Mận", "9" * 30])
async def test_nobody_is_found_by_anything_else(database: Database, office: Office, said: str) -> None:
    await office.reader(phone="+84901234567")
    async with database.reading() as session:
        with pytest.raises(ContactError):
            await find_contact(session, said)


async def case_of(database: Database, province: str | None, number: str) -> None:
    """A case in the latest conversation."""
    async with database.transaction() as session:
        thread = (await rows(database, "conversation"))[-1]["id"]
        case = {"number": number, "conversation_id": thread, "summary": "", "urgency": "normal", "province": province}
        await session.execute(insert(CaseRow).values(**case, opened=NOW, updated=NOW))


@pytest.mark.parametrize(
    ("home", "case", "found"),
    [
        ("son-la", None, True),
        ("ha-noi", None, False),
        ("ha-noi", "son-la", False),
        (None, None, False),
        (None, "son-la", True),
        (None, "ha-noi", False),
    ],
)
async def test_whose_people_an_office_finds(
    database: Database, office: Office, home: str | None, case: str | None, found: bool
) -> None:
    """By where they live or, when that is not known, by their cases; those of nowhere only without a province."""
    person = await office.reader(province=home, phone="+84901234567")
    if case:
        await case_of(database, case, "YC26-000007")
    async with database.reading() as session:
        assert await find_contact(session, "0901234567") == person
        if found:
            assert await find_contact(session, "0901234567", "son-la") == person
            return
        with pytest.raises(ContactError):
            await find_contact(session, "0901234567", "son-la")


async def test_a_statement_told_to_staff_does_not_undo_a_newer_one(database: Database, office: Office) -> None:
    person = await office.reader(consent=None)
    chat = {"how": How.CHAT, "channel": "telegram", "now": NOW, "wording": "dừng"}
    letter = {"wording": "đơn số 5", "day": NOW.date() - timedelta(days=9), "now": NOW + timedelta(hours=1)}
    async with database.transaction() as session:
        await record(session, person, Consent.WITHDRAWN, Topic.NEWS, **chat)
    async with database.transaction() as session:
        await take_statement(session, person, Consent.GIVEN, Topic.QUIZ, **letter)
        for topic in (Topic.NEWS, None):
            with pytest.raises(ContactError, match="09:00 22/11/2026"):
                await take_statement(session, person, Consent.GIVEN, topic, **letter)
        await take_statement(session, person, Consent.GIVEN, Topic.NEWS, **{**letter, "day": None})
    kept = {row["topic"]: row["consent"] for row in await rows(database, "consent")}
    assert kept == {"news": "given", "quiz": "given"}


CODES = (RecipientState, SkipReason, OutboxState, CaseState, CaseEventKind, Reason, Urgency)


@pytest.mark.parametrize(
    "code",
    sorted({code.value for kind in CODES for code in kind}),
)
def test_every_state_and_reason_has_a_word(code: str) -> None:
    assert word(code) != code
