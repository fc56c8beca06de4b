"""One turn, one transaction.

The message, the memory, the effects and the replies are kept together or not at all. A message that the platform
delivers again is recognised and changes nothing. When the core or an effect fails, nothing of that attempt is kept; the
person gets an apology with the hotline in a second transaction, and the next message works.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from bot.actions import Action
from bot.casenumbers import CaseNumbers, case_number
from bot.cases.holding import Attendant
from bot.errors import DatabaseError, TurnError
from bot.locks import PersonLocks
from bot.metrics import TURN_SECONDS, TURNS
from bot.outbound import OutboundMessage
from bot.store.buttons import button_action, resolve
from bot.store.effects import EffectRunner
from bot.store.inbound import keep_inbound
from bot.store.outbox import is_waiting, write_replies
from bot.store.reachability import mark_reachable
from bot.store.session import Session
from bot.store.texts import clean
from bot.store.threads import open_thread, save_memory
from bot.texts import say
from handlers.effects import LogQuestion
from handlers.memory import Memory
from handlers.staffed import silence
from handlers.turn import Decision, Outcome, Reply, ReplyKind, Round, Standing, Turn

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.channels.inbound import Inbound
    from bot.clock import Clock
    from bot.store.database import Database
    from bot.store.session import Session
    from bot.store.threads import Thread

__all__ = ["OutboundMessage", "Responder", "TurnPipeline", "TurnResult"]

Respond = Callable[[Turn], Outcome]
OpenRound = Callable[[Session, datetime], Awaitable[Round | None]]
"""Gives the round of the quiz that is open at a moment."""

FAILED = "error"
"""The decision under which the question log counts turns that went wrong."""

log = structlog.get_logger()


class Responder(Protocol):
    """The conversation core."""

    def respond(self, turn: Turn, /) -> Outcome: ...


@dataclass(frozen=True)
class TurnResult:
    """What a turn led to; a duplicate brings no messages and no decision.

    `claimed`: this process has the lease on the messages and is to send them at once.
    """

    duplicate: bool
    messages: tuple[OutboundMessage, ...]
    decision: Decision | None
    claimed: bool = False


class _DuplicateError(Exception):
    """Rolls the transaction back: the message was kept before."""


def _stranger(_account: str) -> Memory:
    return Memory()


async def _no_round(_session: Session, _now: datetime) -> Round | None:
    return None


class TurnPipeline:
    """Carries one inbound message through the conversation core and the database.

    `hotline` gives the number to call on a day, `newcomer` what is known of somebody who writes to an account for the
    first time. Replies on the accounts in `pushed` are sent by us: this process takes them for `lease`. Turns of one
    sender are processed in the order of the calls.
    """

    def __init__(  # noqa: PLR0913 - the parts of a turn, each of which a test replaces
        self,
        database: Database,
        responder: Responder,
        *,
        clock: Clock,
        hotline: Callable[[date], str],
        case_numbers: CaseNumbers = case_number,
        newcomer: Callable[[str], Memory] = _stranger,
        pushed: frozenset[str] = frozenset(),
        lease: timedelta = timedelta(seconds=30),
        open_round: OpenRound = _no_round,
        attendant: Attendant | None = None,
    ) -> None:
        self._database = database
        self._responder = responder
        self._clock = clock
        self._hotline = hotline
        self._case_numbers = case_numbers
        self._newcomer = newcomer
        self._pushed = pushed
        self._lease = lease
        self._open_round = open_round
        self._attendant = attendant or Attendant(hotline)
        self._locks = PersonLocks()

    async def handle(self, inbound: Inbound, respond: Respond | None = None) -> TurnResult:
        """Process one message, with `respond` in place of the conversation core when given.

        Raises TurnError when it could not be kept and should be delivered again.
        """
        inbound = _cleaned(inbound)
        started = perf_counter()
        async with self._locks.of(inbound.account, inbound.sender):
            try:
                result = await self._attempt(inbound, respond or self._responder.respond)
            except _DuplicateError:
                log.info(Action.TURN_DUPLICATE, channel=inbound.channel)
                return TurnResult(duplicate=True, messages=(), decision=None)
        elapsed = perf_counter() - started
        TURNS.labels(inbound.channel, result.decision).inc()
        TURN_SECONDS.labels(inbound.channel).observe(elapsed)
        log.info(Action.TURN_DONE, channel=inbound.channel, decision=result.decision, ms=elapsed * 1000)
        return result

    async def _attempt(self, inbound: Inbound, respond: Respond) -> TurnResult:
        for again in (True, False):
            try:
                return await self._keep(inbound, respond)
            except _DuplicateError:
                raise
            except Exception as error:
                log.exception(Action.TURN_FAILED, channel=inbound.channel)
                if not _may_pass(error):
                    break  # whatever the core did, the person must get an answer
                if not again:
                    raise TurnError("the database does not take the turn") from error
        try:
            return await self._keep(inbound, self._apologise)
        except _DuplicateError:
            raise
        except Exception as error:
            log.exception(Action.TURN_LOST, channel=inbound.channel)
            raise TurnError("the turn could not be kept") from error

    async def _keep(self, inbound: Inbound, respond: Respond) -> TurnResult:
        now = self._clock()
        async with self._database.transaction() as session:
            inbound = await _with_kept_action(session, inbound)
            newcomer = self._newcomer(inbound.account)
            thread = await open_thread(session, inbound.account, inbound.channel, inbound.sender, now, newcomer)
            inbound_id = await keep_inbound(session, inbound, thread)
            if inbound_id is None:
                raise _DuplicateError
            cases = self._attendant.book(session, now)
            attended = await self._attendant.attend(cases, thread)
            outcome = respond(
                Turn(
                    memory=attended.memory,
                    today=now.date(),
                    text=inbound.text,
                    action=inbound.action,
                    media=inbound.media,
                    start=inbound.start,
                    case_number=self._case_numbers(inbound_id, now.date()),
                    quiz=await self._open_round(session, now),
                    standing=attended.standing,
                )
            )
            erased = await EffectRunner(session, thread, inbound.channel, now, inbound_id, cases).run(outcome.effects)
            waiting = await self._attendant.opened(cases, outcome.effects, outcome.memory.language)
            if not erased:
                await save_memory(session, thread, outcome.memory, now, min(inbound.received, now))
                if thread.unreachable is not None:
                    await mark_reachable(session, inbound.account, inbound.sender, now)
            lease = await self._leased(session, inbound.account, thread, now)
            replies = (*attended.said, *outcome.replies, *waiting)
            messages = await write_replies(session, thread.conversation, inbound_id, replies, now, lease)
        self._attendant.bus.publish(cases.changes)
        return TurnResult(duplicate=False, messages=messages, decision=outcome.decision, claimed=lease is not None)

    async def _leased(self, session: Session, account: str, thread: Thread, now: datetime) -> datetime | None:
        """Until when the replies are ours to send; None when they are not, or not before earlier ones."""
        if account not in self._pushed or await is_waiting(session, thread.conversation):
            return None
        return now + self._lease

    def _apologise(self, turn: Turn) -> Outcome:
        """What the person gets when the core failed. A dialogue under way is left: it may be what failed."""
        if turn.standing is Standing.HELD:
            return silence(turn)
        hotline = self._hotline(turn.today)
        language = turn.memory.language
        reply = Reply(say(language, "failed", hotline=hotline), kind=ReplyKind.NOTICE, hotline=hotline)
        return Outcome(
            replies=(reply,),
            memory=turn.memory.having(dialogue=None, options=(), pending=None),
            decision=Decision.HANDOFF,
            confidence=0.0,
            effects=(LogQuestion(turn.text, FAILED, None, 0.0, language),),
        )


def _may_pass(error: Exception) -> bool:
    """Whether it may be over when it is tried once more: a connection that was dropped, a deadlock, a locked file."""
    ours = isinstance(error, (IntegrityError, DataError, ProgrammingError))
    return isinstance(error, (DBAPIError, OSError, DatabaseError)) and not ours


async def _with_kept_action(session: Session, inbound: Inbound) -> Inbound:
    """The message with the action of its button, if that was too long for the platform and stayed with us."""
    place = resolve(inbound.action) if inbound.action is not None else None
    if place is None:
        return inbound
    return replace(inbound, action=await button_action(session, *place, inbound.sender) or "")


def _cleaned(inbound: Inbound) -> Inbound:
    action = clean(inbound.action) if inbound.action is not None else None
    return replace(inbound, text=clean(inbound.text), action=action, sender=clean(inbound.sender))
