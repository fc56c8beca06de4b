"""The webhook over HTTP: who is let in, what it costs, and when an update counts as taken."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, web
from pydantic import SecretStr

from bot.channels.inbound import Ignored, Inbound
from bot.channels.telegram.parsing import Myself, UpdateParser
from bot.channels.telegram.taps import Taps
from bot.channels.telegram.webhook import BODY_LIMIT, HEADER, PATH, Webhook
from bot.errors import IntakeError, TurnError
from tests.channels.telegram.support import ACCOUNT, SECRET, Intake, noon
from tests.fakes.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.channels.telegram.client import BotClient
    from tests.fakes.telegram import FakeTelegram


@dataclass
class Site:
    """The webhook on a free port, and a way to post to it."""

    url: str
    intake: Intake
    taps: Taps
    http: ClientSession

    async def post(self, body: Any, secret: str | None = SECRET) -> tuple[int, str | None]:
        """Status and Retry-After."""
        headers = {} if secret is None else {HEADER: secret}
        data = body if isinstance(body, bytes) or hasattr(body, "__aiter__") else json.dumps(body)
        async with self.http.post(self.url, data=data, headers=headers) as response:
            return response.status, response.headers.get("Retry-After")


@pytest.fixture
async def site(client: BotClient) -> AsyncIterator[Site]:
    intake, taps = Intake(), Taps(client)
    parser = UpdateParser(ACCOUNT, noon, Myself(123456789))
    webhook = Webhook(SecretStr(SECRET), parser.parse, intake.take, taps, patience=0.2)
    app = web.Application()
    app.add_routes([web.post(PATH, webhook.receive)])
    async with serving(app) as origin, ClientSession() as http:
        yield Site(origin + PATH, intake, taps, http)
        await taps.close()


async def test_an_update_is_taken(fake: FakeTelegram, site: Site, an: int) -> None:
    assert await site.post(fake.platform.say(an, "Chào").body) == (200, None)
    [event] = site.intake.events
    assert isinstance(event, Inbound)
    assert (event.text, event.sender, event.account) == ("Chào", str(an), ACCOUNT)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "\u00e9" * 24, SECRET.upper()])
async def test_nobody_comes_in_without_the_secret(site: Site, secret: str | None) -> None:
    assert await site.post({"update_id": 1}, secret) == (403, None)
    assert not site.intake.tried


async def test_the_body_of_a_stranger_is_not_read(site: Site) -> None:
    """Answered after the head of the request, although the announced body never comes."""
    status = await answer_to_head(site, [f"{HEADER}: wrong", "Content-Length: 1000000"])
    assert status == 403


async def test_an_announced_body_that_is_too_large(site: Site) -> None:
    assert await answer_to_head(site, [f"{HEADER}: {SECRET}", f"Content-Length: {BODY_LIMIT + 1}"]) == 413


async def test_a_body_that_grows_too_large(site: Site) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 65_536 + 1):
            yield b" " * 65_536

    assert await site.post(chunks()) == (413, None)
    assert not site.intake.tried


async def test_a_body_that_does_not_come(site: Site) -> None:
    assert await answer_to_head(site, [f"{HEADER}: {SECRET}", "Content-Length: 100"]) == 408


@pytest.mark.parametrize("body", [b"", b"x", b"{", b"[" * 100_000, b"\xff\xfe", b'{"update_id": ' + b"9" * 5000 + b"}"])
async def test_what_is_no_json(site: Site, body: bytes) -> None:
    assert await site.post(body) == (400, None)
    assert not site.intake.tried


@pytest.mark.parametrize("body", [5, [], {}, {"update_id": 1, "message": []}])
async def test_what_is_no_update_is_acknowledged_so_that_it_does_not_come_again(site: Site, body: Any) -> None:
    assert await site.post(body) == (200, None)
    assert site.intake.events == [Ignored("malformed")]


@pytest.mark.parametrize("error", [IntakeError("busy"), TurnError("broken")])
async def test_what_is_not_kept_is_not_acknowledged(fake: FakeTelegram, site: Site, an: int, error: Exception) -> None:
    site.intake.errors = [error]
    update = fake.platform.say(an, "Chào").body
    assert await site.post(update) == (503, "2")
    assert await site.post(update) == (200, None)
    assert len(site.intake.events) == 1


async def test_a_press_is_acknowledged_before_it_is_kept(fake: FakeTelegram, site: Site, an: int) -> None:
    site.intake.errors = [IntakeError("busy")]
    assert await site.post(fake.platform.press(an, "menu").body) == (503, "2")
    await fake.asked("answerCallbackQuery")


async def test_a_press_that_cannot_be_acknowledged_is_kept_all_the_same(site: Site) -> None:
    press = {"id": "1", "from": {"id": 5}, "data": "menu"}
    assert await site.post({"update_id": 1, "callback_query": press}) == (200, None)
    assert len(site.intake.events) == 1


async def test_many_at_once(fake: FakeTelegram, site: Site, an: int) -> None:
    updates = [fake.platform.say(an, f"{number}").body for number in range(50)]
    assert {status for status, _ in await asyncio.gather(*map(site.post, updates))} == {200}
    assert len(site.intake.events) == 50


async def answer_to_head(site: Site, headers: list[str]) -> int:
    """The status of the answer to a request of which only the head is sent."""
    host, port = site.url.removeprefix("http://").partition("/")[0].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write("\r\n".join([f"POST {PATH} HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode())
    line = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()
    return int(line.split()[1])
