"""A pipeline, a desk and three members of staff on a database of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, update

from bot.cases.desk import CaseDesk
from bot.cases.holding import Attendant
from bot.settings import CasesSettings
from bot.store.models import CaseEventRow, CaseRow, ConversationRow, OutboxRow, StaffRow
from bot.turns import TurnPipeline
from tests.bot.conftest import Chat, FakeClock, clock, log_lines
from tests.bot.scripted import hotline

if TYPE_CHECKING:
    from bot.store.database import Database

__all__ = ["clock", "log_lines"]

LAN, HOA, FAR = 1, 2, 3


@dataclass
class Office(Chat):
    """A chat whose cases staff can work on."""

    settings: CasesSettings = CasesSettings()

    def __post_init__(self) -> None:
        self.attendant = Attendant(hotline, self.settings)
        self.desk = CaseDesk(self.database, self.attendant, self.clock)
        self.pipeline = TurnPipeline(
            self.database, self.core, clock=self.clock, hotline=hotline, attendant=self.attendant
        )

    async def case(self, text: str = "case cứu tôi với", **more: Any) -> str:
        """Somebody writes, and a case is opened; gives its number."""
        await self.say(text, **more)
        async with self.database.reading() as session:
            newest = select(CaseRow.number).order_by(CaseRow.id.desc()).limit(1)
            return str((await session.execute(newest)).scalar_one())

    async def row(self, number: str) -> Any:
        async with self.database.reading() as session:
            table = CaseRow.__table__
            return (await session.execute(select(table).where(table.c.number == number))).one()

    async def steps(self, number: str) -> list[tuple[str, str]]:
        """Kind and text of the steps of a case."""
        async with self.database.reading() as session:
            found = await session.execute(
                select(CaseEventRow.kind, CaseEventRow.text)
                .join(CaseRow, CaseRow.id == CaseEventRow.case_id)
                .where(CaseRow.number == number)
                .order_by(CaseEventRow.id)
            )
            return [(row.kind, row.text) for row in found]

    async def told(self) -> list[str]:
        """All that was ever written to anybody."""
        async with self.database.reading() as session:
            found = await session.execute(select(OutboxRow.reply).order_by(OutboxRow.id))
            return [reply["text"] for reply in found.scalars()]

    async def holder(self) -> int | None:
        async with self.database.reading() as session:
            held: int | None = (await session.execute(select(ConversationRow.held_by))).scalars().one()
            return held

    async def stop_reaching(self, reason: str) -> None:
        from bot.store.models import IdentityRow  # noqa: PLC0415

        async with self.database.transaction() as session:
            await session.execute(update(IdentityRow).values(unreachable=reason))


@pytest.fixture
async def office(database: Database, clock: FakeClock) -> Office:
    # A Monday, within office hours.
    clock.moment = clock.moment.replace(month=9, day=7, hour=10)
    async with database.transaction() as session:
        for number, login, province in ((LAN, "lan", None), (HOA, "hoa", None), (FAR, "xa", "ca-mau")):
            values = {"id": number, "login": login, "role": "agent", "province": province, "created": clock()}
            await session.execute(insert(StaffRow).values(values))
    return Office(database, clock)
