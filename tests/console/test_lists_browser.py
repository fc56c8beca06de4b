"""Taking a list in a real Chromium: the file is chosen once; for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from bot.store.models import ContactRow
from tests.console.test_browser import NO_SIDEWAYS, seated, violations
from tests.console.test_lists import PARENTS, WRONG, counted

if TYPE_CHECKING:
    from playwright.async_api import Browser, FilePayload

    from tests.console.support import Office

pytestmark = pytest.mark.browser


def file(text: str) -> FilePayload:
    return {"name": "phu-huynh.csv", "mimeType": "text/csv", "buffer": text.encode()}


async def test_a_file_is_chosen_once_checked_and_taken(desk: Office, browser: Browser) -> None:
    async with seated(browser, desk, "root") as page:
        await page.get_by_role("link", name="Người dân").click()
        await page.get_by_role("link", name="Mở trang nhận danh sách").click()
        await page.get_by_label("Tệp").set_input_files(file(PARENTS))
        await page.get_by_role("button", name="Kiểm tra").click()
        await expect(page.get_by_role("heading", name="Kết quả kiểm tra")).to_be_visible()
        assert await counted(desk, ContactRow) == 0
        await page.get_by_role("button", name="Nhận 2 dòng").click()
        await expect(page.get_by_role("heading", name="Đã nhận danh sách")).to_be_visible()
        assert await counted(desk, ContactRow) == 2
        await page.get_by_label("Tệp").set_input_files(file(WRONG))
        await page.get_by_role("button", name="Kiểm tra").click()
        await expect(page.get_by_text("không phải số điện thoại Việt Nam")).to_be_visible()
        await page.get_by_role("button", name="Bỏ qua dòng sai, nhận 2 dòng đúng").click()
        await expect(page.get_by_role("heading", name="Đã nhận danh sách")).to_be_visible()


async def test_without_script_the_file_is_chosen_again(desk: Office, browser: Browser) -> None:
    async with seated(browser, desk, "root", java_script_enabled=False) as page:
        await page.goto(f"{desk.origin}/console/people/lists")
        await page.get_by_label("Tệp").set_input_files(file(PARENTS))
        await page.get_by_role("button", name="Kiểm tra").click()
        await expect(page.get_by_text("chọn lại đúng tệp vừa kiểm tra")).to_be_visible()
        await page.get_by_label("Tệp").set_input_files(file(PARENTS))
        await page.get_by_role("button", name="Nhận 2 dòng").click()
        await expect(page.get_by_role("heading", name="Đã nhận danh sách")).to_be_visible()
    assert await counted(desk, ContactRow) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_can_be_used_by_everybody(desk: Office, browser: Browser, scheme: Any) -> None:
    async with seated(browser, desk, "root", color_scheme=scheme) as page:
        await page.goto(f"{desk.origin}/console/people/lists")
        await page.get_by_label("Tệp").set_input_files(file(WRONG))
        await page.get_by_role("button", name="Kiểm tra").click()
        await expect(page.get_by_text("không phải số điện thoại Việt Nam")).to_be_visible()
        for width in (1280, 360):
            await page.set_viewport_size({"width": width, "height": 800})
            assert await page.evaluate(NO_SIDEWAYS), width
            assert await violations(page) == [], width
