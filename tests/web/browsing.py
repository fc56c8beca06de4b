"""A page in Chromium that is watched: console errors, and requests to anywhere but the chat."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from playwright.async_api import expect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 820}


@asynccontextmanager
async def watched(browser: Browser, *origins: str, excused: str = "\n", **options: Any) -> AsyncIterator[Page]:
    """A page in a fresh profile; at the end nothing may have gone wrong (but what is `excused`) or elsewhere."""
    context = await browser.new_context(locale="vi-VN", **options)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(origins) else None)
    try:
        yield page
        assert [problem for problem in wrong if excused not in problem] == []
    finally:
        await context.close()


async def ask(page: Page, text: str) -> None:
    """Type a question and press Enter, then wait until it has been answered."""
    answers = await page.locator(".msg.bot").count()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await expect(page.locator(".msg.you").last).to_contain_text(text)
    await expect(page.locator(".msg.bot")).not_to_have_count(answers)
    await expect(page.locator("#typing")).to_be_hidden()
