"""Who a query means, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from bot.outreach.segments import count, parse, sample
from bot.store.models import ArrivalRow, ContactTagRow, InsuredRow, PersonRow, SchoolRow, TopicAskedRow
from tests.outreach.office import NOW, TELEGRAM, ZALO, Office

if TYPE_CHECKING:
    from bot.store.database import Database
    from bot.store.models import Base

TODAY = NOW.date()


class Town:
    """A handful of people whom every field tells apart, by a short name."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.people: dict[str, int] = {}

    async def settle(self) -> None:
        await self._row(SchoolRow, id=1, code="th-01", name="Tiểu học Kim Đồng", province="dien-bien", level="primary")
        await self._row(SchoolRow, id=2, code="thpt-01", name="THPT số 1", province="hue", level="upper-secondary")
        await self._person("lan", role="parent", province="dien-bien", source="p-dien-bien_c-kg26")
        await self._child("lan", 0, grade=3, birth_year=2018, school_id=1, card_end=TODAY + timedelta(days=200))
        await self._child("lan", 1, grade=11, birth_year=2010, school_id=2, card_end=TODAY + timedelta(days=30))
        await self._person("binh", role="student", province="hue", language="en")
        await self._child("binh", 0, relation="self", birth_year=2005, card_end=TODAY)
        await self._person("cuc", role="teacher", province="dien-bien")
        await self._row(ContactTagRow, person_id=self.people["cuc"], tag="đã-gọi")
        await self.office.account(self.people["lan"], ZALO, timedelta(days=100))
        await self.office.account(self.people["lan"], TELEGRAM, timedelta(days=5))
        await self.office.account(self.people["binh"], TELEGRAM, timedelta(days=60))
        await self._row(TopicAskedRow, person_id=self.people["binh"], topic="vssid", day=TODAY - timedelta(days=90))
        await self._row(TopicAskedRow, person_id=self.people["lan"], topic="vssid", day=TODAY - timedelta(days=91))
        await self._row(ArrivalRow, person_id=self.people["binh"], code="s-thpt-01_c-kg26", day=TODAY)
        await self._row(PersonRow, id=900, created=NOW)
        self.people["dung"] = 900

    async def means(self, text: str) -> set[str]:
        async with self.office.database.reading() as session:
            found = await sample(session, parse(text), NOW, 100)
            assert await count(session, parse(text), NOW) == len(found)
        return {name for name, person in self.people.items() if person in found}

    async def _person(self, name: str, **contact: Any) -> None:
        self.people[name] = await self.office.person(**contact)

    async def _child(self, name: str, position: int, relation: str = "child", **values: Any) -> None:
        await self._row(InsuredRow, person_id=self.people[name], position=position, relation=relation, **values)

    async def _row(self, row: type[Base], **values: Any) -> None:
        async with self.office.database.transaction() as session:
            await session.execute(insert(row).values(values))


@pytest.fixture
async def town(database: Database) -> Town:
    settled = Town(Office(database))
    await settled.settle()
    return settled


async def test_every_field_finds_its_people(town: Town) -> None:
    expected = {
        "tất cả": {"lan", "binh", "cuc", "dung"},
        "vai trò = phụ huynh, giáo viên": {"lan", "cuc"},
        "không vai trò = phụ huynh": {"binh", "cuc", "dung"},
        "tỉnh = Điện Biên": {"lan", "cuc"},
        "tỉnh trống": {"dung"},
        "ngôn ngữ = tiếng Anh": {"binh"},
        "nhãn = đã-gọi": {"cuc"},
        "nhãn trống": {"lan", "binh", "dung"},
        "kênh = telegram": {"lan", "binh"},
        "kênh = zalo": {"lan"},
        "kênh trống": {"cuc", "dung"},
        "nguồn = c-kg26": {"lan", "binh"},
        "nguồn = s-thpt-01": {"binh"},
        "nguồn = c-kg2": set(),
        "nguồn = %": set(),
        "nguồn trống": {"cuc", "dung"},
        "hỏi về vssid": {"lan", "binh"},
        "hỏi về vssid trong 90 ngày": {"binh"},
        "gặp lần cuối trong 60 ngày": {"lan", "binh"},
        "gặp lần cuối trong 59 ngày": {"lan"},
        "gặp lần cuối trống": {"cuc", "dung"},
        "trường = th-01": {"lan"},
        "trường = TH-01": {"lan"},
        'trường = "THPT số 1"': {"lan"},
        "trường trống": {"binh", "cuc", "dung"},
        "cấp học = tiểu học": {"lan"},
        "lớp 1..5": {"lan"},
        "lớp trống": {"binh", "cuc", "dung"},
        "năm sinh >= 2005": {"lan", "binh"},
        "năm sinh 2012..2015": set(),
        "người có thẻ = bản thân": {"binh"},
        "thẻ hết hạn trong 30 ngày": {"lan", "binh"},
        "thẻ hết hạn trong 29 ngày": {"binh"},
        f"thẻ hết hạn = {TODAY:%d/%m/%Y}": {"binh"},
        "thẻ hết hạn trống": {"cuc", "dung"},
        "(tỉnh = Huế hoặc nhãn = đã-gọi) và không ngôn ngữ = en": {"cuc"},
    }
    assert {text: await town.means(text) for text in expected} == expected


async def test_conditions_on_a_child_are_on_one_and_the_same(town: Town) -> None:
    assert await town.means("lớp = 11 và thẻ hết hạn trong 30 ngày") == {"lan"}
    assert await town.means("lớp = 3 và thẻ hết hạn trong 30 ngày") == set()
    assert await town.means("lớp = 3 và (thẻ hết hạn trong 30 ngày hoặc tỉnh = Huế)") == {"lan"}


async def test_the_last_time_counts_over_all_accounts(town: Town) -> None:
    before = f"{NOW - timedelta(days=90):%d/%m/%Y}"
    assert await town.means(f"gặp lần cuối <= {before}") == set()
    last = NOW - timedelta(days=5)
    assert await town.means(f"gặp lần cuối = {last:%d/%m/%Y}") == {"lan"}


async def test_a_day_is_a_day_in_viet_nam(town: Town) -> None:
    """At nine in the morning in Viet Nam it is still the day before in some places, never at six in the evening UTC."""
    assert date(2026, 11, 22) == TODAY
    assert await town.means("gặp lần cuối 17/11/2026..17/11/2026") == {"lan"}
    assert await town.means("gặp lần cuối 18/11/2026..") == set()
