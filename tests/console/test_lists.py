"""Lists brought to the console: checked first, taken when they are the ones that were checked, refused in words."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from aiohttp import FormData
from openpyxl import Workbook
from sqlalchemy import func, select

from bot.console.pages.lists import SIZE
from bot.store.models import AuditRow, ContactRow, SchoolRow, StaffRole
from tests.console.test_pages import HOSTILE

if TYPE_CHECKING:
    from tests.console.support import Answer, Clerk, Office

PARENTS = """Mã,Họ tên,SĐT,Tỉnh,Vai trò
PH-01,Lò Thị Mận,0901234567,Điện Biên,phụ huynh
PH-02,Vừ A Dính,0901234568,Điện Biên,phụ huynh
"""
WRONG = PARENTS + "PH-03,Lầu Thị Súa,12,Điện Biên,phụ huynh\n"
SCHOOLS = "Mã,Tên trường,Tỉnh\nthcs-nd,Trường THCS Nguyễn Du,Điện Biên\n"


async def brought(clerk: Clerk, step: str, content: bytes | str, **fields: str) -> Answer:
    """The file and the fields as the page sends them."""
    form = FormData({"csrf": clerk.csrf, "kind": "contacts", "role": "", "province": "", "school": "", **fields})
    data = content.encode() if isinstance(content, str) else content
    form.add_field("file", BytesIO(data), filename="../<b>danh sách</b>.csv", content_type="text/csv")
    address = f"{clerk.origin}/console/people/lists/{step}"
    async with clerk.http.post(address, data=form, headers={"Origin": clerk.origin}) as response:
        return await clerk.read(response)


def seal(answer: Answer) -> str:
    """What the page sends to take the list that it shows."""
    return re.findall(r'name="checked" value="(\w+)"', answer.text)[0]


async def counted(desk: Office, row: type[ContactRow | SchoolRow] = ContactRow) -> int:
    async with desk.runtime.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(row))).scalar_one()


async def notes(desk: Office) -> list[tuple[str, dict[str, object]]]:
    async with desk.runtime.database.reading() as session:
        rows = await session.scalars(select(AuditRow).where(AuditRow.action.startswith("list")).order_by(AuditRow.id))
        return [(row.action, row.detail) for row in rows]


async def test_a_list_is_checked_then_taken_and_taking_it_again_changes_nothing(desk: Office) -> None:
    async with desk.clerk("root") as root:
        assert "/console/people/lists" in (await root.get("/people")).text
        await root.get("/people/lists")
        checked = await brought(root, "check", PARENTS)
        assert (checked.status, await counted(desk)) == (200, 0)
        assert "Chưa ghi gì" in checked.text
        taken = await brought(root, "take", PARENTS, checked=seal(checked))
        assert "Đã nhận danh sách" in taken.text
        assert await counted(desk) == 2
        again = await brought(root, "check", PARENTS)
        assert "Không đổi" in again.text
        await brought(root, "take", PARENTS, checked=seal(again))
        assert await counted(desk) == 2
    told = await notes(desk)
    assert [action for action, _ in told] == ["list_checked", "list_taken"] * 2
    assert told[1][1] == {"kind": "contacts", "new": 2}


async def test_only_what_was_checked_is_taken(desk: Office) -> None:
    async with desk.clerk("root") as root:
        await root.get("/people/lists")
        first = seal(await brought(root, "check", PARENTS))
        for content, fields in ((PARENTS.replace("0901234567", "0907654321"), {}), (PARENTS, {"role": "teacher"})):
            answer = await brought(root, "take", content, checked=first, **fields)
            assert answer.status == 409
            assert "khác lần kiểm tra" in answer.text
            assert seal(answer) != first
        assert (await brought(root, "take", PARENTS)).status == 409
    assert await counted(desk) == 0


async def test_wrong_lines_are_told_and_left_out_only_when_asked(desk: Office) -> None:
    async with desk.clerk("root") as root:
        await root.get("/people/lists")
        checked = await brought(root, "check", WRONG)
        assert "không phải số điện thoại Việt Nam" in checked.text
        assert "Bỏ qua dòng sai, nhận 2 dòng đúng" in checked.text
        refused = await brought(root, "take", WRONG, checked=seal(checked))
        assert (refused.status, await counted(desk)) == (409, 0)
        assert "Còn dòng sai, nên chưa ghi gì" in refused.text
        assert [action for action, _ in await notes(desk)] == ["list_checked"]
        await brought(root, "take", WRONG, checked=seal(checked), leave_out="1")
    assert await counted(desk) == 2


async def test_schools_and_a_workbook(desk: Office) -> None:
    book, file = Workbook(), BytesIO()
    for line in PARENTS.strip().splitlines():
        book.active.append(line.split(","))
    book.save(file)
    async with desk.clerk("root") as root:
        await root.get("/people/lists")
        wrong = await brought(root, "check", SCHOOLS + "x!,,\n", kind="schools")
        assert "cả hoặc không nhận dòng nào" in wrong.text
        checked = await brought(root, "check", SCHOOLS, kind="schools")
        await brought(root, "take", SCHOOLS, kind="schools", checked=seal(checked))
        assert await counted(desk, SchoolRow) == 1
        named = {"school": "THCS-ND"}
        checked = await brought(root, "check", file.getvalue(), **named)
        await brought(root, "take", file.getvalue(), **named, checked=seal(checked))
        assert await counted(desk) == 2
        answer = await brought(root, "check", PARENTS, school=HOSTILE[:60])
        assert answer.status == 409
        assert HOSTILE[:60] not in answer.text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Tệp trống"),
        (b"xin, chao\n1,2\n", "tên cột"),
        (b"PK\x03\x04rest", "Không mở được"),
        (b"\x00" * 99, "Tệp trống"),
    ],
)
async def test_what_is_no_list_is_told_in_words(desk: Office, content: bytes, says: str) -> None:
    async with desk.clerk("root") as root:
        await root.get("/people/lists")
        answer = await brought(root, "check", content)
    assert answer.status == 409
    assert says in answer.text
    assert await notes(desk) == []


async def test_too_large_a_file_is_refused_and_so_is_what_the_page_does_not_send(desk: Office) -> None:
    async with desk.clerk("root") as root:
        await root.get("/people/lists")
        assert (await brought(root, "check", b"x" * (SIZE + 1))).status == 413
        for fields in ({"kind": "people"}, {"role": "king"}, {"province": "atlantis"}):
            assert (await brought(root, "check", PARENTS, **fields)).status == 400, fields


async def test_who_serves_a_province_takes_its_people_only(desk: Office) -> None:
    await desk.hire("moc", StaffRole.EDITOR, "son-la")
    await desk.hire("lan")
    async with desk.clerk("lan") as lan:
        assert "/console/people/lists" not in (await lan.get("/people")).text
        assert (await lan.get("/people/lists")).status == 403
    async with desk.clerk("moc") as moc:
        await moc.get("/people/lists")
        checked = await brought(moc, "check", PARENTS)
        assert "chỉ nhập được người của tỉnh mình" in checked.text
        own = PARENTS.replace("Điện Biên", "Sơn La")
        checked = await brought(moc, "check", own)
        await brought(moc, "take", own, checked=seal(checked))
    assert await counted(desk) == 2


async def test_what_stands_in_a_file_is_no_markup(desk: Office) -> None:
    async with desk.clerk("root") as root:
        await root.get("/people/lists")
        text = f"Mã,SĐT,{HOSTILE.replace(',', '')}\nPH-01,{HOSTILE.replace(',', '')},x\n"
        answer = await brought(root, "check", text)
    assert HOSTILE not in answer.text
    assert "<script>alert" not in answer.text
