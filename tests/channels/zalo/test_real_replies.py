"""Every answer of the knowledge base, and every step of the guided dialogues, as Zalo would take it."""

from __future__ import annotations

from datetime import date

from bot.channels.inbound import Inbound
from bot.channels.zalo.parsing import EventParser
from bot.channels.zalo.provinces import Provinces
from bot.channels.zalo.rendering import render, render_plain
from handlers.memory import Memory
from handlers.turn import Reply, Turn
from knowledge.base import load
from tests.bot.conftest import NOON
from tests.channels.zalo.payloads import OA, told
from tests.channels.zalo.support import RULES
from tests.handlers.talking import conversation_over_real_base

TODAY = date(2026, 9, 5)
LIMIT = RULES.on(TODAY).limit


def walked() -> list[Reply]:
    """The replies to every entry, and to every button that they and the dialogues lead to."""
    conversation, replies = conversation_over_real_base(), list[Reply]()
    waiting = [(Memory(), f"entry:{entry}") for entry in sorted(load().entries)] + [
        (Memory(), "menu"),
        (Memory(), "start"),
    ]
    seen: set[str] = set()
    while waiting:
        memory, action = waiting.pop()
        if action in seen:
            continue
        seen.add(action)
        outcome = conversation.respond(Turn(memory, TODAY, action=action, case_number="HS-0001"))
        replies += outcome.replies
        waiting += [(outcome.memory, button.action) for reply in outcome.replies for button in reply.buttons]
    return replies


def test_all_replies_fit_and_all_buttons_come_back_as_their_action() -> None:
    parser = EventParser([OA], Provinces({}), lambda: NOON)
    replies = walked()
    assert len(replies) > len(load().entries)
    for reply in replies:
        pressed = []
        for message in render(reply, LIMIT):
            assert 0 < len(message["text"]) <= LIMIT.text
            buttons = message.get("attachment", {}).get("payload", {}).get("buttons", [])
            assert len(buttons) <= LIMIT.buttons
            assert all(0 < len(button["title"]) <= LIMIT.title for button in buttons)
            pressed += [button["payload"] for button in buttons if button["type"] == "oa.query.hide"]
        assert all(0 < len(text) <= LIMIT.text for text in render_plain(reply, LIMIT))
        back = [parser.parse(told("user_send_text", message={"text": text, "msg_id": "a"}))[0] for text in pressed]
        actions = [event.action for event in back if isinstance(event, Inbound)]
        # Ratings give way where there is no room for them.
        assert actions == [button.action for button in reply.buttons if not button.rates or button.action in actions]
