"""After "xóa dữ liệu của tôi" nothing in the database leads to the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from bot.store.models import CaseRow
from bot.store.threads import find_conversation
from tests.bot.reading import everything, rows

if TYPE_CHECKING:
    from tests.bot.conftest import Chat

SENDER = "nguoi-8472-sender-id"
WROTE = "chuyện-riêng-của-tôi"


async def _lived(chat: Chat, message_prefix: str = "") -> None:
    """Somebody has used everything there is, on two messages whose ids hold their sender id, as Telegram's do."""
    await chat.say(f"case join log good remind {WROTE}", sender=SENDER, message_id=f"{message_prefix}{SENDER}:1")
    await chat.say(f"stop two {WROTE}", sender=SENDER, message_id=f"{message_prefix}{SENDER}:2")
    await chat.say("một", sender="somebody else")


async def test_no_trace_of_the_sender_is_left(chat: Chat) -> None:
    await _lived(chat)
    assert SENDER in await everything(chat.database)
    await chat.say("forget", sender=SENDER)

    left = await everything(chat.database)
    assert SENDER not in left
    assert "somebody else" in left


async def test_what_stays_has_no_link_to_anybody(chat: Chat) -> None:
    await _lived(chat)
    await chat.say("forget", sender=SENDER)
    assert len(await rows(chat.database, "person")) == 1
    assert await rows(chat.database, "reminder") == []
    assert [(event["person_id"], event["wording"]) for event in await rows(chat.database, "consent_event")] == [
        (None, ""),
        (None, ""),
    ]
    for table in ("person", "identity", "conversation", "inbound", "outbox", "consent_event", "reminder"):
        assert WROTE not in str(await rows(chat.database, table))


async def test_the_farewell_is_still_there_to_be_sent(chat: Chat) -> None:
    await _lived(chat)
    result = await chat.say("forget", sender=SENDER)
    conversation = result.messages[0].conversation
    outbox = [row for row in await rows(chat.database, "outbox") if row["conversation_id"] == conversation]
    assert [row["id"] for row in outbox] == [result.messages[0].id]


async def test_an_open_case_stays_with_the_office_and_a_closed_one_loses_its_summary(chat: Chat) -> None:
    await _lived(chat)
    await chat.say("case", sender=SENDER)
    async with chat.database.transaction() as session:
        await session.execute(update(CaseRow).where(CaseRow.number == "YC26-000001").values(state="resolved"))
    await chat.say("forget", sender=SENDER)

    closed, still_open = await rows(chat.database, "support_case")
    assert (closed["summary"], closed["conversation_id"]) == ("", None)
    assert (still_open["summary"], still_open["conversation_id"]) == ("hỏi: case", None)


async def test_a_late_redelivery_is_still_recognised_and_makes_nobody(chat: Chat) -> None:
    await _lived(chat)
    await chat.say("forget", sender=SENDER)
    before = await everything(chat.database)
    assert (await chat.say("again", sender=SENDER, message_id=f"{SENDER}:1")).duplicate
    assert await everything(chat.database) == before


async def test_the_next_message_begins_anew(chat: Chat) -> None:
    await _lived(chat)
    await chat.say("forget", sender=SENDER)
    assert (await chat.say("chào", sender=SENDER)).messages[0].reply.text == "1: chào"
    async with chat.database.reading() as session:
        assert await find_conversation(session, "web", SENDER) is not None


async def test_nothing_is_left_in_the_bytes_of_an_sqlite_file(chat: Chat) -> None:
    if not chat.database.is_sqlite:
        return
    await _lived(chat)
    await chat.say("forget", sender=SENDER)
    await chat.database.close()  # the last connection moves the write-ahead log into the file
    with open(str(chat.database.engine.url.database), "rb") as file:  # noqa: PTH123, ASYNC230
        assert SENDER.encode() not in file.read()
