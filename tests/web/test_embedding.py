"""The script tag on a school's page: a page of another origin with a strict policy of its own."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from tests.web.browsing import DESKTOP, PHONE, watched
from tests.web.support import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.web.support import Chat

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Trường A</title><link rel="icon" href="data:,">
<h1>Trường A</h1><script src="{chat}/embed.js" async data-lang="vi" data-start="TRUONG-A"></script></html>"""


@asynccontextmanager
async def school(folder: Path, *, allowed: bool = True) -> AsyncIterator[tuple[Chat, str]]:
    """A chat, and a school's page that embeds it; gives the address of the page."""
    app = web.Application()
    server = TestServer(app)
    site = {"chat": ""}

    async def page(_request: web.Request) -> web.Response:
        policy = f"default-src 'none'; img-src data:; script-src {site['chat']}; frame-src {site['chat']}"
        html = PAGE.format(chat=site["chat"])
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    app.router.add_get("/", page)
    await server.start_server()
    origin = str(server.make_url("/")).rstrip("/")
    try:
        async with running(folder, embed_origins=(origin,) if allowed else ("https://other.example",)) as chat:
            site["chat"] = chat.origin
            yield chat, origin
    finally:
        await server.close()


async def test_open_ask_and_close_by_keyboard(tmp_path: Path, browser: Browser) -> None:
    async with (
        school(tmp_path) as (chat, origin),
        watched(browser, chat.origin, origin, "data:", viewport=DESKTOP) as page,
    ):
        await page.goto(origin)
        launcher = page.get_by_role("button", name="Hỏi đáp BHYT học sinh, sinh viên")
        await launcher.focus()
        await page.keyboard.press("Enter")
        inside = page.frame_locator("iframe")
        await expect(inside.locator("#box")).to_be_focused()
        await page.keyboard.type("hoc sinh dong bao nhieu")
        await page.keyboard.press("Enter")
        await expect(inside.locator(".msg.bot").last).to_contain_text("68.310 đồng")
        assert chat.core.turns[0].action == "start:TRUONG-A"
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await expect(launcher).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(inside.locator(".msg.bot").last).to_contain_text("68.310 đồng")


async def test_on_a_phone_it_fills_the_screen(tmp_path: Path, browser: Browser) -> None:
    async with (
        school(tmp_path) as (chat, origin),
        watched(browser, chat.origin, origin, "data:", viewport=PHONE) as page,
    ):
        await page.goto(origin)
        await page.get_by_role("button", name="Hỏi đáp BHYT học sinh, sinh viên").click()
        box = await page.get_by_role("dialog").bounding_box()
        assert box is not None
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, PHONE["width"], PHONE["height"])
        await expect(page.frame_locator("iframe").locator("#box")).to_be_visible()
        await page.get_by_role("button", name="Đóng cửa sổ hỏi đáp").click()
        await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_page_that_is_not_listed_cannot_show_the_chat(tmp_path: Path, browser: Browser) -> None:
    async with school(tmp_path, allowed=False) as (_chat, origin):
        page = await browser.new_page()
        await page.goto(origin)
        async with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            await page.get_by_role("button", name="Hỏi đáp BHYT học sinh, sinh viên").click()
