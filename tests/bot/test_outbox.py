"""Replies wait in the outbox until somebody has taken them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store.outbox import confirm, messages_after
from bot.store.replies import from_json, to_json
from bot.store.transcript import StoredTranscript
from bot.web.ports import Said
from handlers.turn import Button, ImageRef, Reply, ReplyKind
from tests.bot.reading import rows

if TYPE_CHECKING:
    from tests.bot.conftest import Chat

FULL = Reply(
    "**Đậm**\n- một",
    ReplyKind.HANDOFF,
    (Button("Có", "yes"),),
    "Nguồn: x",
    ("188/2025/NĐ-CP",),
    "muc-dong",
    "1900.9068",
    ImageRef("ab12", "Tấm thẻ"),
)


@pytest.mark.parametrize("reply", [FULL, Reply("chào")])
def test_a_reply_survives_json(reply: Reply) -> None:
    assert from_json(to_json(reply)) == reply


def test_keys_of_a_newer_version_are_ignored() -> None:
    assert from_json({**to_json(FULL), "carousel": [1]}) == FULL


async def test_messages_after_an_id_come_in_order_and_only_from_that_conversation(chat: Chat) -> None:
    first = (await chat.say("một two", sender="a")).messages
    await chat.say("x", sender="b")
    second = (await chat.say("hai", sender="a")).messages
    conversation = first[0].conversation
    async with chat.database.reading() as session:
        assert await messages_after(session, conversation, 0, 10) == [*first, *second]
        assert await messages_after(session, conversation, first[0].id, 10) == [first[1], *second]
        assert await messages_after(session, conversation, 0, 2) == list(first)
        assert await messages_after(session, conversation, second[0].id, 10) == []


async def test_confirming_twice_counts_once(chat: Chat) -> None:
    message, other = (await chat.say("một two")).messages
    for _ in range(2):
        async with chat.database.transaction() as session:
            await confirm(session, [message.id, 999_999], chat.clock())
    sent, waiting = await rows(chat.database, "outbox")
    assert (sent["state"], sent["attempts"], sent["sent"]) == ("sent", 1, chat.clock())
    assert (waiting["id"], waiting["state"], waiting["attempts"]) == (other.id, "pending", 0)


async def test_the_transcript_shows_both_sides_in_order(chat: Chat) -> None:
    transcript = StoredTranscript(chat.database, "web", chat.clock)
    first = (await chat.say("một two")).messages
    second = (await chat.say(action="calc")).messages
    lines = [Said("một two"), *first, Said("Tính tiền đóng"), *second]
    assert await transcript.lines("nguoi-1", 40) == lines
    assert await transcript.lines("nguoi-1", 2) == lines[-2:]
    assert await transcript.after("nguoi-1", first[1].id, 5) == list(second)
    assert await transcript.lines("stranger", 40) == []
    assert await transcript.after("stranger", 0, 5) == []
    await transcript.ping()
