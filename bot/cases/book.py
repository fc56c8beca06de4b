"""What is written about cases in one transaction, by a turn or by staff: the only place that adds steps to a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from bot.cases.case import COLUMNS, Case, Step, after
from bot.cases.errors import NoCaseError, SaidBeforeError
from bot.cases.events import Change
from bot.cases.texts import say
from bot.store.inserting import insert_new
from bot.store.models import CaseEventKind, CaseEventRow, CaseRow, CaseState, ConversationRow, WebhookRow, table_of
from bot.store.statements import Statement
from bot.store.texts import masked

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.inbound import Channel
    from bot.store.session import Row, Session
    from handlers.effects import OpenCase

_CASES = table_of(CaseRow)
# Every turn of somebody with a case reads it.
_BY_NUMBER = Statement(select(*COLUMNS).where(COLUMNS.number == bindparam("number")))
_BY_ID = Statement(select(*COLUMNS).where(COLUMNS.id == bindparam("id")))


@dataclass
class Book:
    """The cases in one transaction. `changes` is to be published after the commit.

    `onward`: each step is also put down for the call centre's own system.
    """

    session: Session
    now: datetime
    onward: bool = False
    changes: list[Change] = field(default_factory=list)

    async def open(self, conversation: int, channel: Channel, case: OpenCase) -> None:
        """A new case of a conversation; its number must be new."""
        values = {
            "number": case.number,
            "conversation_id": conversation,
            "reason": case.reason.value if case.reason else None,
            "question": masked(case.question),
            "summary": masked(case.summary),
            "urgency": case.urgency.value,
            "entry": case.entry,
            "role": case.role,
            "province": case.province,
            "channel": channel.value,
            "state": CaseState.NEW.value,
            "opened": self.now,
            "updated": self.now,
        }
        row = insert(_CASES).values(values).returning(*COLUMNS)
        opened = Case.of((await self.session.execute(row)).one())
        await self.write(opened, CaseEventKind.OPENED, text=opened.question)

    async def find(self, number: str) -> Case:
        """Raises NoCaseError."""
        found = await self.by_number(number.strip().upper())
        if found is None:
            raise NoCaseError(say("vi", "no_case", number=number[:40]))
        return found

    async def by_number(self, number: str) -> Case | None:
        return _only(await self.session.run(_BY_NUMBER, number=number))

    async def by_id(self, case: int) -> Case | None:
        return _only(await self.session.run(_BY_ID, id=case))

    async def locked(self, number: str) -> Case:
        """A case that nobody else changes until the transaction ends; raises NoCaseError.

        Its conversation is locked first, as a turn does, so that staff and citizen never wait for each other in a ring.
        """
        found = await self.find(number)
        if found.conversation is not None:
            row = select(ConversationRow.id).where(ConversationRow.id == found.conversation)
            await self.session.execute(row.with_for_update())
        again = await self.session.execute(select(*COLUMNS).where(COLUMNS.id == found.id).with_for_update())
        return Case.of(again.one())

    async def write(
        self,
        case: Case,
        kind: CaseEventKind,
        *,
        text: str = "",
        staff: int | None = None,
        outbox: int | None = None,
        source: str | None = None,
    ) -> None:
        """Add a step to a case; raises SaidBeforeError when one of the same source is there."""
        kept = masked(text)
        event = await insert_new(
            self.session,
            CaseEventRow,
            case_id=case.id,
            staff_id=staff,
            kind=kind.value,
            text=kept,
            outbox_id=outbox,
            source=source,
            happened=self.now,
        )
        if event is None:
            raise SaidBeforeError(case.number)
        self.changes.append(Change(case.id, case.number, kind, case.province))
        if self.onward:
            await self._hand_on(case, event, kind, kept)

    async def change(self, case: Case, **values: Any) -> Case:
        """Set columns of a case; gives it as it is now."""
        row = update(_CASES).where(COLUMNS.id == case.id).values(**values, updated=self.now).returning(*COLUMNS)
        return Case.of((await self.session.execute(row)).one())

    async def move(self, case: Case, step: Step, **values: Any) -> Case:
        """Take a step, also if the state stays; raises WrongStepError. A change of the state is a step of its own."""
        state = after(step, case.state)
        moved = await self.change(case, state=state.value, **values)
        if state is not case.state:
            await self.write(moved, CaseEventKind.STATE, text=state.value)
        return moved

    async def follow(self, conversation: int, number: str, text: str) -> None:
        """The citizen said something that belongs to a case of theirs."""
        case = await self.by_number(number)
        if case is not None and case.conversation == conversation:
            await self.citizen(case, text)

    async def rate(self, conversation: int, number: str, score: int) -> None:
        """The citizen said how satisfied they are with a settled case; the last word counts."""
        case = await self.by_number(number)
        if case is not None and case.conversation == conversation and case.state is CaseState.RESOLVED:
            await self.write(await self.change(case, satisfaction=score), CaseEventKind.RATED, text=str(score))

    async def citizen(self, case: Case, text: str) -> Case:
        """The citizen said something: a case that waited for them goes on, one that was settled is open again."""
        reopened = case.state is CaseState.RESOLVED
        moved = await self.move(case, Step.CITIZEN, **({"resolved": None} if reopened else {}))
        await self.write(moved, CaseEventKind.CITIZEN, text=text)
        return moved

    async def hold(self, case: Case) -> None:
        """From now on the bot keeps quiet in the conversation of a case."""
        await self.session.execute(
            update(ConversationRow).where(ConversationRow.id == case.conversation).values(held_by=case.id)
        )

    async def release(self, case: Case) -> bool:
        """The bot may speak again; False when it was not this case that held the conversation."""
        held = (ConversationRow.id == case.conversation) & (ConversationRow.held_by == case.id)
        row = update(ConversationRow).where(held).values(held_by=None).returning(ConversationRow.id)
        return (await self.session.execute(row)).first() is not None

    async def _hand_on(self, case: Case, event: int, kind: CaseEventKind, text: str) -> None:
        payload = {
            "id": event,
            "event": kind.value,
            "text": text,
            "happened": self.now.isoformat(),
            "case": {
                "number": case.number,
                "state": case.state.value,
                "urgency": case.urgency,
                "reason": case.reason,
                "role": case.role,
                "province": case.province,
                "channel": case.channel,
                "question": case.question,
                "summary": case.summary,
                "opened": case.opened.isoformat(),
            },
        }
        row = {"case_id": case.id, "event": kind.value, "payload": payload, "due": self.now, "created": self.now}
        await self.session.execute(insert(WebhookRow).values(row))


def _only(rows: list[Row]) -> Case | None:
    return Case.read(rows[0]) if rows else None
