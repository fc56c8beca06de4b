"""An editor and an approver at work in a real Chromium: from a gap to an answer that the next person gets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from bot.store.models import StaffRole
from tests.console.test_browser import NO_SIDEWAYS, seated
from tests.web.browsing import PHONE

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.console.support import Office

pytestmark = pytest.mark.browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
ASKED = "thẻ dính kẹo cao su bóc không ra"
PAGES = ("", "/try?question=mat%20the%20bhyt", "/gaps", "/drafts", "/drafts/1", "/new", "/answers/mat-the", "/figures")


async def test_the_next_person_gets_the_answer(desk: Office, browser: Browser, request: pytest.FixtureRequest) -> None:
    await desk.hire("minh", StaffRole.EDITOR)
    await desk.hire("huong", StaffRole.APPROVER)
    await desk.ask(ASKED, sender="one")
    async with seated(browser, desk, "minh") as page:
        await page.get_by_role("link", name="Kho trả lời", exact=True).click()
        await page.get_by_role("link", name="Chưa có trả lời").click()
        await expect(page.get_by_text(ASKED)).to_be_visible()
        await _shot(page, "gaps", request)
        await page.get_by_role("link", name="Hỏi thử").last.click()
        await page.goto(f"{desk.origin}/console/knowledge/answers/mat-the")
        await page.get_by_label("Cách hỏi", exact=True).fill(ASKED)
        await page.get_by_role("button", name="Thêm cách hỏi").click()
        await page.get_by_role("button", name="Gửi duyệt").click()
        await expect(page.get_by_text("cần người thứ hai")).to_be_visible()
    async with seated(browser, desk, "huong") as page:
        await page.goto(f"{desk.origin}/console/knowledge/drafts/1")
        await expect(page.locator(".diff ins").first).to_contain_text(ASKED)
        await _shot(page, "draft", request)
        await page.get_by_role("button", name="Duyệt và đưa vào dùng").click()
        await expect(page.get_by_role("status").first).to_contain_text("Đã đưa vào dùng")
        result = await desk.ask(ASKED, sender="two")
        assert result.messages[0].reply.entry == "mat-the"
        await page.goto(f"{desk.origin}/console/knowledge/try?question=mat the bhyt")
        await _shot(page, "why", request)
        for size in ({"width": 1280, "height": 900}, PHONE, {"width": 360, "height": 740}):
            await page.set_viewport_size(size)  # type: ignore[arg-type]
            for path in PAGES:
                await page.goto(f"{desk.origin}/console/knowledge{path}")
                assert await page.evaluate(NO_SIDEWAYS), (path, size)


async def _shot(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--write-screenshots"):
        await page.screenshot(path=IMAGES / f"console-knowledge-{name}.png", full_page=True)
