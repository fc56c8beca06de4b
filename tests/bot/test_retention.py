"""What has been kept long enough is deleted, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import RetentionSettings
from bot.store.retention import apply_retention
from tests.bot.reading import everything, rows

if TYPE_CHECKING:
    from tests.bot.conftest import Chat

SETTINGS = RetentionSettings(messages=10, question_log=20, idle_people=30)


async def test_nothing_is_deleted_on_the_last_day(chat: Chat) -> None:
    await chat.say("log case good")
    before = await everything(chat.database)
    chat.clock.advance(days=10)
    assert await apply_retention(chat.database, SETTINGS, chat.clock()) == 0
    assert await everything(chat.database) == before


async def test_old_messages_go_and_the_memory_stays(chat: Chat) -> None:
    await chat.say("một")
    chat.clock.advance(days=11)
    assert await apply_retention(chat.database, SETTINGS, chat.clock()) == 2
    assert await rows(chat.database, "inbound") == await rows(chat.database, "outbox") == []
    assert (await chat.say("hai")).messages[0].reply.text == "2: hai"


async def test_case_numbers_are_not_used_again_after_all_messages_have_gone(chat: Chat) -> None:
    await chat.say("case")
    chat.clock.advance(days=11)
    await apply_retention(chat.database, SETTINGS, chat.clock())
    await chat.say("case")
    assert [case["number"] for case in await rows(chat.database, "support_case")] == ["YC26-000001", "YC26-000002"]


async def test_old_questions_and_feedback_go(chat: Chat) -> None:
    await chat.say("log good")
    chat.clock.advance(days=21)
    await apply_retention(chat.database, SETTINGS, chat.clock())
    assert await rows(chat.database, "question_log") == await rows(chat.database, "feedback") == []


async def test_people_who_no_longer_write_are_erased(chat: Chat) -> None:
    await chat.say("case", sender="gone")
    chat.clock.advance(days=25)
    await chat.say("một", sender="here")
    chat.clock.advance(days=6)
    await apply_retention(chat.database, SETTINGS, chat.clock())

    left = await everything(chat.database)
    assert "gone" not in left
    assert "here" in left
    assert len(await rows(chat.database, "conversation")) == 1
    assert len(await rows(chat.database, "support_case")) == 1


async def test_an_old_person_who_still_writes_is_kept(chat: Chat) -> None:
    await chat.say("một")
    chat.clock.advance(days=29)
    await chat.say("hai")
    chat.clock.advance(days=29)
    await apply_retention(chat.database, SETTINGS, chat.clock())
    assert len(await rows(chat.database, "person")) == 1
