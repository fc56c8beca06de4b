"""Whether a message to the citizen of a case would arrive now. Nothing is sent to find out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.cases.errors import UnreachableError
from bot.cases.events import Written
from bot.cases.texts import say
from bot.channels.inbound import Channel
from bot.channels.zalo.account import Anonymous
from bot.channels.zalo.rules import Calendar, Rules
from bot.channels.zalo.window import Window, window_at
from bot.delivery.errors import Unreachable
from bot.store.models import AccountRow, ConversationRow, IdentityRow

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session


class Reach(StrEnum):
    """PAID: it arrives and the platform charges for it. CLOSED: only after the citizen has written again."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"
    BLOCKED = "blocked"
    GONE = "gone"


_STATES = {Window.FREE: Reach.OPEN, Window.PAID: Reach.PAID, Window.CLOSED: Reach.CLOSED}


@dataclass(frozen=True)
class Line:
    """The way to a citizen. `until` is when it closes by itself (aware), None when it does not."""

    reach: Reach
    conversation: int | None = None
    account: str = ""
    sender: str = ""
    language: str = "vi"
    since: datetime | None = None
    until: datetime | None = None

    @property
    def written(self) -> Written:
        return Written(self.conversation or 0, self.account, self.sender)

    def require(self, now: datetime) -> None:
        """Raises UnreachableError with what staff can do instead."""
        if self.reach in {Reach.OPEN, Reach.PAID}:
            return
        since = f"{self.since:%H:%M %d/%m/%Y}" if self.since else ""
        hours = _zalo().on(now.date()).window.paid_hours
        raise UnreachableError(say("vi", f"unreachable_{self.reach}", since=since, hours=hours), self.reach)


async def line_to(session: Session, conversation: int | None, now: datetime) -> Line:
    """The way to the citizen of a conversation."""
    found = await session.execute(
        select(
            IdentityRow.account,
            IdentityRow.sender,
            IdentityRow.unreachable,
            AccountRow.channel,
            ConversationRow.memory,
            ConversationRow.last_interaction,
        )
        .select_from(ConversationRow)
        .join(IdentityRow, ConversationRow.identity_id == IdentityRow.id)
        .join(AccountRow, AccountRow.id == IdentityRow.account)
        .where(ConversationRow.id == conversation)
    )
    row = found.one_or_none()
    if row is None:
        return Line(Reach.GONE)
    last, until, reach = row.last_interaction, None, Reach.OPEN
    if row.channel == Channel.ZALO and last is not None and Anonymous.read(row.sender) is None:
        rule = _zalo().on(now.date()).window
        reach, until = _STATES[window_at(now, last, rule)], last + rule.paid
    if row.unreachable is not None:
        reach = Reach.CLOSED if row.unreachable == Unreachable.WINDOW_CLOSED else Reach.BLOCKED
    language = row.memory.get("language", "vi")
    return Line(reach, conversation, row.account, row.sender, language, last, until)


@cache
def _zalo() -> Calendar:
    return Calendar(Rules.load())
