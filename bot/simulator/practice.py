"""A folder in which an office practises a whole season on the local platforms: settings, and lists of test persons."""

from __future__ import annotations

import csv
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.simulator.stage import Stage

PEOPLE = 300
SETTINGS, DATABASE, LIST, SCHOOLS = "co-quan.env", "bhyt.sqlite3", "danh-sach.csv", "truong.csv"
_SCHOOLS = (("thcs-01", "Trường THCS dùng thử 1"), ("thpt-02", "Trường THPT dùng thử 2"))
_PROVINCE = "Điện Biên"


def prepare(folder: Path, stage: Stage) -> None:
    """Write the lists; everybody on them has started the bot on the local Telegram. A database that is there stays."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / SCHOOLS, ("Mã trường", "Tên trường", "Tỉnh"), [(*school, _PROVINCE) for school in _SCHOOLS])
    _write(
        folder / LIST,
        (
            "Mã",
            "Vai trò",
            "Tỉnh",
            "Mã trường",
            "Lớp",
            "Hạn thẻ",
            "Đồng ý",
            "Ngày đồng ý",
            "Cách đồng ý",
            "Kênh",
            "Mã Telegram",
        ),
        [_person(number, stage) for number in range(PEOPLE)],
    )


def tell(folder: Path, environment: Mapping[str, str]) -> None:
    """Write the settings with which other commands act on the office that is being practised on."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in environment.items() if name.startswith("BHYT_")]
    file = folder / SETTINGS
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _person(number: int, stage: Stage) -> tuple[str, ...]:
    """Every tenth did not agree; they stand in the preview with their reason."""
    address = stage.telegram.add_person(f"Phụ huynh {number + 1}", user=_FIRST + number)
    school, grade = (_SCHOOLS[0][0], 6 + number % 4) if number % 2 else (_SCHOOLS[1][0], 10 + number % 3)
    agreed = ("", "", "") if number % 10 == 0 else ("có", "05/09/2026", "phiếu đầu năm học")
    return (
        f"PH{number + 1:04d}",
        "phụ huynh",
        _PROVINCE,
        school,
        str(grade),
        "31/12/2026",
        *agreed,
        "telegram",
        str(address),
    )


_FIRST = 70_000
"""Ids of test persons are the same every time, so that a list that was read in stays true."""


def _write(file: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows([head, *rows])
