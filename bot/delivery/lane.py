"""Sends replies to one person, one after the other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

import structlog

from bot.actions import Action
from bot.delivery.errors import AccountBrokenError, DeliveryError, RejectedError, UnknownOutcomeError
from bot.delivery.policy import Again, Drop, Move, decide
from bot.metrics import SENDS
from bot.store.delivering import Waiting, give_up, move, release, renew
from bot.store.models import OutboxState
from bot.store.reachability import mark_unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.delivery.lanes import Delivery
    from bot.outbound import Recipient

SENDING = timedelta(seconds=25)
"""What one send may take at most: a lease that ends sooner is renewed before it. More than the transports wait for a
usual message, so that it is they who tell how far it got."""
PATIENCE = 10.0
"""Seconds that a pause of the whole account is sat out with the replies in hand."""

log = structlog.get_logger()


class _LeaseLostError(Exception):
    """Another process took the replies over."""


class _Next(Enum):
    """What a lane does after a failure."""

    SAME_REPLY = auto()
    NEXT_REPLY = auto()
    STOP = auto()


@dataclass
class _Progress:
    """How far the reply in hand has got."""

    waiting: Waiting
    parts: int
    attempts: int


class Lane:
    """One person's replies on their way."""

    def __init__(self, delivery: Delivery, to: Recipient) -> None:
        self._delivery = delivery
        self._to = to
        self._outlet, self._pacer = delivery.outlets[to.account]

    async def send(self, waiting: Sequence[Waiting]) -> bool:
        """Send replies in order. False when the rest is no longer in our hands: put back, given up or taken over."""
        for position, reply in enumerate(waiting):
            if not await self._deliver(reply, waiting[position:]):
                return False
        return True

    async def drop(self, waiting: Sequence[Waiting], reason: str) -> None:
        """Nothing can be sent to this person."""
        async with self._delivery.database.transaction() as session:
            await give_up(session, waiting, OutboxState.FAILED, reason)
        SENDS.labels(self._to.account, "dropped").inc(len(waiting))

    async def _deliver(self, reply: Waiting, rest: Sequence[Waiting]) -> bool:
        """Whether the next reply may follow."""
        progress = _Progress(reply, reply.parts, reply.attempts)
        while True:
            try:
                failure = await self._transmit(progress)
            except _LeaseLostError:
                return False
            if failure is None:
                return True
            match await self._follow(failure, progress, rest):
                case _Next.NEXT_REPLY:
                    return True
                case _Next.STOP:
                    return False

    async def _transmit(self, progress: _Progress) -> DeliveryError | None:
        """Send what is left of a reply and note it; gives what went wrong at the platform."""
        message = progress.waiting.message
        try:
            sends = self._outlet.sends(self._to, message)
        except Exception as error:  # noqa: BLE001 - a reply that we cannot render must not stop those behind it
            return self._ours(error)
        while progress.parts < len(sends):
            await self._pacer.admit(self._to.address)
            # Only now: in a busy group the wait can be longer than the lease.
            await self._hold(progress)
            try:
                async with asyncio.timeout(SENDING.total_seconds()):
                    await sends[progress.parts]()
            except DeliveryError as error:
                return error
            except TimeoutError:
                return UnknownOutcomeError("too_slow")
            except Exception as error:  # noqa: BLE001 - as above; what a platform can do is a DeliveryError
                return self._ours(error)
            progress.parts += 1
            if progress.parts < len(sends):
                await self._delivery.ledger.part(message.id, progress.parts)
        await self._delivery.ledger.sent(message.id, progress.parts)
        SENDS.labels(self._to.account, "sent").inc()
        return None

    def _ours(self, error: Exception) -> RejectedError:
        log.error(Action.SEND_FAILED, exc_info=error)
        return RejectedError(type(error).__name__)

    async def _hold(self, progress: _Progress) -> None:
        """Renew the lease when it could end before the send does."""
        now = self._delivery.clock()
        if progress.waiting.lease - now >= SENDING:
            return
        lease = now + self._delivery.lease
        async with self._delivery.database.transaction() as session:
            if not await renew(session, progress.waiting, lease):
                raise _LeaseLostError
        progress.waiting = replace(progress.waiting, lease=lease)

    async def _follow(self, failure: DeliveryError, progress: _Progress, rest: Sequence[Waiting]) -> _Next:
        """Carry out what the policy decides."""
        delivery, now = self._delivery, self._delivery.clock()
        SENDS.labels(self._to.account, failure.code).inc()
        log.warning(Action.SEND_FAILED, reason=failure.code, state=failure.sent)
        rest = (progress.waiting, *rest[1:])  # with the lease as it was renewed
        if isinstance(failure, AccountBrokenError):
            await delivery.alert(f"{failure.code}:{self._to.account}")
        match decide(failure, progress.attempts, now - progress.waiting.created, delivery.give_up):
            case Again(after, reason, pause):
                if pause:
                    self._pacer.pause(after)
                if pause and after <= PATIENCE:
                    progress.attempts += 1
                    return _Next.SAME_REPLY
                async with delivery.database.transaction() as session:
                    await release(session, rest[:1], now + timedelta(seconds=after), reason)
                    await release(session, rest[1:], None, None)
                delivery.wake_later(progress.waiting.message.conversation, after)
                return _Next.STOP
            case Move(address) if address != self._to.address:
                async with delivery.database.transaction() as session:
                    await move(session, self._to.account, self._to.address, address)
                self._to = replace(self._to, address=address)
                return _Next.SAME_REPLY
            case Drop(_, reason, person) if person is not None:
                async with delivery.database.transaction() as session:
                    await mark_unreachable(session, self._to.account, self._to.address, person, now)
                await self.drop(rest, reason)
                return _Next.STOP
            case Drop(state, reason):
                async with delivery.database.transaction() as session:
                    await give_up(session, rest[:1], state, reason)
            case Move():  # to where it was just refused
                async with delivery.database.transaction() as session:
                    await give_up(session, rest[:1], OutboxState.FAILED, failure.code)
        return _Next.NEXT_REPLY
