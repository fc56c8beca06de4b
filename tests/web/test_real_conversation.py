"""A newcomer in front of the whole program: real knowledge base, real database, real browser; makes the screenshots."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from bot.app import build_runtime, build_web_app
from bot.clock import VIETNAM
from bot.config import Settings
from tests.real_core import real_core
from tests.web.browsing import PHONE, ask, watched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

pytestmark = pytest.mark.browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
DAY = datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM)


@asynccontextmanager
async def program(folder: Path) -> AsyncIterator[str]:
    """The whole program on a free port; gives its address."""
    settings = Settings.model_validate({"database": {"url": f"sqlite:///{folder}/bhyt.sqlite3"}})
    runtime = await build_runtime(settings, real_core(), lambda: DAY)
    server = TestServer(build_web_app(runtime))
    await server.start_server()
    try:
        yield str(server.make_url("/")).rstrip("/")
    finally:
        await server.close()


async def test_a_useful_conversation_without_diacritics(tmp_path: Path, browser: Browser) -> None:
    async with program(tmp_path) as origin, watched(browser, origin, viewport=PHONE) as page:
        await page.goto(origin)
        await expect(page.locator(".msg.bot").first).to_contain_text("Chào bạn!")
        await expect(page.locator(".msg.bot a.tel").first).to_have_attribute("href", "tel:19009068")
        await page.focus("#box")
        await ask(page, "hoc sinh dong bao nhieu tien")
        await expect(page.locator(".msg.bot").last).to_contain_text("đồng")
        await expect(page.locator(".msg.bot").last.locator(".note")).to_contain_text("Nguồn:")
        await expect(page.locator(".feedback button")).to_have_count(2)
        label = await page.locator(".choices button").first.inner_text()
        await page.locator(".choices button").first.click()
        await expect(page.locator(".msg.you").last).to_contain_text(label)
        await expect(page.locator("#typing")).to_be_hidden()
        await page.focus("#box")
        await ask(page, "cho toi gap can bo")
        await expect(page.locator(".msg.handoff a.call")).to_be_visible()


async def test_opening_the_page_subscribes_nobody(tmp_path: Path, browser: Browser) -> None:
    async with program(tmp_path) as origin, watched(browser, origin, viewport=PHONE) as page:
        await page.goto(f"{origin}/?start=TRUONG-A")
        await expect(page.locator(".msg.bot").first).to_contain_text("Chào bạn!")
        await page.focus("#box")
        await ask(page, "xem du lieu cua toi")
        await expect(page.locator(".msg.bot").last).not_to_contain_text("Nhận tin chiến dịch")


TALL = {"width": 1200, "height": 880}
PICTURES = {"web-chat": (TALL, "light"), "web-chat-dark": (TALL, "dark"), "web-chat-phone": (PHONE, "light")}


@pytest.mark.parametrize("name", PICTURES)
async def test_the_pictures_of_the_readme(
    name: str, tmp_path: Path, browser: Browser, request: pytest.FixtureRequest
) -> None:
    viewport, scheme = PICTURES[name]
    options: dict[str, Any] = {"viewport": viewport, "color_scheme": scheme, "device_scale_factor": 1.5}
    async with program(tmp_path) as origin, watched(browser, origin, reduced_motion="reduce", **options) as page:
        await page.goto(origin)
        await expect(page.locator(".choices button").first).to_be_visible()
        await page.focus("#box")
        await ask(page, "con toi lop 3 dong bhyt bao nhieu tien")
        await expect(page.locator(".msg.bot").last.locator(".note")).to_be_visible()
        folder = IMAGES if request.config.getoption("--write-screenshots") else tmp_path
        folder.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=folder / f"{name}.png", caret="hide")
        assert (folder / f"{name}.png").stat().st_size > 10_000
