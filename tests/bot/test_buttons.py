"""Buttons whose action stayed in the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store.buttons import button_action
from tests.bot.scripted import BUTTON

if TYPE_CHECKING:
    from tests.bot.conftest import Chat


async def test_a_person_s_own_button_is_found(chat: Chat) -> None:
    [message] = (await chat.say("Chào", sender="nguoi-1")).messages
    async with chat.database.reading() as session:
        assert await button_action(session, message.id, 0, "nguoi-1") == BUTTON.action


@pytest.mark.parametrize(("row", "index", "sender"), [(0, 1, "nguoi-1"), (0, -1, "nguoi-1"), (99, 0, "nguoi-1"),
                                                      (0, 0, "nguoi-2"), (0, 0, "")])  # fmt: skip
async def test_nobody_finds_another_one(chat: Chat, row: int, index: int, sender: str) -> None:
    [message] = (await chat.say("Chào", sender="nguoi-1")).messages
    await chat.say("Chào", sender="nguoi-2")
    async with chat.database.reading() as session:
        assert await button_action(session, message.id + row, index, sender) is None
