"""Turns of one person follow each other, those of different people do not mix."""

from __future__ import annotations

import asyncio

from bot.locks import PersonLocks
from bot.store.database import Database
from tests.bot.conftest import Chat, FakeClock
from tests.bot.reading import rows

PEOPLE, MESSAGES = 50, 6


async def test_fifty_people_write_at_once_and_each_is_answered_in_order(chat: Chat) -> None:
    def text(person: int, number: int) -> str:
        return f"p{person}n{number}"

    turns = [
        chat.say(text(person, number), sender=f"nguoi-{person}")
        for number in range(MESSAGES)
        for person in range(PEOPLE)
    ]
    results = await asyncio.gather(*turns)

    assert all(not result.duplicate for result in results)
    histories = sorted(row["memory"]["last_text"] for row in await rows(chat.database, "conversation"))
    assert histories == sorted(" ".join(text(person, number) for number in range(MESSAGES)) for person in range(PEOPLE))
    assert len(await rows(chat.database, "outbox")) == PEOPLE * MESSAGES


async def test_two_processes_lose_no_turn_of_the_same_person(database: Database, clock: FakeClock, url: str) -> None:
    other = Database(url)
    chats = [Chat(database, clock), Chat(other, clock)]
    turns = [chat.say(f"t{n}c{c}", message_id=f"m{n}c{c}") for n in range(10) for c, chat in enumerate(chats)]
    await asyncio.gather(*turns)
    await other.close()

    (conversation,) = await rows(database, "conversation")
    assert sorted(conversation["memory"]["last_text"].split()) == sorted(f"t{n}c{c}" for n in range(10) for c in (0, 1))
    assert len(await rows(database, "person")) == 1


async def test_two_processes_take_the_same_message_once(database: Database, clock: FakeClock, url: str) -> None:
    other = Database(url)
    chats = [Chat(database, clock), Chat(other, clock)]
    results = await asyncio.gather(*(chat.say("một", message_id="x") for chat in chats))
    await other.close()

    assert sorted(result.duplicate for result in results) == [False, True]
    assert len(await rows(database, "outbox")) == 1
    assert len(await rows(database, "person")) == 1


async def test_locks_are_let_go_when_nobody_needs_them() -> None:
    locks = PersonLocks()
    for sender in range(100):
        async with locks.of("web", str(sender)):
            assert len(locks) == 1
    assert len(locks) == 0
