"""The bot's side of a conversation that staff has: it keeps quiet, and knows when to speak again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from bot.cases import waiting
from bot.cases.book import Book
from bot.cases.clocks import OfficeHours
from bot.cases.events import Bus
from bot.cases.texts import say
from bot.settings import CasesSettings
from bot.store.models import CaseEventKind, CaseEventRow, CaseRow
from handlers.effects import OpenCase, Urgency
from handlers.turn import Reply, ReplyKind, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from bot.cases.case import Case
    from bot.store.session import Session
    from bot.store.threads import Thread
    from handlers.effects import Effect
    from handlers.memory import Memory

REOPEN = timedelta(days=3)
"""How long after its end a case is open again when the citizen says that it is not settled."""
_WORDS = [kind.value for kind in (CaseEventKind.TAKEN, CaseEventKind.TRANSFERRED, CaseEventKind.REPLY)]


@dataclass(frozen=True)
class Attended:
    """How a conversation stands at the beginning of a turn; `said` goes before what the bot says."""

    memory: Memory
    standing: Standing = Standing.NONE
    said: tuple[Reply, ...] = ()


class Attendant:
    """Looks after the cases of a conversation, turn by turn, in the turn's own transaction."""

    def __init__(
        self, hotline: Callable[[date], str], settings: CasesSettings | None = None, bus: Bus | None = None
    ) -> None:
        self.settings = settings or CasesSettings()
        self.hours = OfficeHours.of(self.settings)
        self.bus = bus or Bus()
        self.hotline = hotline
        self._held_for = timedelta(hours=self.settings.hold_hours)

    def book(self, session: Session, now: datetime) -> Book:
        return Book(session, now, onward=bool(self.settings.webhook_url))

    async def attend(self, book: Book, thread: Thread) -> Attended:
        """Whether staff has this conversation; the memory names the case that goes on, and no other."""
        memory = thread.memory
        if thread.held_by is None and memory.case is None:
            return Attended(memory)
        if thread.held_by is not None and (case := await book.by_id(thread.held_by)) is not None:
            if not await self.lapsed(book, case):
                return Attended(memory.having(case=case.number), Standing.HELD)
            said = await self.give_back(book, case, memory.language)
            return Attended(memory.having(case=case.number), said=(said,))
        case = await book.by_number(memory.case) if memory.case is not None else None
        if case is not None and case.alive:
            return Attended(memory)
        if case is None or case.merged_into is not None or book.now - (case.resolved or case.updated) > REOPEN:
            return Attended(memory.having(case=None))
        return Attended(memory, Standing.RESOLVED)

    async def lapsed(self, book: Book, case: Case) -> bool:
        """Whether staff has not said anything for so long that the bot answers again."""
        words = select(func.max(CaseEventRow.happened)).where(
            CaseEventRow.case_id == case.id, CaseEventRow.kind.in_(_WORDS), CaseEventRow.staff_id.is_not(None)
        )
        last: datetime | None = (await book.session.execute(words)).scalar_one()
        return not case.alive or book.now - (last or case.updated) >= self._held_for

    async def give_back(self, book: Book, case: Case, language: str) -> Reply:
        """The bot speaks again, and says so."""
        await book.release(case)
        await book.write(case, CaseEventKind.TOLD, text="back")
        text = say(language, "back", number=case.number, hotline=self.hotline(book.now.date()))
        return Reply(text, kind=ReplyKind.NOTICE)

    async def opened(self, book: Book, effects: Sequence[Effect], language: str) -> tuple[Reply, ...]:
        """What somebody is told who has just been handed over while nobody is there; nothing in an emergency."""
        new = next((effect for effect in effects if isinstance(effect, OpenCase)), None)
        if new is None or new.urgency is Urgency.NOW:
            return ()
        reply = waiting.closed(self.hours, book.now, language)
        if reply is None or (case := await book.by_number(new.number)) is None:
            return ()
        await self.told_to_wait(book, case)
        return (reply,)

    async def told_to_wait(self, book: Book, case: Case) -> None:
        """Note that the citizen was told; that happens once."""
        await book.session.execute(update(CaseRow).where(CaseRow.id == case.id).values(waiting_told=book.now))
        await book.write(case, CaseEventKind.TOLD, text="waiting")
