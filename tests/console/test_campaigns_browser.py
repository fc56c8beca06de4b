"""A campaign in a real Chromium: written by a clerk, started by an approver, watched while it is really delivered."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.console.season import APPROVER, SEGMENT, WRITER, WRITTEN, Season, season
from tests.console.test_browser import NO_SIDEWAYS, seated, violations
from tests.web.browsing import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from tests.console.support import Clerk

pytestmark = pytest.mark.browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PEOPLE = 60
PATHS = (
    "",
    "/new",
    "/write?draft=mua-nay",
    "/segments",
    "/kg26",
    "/kg26/report",
    "/kg26/materials?office=dien-bien&slogan=2024-10",
    "/kg27",
    "/kg27/edit",
)


@pytest.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Season]:
    """Slow enough to be watched."""
    async with season(tmp_path, monkeypatch, PEOPLE, outreach={"telegram_rate": 8}) as running:
        yield running


async def test_an_approver_starts_a_campaign_and_watches_it(
    place: Season, browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    desk = place.desk
    folder = IMAGES if request.config.getoption("--write-screenshots") else tmp_path
    async with seated(browser, desk, WRITER, excused="409 (Conflict)") as page:
        await page.get_by_role("link", name="Chiến dịch", exact=True).click()
        await page.get_by_role("link", name="Chiến dịch mới").click()
        card = page.get_by_role("region", name="BHYT học sinh, sinh viên năm học này")
        await card.get_by_label("Khẩu hiệu").select_option("2024-10")
        await card.get_by_role("button", name="Soạn từ bản này").click()
        await page.get_by_label("Gửi cho").fill("tỉnh = Điện")
        await expect(page.locator("#count")).to_contain_text("ký tự 8")
        await page.get_by_label("Gửi cho").fill(SEGMENT)
        await expect(page.locator("#count")).to_contain_text(f"{PEOPLE} người")
        await page.get_by_role("button", name="Lưu bản nháp").click()
        await expect(page.get_by_role("alert")).to_contain_text("Mã")
        await page.get_by_label("Mã", exact=True).fill("kg26")
        await page.get_by_role("button", name="Lưu bản nháp").click()
        await expect(page.get_by_text("An tâm học tập, thắp sáng ước mơ").first).to_be_visible()
        await page.get_by_role("button", name="Gửi duyệt").click()
        await expect(page.get_by_text("Người duyệt phải là người khác")).to_be_visible()
    async with seated(browser, desk, APPROVER) as page:
        await page.goto(f"{desk.origin}/console/campaigns")
        await page.get_by_role("link", name="BHYT học sinh, sinh viên năm học này").click()
        await page.screenshot(path=tmp_path / "console-campaign-preview.png", full_page=True)
        await page.get_by_role("button", name="Duyệt đúng bản này").click()
        await expect(page.locator("#progress")).to_contain_text(
            re.compile(rf"\d+ / {PEOPLE} người đã nhận"), timeout=30_000
        )
        first = await _sent(page)
        await page.wait_for_function(
            "before => parseInt(document.querySelector('#progress .large b').textContent) > before", arg=first
        )
        await page.get_by_role("button", name="Tạm dừng").click()
        await expect(page.locator("#head")).to_contain_text("Tạm dừng")
        await page.get_by_role("button", name="Gửi tiếp").click()
        await expect(page.locator("#head")).to_contain_text("Đang gửi")
        await page.wait_for_function(
            "before => parseInt(document.querySelector('#progress .large b').textContent) > before", arg=first + 8
        )
        await page.screenshot(path=folder / "console-campaign.png", full_page=True, caret="hide")
        await page.goto(f"{desk.origin}/console/")
        await page.get_by_role("link", name="BHYT học sinh, sinh viên năm học này").click()
        await expect(page.locator("#head")).to_contain_text("Đã xong", timeout=30_000)
        await expect(page.locator("#progress")).to_contain_text(f"{PEOPLE} / {PEOPLE} người đã nhận")
        await expect(page.get_by_role("button", name="Tạm dừng")).to_have_count(0)
    assert [len(place.fake.shown(chat)) for chat in place.chats] == [1] * PEOPLE


async def _sent(page: Page) -> int:
    return int(await page.locator("#progress .large b").inner_text())


async def test_it_works_without_a_script(place: Season, browser: Browser) -> None:
    async with seated(browser, place.desk, WRITER, java_script_enabled=False, viewport=PHONE) as page:
        await page.goto(f"{place.desk.origin}/console/campaigns/write?draft=cam-on")
        await page.get_by_label("Gửi cho").fill(SEGMENT)
        await page.get_by_role("button", name="Đếm và kiểm tra").click()
        await expect(page.locator("#count")).to_contain_text(f"{PEOPLE} người")
        await page.get_by_label("Mã", exact=True).fill("kg26")
        await page.get_by_label("Mã", exact=True).press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Cảm ơn cuối mùa")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_fits_and_can_be_used_by_everybody(
    place: Season, browser: Browser, scheme: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    await _season(place)
    write = request.config.getoption("--write-screenshots") and scheme == "light"
    folder = IMAGES if write else tmp_path
    async with seated(browser, place.desk, APPROVER, color_scheme=scheme, viewport=DESKTOP) as page:
        await page.goto(f"{place.desk.origin}/console/campaigns")
        await page.screenshot(path=folder / "console-campaigns.png", full_page=True)
        for number, path in enumerate(PATHS):
            await page.goto(f"{place.desk.origin}/console/campaigns{path}")
            for width in (1920, 1280, 768, 360):
                await page.set_viewport_size({"width": width, "height": 800})
                assert await page.evaluate(NO_SIDEWAYS), (path, width)
                assert await violations(page) == [], (path, width)
                if width in {1280, 360}:
                    await page.screenshot(path=tmp_path / f"{number}-{width}-{scheme}.png", full_page=True)


async def _approve(clerk: Clerk, code: str) -> None:
    found = re.search(r'name="seal" value="(\w+)"', (await clerk.get(f"/campaigns/{code}")).text)
    assert found
    await clerk.post(f"/campaigns/{code}/approve", seal=found[1])


async def _season(place: Season) -> None:
    """One that is over, one that waits for its day, one to be approved, one that cannot go out yet."""
    desk = place.desk
    async with desk.clerk(WRITER) as writer, desk.clerk(APPROVER) as approver:
        await writer.get("/campaigns/write")
        await writer.post("/campaigns/write", **{**WRITTEN, "title": "Khai giảng năm học mới"})
        await writer.post("/campaigns/kg26/submit")
        await _approve(approver, "kg26")
        async with asyncio.timeout(60):
            while "Đã xong" not in (await writer.get("/campaigns/kg26")).text:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        await writer.post("/campaigns/write", **{**WRITTEN, "code": "kg27", "exclude": "vai trò = giáo viên"})
        await writer.post("/campaigns/kg27/submit")
        later = f"{desk.clock() + timedelta(days=3):%Y-%m-%d}T08:00"
        many = {
            "title": "Thẻ sắp hết hạn",
            "segment": "thẻ hết hạn trong 60 ngày hoặc tỉnh = Điện Biên",
            "starts": later,
        }
        await writer.post("/campaigns/write", **{**WRITTEN, **many, "code": "th26"})
        await writer.post("/campaigns/th26/submit")
        await _approve(approver, "th26")
        wrong = {"title": "Cảm ơn cuối mùa", "text_vi": "Cảm ơn {ten}", "text_en": "Thank you"}
        await writer.post("/campaigns/write", **{**WRITTEN, **wrong, "code": "co26"})
