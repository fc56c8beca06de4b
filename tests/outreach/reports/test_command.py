"""Reports from the command line."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot.cli.report import app
from bot.clock import now
from bot.errors import BotError
from bot.store.database import Database
from tests.bot.reading import rows
from tests.databases import migrated
from tests.knowledge.real import real_base
from tests.outreach.office import Office
from tests.outreach.reports.season import Season

if TYPE_CHECKING:
    from click.testing import Result


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("BHYT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.core.load_base", lambda _settings: real_base())
    return tmp_path


URL = "sqlite:///var/bhyt.sqlite3"


def in_office(work: Any) -> Any:
    async def carry_out() -> Any:
        database = await migrated(URL) if is_new else Database(URL)
        try:
            return await work(Season(Office(database)))
        finally:
            await database.close()

    is_new = not Path("var/bhyt.sqlite3").exists()
    return asyncio.run(carry_out())


async def send(season: Season) -> None:
    campaign = await season.campaign()
    for _ in range(6):
        person = await season.office.reader(province="hue")
        await season.office.received(campaign, person, sent=now() - timedelta(hours=2), province="hue")
        await season.wrote(person, now() - timedelta(hours=1))


def report(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_campaign_in_every_form(home: Path) -> None:
    in_office(send)
    result = report("campaign", "kg26", "--csv", "a.csv", "--xlsx", "a.xlsx", "--html", "a.html")
    assert result.exception is None, result.output
    assert "6 người trả lời (100% người nhận được)" in result.output
    assert "Huế,số người,6" in (home / "a.csv").read_text(encoding="utf-8-sig")
    assert (home / "a.xlsx").read_bytes().startswith(b"PK")
    assert "Khai giảng" in (home / "a.html").read_text(encoding="utf-8")
    assert all(row["replied"] for row in in_office(lambda season: rows(season.office.database, "recipient")))


def test_a_week() -> None:
    in_office(lambda season: season.asked(now(), "đóng bao nhiêu", "clarify", times=5))
    result = report("week", "--of", f"{now():%d/%m/%Y}")
    assert result.exception is None, result.output
    assert "đóng bao nhiêu" in result.output
    assert "đóng bao nhiêu" not in report("week").output


def test_what_cannot_be_told() -> None:
    assert isinstance(report("campaign", "kg99").exception, BotError)
    assert report("week", "--of", "hôm qua").exit_code == 2
    assert report("week", "--csv", "no/such/folder/a.csv").exit_code == 2
