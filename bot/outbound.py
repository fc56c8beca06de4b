"""What goes out: one reply in the outbox, and whom it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.turn import Reply


@dataclass(frozen=True)
class OutboundMessage:
    """A reply in the outbox. Ids grow within a conversation and are never used twice."""

    id: int
    conversation: int
    reply: Reply


@dataclass(frozen=True)
class Recipient:
    """Whom to write to: `address` is the platform's id, `last_interaction` when they last wrote (aware)."""

    account: str
    address: str
    last_interaction: datetime
