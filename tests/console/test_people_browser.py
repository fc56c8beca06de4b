"""People and reports in a real Chromium: found, written down, erased, printed; for everybody; screenshots."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect
from sqlalchemy import insert, select

from bot.outreach.consents import How, record
from bot.store.models import (
    CampaignRow,
    Consent,
    ContactRow,
    ContactTagRow,
    IdentityRow,
    InsuredRow,
    RecipientRow,
    SchoolRow,
)
from handlers.effects import Topic
from tests.console.scene import month_of_work, season_sent
from tests.console.test_browser import IMAGES, NO_SIDEWAYS, seated, violations
from tests.web.browsing import DESKTOP, PHONE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.console.support import Office

pytestmark = pytest.mark.browser


async def a_life(desk: Office) -> tuple[int, str]:
    """A parent of whom much is known; number and case."""
    number = await desk.case("Thẻ của cháu ghi sai ngày sinh, cho tôi gặp cán bộ", "dien-bien")
    now = desk.clock()
    async with desk.runtime.database.transaction() as session:
        person = (await session.scalars(select(IdentityRow.person_id))).one()
        named = {"code": "thcs-nd", "name": "Trường THCS Nguyễn Du", "province": "dien-bien"}
        school = (await session.execute(insert(SchoolRow).values(named).returning(SchoolRow.id))).scalar_one()
        contact = {"name": "chị Lò Thị Mận", "phone": "+84901234567", "external_id": "PH-0142", "role": "parent"}
        times = {"created": now, "updated": now, "last_seen": now}
        await session.execute(insert(ContactRow).values(person_id=person, province="dien-bien", **contact, **times))
        for place, (born, grade) in enumerate(((2014, 7), (2018, 3))):
            child = {"relation": "child", "birth_year": born, "grade": grade, "card_end": date(2026, 12, 31)}
            about = {"school_id": school if place == 0 else None, "listed": place == 0}
            await session.execute(insert(InsuredRow).values(person_id=person, position=place, **child, **about))
        await session.execute(insert(ContactTagRow).values(person_id=person, tag="hộ-cận-nghèo"))
        listed = {"wording": "phiếu đồng ý đầu năm học", "how": How.LIST, "channel": How.LIST, "version": "2026-11"}
        await record(session, person, Consent.GIVEN, None, **listed, now=now - timedelta(days=76))
        said = {"wording": "đừng gửi đố vui nữa", "how": How.CHAT, "channel": "web"}
        await record(session, person, Consent.WITHDRAWN, Topic.QUIZ, **said, now=now - timedelta(days=12))
        run = {"topic": "news", "content": {}, "segment": "", "state": "finished", "created": now, "updated": now}
        for code, title in (("kg26", "Khai giảng: tham gia BHYT đúng hạn"), ("hk2", "Nhắc gia hạn thẻ, học kỳ 2")):
            campaign = await session.execute(
                insert(CampaignRow).values(code=code, title=title, **run).returning(CampaignRow.id)
            )
            got = {"variant": "vi", "params": {}, "state": "sent", "sent": now - timedelta(days=40), "updated": now}
            replied = {"replied": now - timedelta(days=39) if code == "kg26" else None}
            row = {"campaign_id": campaign.scalar_one(), "person_id": person, **got, **replied}
            await session.execute(insert(RecipientRow).values(row))
    return person, number


async def test_a_person_is_found_and_their_refusal_is_written_down(desk: Office, browser: Browser) -> None:
    person, number = await a_life(desk)
    async with seated(browser, desk, "root") as page:
        await page.get_by_role("link", name="Người dân").click()
        await page.get_by_label("Mã hỗ trợ").fill(number)
        await page.get_by_role("button", name="Tìm", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("chị Lò Thị Mận")
        await page.get_by_text("Ghi lời người đó nói").click()
        await page.locator("select[name=topic]").select_option("news")
        await page.get_by_label("Nguyên lời").fill("đừng gửi cho tôi nữa")
        await page.get_by_role("button", name="Ghi lại").click()
        await expect(page.locator(".past").first).to_contain_text("“Gọi điện: đừng gửi cho tôi nữa”")
        await page.get_by_text("Xóa người này", exact=True).click()
        await expect(page.get_by_text("bản sao lưu cũ")).to_be_visible()
        await page.get_by_label(f"Gõ số {person}").fill(str(person))
        await page.get_by_role("button", name="Xóa vĩnh viễn").click()
        await expect(page.get_by_role("status").first).to_contain_text("Đã xóa người đó")


async def test_a_report_is_chosen_and_downloaded(desk: Office, browser: Browser) -> None:
    async with seated(browser, desk, "root", accept_downloads=True) as page:
        await page.get_by_role("link", name="Báo cáo").click()
        await page.locator("select[name=period]").select_option("last_month")
        await page.get_by_role("button", name="Xem", exact=True).click()
        await expect(page.get_by_text("Từ 1/10/2026 đến 31/10/2026")).to_be_visible()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Tải Excel").click()
        assert (await download.value).suggested_filename == "bao-cao-20261001-20261031.xlsx"
        await page.get_by_role("button", name="Mở").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Báo cáo tháng 10 năm 2026")
        await expect(page.get_by_role("button", name="In")).to_be_visible()


async def test_the_report_of_a_month_is_one_page(desk: Office, browser: Browser, tmp_path: Path) -> None:
    """Also with as many campaigns of long names as it tells of."""
    await month_of_work(desk)
    async with desk.runtime.database.transaction() as session:
        for number in range(5):
            title = f"Đợt {number}: tham gia bảo hiểm y tế học sinh, sinh viên năm học mới tại trường và tại nhà"
            await season_sent(session, desk.clock() - timedelta(days=8), f"dot-{number}", title)
    async with seated(browser, desk, "root") as page:
        for query in ("month=2026-11", "month=2026-11&province=dien-bien", "month=2026-08"):
            await page.goto(f"{desk.origin}/console/reports/month?{query}")
            file = await page.pdf(path=tmp_path / f"{query[6:13]}.pdf", prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b(?!s)", file)) == 1, query
            (box,) = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", file))
            assert [round(float(side) / 72 * 25.4) for side in box] == [210, 297]


PATHS = (
    "/people",
    "/people/{person}",
    "/people/{person}/copy",
    "/reports",
    "/reports?province=dien-bien",
    "/reports/month?month=2026-11",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_people_and_reports_can_be_used_by_everybody(desk: Office, browser: Browser, scheme: Any) -> None:
    person, _ = await a_life(desk)
    await month_of_work(desk)
    async with seated(browser, desk, "root", color_scheme=scheme) as page:
        for path in PATHS:
            await page.goto(f"{desk.origin}/console{path.format(person=person)}")
            await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            for width in (1920, 1280, 768, 360):
                await page.set_viewport_size({"width": width, "height": 800})
                assert await page.evaluate(NO_SIDEWAYS), (path, width)
                assert await violations(page) == [], (path, width)


SHOTS = [("person", "/people/1"), ("reports", "/reports")]


async def test_screenshots(desk: Office, browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    await a_life(desk)
    await month_of_work(desk)
    folder = IMAGES if request.config.getoption("--write-screenshots") else tmp_path
    async with seated(browser, desk, "root", viewport=DESKTOP) as page:
        for name, path in SHOTS:
            await page.goto(f"{desk.origin}/console{path}")
            await page.screenshot(path=folder / f"console-{name}.png", caret="hide", full_page=True)
        await page.set_viewport_size({"width": 860, "height": 800})
        await page.goto(f"{desk.origin}/console/reports/month?month=2026-11&province=dien-bien")
        await page.screenshot(path=folder / "console-report-month.png", caret="hide", full_page=True)
    async with seated(browser, desk, "root", viewport=PHONE) as page:
        for name, path in [*SHOTS, ("people", "/people"), ("copy", "/people/1/copy"), ("month", "/reports/month")]:
            await page.goto(f"{desk.origin}/console{path}")
            await page.screenshot(path=tmp_path / f"console-{name}-phone.png", caret="hide", full_page=True)
    async with seated(browser, desk, "root", viewport={"width": 1920, "height": 1000}, color_scheme="dark") as page:
        for name, path in SHOTS:
            await page.goto(f"{desk.origin}/console{path}")
            await page.screenshot(path=tmp_path / f"console-{name}-dark.png", caret="hide", full_page=True)
