"""Who is told, inside this process, that something happened to a case: open pages of the console, the staff group."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.store.models import CaseEventKind

PENDING = 200
"""Changes kept for a listener that does not keep up; the oldest go first, and it reads the database anyway."""


@dataclass(frozen=True)
class Change:
    """A step of a case that has been committed. `province` is for those who see one province only."""

    case: int
    number: str
    kind: CaseEventKind
    province: str | None


@dataclass(frozen=True)
class Written:
    """A message to a citizen was committed outside of a turn."""

    conversation: int
    account: str
    sender: str


class Bus:
    """Published to after the commit; a listener that is slow or gone holds nobody up."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Change]] = set()
        self._senders: list[Callable[[Written], None]] = []

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Change]]:
        """The changes from now on."""
        queue: asyncio.Queue[Change] = asyncio.Queue(PENDING)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def publish(self, changes: Iterable[Change]) -> None:
        for change in changes:
            for queue in self._listeners:
                if queue.full():
                    with suppress(asyncio.QueueEmpty):
                        queue.get_nowait()
                queue.put_nowait(change)

    def on_written(self, send: Callable[[Written], None]) -> None:
        """`send` is called for each message to a citizen, to bring it there at once."""
        self._senders.append(send)

    def written(self, messages: Iterable[Written]) -> None:
        for message in messages:
            for send in self._senders:
                send(message)
