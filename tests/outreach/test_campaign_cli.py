"""Campaigns from the command line, from the shipped draft to the history."""

from __future__ import annotations

import asyncio
import os
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.cli.campaign import app
from bot.cli.campaign_watch import follow
from bot.clock import now
from bot.errors import BotError
from bot.outreach.editing import load
from bot.store.database import Database
from bot.store.models import CampaignRow, CampaignState
from tests.databases import migrated
from tests.knowledge.real import real_base
from tests.outreach.office import TELEGRAM, Office

if TYPE_CHECKING:
    from click.testing import Result

EDITOR, APPROVER = "lan", "minh"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, an office with forty readers of news and two members of staff."""
    for name in [name for name in os.environ if name.startswith("BHYT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.core.load_base", lambda _settings: real_base())
    monkeypatch.setenv("BHYT_TELEGRAM__TOKEN", "1:x")
    monkeypatch.setenv("BHYT_TELEGRAM__USERNAME", "bhyt_hssv_bot")
    in_office(settle)
    return tmp_path


async def settle(office: Office) -> None:
    await office.staff(EDITOR)
    await office.staff(APPROVER, "approver")
    for _ in range(12):
        await office.reader(TELEGRAM, province="dien-bien", role="parent")
    await office.reader(TELEGRAM, province="hue")


URL = "sqlite:///var/bhyt.sqlite3"


def in_office(work: Any) -> Any:
    async def carry_out() -> Any:
        database = await migrated(URL) if is_new else Database(URL)
        try:
            return await work(Office(database))
        finally:
            await database.close()

    is_new = not Path("var/bhyt.sqlite3").exists()
    return asyncio.run(carry_out())


def campaign(*arguments: str, staff: str = EDITOR, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, env={"BHYT_STAFF": staff}, input=typed)


def done(*arguments: str, staff: str = EDITOR, typed: str | None = None) -> str:
    result = campaign(*arguments, staff=staff, typed=typed)
    assert result.exception is None, result.output
    return result.output


def refused(*arguments: str, staff: str = EDITOR) -> str:
    result = campaign(*arguments, staff=staff)
    assert isinstance(result.exception, BotError), result.output
    return str(result.exception)


def new(*more: str) -> str:
    return done("new", "--draft", "mua-nay", "--code", "kg26", "--segment", "tỉnh = Điện Biên", *more)


def seal() -> str:
    match = re.search(r"niêm phong: (\w{12})", done("preview", "kg26"))
    assert match
    return match[1]


def test_from_a_shipped_draft_to_approval() -> None:
    assert "mua-2023-2024" in done("drafts")
    assert "2024-10" in done("drafts", "mua-2024-2025")
    assert "12 người trong nhóm" in new("--slogan", "2024-10", "--title", "Khai giảng")
    shown = done("preview", "kg26")
    assert "An tâm học tập, thắp sáng ước mơ" in shown
    assert re.search(r"gửi ngay khi bắt đầu +12", shown)
    assert "12 người" in done("submit", "kg26")
    assert "đã duyệt" in done("approve", "kg26", staff=APPROVER, typed="y\n")
    assert re.search(r"kg26 +Khai giảng +đã duyệt", done("list"))
    steps = done("history", "kg26")
    assert re.findall(r"(lan|minh) +(tạo bản nháp|gửi duyệt|duyệt)", steps) == [
        (EDITOR, "tạo bản nháp"), (EDITOR, "gửi duyệt"), (APPROVER, "duyệt"),
    ]  # fmt: skip


def test_a_seal_approves_without_a_question() -> None:
    new()
    done("submit", "kg26")
    assert "niêm phong" in refused("approve", "kg26", "--seal", "0" * 12, staff=APPROVER)
    done("approve", "kg26", "--seal", seal(), staff=APPROVER)


def test_saying_no_approves_nothing() -> None:
    new()
    done("submit", "kg26")
    assert campaign("approve", "kg26", staff=APPROVER, typed="n\n").exit_code == 1
    assert "chờ duyệt" in done("list")


def test_roles_count() -> None:
    new()
    done("submit", "kg26")
    assert "quyền approver" in refused("approve", "kg26", "--seal", seal())
    assert "Không có tài khoản" in refused("submit", "kg26", staff="ai-do")
    assert "--staff" in refused("submit", "kg26", staff="")


def test_what_is_shown_can_be_changed_and_given_back(home: Path) -> None:
    new("--starts", "2026-11-25 08:00")
    file = home / "kg26.toml"
    file.write_text(done("show", "kg26", "--toml").replace("Xin hỏi ngay tại đây", "Xin cứ hỏi"), encoding="utf-8")
    assert "bản nháp" in done("edit", "kg26", "--file", str(file), "--priority", "5")
    shown = done("show", "kg26", "--toml")
    assert "Xin cứ hỏi" in shown
    assert "priority = 5" in shown
    assert "starts = 2026-11-25T08:00:00+07:00" in shown
    done("edit", "kg26", "--title", "Khác")
    assert "Xin cứ hỏi" in done("show", "kg26", "--toml")


def test_a_file_with_mistakes_changes_nothing_and_names_them_all(home: Path) -> None:
    new()
    before = done("show", "kg26", "--toml")
    file = home / "bad.toml"
    file.write_text(before.replace("title = ", "titel = ").replace("entry:dong-o-dau", ""), encoding="utf-8")
    told = refused("edit", "kg26", "--file", str(file))
    assert "title: còn thiếu" in told
    assert "titel" in told
    assert "mỗi nút cần" in told
    assert done("show", "kg26", "--toml") == before


def test_texts_that_cannot_go_out_are_kept_but_not_handed_in(home: Path) -> None:
    file = home / "kg26.toml"
    file.write_text(
        'code = "kg26"\ntitle = "A"\nsegment = "all"\n[texts.vi]\ntext = "Chào {ten}, đóng 50% nhé"\n', encoding="utf-8"
    )
    told = done("new", "--file", str(file))
    assert "lời thay thế" in told
    assert "50%" in told
    assert campaign("preview", "kg26").exit_code == 1
    assert "lời thay thế" in refused("submit", "kg26")


def test_segments_are_read_when_they_are_written() -> None:
    assert "ký tự" in refused("new", "--draft", "mua-nay", "--code", "kg26", "--segment", "tỉnh = Atlantis")
    new("--exclude", "vai trò = giáo viên")
    assert 'segment = "tỉnh = Điện Biên"' in done("show", "kg26", "--toml")


def test_drafts_and_codes_that_do_not_exist() -> None:
    assert "mua-nay" in refused("new", "--draft", "mua-xuan", "--code", "kg26", "--segment", "all")
    assert "không có chiến dịch" in refused("preview", "kg99")
    new()
    assert "đã dùng" in refused("new", "--draft", "mua-nay", "--code", "kg26", "--segment", "all")


def test_rejecting_and_cancelling() -> None:
    new()
    done("submit", "kg26")
    assert "bản nháp" in done("reject", "kg26", "--why", "sai ngày", staff=APPROVER)
    assert "sai ngày" in done("history", "kg26")
    assert "đã hủy" in done("cancel", "kg26")
    assert "đã hủy" in refused("submit", "kg26")


def test_starting_pausing_and_going_on() -> None:
    new()
    assert "bản nháp" in refused("start", "kg26")
    done("submit", "kg26")
    done("approve", "kg26", "--seal", seal(), staff=APPROVER)
    assert "đang lập danh sách" in done("start", "kg26")
    assert "tạm dừng" in done("pause", "kg26")
    assert "đang lập danh sách" in done("resume", "kg26", staff=APPROVER)
    assert "đã hủy" in done("cancel", "kg26")
    assert "cho bắt đầu" in done("history", "kg26")


def test_a_start_that_has_its_time_waits_for_it() -> None:
    tomorrow = now() + timedelta(days=1)
    new("--starts", f"{tomorrow:%Y-%m-%d} 10:00")
    done("submit", "kg26")
    done("approve", "kg26", "--seal", seal(), staff=APPROVER)
    assert f"10:00 {tomorrow:%d/%m/%Y}" in refused("start", "kg26")


def test_people_who_came_meanwhile_void_the_approval() -> None:
    new()
    done("submit", "kg26")
    done("approve", "kg26", "--seal", seal(), staff=APPROVER)

    async def more(office: Office) -> None:
        for _ in range(11):
            await office.reader(TELEGRAM, province="dien-bien")

    in_office(more)
    assert "không còn hiệu lực" in refused("start", "kg26")
    assert "bản nháp" in done("list")


def test_deciding_about_unknown_outcomes() -> None:
    new()

    async def cut_off(office: Office) -> None:
        async with office.database.reading() as session:
            kept = await load(session, "kg26")
        await office.set_state(kept, CampaignState.RUNNING)
        for person in (1, 2):
            await office.received(kept, person, state="unknown")

    in_office(cut_off)
    assert re.findall(r"^ *(\d+) +telegram", done("unknown", "kg26"), re.MULTILINE) == ["1", "2"]
    assert "99" in refused("unknown", "kg26", "sent", "--only", "99", staff=APPROVER)
    assert "1 người" in done("unknown", "kg26", "sent", "--only", "2", staff=APPROVER)
    assert re.findall(r"^ *(\d+) +telegram", done("unknown", "kg26"), re.MULTILINE) == ["1"]
    assert "1 người" in done("unknown", "kg26", "failed", staff=APPROVER)
    assert re.search(r"Gửi lỗi +cán bộ xác nhận là không tới +1", done("show", "kg26"))
    assert "quyết định: coi như không" in done("history", "kg26")


def test_brackets_in_what_people_wrote_are_shown_as_they_are() -> None:
    new("--title", "Tin [bold]tự[/b]")
    assert "Tin [bold]tự[/b]" in done("list")
    written = done("show", "kg26", "--toml").replace("Chào {ten|", "{khong|[/b]} {ten|", 1)
    Path("kg26.toml").write_text(written, encoding="utf-8")
    told = done("edit", "kg26", "--file", "kg26.toml")
    assert "[vi]" in told
    assert "{khong|[/b]}" in told


async def test_a_campaign_is_watched_until_it_rests() -> None:
    states = [CampaignState.PLANNING, CampaignState.RUNNING, CampaignState.RUNNING, CampaignState.PAUSED]
    counts = [{}, {("planned", None): 3}, {("sent", None): 2, ("planned", None): 1}, {("sent", None): 2}]
    slept: list[float] = []

    class Looking:
        async def campaign(self, _code: str) -> Any:
            return SimpleNamespace(state=states.pop(0))

        async def recipients(self, _code: str) -> Any:
            return counts.pop(0)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    seen = await follow(Looking(), "kg26", 2.0, sleep)  # type: ignore[arg-type]
    assert (seen.state, slept) == (CampaignState.PAUSED, [2.0] * 3)


def test_a_campaign_that_is_not_under_way_is_not_waited_for() -> None:
    new()
    assert "bản nháp" in done("watch", "kg26")


def test_an_edit_tells_that_what_was_handed_in_is_void() -> None:
    new()
    assert "không còn hiệu lực" not in done("edit", "kg26", "--title", "Tin khác")
    done("submit", "kg26")
    Path("kg26.toml").write_text(done("show", "kg26", "--toml").replace('code = "kg26"\n', ""), encoding="utf-8")
    assert "không còn hiệu lực" in done("edit", "kg26", "--file", "kg26.toml", "--title", "Tin khác nữa")


def test_a_standing_template_is_told_apart() -> None:
    new()

    async def stand(office: Office) -> None:
        async with office.database.reading() as session:
            kept = await load(session, "kg26")
        await office.set_state(kept, CampaignState.APPROVED)
        async with office.database.transaction() as session:
            await session.execute(update(CampaignRow).values(terms={"repeats": "card_end"}))

    in_office(stand)
    assert "mẫu đang dùng" in done("list")


def test_an_account_of_one_province_writes_no_campaign() -> None:
    in_office(lambda office: office.staff("dien", "admin", "dien-bien"))
    assert "một tỉnh" in refused("new", "--draft", "mua-nay", "--code", "kg26", "--segment", "tỉnh = Huế", staff="dien")


def test_why_a_campaign_rests_is_told() -> None:
    new()

    async def rest(office: Office) -> None:
        async with office.database.reading() as session:
            kept = await load(session, "kg26")
        await office.set_state(kept, CampaignState.RUNNING)

    in_office(rest)
    assert "tạm dừng (cán bộ)" in done("pause", "kg26")


def test_a_test_message_goes_to_ones_own_chat_only() -> None:
    new()
    assert "chưa ai nhắn" in refused("test", "kg26", "--to", "555")
    assert "không có tài khoản zalo:1" in refused("test", "kg26", "--to", "telegram-1", "--account", "zalo:1")


def test_the_day_of_the_start_decides_about_the_school_year() -> None:
    new("--starts", "2027-08-15 08:00")
    assert "Năm học 2027-2028" in done("show", "kg26", "--toml")
