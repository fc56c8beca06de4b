"""The transport over real HTTP: what goes out, and how each way of failing is told."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.channels.telegram.client import BotClient
from bot.channels.telegram.transport import (
    AiohttpRequest,
    FloodError,
    NoAnswerError,
    NotSentError,
    Timeouts,
    TroubleError,
)
from bot.simulator.telegram.files import drawn_photo
from tests.fakes.faults import (
    Fault,
    Gate,
    drop_answer,
    empty,
    gateway_page,
    hang,
    hang_after,
    reply,
    reset,
    slow_body,
    text,
)
from tests.fakes.telegram import FakeTelegram, flood, refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HASTY = Timeouts(pool=0.05, connect=0.05, write=0.05, media_write=0.05, read=0.1)


@pytest.fixture
async def hasty(fake: FakeTelegram) -> AsyncIterator[BotClient]:
    """One connection, and no patience."""
    transport = AiohttpRequest(fake.url, SecretStr(fake.token), connections=1, timeouts=HASTY)
    yield BotClient(transport)
    await transport.shutdown()


async def test_parameters_arrive_as_they_are(fake: FakeTelegram, client: BotClient, an: int) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Đóng ở đâu?", "callback_data": "entry:where"}]]}
    sent = await client.call("sendMessage", {"chat_id": an, "text": "Mức đóng <b>1</b> & 2", "reply_markup": keyboard})
    assert (sent["text"], sent["reply_markup"]) == ("Mức đóng <b>1</b> & 2", keyboard)
    assert fake.called("sendMessage")[0].values["chat_id"] == an


async def test_half_a_surrogate_pair_is_replaced(fake: FakeTelegram, client: BotClient, an: int) -> None:
    await client.call("sendMessage", {"chat_id": an, "text": "a\ud800b"})
    assert fake.shown(an) == ["a?b"]


async def test_the_library_s_own_methods_work_over_it(fake: FakeTelegram, client: BotClient, an: int) -> None:
    me = await client.get_me()
    assert (me.id, me.username) == (123456789, "bhyt_simulator_bot")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    sent = await client.send_message(an, "Chào", reply_markup=markup)
    assert sent.reply_markup == markup


async def test_a_file_is_uploaded(client: BotClient, an: int) -> None:
    sent = await client.send_photo(an, drawn_photo(40, 30), caption="Thẻ", filename="the.png")
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.caption) == (40, 30, "Thẻ")


FAILURES: dict[str, tuple[Fault, type[NetworkError]]] = {
    "reset": (reset(), NoAnswerError),
    "carried out, answer lost": (drop_answer(), NoAnswerError),
    "no answer": (hang_after(Gate()), NoAnswerError),
    "half an answer": (slow_body(Gate()), NoAnswerError),
    "empty answer": (empty(), NoAnswerError),
    "no JSON": (text(200, "<html>"), NoAnswerError),
    "no object": (text(200, "[]"), NoAnswerError),
    "bottomless JSON": (text(200, "[" * 100_000), NoAnswerError),
    "no result": (reply(200, {"ok": True}), NoAnswerError),
    "gateway": (gateway_page(502), TroubleError),
    "trouble": (refusal(500, "Internal Server Error"), TroubleError),
    "flood": (flood(3), FloodError),
    "flood without wait": (flood(None), FloodError),
    "redirect": (text(302, "", "text/plain"), NetworkError),
    "refusal in no JSON": (text(400, "<html>"), BadRequest),
    "refusal in an odd shape": (reply(400, {"description": 5, "parameters": [1]}), BadRequest),
    "refusal that is a list": (reply(400, []), BadRequest),
}


@pytest.mark.parametrize(("fault", "expected"), FAILURES.values(), ids=FAILURES.keys())
async def test_failures(
    fake: FakeTelegram, hasty: BotClient, an: int, fault: Fault, expected: type[NetworkError]
) -> None:
    fake.spoil("sendMessage", fault)
    with pytest.raises(NetworkError) as caught:
        await hasty.call("sendMessage", {"chat_id": an, "text": "Chào"})
    assert type(caught.value) is expected
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize(
    ("told", "after"), [(3, 3), (2.5, 2.5), (0, None), (-1, None), ("3", None), (None, None), (10**9, None)]
)
async def test_the_pause_after_too_many_requests(
    fake: FakeTelegram, client: BotClient, an: int, told: object, after: float | None
) -> None:
    fake.spoil("sendMessage", reply(429, {"ok": False, "parameters": {"retry_after": told}}))
    with pytest.raises(FloodError) as caught:
        await client.call("sendMessage", {"chat_id": an, "text": "Chào"})
    assert caught.value.after == after


async def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        transport = AiohttpRequest(f"http://127.0.0.1:{free.getsockname()[1]}", SecretStr("1:a"))
        with pytest.raises(NotSentError):
            await BotClient(transport).call("getMe", {})
    await transport.shutdown()


async def test_no_connection_is_free(fake: FakeTelegram, hasty: BotClient, an: int) -> None:
    """The one connection is taken: the second message has not left, the first may have."""
    gate = Gate()
    fake.spoil("sendMessage", hang(gate))
    first = asyncio.create_task(hasty.call("sendMessage", {"chat_id": an, "text": "1"}, read_timeout=5))
    await gate.reached.wait()
    with pytest.raises(NotSentError):
        await hasty.call("sendMessage", {"chat_id": an, "text": "2"})
    gate.release()
    await first
    assert fake.shown(an) == ["1"]


async def test_a_call_may_wait_longer_than_the_others(fake: FakeTelegram, hasty: BotClient) -> None:
    gate = Gate()
    fake.spoil("getMe", hang(gate))
    call = asyncio.create_task(hasty.call("getMe", {}, read_timeout=30))
    await gate.reached.wait()
    await asyncio.sleep(2 * HASTY.read)
    gate.release()
    assert (await call)["id"] == 123456789


async def test_nothing_is_sent_after_closing(fake: FakeTelegram, request_: AiohttpRequest, client: BotClient) -> None:
    await client.call("getMe", {})
    await request_.shutdown()
    await request_.shutdown()
    with pytest.raises(NotSentError):
        await client.call("getMe", {})
    assert len(fake.calls) == 1


async def test_an_unknown_outcome_is_a_time_out_for_the_library() -> None:
    assert issubclass(NoAnswerError, TimedOut)
    assert not issubclass(NotSentError, TimedOut)
