"""One turn, one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import TurnError
from bot.store.database import Database
from bot.turns import TurnPipeline
from handlers.turn import Decision
from tests.bot.reading import everything, rows
from tests.bot.scripted import HOTLINE, ScriptedCore, hotline

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import Chat, FakeClock


async def test_a_turn_is_answered_and_kept(chat: Chat) -> None:
    result = await chat.say("đóng bao nhiêu two")

    assert not result.duplicate
    assert result.decision is Decision.ANSWER
    assert [message.reply.text for message in result.messages] == ["4: đóng bao nhiêu two", "thêm"]
    assert result.messages[0].id < result.messages[1].id
    (kept,) = await rows(chat.database, "inbound")
    assert kept["text"] == "đóng bao nhiêu two"
    assert kept["received"] == chat.clock()
    assert [row["state"] for row in await rows(chat.database, "outbox")] == ["pending", "pending"]


async def test_memory_goes_from_turn_to_turn(chat: Chat) -> None:
    await chat.say("một")
    result = await chat.say("hai")
    assert result.messages[0].reply.text.startswith("2:")
    assert chat.core.turns[1].memory.last_text == "một"


async def test_numbers_are_masked_in_all_that_memory_keeps_of_what_was_said(chat: Chat) -> None:
    await chat.say("căn cước của tôi là 001234567890")
    (conversation,) = await rows(chat.database, "conversation")
    assert {"last_text", "subject", "circumstance"} <= set(conversation["memory"])
    assert "001234567890" not in str(conversation["memory"])


async def test_people_do_not_share_memory(chat: Chat) -> None:
    await chat.say("một", sender="a")
    await chat.say("hai", sender="b")
    assert chat.core.turns[1].memory.last_text is None


async def test_a_message_delivered_twice_is_one_turn(chat: Chat) -> None:
    await chat.say("một", message_id="x")
    before = await everything(chat.database)
    again = await chat.say("một", message_id="x")

    assert (again.duplicate, again.messages, again.decision) == (True, (), None)
    assert len(chat.core.turns) == 1
    assert await everything(chat.database) == before


async def test_the_same_message_id_on_another_account_is_another_message(chat: Chat) -> None:
    await chat.say("một", message_id="x")
    other = replace(chat.inbound("hai", message_id="x"), account="web-2")
    assert not (await chat.pipeline.handle(other)).duplicate


async def test_the_core_gets_today_and_a_case_number(chat: Chat) -> None:
    await chat.say("một")
    await chat.say("hai")
    assert chat.core.turns[0].today.isoformat() == "2026-09-05"
    assert [turn.case_number for turn in chat.core.turns] == ["YC26-000001", "YC26-000002"]


async def test_a_button_is_kept_with_its_words(chat: Chat) -> None:
    await chat.say("một")
    await chat.say(action="calc")
    await chat.say(action="forged")
    assert [row["text"] for row in await rows(chat.database, "inbound")] == ["một", "Tính tiền đóng", ""]
    assert [row["kind"] for row in await rows(chat.database, "inbound")] == ["text", "action", "action"]


async def test_a_picture_is_kept_by_its_kind_only(chat: Chat) -> None:
    await chat.say(media="photo")
    (kept,) = await rows(chat.database, "inbound")
    assert (kept["kind"], kept["text"]) == ("photo", "")


async def test_personal_numbers_are_masked_everywhere(chat: Chat) -> None:
    text = "log case join cccd 001099012345 sđt 0912 345 678 mật khẩu: hoahong mail a@b.vn hỏi 1.200.000 đồng"
    core = chat.core
    await chat.say(text)
    assert core.turns[0].text == text
    tables = [await rows(chat.database, name) for name in ("inbound", "question_log", "support_case", "consent_event")]
    kept = str(tables) + str(await rows(chat.database, "conversation"))
    for number in ("001099012345", "345 678", "hoahong", "a@b.vn"):
        assert number not in kept
    assert "1.200.000 đồng" in kept


@pytest.mark.parametrize(
    "text", ["nul \x00 here", "half \ud83d pair", "😀" * 3000, "' OR 1=1 --", "<script>", "\u202e"]
)
async def test_any_text_can_be_kept(chat: Chat, text: str) -> None:
    result = await chat.say(text)
    assert result.decision is Decision.ANSWER
    (kept,) = await rows(chat.database, "inbound")
    assert len(kept["text"]) <= 4000


async def test_when_the_core_fails_the_person_gets_an_apology_with_the_hotline(
    chat: Chat, log_lines: list[Any]
) -> None:
    await chat.say("một")
    result = await chat.say("boom 0912345678")
    (message,) = result.messages
    assert HOTLINE in message.reply.text
    assert message.reply.hotline == HOTLINE
    assert result.decision is Decision.HANDOFF
    (logged,) = await rows(chat.database, "question_log")
    assert (logged["decision"], logged["text"]) == ("error", "boom •••")
    assert [line["event"] for line in log_lines if line["log_level"] == "error"] == ["turn_failed"]


async def test_after_a_failure_the_next_message_works_and_the_memory_is_there(chat: Chat) -> None:
    await chat.say("một")
    await chat.say("boom", message_id="x")
    assert (await chat.say("boom", message_id="x")).duplicate
    result = await chat.say("hai")
    assert result.messages[0].reply.text == "2: hai"


async def test_a_failing_effect_undoes_the_turn_but_not_the_answer(chat: Chat) -> None:
    await chat.say("taken")
    result = await chat.say("taken join")
    assert HOTLINE in result.messages[0].reply.text
    assert await rows(chat.database, "consent_event") == []
    assert len(await rows(chat.database, "support_case")) == 1
    assert len(await rows(chat.database, "inbound")) == 2


async def test_a_memory_that_cannot_be_read_is_begun_anew(chat: Chat) -> None:
    from sqlalchemy import update  # noqa: PLC0415

    from bot.store.models import ConversationRow  # noqa: PLC0415

    await chat.say("một")
    async with chat.database.transaction() as session:
        await session.execute(update(ConversationRow).values(memory={"children": "broken"}))
    assert (await chat.say("hai")).messages[0].reply.text == "1: hai"


async def test_without_a_schema_the_message_is_refused_not_swallowed(tmp_path: Path, clock: FakeClock) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.sqlite3")
    broken = TurnPipeline(database, ScriptedCore(), clock=clock, hotline=hotline)
    from tests.bot.conftest import Chat  # noqa: PLC0415

    with pytest.raises(TurnError):
        await broken.handle(Chat(database, clock).inbound("một"))
    await database.close()
