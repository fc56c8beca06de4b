"""Campaigns that sent something in a period, of the whole country or of one province."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.outreach.reports.groups import safe_groups
from bot.outreach.reports.results import is_withheld, tallies
from bot.outreach.reports.tallies import Tally
from bot.store.models import CampaignRow, RecipientRow, table_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.outreach.reports.period import Period
    from bot.store.session import Session

_recipient = table_of(RecipientRow)
DEEDS = ("replied", "tapped", "opted_out")


@dataclass(frozen=True)
class Sending:
    """A campaign with its figures up to now; None where so few are concerned that one of them might be recognised."""

    code: str
    title: str
    state: str
    tally: Tally | None
    withheld: bool

    def number(self, name: str) -> int | None:
        """A figure of the tally."""
        hidden = self.tally is None or (self.withheld and name in DEEDS)
        return None if hidden else int(getattr(self.tally, name))


async def sendings(session: Session, period: Period, least: int, province: str | None = None) -> tuple[Sending, ...]:
    """The campaigns of a period, in the order in which they began."""
    within = [_recipient.c.sent >= period.begin, _recipient.c.sent < period.end]
    within += [_recipient.c.province == province] if province else []
    of_campaign = select(_recipient.c.id).where(_recipient.c.campaign_id == CampaignRow.id, *within)
    query = select(CampaignRow).where(CampaignRow.started < period.end, of_campaign.exists())
    rows = list(await session.scalars(query.order_by(CampaignRow.started)))
    ids = [row.id for row in rows]
    found: dict[int, Any] = await (_of_province(session, ids, least, province) if province else tallies(session, ids))
    return tuple(_sending(row, found[row.id], least) for row in rows)


def _sending(row: CampaignRow, tally: Tally | None, least: int) -> Sending:
    return Sending(row.code, row.title, row.state, tally, tally is None or is_withheld(tally, least))


async def _of_province(
    session: Session, campaigns: Collection[int], least: int, province: str
) -> dict[int, Tally | None]:
    """The province's part of each campaign, as far as a report of the campaign shows it, too."""
    parts = _recipient.c["campaign_id", "province", "state"]
    counts = (func.count(), *(func.count(_recipient.c[deed]) for deed in DEEDS))
    query = select(*parts, *counts).where(_recipient.c.campaign_id.in_(campaigns)).group_by(*parts)
    cells: defaultdict[int, defaultdict[str | None, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for campaign, where, state, people, *deeds in await session.execute(query):
        cells[campaign][where] += Tally.of(state, people, **dict(zip(DEEDS, deeds, strict=True)))
    return {campaign: safe_groups(cells[campaign], least).shown.get(province) for campaign in campaigns}
