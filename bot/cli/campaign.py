"""`bhyt-bot campaign`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from bot.cli import campaign_writing
from bot.cli.campaign_desk import acting_as, at_desk, moved, tell_state
from bot.cli.campaign_writing import Code
from bot.cli.console import Exit, notices, output
from bot.cli.opening import StaffLogin
from bot.store.vocabulary import StaffRole, Verdict

if TYPE_CHECKING:
    from bot.outreach.campaign import Campaign
    from bot.outreach.desk import Desk
    from bot.outreach.preview import Preview

app = typer.Typer(help="Campaigns: write, preview, approve, run.", no_args_is_help=True)

COUNTING = "Đang đếm người nhận…"

app.command("drafts")(campaign_writing.drafts)
app.command("image")(campaign_writing.image)
app.command("new")(campaign_writing.new)
app.command("edit")(campaign_writing.edit)


@app.command("show")
def show(
    code: Code, toml: Annotated[bool, typer.Option("--toml", help="As a file for `edit --file`.")] = False
) -> None:
    """A campaign as it was written, and how far its recipients are."""
    from bot.cli import campaign_views as views
    from bot.outreach.manuscript import Manuscript

    async def look(desk: Desk) -> tuple[Campaign, dict[tuple[str, str | None], int]]:
        return await desk.campaign(code), await desk.recipients(code)

    campaign, recipients = at_desk(look)
    output().print(Text(Manuscript.copy_of(campaign).toml()), end="", soft_wrap=True)
    if not toml:
        tell_state(campaign)
        if waiting := views.only_waiting(campaign, recipients):
            notices().print(waiting)
        if recipients:
            output().print(views.recipient_table(recipients))


@app.command("list")
def list_campaigns() -> None:
    """All campaigns, the newest first."""
    from bot.cli import campaign_views as views

    output().print(views.campaign_table(at_desk(lambda desk: desk.listed())))


@app.command("preview")
def preview(code: Code) -> None:
    """What people would read, who would get it, what it costs and how long it takes. Exit code 1 when it cannot go."""
    from bot.cli import campaign_views as views

    with notices().status(COUNTING):
        seen = at_desk(lambda desk: desk.preview(code))
    views.show_preview(output(), seen)
    if not seen.may_be_submitted:
        raise typer.Exit(Exit.PROBLEMS)


@app.command("test")
def try_out(
    code: Code,
    to: Annotated[str, typer.Option("--to", help="Your own chat: its number on Telegram, your user id on Zalo.")],
    account: Annotated[str, typer.Option(help="The account to send it through.")] = "telegram",
    staff: StaffLogin = "",
) -> None:
    """Send it to a chat of your own. You must have written to the bot from there."""
    sent = acting_as(staff, StaffRole.EDITOR, lambda desk, me: desk.try_out(code, account, to, me))
    notices().print(f"Đã gửi {sent} tin thử.")


@app.command("submit")
def submit(code: Code, staff: StaffLogin = "") -> None:
    """Hand in a draft for approval by somebody else."""
    from bot.cli import campaign_views as views

    seen: Preview = acting_as(staff, StaffRole.EDITOR, lambda desk, me: desk.submit(code, me))
    views.show_findings(notices(), seen.findings)
    notices().print(f"Đã gửi duyệt, {seen.people} người. Mã niêm phong: {seen.seal}")


@app.command("approve")
def approve(
    code: Code,
    seal: Annotated[
        str, typer.Option(help="The seal that `preview` showed; without it the preview is shown first.")
    ] = "",
    staff: StaffLogin = "",
) -> None:
    """Approve exactly what was seen. It must be somebody else's work; it begins at its time."""
    from bot.cli import campaign_views as views

    seen = seal
    if not seen:
        with notices().status(COUNTING):
            shown = at_desk(lambda desk: desk.preview(code))
        views.show_preview(output(), shown)
        typer.confirm("Duyệt chiến dịch này?", abort=True, err=True)
        seen = shown.seal
    moved(code, staff, StaffRole.APPROVER, lambda desk, me: desk.approve(code, seen, me))


@app.command("reject")
def reject(
    code: Code, why: Annotated[str, typer.Option(help="What has to be changed.")], staff: StaffLogin = ""
) -> None:
    """Give a campaign back to who wrote it."""
    moved(code, staff, StaffRole.APPROVER, lambda desk, me: desk.reject(code, why, me))


@app.command("start")
def start(code: Code, staff: StaffLogin = "") -> None:
    """Begin now with an approved campaign; `bhyt-bot run` must be running."""
    moved(code, staff, StaffRole.EDITOR, lambda desk, me: desk.start(code, me))


@app.command("pause")
def pause(code: Code, staff: StaffLogin = "") -> None:
    """Write to nobody else for now. What is under way goes on."""
    moved(code, staff, StaffRole.EDITOR, lambda desk, me: desk.pause(code, me))


@app.command("resume")
def resume(code: Code, staff: StaffLogin = "") -> None:
    """Go on where it was paused."""
    moved(code, staff, StaffRole.APPROVER, lambda desk, me: desk.resume(code, me))


@app.command("cancel")
def cancel(code: Code, staff: StaffLogin = "") -> None:
    """End it for good: whoever has not got it will not."""
    moved(code, staff, StaffRole.EDITOR, lambda desk, me: desk.cancel(code, me))


@app.command("watch")
def watch(code: Code, every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks.")] = 2.0) -> None:
    """Follow a campaign until it rests; Ctrl-C stops looking, not the campaign."""
    from bot.cli.campaign_watch import follow

    tell_state(at_desk(lambda desk: follow(desk, code, every)))


@app.command("unknown")
def unknown(
    code: Code,
    verdict: Annotated[
        Verdict | None,
        typer.Argument(help="resend may bring it a second time; sent and failed only note it. Without: list them."),
    ] = None,
    only: Annotated[
        list[int] | None, typer.Option("--only", help="Number of a contact; may be given several times. Default: all.")
    ] = None,
    staff: StaffLogin = "",
) -> None:
    """Recipients of whom nobody knows whether they got it: a process died, or the line broke, while it was sending."""
    from bot.cli import campaign_views as views

    if verdict is None:
        output().print(views.doubtful_table(at_desk(lambda desk: desk.doubtful(code))))
        return
    settled = acting_as(staff, StaffRole.APPROVER, lambda desk, me: desk.settle(code, verdict, me, only or ()))
    notices().print(f"Đã quyết định về {settled} người.")


@app.command("history")
def history(code: Code) -> None:
    """Every step of a campaign: when, who, what."""
    from bot.cli import campaign_views as views

    output().print(views.history_table(at_desk(lambda desk: desk.history(code))))
