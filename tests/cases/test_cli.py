"""The whole life of a case from the command line."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from bot.cases.errors import CaseError
from bot.cli.case import app
from bot.store.models import StaffRow
from tests.bot.conftest import Chat, FakeClock
from tests.databases import migrated
from tests.knowledge.real import real_base

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS = ("YC26-000001", "YC26-000002")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, two citizens with a case each, and two members of staff."""
    for name in [name for name in os.environ if name.startswith("BHYT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.core.load_base", lambda _settings: real_base())
    monkeypatch.setenv("BHYT_STAFF", "lan")
    asyncio.run(_settle())
    return tmp_path


async def _settle() -> None:
    database = await migrated("sqlite:///var/bhyt.sqlite3")
    chat = Chat(database, FakeClock())
    await chat.say("case một", sender="a")
    await chat.say("case hai", sender="b")
    async with database.transaction() as session:
        for login in ("lan", "hoa"):
            await session.execute(insert(StaffRow).values(login=login, role="agent", created=chat.clock()))
    await database.close()


def case(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_from_the_inbox_to_the_end(home: Path) -> None:
    first, second = NUMBERS
    assert first in case("list")
    case("take", first)
    case("reply", first, "Chị đã gọi cho trường.")
    case("note", first, "số tiền đúng")
    case("wait", first)
    case("transfer", first, "hoa")
    with pytest.raises(CaseError, match="hoa"):
        case("resolve", first)
    case("merge", first, second, "--staff", "hoa")
    shown = case("show", first)
    assert "reply lan [pending]: Chị đã gọi cho trường." in shown
    assert "merged hoa" in shown
    assert first not in case("list")
    assert first in case("list", "--all")
    case("reopen", first)
    case("resolve", first)
    case("export", "cases.xlsx", "--all")
    case("export", "cases.csv", "--all")
    assert first in (home / "cases.csv").read_text("utf-8-sig")
    assert (home / "cases.xlsx").read_bytes().startswith(b"PK")
    case("sheet", first, "sheet.html")
    assert "Phiếu bàn giao" in (home / "sheet.html").read_text("utf-8")


def test_nobody_acts_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BHYT_STAFF")
    with pytest.raises(CaseError, match="BHYT_STAFF"):
        case("take", NUMBERS[0])
    with pytest.raises(CaseError, match="ai-do"):
        case("list", "--staff", "ai-do")
