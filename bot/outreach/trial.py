"""A test message to a chat of one's own, before anybody else gets it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.channels.accounts import channel_of, provinces
from bot.channels.inbound import Channel
from bot.delivery.errors import DeliveryError
from bot.delivery.images import Images
from bot.delivery.outlet import Recipient
from bot.outbound import OutboundMessage
from bot.outreach.audit import Step, note
from bot.outreach.errors import CampaignError
from bot.outreach.messages import say
from bot.store.models import ConversationRow, IdentityRow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.channels.inbound import Event
    from bot.clock import Clock
    from bot.config import Settings
    from bot.delivery.outlet import Outlet
    from bot.outreach.campaign import Campaign
    from bot.outreach.preview import Sample
    from bot.store.database import Database
    from bot.store.session import Session
    from knowledge.base import KnowledgeBase


async def send_trial(
    database: Database,
    campaign: Campaign,
    samples: Sequence[Sample],
    to: Recipient,
    outlet: Outlet,
    *,
    staff: int,
    clock: Clock,
) -> int:
    """Send each wording of the channel to one chat; gives their number. Raises CampaignError when one is not taken."""
    channel = channel_of(to.account)
    theirs = [sample.reply for sample in samples if sample.channel == channel]
    for reply in theirs:
        marked = replace(reply, text=f"**{say('trial_mark', code=campaign.code)}**\n\n{reply.text}")
        try:
            for send in outlet.sends(to, OutboundMessage(0, 0, marked)):
                await send()
        except DeliveryError as error:
            raise CampaignError(say("trial_failed", code=error.code)) from None
    async with database.transaction() as session:
        await note(session, campaign.id, Step.TESTED, staff, clock(), account=to.account, messages=len(theirs))
    return len(theirs)


async def own_chat(session: Session, settings: Settings, account: str, address: str) -> Recipient:
    """Somebody who has written to an account of ours from this address; raises CampaignError when nobody has."""
    if account not in provinces(settings):
        raise CampaignError(say("no_such_account", account=account, known=", ".join(provinces(settings)) or "–"))
    query = (
        select(ConversationRow.last_interaction)
        .join(IdentityRow, IdentityRow.id == ConversationRow.identity_id)
        .where(IdentityRow.account == account, IdentityRow.sender == address)
    )
    last = (await session.execute(query)).scalar_one_or_none()
    if last is None:
        raise CampaignError(say("trial_stranger", account=account))
    return Recipient(account, address, last)


@asynccontextmanager
async def opened_outlet(
    account: str, settings: Settings, database: Database, base: KnowledgeBase, clock: Clock
) -> AsyncIterator[Outlet]:
    """One account to send through, in a process that takes no messages; raises ConfigError."""
    if channel_of(account) is Channel.TELEGRAM:
        from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415 - its library is slow to import

        images = Images(account, database, clock)
        telegram = TelegramChannel(
            settings.telegram, _take_nothing, clock, public_url=settings.web.public_url, images=images
        )
        try:
            yield telegram.outlet
        finally:
            await telegram.close()
        return
    from bot.channels.zalo.channel import ZaloChannel  # noqa: PLC0415 - as above

    offices = base.offices
    zalo = ZaloChannel(
        settings.zalo, _take_nothing, database, clock, alert=_tell_nobody, offices=offices, observe=_observe_nothing
    )
    try:
        yield zalo.outlets[account]
    finally:
        await zalo.close()


async def _take_nothing(_events: Sequence[Event]) -> None:
    """This process takes no messages."""


async def _tell_nobody(_what: str) -> None:
    """Whoever runs the command reads what went wrong."""


def _observe_nothing(_kind: str) -> None:
    """Counts are those of the running bot."""
