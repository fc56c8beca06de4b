"""All campaigns by what has to be done with them, and what a new one can begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.console.audiences import sentence
from bot.console.route import Route, Scope
from bot.outreach.drafts import drafts
from bot.outreach.reports.results import tallies
from bot.outreach.reports.tallies import Tally
from bot.store.models import CampaignState, StaffRole

if TYPE_CHECKING:
    from aiohttp import web

    from bot.console.visit import Visit
    from bot.store.models import CampaignRow

GROUPS = {
    "submitted": (CampaignState.SUBMITTED,),
    "going": (CampaignState.PLANNING, CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.APPROVED),
    "drafts": (CampaignState.DRAFT,),
    "over": (CampaignState.FINISHED, CampaignState.CANCELLED),
}


@dataclass(frozen=True)
class Listed:
    """A campaign in the list: whom it is for in words, and how far it is."""

    row: CampaignRow
    says: str
    tally: Tally

    @property
    def done(self) -> int:
        return self.tally.people - self.tally.left


async def get_campaigns(visit: Visit) -> web.Response:
    """Those to approve first, then those under way, drafts, and what is over."""
    console = visit.console
    rows = await console.campaigns.listed()
    async with console.database.reading() as session:
        counted = await tallies(session, [row.id for row in rows])
    listed = [Listed(row, sentence(row.segment), counted.get(row.id, Tally())) for row in rows]
    groups = {key: [one for one in listed if one.row.state in states] for key, states in GROUPS.items()}
    return visit.page("campaigns", groups=groups)


async def get_new(visit: Visit) -> web.Response:
    """What comes with the program, each with its official slogans, or nothing."""
    base = visit.console.core.base
    slogans = {slogan.id: slogan for slogan in base.slogans.slogans}
    return visit.page("campaigns_new", drafts=drafts(), slogans=slogans, base=base)


routes = (
    Route("GET", "/campaigns", get_campaigns, StaffRole.EDITOR, Scope.COUNTRY, nav="campaigns"),
    Route("GET", "/campaigns/new", get_new, StaffRole.EDITOR, Scope.COUNTRY),
)
