"""Steps of cases arrive at the call centre's own system, signed, and none is lost."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, web
from pydantic import SecretStr, ValidationError

from bot.cases.onward import PAUSES, Onward
from bot.settings import CasesSettings
from tests.bot.reading import rows
from tests.cases.conftest import LAN, Office
from tests.fakes.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SECRET = SecretStr("a secret of the tests")


class Receiver:
    """The other system; `answers` are the statuses of its next answers, 200 after them."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

    async def post(self, request: web.Request) -> web.Response:
        self.taken.append((dict(request.headers), await request.read()))
        status = self.answers.pop(0) if self.answers else 200
        return web.Response(status=status, headers={"Location": "/elsewhere"} if 300 <= status < 400 else None)


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    taking = Receiver()
    app = web.Application()
    app.add_routes([web.post("/in", taking.post), web.post("/elsewhere", taking.post)])
    async with serving(app) as address:
        yield taking, f"{address}/in"


@pytest.fixture
def handing(office: Office, receiver: tuple[Receiver, str]) -> Office:
    settings = CasesSettings(webhook_url=receiver[1], webhook_secret=SECRET)
    return Office(office.database, office.clock, settings=settings)


async def deliver(office: Office, url: str, alerts: list[str] | None = None) -> int:
    async def alert(code: str) -> None:
        (alerts if alerts is not None else []).append(code)

    onward = Onward(office.database, url, SECRET, office.clock, alert)
    async with ClientSession() as http:
        return await onward.deliver(http)


async def test_every_step_arrives_once_and_signed(handing: Office, receiver: tuple[Receiver, str]) -> None:
    taking, url = receiver
    number = await handing.case("case gọi 0912345678")
    await handing.desk.reply(number, LAN, "xin chào")
    assert await deliver(handing, url) == 4
    assert await deliver(handing, url) == 0
    import json  # noqa: PLC0415

    bodies: list[dict[str, Any]] = [json.loads(body) for _, body in taking.taken]
    assert [body["event"] for body in bodies] == ["opened", "state", "taken", "reply"]
    assert {body["case"]["number"] for body in bodies} == {number}
    assert "0912345678" not in str(bodies)
    for headers, body in taking.taken:
        signed = headers["X-BHYT-Timestamp"].encode() + b"." + body
        expected = hmac.digest(SECRET.get_secret_value().encode(), signed, "sha256").hex()
        assert headers["X-BHYT-Signature"] == f"sha256={expected}"
    assert len({headers["X-BHYT-Delivery"] for headers, _ in taking.taken}) == 4


@pytest.mark.parametrize("status", [500, 429, 401, 302])
async def test_what_was_not_taken_is_tried_again_later(
    handing: Office, receiver: tuple[Receiver, str], status: int
) -> None:
    taking, url = receiver
    await handing.case()
    taking.answers = [status]
    await deliver(handing, url)
    (row,) = await rows(handing.database, "webhook")
    assert (row["state"], row["reason"]) == ("pending", f"status_{status}")
    assert row["due"] == handing.clock() + PAUSES[0]
    assert await deliver(handing, url) == 0
    handing.clock.advance(minutes=1)
    assert await deliver(handing, url) == 1
    (row,) = await rows(handing.database, "webhook")
    assert (row["state"], row["attempts"], row["reason"]) == ("sent", 2, None)
    assert len(taking.taken) == 2


async def test_it_is_given_up_with_an_alert(handing: Office) -> None:
    await handing.case()
    alerts: list[str] = []
    for _ in range(len(PAUSES) + 1):
        await deliver(handing, "http://127.0.0.1:1/in", alerts)
        handing.clock.advance(hours=8)
    (row,) = await rows(handing.database, "webhook")
    assert (row["state"], row["attempts"]) == ("failed", len(PAUSES) + 1)
    assert alerts == ["cases_webhook_failed"]
    assert timedelta(hours=20) < sum(PAUSES, timedelta()) < timedelta(hours=30)


async def test_what_a_dead_process_had_in_hand_is_delivered(handing: Office, receiver: tuple[Receiver, str]) -> None:
    await handing.case()

    async def quiet(_code: str) -> None: ...

    dying = Onward(handing.database, receiver[1], SECRET, handing.clock, quiet)
    assert len(await dying._claimed()) == 1
    assert await deliver(handing, receiver[1]) == 0
    handing.clock.advance(minutes=1)
    assert await deliver(handing, receiver[1]) == 1


async def test_without_an_address_nothing_is_put_down(office: Office) -> None:
    await office.case()
    assert await rows(office.database, "webhook") == []


@pytest.mark.parametrize("url", ["http://example.vn/in", "ftp://example.vn", "https://", "example.vn"])
def test_texts_leave_the_house_only_encrypted(url: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        CasesSettings(webhook_url=url, webhook_secret=SECRET)


def test_settings_that_make_no_sense() -> None:
    for wrong in ({"webhook_url": "https://a.vn"}, {"opens": 17, "closes": 8}, {"days": ()}, {"days": (8,)}):
        with pytest.raises(ValidationError):
            CasesSettings(**wrong)  # type: ignore[arg-type]
