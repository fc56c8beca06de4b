"""What the doctor says about campaigns, cases and the console."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import insert

from bot.cases.clocks import Holidays
from bot.config import Settings
from bot.findings import Finding, Health
from bot.readiness import _holidays, examine_office, examine_staff
from bot.settings import (
    AlertSettings,
    CasesSettings,
    ConsoleSettings,
    DatabaseSettings,
    OutreachSettings,
    TelegramSettings,
    WebSettings,
)
from bot.store.models import StaffRow
from tests.bot.conftest import NOON

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.database import Database

TODAY = date(2026, 9, 5)
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
TELEGRAM = TelegramSettings(token=SecretStr("1:a"), username="bhyt_bot")


def settings(tmp_path: Path, **sections: Any) -> Settings:
    return Settings(database=DatabaseSettings(url=SecretStr(f"sqlite:///{tmp_path}/other.sqlite3")), **sections)


async def broken(settings: Settings, today: date = TODAY) -> list[str]:
    return [finding.what for finding in await examine_office(settings, today) if finding.health is Health.BROKEN]


async def test_an_office_with_everything_has_nothing_to_mend(tmp_path: Path) -> None:
    wanted = settings(tmp_path, telegram=TELEGRAM, web=WebSettings(public_url="https://bot.example.vn"))
    findings = {finding.part: finding.health for finding in await examine_office(wanted, TODAY)}
    assert findings == {
        "campaign engine": Health.NOTE,  # not made yet
        "holidays": Health.WELL,
        "console": Health.WELL,
    }


@pytest.mark.parametrize(
    ("sections", "named"),
    [
        ({"cases": CasesSettings(telegram_group="-100")}, "cases.telegram_group needs"),
        ({"alerts": AlertSettings(telegram_chat="7")}, "alerts.telegram_chat needs"),
        ({"console": ConsoleSettings(enabled=False)}, "nobody sees them"),
        ({"web": WebSettings(public_url="http://bot.example.vn")}, "not https"),
        ({"outreach": OutreachSettings(engine_url=SecretStr("postgresql://a:hunter2@127.0.0.1:1/x"))}, "engine_url"),
    ],
)
async def test_what_is_missing_is_named(tmp_path: Path, sections: dict[str, Any], named: str) -> None:
    (what,) = await broken(settings(tmp_path, **sections))
    assert named in what
    assert "hunter2" not in what


async def test_a_bot_that_links_cannot_name_is_noted(tmp_path: Path) -> None:
    bare = settings(tmp_path, telegram=TelegramSettings(token=SecretStr("1:a")))
    assert any("BHYT_TELEGRAM__USERNAME" in finding.what for finding in await examine_office(bare, TODAY))


async def test_an_engine_that_answers(tmp_path: Path) -> None:
    (tmp_path / "other-engine.sqlite3").touch()
    findings = await examine_office(settings(tmp_path), TODAY)
    assert Finding("campaign engine", Health.WELL, "its database answers") in findings


def holidays(**announced: bool) -> Holidays:
    days = [
        {"from": day, "to": day, "name": "Tết", "source": "the law itself", "announced": sure}
        for day, sure in announced.items()
    ]
    return Holidays.model_validate({"years": [2026], "holiday": days})


@pytest.mark.parametrize(
    ("day", "noted"),
    [(date(2026, 9, 30), 0), (date(2026, 10, 1), 1), (date(2027, 3, 1), 1), (date(2027, 10, 1), 2)],
)
def test_years_without_holidays_are_noted_in_time(day: date, noted: int) -> None:
    found = [finding.health for finding in _holidays(holidays(), day)]
    assert found == ([Health.NOTE] * noted or [Health.WELL])


def test_holidays_that_nobody_has_announced_are_noted_when_they_come_near() -> None:
    uncertain = holidays(**{"2026-09-02": False})
    assert [finding.health for finding in _holidays(uncertain, date(2026, 7, 1))] == [Health.WELL]
    (near,) = _holidays(uncertain, date(2026, 7, 4))
    assert "2026-09-02" in near.what
    assert [finding.health for finding in _holidays(uncertain, date(2026, 9, 3))] == [Health.WELL]


async def staffed(database: Database, *factors: bytes | None, **values: Any) -> None:
    async with database.transaction() as session:
        for number, factor in enumerate(factors):
            row = {"login": f"nhan-vien-{number}", "role": "agent", "totp": factor, "created": NOON, **values}
            await session.execute(insert(StaffRow).values(row))


@pytest.mark.parametrize(
    ("key", "factors", "health", "named"),
    [
        (None, [], Health.NOTE, "nobody can sign in"),
        (None, [None], Health.NOTE, "BHYT_CONSOLE__SECRET_KEY"),
        (None, [KEY, None], Health.BROKEN, "BHYT_CONSOLE__SECRET_KEY"),
        (KEY, [KEY, None, None], Health.NOTE, "2 of 3 have no second factor"),
        (KEY, [Fernet.generate_key().decode(), KEY], Health.BROKEN, "does not open"),
        (KEY, [KEY], Health.WELL, "1, all with a second factor"),
    ],
)
async def test_staff_without_a_second_factor(
    database: Database, tmp_path: Path, key: str | None, factors: list[str | None], health: Health, named: str
) -> None:
    await staffed(database, *(Fernet(factor).encrypt(b"secret") if factor else None for factor in factors))
    console = ConsoleSettings(secret_key=SecretStr(key) if key else None)
    (finding,) = await examine_staff(settings(tmp_path, console=console), database)
    assert finding.health is health
    assert named in finding.what
    assert "nhan-vien" not in finding.what


async def test_who_was_shut_out_does_not_count(database: Database, tmp_path: Path) -> None:
    await staffed(database, None, disabled=NOON)
    (finding,) = await examine_staff(settings(tmp_path), database)
    assert "nobody can sign in" in finding.what
    assert await examine_staff(settings(tmp_path, console=ConsoleSettings(enabled=False)), database) == []
