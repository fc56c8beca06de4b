"""The simulator's page in a real Chromium, in front of two small bots; the picture of the README with the real one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from bot.simulator.practice import PEOPLE as PARENTS
from bot.simulator.practice import ZALO_PEOPLE as ZALO_PARENTS
from bot.simulator.practice import prepare
from bot.simulator.simulation import simulation
from bot.simulator.stage import PEOPLE, Stage
from tests.simulator.bots import WHERE, Shown, shown
from tests.web.browsing import DESKTOP, PHONE, watched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZE = {"width": 1280, "height": 880}
LOADING_MS = 30_000
"""The real bot shares its processor with the browser."""
FOUND = (
    'heading "Dùng thử trợ lý BHYT" [level=1]',
    'group "Bạn đóng vai"',
    'radio "Học sinh" [checked]',
    'heading "Telegram" [level=2]',
    'log "Tin nhắn trên Zalo"',
    'textbox "Tin nhắn gửi qua Telegram"',
    'button "Bắt đầu (/start)"',
    'button "Quan tâm OA"',
)


@pytest.fixture
async def site() -> AsyncIterator[Shown]:
    async with shown() as started:
        yield started


def phone(page: Page, name: str) -> Locator:
    return page.locator(f'[data-phone="{name}"]')


async def write(page: Page, name: str, text: str) -> None:
    await phone(page, name).get_by_role("textbox").fill(text)
    await page.keyboard.press("Enter")


async def test_writing_and_tapping_on_both_phones(site: Shown, browser: Browser) -> None:
    async with watched(browser, site.origin, viewport=DESKTOP) as page:
        await page.goto(site.origin)
        for name, heard in (("telegram", "Bạn viết: xin chào"), ("zalo", "Zalo nghe: xin chào")):
            here = phone(page, name)
            await write(page, name, "xin chào")
            await expect(here.locator(".msg.person").last).to_contain_text("xin chào")
            await expect(here.locator(".msg.bot").last).to_contain_text(heard)
            await expect(here.get_by_role("textbox")).to_have_value("")
            await here.get_by_role("button", name="Đóng ở đâu?").click()
            await expect(here.locator(".msg.bot").last).to_contain_text(WHERE)
        assert await phone(page, "telegram").locator("strong").inner_text() == "xin chào"
        await expect(phone(page, "telegram").locator(".toast")).to_have_text("Đã nhận")
        await expect(phone(page, "telegram").get_by_role("link", name="Nguồn")).to_have_attribute(
            "href", "https://a.vn"
        )
        await expect(phone(page, "zalo").get_by_role("link", name="Gọi").first).to_have_attribute(
            "href", "tel:8419009068"
        )


async def test_a_contact_card_and_a_photo(site: Shown, browser: Browser) -> None:
    async with watched(browser, site.origin, viewport=PHONE) as page:
        await page.goto(site.origin)
        telegram = phone(page, "telegram")
        await write(page, "telegram", "gọi")
        await expect(telegram.get_by_role("link", name="Gọi +8419009068")).to_be_visible()
        await telegram.get_by_role("button", name="Gửi ảnh").click()
        await expect(telegram.locator(".msg.person img")).to_be_visible()
        assert await telegram.locator("img").evaluate("image => image.naturalWidth") == 320
        await expect(telegram.locator(".msg.bot").last).to_contain_text("Bạn viết: gì đó")
        await expect(telegram.get_by_role("button", name="Đóng ở đâu?")).to_be_in_viewport(ratio=1)


async def test_each_person_has_conversations_of_their_own(site: Shown, browser: Browser) -> None:
    async with watched(browser, site.origin, viewport=DESKTOP) as page:
        await page.goto(site.origin)
        await write(page, "telegram", "em là học sinh")
        await expect(phone(page, "telegram").locator(".msg.bot")).to_have_count(1)
        await page.get_by_label("Phụ huynh").check()
        await expect(phone(page, "telegram").locator(".msg")).to_have_count(0)
        await write(page, "telegram", "tôi là phụ huynh")
        await expect(phone(page, "telegram").locator(".msg.bot")).to_have_count(1)
        await page.get_by_label("Học sinh").check()
        await expect(phone(page, "telegram").locator(".msg.bot")).to_contain_text("em là học sinh")


async def test_many_people_are_chosen_from_a_list_with_the_phones_that_they_have(
    tmp_path: Path, browser: Browser
) -> None:
    stage = Stage()
    prepare(tmp_path, stage)
    async with shown(stage) as site, watched(browser, site.origin, viewport=DESKTOP) as page:
        await page.goto(site.origin)
        people = page.get_by_role("combobox", name="Bạn đóng vai")
        await expect(people.get_by_role("option")).to_have_count(len(PEOPLE) + PARENTS + ZALO_PARENTS)
        await people.select_option("Phụ huynh Zalo 41")
        await expect(phone(page, "telegram")).to_be_hidden()
        await write(page, "zalo", "tôi đây")
        await expect(phone(page, "zalo").locator(".msg.bot").last).to_contain_text("Zalo nghe: tôi đây")
        await people.select_option("Phụ huynh 300")
        await expect(phone(page, "zalo")).to_be_hidden()
        await write(page, "telegram", "còn tôi ở đây")
        await expect(phone(page, "telegram").locator(".msg.bot").last).to_contain_text("còn tôi ở đây")
        await people.select_option("Học sinh")
        for name in ("telegram", "zalo"):
            await expect(phone(page, name)).to_be_visible()
            await expect(phone(page, name).locator(".msg")).to_have_count(0)


async def test_blocking_and_coming_back(site: Shown, browser: Browser) -> None:
    async with watched(browser, site.origin, viewport=DESKTOP) as page:
        await page.goto(site.origin)
        telegram = phone(page, "telegram")
        await telegram.get_by_role("button", name="Bắt đầu (/start)").click()
        await expect(telegram.locator(".msg.bot")).to_have_count(1)
        await telegram.get_by_role("button", name="Chặn bot").click()
        await expect(telegram.get_by_role("textbox")).to_be_disabled()
        await expect(telegram.locator(".state")).to_have_text("Bạn đã chặn tài khoản này.")
        await telegram.get_by_role("button", name="Bỏ chặn bot").click()
        await expect(telegram.get_by_role("textbox")).to_be_enabled()


async def test_what_is_written_is_never_markup(site: Shown, browser: Browser) -> None:
    async with watched(browser, site.origin, viewport=DESKTOP) as page:
        await page.goto(site.origin)
        await write(page, "zalo", "<img src=x onerror=alert(1)>")
        await expect(phone(page, "zalo").locator(".msg.bot").last).to_contain_text("<img src=x")
        assert await page.locator("main img, main script").count() == 0


async def test_what_a_screen_reader_finds(site: Shown, browser: Browser) -> None:
    async with watched(browser, site.origin, viewport=DESKTOP) as page:
        await page.goto(site.origin)
        await page.get_by_label("Học sinh").wait_for(state="attached")
        tree = await page.locator("body").aria_snapshot()
        for line in FOUND:
            assert line in tree, tree


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light")])
async def test_it_fits_every_screen(site: Shown, browser: Browser, viewport: Any, scheme: Any) -> None:
    async with watched(browser, site.origin, viewport=viewport, color_scheme=scheme) as page:
        await page.goto(site.origin)
        await write(page, "zalo", "xin chào " * 40 + "a" * 200)
        await expect(phone(page, "zalo").locator(".msg.bot").last).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        boxes = [await phone(page, name).bounding_box() for name in ("telegram", "zalo")]
        stacked = boxes[0]["x"] == boxes[1]["x"]
        assert stacked == (viewport == PHONE)


async def test_the_picture_of_the_readme(tmp_path: Path, browser: Browser, request: pytest.FixtureRequest) -> None:
    options: dict[str, Any] = {"viewport": SIZE, "device_scale_factor": 1.5, "reduced_motion": "reduce"}
    async with (
        simulation(tmp_path, tmp_path / "bhyt.sqlite3") as running,
        watched(browser, running.page, **options) as page,
    ):
        await page.goto(running.page)
        telegram, zalo = phone(page, "telegram"), phone(page, "zalo")
        await write(page, "telegram", "con toi lop 3 dong bhyt bao nhieu tien")
        await expect(telegram.locator(".msg.bot").last).to_contain_text("đồng", timeout=LOADING_MS)
        await write(page, "zalo", "cho tôi gặp cán bộ")
        await expect(zalo.get_by_role("link", name="Gọi")).to_be_visible(timeout=LOADING_MS)
        folder = IMAGES if request.config.getoption("--write-screenshots") else tmp_path
        await page.evaluate("document.activeElement.blur()")
        await page.screenshot(path=folder / "simulator.png", caret="hide")
        assert (folder / "simulator.png").stat().st_size > 10_000
