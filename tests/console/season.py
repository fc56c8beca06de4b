"""An office with a local Telegram, parents who agreed to news, and staff who write and approve."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.outreach.delivery import outreach
from bot.store.models import CampaignRow, StaffRole
from tests.console.support import FakeClock, office
from tests.fakes.telegram import FakeTelegram
from tests.outreach.delivery.people import add_people

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from tests.console.support import Answer, Clerk, Office

WRITER, APPROVER = "bien-tap", "duyet"
SEGMENT = "tỉnh = Điện Biên"
WRITTEN = {
    "code": "kg26",
    "title": "Nhắc gia hạn thẻ, học kỳ 2",
    "purpose": "Nhắc phụ huynh đóng tiếp",
    "topic": "news",
    "segment": SEGMENT,
    "waits": "1",
    "text_vi": "Chào {ten|quý phụ huynh}, mức đóng là {student_month} một tháng.\r\n\r\n- Đóng tại {truong|trường}.",
    "label_vi_0": "Đóng ở đâu?",
    "target_vi_0": "entry:dong-o-dau",
}


@dataclass
class RunningClock(FakeClock):
    """Goes on by itself from a working morning, as the engine's clock does."""

    began: float = dataclasses.field(default_factory=monotonic)

    def __call__(self) -> datetime:
        return self.moment + timedelta(seconds=monotonic() - self.began)


@dataclass
class Season:
    """`chats` are the parents' chats with the bot."""

    desk: Office
    fake: FakeTelegram
    chats: list[int]


@asynccontextmanager
async def season(folder: Path, patch: pytest.MonkeyPatch, people: int = 12, **settings: Any) -> AsyncIterator[Season]:
    """Everything runs as in an office; only the looks at what there is to do come closer together."""
    patch.setattr(outreach, "TICK", 0.1)
    async with FakeTelegram() as fake:
        telegram = {"token": fake.token, "api_url": fake.url, "username": "bhyt_hssv_bot"}
        async with office(folder, RunningClock(), telegram=telegram, **settings) as desk:
            await desk.hire(WRITER, StaffRole.EDITOR)
            await desk.hire(APPROVER, StaffRole.APPROVER)
            chats = [fake.platform.add_person(f"Phụ huynh {number}") for number in range(people)]
            addresses = [str(chat) for chat in chats]
            contact = {"province": "dien-bien", "role": "parent"}
            await add_people(desk.runtime.database, "telegram", addresses, desk.clock(), **contact)
            yield Season(desk, fake, chats)


@pytest.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Season]:
    async with season(tmp_path, monkeypatch) as running:
        yield running


def field(answer: Answer, name: str) -> str:
    """What a field of a form holds."""
    box = re.search(rf'<textarea id="{name}"[^>]*>\n?(.*?)</textarea>', answer.text, re.DOTALL)
    line = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', answer.text)
    found = box or line
    assert found, name
    return unescape(found[1])


def filled(answer: Answer) -> dict[str, str]:
    """A form as a browser would send it back unchanged."""
    form = answer.text.partition('<form method="post" action="/console/campaigns')[2].partition("</form>")[0]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            fields[name[1]] = unescape(value[1] if value else "")
    for name, text in re.findall(r'<textarea id="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        fields[name] = unescape(text).replace("\r\n", "\n").replace("\n", "\r\n")
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def seal(answer: Answer) -> str:
    found = re.search(r'name="seal" value="(\w{12})"', answer.text)
    assert found, answer.text
    return found[1]


async def written(clerk: Clerk, **changes: str) -> Answer:
    await clerk.get("/campaigns/write")
    return await clerk.post("/campaigns/write", **{**WRITTEN, **changes})


async def state(desk: Office, code: str = "kg26") -> str:
    async with desk.runtime.database.reading() as session:
        return str(await session.scalar(select(CampaignRow.state).where(CampaignRow.code == code)))


async def until(desk: Office, wanted: str) -> None:
    async with asyncio.timeout(60):
        while await state(desk) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
