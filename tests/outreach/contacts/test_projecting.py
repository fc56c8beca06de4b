"""What people said in the chat comes into the tables that segments are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.inbound import Channel, Inbound
from bot.outreach.contacts import projecting
from bot.outreach.contacts.projecting import refresh_contacts
from bot.store.erasing import erase_person
from bot.turns import TurnPipeline
from handlers.effects import RecordArrival
from handlers.memory import Memory, Person
from handlers.turn import Decision, Outcome, Reply, Turn
from knowledge.entries import Kind, Role
from tests.bot.reading import everything, rows
from tests.outreach.contacts.lists import take, take_schools
from tests.outreach.office import TELEGRAM

if TYPE_CHECKING:
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase
    from tests.bot.conftest import FakeClock

CHILD = Person(birth_year=2015, grade=6)


@dataclass
class Chat:
    """People write, and the bot learns what a test says."""

    database: Database
    clock: FakeClock
    _outcome: Outcome | None = field(default=None)

    async def say(self, sender: str, memory: Memory, entry: str | None = None, code: str | None = None) -> None:
        self.clock.advance(minutes=1)
        pipeline = TurnPipeline(self.database, self, clock=self.clock, hotline=lambda _day: "1900.9068")
        self._outcome = Outcome(
            (Reply("vâng", entry=entry),), memory, Decision.ANSWER, effects=(RecordArrival(code),) if code else ()
        )
        message = f"{sender}-{self.clock():%d%H%M}"
        inbound = Inbound(TELEGRAM, Channel.TELEGRAM, sender, message, self.clock(), "chào")
        assert (await pipeline.handle(inbound)).decision is Decision.ANSWER

    def respond(self, _turn: Turn) -> Outcome:
        assert self._outcome is not None
        return self._outcome


@pytest.fixture
def talk(database: Database, clock: FakeClock) -> Chat:
    return Chat(database, clock)


async def one(database: Database, table: str) -> dict[str, Any]:
    (row,) = await rows(database, table)
    return row


async def children(database: Database) -> list[tuple[int | None, int | None, bool]]:
    return [(row["birth_year"], row["grade"], row["listed"]) for row in await rows(database, "insured")]


async def test_what_was_said_is_read(database: Database, talk: Chat, base: KnowledgeBase) -> None:
    memory = Memory(role=Role.PARENT, province="dien-bien", language="en", children=(CHILD, Person(grade=2)))
    await talk.say("a", memory.having(myself=Person(birth_year=1985)), code="p-dien-bien_c-kg26")
    await talk.say("a", memory.having(myself=Person(birth_year=1985)), code="c-khac")
    assert await refresh_contacts(database, talk.clock(), base.entries) == 1
    contact = await one(database, "contact")
    assert {name: contact[name] for name in ("role", "province", "language", "source", "name", "phone")} == {
        "role": "parent",
        "province": "dien-bien",
        "language": "en",
        "source": "p-dien-bien_c-kg26",
        "name": None,
        "phone": None,
    }
    assert contact["last_seen"] == contact["read_up_to"] == talk.clock()
    relations = [(row["relation"], row["birth_year"], row["grade"]) for row in await rows(database, "insured")]
    assert relations == [("self", 1985, None), ("child", 2015, 6), ("child", None, 2)]


async def test_topics_asked_for_are_noted_with_their_last_day(
    database: Database, talk: Chat, base: KnowledgeBase
) -> None:
    answers = [entry for entry in base.entries.values() if entry.kind is Kind.ANSWER]
    entry = answers[0]
    same = next(each for each in answers if each.topic == entry.topic and each is not entry)
    chat = next(each for each in base.entries.values() if each.kind is Kind.SMALLTALK)
    await talk.say("a", Memory(), entry=entry.id)
    await refresh_contacts(database, talk.clock(), base.entries)
    first = await one(database, "topic_asked")
    assert (first["topic"], first["day"]) == (entry.topic, talk.clock().date())
    talk.clock.advance(days=3)
    await talk.say("a", Memory(), entry=same.id)
    await talk.say("a", Memory(), entry="no-such-entry")
    await talk.say("a", Memory(), entry=chat.id)
    await refresh_contacts(database, talk.clock(), base.entries)
    found = [(row["topic"], row["day"]) for row in await rows(database, "topic_asked")]
    assert found == [(entry.topic, talk.clock().date())]


async def test_only_what_moved_is_read_again(
    database: Database, talk: Chat, base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projecting, "BATCH", 2)
    for sender in "abcde":
        await talk.say(sender, Memory(province="son-la"))
    assert await refresh_contacts(database, talk.clock(), base.entries) == 5
    before = await everything(database)
    assert await refresh_contacts(database, talk.clock(), base.entries) == 0
    assert await everything(database) == before
    await talk.say("c", Memory(province="lai-chau"))
    assert await refresh_contacts(database, talk.clock(), base.entries) == 1
    assert sorted(row["province"] for row in await rows(database, "contact")) == ["lai-chau", *["son-la"] * 4]


async def test_a_turn_that_was_kept_late_is_not_missed(database: Database, talk: Chat, base: KnowledgeBase) -> None:
    await talk.say("a", Memory())
    await refresh_contacts(database, talk.clock(), base.entries)
    talk.clock.advance(minutes=-5)
    await talk.say("late", Memory(province="son-la"))
    assert await refresh_contacts(database, talk.clock(), base.entries) == 1


async def test_a_corrected_age_leaves_no_second_child(database: Database, talk: Chat, base: KnowledgeBase) -> None:
    memory = Memory(role=Role.PARENT, children=(CHILD,))
    await talk.say("a", memory)
    await refresh_contacts(database, talk.clock(), base.entries)
    await talk.say("a", memory.having(children=(Person(birth_year=2014, grade=7),)))
    await refresh_contacts(database, talk.clock(), base.entries)
    assert await children(database) == [(2014, 7, False)]


async def test_a_child_on_a_list_stays_as_listed_and_is_not_doubled(
    database: Database, talk: Chat, base: KnowledgeBase
) -> None:
    await take_schools(database, base)
    line = {"Kênh": "telegram", "User ID": "123456", "Vai trò": "phụ huynh", "Họ tên phụ huynh": "Lò Thị Mận"}
    await take(database, base, {**line, "Trường": "THCS-01", "Năm sinh": "2015", "Lớp": "6", "Tỉnh": "Điện Biên"})
    memory = Memory(role=Role.PARENT, children=(CHILD, Person(birth_year=2019)))
    await talk.say("123456", memory)
    await refresh_contacts(database, talk.clock(), base.entries)
    assert await children(database) == [(2015, 6, True), (2019, None, False)]
    contact = await one(database, "contact")
    assert (contact["name"], contact["province"], contact["role"]) == ("Lò Thị Mận", "dien-bien", "parent")
    await take(database, base, {**line, "Trường": "TH-02", "Năm sinh": "2019", "Lớp": "2"})
    await talk.say("123456", memory.having(children=(CHILD,)))
    await refresh_contacts(database, talk.clock(), base.entries)
    assert await children(database) == [(2015, 6, True), (2019, 2, True)]


async def test_who_was_erased_does_not_come_back(database: Database, talk: Chat, base: KnowledgeBase) -> None:
    await talk.say("a", Memory(province="son-la"))
    async with database.transaction() as session:
        await erase_person(session, (await rows(database, "person"))[0]["id"], asked=None)
    assert await refresh_contacts(database, talk.clock(), base.entries) == 0
    assert await rows(database, "contact") == []
