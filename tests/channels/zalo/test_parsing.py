"""What deliveries of the webhook mean: the table of `payloads`, and anything at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.inbound import Ignored, Inbound
from bot.channels.zalo.account import Anonymous, account_of, oa_of
from bot.channels.zalo.moments import moment
from bot.channels.zalo.parsing import EventParser
from bot.channels.zalo.provinces import Provinces
from bot.clock import VIETNAM
from tests.bot.conftest import NOON
from tests.channels.zalo import payloads
from tests.channels.zalo.payloads import OA, ROWS, STAMP, USER, Row, told
from tests.knowledge.real import real_base

PARSER = EventParser([OA], Provinces(real_base().offices), lambda: NOON)

NAMES = sorted(
    {row.payload["event_name"] for row in ROWS if isinstance(row.payload, dict) and "event_name" in row.payload},
    key=str,
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([OA, USER, STAMP])
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
FIELDS = ("sender", "recipient", "message", "timestamp", "oa_id", "user_id", "follower", "info", "tag", "app_id")
PERSON = st.fixed_dictionaries({"id": JSON}) | JSON
MESSAGE = st.fixed_dictionaries({}, optional=dict.fromkeys(("text", "msg_id", "conversation_id", "attachments"), JSON))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{ROWS.index(row)}: {row.source}")
def test_the_table(row: Row) -> None:
    assert PARSER.parse(row.payload) == row.events


def test_every_row_says_since_when_it_is_known() -> None:
    assert all(row.source and row.seen.year >= 2023 for row in ROWS)


@given(
    st.fixed_dictionaries(
        {"event_name": st.sampled_from(NAMES) | JSON},
        optional={**dict.fromkeys(FIELDS, JSON), "sender": PERSON, "recipient": PERSON, "message": MESSAGE | JSON},
    )
    | JSON
)
def test_whatever_comes_nothing_raises_and_something_is_said(data: Any) -> None:
    events = PARSER.parse(data)
    assert events
    for event in events:
        if isinstance(event, Ignored):
            assert event.kind.isidentifier()
        else:
            assert event.account == payloads.ACCOUNT
            assert event.sender
        if isinstance(event, Inbound):
            assert event.received.tzinfo is not None
            assert event.action is None or (event.action.isascii() and len(event.action) <= 64)


@pytest.mark.parametrize(
    ("stamp", "when"),
    [
        ("1543908534740", datetime(2018, 12, 4, 14, 28, 54, 740_000, VIETNAM)),
        (1543908534740, datetime(2018, 12, 4, 14, 28, 54, 740_000, VIETNAM)),
        ("1543908534", datetime(2018, 12, 4, 14, 28, 54, 0, VIETNAM)),
        ("154390853474", None),
        ("15439085347401", None),
        ("", None),
        ("hôm nay", None),
        ("-1543908534740", None),
        ("１５４３９０８５３４７４０", None),
        (True, None),
        (None, None),
        (1.5, None),
        ({}, None),
    ],
)
def test_timestamps(stamp: object, when: datetime | None) -> None:
    assert moment(stamp) == when


def test_a_timestamp_that_cannot_be_told_is_now() -> None:
    (event,) = PARSER.parse(
        {**told("user_send_text", message={"text": "a", "msg_id": "b"}), "timestamp": "154390853474"}
    )
    assert isinstance(event, Inbound)
    assert event.received == NOON


def test_two_messages_without_an_id_are_not_the_same() -> None:
    first, second = (
        PARSER.parse({**told("user_send_text", message={"text": "a"}), "timestamp": stamp})[0]
        for stamp in ("1788584400000", "1788584400001")
    )
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert first.message_id != second.message_id


def test_accounts_and_visitors_are_read_back() -> None:
    assert oa_of(account_of(OA)) == OA
    assert Anonymous.read(Anonymous("an0n", "k1").address) == Anonymous("an0n", "k1")
    assert Anonymous.read(USER) is None
