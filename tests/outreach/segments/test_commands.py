"""`bhyt-bot staff` and `bhyt-bot segment`, on an SQLite file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bot.cli import segments, staff
from bot.outreach.errors import StaffError

if TYPE_CHECKING:
    from pathlib import Path

    import typer


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("BHYT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BHYT_DATABASE__URL", f"sqlite:///{tmp_path}/bhyt.sqlite3")


def run(app: typer.Typer, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def test_an_office_takes_on_people_and_saves_a_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    run(staff.app, "add", "an", "--role", "admin")
    run(staff.app, "add", "binh", "--role", "editor", "--province", "Điện Biên", "--staff", "an")
    listed = run(staff.app, "list")
    assert "binh editor dien-bien đang dùng" in listed
    monkeypatch.setenv("BHYT_STAFF", "binh")
    assert "0 người" in run(segments.app, "save", "phụ huynh", "vai tro = phu huynh")
    assert "phụ huynh 0 vai trò = phụ huynh" in run(segments.app, "list")
    assert "Những người có vai trò phụ huynh." in run(segments.app, "show", "phụ huynh")
    assert run(segments.app, "count", "tất cả") == "0"
    run(segments.app, "delete", "phụ huynh")
    assert "phụ huynh" not in run(segments.app, "list")


def test_who_may_not_save_is_told_so() -> None:
    run(staff.app, "add", "an", "--role", "admin")
    run(staff.app, "add", "cuc", "--role", "agent", "--staff", "an")
    result = CliRunner().invoke(segments.app, ["save", "x", "tất cả", "--staff", "cuc"])
    assert isinstance(result.exception, StaffError)


def test_a_wrong_query_is_shown_with_a_mark_under_the_fault() -> None:
    result = CliRunner().invoke(segments.app, ["count", "lớp = 13"])
    assert result.exit_code == 2
    assert "lớp = 13\n      ^\n" in result.output
    assert "từ 1 đến 12" in result.output


def test_examples_are_printed() -> None:
    assert "thẻ hết hạn trong 30 ngày" in run(segments.app, "examples")
