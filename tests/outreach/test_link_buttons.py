"""A button that opens a page, on each platform and in the outbox."""

from __future__ import annotations

from datetime import date

from bot.channels.telegram.keyboard import keyboard
from bot.channels.zalo.rendering import render
from bot.channels.zalo.rules import Rules
from bot.store.replies import from_json, to_json
from handlers.turn import Button, Reply

PAGE = Button("Trang web", link="https://baohiemxahoi.gov.vn")
CHOICE = Button("Mức đóng", "entry:muc-dong-hien-nay")
REPLY = Reply("Chào", buttons=(PAGE, CHOICE))


def test_on_telegram() -> None:
    (row,) = keyboard(REPLY.buttons, 7)["inline_keyboard"]
    assert row == [
        {"text": PAGE.label, "url": PAGE.link},
        {"text": CHOICE.label, "callback_data": CHOICE.action},
    ]


def test_on_zalo() -> None:
    (message,) = render(REPLY, Rules.load().on(date(2026, 11, 22)).limit)
    page, choice = message["attachment"]["payload"]["buttons"]
    assert page == {"title": PAGE.label, "type": "oa.open.url", "payload": {"url": PAGE.link}}
    assert choice["payload"] == f"#{CHOICE.action}"


def test_in_the_outbox() -> None:
    assert from_json(to_json(REPLY)) == REPLY
    assert from_json({"kind": "answer", "buttons": [["Cũ", "menu"]]}).buttons == (Button("Cũ", "menu"),)
