"""Answers of the OpenAPI and what they mean for us: scripted on the fake, met by the real client over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.channels.zalo.errors import of_code
from bot.channels.zalo.openapi import ApiCall, OpenApi
from bot.clock import VIETNAM
from bot.delivery.errors import (
    AccountBrokenError,
    DeliveryError,
    PersonUnreachableError,
    RejectedError,
    RetryLaterError,
    Sent,
    UnknownOutcomeError,
    Unreachable,
)
from tests.channels.zalo.support import RULES, Office
from tests.fakes.faults import Gate, drop_answer, gateway_page, hang_after, reply, reset, slow_body, text
from tests.fakes.zalo import SEND, refusal

if TYPE_CHECKING:
    from tests.bot.conftest import FakeClock
    from tests.fakes.faults import Fault

TO_MIDNIGHT = 12 * 3600 + 300.0
"""From noon to five minutes past midnight."""
TO_MORNING = 18 * 3600 + 300.0
CODES = date(2026, 9, 16)
"""phu-luc/ma-loi as quoted in reference §4.1."""


@dataclass(frozen=True)
class Row:
    """A scripted answer, and the error with what it says: wait, whole account, or why the person is unreachable."""

    fault: Fault
    error: type[DeliveryError]
    code: str
    says: object = None
    source: str = "4.1"
    seen: date = CODES


def later(code: int, wait: float | None, *, whole: bool = False, source: str = "4.2") -> Row:
    return Row(refusal(code), RetryLaterError, f"zalo{code}", (wait, whole), source)


def person(code: int, reason: Unreachable, source: str = "4.1") -> Row:
    return Row(refusal(code), PersonUnreachableError, f"zalo{code}", reason, source)


def rejected(code: int) -> Row:
    return Row(refusal(code), RejectedError, f"zalo{code}")


def broken(code: int) -> Row:
    return Row(refusal(code), AccountBrokenError, f"zalo{code}")


REFUSALS = (
    later(-32, 20, whole=True, source="4.3"),
    later(-200, None),
    later(-214, None),
    later(-211, TO_MIDNIGHT),
    later(-218, TO_MIDNIGHT),
    later(-234, TO_MORNING, source="3.2"),
    person(-213, Unreachable.NEVER_STARTED),
    person(-217, Unreachable.BLOCKED),
    person(-227, Unreachable.DEACTIVATED),
    person(-230, Unreachable.WINDOW_CLOSED, "3.1"),
    person(-232, Unreachable.WINDOW_CLOSED, "3.1"),
    person(-244, Unreachable.TYPE_OFF),
    person(-320, Unreachable.WINDOW_CLOSED, "3.1: only what is paid needs a ZCA account"),
    person(-321, Unreachable.WINDOW_CLOSED, "3.1: only what is paid needs money"),
    *(rejected(code) for code in (-201, -210, -233, -248, -249)),
    *(broken(code) for code in (-204, -205, -209, -212, -219, -221, -223, -224, -235, -240, -242)),
    *(broken(code) for code in (-237, -238, -241, -403)),
    Row(refusal(-9999), RejectedError, "zalo-9999", source="nobody has described it"),
    Row(
        reply(200, {"error": "-217", "message": "x"}),
        PersonUnreachableError,
        "zalo-217",
        Unreachable.BLOCKED,
        "1.4 quoted",
    ),
)

TRANSPORT = (
    Row(gateway_page(502), RetryLaterError, "http_502", (None, False), "2.1"),
    Row(
        reply(500, {"error": 0, "message": "Success"}), RetryLaterError, "http_500", (None, False), "2.1: status first"
    ),
    Row(reply(503, {"error": -217}, {"Retry-After": "7"}), RetryLaterError, "http_503", (7.0, False), "2.1"),
    Row(reply(503, {}, {"Retry-After": "999999"}), RetryLaterError, "http_503", (3600.0, False), "an hour at most"),
    Row(
        reply(503, {}, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}),
        RetryLaterError,
        "http_503",
        (None, False),
        "2.1",
    ),
    Row(reply(429, {}), RetryLaterError, "http_429", (None, False), "4.2"),
    Row(reply(302, {}, {"Location": "https://elsewhere.example"}), RetryLaterError, "http_302", (None, False), "ours"),
    Row(reply(401, {}), AccountBrokenError, "http_401", source="ours"),
    Row(reply(404, {"message": "empty api"}), RejectedError, "http_404", source="2.1"),
    Row(gateway_page(200), UnknownOutcomeError, "unreadable", source="4.2"),
    Row(text(200, ""), UnknownOutcomeError, "unreadable", source="4.2"),
    Row(text(200, '{"error": 0, "da'), UnknownOutcomeError, "unreadable", source="4.2"),
    Row(reply(200, {"data": {"message_id": "a"}}), UnknownOutcomeError, "unreadable", source="no error, no success"),
    Row(reply(200, {"error": True}), UnknownOutcomeError, "unreadable", source="defensive"),
    Row(reset(), UnknownOutcomeError, "dropped", source="4.2"),
    Row(drop_answer(), UnknownOutcomeError, "dropped", source="4.2"),
)


def says(error: DeliveryError) -> object:
    if isinstance(error, RetryLaterError):
        return (error.after, error.whole_account)
    return error.reason if isinstance(error, PersonUnreachableError) else None


@pytest.mark.parametrize("row", [*REFUSALS, *TRANSPORT], ids=lambda row: f"{row.code} ({row.source})")
async def test_the_table(connected: Office, row: Row) -> None:
    user = connected.fake.office.add_person("Bình")
    connected.fake.office.say(user, "chào")
    connected.fake.spoil(SEND, row.fault)
    with pytest.raises(DeliveryError) as raised:
        await connected.client.send(user, {"text": "Chào bạn"})
    assert type(raised.value) is row.error
    assert (raised.value.code, says(raised.value)) == (row.code, row.says)
    assert raised.value.sent is (Sent.UNKNOWN if row.error is UnknownOutcomeError else Sent.NO)
    assert len(connected.fake.called(SEND)) == 1


@pytest.mark.parametrize(("make", "arrived"), [(hang_after, 1), (slow_body, 1)])
async def test_no_whole_answer_in_time_leaves_it_open(connected: Office, make: object, arrived: int) -> None:
    user, gate = connected.fake.office.add_person("Bình"), Gate()
    connected.fake.office.say(user, "chào")
    connected.fake.spoil(SEND, make(gate))  # type: ignore[operator]
    token = await connected.keeper.token()
    body = {"recipient": {"user_id": user}, "message": {"text": "Chào"}}
    with pytest.raises(UnknownOutcomeError, match="timeout"):
        await connected.api.call(token.value, ApiCall(SEND, body), 0.1)
    gate.release()
    assert len(connected.fake.sent(user)) == arrived


async def test_where_nobody_listens_nothing_was_sent(
    connected: Office, http: aiohttp.ClientSession, unused_tcp_port: int, clock: FakeClock
) -> None:
    api = OpenApi(http, f"http://127.0.0.1:{unused_tcp_port}", connected.calendar, clock)
    with pytest.raises(RetryLaterError, match="connect") as raised:
        await api.call("t", ApiCall(SEND, {}))
    assert raised.value.sent is Sent.NO


@pytest.mark.parametrize(
    ("hour", "minute", "wait"),
    [(23, 0, 7 * 3600 + 300), (0, 0, 6 * 3600 + 300), (6, 4, 60), (6, 5, 24 * 3600), (12, 0, 18 * 3600 + 300)],
)
def test_the_night_ends_at_five_past_six(hour: int, minute: int, wait: int) -> None:
    now = datetime(2026, 9, 5, hour, minute, tzinfo=VIETNAM)
    error = of_code(-234, RULES.on(now.date()), now)
    assert isinstance(error, RetryLaterError)
    assert error.after == wait
