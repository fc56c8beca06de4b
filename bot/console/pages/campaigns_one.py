"""One campaign: what people would read, who gets it, approval, progress while it runs, and every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.channels.accounts import provinces
from bot.console.audiences import sentence
from bot.console.route import Route, Scope
from bot.errors import ConfigError
from bot.outreach.approval import shown
from bot.outreach.delivery.running import GOING
from bot.outreach.editing import EDITABLE
from bot.outreach.errors import NoCampaignError, OutreachError
from bot.outreach.manuscript import Manuscript
from bot.outreach.reports.tallies import Tally, total
from bot.store.images import read_image
from bot.store.models import CampaignState, RecipientState, StaffRole, StaffRow
from bot.store.vocabulary import Verdict
from bot.web.markup import LightMarkup

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from bot.console.route import Handler
    from bot.console.visit import Visit
    from bot.store.campaigns import Event

    Step = Callable[[Visit, str, int], Awaitable[None]]

WHY = 300
IMAGE = 2 * 1024 * 1024
"""Bytes of a file that is looked at; `Desk.keep_image` knows what the platforms take."""
PARTS = ("sent", "left", "waiting", "skipped", "unknown", "failed")
"""Of the bar, as `Tally` counts them."""
PLANNED = (RecipientState.PLANNED, RecipientState.WAITING, RecipientState.SKIPPED)
_MARKUP = LightMarkup()


async def get_campaign(visit: Visit) -> web.Response:
    """The preview of a campaign that has not begun, the progress of one that has."""
    return await _page(visit)


async def _page(visit: Visit, problem: str = "") -> web.Response:
    desk, code, me = visit.console.campaigns, visit.request.match_info["code"], visit.me.staff
    try:
        campaign = await desk.campaign(code)
    except NoCampaignError:
        return visit.page("problem", status=404, code="missing")
    visit.object = f"campaign:{campaign.id}"
    recipients = await desk.recipients(code)
    tally = total(Tally.of(state, count) for (state, _), count in recipients.items())
    seen = await desk.preview(code) if campaign.state in EDITABLE else None
    scheduled = campaign.starts is not None and campaign.starts > visit.now
    return visit.page(
        "campaign",
        status=409 if problem else 200,
        problem=problem,
        campaign=campaign,
        says_segment=sentence(campaign.segment),
        leaves_out=sentence(campaign.exclude),
        seen=seen,
        planned=PLANNED,
        samples=seen.samples if seen else await desk.samples(code),
        render=_MARKUP.render,
        tally=tally,
        parts=list(_bar(tally)),
        reasons=sorted(recipients.items(), key=lambda item: -item[1]),
        going=campaign.state in GOING,
        editable=campaign.state in EDITABLE,
        scheduled=scheduled,
        due=campaign.state is CampaignState.APPROVED and not scheduled and campaign.terms.repeats is None,
        approves=me.may(StaffRole.APPROVER),
        wrote=await desk.wrote(code, me.id),
        steps=[(event, _details(event)) for event in reversed(await desk.history(code))],
        accounts=sorted(provinces(visit.console.settings)),
        own=await _own_chat(visit),
        verdicts=[verdict.value for verdict in Verdict],
        why=visit.field("why"),
    )


def _bar(tally: Tally) -> Iterator[tuple[str, float, float]]:
    """The parts that are not empty, with where each begins and how long it is, in hundredths."""
    begin = 0.0
    for part in PARTS:
        count = getattr(tally, part)
        if count:
            width = 100 * count / tally.people
            yield part, round(begin, 2), round(width, 2)
            begin += width


def _details(event: Event) -> Mapping[str, object]:
    """What a step was about, as far as it is told."""
    detail = dict(event.detail)
    if "seal" in detail:
        detail["seal"] = shown(str(detail["seal"]))
    return detail


async def get_image(visit: Visit) -> web.Response:
    """An image that a wording names by its hash."""
    async with visit.console.database.reading() as session:
        image = await read_image(session, visit.request.match_info["name"])
    if image is None:
        return visit.page("problem", status=404, code="missing")
    return web.Response(body=image.content, content_type=image.content_type)


async def _own_chat(visit: Visit) -> str:
    """The Telegram number of who is signed in, which is that of their chat with the bot."""
    async with visit.console.database.reading() as session:
        row = await session.get(StaffRow, visit.me.staff.id)
        return (row.telegram if row else "") or ""


async def _submit(visit: Visit, code: str, staff: int) -> None:
    await visit.console.campaigns.submit(code, staff)


async def _approve(visit: Visit, code: str, staff: int) -> None:
    visit.detail = {"seal": visit.field("seal")[:64]}
    await visit.console.campaigns.approve(code, visit.field("seal"), staff)


async def _reject(visit: Visit, code: str, staff: int) -> None:
    await visit.console.campaigns.reject(code, visit.field("why")[:WHY], staff)


async def _start(visit: Visit, code: str, staff: int) -> None:
    await visit.console.campaigns.start(code, staff)


async def _pause(visit: Visit, code: str, staff: int) -> None:
    await visit.console.campaigns.pause(code, staff)


async def _resume(visit: Visit, code: str, staff: int) -> None:
    await visit.console.campaigns.resume(code, staff)


async def _cancel(visit: Visit, code: str, staff: int) -> None:
    await visit.console.campaigns.cancel(code, staff)


async def _test(visit: Visit, code: str, staff: int) -> None:
    await visit.console.campaigns.try_out(code, visit.field("account"), visit.field("to")[:64], staff)


async def _image(visit: Visit, code: str, staff: int) -> None:
    """Put an image to one wording."""
    desk, key = visit.console.campaigns, visit.field("wording")
    campaign = await desk.campaign(code)
    written = Manuscript.copy_of(campaign)
    if key not in written.texts:
        raise web.HTTPBadRequest
    shown_with = written.texts[key].model_copy(update={"image": await desk.keep_image(visit.file)})
    changed = written.model_copy(update={"texts": {**written.texts, key: shown_with}})
    await desk.edit(code, changed, staff, seen=campaign.revision)


async def _settle(visit: Visit, code: str, staff: int) -> None:
    try:
        verdict = Verdict(visit.field("verdict"))
    except ValueError:
        raise web.HTTPBadRequest from None
    visit.detail = {"verdict": verdict.value}
    await visit.console.campaigns.settle(code, verdict, staff)


def _taking(name: str, step: Step) -> Handler:
    """The handler of one step: back to the campaign when it is done, or the campaign with what went wrong."""

    async def post(visit: Visit) -> web.StreamResponse:
        desk, code = visit.console.campaigns, visit.request.match_info["code"]
        try:
            campaign = await desk.campaign(code)
            await step(visit, code, visit.me.staff.id)
        except NoCampaignError:
            return visit.page("problem", status=404, code="missing")
        except (OutreachError, ConfigError) as error:
            return await _page(visit, str(error))
        visit.object = f"campaign:{campaign.id}"
        return visit.go(f"/campaigns/{campaign.code}", done=f"campaign_{name}")

    return post


STEPS: dict[str, tuple[Step, StaffRole]] = {
    "submit": (_submit, StaffRole.EDITOR),
    "approve": (_approve, StaffRole.APPROVER),
    "reject": (_reject, StaffRole.APPROVER),
    "start": (_start, StaffRole.EDITOR),
    "pause": (_pause, StaffRole.EDITOR),
    "resume": (_resume, StaffRole.APPROVER),
    "cancel": (_cancel, StaffRole.EDITOR),
    "test": (_test, StaffRole.EDITOR),
    "image": (_image, StaffRole.EDITOR),
    "settle": (_settle, StaffRole.APPROVER),
}

routes = (
    Route("GET", "/campaigns/images/{name}", get_image, StaffRole.EDITOR, Scope.COUNTRY),
    Route("GET", "/campaigns/{code}", get_campaign, StaffRole.EDITOR, Scope.COUNTRY),
    *(
        Route(
            "POST",
            f"/campaigns/{{code}}/{name}",
            _taking(name, step),
            least,
            Scope.COUNTRY,
            f"campaign_{name}",
            upload=IMAGE if name == "image" else 0,
        )
        for name, (step, least) in STEPS.items()
    ),
)
