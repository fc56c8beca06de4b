"""What is put into the spool is there after anything, masked, and in order."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from bot.channels.inbound import Channel, Inbound, Profile, Reachability, StaffMessage, Withdrawal
from bot.clock import VIETNAM
from bot.intake.spool import FAILED, Spool

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 9, 5, 12, 0, 0, 5, tzinfo=VIETNAM)
MESSAGE = Inbound("telegram", Channel.TELEGRAM, "7", "u1", NOON, "đóng bao nhiêu", start="p-ha-noi")
EVENTS = [
    MESSAGE,
    replace(MESSAGE, message_id="u2", text="", action="entry:muc-dong"),
    replace(MESSAGE, message_id="u3", text="", media="photo"),
    Reachability("telegram", "7", NOON, reachable=False),
    Withdrawal("zalo:123456", "7"),
    Profile("zalo:123456", "7", "ha-noi"),
    StaffMessage("telegram", "-7", "12", "8", "/nhan YC26-000001", "nhan", "YC26-000001", reply_to="3"),
]


async def test_what_a_dead_process_left_is_found_in_order(tmp_path: Path) -> None:
    dead = Spool(tmp_path)
    assert dead.open() == []
    for event in EVENTS:
        await dead.put(event)
    dead.close()
    found = Spool(tmp_path).open()
    assert [event for _, event in found] == EVENTS


async def test_what_a_living_process_holds_is_left_alone(tmp_path: Path) -> None:
    living = Spool(tmp_path)
    living.open()
    await living.put(MESSAGE)
    other = Spool(tmp_path)
    assert other.open() == []
    other.close()


async def test_an_event_that_was_processed_is_gone(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.open()
    spool.remove(await spool.put(MESSAGE))
    spool.close()
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - a folder of the test
    again = Spool(tmp_path)
    assert again.open() == []


async def test_texts_are_masked_and_files_private(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.open()
    path = await spool.put(replace(MESSAGE, text="cccd 001099012345 của con"))
    assert "001099012345" not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"kind": "Inbound"}', '{"kind": "Unknown", "a": 1}'])
async def test_a_file_that_cannot_be_read_is_set_aside(tmp_path: Path, broken: str) -> None:
    dead = Spool(tmp_path)
    dead.open()
    path = await dead.put(MESSAGE)
    path.write_text(broken, encoding="utf-8")
    dead.close()
    spool = Spool(tmp_path)
    assert spool.open() == []
    assert [file.read_text(encoding="utf-8") for file in (tmp_path / FAILED).iterdir()] == [broken]


async def test_a_half_written_file_is_not_taken_for_an_event(tmp_path: Path) -> None:
    dead = Spool(tmp_path)
    dead.open()
    path = await dead.put(MESSAGE)
    path.rename(path.with_suffix(".tmp"))
    dead.close()
    assert Spool(tmp_path).open() == []


async def test_what_was_set_aside_does_not_stay_for_ever(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.open()
    old, new = await spool.put(MESSAGE), await spool.put(MESSAGE)
    for path in (old, new):
        spool.set_aside(path)
    os.utime(tmp_path / FAILED / old.name, (0, NOON.timestamp() - 1))
    os.utime(tmp_path / FAILED / new.name, (0, NOON.timestamp() + 1))
    assert spool.forget_failed(NOON) == 1
    assert [path.name for path in (tmp_path / FAILED).iterdir()] == [new.name]


async def test_what_no_disk_should_hold_is_set_aside_and_drafts_go(tmp_path: Path) -> None:
    dead = tmp_path / "dead"
    dead.mkdir()
    (dead / "1.json").write_bytes(b"\xff\xfe\x00{")
    (dead / "2.tmp").write_text("{", encoding="utf-8")
    spool = Spool(tmp_path)
    assert spool.open() == []
    spool.close()
    assert [path.name for path in tmp_path.rglob("*.*")] == [next((tmp_path / FAILED).iterdir()).name]  # noqa: ASYNC240
