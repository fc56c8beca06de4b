"""`bhyt-bot poster`."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.console import notices, output
from bot.cli.context import settings
from bot.cli.opening import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from bot.config import Settings
    from bot.outreach.campaign import Campaign
    from bot.outreach.materials.announcement import Announcement
    from bot.outreach.materials.themes import Theme
    from knowledge.base import KnowledgeBase

app = typer.Typer(help="Posters, share cards and radio texts of a campaign.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="Code of the campaign, such as kg26; a new one only counts who comes.")]
Office = Annotated[str, typer.Option("--office", help="Province, such as dong-thap (a file in knowledge/offices).")]
SloganId = Annotated[
    str, typer.Option("--slogan", help="Id in knowledge/slogans.toml, such as 2024-10; default: that of the campaign.")
]
School = Annotated[str, typer.Option("--school", help="Code of a school, so that who comes is counted for it.")]
Days = Annotated[tuple[str, str], typer.Option("--days", help="First and last day; default: those of the campaign.")]
Out = Annotated[Path, typer.Option("--out", help="Folder for the files.")]
ThemeName = Annotated[str, typer.Option("--theme", help="Colours; see `poster themes`.")]
STANDARD = "xanh-duong"


@app.command("themes")
def list_themes() -> None:
    """The colour themes, and the slogans there are."""
    from bot.outreach.materials.themes import themes
    from knowledge.base import load

    table = Table("bộ màu", "tên", box=None)
    for name, theme in themes().items():
        table.add_row(name, theme.label)
    output().print(table)
    table = Table("khẩu hiệu", "năm học", "nguyên văn", box=None)
    for slogan in load().slogans.slogans:
        table.add_row(slogan.id, slogan.school_year, slogan.text)
    output().print(table)


@app.command("make")
def make(
    code: Code,
    office: Office,
    slogan: SloganId = "",
    school: School = "",
    days: Days = ("", ""),
    theme: ThemeName = STANDARD,
    out: Out = Path(),
) -> None:
    """An A4 poster: PNG and PDF at 300 dots an inch."""
    from bot.outreach.materials.poster import poster

    _draw("ap-phich", poster, (code, office, slogan, school, days), theme, out)


@app.command("card")
def card(
    code: Code,
    office: Office,
    slogan: SloganId = "",
    school: School = "",
    days: Days = ("", ""),
    theme: ThemeName = STANDARD,
    out: Out = Path(),
) -> None:
    """A square card: PNG to share on Zalo or Facebook, PDF to print."""
    from bot.outreach.materials.card import card as draw

    _draw("the-chia-se", draw, (code, office, slogan, school, days), theme, out)


@app.command("radio")
def radio(
    code: Code,
    office: Office,
    slogan: SloganId = "",
    days: Days = ("", ""),
    out: Annotated[Path | None, typer.Option("--out", help="Folder for a text file; default: standard output.")] = None,
) -> None:
    """A text for the ward loudspeaker, 60 to 90 seconds, numbers written as they are read."""
    from bot.clock import now
    from bot.outreach.materials.files import stem
    from bot.outreach.materials.radio import script

    base, announcement, parts = _announcement(code, office, slogan, "", days)
    written = script(base, announcement, now().date())
    if out is None:
        output().print(written.text, markup=False)
    else:
        path = _file(out, stem("loa-phuong-xa", *parts), "txt")
        path.write_text(f"{written.text}\n", encoding="utf-8")
        _tell(path)
    notices().print(f"{written.syllables} tiếng, đọc chậm khoảng {written.seconds} giây.", markup=False)


def _draw(
    kind: str,
    draw: Callable[[Announcement, Theme], Image.Image],
    wanted: tuple[str, str, str, str, tuple[str, str]],
    theme: str,
    out: Path,
) -> None:
    """Write what is announced as a PNG and a PDF of the same picture."""
    from bot.clock import now
    from bot.outreach.materials import themes
    from bot.outreach.materials.files import save_pdf, save_png, stem

    colours = themes.theme(theme)
    _, announcement, parts = _announcement(*wanted)
    with notices().status("Đang vẽ…"):
        image, name = draw(announcement, colours), stem(kind, *parts)
        save_png(image, _file(out, name, "png"))
        save_pdf(image, _file(out, name, "pdf"), announcement.slogan, now())
    _tell(_file(out, name, "png"), _file(out, name, "pdf"))


def _announcement(
    code: str, office: str, slogan: str, school: str, days: tuple[str, str]
) -> tuple[KnowledgeBase, Announcement, tuple[str, ...]]:
    """What is announced today, and what its files are called by."""
    from bot.clock import now
    from bot.outreach.materials.wish import Wish
    from knowledge.base import load

    loaded, base = settings(quiet=True), load()
    plain = code.strip().lower().removeprefix("c-")
    wish = Wish(plain, office, slogan, school, *(_day(written) for written in days))
    campaign = asyncio.run(_campaign(loaded, plain))
    wish = wish.completed(campaign, base)
    announcement = wish.announcement(base, loaded, now().date())
    if not announcement.doors:
        notices().print("Không in mã QR: chưa đặt telegram.username hay Zalo OA cho tỉnh này.", style="yellow")
    return base, announcement, wish.parts


async def _campaign(loaded: Settings, code: str) -> Campaign | None:
    from bot.outreach.campaign import Campaign
    from bot.store.campaigns import find_campaign

    async with opened(loaded) as database, database.reading() as session:
        row = await find_campaign(session, code)
        return Campaign.of(row) if row is not None else None


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise typer.BadParameter("must be a day such as 2026-09-05", param_hint="--days") from None


def _file(folder: Path, name: str, ending: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.{ending}"


def _tell(*paths: Path) -> None:
    for path in paths:
        output().print(str(path), markup=False, soft_wrap=True)
