"""What goes out: one reply in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlers.turn import Reply


@dataclass(frozen=True)
class OutboundMessage:
    """A reply in the outbox. Ids grow within a conversation and are never used twice."""

    id: int
    conversation: int
    reply: Reply
