"""What makes a change live and what takes it back: tried with all others first, then written, then put in place.

The trying takes a second and is done outside any transaction. The transaction looks whether the same changes are still
live; when not, all is tried anew.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING

from bot.drafts.errors import BrokenError, ChangedError, DraftError, NotAllowedError, ProblemsError, WrongStepError
from bot.drafts.overlay import lay_over, text_of
from bot.drafts.regression import broken
from bot.drafts.texts import say
from bot.store import drafts as store
from bot.store.models import DraftState, StaffRole
from knowledge.check import check_entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.clock import Clock
    from bot.core import Core
    from bot.drafts.draft import Draft
    from bot.drafts.live import LiveKnowledge
    from bot.drafts.overlay import Overlay
    from bot.outreach.staff import Staff
    from bot.store.database import Database
    from bot.store.session import Session

TRIES = 3
"""How often it is tried when somebody else's change comes first."""


@dataclass(frozen=True)
class Approval:
    """Approves and takes back changes of the answers; both count at once in this process."""

    database: Database
    live: LiveKnowledge
    clock: Clock

    async def approve(self, staff: Staff, number: int, revision: int) -> None:
        """Make the revision that was seen live. Raises ProblemsError or BrokenError when it must not go out."""
        require(staff, StaffRole.APPROVER)
        async with self.live.lock:
            for _ in range(TRIES):
                async with self.database.reading() as session:
                    draft = await _approvable(session, staff, number, revision)
                    others = await store.live_drafts(session)
                started = perf_counter()
                core, overlay = await asyncio.to_thread(self.live.built, [*others, draft])
                await self._allow(draft, core, overlay, [*others, draft])
                if await self._go_live(staff, draft, others):
                    async with self.database.reading() as session:
                        drafts = [*others, await store.find_draft(session, number)]
                    self.live.adopt(core, overlay, drafts, started)
                    return
        raise ChangedError(say("busy"))

    async def roll_back(self, staff: Staff, number: int) -> None:
        """Take back the latest change of an answer: it says again what it said before."""
        require(staff, StaffRole.APPROVER)
        async with self.live.lock:
            for _ in range(TRIES):
                async with self.database.reading() as session:
                    draft = await in_state(session, number, DraftState.LIVE)
                    before = await store.live_drafts(session)
                self._allow_back(draft, before)
                drafts, started = [other for other in before if other.id != number], perf_counter()
                core, overlay = await asyncio.to_thread(self.live.built, drafts)
                lost = set(overlay.unusable) - set(lay_over(self.live.repository.base, before).unusable)
                if lost:
                    raise DraftError(say("still_needed", others=", ".join(sorted(each.entry for each in lost))))
                if await self._take_back(number, before):
                    self.live.adopt(core, overlay, drafts, started)
                    return
        raise ChangedError(say("busy"))

    async def _allow(self, draft: Draft, core: Core, overlay: Overlay, drafts: Sequence[Draft]) -> None:
        """Raises DraftError for a change with which the answers would be worse than without it."""
        if draft in overlay.overtaken:
            raise ChangedError(say("overtaken", entry=draft.entry))
        today = self.clock().date()
        base = overlay.base.having({draft.file: draft.text})
        if problems := await asyncio.to_thread(check_entry, draft.entry, base, today):
            raise ProblemsError(problems)
        failed = await asyncio.to_thread(broken, core, overlay.used(drafts), today)
        failed_before = (
            broken(self.live.core, [each for each in drafts if each.id != draft.id], today) if failed else []
        )
        if new := [each for each in failed if each not in failed_before]:
            raise BrokenError(new)

    def _allow_back(self, draft: Draft, live: Sequence[Draft]) -> None:
        latest = [other.id for other in live if other.entry == draft.entry][-1]
        if latest != draft.id:
            raise DraftError(say("not_on_top", entry=draft.entry, number=latest))
        if draft.text == text_of(self.live.repository.base, draft.file):
            raise DraftError(say("released"))

    async def _go_live(self, staff: Staff, draft: Draft, others: Sequence[Draft]) -> bool:
        """False when it would go live among other changes than those that it was tried with."""
        now = self.clock()
        async with self.database.transaction() as session:
            if not await _still(session, others):
                return False
            await _approvable(session, staff, draft.id, draft.revision)
            latest = others[-1].went_live if others else None
            # The order of changes must not hang on the clocks of several machines.
            went_live = max(now, latest + timedelta(microseconds=1)) if latest else now
            state = {"state": DraftState.LIVE.value, "approved_by": staff.id}
            await store.change_draft(session, draft.id, **state, went_live=went_live, updated=now)
        return True

    async def _take_back(self, number: int, before: Sequence[Draft]) -> bool:
        async with self.database.transaction() as session:
            if not await _still(session, before):
                return False
            await store.change_draft(session, number, state=DraftState.ROLLED_BACK.value, updated=self.clock())
        return True


def require(staff: Staff, least: StaffRole) -> None:
    """Raises NotAllowedError for somebody of a lower role."""
    if not staff.may(least):
        raise NotAllowedError(say("needs_role", role=least))


async def in_state(session: Session, number: int, *states: DraftState) -> Draft:
    """The draft, locked, when it is in one of these states; raises DraftError."""
    draft = await store.find_draft(session, number, locked=True)
    if draft.state not in states:
        raise WrongStepError(say("wrong_step", number=number, state=say(f"state_{draft.state}")))
    return draft


async def _approvable(session: Session, staff: Staff, number: int, revision: int) -> Draft:
    draft = await in_state(session, number, DraftState.SUBMITTED)
    if staff.id in await store.list_authors(session, number):
        raise NotAllowedError(say("same_person"))
    if draft.revision != revision:
        raise ChangedError(say("other_revision", revision=draft.revision))
    return draft


async def _still(session: Session, live: Sequence[Draft]) -> bool:
    """Whether these changes are live, and stay so until the transaction ends."""
    await store.hold(session)
    return await store.live_ids(session) == tuple(draft.id for draft in live)
