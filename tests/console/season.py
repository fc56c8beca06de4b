"""An office with a local Telegram, parents who agreed to news, and staff who write and approve."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from bot.outreach.delivery import outreach
from bot.store.models import StaffRole
from tests.console.support import FakeClock, office
from tests.fakes.telegram import FakeTelegram
from tests.outreach.delivery.people import add_people

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    import pytest

    from tests.console.support import Office

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

    began: float = field(default_factory=monotonic)

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
