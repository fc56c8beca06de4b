"""What staff reads: the inbox, one case, its file and its sheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from bot.cases.errors import NoCaseError
from bot.cases.export import HEADER, sheet, table
from bot.cases.reading import Clocks, Filter, excerpt, history, inbox, shown
from bot.store.models import CaseRow, CaseState
from tests.cases.conftest import HOA, LAN

if TYPE_CHECKING:
    from tests.cases.conftest import Office

HOSTILE = '=HYPERLINK("http://x") <script>alert(1)</script> {{ 7*7 }} case'


async def listed(office: Office, wanted: Filter | None = None) -> list[str]:
    async with office.database.reading() as session:
        return [one.case.number for one in await inbox(session, clocks(office), wanted)]


def clocks(office: Office) -> Clocks:
    return Clocks(office.attendant.hours, office.settings)


async def test_the_inbox_shows_what_is_urgent_and_old_first(office: Office) -> None:
    numbers = [await office.case(f"case số {name}", sender=name) for name in ("một", "hai", "ba_b")]
    async with office.database.transaction() as session:
        row = update(CaseRow).where(CaseRow.number == numbers[2])
        await session.execute(row.values(urgency="now", province="ca-mau"))
    await office.desk.take(numbers[1], HOA)
    assert await listed(office) == [numbers[2], numbers[0], numbers[1]]
    assert await listed(office, Filter(mine=HOA)) == [numbers[1]]
    assert await listed(office, Filter(unowned=True)) == [numbers[2], numbers[0]]
    assert await listed(office, Filter(province="ca-mau")) == [numbers[2]]
    assert await listed(office, Filter(text="SỐ HAI".lower())) == [numbers[1]]
    assert await listed(office, Filter(text=numbers[0].lower())) == [numbers[0]]
    assert await listed(office, Filter(text="ba_b")) == [numbers[2]]
    assert await listed(office, Filter(text="%")) == []
    await office.desk.resolve(numbers[1], HOA)
    assert await listed(office, Filter((CaseState.RESOLVED,))) == [numbers[1]]


async def test_clocks_stop(office: Office) -> None:
    number = await office.case()
    async with office.database.reading() as session:
        one = await shown(session, clocks(office), number, None, office.clock())
    assert one.respond_by == office.clock().replace(hour=14)
    office.clock.advance(hours=5)
    assert one.overdue(office.clock())
    await office.desk.reply(number, LAN, "x")
    async with office.database.reading() as session:
        one = await shown(session, clocks(office), number, None, office.clock())
        assert (one.respond_by, one.owner, one.overdue(office.clock())) == (None, "lan", False)
        with pytest.raises(NoCaseError):
            await shown(session, clocks(office), number, "ca-mau", office.clock())


async def test_hostile_texts_are_harmless_in_files_and_on_paper(office: Office) -> None:
    number = await office.case(HOSTILE)
    await office.desk.reply(number, LAN, HOSTILE)
    async with office.database.reading() as session:
        found = await inbox(session, clocks(office))
        steps = await history(session, found[0].case.id)
        said = await excerpt(session, found[0].case.conversation)
    header, row = csv.reader(io.StringIO(table(found, xlsx=False).decode("utf-8-sig")))
    assert tuple(header) == HEADER
    assert row[HEADER.index("Câu hỏi")].startswith("'=HYPERLINK")
    cells = load_workbook(io.BytesIO(table(found, xlsx=True))).active
    assert cells is not None
    assert cells.cell(2, 1 + HEADER.index("Câu hỏi")).data_type == "s"
    page = sheet(found[0], steps, said, office.clock())
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "49" not in page
    assert [one.citizen for one in said] == [True, False, False]
    assert steps[-1].delivery == "pending"
