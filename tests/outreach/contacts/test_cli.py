"""`bhyt-bot contacts`, as staff type it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from bot.cli.contacts import app
from bot.clock import now
from bot.errors import BotError
from bot.outreach.sheets import csv_bytes
from bot.store.database import Database
from bot.store.models import StaffRow
from tests.bot.reading import rows
from tests.databases import migrated
from tests.outreach.contacts.lists import SCHOOLS, table
from tests.outreach.office import NOW

if TYPE_CHECKING:
    pass

MAN = {"SĐT": "0901234567", "Vai trò": "phụ huynh", "Họ tên phụ huynh": "Lò Thị Mận", "Tỉnh": "Điện Biên"}
DUC = {"SĐT": "0912345678", "Vai trò": "phụ huynh", "Họ tên phụ huynh": "=1+1", "Tỉnh": "Sơn La"}


@pytest.fixture
def office_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database in which `lan` is an editor and `moc` one of Điện Biên only."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path}/bhyt.sqlite3"
    monkeypatch.setenv("BHYT_DATABASE__URL", url)
    monkeypatch.setenv("BHYT_STAFF", "lan")
    monkeypatch.setenv("COLUMNS", "120")

    async def prepare() -> None:
        database = await migrated(url)
        async with database.transaction() as session:
            session.add(StaffRow(login="lan", role="editor", created=NOW))
            session.add(StaffRow(login="moc", role="editor", province="dien-bien", created=NOW))
            session.add(StaffRow(login="tho", role="agent", created=NOW))
        await database.close()

    asyncio.run(prepare())
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def kept(folder: Path, name: str) -> list[dict[str, Any]]:
    async def read() -> list[dict[str, Any]]:
        database = Database(f"sqlite:///{folder}/bhyt.sqlite3")
        try:
            return await rows(database, name)
        finally:
            await database.close()

    return asyncio.run(read())


def written(folder: Path, *lines: dict[str, Any]) -> str:
    file = folder / "danh-sach.csv"
    file.write_bytes(table(*lines))
    return str(file)


def test_a_list_is_checked_then_taken(office_folder: Path) -> None:
    (office_folder / "truong.csv").write_bytes(csv_bytes(["Mã trường", "Tên trường", "Tỉnh", "Cấp học"], SCHOOLS))
    assert "thêm mới 2" in run("schools", "truong.csv", "--write").output
    file = written(office_folder, {**MAN, "Trường": "THCS-01", "Lớp": "6"}, DUC)
    checked = run("import", file)
    assert checked.exit_code == 0
    assert "2 dòng: thêm mới 2" in checked.output
    assert kept(office_folder, "contact") == []
    taken = run("import", file, "--write", "--report", "ket-qua.xlsx")
    assert taken.exit_code == 0
    assert len(kept(office_folder, "contact")) == 2
    sheet = load_workbook(office_folder / "ket-qua.xlsx").active
    assert sheet is not None
    assert [row[:4] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        (2, "thêm mới", None, 1),
        (3, "thêm mới", None, 2),
    ]


def test_a_wrong_line_stops_the_list_unless_it_may_be_left_out(office_folder: Path) -> None:
    file = written(office_folder, MAN, {**DUC, "SĐT": "12"})
    stopped = run("import", file, "--write")
    assert stopped.exit_code == 1
    assert "không phải số điện thoại" in stopped.output
    assert kept(office_folder, "contact") == []
    assert run("import", file, "--write", "--leave-out-wrong").exit_code == 1
    assert len(kept(office_folder, "contact")) == 1


def test_one_person_is_shown_exported_tagged_and_erased(office_folder: Path) -> None:
    run("import", written(office_folder, MAN, DUC), "--write")
    assert run("tag", "khó khăn", "1", "0912345678").exit_code == 0
    assert [row["tag"] for row in kept(office_folder, "contact_tag")] == ["khó-khăn"] * 2
    assert run("untag", "khó-khăn", "2").exit_code == 0
    assert run("consent", "1", "given", "--topic", "news", "--how", "đơn số 5", "--date", "01/09/2026").exit_code == 0
    assert [(row["topic"], row["consent"]) for row in kept(office_folder, "consent")] == [("news", "given")]
    shown = run("show", "1").output
    assert "Lò Thị Mận" in shown
    assert "đơn số 5" in shown
    listed = run("list").output
    assert "Lò Thị Mận" in listed
    assert "0901234567" not in listed
    run("export", "0901234567", "--out", "ban-ghi.json")
    exported = json.loads((office_folder / "ban-ghi.json").read_text("utf-8"))
    assert exported["Liên hệ"][0]["Tên"] == "Lò Thị Mận"
    assert exported["Nhãn do cán bộ ghi"] == [{"Nhãn": "khó-khăn"}]
    assert run("erase", "1").exit_code == 1  # nobody said yes
    assert len(kept(office_folder, "person")) == 2
    assert run("erase", "1", "--yes").exit_code == 0
    assert [row["id"] for row in kept(office_folder, "person")] == [2]


def test_who_asked_to_be_erased_is_left_out_and_told(office_folder: Path) -> None:
    file = written(office_folder, MAN, DUC, {**MAN, "Lớp": "6"})
    run("import", file, "--write")
    run("erase", "0901234567", "--yes")
    today = f"{now():%d/%m/%Y}"
    for more in ([], ["--write", "--report", "ket-qua.xlsx"]):
        told = run("import", file, *more)
        assert told.exit_code == 0
        assert "3 dòng: để ngoài 2, không đổi 1" in told.output
        assert "2 dòng để ngoài vì người đó đã yêu cầu xóa dữ liệu" in told.output
        for line in (2, 4):
            assert f"dòng {line}: người này đã yêu cầu xóa dữ liệu ngày {today}" in told.output
        assert "tự nhắn bot và đồng ý nhận tin" in told.output
    assert [row["name"] for row in kept(office_folder, "contact")] == ["=1+1"]
    sheet = load_workbook(office_folder / "ket-qua.xlsx").active
    assert sheet is not None
    first, second, third = sheet.iter_rows(min_row=2, values_only=True)
    assert first[:4] == (2, "để ngoài", None, None)
    assert third[:4] == (4, "để ngoài", 2, None)
    assert today in str(first[4])
    assert "đồng ý nhận tin" in str(first[5])
    assert second == (3, "không đổi", None, 2, None, None)


def test_segments_choose_who_is_listed(office_folder: Path) -> None:
    run("import", written(office_folder, MAN, DUC), "--write")
    listed = run("list", "tỉnh = Sơn La").output
    assert "=1+1" in listed
    assert "Lò Thị Mận" not in listed


def test_who_serves_one_province_sees_only_that(office_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("import", written(office_folder, MAN, DUC), "--write")
    monkeypatch.setenv("BHYT_STAFF", "moc")
    assert "=1+1" not in run("list").output
    assert isinstance(run("show", "2").exception, BotError)
    assert run("show", "1").exit_code == 0
    refused = run("import", written(office_folder, DUC))
    assert refused.exit_code == 1
    assert "tỉnh, thành khác" in refused.output


@pytest.mark.parametrize("command", [["tag", "x", "1"], ["export", "1"], ["erase", "1", "--yes"], ["import", "x.csv"]])
def test_an_agent_may_look_but_not_change(
    office_folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    run("import", written(office_folder, MAN), "--write")
    (office_folder / "x.csv").write_bytes(table(MAN))
    monkeypatch.setenv("BHYT_STAFF", "tho")
    assert run("show", "1").exit_code == 0
    before = kept(office_folder, "contact"), kept(office_folder, "contact_tag")
    assert isinstance(run(*command).exception, BotError)
    assert (kept(office_folder, "contact"), kept(office_folder, "contact_tag")) == before


@pytest.mark.parametrize(
    "wrong",
    [
        ["consent", "1", "given", "--how", "x", "--date", "31/02/2026"],
        ["import", "danh-sach.csv", "--province", "Atlantis"],
        ["import", "danh-sach.csv", "--school", "không có"],
        ["import", "no-such-file.csv"],
    ],
)
def test_a_wrong_option_is_told(office_folder: Path, wrong: list[str]) -> None:
    run("import", written(office_folder, MAN), "--write")
    assert run(*wrong).exit_code == 2


@pytest.mark.parametrize("wrong", [["--how", " "], ["--how", "x", "--date", "01/01/2100"]])
def test_a_statement_without_proof_or_from_the_future_is_refused(office_folder: Path, wrong: list[str]) -> None:
    run("import", written(office_folder, MAN), "--write")
    before = kept(office_folder, "consent_event")
    assert isinstance(run("consent", "1", "given", *wrong).exception, BotError)
    assert kept(office_folder, "consent_event") == before


def test_what_people_told_is_read(office_folder: Path) -> None:
    assert "0 người" in run("refresh").output
