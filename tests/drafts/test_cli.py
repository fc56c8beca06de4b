"""The whole way on the command line, each command as a process of its own would do it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.outreach import staff
from bot.outreach.errors import StaffError
from bot.store.models import StaffRole
from tests.databases import migrated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ASKED = "thẻ kẹt dưới đáy cặp quăn queo hết"
NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)


async def hire(url: str) -> None:
    database = await migrated(url)
    async with database.transaction() as session:
        await staff.add(session, "root", StaffRole.ADMIN, NOW)
        await staff.add(session, "lan", StaffRole.EDITOR, NOW, by="root")
    await database.close()


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["knowledge", *arguments])
    if result.exception is not None:
        raise result.exception
    return result.stdout


def test_from_a_draft_to_the_files_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warm_beside: Callable[[Path], None]
) -> None:
    warm_beside(tmp_path / "bhyt.sqlite3")
    url = f"sqlite:///{tmp_path}/bhyt.sqlite3"
    monkeypatch.setenv("BHYT_DATABASE__URL", url)
    asyncio.run(hire(url))
    assert "chờ duyệt" in run("draft", "--entry", "mat-the", "--phrasing", ASKED, "--question", ASKED, "--staff", "lan")
    with pytest.raises(StaffError):
        run("approve", "1", "--revision", "1", "--staff", "nobody")
    assert "đang dùng" in run("approve", "1", "--revision", "1", "--staff", "root")
    assert f'+   "{ASKED}"' in run("drafts", "1")
    assert "no gaps" in run("gaps")
    run("export", str(tmp_path))
    assert ASKED in (tmp_path / "knowledge/faq/the-bhyt/mat-the.md").read_text(encoding="utf-8")
    assert "đã hoàn tác" in run("rollback", "1", "--staff", "root")
    with pytest.raises(SystemExit):
        run("draft", "--entry", "mat-the", "--staff", "lan")
