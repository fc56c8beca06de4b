"""The webhook over HTTP: what is taken, what is refused, and how it is answered."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web

from bot.channels.inbound import Inbound
from bot.channels.zalo.parsing import EventParser
from bot.channels.zalo.provinces import Provinces
from bot.channels.zalo.webhook import BODY_LIMIT, PATH, Webhook
from bot.errors import IntakeError
from bot.simulator.zalo.webhook import SIGNATURE_HEADER, encode, sign
from tests.channels.zalo.support import zalo_settings
from tests.fakes.serving import serving
from tests.fakes.zalo import APP_ID, OA_ID, WEBHOOK_KEY, FakeZalo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.channels.inbound import Event
    from tests.bot.conftest import FakeClock


class Receiver:
    """Our webhook on a port of its own, and what it took."""

    def __init__(self, fake: FakeZalo, clock: FakeClock, patience: float = 5.0) -> None:
        self.fake = fake
        self.taken: list[Event] = []
        self.observed: list[str] = []
        self.failure: Exception | None = None
        parser = EventParser([OA_ID], Provinces({}), clock)
        self.webhook = Webhook(
            zalo_settings(fake.url), parser, self.take, clock, self.observed.append, patience=patience
        )
        self.app = web.Application(client_max_size=4 * BODY_LIMIT)
        self.app.add_routes([web.post(PATH, self.webhook.receive), web.get(PATH, self.webhook.probe)])

    async def take(self, events: Sequence[Event]) -> None:
        if self.failure is not None:
            raise self.failure
        self.taken.extend(events)

    def event(self, **more: Any) -> dict[str, Any]:
        """A signed event would carry this."""
        with self.fake.holding() as held:
            user = self.fake.office.add_person("Bình")
            self.fake.office.say(user, "xin chào")
            (event,) = held
            held.clear()
        return {**event, **more}


@pytest.fixture
async def receiver(fake: FakeZalo, clock: FakeClock) -> AsyncIterator[Receiver]:
    made = Receiver(fake, clock)
    async with serving(made.app) as url:
        fake.send_to(url + PATH)
        yield made


def signed(body: bytes, stamp: str, key: str = WEBHOOK_KEY) -> dict[str, str]:
    return {SIGNATURE_HEADER: sign(APP_ID, body, stamp, key)}


async def test_a_signed_event_is_taken_and_acknowledged(receiver: Receiver) -> None:
    event = receiver.event()
    delivery = await receiver.fake.post(event)
    assert delivery.status == 200
    (inbound,) = receiver.taken
    assert isinstance(inbound, Inbound)
    assert inbound.text == "xin chào"
    assert receiver.observed == []


async def test_the_console_can_save_the_address(receiver: Receiver, http: aiohttp.ClientSession) -> None:
    assert await receiver.fake.platform.webhook.save(receiver.fake.platform.webhook.url)
    async with http.get(receiver.fake.platform.webhook.url) as response:
        assert (response.status, await response.json()) == (200, {})
    assert receiver.taken == []


async def test_an_unsigned_event_is_answered_but_never_processed(receiver: Receiver) -> None:
    delivery = await receiver.fake.post_raw(encode(receiver.event()))
    assert delivery.status == 200
    assert receiver.taken == []
    assert receiver.observed == ["unsigned"]


async def test_the_probe_with_any_signature_is_answered(receiver: Receiver) -> None:
    delivery = await receiver.fake.post_raw(b"{}", {SIGNATURE_HEADER: "mac=" + "0" * 64})
    assert delivery.status == 200
    assert receiver.observed == ["probe"]


@pytest.mark.parametrize("header", ["mac=" + "0" * 64, "mac=zz", "0" * 63, "Bearer x"])
async def test_a_wrong_signature_is_refused(receiver: Receiver, header: str) -> None:
    delivery = await receiver.fake.post_raw(encode(receiver.event()), {SIGNATURE_HEADER: header})
    assert delivery.status == 403
    assert receiver.taken == []
    assert receiver.observed == ["forged"]


async def test_the_key_of_oauth_does_not_sign_events(receiver: Receiver) -> None:
    assert (await receiver.fake.post(receiver.event(), key="app-secret")).status == 403


async def test_a_body_changed_on_the_way_is_refused(receiver: Receiver) -> None:
    event = receiver.event()
    body = encode(event)
    headers = signed(body, event["timestamp"])
    assert (await receiver.fake.post_raw(body + b" ", headers)).status == 403
    assert (await receiver.fake.post_raw(body, headers)).status == 200


async def test_bare_hexadecimal_in_capitals_is_understood(receiver: Receiver) -> None:
    event = receiver.event()
    body = encode(event)
    mac = signed(body, event["timestamp"])[SIGNATURE_HEADER].removeprefix("mac=").upper()
    assert (await receiver.fake.post_raw(body, {SIGNATURE_HEADER: mac})).status == 200
    assert len(receiver.taken) == 1


async def test_the_timestamp_may_stand_in_a_header(receiver: Receiver, clock: FakeClock) -> None:
    event = receiver.event()
    stamp = event.pop("timestamp")
    body = encode(event)
    delivery = await receiver.fake.post_raw(body, {**signed(body, stamp), "X-ZEvent-Timestamp": stamp})
    assert delivery.status == 200
    (inbound,) = receiver.taken
    assert isinstance(inbound, Inbound)
    assert inbound.received == clock()


async def test_an_event_of_another_app_is_refused(receiver: Receiver) -> None:
    assert (await receiver.fake.post(receiver.event(app_id="42"))).status == 403
    assert receiver.observed == ["foreign_app"]


@pytest.mark.parametrize(
    ("minutes", "observed"),
    [(-179, []), (-181, ["stale"]), (9, []), (11, ["future"])],
)
async def test_the_replay_window_lets_an_hour_of_retries_in(
    receiver: Receiver, clock: FakeClock, minutes: int, observed: list[str]
) -> None:
    happened = clock() + timedelta(minutes=minutes)
    event = receiver.event(timestamp=str(int(happened.timestamp() * 1000)))
    assert (await receiver.fake.post(event, retry=3)).status == 200
    assert receiver.observed == observed
    assert len(receiver.taken) == (0 if observed else 1)


async def test_a_timestamp_of_odd_length_is_no_reason_to_lose_a_message(receiver: Receiver) -> None:
    assert (await receiver.fake.post(receiver.event(timestamp="154390853474"))).status == 200
    assert len(receiver.taken) == 1


async def test_what_is_not_kept_is_not_acknowledged(receiver: Receiver) -> None:
    receiver.failure = IntakeError("full")
    assert (await receiver.fake.post(receiver.event())).status == 503
    assert receiver.observed == ["not_kept"]
    receiver.failure = None
    assert (await receiver.fake.post(receiver.event(), retry=1)).status == 200


async def test_unknown_events_are_acknowledged_and_counted(receiver: Receiver) -> None:
    assert (await receiver.fake.post(receiver.event(event_name="user_send_dance"))).status == 200
    assert (await receiver.fake.post(receiver.event(event_name="oa_send_text"))).status == 200
    assert receiver.taken == []
    assert receiver.observed == ["unknown", "echo"]


@pytest.mark.parametrize("body", [b"", b"x", b"\xff\xfe", b"[" * 100_000, b'{"timestamp": ' + b"9" * 5000 + b"}"])
async def test_what_is_no_json_is_refused(receiver: Receiver, body: bytes) -> None:
    assert (await receiver.fake.post_raw(body, signed(body, "1"))).status == 400
    assert receiver.observed == ["malformed"]


@pytest.mark.parametrize("value", [[], 7, "x", None, {"timestamp": {}}, {"timestamp": "\ud800"}])
async def test_json_that_is_no_event_is_refused(receiver: Receiver, value: Any) -> None:
    body = json.dumps(value).encode()
    assert (await receiver.fake.post_raw(body, signed(body, "1"))).status == 403


async def test_a_large_body_is_not_read(receiver: Receiver, http: aiohttp.ClientSession) -> None:
    body = BytesIO(b'{"timestamp":"1"}' + b" " * BODY_LIMIT)
    headers = {SIGNATURE_HEADER: "mac=" + "0" * 64}
    async with http.post(receiver.fake.platform.webhook.url, data=body, headers=headers) as response:
        assert response.status == 413
    assert receiver.observed == ["too_large"]


async def test_a_large_body_in_chunks_is_not_read_either(receiver: Receiver, http: aiohttp.ClientSession) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 65_536 + 2):
            yield b" " * 65_536

    headers = {SIGNATURE_HEADER: "mac=" + "0" * 64}
    async with http.post(receiver.fake.platform.webhook.url, data=chunks(), headers=headers) as response:
        assert response.status == 413


async def test_a_slow_body_is_given_up(fake: FakeZalo, clock: FakeClock, http: aiohttp.ClientSession) -> None:
    made, hold = Receiver(fake, clock, patience=0.05), asyncio.Event()

    async def chunks() -> AsyncIterator[bytes]:
        yield b"{"
        await hold.wait()

    async with serving(made.app) as url:
        headers = {SIGNATURE_HEADER: "mac=" + "0" * 64}
        async with http.post(url + PATH, data=chunks(), headers=headers) as response:
            assert response.status == 408
        hold.set()
    assert made.observed == ["too_slow"]


async def test_nothing_that_was_sent_reaches_the_log(receiver: Receiver, log_lines: list[Any]) -> None:
    receiver.failure = IntakeError("full")
    await receiver.fake.post(receiver.event())
    await receiver.fake.post_raw(encode(receiver.event()), {SIGNATURE_HEADER: "mac=" + "0" * 64})
    for line in log_lines:
        assert "xin chào" not in str(line)
        assert WEBHOOK_KEY not in str(line)
