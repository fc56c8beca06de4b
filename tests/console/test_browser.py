"""The console in a real Chromium: a clerk at work, no script, hostile texts, keys, accessibility, screenshots."""

from __future__ import annotations

import os
import re
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.console.scene import busy_day
from tests.console.support import PASSWORD
from tests.web.browsing import DESKTOP, PHONE, watched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from tests.console.support import Office

pytestmark = pytest.mark.browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
NO_SIDEWAYS = "document.documentElement.scrollWidth <= innerWidth"


@asynccontextmanager
async def seated(browser: Browser, desk: Office, login: str, **options: Any) -> AsyncIterator[Page]:
    """A page of somebody who has signed in by hand."""
    async with watched(browser, desk.origin, **{"viewport": DESKTOP, **options}) as page:
        await page.goto(f"{desk.origin}/console")
        await page.get_by_label("Tên đăng nhập").fill(login)
        await page.get_by_label("Mật khẩu").fill(PASSWORD)
        await page.get_by_role("button", name="Đăng nhập").click()
        await expect(page.get_by_role("heading", level=1, name="Tổng quan")).to_be_visible()
        yield page


async def test_an_agent_takes_a_case_and_answers_it(desk: Office, browser: Browser) -> None:
    await desk.hire("lan")
    async with seated(browser, desk, "lan") as page:
        await page.get_by_role("link", name="Yêu cầu", exact=True).click()
        await expect(page.get_by_text("Không có yêu cầu nào phù hợp.")).to_be_visible()
        number = await desk.case("Thẻ của cháu bị từ chối, cho tôi gặp cán bộ")
        await page.get_by_role("link", name=number).click()
        await page.get_by_role("button", name="Nhận yêu cầu").click()
        await expect(page.get_by_role("status").first).to_contain_text("Bạn đã nhận yêu cầu.")
        await page.get_by_label("Nội dung trả lời").fill("Chào chị, chị gửi giúp em tên bệnh viện.")
        held = await desk.ask("Bệnh viện huyện ạ")
        assert held.messages == ()
        await expect(page.locator(".talk .citizen").last).to_contain_text("Bệnh viện huyện ạ")
        await expect(page.get_by_label("Nội dung trả lời")).to_have_value("Chào chị, chị gửi giúp em tên bệnh viện.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".talk .staff").last).to_contain_text("Chào chị, chị gửi giúp em tên bệnh viện.")
        await page.get_by_role("button", name="Đóng yêu cầu").click()
        await expect(page.locator(".head")).to_contain_text("Đã xong")
    said = await desk.ask("học sinh đóng bao nhiêu")
    assert "đồng" in said.messages[-1].reply.text


async def test_suggestions_are_copied_into_the_reply(desk: Office, browser: Browser) -> None:
    number = await desk.case("Thẻ BHYT bị mất, cho tôi gặp cán bộ")
    async with seated(browser, desk, "root") as page:
        await page.goto(f"{desk.origin}/console/cases/{number}?ask=m%E1%BA%A5t+th%E1%BA%BB+bhyt")
        await page.locator("[data-use]").first.click()
        box = page.get_by_label("Nội dung trả lời")
        await expect(box).to_be_focused()
        assert "thẻ" in await box.input_value()


async def test_everything_works_without_a_script(desk: Office, browser: Browser) -> None:
    number = await desk.case()
    async with seated(browser, desk, "root", java_script_enabled=False, viewport=PHONE) as page:
        await page.goto(f"{desk.origin}/console/cases")
        await page.get_by_role("link", name=number).click()
        await page.get_by_label("Tìm câu trả lời khác").fill("mất thẻ")
        await page.get_by_role("button", name="Tìm").click()
        await page.locator("[data-use]").first.click()
        assert await page.get_by_label("Nội dung trả lời").input_value() != ""
        await page.get_by_role("button", name="Gửi trả lời").click()
        await expect(page.locator(".talk .staff")).to_have_count(1)


async def test_keys(desk: Office, browser: Browser) -> None:
    numbers = await busy_day(desk)
    async with seated(browser, desk, "root") as page:
        await page.goto(f"{desk.origin}/console/cases")
        for _ in range(2):
            await page.keyboard.press("j")
        await expect(page.locator("[data-row]").nth(1)).to_be_focused()
        await page.keyboard.press("k")
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text(re.compile("|".join(numbers)))
        await page.keyboard.press("r")
        await expect(page.get_by_label("Nội dung trả lời")).to_be_focused()


async def test_what_somebody_wrote_is_text(desk: Office, browser: Browser) -> None:
    hostile = (
        "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><svg/onload=alert(3)> {{7*7}} cho tôi gặp cán bộ"
    )
    number = await desk.case(hostile)
    async with seated(browser, desk, "root") as page:
        for path in ("/", "/cases", f"/cases/{number}"):
            await page.goto(f"{desk.origin}/console{path}")
            await expect(page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
            await expect(page.get_by_text("{{7*7}}").first).to_be_visible()
            assert await page.locator("main img, main script, main svg:not(.chart)").count() == 0


async def test_switching_to_english_and_out(desk: Office, browser: Browser) -> None:
    async with seated(browser, desk, "root", viewport=PHONE) as page:
        await page.get_by_role("button", name="English").click()
        await expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")


async def test_the_skip_link_leads_to_the_content(desk: Office, browser: Browser) -> None:
    async with seated(browser, desk, "root") as page:
        await page.keyboard.press("Tab")
        await expect(page.locator(".skip")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("main")).to_be_focused()


PATHS = ("/", "/cases", "/cases/{number}", "/staff", "/audit", "/account", "/nowhere")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_fits_and_can_be_used_by_everybody(desk: Office, browser: Browser, scheme: Any) -> None:
    number = (await busy_day(desk))[0]
    async with seated(browser, desk, "root", color_scheme=scheme, excused="404 (Not Found)") as page:
        for path in PATHS:
            await page.goto(f"{desk.origin}/console{path.format(number=number)}")
            for width in (1920, 1280, 768, 360):
                await page.set_viewport_size({"width": width, "height": 800})
                assert await page.evaluate(NO_SIDEWAYS), (path, width)
                assert await violations(page) == [], (path, width)


async def test_the_door_can_be_used_by_everybody(desk: Office, browser: Browser) -> None:
    async with watched(browser, desk.origin, viewport=PHONE) as page:
        await page.goto(f"{desk.origin}/console/sign-in")
        assert await page.evaluate(NO_SIDEWAYS)
        assert await violations(page) == []


async def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA; nothing without it: AXE_CORE names its file, which `.ci/run` fetches."""
    file = os.environ.get("AXE_CORE")
    if not file:
        return []
    await page.evaluate(Path(file).read_text(encoding="utf-8"))  # noqa: ASYNC240 - one small file
    found = await page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


SHOTS = [("home", "/"), ("cases", "/cases"), ("case", "/cases/{number}")]


async def test_screenshots(desk: Office, browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    numbers = await busy_day(desk)
    folder = IMAGES if request.config.getoption("--write-screenshots") else tmp_path
    async with desk.clerk("lan.nguyen") as clerk:
        await clerk.post("/account/name", name="Nguyễn Thị Lan")
        await clerk.post(f"/cases/{numbers[1]}/take")
        await clerk.post(f"/cases/{numbers[1]}/note", text="Đã gọi bệnh viện huyện, họ chờ xác nhận ngày sinh.")
        reply = "Chào chị, bên em đã gửi yêu cầu sửa ngày sinh trên thẻ. Chị cho em hỏi cháu đang học trường nào ạ?"
        await clerk.post(f"/cases/{numbers[1]}/reply", text=reply, once="1")
    desk.clock.advance(minutes=12)
    await desk.ask("Dạ cháu học trường THCS Nguyễn Du ạ", sender="b")
    async with seated(browser, desk, "lan.nguyen", viewport=DESKTOP) as page:
        for name, path in SHOTS:
            await page.goto(f"{desk.origin}/console{path.format(number=numbers[1])}")
            await page.screenshot(path=folder / f"console-{name}.png", caret="hide", full_page=True)
    async with seated(browser, desk, "lan.nguyen", viewport=PHONE) as page:
        for name, path in [*SHOTS, ("account", "/account")]:
            await page.goto(f"{desk.origin}/console{path.format(number=numbers[1])}")
            await page.screenshot(path=tmp_path / f"console-{name}-phone.png", caret="hide", full_page=True)
    async with seated(browser, desk, "root", viewport={"width": 1920, "height": 1000}, color_scheme="dark") as page:
        for name, path in [*SHOTS, ("staff", "/staff"), ("audit", "/audit"), ("account", "/account")]:
            await page.goto(f"{desk.origin}/console{path.format(number=numbers[1])}")
            await page.screenshot(path=tmp_path / f"console-{name}-dark.png", caret="hide", full_page=True)
