"""`bhyt-bot quiz`."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.table import Table

from bot.cli.console import notices, output
from bot.cli.context import settings
from bot.cli.opening import StaffLogin, opened
from bot.store.vocabulary import StaffRole

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.outreach.quiz import Score
    from bot.store.models import QuizRow, QuizSeriesRow
    from bot.store.session import Session

Row = TypeVar("Row")
WEEKLY = "Đố vui tuần {tuan}"

app = typer.Typer(help="The quiz of the week: rounds, scores, certificates.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="Code of the round, such as 2026-w47; it also decides which questions.")]


@app.command("new")
def new(
    code: Code,
    title: Annotated[str, typer.Option(help="What people read, such as “Đố vui tuần 47”.")],
    first: Annotated[str, typer.Option("--from", help="First day, such as 2026-11-23.")],
    last: Annotated[str, typer.Option("--to", help="Last day that counts.")],
    questions: Annotated[int, typer.Option(help="How many questions.")] = 5,
    staff: StaffLogin = "",
) -> None:
    """Draw the questions of a round; those asked least before come first. Needs an editor."""
    from bot.outreach.quiz import open_round
    from knowledge.base import load
    from knowledge.dates import vietnamese_date
    from knowledge.rendering import fill

    base, opens, closes = load(), _day(first, "--from"), _day(last, "--to")

    def make(session: Session) -> Awaitable[QuizRow]:
        return open_round(session, base, code=code, title=title, count=questions, first=opens, last=closes)

    row = asyncio.run(_changed(staff, make))
    days = f"từ {vietnamese_date(opens)} đến hết {vietnamese_date(closes)}"
    notices().print(f"Vòng {row.code}: {len(row.questions)} câu, tính điểm {days}.", markup=False)
    for number, name in enumerate(row.questions, 1):
        asked = fill(base.quiz.questions[name].ask, base.facts, opens)
        output().print(f"{number}. {asked} [{name}]", markup=False)


@app.command("weekly")
def weekly(
    first: Annotated[str, typer.Option("--from", help="First day of the first round, such as 2026-11-30.")],
    title: Annotated[str, typer.Option(help="What people read; {tuan} becomes the number of the week.")] = WEEKLY,
    until: Annotated[str, typer.Option(help="Last day on which a round may begin; default: until `quiz stop`.")] = "",
    days: Annotated[int, typer.Option(min=1, max=7, help="On how many days each round counts.")] = 7,
    questions: Annotated[int, typer.Option(help="How many questions.")] = 5,
    staff: StaffLogin = "",
) -> None:
    """Let a round follow the other, one a week, each drawn when it opens by the running bot. Needs an editor."""
    from bot.clock import now
    from bot.outreach.quiz_series import Series, begin_series
    from knowledge.base import load

    base, last = load(), _day(until, "--until") if until else None
    series = Series(title, questions, _day(first, "--from"), days, last)
    row = asyncio.run(_changed(staff, lambda session: begin_series(session, base, series, now())))
    notices().print(_told(row), markup=False)


@app.command("stop")
def stop(staff: StaffLogin = "") -> None:
    """No more round follows by itself; one that is open goes on to its end. Needs an editor."""
    from bot.clock import now
    from bot.outreach.quiz_series import stop_series

    asyncio.run(_changed(staff, lambda session: stop_series(session, now())))
    notices().print("Không mở thêm vòng nào nữa. Vòng đang mở vẫn chạy đến ngày cuối.", markup=False)


@app.command("list")
def list_rounds() -> None:
    """All rounds, the latest first, and whether more follow by themselves."""
    from bot.clock import VIETNAM, now

    table = Table("mã", "tên", "số câu", "mở", "đóng", "trạng thái", box=None)
    moment = now()
    rounds, series = asyncio.run(_rounds(moment))
    for row in rounds:
        state = "sắp mở" if moment < row.opens else "đang mở" if moment < row.closes else "đã đóng"
        last = row.closes - timedelta(minutes=1)
        opens, closes = (f"{each.astimezone(VIETNAM):%d/%m/%Y %H:%M}" for each in (row.opens, last))
        table.add_row(row.code, row.title, str(len(row.questions)), opens, closes, state)
    output().print(table)
    if series is not None:
        notices().print(_told(series), markup=False)


@app.command("close")
def close(code: Code, staff: StaffLogin = "") -> None:
    """End a round before its time. Needs an editor."""
    from bot.clock import now
    from bot.outreach.quiz import close_round

    row = asyncio.run(_changed(staff, lambda session: close_round(session, code, now())))
    notices().print(f"Vòng {row.code} đã đóng.", markup=False)


@app.command("winners")
def winners(code: Code, limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many.")] = 10) -> None:
    """The highest scores, of equals the quicker first, by number of the contact."""
    from bot.clock import VIETNAM
    from knowledge.base import load

    offices = load().offices
    table = Table("hạng", "liên hệ", "tỉnh", "điểm", "lúc", box=None)
    for place, score in enumerate(asyncio.run(_best(code, limit)), 1):
        moment = f"{score.finished.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"
        reached = f"{score.score}/{score.out_of}"
        home = offices[score.province].short_name if score.province in offices else "–"
        table.add_row(str(place), str(score.person), home, reached, moment)
    output().print(table)


@app.command("certificate")
def certificate(
    code: Code,
    score: Annotated[
        int | None, typer.Argument(min=0, help="Questions answered right, of somebody who did not play with the bot.")
    ] = None,
    *,
    contact: Annotated[
        int | None, typer.Option(min=1, help="Number of who played, as in `quiz winners`; gives their score.")
    ] = None,
    office: Annotated[str, typer.Option(help="Province, such as dong-thap (a file in knowledge/offices).")],
    name: Annotated[str, typer.Option(help="As the person wants to be called; kept nowhere but in the file.")] = "",
    theme: Annotated[str, typer.Option(help="Colours; see `poster themes`.")] = "xanh-duong",
    out: Annotated[Path, typer.Option(help="Folder for the file.")] = Path(),
) -> None:
    """A certificate of a round as a picture, for somebody's score or for one that is typed. No file is overwritten."""
    from bot.clock import now
    from bot.outreach.errors import OutreachError
    from bot.outreach.materials.announcement import office_name
    from bot.outreach.materials.certificate import Achievement, shown_name
    from bot.outreach.materials.certificate import certificate as draw
    from bot.outreach.materials.files import stem
    from bot.outreach.materials.themes import theme as colours
    from knowledge.base import load
    from knowledge.search.folding import fold

    row, reached, out_of = asyncio.run(_scored(code, score, contact))
    whose = f"lien-he-{contact}" if contact else "-".join(fold(shown_name(name)).split())
    path = out / f"{stem('chung-nhan', code, whose, f'{reached}-{out_of}')}.png"
    if path.exists():
        raise OutreachError(f"Đã có tệp {path}. Hãy đổi tên hoặc chuyển tệp đó đi, hay ghi --name cho người khác.")
    office = office_name(load(), office)
    image = draw(Achievement(row.title, reached, out_of, now().date(), office, name), colours(theme))
    out.mkdir(parents=True, exist_ok=True)
    image.save(path, "PNG", optimize=True)
    output().print(str(path), markup=False, soft_wrap=True)


def _told(series: QuizSeriesRow) -> str:
    """A series in words."""
    from knowledge.dates import vietnamese_date

    last = f"đến {vietnamese_date(series.last)}" if series.last else "đến khi dừng bằng `bhyt-bot quiz stop`"
    return (
        f"“{series.title}”: mỗi tuần một vòng {series.questions} câu, mở {series.days} ngày, "
        f"từ {vietnamese_date(series.first)}, {last}."
    )


async def _changed(staff: str, change: Callable[[Session], Awaitable[Row]]) -> Row:
    from bot.outreach.staff import acting

    async with opened(settings(quiet=True)) as database, database.transaction() as session:
        await acting(session, staff, StaffRole.EDITOR)
        return await change(session)


async def _rounds(now: datetime) -> tuple[list[QuizRow], QuizSeriesRow | None]:
    from bot.outreach.quiz import all_rounds
    from bot.outreach.quiz_series import running_series

    async with opened(settings(quiet=True)) as database, database.reading() as session:
        return await all_rounds(session), await running_series(session, now)


async def _scored(code: str, typed: int | None, contact: int | None) -> tuple[QuizRow, int, int]:
    """A round, and what is certified: the score and of how many. Raises OutreachError."""
    from bot.outreach.errors import OutreachError
    from bot.outreach.quiz import reached, the_round

    async with opened(settings(quiet=True)) as database, database.reading() as session:
        row = await the_round(session, code)
        match typed, contact:
            case None, int():
                theirs = await reached(session, code, contact)
                return row, theirs.score, theirs.out_of
            case int(), None if typed <= len(row.questions):
                return row, typed, len(row.questions)
            case int(), None:
                raise OutreachError(f"Vòng {code} chỉ có {len(row.questions)} câu.")
    raise OutreachError("Ghi một trong hai: số câu đúng, hoặc --contact và số liên hệ của người đã chơi với bot.")


async def _best(code: str, limit: int) -> list[Score]:
    from bot.outreach.quiz import best

    async with opened(settings(quiet=True)) as database, database.reading() as session:
        return await best(session, code, limit)


def _day(written: str, option: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter("must be a day such as 2026-11-23", param_hint=option) from None
