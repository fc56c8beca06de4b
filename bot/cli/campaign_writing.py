"""`bhyt-bot campaign drafts`, `new` and `edit`: writing a campaign."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from bot.cli.campaign_desk import acting_as, tell_state
from bot.cli.console import notices, output
from bot.cli.opening import StaffLogin
from bot.store.vocabulary import StaffRole

if TYPE_CHECKING:
    from bot.outreach.desk import Desk
    from bot.outreach.preview import Preview

Code = Annotated[str, typer.Argument(help="Code of the campaign, such as kg26.")]
File = Annotated[Path | None, typer.Option("--file", help="A TOML file such as `show --toml` prints; - reads it here.")]
Title = Annotated[str | None, typer.Option(help="Title, for staff.")]
Purpose = Annotated[str | None, typer.Option(help="What it is for, for the approver.")]
Segment = Annotated[str | None, typer.Option(help="Who gets it: a saved segment or a query, see `bhyt-bot segment`.")]
Exclude = Annotated[str | None, typer.Option(help="Who of them does not.")]
Starts = Annotated[str | None, typer.Option(help='Not before, Vietnamese time: "2026-11-25 08:00".')]
Ends = Annotated[str | None, typer.Option(help="Not from then on.")]
Priority = Annotated[int | None, typer.Option(min=-100, max=100, help="Higher goes first on the same account.")]


def drafts(name: Annotated[str, typer.Argument(help="Show the slogans and texts of this one.")] = "") -> None:
    """The drafts that come with the program: official seasons with their slogans, this year's, priority groups."""
    from bot.cli import campaign_views as views
    from bot.outreach.drafts import draft
    from bot.outreach.drafts import drafts as shipped

    if not name:
        output().print(views.draft_table(shipped()))
        return
    from knowledge.base import load

    chosen = draft(name)
    output().print(views.slogan_table(chosen, load()))
    for key, variant in chosen.texts.items():
        output().print(Text(f"\n[{key}]\n{variant.text.strip()}"))


def image(file: Annotated[Path, typer.Argument(help="PNG or JPEG, up to 1 MB.")], staff: StaffLogin = "") -> None:
    """Keep an image for campaigns and print the line by which a text names it."""

    async def keep(desk: Desk, _me: int) -> str:
        return await desk.keep_image(file.read_bytes())

    output().print(f'image = "{acting_as(staff, StaffRole.EDITOR, keep)}"', soft_wrap=True)


def new(  # noqa: PLR0913 - the options
    *,
    code: Annotated[str | None, typer.Option(help="Letters, then two to four digits; people may type it.")] = None,
    draft: Annotated[str, typer.Option(help="Begin with one of `campaign drafts`.")] = "",
    slogan: Annotated[str, typer.Option(help="One of the draft's slogans, such as 2024-10.")] = "",
    file: File = None,
    title: Title = None,
    purpose: Purpose = None,
    segment: Segment = None,
    exclude: Exclude = None,
    starts: Starts = None,
    ends: Ends = None,
    priority: Priority = None,
    staff: StaffLogin = "",
) -> None:
    """Keep a new draft, from a shipped draft or a file. An option goes before the file, the file before the draft."""
    options = _given(
        code=code, title=title, purpose=purpose, segment=segment, exclude=exclude, starts=starts, ends=ends,
        priority=priority,
    )  # fmt: skip

    async def write(desk: Desk, me: int) -> Preview:
        from bot.outreach.manuscript import Manuscript, parsed

        values = {**(parsed(_read(file)) if file else {}), **options}
        if draft:
            values = {**_drafted(desk, draft, slogan, values), **values}
        return await desk.preview((await desk.create(Manuscript.of(values), me)).code)

    _written(acting_as(staff, StaffRole.EDITOR, write))


def edit(  # noqa: PLR0913 - the options
    *,
    code: Code,
    file: File = None,
    title: Title = None,
    purpose: Purpose = None,
    segment: Segment = None,
    exclude: Exclude = None,
    starts: Starts = None,
    ends: Ends = None,
    priority: Priority = None,
    staff: StaffLogin = "",
) -> None:
    """Change a campaign that has not begun. Whatever is changed, it has to be approved again."""
    options = _given(
        title=title, purpose=purpose, segment=segment, exclude=exclude, starts=starts, ends=ends, priority=priority
    )

    async def write(desk: Desk, me: int) -> Preview:
        from bot.outreach.manuscript import Manuscript, parsed
        from bot.store.models import CampaignState

        kept = await desk.campaign(code)
        values = parsed(_read(file) if file else Manuscript.copy_of(kept).toml())
        written = Manuscript.of({"code": kept.code, **values, **options})
        seen = await desk.preview((await desk.edit(code, written, me)).code)
        if kept.state is not CampaignState.DRAFT and seen.campaign.state is CampaignState.DRAFT:
            notices().print("Đã sửa nên lần gửi duyệt, phê duyệt trước không còn hiệu lực.")
        return seen

    _written(acting_as(staff, StaffRole.EDITOR, write))


def _drafted(desk: Desk, name: str, slogan: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a shipped draft, for the day on which the campaign is to begin."""
    from datetime import datetime

    from bot.outreach.drafts import draft

    starts = values.get("starts")
    try:
        day = starts if isinstance(starts, datetime) else datetime.fromisoformat(str(starts))
    except ValueError:
        day = desk.clock()
    return draft(name).values(desk.base, day.date(), slogan)


def _given(**options: object) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _read(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"cannot be read: {type(error).__name__}", param_hint="--file") from None


def _written(seen: Preview) -> None:
    """Say what was kept, and what still has to be mended before it can be handed in."""
    from bot.cli import campaign_views as views

    code = seen.campaign.code
    tell_state(seen.campaign)
    views.show_findings(notices(), seen.findings)
    notices().print(f"{seen.people} người trong nhóm. Xem thử: bhyt-bot campaign preview {code}")
