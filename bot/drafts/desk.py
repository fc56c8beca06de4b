"""What staff do with drafts: each of these is one transaction, for the command line and the console alike.

    draft ─submit─▶ submitted ─approve, by somebody who wrote none of it─▶ live ─roll back─▶ rolled back
      ▲                 │ edit, reject
      └─────────────────┘

What is not possible raises a DraftError and changes nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.drafts.approval import Approval, in_state, require
from bot.drafts.draft import Draft, file_of
from bot.drafts.errors import ChangedError, DraftError, ProblemsError
from bot.drafts.overlay import text_of
from bot.drafts.texts import say
from bot.drafts.writing import one_line, read, with_phrasing
from bot.store import drafts as store
from bot.store.models import DraftState, StaffRole
from knowledge.check import check_entry

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.clock import Clock
    from bot.drafts.live import LiveKnowledge
    from bot.outreach.staff import Staff
    from bot.store.database import Database
    from bot.store.models import KnowledgeRevisionRow
    from knowledge.base import KnowledgeBase
    from knowledge.errors import Problem

OPEN = (DraftState.DRAFT, DraftState.SUBMITTED, DraftState.REJECTED)
"""States in which a draft may be edited."""


@dataclass(frozen=True)
class DraftDesk:
    """An office's changes of the answers."""

    database: Database
    live: LiveKnowledge
    clock: Clock

    @property
    def base(self) -> KnowledgeBase:
        """The answers as they are now."""
        return self.live.core.base

    async def drafts(self, states: Collection[DraftState] = OPEN, entry: str = "") -> list[Draft]:
        """Drafts in these states, of one answer when it is named, the latest changed first."""
        async with self.database.reading() as session:
            return await store.list_drafts(session, states, entry)

    async def draft(self, number: int) -> Draft:
        async with self.database.reading() as session:
            return await store.find_draft(session, number)

    async def revisions(self, number: int) -> list[tuple[KnowledgeRevisionRow, str]]:
        """What a draft said in each revision, with the login of who wrote it, the latest first."""
        async with self.database.reading() as session:
            return await store.list_revisions(session, number)

    async def problems(self, draft: Draft) -> list[Problem]:
        """What `knowledge check` finds in a draft, by line."""
        base = self.base.having({draft.file: draft.text})
        return await asyncio.to_thread(check_entry, draft.entry, base, self.clock().date())

    def text(self, entry: str) -> str:
        """The file of an answer as it is now; raises DraftError when there is none."""
        if entry not in self.base.entries:
            raise DraftError(say("no_answer", entry=entry[:60]))
        return self.base.text(self.base.entry(entry).file)

    async def add_phrasing(self, staff: Staff, entry: str, phrasing: str, question: str = "") -> Draft:
        """A draft of one more way of asking for an answer. `question` is the unanswered one that it came from."""
        language = "en" if self.live.core.search.read(phrasing).english else "vi"
        return await self.write(staff, with_phrasing(self.text(entry), phrasing, language), question=question)

    async def write(self, staff: Staff, text: str, *, question: str = "", note: str = "") -> Draft:
        """A draft of a new answer, or of a new text for the one that the head of `text` names."""
        require(staff, StaffRole.EDITOR)
        values, now = self._values(text), self.clock()
        more = {"question": one_line(question), "note": note.strip(), "created_by": staff.id}
        async with self.database.transaction() as session:
            number = await store.add_draft(session, **values, **more, created=now, updated=now)
            await store.keep_revision(session, number, 1, staff.id, str(values["text"]), now)
            return await store.find_draft(session, number)

    async def edit(self, staff: Staff, number: int, text: str, *, note: str = "") -> Draft:
        """Another text for a draft, against the answer as it is now; it has to be submitted again."""
        require(staff, StaffRole.EDITOR)
        now = self.clock()
        async with self.database.transaction() as session:
            draft = await in_state(session, number, *OPEN)
            values = self._values(text, draft.entry if draft.before is not None else "")
            more = {"state": DraftState.DRAFT.value, "revision": draft.revision + 1, "note": note.strip()}
            await store.change_draft(session, number, **values, **more, updated=now)
            await store.keep_revision(session, number, draft.revision + 1, staff.id, str(values["text"]), now)
            return await store.find_draft(session, number)

    async def submit(self, staff: Staff, number: int) -> Draft:
        """Hand a draft in for approval. Raises ProblemsError when `knowledge check` finds anything in it."""
        require(staff, StaffRole.EDITOR)
        seen = await self.draft(number)
        if problems := await self.problems(seen):
            raise ProblemsError(problems)
        async with self.database.transaction() as session:
            draft = await in_state(session, number, DraftState.DRAFT)
            if draft.revision != seen.revision:
                raise ChangedError(say("other_revision", revision=draft.revision))
            await store.change_draft(session, number, state=DraftState.SUBMITTED.value, updated=self.clock())
            return await store.find_draft(session, number)

    async def reject(self, staff: Staff, number: int, why: str) -> Draft:
        """Give a draft back to who wrote it."""
        require(staff, StaffRole.APPROVER)
        if not why.strip():
            raise DraftError(say("no_reason"))
        async with self.database.transaction() as session:
            await in_state(session, number, DraftState.SUBMITTED)
            values = {"state": DraftState.REJECTED.value, "note": why.strip()}
            await store.change_draft(session, number, **values, updated=self.clock())
            return await store.find_draft(session, number)

    async def approve(self, staff: Staff, number: int, revision: int) -> Draft:
        """Make the revision that was seen live; see `Approval.approve`."""
        await Approval(self.database, self.live, self.clock).approve(staff, number, revision)
        return await self.draft(number)

    async def roll_back(self, staff: Staff, number: int) -> Draft:
        """Take back the latest change of an answer; see `Approval.roll_back`."""
        await Approval(self.database, self.live, self.clock).roll_back(staff, number)
        return await self.draft(number)

    def _values(self, text: str, must_be: str = "") -> dict[str, str | None]:
        """The columns that a text gives; raises DraftError. `must_be` is the only answer that it may be of."""
        text, entry = read(text)
        if must_be and entry.id != must_be:
            raise DraftError(say("other_entry", entry=must_be))
        known = self.base.entries.get(entry.id)
        if known is not None and known.topic != entry.topic:
            raise DraftError(say("other_topic", entry=entry.id, topic=known.topic))
        before = text_of(self.base, file_of(entry.topic, entry.id))
        return {"entry": entry.id, "topic": entry.topic, "text": text, "before": before}
