"""Recorded update → expected event, and that nothing whatsoever raises."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.channels.inbound import Ignored, Inbound, StaffMessage
from bot.channels.telegram.parsing import ALLOWED_UPDATES, Myself, Parsed, UpdateParser
from bot.clock import VIETNAM
from tests.channels.telegram.support import ACCOUNT, NOON, noon
from tests.channels.telegram.updates import (
    AN,
    GROUP,
    MYSELF,
    RECORDED,
    Json,
    Recorded,
    command,
    member,
    press,
    said,
    update,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.telegram import FakeTelegram

PARSER = UpdateParser(ACCOUNT, noon, MYSELF)
MALFORMED = Parsed(Ignored("malformed"))

recorded = pytest.mark.parametrize("row", RECORDED, ids=lambda row: row.name)


@recorded
def test_recorded_updates(row: Recorded) -> None:
    before = copy.deepcopy(row.update)
    assert PARSER.parse(row.update) == Parsed(row.event, row.callback)
    assert row.update == before


@recorded
def test_the_recorded_updates_are_ones_for_the_library(row: Recorded) -> None:
    """Our records are held against the library's own reading, which wants every field in its place."""
    read = Update.de_json(row.update, None)
    assert read is not None
    assert read.update_id == 10_001


@recorded
def test_a_redelivery_has_the_same_id(row: Recorded) -> None:
    first, second = (PARSER.parse(json.loads(json.dumps(row.update))) for _ in range(2))
    assert first == second


def test_moments_are_vietnamese() -> None:
    event = PARSER.parse(update("message", said({"text": "a"}))).event
    assert isinstance(event, Inbound)
    assert event.received.tzinfo is VIETNAM


@pytest.mark.parametrize("date", [0, -1, None, "1", 2**40, True, 1.5])
def test_a_strange_date_is_now(date: object) -> None:
    event = PARSER.parse(update("message", {**said({"text": "a"}), "date": date})).event
    assert isinstance(event, Inbound)
    assert event.received == NOON


def test_before_the_bot_knows_its_name_it_knows_its_id() -> None:
    early = UpdateParser(ACCOUNT, noon, Myself(MYSELF.id))
    replied = said({"text": "còn?", "reply_to_message": said({"text": "…"}, GROUP, {"id": MYSELF.id})}, GROUP)
    assert isinstance(early.parse(update("message", replied)).event, Inbound)
    assert isinstance(early.parse(update("message", said(command("/menu"), GROUP))).event, Inbound)
    named = said({"text": "@bhyt_hssv_bot còn?"}, GROUP)
    assert early.parse(update("message", named)).event == Ignored("not_addressed")
    early.myself = MYSELF
    assert isinstance(early.parse(update("message", named)).event, Inbound)


def test_what_staff_writes_in_their_group_is_no_question_of_a_citizen() -> None:
    staff = UpdateParser(ACCOUNT, noon, MYSELF, str(GROUP["id"]))
    card = said({"text": "Yêu cầu"}, GROUP, {"id": MYSELF.id})
    event = staff.parse(update("message", said({"text": "đã xong", "reply_to_message": card}, GROUP))).event
    assert isinstance(event, StaffMessage)
    assert (event.author, event.text, event.reply_to) == (str(AN["id"]), "đã xong", str(card["message_id"]))
    event = staff.parse(update("message", said(command("/nhan@bhyt_hssv_bot YC26-000001"), GROUP))).event
    assert isinstance(event, StaffMessage)
    assert (event.command, event.rest, event.reply_to) == ("nhan", "YC26-000001", None)
    among = said({"text": "ừ", "reply_to_message": said({"text": "ăn trưa?"}, GROUP)}, GROUP)
    event = staff.parse(update("message", among)).event
    assert isinstance(event, StaffMessage)
    assert event.reply_to is None
    assert isinstance(staff.parse(update("message", said({"text": "chào"}))).event, Inbound)


def test_every_kind_that_is_asked_for_is_one_of_telegram_s() -> None:
    assert set(ALLOWED_UPDATES) <= set(Update.ALL_TYPES)


def test_updates_of_the_fake_are_read(fake: FakeTelegram, an: int) -> None:
    people = fake.platform
    group = people.add_group("Lớp 6A")
    parser = UpdateParser(ACCOUNT, noon, Myself(123456789, "bhyt_simulator_bot"))
    updates = [
        people.say(an, "Chào"),
        people.start(an, "truong1"),
        people.send_photo(an),
        people.send_voice(an),
        people.send_sticker(an),
        people.send_location(an),
        people.send_contact(an, "+84900000000"),
        people.press(an, "menu"),
        people.say(an, "@bhyt_simulator_bot ơi", chat=group),
        people.block(an),
        people.unblock(an),
    ]
    events = [parser.parse(json.loads(json.dumps(each.body))).event for each in updates]
    assert not any(isinstance(event, Ignored) for event in events)
    assert [event.media for event in events if isinstance(event, Inbound) and event.media] == [
        "photo", "voice", "sticker", "location", "contact",
    ]  # fmt: skip


BROKEN: list[Any] = [
    None, 5, "x", [], {}, {"update_id": "1"}, {"update_id": True, "message": {}}, {"update_id": 2**70},
    update("message", []),  # type: ignore[arg-type]
    update("message", said({"text": 5})),
    update("message", said({"text": None})),
    update("message", said({"text": "a"}, chat={"id": "7", "type": "private"})),
    update("message", said({"text": "a"}, chat=5)),  # type: ignore[arg-type]
    update("message", said({"text": "a"}, user=5)),  # type: ignore[arg-type]
    update("callback_query", {"from": AN, "data": "menu"}),
    update("callback_query", {"id": 5, "from": AN, "data": "menu"}),
    update("callback_query", {"id": "1" * 300, "from": AN, "data": "menu"}),
    update("callback_query", {"id": "1", "from": None, "data": "menu"}),
    update("my_chat_member", {**member({}, "kicked"), "chat": {"type": "private"}}),
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_update(broken: object) -> None:
    assert PARSER.parse(broken) == MALFORMED


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_any_json_is_read(value: object) -> None:
    assert isinstance(PARSER.parse(value).event, Ignored)


@given(st.data())
def test_a_recorded_update_with_anything_in_any_place_is_read(data: st.DataObject) -> None:
    broken = copy.deepcopy(data.draw(st.sampled_from(RECORDED)).update)
    holder, key = data.draw(st.sampled_from(list(places(broken))))
    holder[key] = data.draw(json_values)
    parsed = PARSER.parse(broken)
    if isinstance(parsed.event, Inbound):
        event = parsed.event
        assert isinstance(event.text, str)
        assert event.received.tzinfo is not None
        assert all(part.lstrip("-").isdigit() for part in event.sender.split(":"))
        assert event.action is None or isinstance(event.action, str)


def places(value: Json | list[Any]) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON document: what holds it, and under which key."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


@given(st.text(max_size=80))
def test_a_code_has_only_its_letters(payload: str) -> None:
    event = PARSER.parse(update("message", said({"text": f"/start {payload}"}))).event
    assert isinstance(event, Inbound)
    assert event.start is None or (event.start.isascii() and 0 < len(event.start) <= 64)


def test_a_press_that_is_ignored_is_acknowledged_all_the_same() -> None:
    row = press("", {"data": ""}, Ignored("callback_query"))
    assert PARSER.parse(row.update).callback == row.callback
