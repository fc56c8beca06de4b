"""What staff do with campaigns: each of these is one transaction, for the command line and the console alike.

`staff` is the id of a member of staff whose role was checked before. What is not possible raises an OutreachError.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.channels.zalo.rules import Rules
from bot.outreach import approval, audience, editing, trial
from bot.outreach.audit import Step, note
from bot.outreach.checking import Finding
from bot.outreach.delivery import running
from bot.outreach.eligibility import Eligibility
from bot.outreach.errors import CampaignError
from bot.outreach.messages import say
from bot.outreach.pictures import check_picture
from bot.outreach.preview import preview, reach
from bot.store.campaigns import count_recipients, list_authors, list_campaigns, list_events, list_unknown
from bot.store.images import keep_image, read_image
from bot.store.models import CampaignState

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.clock import Clock
    from bot.config import Settings
    from bot.outreach.campaign import Campaign
    from bot.outreach.manuscript import Manuscript
    from bot.outreach.preview import Preview, Sample
    from bot.store.campaigns import Doubtful, Event
    from bot.store.database import Database
    from bot.store.models import CampaignRow
    from bot.store.session import Session
    from bot.store.vocabulary import Verdict
    from knowledge.base import KnowledgeBase

UNSTARTED = (CampaignState.DRAFT, CampaignState.SUBMITTED)


@dataclass(frozen=True)
class Desk:
    """An office's campaigns."""

    database: Database
    settings: Settings
    base: KnowledgeBase
    clock: Clock

    async def listed(self) -> list[CampaignRow]:
        """All campaigns, the newest first."""
        async with self.database.reading() as session:
            return await list_campaigns(session)

    async def campaign(self, code: str) -> Campaign:
        async with self.database.reading() as session:
            return await editing.load(session, code)

    async def history(self, code: str) -> list[Event]:
        async with self.database.reading() as session:
            return await list_events(session, (await editing.load(session, code)).id)

    async def wrote(self, code: str, staff: int) -> bool:
        """Whether somebody wrote, changed or handed in any of it, so that they cannot approve it."""
        async with self.database.reading() as session:
            campaign = await editing.load(session, code)
            return staff in await list_authors(session, campaign.id, approval.WRITING)

    async def samples(self, code: str) -> tuple[Sample, ...]:
        """How its messages read, without a look at who gets them."""
        return preview(await self.campaign(code), {}, self.base, self.settings, self.clock()).samples

    async def recipients(self, code: str) -> dict[tuple[str, str | None], int]:
        """How many recipients are in each state, by reason."""
        async with self.database.reading() as session:
            return await count_recipients(session, (await editing.load(session, code)).id)

    async def create(self, manuscript: Manuscript, staff: int) -> Campaign:
        """Keep a new draft. In place of a query there may be the name of a saved segment, whose query is copied."""
        async with self.database.transaction() as session:
            written = await _resolved(session, manuscript)
            return await editing.create(session, written, staff, self.clock())

    async def edit(self, code: str, manuscript: Manuscript, staff: int, *, seen: int | None = None) -> Campaign:
        """Replace all that is written of a campaign; the approval is void when anything changed.

        `seen` is the revision that was changed, for a form that may have been open for long.
        """
        async with self.database.transaction() as session:
            campaign = await editing.load(session, code)
            if seen not in {None, campaign.revision}:
                raise CampaignError(say("changed_meanwhile"))
            written = await _resolved(session, manuscript)
            return await editing.edit(session, campaign, written, staff, self.clock())

    async def keep_image(self, content: bytes) -> str:
        """Keep an image for the texts of campaigns, which name it by its hash."""
        if len(content) > Rules.load().on(self.clock().date()).limit.image:
            raise CampaignError(say("image_too_large"))
        check_picture(content)
        async with self.database.transaction() as session:
            return await keep_image(session, content, self.clock())

    async def preview(self, code: str) -> Preview:
        """What the campaign would do now."""
        async with self.database.reading() as session:
            return await self._preview(session, await editing.load(session, code))

    async def try_out(self, code: str, account: str, address: str, staff: int) -> int:
        """Send the wordings of a channel to one chat that has written to us; gives their number."""
        async with self.database.reading() as session:
            campaign = await editing.load(session, code)
            seen = await self._preview(session, campaign)
            to = await trial.own_chat(session, self.settings, account, address)
        if not seen.samples:
            raise CampaignError([str(finding) for finding in seen.findings])
        async with trial.opened_outlet(account, self.settings, self.database, self.base, self.clock) as outlet:
            return await trial.send_trial(
                self.database, campaign, seen.samples, to, outlet, staff=staff, clock=self.clock
            )

    async def submit(self, code: str, staff: int) -> Preview:
        """Hand in a draft; gives what its approver will see."""
        async with self.database.transaction() as session:
            campaign = await editing.load(session, code)
            seen = await self._preview(session, campaign)
            await approval.submit(session, campaign, seen.people, seen.findings, staff, self.clock())
        return seen

    async def approve(self, code: str, seal: str, staff: int) -> None:
        """Approve what was seen under this seal."""
        async with self.database.transaction() as session:
            campaign = await editing.load(session, code)
            people = await audience.count(session, campaign, self.clock())
            await approval.approve(session, campaign, people, seal, staff=staff, now=self.clock())

    async def reject(self, code: str, why: str, staff: int) -> None:
        async with self.database.transaction() as session:
            campaign = await editing.load(session, code)
            await approval.reject(session, campaign, why, staff=staff, now=self.clock())

    async def start(self, code: str, staff: int) -> None:
        """Have the running bot begin now with an approved campaign that has no other time set."""
        now = self.clock()
        async with self.database.transaction() as session:
            campaign = await editing.load(session, code)
            if campaign.terms.repeats is not None:
                raise CampaignError(say("standing"))
            if campaign.state is CampaignState.APPROVED and campaign.starts is not None and campaign.starts > now:
                raise CampaignError(say("scheduled", starts=f"{campaign.starts:%H:%M %d/%m/%Y}"))
            people = await audience.count(session, campaign, now)
            released = await approval.release(session, campaign, people, now)
            if released:
                await running.begin_planning(session, campaign.id, now)
                await note(session, campaign.id, Step.RELEASED, staff, now)
        if not released:
            raise CampaignError(say("voided"))

    async def pause(self, code: str, staff: int) -> None:
        async with self.database.transaction() as session:
            campaign = await editing.load(session, code)
            if not await running.pause(session, campaign.id, "staff", staff, self.clock()):
                raise CampaignError(say("wrong_state", state=say(f"state_{campaign.state}")))

    async def resume(self, code: str, staff: int) -> None:
        async with self.database.transaction() as session:
            campaign = await editing.load(session, code)
            await running.resume(session, campaign.id, staff, self.clock())

    async def cancel(self, code: str, staff: int) -> None:
        async with self.database.transaction() as session:
            campaign = await editing.load(session, code)
            if campaign.state in UNSTARTED:
                await approval.discard(session, campaign, staff=staff, now=self.clock())
            else:
                await running.cancel(session, campaign.id, "staff", staff, self.clock())

    async def doubtful(self, code: str) -> list[Doubtful]:
        """Everybody of unknown outcome."""
        async with self.database.reading() as session:
            return await list_unknown(session, (await editing.load(session, code)).id)

    async def settle(self, code: str, verdict: Verdict, staff: int, only: Collection[int] = ()) -> int:
        """Decide about everybody of unknown outcome, or about these people only; gives their number."""
        async with self.database.transaction() as session:
            campaign = await editing.load(session, code)
            known = {one.person for one in await list_unknown(session, campaign.id)}
            if strangers := sorted(set(only) - known):
                raise CampaignError(say("not_in_doubt", people=", ".join(map(str, strangers))))
            if not known:
                return 0
            return await running.decide_unknown(session, campaign.id, verdict, staff, self.clock(), only)

    async def _preview(self, session: Session, campaign: Campaign) -> Preview:
        now = self.clock()
        rules = Eligibility.of(campaign, self.settings, now)
        reached = await reach(session, rules, audience.audience(campaign, now))
        seen = preview(campaign, reached, self.base, self.settings, now)
        missing = [
            Finding(key, say("unknown_image"))
            for key, variant in campaign.content.variants.items()
            if variant.image is not None and await read_image(session, variant.image) is None
        ]
        return replace(seen, findings=(*seen.findings, *missing), samples=() if missing else seen.samples)


async def _resolved(session: Session, manuscript: Manuscript) -> Manuscript:
    queries = {"segment": await audience.resolved(session, manuscript.segment)}
    if manuscript.exclude:
        queries["exclude"] = await audience.resolved(session, manuscript.exclude)
    return manuscript.model_copy(update=queries)
