"""A folder in which an office practises a whole season on the local platforms: settings, and lists of test persons."""

from __future__ import annotations

import csv
import shlex
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.simulator.zalo.state import Allowance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bot.simulator.stage import Stage

PEOPLE, ZALO_PEOPLE = 300, 60
SETTINGS, DATABASE, SCHOOLS = "co-quan.env", "bhyt.sqlite3", "truong.csv"
LIST, ZALO_LIST = "danh-sach.csv", "danh-sach-zalo.csv"
SILENT = (timedelta(hours=2), timedelta(days=4), timedelta(days=30))
"""How long ago thirds of the people on Zalo did something: free to write to, only by a paid message, not at all."""
PACKAGE = 500
"""Messages outside the free window that the package of the local Zalo account holds."""
_SCHOOLS = (("thcs-01", "Trường THCS dùng thử 1"), ("thpt-02", "Trường THPT dùng thử 2"))
_PROVINCE = "Điện Biên"
_HEAD = ("Mã", "Vai trò", "Tỉnh", "Mã trường", "Lớp", "Hạn thẻ", "Đồng ý", "Ngày đồng ý", "Cách đồng ý", "Kênh")
_FIRST = 71_001
"""The id of the first on Telegram. Ids are the same every time, so that a list that was read in stays true."""


@dataclass(frozen=True)
class Regular:
    """Somebody on Zalo who wrote to the account before the practice began, so long ago."""

    id: str
    silent: timedelta


def prepare(folder: Path, stage: Stage) -> list[Regular]:
    """Write the lists, and bring everybody on them to the platforms; gives those on Zalo. What is in the folder stays.

    Who is on Telegram has started the bot there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / SCHOOLS, ("Mã trường", "Tên trường", "Tỉnh"), [(*school, _PROVINCE) for school in _SCHOOLS])
    telegram = [
        str(stage.telegram.add_person(f"Phụ huynh {number + 1}", user=_FIRST + number)) for number in range(PEOPLE)
    ]
    zalo = [stage.office.add_person(f"Phụ huynh Zalo {number + 1}", follows=True) for number in range(ZALO_PEOPLE)]
    stage.office.account.quotas["sub_quota"] = Allowance(PACKAGE, PACKAGE)
    _write(folder / LIST, (*_HEAD, "Mã Telegram"), _lines("PH", "telegram", telegram))
    _write(folder / ZALO_LIST, (*_HEAD, "Mã Zalo"), _lines("PZ", "zalo", zalo))
    return [Regular(person, SILENT[number * len(SILENT) // ZALO_PEOPLE]) for number, person in enumerate(zalo)]


def kept(folder: Path) -> dict[str, str]:
    """The settings that `tell` wrote when the folder was used before; none when it was not."""
    found = {}
    with suppress(OSError, ValueError):
        for line in (folder / SETTINGS).read_text(encoding="utf-8").splitlines():
            name, _, value = " ".join(shlex.split(line.removeprefix("export "))).partition("=")
            found[name] = value
    return found


def tell(folder: Path, environment: Mapping[str, str]) -> None:
    """Write the settings with which other commands act on the office that is being practised on."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in environment.items() if name.startswith("BHYT_")]
    file = folder / SETTINGS
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _lines(code: str, channel: str, addresses: list[str]) -> Iterator[tuple[str, ...]]:
    """Every tenth did not agree; they stand in the preview with their reason."""
    for number, address in enumerate(addresses):
        school, grade = (_SCHOOLS[0][0], 6 + number % 4) if number % 2 else (_SCHOOLS[1][0], 10 + number % 3)
        agreed = ("", "", "") if number % 10 == 0 else ("có", "05/09/2026", "phiếu đầu năm học")
        about = ("phụ huynh", _PROVINCE, school, str(grade), "31/12/2026")
        yield (f"{code}{number + 1:04d}", *about, *agreed, channel, address)


def _write(file: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows([head, *rows])
