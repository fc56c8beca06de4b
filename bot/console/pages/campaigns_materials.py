"""Poster, share card and radio text of a campaign: to be looked at, and as files."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy import select

from bot.console.pages.campaigns_report import attached
from bot.console.route import Route, Scope
from bot.outreach.errors import NoCampaignError, OutreachError
from bot.outreach.materials.announcement import slogan_in
from bot.outreach.materials.card import card
from bot.outreach.materials.files import save_pdf, save_png, stem
from bot.outreach.materials.poster import poster
from bot.outreach.materials.radio import script
from bot.outreach.materials.themes import STANDARD, theme, themes
from bot.outreach.materials.wish import Wish
from bot.store.models import SchoolRow, StaffRole
from knowledge.errors import FactError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiohttp import web
    from PIL import Image

    from bot.console.visit import Visit
    from bot.outreach.campaign import Campaign
    from bot.outreach.materials.announcement import Announcement
    from bot.outreach.materials.themes import Theme

    Drawing = Callable[[Announcement, Theme], Image.Image]

CHOICES = ("office", "slogan", "school", "theme", "first", "last")
NAMES = {"poster": "ap-phich", "card": "the-chia-se", "radio": "loa-phuong-xa"}
DRAWN: dict[str, tuple[str, Drawing]] = {
    "poster.png": ("image/png", poster),
    "poster.pdf": ("application/pdf", poster),
    "card.png": ("image/png", card),
    "card.pdf": ("application/pdf", card),
}
SMALL = 560
"""Pixels across, to be looked at on the page."""
SCHOOLS = 1_000
KEPT = "private, max-age=600"

_DRAWING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
"""A poster takes a second of a core and 30 MB; people must be answered meanwhile."""


async def get_materials(visit: Visit) -> web.Response:
    """What to choose, and how it looks."""
    console, base = visit.console, visit.console.core.base
    campaign = await _campaign(visit)
    if campaign is None:
        return visit.page("problem", status=404, code="missing")
    chosen = {name: visit.query.get(name, "").strip()[:60] for name in CHOICES}
    chosen["slogan"] = chosen["slogan"] or slogan_in(base, campaign.content)
    chosen["theme"] = chosen["theme"] or STANDARD
    announcement, spoken, problem = None, None, ""
    if chosen["office"]:
        try:
            announcement = _wish(visit, campaign).announcement(base, console.settings, visit.now.date())
            spoken = script(base, announcement, visit.now.date())
            theme(chosen["theme"])
        except (OutreachError, FactError) as error:
            announcement, problem = None, str(error)
    async with console.database.reading() as session:
        ours = select(SchoolRow.code, SchoolRow.name).where(SchoolRow.province == chosen["office"])
        schools = (await session.execute(ours.order_by(SchoolRow.name).limit(SCHOOLS))).all()
    return visit.page(
        "campaigns_materials",
        campaign=campaign,
        chosen=chosen,
        query=urlencode({name: value for name, value in chosen.items() if value}),
        offices=console.pages.in_order,
        slogans=base.slogans.slogans,
        themes=themes(),
        schools=schools,
        announcement=announcement,
        spoken=spoken,
        problem=problem,
    )


async def get_file(visit: Visit) -> web.Response:
    """One of them as a file; with `?small=1` a picture that fits on the page."""
    name, base, campaign = visit.request.match_info["name"], visit.console.core.base, await _campaign(visit)
    if campaign is None or (name not in DRAWN and name != "radio.txt"):
        return visit.page("problem", status=404, code="missing")
    try:
        wish = _wish(visit, campaign)
        announcement = wish.announcement(base, visit.console.settings, visit.now.date())
        colours = theme(visit.query.get("theme") or STANDARD)
        spoken = script(base, announcement, visit.now.date()).text
    except (OutreachError, FactError):
        return visit.page("problem", status=404, code="missing")
    kind, _, ending = name.partition(".")
    file = f"{stem(NAMES[kind], *wish.parts)}.{ending}"
    if name == "radio.txt":
        return attached(f"{spoken}\n".encode(), "text/plain", file)
    content_type, draw = DRAWN[name]
    small = "small" in visit.query and ending == "png"
    work = (_small, announcement, colours, draw) if small else (_whole, announcement, colours, draw, ending, visit.now)
    content = await asyncio.get_running_loop().run_in_executor(_DRAWING, *work)
    response = attached(content, content_type, file)
    if small:
        del response.headers["Content-Disposition"]
        response.headers["Cache-Control"] = KEPT
    return response


def _whole(announcement: Announcement, colours: Theme, draw: Drawing, ending: str, now: datetime) -> bytes:
    file = io.BytesIO()
    if ending == "pdf":
        save_pdf(draw(announcement, colours), file, announcement.slogan, now)
    else:
        save_png(draw(announcement, colours), file)
    return file.getvalue()


def _small(announcement: Announcement, colours: Theme, draw: Drawing) -> bytes:
    file, image = io.BytesIO(), draw(announcement, colours)
    image.thumbnail((SMALL, 2 * SMALL))
    image.save(file, "PNG")
    return file.getvalue()


def _wish(visit: Visit, campaign: Campaign) -> Wish:
    """What the address asks for; raises OutreachError without any slogan."""
    query = visit.query
    office, slogan, school = (query.get(name, "").strip() for name in ("office", "slogan", "school"))
    first, last = (_day(query.get(name, "")) for name in ("first", "last"))
    return Wish(campaign.code, office, slogan, school, first, last).completed(campaign, visit.console.core.base)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


async def _campaign(visit: Visit) -> Campaign | None:
    try:
        return await visit.console.campaigns.campaign(visit.request.match_info["code"])
    except NoCampaignError:
        return None


routes = (
    Route("GET", "/campaigns/{code}/materials", get_materials, StaffRole.EDITOR, Scope.COUNTRY),
    Route("GET", "/campaigns/{code}/materials/{name}", get_file, StaffRole.EDITOR, Scope.COUNTRY),
)
