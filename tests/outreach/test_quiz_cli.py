"""The quiz and the share card from the command line."""

from __future__ import annotations

import asyncio
import os
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from sqlalchemy import insert
from typer.testing import CliRunner

from bot.cli import poster, quiz
from bot.errors import BotError
from bot.outreach.quiz import open_round
from bot.store.models import QuizScoreRow
from tests.databases import migrated
from tests.knowledge.real import real_base
from tests.outreach.office import NOW, Office

if TYPE_CHECKING:
    from pathlib import Path

    import typer
    from click.testing import Result

EDITOR = "lan"
WEEK = date(2026, 11, 16)
FACE = ("--office", "dien-bien")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the database of an office: a round of five questions, in which contact 1 had two and 2 had four."""
    for name in [name for name in os.environ if name.startswith("BHYT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("knowledge.base.load", real_base)
    monkeypatch.setattr("bot.clock.now", lambda: NOW)
    monkeypatch.setenv("BHYT_TELEGRAM__TOKEN", "1:x")
    monkeypatch.setenv("BHYT_TELEGRAM__USERNAME", "bhyt_hssv_bot")
    asyncio.run(settle())
    return tmp_path


async def settle() -> None:
    database = await migrated("sqlite:///var/bhyt.sqlite3")
    office = Office(database)
    await office.staff(EDITOR)
    people = [await office.person(province="dien-bien") for _ in range(3)]
    async with database.transaction() as session:
        last = WEEK + timedelta(days=6)
        row = await open_round(session, real_base(), code="tuan-47", title="Tuần 47", count=5, first=WEEK, last=last)
        for person, score in zip(people, (2, 4), strict=False):
            played = {"quiz_id": row.id, "person_id": person, "score": score, "out_of": 5, "finished": NOW}
            await session.execute(insert(QuizScoreRow).values(played))
    await database.close()


def run(app: typer.Typer, *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def refused(*arguments: str) -> str:
    """What a command says that cannot be carried out."""
    result = run(quiz.app, *arguments)
    assert isinstance(result.exception, BotError), result.output
    return str(result.exception)


def test_a_certificate_says_what_its_person_reached_and_is_called_by_them(home: Path) -> None:
    first, second = (run(quiz.app, "certificate", "tuan-47", "--contact", str(who), *FACE) for who in (1, 2))
    assert first.stdout.strip() == "chung-nhan_tuan-47_lien-he-1_2-5.png"
    assert second.stdout.strip() == "chung-nhan_tuan-47_lien-he-2_4-5.png"
    pictures = [(home / made.stdout.strip()).read_bytes() for made in (first, second)]
    assert pictures[0] != pictures[1]


def test_winners_who_did_not_play_with_the_bot_are_called_by_their_names(home: Path) -> None:
    for name, file in (
        ("Nguyễn Thị Ánh", "chung-nhan_tuan-47_nguyen-thi-anh_4-5.png"),
        ("Lò Văn Đức", "chung-nhan_tuan-47_lo-van-duc_4-5.png"),
        ("", "chung-nhan_tuan-47_4-5.png"),
    ):
        assert run(quiz.app, "certificate", "tuan-47", "4", "--name", name, *FACE).stdout.strip() == file
    assert len(list(home.glob("*.png"))) == 3


def test_no_certificate_is_overwritten(home: Path) -> None:
    run(quiz.app, "certificate", "tuan-47", "4", *FACE)
    (file,) = home.glob("*.png")
    before = file.read_bytes()
    assert f"Đã có tệp {file.name}" in refused("certificate", "tuan-47", "4", "--theme", "xanh-la", *FACE)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ((), "Ghi một trong hai"),
        (("4", "--contact", "2"), "Ghi một trong hai"),
        (("6",), "chỉ có 5 câu"),
        (("--contact", "3"), "Liên hệ 3 chưa có điểm trong vòng tuan-47"),
        (("--contact", "99"), "Liên hệ 99 chưa có điểm"),
    ],
)
def test_a_score_that_nobody_reached_is_not_certified(home: Path, arguments: tuple[str, ...], what: str) -> None:
    assert what in refused("certificate", "tuan-47", *arguments, *FACE)
    assert not list(home.glob("*.png"))


def test_the_winners_are_listed_with_the_names_of_their_provinces() -> None:
    lines = run(quiz.app, "winners", "tuan-47").stdout.splitlines()
    assert [line.split()[:5] for line in lines[1:]] == [
        ["1", "2", "Điện", "Biên", "4/5"],
        ["2", "1", "Điện", "Biên", "2/5"],
    ]


def test_a_round_tells_its_days() -> None:
    days = ("--from", "2026-11-23", "--to", "2026-11-29")
    made = run(quiz.app, "new", "tuan-48", "--title", "Tuần 48", *days, "--staff", EDITOR)
    assert "Vòng tuan-48: 5 câu, tính điểm từ 23/11/2026 đến hết 29/11/2026." in made.stderr
    assert len(made.stdout.splitlines()) == 5


def test_rounds_follow_each_other_until_they_are_stopped() -> None:
    begun = run(quiz.app, "weekly", "--from", "2027-01-04", "--questions", "4", "--staff", EDITOR)
    told = "“Đố vui tuần {tuan}”: mỗi tuần một vòng 4 câu, mở 7 ngày, từ 04/01/2027, đến khi dừng bằng"
    assert told in begun.stderr
    listed = run(quiz.app, "list")
    assert "tuan-47" in listed.stdout
    assert told in listed.stderr
    stopped = run(quiz.app, "stop", "--staff", EDITOR)
    assert "Không mở thêm vòng nào" in stopped.stderr
    assert told not in run(quiz.app, "list").stderr
    until = run(quiz.app, "weekly", "--from", "2027-01-04", "--until", "2027-05-31", "--staff", EDITOR)
    assert "đến 31/5/2027." in until.stderr


def test_the_share_card_is_a_picture_and_a_square_page(home: Path) -> None:
    days = ("--days", "2026-11-01", "2026-12-31")
    made = run(poster.app, "card", "kg26", *FACE, "--slogan", "2024-10", *days)
    picture, page = (home / name for name in made.stdout.split())
    assert (picture.suffix, page.suffix, picture.stem) == (".png", ".pdf", page.stem)
    with Image.open(picture) as read:
        assert read.size == (1080, 1080)
    assert b"/MediaBox [ 0 0 259.2 259.2 ]" in page.read_bytes()
