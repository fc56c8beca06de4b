"""Server-sent events: replies as they are written, resuming, and the end of a stream."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.store.models import OutboxRow
from bot.web.receipts import Receipts
from tests.web.support import MANY, Chat, Visitor, running, visitor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aiohttp import ClientResponse

ACKNOWLEDGED = {"Accept": "*/*"}


async def next_event(response: ClientResponse) -> dict[str, Any]:
    """The next event of a stream, heartbeats skipped."""
    fields: dict[str, str] = {}
    while True:
        line = (await response.content.readline()).decode().rstrip("\n")
        if not line and "data" in fields:
            return {"event id": fields["id"], **json.loads(fields["data"])}
        name, _, value = line.partition(": ")
        fields[name] = value


async def test_replies_arrive_on_the_open_stream(chat: Chat, guest: Visitor) -> None:
    async with guest.http.get(chat.origin + "/api/stream?after=0") as stream:
        await guest.post("một", headers=ACKNOWLEDGED)
        await guest.post("hai", headers=ACKNOWLEDGED)
        events = [await next_event(stream), await next_event(stream)]
    assert [event["text"] for event in events] == ["Bạn viết: một", "Bạn viết: hai"]
    assert [event["event id"] for event in events] == [str(event["id"]) for event in events]


async def test_a_stream_resumes_after_the_last_event(chat: Chat, guest: Visitor) -> None:
    ids = [(await guest.post(text))[1]["messages"][0]["id"] for text in ("một", "hai", "ba")]
    resumed = {"Last-Event-ID": str(ids[1])}
    async with guest.http.get(chat.origin + "/api/stream?after=0", headers=resumed) as stream:
        assert (await next_event(stream))["text"] == "Bạn viết: ba"


async def test_a_stream_holds_only_the_own_conversation(chat: Chat, guest: Visitor) -> None:
    async with visitor(chat) as other:
        await other.open()
        await other.post("riêng tư")
    async with guest.http.get(chat.origin + "/api/stream") as stream:
        await guest.post("của tôi", headers=ACKNOWLEDGED)
        assert (await next_event(stream))["text"] == "Bạn viết: của tôi"


async def test_more_than_one_batch_arrives_whole(chat: Chat, guest: Visitor) -> None:
    for number in range(60):
        await guest.post(str(number))
    async with guest.http.get(chat.origin + "/api/stream") as stream:
        texts = [(await next_event(stream))["text"] for _ in range(60)]
    assert texts == [f"Bạn viết: {number}" for number in range(60)]


@pytest.mark.parametrize("position", ["x", "-1", "1e3", "9" * 30, "１"])
async def test_a_wrong_position_is_refused(chat: Chat, guest: Visitor, position: str) -> None:
    async with guest.http.get(chat.origin + "/api/stream", headers={"Last-Event-ID": position}) as response:
        assert response.status == 400


async def test_without_a_session_there_is_no_stream(chat: Chat) -> None:
    async with visitor(chat) as guest, guest.http.get(chat.origin + "/api/stream") as response:
        assert response.status == 401


async def test_a_session_has_so_many_streams_and_no_more(chat: Chat, guest: Visitor) -> None:
    url = chat.origin + "/api/stream"
    async with guest.http.get(url) as a, guest.http.get(url) as b, guest.http.get(url) as c:
        assert [a.status, b.status, c.status] == [200, 200, 200]
        async with guest.http.get(url) as refused:
            assert refused.status == 429
            assert refused.headers["Retry-After"] == "30"


async def test_a_quiet_stream_beats_and_finds_what_another_process_wrote(tmp_path: Path) -> None:
    async with running(tmp_path, replace(MANY, heartbeat=0.01)) as chat, visitor(chat) as guest:
        await guest.open()
        async with guest.http.get(chat.origin + "/api/stream") as stream:
            assert await stream.content.readline() == b"retry: 3000\n"
            await stream.content.readline()
            assert await stream.content.readline() == b": still here\n"
            chat.site.streams.wake = lambda _: None  # as if the turn had been taken elsewhere
            await guest.post("xin chào", headers=ACKNOWLEDGED)
            assert (await next_event(stream))["text"] == "Bạn viết: xin chào"


async def test_shutting_down_ends_the_streams(chat: Chat, guest: Visitor) -> None:
    async with guest.http.get(chat.origin + "/api/stream") as stream:
        await stream.content.readline()
        await chat.app.shutdown()
        await stream.content.read()
    assert len(chat.site.streams) == 0


async def test_what_the_browser_got_is_confirmed(chat: Chat, guest: Visitor) -> None:
    await guest.post("một")
    async with guest.http.get(chat.origin + "/api/stream?after=0") as stream:
        await next_event(stream)
    await chat.site.receipts.flush()
    async with chat.database.reading() as session:
        assert list((await session.execute(select(OutboxRow.state))).scalars()) == ["sent"]


class Ledger:
    """A transcript that only takes receipts."""

    def __init__(self) -> None:
        self.confirmed: list[int] = []
        self.broken = True

    async def confirm(self, ids: Sequence[int]) -> None:
        if self.broken:
            raise OSError("database away")
        self.confirmed += ids


async def test_receipts_are_kept_until_they_could_be_written() -> None:
    ledger = Ledger()
    receipts = Receipts(ledger)  # type: ignore[arg-type]
    receipts.add([3, 1])
    await receipts.flush()
    ledger.broken = False
    receipts.add([2])
    await receipts.flush()
    await receipts.flush()
    assert ledger.confirmed == [1, 2, 3]
