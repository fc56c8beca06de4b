"""Reports: periods, numbers equal to what was put in, small groups, offices, files, the page of a month."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from bot.clock import VIETNAM
from bot.outreach.reports.period import Period
from bot.store.models import AuditRow, StaffRole
from tests.console.test_pages import ESCAPED, HOSTILE
from tests.outreach.office import NOW
from tests.outreach.office import Office as Outreach
from tests.outreach.reports.season import Season

if TYPE_CHECKING:
    from tests.console.support import Clerk, Office

MORNING = datetime(2026, 11, 10, 9, 0, tzinfo=VIETNAM)
HOUR = timedelta(hours=1)


@pytest.fixture
async def season(desk: Office) -> Season:
    desk.clock.moment = NOW
    return Season(Outreach(desk.runtime.database))


def tiles(page: str) -> list[str]:
    return re.findall(r'<p class="tile[^>]*><span>[^<]*</span><b>([^<]*)</b>', page)


def befores(page: str) -> list[str]:
    return re.findall(r"<small>trước đó: ([^<]*)</small>", page)


def rows_of(page: str, title: str) -> list[list[str]]:
    """The body of a table under its title; empty when it is not there."""
    card = page.partition(f"<h2>{title}</h2>")[2].partition("</section>")[0].partition("<tbody>")[2]
    return [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in card.split("<tr")[1:]]


async def seen(clerk: Clerk, query: str = "") -> str:
    answer = await clerk.get(f"/reports{query}")
    assert answer.status == 200
    return answer.text


async def test_questions_are_counted_by_decision_and_topic(desk: Office, season: Season) -> None:
    entries = desk.console.drafts.base.entries.values()
    pay = next(entry.id for entry in entries if entry.topic == "muc-dong")
    card = next(entry.id for entry in entries if entry.topic == "the-bhyt")
    await season.asked(MORNING, "đóng bao nhiêu", "answer", pay, times=6)
    await season.asked(MORNING, "đóng sao", "clarify", pay, times=2)
    await season.asked(MORNING, "mất thẻ", "handoff", card)
    await season.asked(MORNING, "xổ số", "refuse")
    await season.asked(MORNING, "chào", "smalltalk", times=9)
    await season.asked(MORNING - timedelta(days=30), "đóng bao nhiêu", "answer", pay, times=4)
    async with desk.clerk("root") as root:
        page = await seen(root)
        assert tiles(page)[:3] == ["10", "60%", "4"]
        assert befores(page)[:3] == ["4", "100%", "0"]
        assert rows_of(page, "Câu hỏi theo chủ đề") == [
            ["Mức đóng", "8", "6", "2", "0", "0", "75%"],
            ["Thẻ BHYT", "1", "0", "0", "1", "0", "0%"],
            ["không rõ", "1", "0", "0", "0", "1", "0%"],
            ["Cộng", "10", "6", "2", "1", "1", "60%"],
        ]
        narrowed = await seen(root, "?topic=muc-dong")
        assert tiles(narrowed)[:3] == ["8", "75%", "2"]
        assert "chỉ lọc câu hỏi" in narrowed
        assert tiles(await seen(root, "?topic=nonsense"))[0] == "10"
        await root.post("/language", language="en", next="/console/")
        assert "Questions by topic" in await seen(root)


async def test_only_wordings_that_several_share_are_quoted(desk: Office, season: Season) -> None:
    await season.asked(MORNING, "tra mã thẻ của con ở đâu", "clarify", times=5)
    await season.asked(MORNING, "nhà tôi ở thôn 3", "handoff", times=4)
    async with desk.clerk("root") as root:
        page = await seen(root)
        assert rows_of(page, "Cách hỏi gặp nhiều mà bot chưa trả lời") == [["tra mã thẻ của con ở đâu", "Hỏi lại", "5"]]
        assert "còn 4 lượt khác không nêu" in page
        for file in ("csv", "xlsx"):
            async with root.http.get(f"{desk.origin}/console/reports/{file}") as response:
                assert "thôn 3".encode() not in await response.read()


async def test_cases_and_their_clocks_in_office_hours(desk: Office, season: Season) -> None:
    """Four office hours for the first response, 24 to settle; the office is closed on Sunday morning."""
    friday = datetime(2026, 11, 13, 16, 0, tzinfo=VIETNAM)
    settled = {"state": "resolved", "province": "son-la"}
    quick = {"first_response": MORNING + HOUR, "resolved": MORNING + 2 * HOUR, "satisfaction": 5}
    monday = friday + timedelta(days=3)
    slow = {"first_response": monday.replace(hour=12, minute=30), "resolved": monday, "satisfaction": 2}
    await season.complained(None, MORNING, "money", **settled, **quick)
    await season.complained(None, friday, "complaint", **settled, **slow)
    await season.complained(None, friday, "money", province="son-la")
    await season.complained(None, NOW - HOUR, "money", province="ha-noi")
    merged = {"first_response": MORNING, "resolved": MORNING + timedelta(days=5), "merged_into": 1}
    await season.complained(None, MORNING, "money", **settled, **merged)
    async with desk.clerk("root") as root:
        page = await seen(root, "?province=son-la")
        assert tiles(page)[3:] == ["4", "3", "50%", "3 giờ 15 phút", "100%", "5 giờ 30 phút", "3,5"]
        assert rows_of(page, "Yêu cầu theo lý do") == [
            ["Tiền đóng, hoàn tiền", "3", "1"],
            ["Khiếu nại", "1", "0"],
            ["Cộng", "4", "1"],
        ]
        assert rows_of(page, "Thời hạn") == [
            ["Trả lời lần đầu", "240", "2", "1", "50%", "195", "1"],
            ["Xử lý xong", "1.440", "2", "2", "100%", "330", "1"],
        ]
        assert [row[-1] for row in rows_of(page, "Mức hài lòng")] == ["1", "0", "0", "1", "0"]
        assert "Câu hỏi là của cả nước" in page
        assert tiles(await seen(root))[3] == "5"


async def test_who_serves_a_province_gets_no_other(desk: Office, season: Season) -> None:
    await desk.hire("moc", StaffRole.EDITOR, "son-la")
    await season.complained(None, MORNING, "money", province="son-la")
    await season.complained(None, MORNING, "complaint", province="ha-noi")
    await season.complained(None, MORNING, "complaint")
    async with desk.clerk("moc") as moc:
        for query in ("", "?province=ha-noi", "?province="):
            page = await seen(moc, query)
            assert tiles(page)[3] == "1"
            assert 'name="province"' not in page
        month = (await moc.get("/reports/month?month=2026-11&province=ha-noi")).text
        assert "BHXH TỈNH SƠN LA" in month
        assert "Khiếu nại" not in month
        file = (await moc.get("/reports/csv?province=ha-noi")).text
        assert "Khiếu nại" not in file


async def test_campaigns_without_small_groups(desk: Office, season: Season) -> None:
    campaign = await season.campaign("kg26", title="Khai giảng")
    old = await season.campaign("kg25", title="Năm ngoái")
    for province, people in (("son-la", 6), ("ha-noi", 9), ("dien-bien", 2)):
        for number in range(people):
            deeds = {"replied": NOW} if number < 3 else {}
            reader = await season.office.reader(province=province)
            await season.office.received(campaign, reader, sent=NOW, province=province, **deeds)
    reader = await season.office.reader()
    await season.office.received(old, reader, sent=NOW - timedelta(days=40), province="son-la")
    async with desk.clerk("root") as root:
        title = "Chiến dịch có gửi tin"
        assert rows_of(await seen(root), title) == [["Khai giảng", "kg26", "Đang gửi", "17", "17", "0", "8", "0", "0"]]
        assert rows_of(await seen(root, "?province=ha-noi"), title)[0][3:7] == ["9", "9", "0", "3"]
        # Sơn La has six, but with its figures those of the two in Điện Biên would follow from the total.
        for province in ("dien-bien", "son-la"):
            assert set(rows_of(await seen(root, f"?province={province}"), title)[0][3:]) == {"–"}


PERIODS = (
    ("", "1/11/2026", "30/11/2026"),
    ("?period=nonsense", "1/11/2026", "30/11/2026"),
    ("?period=this_week", "16/11/2026", "22/11/2026"),
    ("?period=last_week", "9/11/2026", "15/11/2026"),
    ("?period=last_month", "1/10/2026", "31/10/2026"),
    ("?period=custom&from=2026-02-27&to=2026-03-01", "27/2/2026", "1/3/2026"),
    ("?period=custom&from=2025-11-23&to=2026-11-22", "23/11/2025", "22/11/2026"),
)


async def test_periods(desk: Office, season: Season) -> None:
    async with desk.clerk("root") as root:
        for query, first, last in PERIODS:
            page = await seen(root, query)
            assert f"Từ {first} đến {last}" in page, query
            assert "không quá một năm" not in page
        for days in ("", "from=2026-03-01&to=2026-02-27", "from=2020-01-01&to=2026-01-01", "from=x&to=y",
                     "from=0001-01-01&to=0001-01-02", "from=9999-12-30&to=9999-12-31"):  # fmt: skip
            page = await seen(root, f"?period=custom&{days}")
            assert "không quá một năm" in page, days
            assert "Từ 1/11/2026 đến 30/11/2026" in page


async def test_a_long_period_is_drawn_by_weeks(desk: Office, season: Season) -> None:
    for ago in range(300):
        await season.asked(NOW - timedelta(days=ago), "đóng bao nhiêu", "answer")
    async with desk.clerk("root") as root:
        page = await seen(root, "?period=custom&from=2025-11-23&to=2026-11-22")
    chart = page.partition('<svg class="chart"')[2].partition("</section>")[0]
    values = [int(value) for value in re.findall(r"</th><td>(\d+)</td>", chart)]
    assert len(values) == 53
    assert sum(values) == 300


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.integers(0, 365))
def test_the_period_before_ends_where_this_one_begins(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    before = period.before
    assert before.last + timedelta(days=1) == first
    assert before.is_month if period.is_month else len(before.days) == len(period.days)
    assert period.end - period.begin == timedelta(days=len(period.days))
    assert first in Period.month_of(first).days
    assert first in Period.week_of(first).days


async def test_files_hold_the_numbers_and_no_formula(desk: Office, season: Season) -> None:
    campaign = await season.campaign("kg26", title=f"=1+1{HOSTILE}"[:80])
    for _ in range(5):
        await season.office.received(campaign, await season.office.reader(), sent=NOW)
    await season.asked(MORNING, "=cmd|' /C calc'!A0", "clarify", times=7)
    settled = {"state": "resolved", "first_response": MORNING + HOUR, "resolved": MORNING + HOUR, "satisfaction": 4}
    await season.complained(None, MORNING, "money", **settled)
    async with desk.clerk("root") as root:
        page = await seen(root)
        query = re.search(r'/console(/reports/xlsx\?[^"]+)', page)
        assert query
        address = f"{desk.origin}/console" + query[1].replace("&amp;", "&")
        async with root.http.get(address) as response:
            assert response.headers["Content-Disposition"].endswith('filename="bao-cao-20261101-20261130.xlsx"')
            body = await response.read()
        async with root.http.get(address.replace("xlsx", "csv")) as response:
            lines = list(csv.reader(io.StringIO((await response.read()).decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert b"<f>" not in b"".join(ZipFile(io.BytesIO(body)).read(name) for name in ZipFile(io.BytesIO(body)).namelist())
    figures = {row[0]: row[1] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert figures["Lượt hỏi"] == 7
    assert figures["Chờ trả lời lần đầu (trung vị) (phút làm việc)"] == 60
    assert figures["Hài lòng (thang 5)"] == 4
    assert any(line[0] == "Yêu cầu theo lý do" and line[-1] == "1" for line in lines)
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "@"))]
    assert any("=cmd" in cell for line in lines for cell in line)


async def test_the_page_of_a_month(desk: Office, season: Season) -> None:
    october = datetime(2026, 10, 14, 9, 0, tzinfo=VIETNAM)
    await season.asked(october, "đóng bao nhiêu", "answer", times=1234)
    await season.asked(october - timedelta(days=30), "đóng bao nhiêu", "answer", times=21)
    await season.complained(None, october, "fraud", province="dien-bien")
    async with desk.clerk("root") as root:
        await root.post("/language", language="en", next="/console/")
        page = (await root.get("/reports/month?province=dien-bien")).text
        for told in ("Báo cáo tháng 10 năm 2026", "BHXH TỈNH ĐIỆN BIÊN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                     "Điện Biên, ngày 22 tháng 11 năm 2026", "Nghi gian lận", "1 quá hạn xử lý (24 giờ)",
                     "THỦ TRƯỞNG ĐƠN VỊ", "Lượt hỏi là của cả nước"):  # fmt: skip
            assert told in page, told
        row = re.search(r"Lượt hỏi</th><td[^>]*><b>([^<]*)</b></td><td[^>]*>([^<]*)</td>", page)
        assert row
        assert row.groups() == ("1.234", "21")
        assert "tháng 11 năm 2026</h1>" in (await root.get("/reports/month?month=2026-11")).text
        for wrong in ("2026-13", "x", "0001-01", "9999-12", HOSTILE):
            assert "tháng 10 năm 2026</h1>" in (await root.get(f"/reports/month?month={wrong}")).text, wrong


async def test_reports_are_for_editors_and_kept_in_the_audit(desk: Office, season: Season) -> None:
    await desk.hire("lan")
    async with desk.clerk("lan") as lan:
        for path in ("/reports", "/reports/xlsx", "/reports/csv", "/reports/month"):
            assert (await lan.get(path)).status == 403
        assert "/console/reports" not in (await lan.get("/")).text
    async with desk.clerk("root") as root:
        for path in ("", "/csv", "/month"):
            assert (await root.get(f"/reports{path}")).status == 200
    async with desk.runtime.database.reading() as session:
        actions = list(await session.scalars(select(AuditRow.action).where(AuditRow.action.startswith("report"))))
    assert actions == ["report_viewed", "report_csv", "report_month"]


async def test_what_people_asked_is_text(desk: Office, season: Season) -> None:
    await season.asked(MORNING, HOSTILE, "clarify", times=6)
    campaign = await season.campaign("kg26", title=HOSTILE[:80])
    await season.office.received(campaign, await season.office.reader(), sent=NOW)
    await season.complained(None, MORNING, HOSTILE)
    hostile = f"?period={HOSTILE}&from={HOSTILE}&to={HOSTILE}&province={HOSTILE}&topic={HOSTILE}"
    async with desk.clerk("root") as root:
        pages = [await seen(root), await seen(root, hostile), (await root.get("/reports/month?month=2026-11")).text]
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>" not in page
        assert "{{49}}" not in page
    assert ESCAPED in pages[0]
