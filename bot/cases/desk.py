"""What staff does with cases. Each call is one transaction; whoever listens is told after the commit.

A member of staff is named by id. All methods raise NoStaffError for somebody who was shut out, NoCaseError for a case
that is not there or belongs to another province, and WrongStepError when the state of the case forbids it.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.cases.book import Book
from bot.cases.case import Case, Step, after
from bot.cases.errors import CaseError, NoCaseError, NoStaffError, NotOwnerError
from bot.cases.reach import Line, Reach, line_to
from bot.cases.texts import say
from bot.store.models import CaseEventKind, CaseEventRow, CaseRow, StaffRow
from bot.store.outbox import write_replies
from bot.store.texts import TEXT_LIMIT, clean
from handlers.turn import Button, Reply, ReplyKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.cases.events import Written
    from bot.cases.holding import Attendant
    from bot.clock import Clock
    from bot.store.database import Database

SATISFIED, UNSATISFIED = 5, 1


@dataclass(frozen=True)
class Actor:
    """Who acts. `province` limits which cases they see; None for all."""

    id: int
    name: str
    province: str | None


@dataclass
class _Hand:
    """A case in hand, locked, and who has it there."""

    book: Book
    case: Case
    actor: Actor
    written: list[Written] = field(default_factory=list)

    async def own(self) -> None:
        """Raises NotOwnerError unless the case is the actor's; nobody's case becomes theirs."""
        if self.case.owner == self.actor.id:
            return
        if self.case.owner is not None:
            owner = await _named(self.book, self.case.owner)
            raise NotOwnerError(say("vi", "owned", number=self.case.number, owner=owner))
        await self.take()

    async def take(self) -> None:
        self.case = await self.book.move(self.case, Step.TAKE, owner_id=self.actor.id)
        await self.book.write(self.case, CaseEventKind.TAKEN, staff=self.actor.id)
        await self.book.hold(self.case)

    async def tell(self, line: Line, reply: Reply) -> int:
        """Put a message to the citizen into the outbox; gives its id."""
        conversation = self.case.conversation or 0
        (message,) = await write_replies(self.book.session, conversation, None, [reply], self.book.now)
        self.written.append(line.written)
        return message.id

    async def tell_if_possible(self, key: str, *, buttons: bool = False, **values: object) -> None:
        """Tell the citizen how their case stands, if that arrives now."""
        line = await line_to(self.book.session, self.case.conversation, self.book.now)
        if line.reach not in {Reach.OPEN, Reach.PAID}:
            return
        text = say(line.language, key, number=self.case.number, **values)
        reply = Reply(text, kind=ReplyKind.NOTICE, buttons=_rating(self.case.number, line.language) if buttons else ())
        await self.tell(line, reply)


class CaseDesk:
    """The cases of an office, as staff works on them."""

    def __init__(self, database: Database, attendant: Attendant, clock: Clock) -> None:
        self._database = database
        self._attendant = attendant
        self._clock = clock

    async def take(self, number: str, staff: int) -> Case:
        """Own a case; from now on the bot keeps quiet with this citizen. Raises NotOwnerError."""
        async with self._hand(number, staff) as hand:
            if hand.case.owner == staff:
                after(Step.TAKE, hand.case.state)
                await hand.book.hold(hand.case)
            else:
                await hand.own()
        return hand.case

    async def reply(self, number: str, staff: int, text: str, *, source: str | None = None) -> Case:
        """Write to the citizen; a case that nobody owns is taken. Only the owner may.

        `source` names the message that this is, for a caller that may come twice with it. Raises NotOwnerError,
        UnreachableError, and SaidBeforeError for the second time.
        """
        words = _words(text)
        async with self._hand(number, staff) as hand:
            after(Step.REPLY, hand.case.state)
            await hand.own()
            line = await line_to(hand.book.session, hand.case.conversation, hand.book.now)
            line.require(hand.book.now)
            shown = say(line.language, "staff_reply", number=hand.case.number, text=words)
            outbox = await hand.tell(line, Reply(shown, kind=ReplyKind.NOTICE))
            first = hand.case.first_response or hand.book.now
            hand.case = await hand.book.move(hand.case, Step.REPLY, first_response=first)
            await hand.book.hold(hand.case)
            await hand.book.write(hand.case, CaseEventKind.REPLY, text=words, staff=staff, outbox=outbox, source=source)
        return hand.case

    async def note(self, number: str, staff: int, text: str) -> Case:
        """Keep a note for staff; anybody who sees the case may."""
        async with self._hand(number, staff) as hand:
            hand.case = await hand.book.change(hand.case)
            await hand.book.write(hand.case, CaseEventKind.NOTE, text=_words(text), staff=staff)
        return hand.case

    async def wait(self, number: str, staff: int) -> Case:
        """The case waits for the citizen or another office. Raises NotOwnerError."""
        async with self._hand(number, staff) as hand:
            await hand.own()
            hand.case = await hand.book.move(hand.case, Step.WAIT)
        return hand.case

    async def transfer(self, number: str, staff: int, to: str) -> Case:
        """Give a case to the member of staff with that login; its clocks go on. Raises NotOwnerError."""
        async with self._hand(number, staff) as hand:
            await hand.own()
            heir = await self._actor(hand.book, StaffRow.login == to.strip().lower(), to)
            if heir.province is not None and heir.province != hand.case.province:
                raise NoStaffError(say("vi", "other_province", name=heir.name))
            hand.case = await hand.book.move(hand.case, Step.TRANSFER, owner_id=heir.id)
            await hand.book.hold(hand.case)
            await hand.book.write(hand.case, CaseEventKind.TRANSFERRED, text=heir.name, staff=staff)
        return hand.case

    async def resolve(self, number: str, staff: int) -> Case:
        """Settle a case: the bot speaks again, says so, and asks whether the citizen is satisfied."""
        async with self._hand(number, staff) as hand:
            after(Step.RESOLVE, hand.case.state)
            await hand.own()
            await self._settle(hand)
            await hand.tell_if_possible("resolved", buttons=True)
        return hand.case

    async def reopen(self, number: str, staff: int) -> Case:
        """Take up a settled case again."""
        async with self._hand(number, staff) as hand:
            hand.case = await hand.book.move(hand.case, Step.REOPEN, resolved=None)
            await hand.take()
        return hand.case

    async def merge(self, number: str, staff: int, into: str) -> Case:
        """Close a duplicate in favour of another case, which goes on; gives the duplicate. Raises NotOwnerError."""
        async with self._hand(number, staff) as hand:
            after(Step.RESOLVE, hand.case.state)
            await hand.own()
            other = await hand.book.find(into)
            _admit(other, hand.actor)
            if other.id == hand.case.id or other.merged_into is not None:
                raise CaseError(say("vi", "same_case"))
            await self._settle(hand, merged_into=other.id)
            if other.alive and other.owner is not None and other.conversation == hand.case.conversation:
                await hand.book.hold(other)
            await hand.book.write(hand.case, CaseEventKind.MERGED, text=other.number, staff=staff)
            await hand.book.write(other, CaseEventKind.MERGED, text=hand.case.number, staff=staff)
            await hand.tell_if_possible("merged", into=other.number)
        return hand.case

    async def somebody(self, login: str) -> Actor:
        """The member of staff with a login; raises NoStaffError."""
        if not login.strip():
            raise NoStaffError(say("vi", "who"))
        async with self._database.reading() as session:
            return await self._actor(Book(session, self._clock()), StaffRow.login == login.strip().lower(), login)

    async def on_telegram(self, account: str) -> Actor | None:
        """The member of staff with an account on Telegram; None when there is none."""
        try:
            async with self._database.reading() as session:
                return await self._actor(Book(session, self._clock()), StaffRow.telegram == account, account)
        except NoStaffError:
            return None

    async def _settle(self, hand: _Hand, **values: object) -> None:
        hand.case = await hand.book.move(hand.case, Step.RESOLVE, resolved=hand.book.now, **values)
        await hand.book.release(hand.case)
        if hand.case.conversation is None:
            # The citizen had everything erased; what was needed to finish this is not needed any more.
            await _forget(hand.book, hand.case)

    @asynccontextmanager
    async def _hand(self, number: str, staff: int) -> AsyncIterator[_Hand]:
        async with self._database.transaction() as session:
            book = self._attendant.book(session, self._clock())
            actor = await self._actor(book, StaffRow.id == staff, str(staff))
            hand = _Hand(book, await book.locked(number), actor)
            _admit(hand.case, actor)
            yield hand
        self._attendant.bus.publish(book.changes)
        self._attendant.bus.written(hand.written)

    async def _actor(self, book: Book, condition: object, asked: str) -> Actor:
        row = select(StaffRow.id, StaffRow.name, StaffRow.login, StaffRow.province)
        found = await book.session.execute(row.where(condition, StaffRow.disabled.is_(None)))  # type: ignore[arg-type]
        actor = found.one_or_none()
        if actor is None:
            raise NoStaffError(say("vi", "no_staff", name=asked[:40]))
        return Actor(actor.id, actor.name or actor.login, actor.province)


def _admit(case: Case, actor: Actor) -> None:
    if actor.province is not None and actor.province != case.province:
        raise NoCaseError(say("vi", "no_case", number=case.number))


def _words(text: str) -> str:
    words = clean(text).strip()
    if not words:
        raise CaseError(say("vi", "no_text"))
    if len(words) > TEXT_LIMIT:
        raise CaseError(say("vi", "too_long", limit=TEXT_LIMIT))
    return words


def _rating(number: str, language: str) -> tuple[Button, ...]:
    labels = (("satisfied", SATISFIED), ("unsatisfied", UNSATISFIED))
    return tuple(Button(say(language, key), f"rate:{number}:{score}") for key, score in labels)


async def _named(book: Book, staff: int) -> str:
    found = await book.session.execute(select(StaffRow.name, StaffRow.login).where(StaffRow.id == staff))
    row = found.one()
    return str(row.name or row.login)


async def _forget(book: Book, case: Case) -> None:
    await book.session.execute(update(CaseRow).where(CaseRow.id == case.id).values(question="", summary=""))
    await book.session.execute(update(CaseEventRow).where(CaseEventRow.case_id == case.id).values(text=""))
