"""What the web chat asks of the rest of the runtime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.inbound import Inbound
    from bot.outbound import OutboundMessage
    from bot.turns import TurnResult


@dataclass(frozen=True)
class Said:
    """What the person said, as it is kept: `text` masked, or the label of the button that was pressed."""

    text: str


class Pipeline(Protocol):
    """Carries one message through the conversation core and the database, once."""

    async def handle(self, inbound: Inbound, /) -> TurnResult: ...


class Transcript(Protocol):
    """The kept conversation of one web session."""

    async def after(self, sender: str, message: int, limit: int) -> Sequence[OutboundMessage]:
        """Replies with an id above `message`, oldest first, at most `limit`."""
        ...

    async def lines(self, sender: str, limit: int) -> Sequence[Said | OutboundMessage]:
        """The last lines of both sides, oldest first."""
        ...

    async def confirm(self, ids: Sequence[int]) -> None:
        """Note that these replies reached the person's browser."""
        ...

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        ...
