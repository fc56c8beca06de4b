"""A parent in the web chat, a clerk in the console and one in the staff group on Telegram, all at the same time."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Locator, Page, expect
from sqlalchemy import select

from bot.store.models import CaseCardRow
from tests.console.support import office
from tests.console.test_browser import seated
from tests.fakes.telegram import FakeTelegram
from tests.platforms.office import PATIENCE
from tests.web.browsing import DESKTOP, PHONE, watched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.console.support import Office

pytestmark = pytest.mark.browser

NUMBER = re.compile(r"YC\d\d-\d{6}")
HARD = "Trường thu tiền BHYT của con tôi hai lần rồi không trả lại, cho tôi gặp cán bộ"


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as started:
        yield started


async def card(desk: Office) -> int:
    """The message of the group that shows the first case."""
    shown = select(CaseCardRow.message).where(CaseCardRow.message.is_not(None)).order_by(CaseCardRow.id)
    async with asyncio.timeout(PATIENCE):
        while True:
            async with desk.runtime.database.reading() as session:
                if (message := await session.scalar(shown)) is not None:
                    return int(message)
            await asyncio.sleep(0.01)


async def write(page: Page, text: str) -> None:
    """What somebody types in the chat, whether or not it gets an answer."""
    await page.focus("#box")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await expect(page.locator(".msg.you").last).to_contain_text(text)


def last(page: Page) -> Locator:
    return page.locator(".msg.bot").last


async def test_a_hard_question_from_beginning_to_end(tmp_path: Path, browser: Browser, telegram: FakeTelegram) -> None:
    group, lan = telegram.platform.add_group("Cán bộ"), telegram.platform.add_person("Lan")
    settings = {
        "telegram": {"token": telegram.token, "api_url": telegram.url, "mode": "polling"},
        "cases": {"telegram_group": str(group)},
    }
    async with office(tmp_path, **settings) as desk:
        await desk.hire("lan")
        async with desk.clerk("root") as clerk:
            await clerk.post("/staff/lan/telegram", telegram=str(lan))
        async with (
            watched(browser, desk.origin, viewport=PHONE) as parent,
            seated(browser, desk, "lan", viewport=DESKTOP) as clerk_page,
        ):
            await clerk_page.get_by_role("link", name="Yêu cầu", exact=True).click()
            await expect(clerk_page.get_by_text("Không có yêu cầu nào phù hợp.")).to_be_visible()

            await parent.goto(desk.origin)
            await write(parent, HARD)
            await expect(parent.locator("#log")).to_contain_text(NUMBER)
            number = "".join(NUMBER.findall(await parent.locator("#log").inner_text())[:1])

            # The clerk sees it without doing anything, takes it and answers.
            await clerk_page.get_by_role("link", name=number).click()
            await clerk_page.get_by_role("button", name="Nhận yêu cầu").click()
            await clerk_page.get_by_label("Nội dung trả lời").fill("Chào chị, trường nào ạ?")
            await clerk_page.keyboard.press("Control+Enter")
            await expect(last(parent)).to_contain_text("Chào chị, trường nào ạ?")

            # The bot keeps quiet, and the clerk reads it.
            answers = await parent.locator(".msg.bot").count()
            await write(parent, "Trường Nguyễn Du, học sinh đóng bao nhiêu tiền ạ")
            await expect(clerk_page.locator(".talk .citizen").last).to_contain_text("Trường Nguyễn Du")
            await expect(parent.locator(".msg.bot")).to_have_count(answers)

            # The same case from the group.
            telegram.platform.say(lan, "Mai trường trả lại tiền cho chị.", chat=group, reply_to=await card(desk))
            await expect(last(parent)).to_contain_text("Mai trường trả lại tiền cho chị.")
            await expect(clerk_page.locator(".talk .staff").last).to_contain_text("Mai trường trả lại tiền")

            # Settled: the parent is told, and the bot answers again.
            await clerk_page.get_by_role("button", name="Đóng yêu cầu").click()
            await expect(last(parent)).to_contain_text("hài lòng")
            await write(parent, "học sinh đóng BHYT bao nhiêu tiền")
            await expect(last(parent)).to_contain_text("683.100")
