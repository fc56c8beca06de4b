"""Sends one campaign through one account: as fast as it may, and so that a kill leaves nothing twice.

    planned ─▶ sending, committed ─▶ request ─▶ sent | failed | unknown, committed

Whoever is taken is looked at in the transaction that takes them (consent, caps, window, reachability), and is taken
only when the account's allowance lets the request leave right away. So an opt-out that was committed holds for
everybody whose request is not under way, and a kill leaves in doubt only those whose is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, repeat
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError

from bot.actions import Action
from bot.delivery.ledger import PAUSES
from bot.errors import BotError, DatabaseError
from bot.metrics import CAMPAIGN_SENDS
from bot.outbound import OutboundMessage, Recipient
from bot.outreach.delivery import ledger
from bot.outreach.delivery.ledger import Note, Planned
from bot.outreach.delivery.transmission import Transmission
from bot.outreach.delivery.workers import ReplacedError
from bot.outreach.eligibility import decided
from bot.store.models import CampaignRow, CampaignState, RecipientState, table_of
from bot.store.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.clock import Clock
    from bot.delivery.outlet import Outlet
    from bot.outreach.delivery.allowance import Allowance
    from bot.outreach.delivery.orders import Order
    from bot.outreach.delivery.policy import Settled
    from bot.outreach.delivery.workers import Worker
    from bot.outreach.eligibility import Standing
    from bot.store.database import Database
    from bot.store.session import Session

AT_ONCE = 100
"""Requests under way at the same time: what a kill can leave in doubt at most."""
GATHER = 0.005
BREATH = 0.1
"""Seconds in which results and room gather for one transaction: without a limit, and under one, where fewer of them
leave more to replies."""
BEHIND_REPLIES = 5.0
"""Seconds after which somebody is tried again who waits for a reply."""

log = structlog.get_logger()

_campaign = table_of(CampaignRow)
_RUNS = Statement(
    select(_campaign.c.id)
    .where(_campaign.c.id == bindparam("campaign"), _campaign.c.state == CampaignState.RUNNING.value)
    .with_for_update(read=True)
)


class Leg(StrEnum):
    """How a stretch of sending ended."""

    MORE = "more"
    """The time was up."""
    DONE = "done"
    """Nobody's turn has come."""
    HELD = "held"
    """The campaign may not send now: paused, ended, quiet hours, or this process is stopping."""


@dataclass(frozen=True)
class _Taken:
    """Those who were looked at, and those among them who are sent to now."""

    looked_at: int = 0
    rows: tuple[tuple[Planned, Standing], ...] = ()


class _HeldError(BotError):
    """The campaign does not run any more."""


class Sender:
    """One campaign on one account. There is never a second one for the account at the same time."""

    def __init__(  # noqa: PLR0913 - the world of a sender, each part of which a test replaces
        self,
        database: Database,
        worker: Worker,
        outlet: Outlet,
        allowance: Allowance,
        order: Order,
        observe: Callable[[Settled], None],
        *,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._worker = worker
        self._account = outlet.account
        self._allowance = allowance
        self._few = min(allowance.few(BREATH), AT_ONCE)
        self._order = order
        self._observe = observe
        self._transmission = Transmission(outlet, allowance, clock, sleep)
        self._clock = clock
        self._sleep = sleep
        self._flying: set[asyncio.Task[None]] = set()
        self._notes: list[Note] = []
        self._stirred = asyncio.Event()
        self._stopping = False

    async def leg(self, seconds: float) -> Leg:
        """Send for so long; requests may still be under way afterwards. Raises ReplacedError."""
        ticks = asyncio.get_running_loop().time
        until = ticks() + seconds
        while (left := until - ticks()) > 0:
            now = self._clock()
            if self._stopping or not self._order.may_send(now):
                return Leg.HELD
            room = min(self._allowance.room(), AT_ONCE - len(self._flying))
            try:
                taken = await self._turn(room, now) if room or self._notes else _Taken()
            except _HeldError:
                return Leg.HELD
            nobody = room > 0 and not taken.looked_at
            if nobody and not self._flying and not self._notes:
                return Leg.DONE
            await self._rest(left, nobody=nobody)
        return Leg.MORE

    def stop(self) -> None:
        """Take nobody any more."""
        self._stopping = True
        self._stirred.set()

    async def drain(self) -> None:
        """Until all that is under way is settled and noted. Raises what the database does when it is stopping too."""
        while self._flying or self._notes:
            if self._flying:
                await asyncio.wait(self._flying)
            await self._turn(0, self._clock())

    async def _rest(self, left: float, *, nobody: bool) -> None:
        """Until there is something to do: results to note, or room for a few.

        Those who leave together are forgotten by the platform together, so none of them waits for the next turn.
        """
        wait = self._allowance.wait(self._few)
        if wait > 0 and (self._flying or self._notes):
            await self._sleep(min(left, wait, BREATH))
            return
        if not self._notes:
            self._stirred.clear()
            full = len(self._flying) >= AT_ONCE
            try:
                async with asyncio.timeout(left if full or (nobody and self._flying) else min(left, wait)):
                    await self._stirred.wait()
            except TimeoutError:
                return
        if self._flying:
            await self._sleep(GATHER)

    async def _turn(self, room: int, now: datetime) -> _Taken:
        """Note results and take the next, in one transaction; then send. Raises what forbids to take anybody."""
        notes, self._notes = self._notes, []
        self._allowance.take(room)
        taken, refusal = await self._committed(notes, room, now)
        self._allowance.give_back(room - len(taken.rows))
        for planned, stand in taken.rows:
            self._flying.add(asyncio.create_task(self._send(planned, stand)))
        if refusal is not None:
            raise refusal
        return taken

    async def _committed(self, notes: list[Note], room: int, now: datetime) -> tuple[_Taken, BotError | None]:
        """Without its note a message is of unknown outcome, so notes are kept whatever forbids to take anybody, and a
        database that is away is waited for."""
        refusal = None
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                async with self._database.transaction() as session:
                    await ledger.settle(session, self._account, self._worker.name, notes, now)
                    taken = await self._take(session, room, now) if room and refusal is None else _Taken()
            except (_HeldError, ReplacedError) as error:
                refusal = error
            except (DBAPIError, OSError, DatabaseError):
                log.exception(Action.CAMPAIGN_NOTE_FAILED)
                if self._stopping:
                    raise
                await self._sleep(pause)
            else:
                return taken, refusal
        raise AssertionError

    async def _take(self, session: Session, room: int, now: datetime) -> _Taken:
        """Those who are sent to next: of the first so many, who may get it and waits for no reply."""
        await self._worker.hold(session)
        campaign = self._order.campaign
        if not await session.run(_RUNS, campaign=campaign.id):
            raise _HeldError
        rows = await ledger.due(session, campaign.id, self._account, now, room)
        if not rows:
            return _Taken()
        stands = await self._order.check(session, [row.person for row in rows if row.person is not None], now)
        fit, unfit = [], []
        for row in rows:
            stand = stands.get(row.person) if row.person is not None else None
            if stand and stand.address and decided(stand.reason, campaign.terms) is RecipientState.PLANNED:
                fit.append((row, stand))
            else:
                unfit.append((row.row, stand))
        waiting = await ledger.awaiting_replies(session, self._account, [stand.address or "" for _, stand in fit])
        behind = [row.row for row, stand in fit if stand.address in waiting]
        fit = [(row, stand) for row, stand in fit if stand.address not in waiting]
        await ledger.turn_away(session, unfit, campaign.terms, now)
        await ledger.postpone(session, behind, BEHIND_REPLIES, now)
        await ledger.take(session, [row.row for row, _ in fit], self._worker.name, now)
        return _Taken(len(rows), tuple(fit))

    async def _send(self, planned: Planned, stand: Standing) -> None:
        now, address = self._clock(), stand.address or ""
        to = Recipient(self._account, address, stand.last_interaction or now)

        def message() -> OutboundMessage:
            return OutboundMessage(planned.row, 0, self._order.render(planned, now.date()))

        settled, parts = await self._transmission.send(to, message, planned.parts, planned.attempts)
        self._notes.append(Note(planned.row, address, settled, parts, self._clock()))
        CAMPAIGN_SENDS.labels(self._account, settled.reason or settled.state.value).inc()
        self._observe(settled)
        # Not by a callback of the task: whoever looks for notes must not find it under way any more.
        if (task := asyncio.current_task()) is not None:
            self._flying.discard(task)
        self._stirred.set()
