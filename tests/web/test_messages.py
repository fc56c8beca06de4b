"""Messages in, replies out: the API that the page's script uses."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.web.scripted import HOTLINE
from tests.web.support import Chat, Visitor, visitor


async def test_the_reply_comes_with_the_answer_to_the_post(guest: Visitor) -> None:
    status, data = await guest.post("hoc sinh dong bao nhieu")
    assert status == 200
    (message,) = data["messages"]
    assert message["kind"] == "answer"
    assert "**" not in message["text"]
    assert "<strong>68.310 đồng</strong>" in message["html"]
    assert {"label": "Đóng ở đâu?", "action": "entry:dong-o-dau"} in message["buttons"]


async def test_without_accepting_json_a_post_is_only_acknowledged(guest: Visitor) -> None:
    assert await guest.post("chào", headers={"Accept": "*/*"}) == (202, {})


async def test_the_same_id_is_one_message(chat: Chat, guest: Visitor) -> None:
    message_id = str(uuid.uuid4())
    first = await guest.post("chào", id=message_id)
    again = await guest.post("chào", id=message_id)
    assert first == again
    assert len(chat.core.turns) == 1


async def test_a_repeated_message_brings_only_replies_not_yet_shown(guest: Visitor) -> None:
    message_id = str(uuid.uuid4())
    _, first = await guest.post("một", id=message_id)
    _, again = await guest.post("một", id=message_id, after=first["messages"][-1]["id"])
    assert again == {"messages": []}


async def test_nobody_can_use_up_the_id_of_somebody_else(chat: Chat, guest: Visitor) -> None:
    message_id = str(uuid.uuid4())
    await guest.post("bí mật", id=message_id)
    async with visitor(chat) as other:
        await other.open()
        _, data = await other.post("của tôi", id=message_id)
    assert [message["text"] for message in data["messages"]] == ["Bạn viết: của tôi"]


async def test_a_button_is_kept_under_its_label(guest: Visitor) -> None:
    await guest.post("bao nhiêu")
    _, data = await guest.post(action="entry:dong-o-dau")
    assert len(data["messages"]) == 2
    page = await guest.open()
    assert '<div class="bubble"><p>Đóng ở đâu?</p></div>' in page


BAD = {
    "no JSON": b"{",
    "no object": b"[1]",
    "not text": json.dumps({"id": str(uuid.uuid4()), "text": 7}).encode(),
    "no id": b'{"text": "a"}',
    "id is no uuid": b'{"id": "1; DROP TABLE inbound", "text": "a"}',
    "binary": bytes(range(256)),
    "deeply nested": b"[" * 9000,
    "action is no action": json.dumps({"id": str(uuid.uuid4()), "action": "có dấu"}).encode(),
    "action too long": json.dumps({"id": str(uuid.uuid4()), "action": "a" * 65}).encode(),
    "after is negative": json.dumps({"id": str(uuid.uuid4()), "text": "a", "after": -1}).encode(),
    "after is huge": json.dumps({"id": str(uuid.uuid4()), "text": "a", "after": 2**63}).encode(),
    "after is true": json.dumps({"id": str(uuid.uuid4()), "text": "a", "after": True}).encode(),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_a_malformed_message_is_refused_in_words(chat: Chat, guest: Visitor, body: bytes) -> None:
    status, data = await guest.post_raw(body)
    assert status == 400
    assert data["error"] == "bad_request"
    assert "tải lại trang" in data["message"]
    assert not chat.core.turns


@pytest.mark.parametrize("text", ["", "   \n\t", "\x00\x07\x1b", "\u202e"])
async def test_an_empty_message_is_refused_in_words(guest: Visitor, text: str) -> None:
    status, data = await guest.post(text)
    assert (status, data["error"]) == (400, "empty")


async def test_ten_thousand_characters_are_too_long(chat: Chat, guest: Visitor) -> None:
    status, data = await guest.post("a" * 10_000)
    assert (status, data["error"]) == (422, "too_long")
    assert "2.000" in data["message"]
    assert not chat.core.turns


async def test_a_megabyte_is_too_large(guest: Visitor) -> None:
    status, data = await guest.post("a" * 1_000_000)
    assert (status, data["error"]) == (413, "too_large")


async def test_a_megabyte_in_chunks_is_too_large(guest: Visitor) -> None:
    async def chunks():
        for _ in range(100):
            yield b"a" * 10_000

    status, data = await guest.post_raw(chunks())
    assert (status, data["error"]) == (413, "too_large")


CLEANED = {
    "control characters": ("a\x00b\x1b[31mc", "ab[31mc"),
    "lone surrogate": ("a\ud800b", "ab"),
    "reordering": ("a\u202eb", "ab"),
    "decomposed": ("cha\u0300o", "chào"),
    "line ends": ("a\r\nb", "a\nb"),
    "emoji family": ("👨‍👩‍👧 xin", "👨‍👩‍👧 xin"),
    "sql": ("'; DROP TABLE inbound; --", "'; DROP TABLE inbound; --"),
}


@pytest.mark.parametrize(("sent", "received"), CLEANED.values(), ids=CLEANED.keys())
async def test_what_the_conversation_gets(chat: Chat, guest: Visitor, sent: str, received: str) -> None:
    status, _ = await guest.post(sent)
    assert status == 200
    assert chat.core.turns[-1].text == received


async def test_html_stays_text_in_reply_history_and_page(guest: Visitor) -> None:
    attack = '<img src=x onerror="alert(1)"><script>alert(1)</script>'
    _, data = await guest.post(attack)
    assert "<img" not in data["messages"][0]["html"]
    page = await guest.open()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_the_bot_keeps_quiet_when_the_core_does(guest: Visitor) -> None:
    assert await guest.post("im lặng") == (200, {"messages": []})


async def test_a_failing_core_still_answers_with_the_hotline(chat: Chat, guest: Visitor) -> None:
    chat.core.failing = True
    status, data = await guest.post("câu hỏi")
    assert status == 200
    assert HOTLINE in data["messages"][0]["text"]


async def test_history_has_both_sides_in_order_without_commands(chat: Chat, guest: Visitor) -> None:
    await guest.post(action="start")
    await guest.post("một")
    await guest.post("hai")
    async with guest.http.get(chat.origin + "/api/history") as response:
        lines = (await response.json())["lines"]
    assert [line["text"] for line in lines][2:] == ["một", "Bạn viết: một", "hai", "Bạn viết: hai"]
    assert lines[0]["from"] == "bot"
