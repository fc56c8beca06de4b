"""The pages without a script: a form, a choice of language, a privacy notice; and the health checks."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest

from bot.errors import DatabaseError
from tests.web.scripted import HOTLINE
from tests.web.support import Chat, Visitor, visitor

if TYPE_CHECKING:
    from aiohttp import ClientResponse

FOLLOW = {"allow_redirects": False}


async def submit(guest: Visitor, path: str = "/", **fields: str) -> ClientResponse:
    form = {"csrf": guest.csrf, "id": str(uuid.uuid4()), **fields}
    async with guest.http.post(guest.chat.origin + path, data=form, allow_redirects=False) as response:
        await response.read()
        return response


async def test_a_conversation_by_plain_form(guest: Visitor) -> None:
    response = await submit(guest, text="hoc sinh dong bao nhieu")
    assert (response.status, response.headers["Location"]) == (303, "/")
    page = await guest.open()
    assert "hoc sinh dong bao nhieu" in page
    assert "68.310 đồng" in page
    assert '<button form="compose" name="action" value="entry:dong-o-dau">Đóng ở đâu?</button>' in page
    await submit(guest, action="entry:dong-o-dau", text="")
    assert "Bạn đóng tại <strong>trường</strong>." in await guest.open()


async def test_only_the_last_answer_can_be_pressed(guest: Visitor) -> None:
    await submit(guest, text="bao nhiêu")
    await submit(guest, text="cảm ơn")
    assert 'name="action"' not in await guest.open()


async def test_sending_the_form_twice_is_one_message(chat: Chat, guest: Visitor) -> None:
    message_id = str(uuid.uuid4())
    await submit(guest, text="một", id=message_id)
    await submit(guest, text="một", id=message_id)
    assert len(chat.core.turns) == 1


@pytest.mark.parametrize(
    ("fields", "status"), [({"text": ""}, 400), ({"text": "a" * 3000}, 422), ({"text": "a", "csrf": "x"}, 401)]
)
async def test_a_form_that_is_turned_down_says_why_with_the_hotline(
    guest: Visitor, fields: dict[str, str], status: int
) -> None:
    form = {"csrf": guest.csrf, "id": str(uuid.uuid4()), **fields}
    async with guest.http.post(guest.chat.origin + "/", data=form) as response:
        assert response.status == status
        assert HOTLINE in await response.text()


async def test_choosing_a_language_changes_page_and_conversation(chat: Chat, guest: Visitor) -> None:
    await guest.post("chào")
    await submit(guest, "/language", lang="en")
    page = await guest.open()
    assert '<html lang="en">' in page
    assert "Student health insurance assistant" in page
    assert chat.core.turns[-1].action == "lang:en"
    assert '<p class="sr">You:</p>' in page
    assert page.count("msg you") == 1


async def test_choosing_a_language_before_the_first_question_keeps_nothing(chat: Chat, guest: Visitor) -> None:
    await submit(guest, "/language", lang="en")
    assert not chat.core.turns
    assert '<html lang="en">' in await guest.open()


async def test_an_unknown_language_is_refused(guest: Visitor) -> None:
    assert (await submit(guest, "/language", lang="../vi")).status == 400


async def test_an_address_can_choose_the_language(guest: Visitor) -> None:
    assert '<html lang="vi">' in await guest.open("/?lang=fr")
    assert '<html lang="en">' in await guest.open("/?lang=en")
    assert '<html lang="en">' in await guest.open()


@pytest.mark.parametrize(("code", "kept"), [("QN-2026", True), ('"><script>', False), ("a" * 33, False)])
async def test_the_code_of_a_campaign_or_school(guest: Visitor, code: str, kept: bool) -> None:
    page = await guest.open(f"/?start={code}")
    assert ("data-start=" in page) is kept


async def test_an_embedded_page_stays_embedded(guest: Visitor) -> None:
    assert 'class="chat embed"' in await guest.open("/?embed=1")
    assert (await submit(guest, "/?embed=1", text="chào")).headers["Location"] == "/?embed=1"


async def test_the_privacy_notice(guest: Visitor) -> None:
    page = await guest.open("/privacy")
    assert "xóa dữ liệu của tôi" in page
    assert f"tel:{HOTLINE.replace('.', '')}" in page


async def test_the_page_is_made_for_screen_readers(guest: Visitor) -> None:
    page = await guest.open()
    assert re.search(r'<div id="log" role="log" aria-live="polite" aria-label="[^"]+"', page)
    assert '<label class="sr" for="box">Câu hỏi của bạn</label>' in page
    assert '<a class="skip" href="#box">' in page
    assert f'href="tel:{HOTLINE.replace(".", "")}"' in page
    assert "<noscript>" in page


async def test_both_languages_have_the_same_words(chat: Chat) -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(inner) for key, inner in value.items()}
        return [shape(inner) for inner in value] if isinstance(value, list) else None

    assert shape(chat.site.renderer.words("vi")) == shape(chat.site.renderer.words("en"))


async def test_nobody_who_only_looks_is_kept(chat: Chat) -> None:
    async with visitor(chat) as guest:
        await guest.open()
        await guest.open("/privacy")
        assert await chat.site.transcript.lines(guest.sender, 10) == []


async def test_health(chat: Chat, guest: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away() -> None:
        raise DatabaseError("the database does not answer")

    monkeypatch.setattr(chat.site.transcript, "ping", away)
    async with guest.http.get(chat.origin + "/healthz") as alive, guest.http.get(chat.origin + "/readyz") as ready:
        assert (alive.status, ready.status) == (200, 503)
