"""The ledger of recipients: who is taken for sending, and what became of them. One transaction does both for many.

A row is committed as `sending`, with the process that holds it, before its request leaves, and settled afterwards.
Whatever is `sending` when a process dies may have been sent, so it becomes `unknown`; nothing else is in doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, or_, select, update

from bot.outreach.eligibility import SkipReason, decided
from bot.store.delivering import move
from bot.store.models import (
    ConversationRow,
    IdentityRow,
    OutboxRow,
    OutboxState,
    RecipientRow,
    RecipientState,
    table_of,
)
from bot.store.reachability import mark_unreachable
from bot.store.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.outreach.campaign import Terms
    from bot.outreach.delivery.policy import Settled
    from bot.outreach.eligibility import Standing
    from bot.store.session import Session

NOT_NOTED = "not_noted"
"""Why an outcome is unknown: the database was away until the process gave up."""

_recipient = table_of(RecipientRow)
_identity, _conversation, _outbox = table_of(IdentityRow), table_of(ConversationRow), table_of(OutboxRow)

_PLANNED = (
    _recipient.c.campaign_id == bindparam("campaign"),
    _recipient.c.account == bindparam("account"),
    _recipient.c.state == RecipientState.PLANNED.value,
)
_DUE = or_(_recipient.c.due.is_(None), _recipient.c.due <= bindparam("now"))
_NEXT = Statement(
    select(*_recipient.c["id", "person_id", "variant", "params", "parts", "attempts"])
    .where(*_PLANNED, _DUE)
    .order_by(_recipient.c.wave, _recipient.c.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_READY = Statement(select(_recipient.c.id).where(*_PLANNED, _DUE).limit(1))
_FIRST = Statement(select(func.min(_recipient.c.due)).where(*_PLANNED))
_AWAITING_REPLIES = (
    select(_identity.c.sender)
    .select_from(_outbox.join(_conversation, _outbox.c.conversation_id == _conversation.c.id))
    .join(_identity, _conversation.c.identity_id == _identity.c.id)
    .where(
        _identity.c.account == bindparam("account"),
        _identity.c.sender.in_(bindparam("senders", expanding=True)),
        _outbox.c.state == OutboxState.PENDING.value,
    )
)
_TAKE = Statement(
    update(_recipient)
    .where(_recipient.c.id == bindparam("row"))
    .values(state=RecipientState.SENDING.value, worker=bindparam("by"), reason=None, updated=bindparam("now"))
)
_LEAVE = Statement(
    update(_recipient)
    .where(_recipient.c.id == bindparam("row"))
    .values(state=bindparam("to"), reason=bindparam("why"), due=bindparam("not_before"), updated=bindparam("now"))
)
# A row that another process took for lost is known to its owner after all.
_SETTLE = Statement(
    update(_recipient)
    .where(
        _recipient.c.id == bindparam("row"),
        _recipient.c.worker == bindparam("by"),
        or_(_recipient.c.state == RecipientState.SENDING.value, _recipient.c.state == RecipientState.UNKNOWN.value),
    )
    .values(
        state=bindparam("to"),
        reason=bindparam("why"),
        due=bindparam("not_before"),
        parts=bindparam("count"),
        attempts=_recipient.c.attempts + bindparam("tried"),
        sent=bindparam("at"),
        updated=bindparam("now"),
    )
)


@dataclass(frozen=True)
class Planned:
    """A recipient whose turn it is: the wording, the values frozen into it, messages of it that were taken already."""

    row: int
    person: int | None
    variant: str
    params: Mapping[str, Any]
    parts: int
    attempts: int


@dataclass(frozen=True)
class Note:
    """What became of a recipient that was taken: `parts` messages were taken by the platform by now, at `at`."""

    row: int
    address: str
    settled: Settled
    parts: int
    at: datetime


async def due(session: Session, campaign: int, account: str, now: datetime, count: int) -> list[Planned]:
    """The next recipients on an account, at most so many; nobody else gets them before the transaction ends."""
    return [Planned(*row) for row in await session.run(_NEXT, campaign=campaign, account=account, now=now, count=count)]


async def awaiting_replies(session: Session, account: str, senders: Sequence[str]) -> set[str]:
    """Those of these senders who wait for a reply: it goes first."""
    if not senders:
        return set()
    values = {"account": account, "senders": list(senders)}
    return set((await session.execute(_AWAITING_REPLIES, values)).scalars())


async def take(session: Session, rows: Sequence[int], worker: str, now: datetime) -> None:
    """These are sent from here on by this process."""
    if rows:
        await session.run_many(_TAKE, [{"row": row, "by": worker, "now": now} for row in rows])


async def postpone(session: Session, rows: Sequence[int], seconds: float, now: datetime) -> None:
    """These are not tried for so long."""
    until = now + timedelta(seconds=seconds)
    await _leave(session, [(row, RecipientState.PLANNED, None, until) for row in rows], now)


async def turn_away(
    session: Session, stands: Sequence[tuple[int, Standing | None]], terms: Terms, now: datetime
) -> None:
    """These cannot get it now, each for its reason; None for somebody who was erased."""
    reasons = [(row, stand.reason if stand else SkipReason.ERASED) for row, stand in stands]
    await _leave(session, [(row, decided(reason, terms), reason, None) for row, reason in reasons], now)


async def settle(session: Session, account: str, worker: str, notes: Sequence[Note], now: datetime) -> None:
    """What became of recipients that this process had taken."""
    if not notes:
        return
    await session.run_many(_SETTLE, [_settled(note, worker, now) for note in notes])
    for note in notes:
        if note.settled.unreachable is not None:
            await mark_unreachable(session, account, note.address, note.settled.unreachable.value, note.at)
        if note.settled.moved is not None:
            await move(session, account, note.address, note.settled.moved)


async def forsake(session: Session, campaign: int, account: str, worker: str, now: datetime) -> None:
    """Nobody of this process waits for these any more: what became of them could not be noted."""
    held = (
        _recipient.c.campaign_id == campaign,
        _recipient.c.account == account,
        _recipient.c.state == RecipientState.SENDING.value,
        _recipient.c.worker == worker,
    )
    values = {"state": RecipientState.UNKNOWN.value, "reason": NOT_NOTED, "updated": now}
    await session.execute(update(_recipient).where(*held).values(values))


async def ready(session: Session, campaign: int, account: str, now: datetime) -> bool:
    """Whether somebody's turn has come."""
    return bool(await session.run(_READY, campaign=campaign, account=account, now=now))


async def first_due(session: Session, campaign: int, account: str) -> datetime | None:
    """When the turn of the next recipient comes who has to wait for it; None when there is none."""
    moment: datetime | None = (await session.run(_FIRST, campaign=campaign, account=account))[0][0]
    return moment


async def _leave(
    session: Session,
    rows: Sequence[tuple[int, RecipientState, SkipReason | None, datetime | None]],
    now: datetime,
) -> None:
    if rows:
        values = [
            {"row": row, "to": state.value, "why": reason and reason.value, "not_before": until, "now": now}
            for row, state, reason, until in rows
        ]
        await session.run_many(_LEAVE, values)


def _settled(note: Note, worker: str, now: datetime) -> dict[str, Any]:
    settled = note.settled
    return {
        "row": note.row,
        "by": worker,
        "to": settled.state.value,
        "why": settled.reason,
        "not_before": settled.due,
        "count": note.parts,
        "tried": settled.tried,
        "at": note.at if settled.state is RecipientState.SENT else None,
        "now": now,
    }
