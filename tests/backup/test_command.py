"""`bhyt-bot backup` and `bhyt-bot restore`."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start from."""
    for name in [name for name in os.environ if name.startswith("BHYT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


def test_a_database_is_moved_to_another_place(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code("db", "upgrade") == 0
    with closing(sqlite3.connect(home / "var" / "bhyt.sqlite3")) as database, database:
        database.execute("INSERT INTO person (created) VALUES ('2026-09-05 01:02:03.000000')")
    assert code("backup", "copy.zip") == 0
    assert "1 rows of" in capsys.readouterr().out
    monkeypatch.setenv("BHYT_DATABASE__URL", "sqlite:///new/bhyt.sqlite3")
    assert code("restore", "copy.zip") == 0
    assert "campaigns paused" in capsys.readouterr().err
    with closing(sqlite3.connect(home / "new" / "bhyt.sqlite3")) as database:
        assert database.execute("SELECT created FROM person").fetchall() == [("2026-09-05 01:02:03.000000",)]
    assert code("restore", "copy.zip") == 1
    assert "not empty" in capsys.readouterr().err


def test_without_a_database_nothing_is_made(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code("backup", "copy.zip") == 1
    assert "no database yet" in capsys.readouterr().err
    assert files(home) == []


def test_a_file_that_is_no_backup_makes_no_database(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "copy.zip").write_text("nothing")
    assert code("restore", "copy.zip") == 1
    assert "damaged" in capsys.readouterr().err
    assert files(home) == ["copy.zip"]
