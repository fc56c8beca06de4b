"""The conversation in a terminal: one line in, the replies out, buttons by number or by their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from rich.markdown import Markdown
from rich.padding import Padding

from bot.channels.inbound import Channel, Inbound
from bot.store.outbox import confirm
from bot.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from bot.app import Runtime
    from bot.outbound import OutboundMessage
    from handlers.turn import Button

ACCOUNT = "terminal"
LEAVE = frozenset({"thoát", "thoat", "exit", "quit"})


@dataclass(frozen=True)
class Choice:
    """What the person sent: their words, or the action of a button."""

    text: str = ""
    action: str | None = None


def choose(line: str, buttons: Sequence[Button]) -> Choice:
    """Understand a line: a button's number, a button's words, or a message of its own."""
    typed = line.strip()
    if typed.isascii() and typed.isdigit() and len(typed) < 4 and 1 <= int(typed) <= len(buttons):
        return Choice(action=buttons[int(typed) - 1].action)
    for button in buttons:
        if typed.casefold() == button.label.casefold():
            return Choice(action=button.action)
    return Choice(text=typed)


def wants_to_leave(line: str) -> bool:
    return line.strip().casefold() in LEAVE


class TerminalChat:
    """One person at one terminal. `send` is one turn; the loop around it belongs to the command line."""

    def __init__(self, runtime: Runtime, console: Console, sender: str) -> None:
        self._runtime = runtime
        self._console = console
        self._sender = sender
        self._buttons: tuple[Button, ...] = ()

    async def send(self, line: str) -> None:
        """Process a line, print the replies, and note that they were shown."""
        choice = choose(line, self._buttons)
        inbound = Inbound(
            account=ACCOUNT,
            channel=Channel.TERMINAL,
            sender=self._sender,
            message_id=uuid4().hex,
            received=self._runtime.clock(),
            text=choice.text,
            action=choice.action,
        )
        result = await self._runtime.pipeline.handle(inbound)
        self._show(result.messages)
        async with self._runtime.database.transaction() as session:
            await confirm(session, [message.id for message in result.messages], self._runtime.clock())

    def _show(self, messages: Sequence[OutboundMessage]) -> None:
        buttons = [button for message in messages for button in message.reply.buttons]
        self._console.print(say("vi", "bot"), style="bold cyan")
        for message in messages:
            if message.reply.image:
                self._console.print(Padding(f"[{message.reply.image.alt}]", (0, 0, 1, 2)), markup=False)
            self._console.print(Padding(Markdown(message.reply.text), (0, 0, 1, 2)))
            if message.reply.note:
                self._console.print(Padding(message.reply.note, (0, 0, 1, 2)), style="dim", markup=False)
        for number, button in enumerate(buttons, 1):
            self._console.print(f"  [{number}] {button.label}", style="cyan", markup=False, highlight=False)
        self._buttons = tuple(buttons)
