"""The port through which replies leave: one implementation per platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from bot.outbound import Recipient

if TYPE_CHECKING:
    from bot.outbound import OutboundMessage

__all__ = ["Outlet", "Recipient", "Send"]

Send = Callable[[], Awaitable[None]]
"""One call to the platform that puts one message on the person's screen. Raises DeliveryError."""


class Outlet(Protocol):
    """One of our accounts, as something that replies are sent through."""

    @property
    def account(self) -> str:
        """Our account's id, as in `Inbound.account`."""
        ...

    def sends(self, to: Recipient, message: OutboundMessage) -> Sequence[Send]:
        """The calls that show a reply, in order; a long reply is several messages.

        The same message always gives the same calls, so that a delivery that was cut off goes on where it was.
        """
        ...

    async def working(self, to: Recipient) -> None:
        """Show that an answer is being prepared, where the platform can. Never raises."""
        ...
