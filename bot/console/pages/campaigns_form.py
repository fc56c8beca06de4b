"""Writing a campaign: one form for everything that its file can hold. What was typed is never lost."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.console.audiences import Looked, look, sentence
from bot.console.manuscripts import KEYS, faults, fields_of, values_of, wave_rows
from bot.console.route import Route, Scope
from bot.outreach.campaign import BUTTONS, Repeats
from bot.outreach.checking import ACTIONS
from bot.outreach.drafts import draft
from bot.outreach.editing import EDITABLE
from bot.outreach.errors import CampaignError, ManuscriptError, NoCampaignError, OutreachError
from bot.outreach.fields import FIELDS
from bot.outreach.manuscript import Manuscript
from bot.outreach.segments.fields import choices, specs
from bot.outreach.segments.saved import EXAMPLES, segments
from bot.store.models import StaffRole
from handlers.dialogues import GUIDES
from handlers.effects import Topic
from knowledge.errors import FactError
from knowledge.rendering import format_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

    from bot.console.visit import Visit
    from bot.outreach.campaign import Campaign

    Faults = Mapping[str, list[str]]

EMPTY: dict[str, Any] = {"topic": Topic.NEWS.value}


async def get_write(visit: Visit) -> web.Response:
    """A new campaign; `?draft=` and `?slogan=` name what comes with the program."""
    query, base = visit.query, visit.console.core.base
    if not query.get("draft"):
        return await _form(visit, fields_of(EMPTY))
    try:
        values = draft(query["draft"]).values(base, visit.now.date(), query.get("slogan", ""))
    except CampaignError:
        return visit.page("problem", status=404, code="missing")
    return await _form(visit, fields_of(values))


async def post_write(visit: Visit) -> web.StreamResponse:
    """Keep a new draft."""
    return await _keep(visit, None)


async def get_edit(visit: Visit) -> web.Response:
    """A campaign that has not begun, to be changed."""
    campaign = await _campaign(visit)
    if campaign is None or campaign.state not in EDITABLE:
        return visit.page("problem", status=404, code="missing")
    return await _form(visit, fields_of(Manuscript.copy_of(campaign).model_dump(mode="json")), campaign)


async def post_edit(visit: Visit) -> web.StreamResponse:
    """Replace all that is written; it has to be approved again."""
    campaign = await _campaign(visit)
    return visit.page("problem", status=404, code="missing") if campaign is None else await _keep(visit, campaign)


async def post_look(visit: Visit) -> web.Response:
    """What is wrong with the form and whom it means, without keeping anything: for browsers without a script."""
    campaign = await _campaign(visit, visit.field("editing")) if visit.field("editing") else None
    try:
        Manuscript.of(values_of(visit.form))
    except ManuscriptError as error:
        return await _form(visit, visit.form, campaign, faults(error.wrong))
    return await _form(visit, visit.form, campaign)


async def get_count(visit: Visit) -> web.Response:
    """Whom `?segment=` without `?exclude=` means: a piece of the form, asked for while somebody types."""
    async with visit.console.database.reading() as session:
        looked = await look(session, visit.query.get("segment", ""), visit.query.get("exclude", ""), visit.now)
    return visit.page("campaigns_count", looked=looked)


async def _keep(visit: Visit, campaign: Campaign | None) -> web.StreamResponse:
    desk, me = visit.console.campaigns, visit.me.staff.id
    async with visit.console.database.reading() as session:
        looked = await look(session, visit.field("segment"), visit.field("exclude"), visit.now)
    try:
        written = Manuscript.of(values_of(visit.form))
        if looked.faults:
            return await _form(visit, visit.form, campaign, {}, status=409)
        if campaign is None:
            kept = await desk.create(written, me)
        else:
            kept = await desk.edit(campaign.code, written, me, seen=_seen(visit))
    except ManuscriptError as error:
        return await _form(visit, visit.form, campaign, faults(error.wrong), status=409)
    except OutreachError as error:
        return await _form(visit, visit.form, campaign, _told(visit, error, campaign), status=409)
    visit.object, visit.detail = f"campaign:{kept.id}", {"code": kept.code}
    return visit.go(f"/campaigns/{kept.code}", done="campaign_saved")


def _told(visit: Visit, error: OutreachError, campaign: Campaign | None) -> dict[str, list[str]]:
    """A new campaign can only fail by its code, which somebody else has; an edit because it is late."""
    if campaign is None:
        return {"code": [str(error)]}
    overtaken = [visit.word("campaigns", "changed_meanwhile")] if _seen(visit) != campaign.revision else []
    return {"form": [str(error), *overtaken]}


async def _form(
    visit: Visit,
    fields: Mapping[str, str],
    campaign: Campaign | None = None,
    wrong: Faults | None = None,
    status: int = 200,
) -> web.Response:
    console, base = visit.console, visit.console.core.base
    async with console.database.reading() as session:
        looked = await look(session, fields.get("segment", ""), fields.get("exclude", ""), visit.now)
        saved = [(row.name, sentence(row.query)) for row in await segments(session)]
    if campaign is not None:
        visit.object = f"campaign:{campaign.id}"
    return visit.page(
        "campaigns_form",
        status=status,
        f=lambda name: fields.get(name, ""),
        campaign=campaign,
        wrong=_all(wrong or {}, looked),
        looked=looked,
        saved=saved,
        examples=examples(),
        specs=[(field.value, spec.name, choices(field)[:8]) for field, spec in specs().items()],
        keys=KEYS,
        buttons=range(BUTTONS),
        waves=wave_rows(fields),
        topics=[topic.value for topic in Topic],
        repeats=[each.value for each in Repeats],
        places=FIELDS,
        figures=_figures(visit),
        targets=[
            *((f"entry:{entry.id}", entry.title_in(visit.language)) for entry in base.entries.values()),
            *((f"guide:{name}", "") for name in GUIDES),
            *((name, "") for name in sorted(ACTIONS)),
        ],
        defaults=console.settings.outreach,
    )


def _all(wrong: Faults, looked: Looked) -> dict[str, list[str]]:
    """Everything that is wrong, by field; a query tells its own better than the check of the whole."""
    return {**wrong, **{name: [what] for name, what in looked.faults.items()}}


def _figures(visit: Visit) -> list[tuple[str, str, str]]:
    """Name, meaning and present value of each figure that a text may name."""
    facts, found = visit.console.core.base.facts, []
    for fact in facts:
        try:
            found.append((fact.id, fact.label, format_value(facts.value(fact.id, visit.now.date()), fact.unit)))
        except FactError:
            continue
    return found


@cache
def examples() -> list[dict[str, str]]:
    """Queries to begin with."""
    found: list[dict[str, str]] = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))["example"]
    return found


async def _campaign(visit: Visit, code: str = "") -> Campaign | None:
    try:
        return await visit.console.campaigns.campaign(code or visit.request.match_info["code"])
    except NoCampaignError:
        return None


def _seen(visit: Visit) -> int:
    """The revision that the form was made from; 0, which no campaign has, when it is not told."""
    given = visit.field("revision")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


routes = (
    Route("GET", "/campaigns/write", get_write, StaffRole.EDITOR, Scope.COUNTRY),
    Route("POST", "/campaigns/write", post_write, StaffRole.EDITOR, Scope.COUNTRY, "campaign_written"),
    Route("POST", "/campaigns/write/look", post_look, StaffRole.EDITOR, Scope.COUNTRY, "campaign_checked"),
    Route("GET", "/campaigns/count", get_count, StaffRole.EDITOR, Scope.COUNTRY, background=True),
    Route("GET", "/campaigns/{code}/edit", get_edit, StaffRole.EDITOR, Scope.COUNTRY),
    Route("POST", "/campaigns/{code}/edit", post_edit, StaffRole.EDITOR, Scope.COUNTRY, "campaign_edited"),
)
