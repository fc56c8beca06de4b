"""The page in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.web.browsing import DESKTOP, PHONE, ask, watched
from tests.web.scripted import HOTLINE

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.web.support import Chat

pytestmark = pytest.mark.browser

NO_SCROLL = "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
FOUND = (
    'heading "Trợ lý BHYT học sinh, sinh viên" [level=1]',
    f'link "Tổng đài {HOTLINE}"',
    'link "Quyền riêng tư"',
    'log "Cuộc trò chuyện"',
    "article",
    'note "Nguồn và thời gian áp dụng"',
    'group "Đúng ý bạn chứ?"',
    'group "Gợi ý trả lời nhanh"',
    'textbox "Câu hỏi của bạn"',
    'button "Gửi"',
)
SCREENS = [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")]


@pytest.mark.parametrize(("viewport", "scheme"), SCREENS)
async def test_it_fits_every_screen(chat: Chat, browser: Browser, viewport: Any, scheme: Any) -> None:
    async with watched(browser, chat.origin, viewport=viewport, color_scheme=scheme) as page:
        await page.goto(chat.origin)
        await page.focus("#box")
        await ask(page, "hoc sinh dong bao nhieu")
        assert await page.evaluate(NO_SCROLL)
        await expect(page.locator("#box")).to_be_in_viewport()
        await expect(page.locator(".msg.bot").last).to_be_in_viewport()


async def test_a_conversation_by_keyboard_alone(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=DESKTOP) as page:
        await page.goto(chat.origin)
        await expect(page.locator("#box")).to_be_focused()
        await ask(page, "hoc sinh dong bao nhieu")
        await expect(page.locator(".msg.bot").last).to_contain_text("68.310 đồng")
        while await page.evaluate("document.activeElement.value") != "entry:dong-o-dau":
            await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator(".msg.you").last).to_contain_text("Đóng ở đâu?")
        await expect(page.locator(".msg.bot").last).to_contain_text("Bạn hỏi tiếp nhé.")
        await expect(page.locator("#box")).to_be_focused()
        await expect(page.locator(".choices")).to_have_count(0)


async def test_the_skip_link_leads_to_the_box(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        await page.goto(chat.origin)
        await page.keyboard.press("Tab")
        await expect(page.locator(".skip")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#box")).to_be_focused()


async def test_pressing_a_choice_and_reloading(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=PHONE, has_touch=True) as page:
        await page.goto(chat.origin)
        await page.get_by_role("button", name="Đóng ở đâu?").tap()
        await expect(page.locator(".msg.bot").last).to_contain_text("Bạn hỏi tiếp nhé.")
        before = await page.locator(".msg").all_inner_texts()
        await page.reload()
        assert await page.locator(".msg").all_inner_texts() == before
        assert len(chat.core.turns) == 2


async def test_a_long_conversation_is_shown_at_its_end(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=PHONE) as page:
        await page.goto(chat.origin)
        await page.focus("#box")
        for number in range(8):
            await ask(page, f"câu {number}")
        await page.reload()
        await expect(page.locator(".msg.bot").last).to_be_in_viewport()


async def test_what_a_screen_reader_finds(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=DESKTOP) as page:
        await page.goto(chat.origin)
        await ask(page, "hoc sinh dong bao nhieu")
        tree = await page.locator("body").aria_snapshot()
        for line in FOUND:
            assert line in tree, tree


async def test_offline_the_message_is_kept_and_sent_once(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, excused="ERR_INTERNET_DISCONNECTED", viewport=PHONE) as page:
        await page.goto(chat.origin)
        await page.get_by_role("button", name="Đóng ở đâu?").wait_for()
        await page.context.set_offline(True)
        await page.fill("#box", "mang yeu")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Gửi lại")).to_be_visible()
        await page.context.set_offline(False)
        await expect(page.locator(".msg.bot").last).to_contain_text("Bạn viết: mang yeu")
        await expect(page.get_by_role("button", name="Gửi lại")).to_have_count(0)
        assert [turn.text for turn in chat.core.turns].count("mang yeu") == 1


async def test_staff_writing_later_appears_by_itself(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=DESKTOP) as page:
        await page.goto(chat.origin)
        await page.get_by_role("button", name="Đóng ở đâu?").wait_for()
        posted = await page.evaluate(
            """async () => (await fetch("/api/messages", {method: "POST", headers: {
                "Content-Type": "application/json", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content},
                body: JSON.stringify({id: crypto.randomUUID(), text: "từ nơi khác"})})).status"""
        )
        assert posted == 202
        await expect(page.locator(".msg.bot").last).to_contain_text("Bạn viết: từ nơi khác")


async def test_what_a_person_types_is_never_markup(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=DESKTOP) as page:
        await page.goto(chat.origin)
        await ask(page, "<img src=x onerror=alert(1)>")
        assert await page.locator("#log img, #log script").count() == 0
        await page.reload()
        assert await page.locator("#log img, #log script").count() == 0


async def test_too_long_a_message_stays_in_the_box(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=PHONE) as page:
        await page.goto(chat.origin)
        await page.fill("#box", "a" * 2001)
        await expect(page.locator("#count")).to_have_text("2.001/2.000 ký tự")
        await page.locator("#send").click()
        await expect(page.locator("#status")).to_contain_text("quá dài")
        assert len(await page.input_value("#box")) == 2001


async def test_switching_to_english(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=PHONE) as page:
        await page.goto(chat.origin)
        await page.get_by_role("button", name="Đóng ở đâu?").wait_for()
        await page.get_by_role("button", name="English").click()
        await expect(page.get_by_role("textbox", name="Your question")).to_be_visible()
        assert chat.core.turns[-1].action == "lang:en"


async def test_without_a_script(chat: Chat, browser: Browser) -> None:
    async with watched(browser, chat.origin, viewport=PHONE, java_script_enabled=False) as page:
        await page.goto(chat.origin)
        await page.get_by_label("Câu hỏi của bạn").fill("hoc sinh dong bao nhieu")
        await page.get_by_role("button", name="Gửi").click()
        await expect(page.locator(".msg.bot").last).to_contain_text("68.310 đồng")
        await page.get_by_role("button", name="Đóng ở đâu?").click()
        await expect(page.locator(".msg.bot").last).to_contain_text("Bạn hỏi tiếp nhé.")
