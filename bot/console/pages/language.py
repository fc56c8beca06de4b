"""The language of the pages, kept with the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from bot.console.addresses import local
from bot.console.route import Route
from bot.console.words import LANGUAGES
from bot.store.models import StaffRole, StaffRow
from bot.web.refusals import Refusal, Refused

if TYPE_CHECKING:
    from aiohttp import web

    from bot.console.visit import Visit


async def post_language(visit: Visit) -> web.Response:
    """Back to where it was changed, in the other language."""
    language = visit.field("language")
    if language not in LANGUAGES:
        raise Refusal(Refused.BAD_REQUEST)
    async with visit.console.database.transaction() as session:
        await session.execute(update(StaffRow).where(StaffRow.id == visit.me.staff.id).values(language=language))
    return visit.go(local(visit.field("next")).removeprefix("/console"))


routes = (Route("POST", "/language", post_language, StaffRole.AGENT, audit="language_changed"),)
