"""The API behind the page, and what it shows of a conversation."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import VIETNAM
from bot.simulator.page import Page
from bot.simulator.phone import Attachment, Author, Bubble, Run
from bot.simulator.screens import _pieces
from bot.simulator.serving import serving
from bot.simulator.stage import PEOPLE, Stage
from bot.simulator.telegram import TelegramPlatform
from bot.simulator.telegram.markup import parse_html
from bot.simulator.telegram.phone import TelegramPhone
from tests.fakes.telegram import TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

DAY = datetime(2026, 11, 21, 9, 5, tzinfo=VIETNAM)


class Visitor:
    """Somebody at the page."""

    def __init__(self, stage: Stage, client: ClientSession) -> None:
        self.stage, self.client = stage, client
        self.ids = {name: phone.people[0].id for name, phone in stage.phones.items()}

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.client.get(path) as response:
            return response.status, await response.json() if "json" in response.content_type else await response.read()

    async def screen(self, phone: str) -> Any:
        status, screen = await self.get(f"/api/{phone}/people/{self.ids[phone]}")
        assert status == 200
        return screen

    async def act(self, phone: str, act: str, body: object = None, person: str = "") -> int:
        path = f"/api/{phone}/people/{person or self.ids[phone]}/{act}"
        async with self.client.post(path, json={} if body is None else body) as response:
            return response.status


@asynccontextmanager
async def visited() -> AsyncIterator[Visitor]:
    stage = Stage()
    async with serving(Page(stage.phones).app()) as origin, ClientSession(origin) as client:
        yield Visitor(stage, client)


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with visited() as somebody:
        yield somebody


@pytest.mark.parametrize("phone", ["telegram", "zalo"])
async def test_what_a_person_does_is_on_the_screen(visitor: Visitor, phone: str) -> None:
    assert await visitor.act(phone, "start") == 204
    assert await visitor.act(phone, "say", {"text": " xem https://a.vn/x. "}) == 204
    for what in Attachment:
        assert await visitor.act(phone, "attach", {"what": what}) == 204
    messages = (await visitor.screen(phone))["messages"]
    said = next(message for message in messages if message["runs"] and "xem" in message["runs"][0]["text"])
    assert said["author"] == "person"
    assert [run["link"] for run in said["runs"]] == [None, "https://a.vn/x", None]
    assert [message["attachment"] for message in messages[-4:]] == list(Attachment)


@pytest.mark.parametrize("phone", ["telegram", "zalo"])
async def test_who_has_blocked_cannot_write_until_it_is_undone(visitor: Visitor, phone: str) -> None:
    await visitor.act(phone, "start")
    assert await visitor.act(phone, "block") == 204
    assert (await visitor.screen(phone))["blocked"]
    assert await visitor.act(phone, "say", {"text": "a"}) == 409
    assert await visitor.act(phone, "unblock") == 204
    assert await visitor.act(phone, "say", {"text": "a"}) == 204
    assert not (await visitor.screen(phone))["blocked"]


@pytest.mark.parametrize("phone", ["telegram", "zalo"])
@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("say", {"text": "  "}, 400),
        ("say", {"text": "a" * 4001}, 400),
        ("say", [], 400),
        ("say", [1], 400),
        ("attach", {"what": "elephant"}, 400),
        ("tap", {"message": "99", "choice": 0}, 404),
        ("tap", {"message": "x"}, 400),
        ("fly", {}, 404),
    ],
)
async def test_what_makes_no_sense_is_refused(
    visitor: Visitor, phone: str, act: str, body: object, status: int
) -> None:
    assert await visitor.act(phone, act, body) == status
    assert (await visitor.screen(phone))["messages"] == []


async def test_unknown_phones_people_and_pictures(visitor: Visitor) -> None:
    for path in ("/api/signal/people/1", "/api/telegram/people/x", "/api/zalo/people/x", "/api/zalo/pictures/x"):
        assert (await visitor.get(path))[0] == 404
    assert await visitor.act("telegram", "say", {"text": "a"}, person="4") == 404


async def test_other_sites_cannot_post(visitor: Visitor) -> None:
    path = f"/api/telegram/people/{visitor.ids['telegram']}/say"
    async with visitor.client.post(path, data=json.dumps({"text": "a"})) as response:
        assert response.status == 415


async def test_the_page_and_its_files(visitor: Visitor) -> None:
    async with visitor.client.get("/") as response:
        page = await response.text()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    for name in ("simulator.css", "simulator.js", "icon.svg"):
        assert f'"/{name}"' not in page
    for part in page.split('"'):
        if part.startswith("/static/"):
            assert (await visitor.get(part))[0] == 200
    assert (await visitor.get("/static/secret.txt"))[0] == 404
    _, people = await visitor.get("/api/phones")
    assert [person["name"] for person in people["zalo"]] == list(PEOPLE)


async def test_what_happens_is_told_at_once(visitor: Visitor) -> None:
    async with visitor.client.get("/api/telegram/events") as stream:
        assert b"retry" in await stream.content.readuntil(b"\n\n")
        assert await stream.content.readuntil(b"\n\n") == b": still here\n\n"
        await visitor.act("telegram", "say", {"text": "a"})
        told = await stream.content.readuntil(b"\n\n")
    event = json.loads(told.split(b"data: ")[1])
    assert event == {"person": visitor.ids["telegram"], "kind": "screen", "text": ""}


async def test_pictures_of_people_can_be_seen(visitor: Visitor) -> None:
    await visitor.act("telegram", "attach", {"what": "photo"})
    [message] = (await visitor.screen("telegram"))["messages"]
    status, body = await visitor.get(message["picture"])
    assert status == 200
    assert body.startswith(b"\x89PNG")


def test_a_telegram_message_as_a_bubble() -> None:
    platform = TelegramPlatform(TOKEN, clock=lambda: DAY)
    an = platform.add_person("An")
    text, entities = parse_html("A \U0001f600 <b>đậm <i>nghiêng</i></b> <a href='https://a.vn'>nối</a>")
    keyboard = [[{"text": "Trang", "url": "https://a.vn"}], [{"text": "Chọn", "callback_data": "a"}]]
    message = {"text": text, "entities": entities, "reply_markup": {"inline_keyboard": keyboard}}
    platform.world.write(platform.world.chat(an), platform.world.bot, message)
    [bubble] = TelegramPhone(platform).messages(str(an))
    assert (bubble.author, bubble.at) == (Author.BOT, DAY)
    assert [(run.text, [str(style) for style in run.styles], run.link) for run in bubble.runs] == [
        ("A \U0001f600 ", [], None),
        ("đậm ", ["bold"], None),
        ("nghiêng", ["bold", "italic"], None),
        (" ", [], None),
        ("nối", [], "https://a.vn"),
    ]
    assert [(choice.label, str(choice.kind), choice.target) for row in bubble.choices for choice in row] == [
        ("Trang", "url", "https://a.vn"),
        ("Chọn", "send", ""),
    ]


@given(st.text(alphabet="http://a.vn <>\"'.,) ăx\n"))
def test_links_are_cut_out_without_losing_a_letter(text: str) -> None:
    pieces = list(_pieces(Run(text)))
    assert "".join(piece["text"] for piece in pieces) == text
    assert all(piece["link"] in {None, piece["text"]} for piece in pieces)


def test_only_web_addresses_are_links() -> None:
    assert [piece["link"] for piece in _pieces(Run("x", link="javascript:alert(1)"))] == [None]
    assert Bubble("1", Author.BOT, DAY).runs == ()
