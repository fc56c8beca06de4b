"""How far recipients got and what they did, counted."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

from bot.store.models import RecipientState

if TYPE_CHECKING:
    from collections.abc import Iterable

STATES = {
    RecipientState.SENT: "sent",
    RecipientState.FAILED: "failed",
    RecipientState.UNKNOWN: "unknown",
    RecipientState.SKIPPED: "skipped",
    RecipientState.WAITING: "waiting",
    RecipientState.PLANNED: "left",
    RecipientState.SENDING: "left",
}
"""Where each state of the ledger is counted."""


@dataclass(frozen=True)
class Tally:
    """Numbers of people: all, by what became of the message, and what they did after it."""

    people: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    skipped: int = 0
    waiting: int = 0
    left: int = 0
    replied: int = 0
    tapped: int = 0
    opted_out: int = 0

    @classmethod
    def of(cls, state: str, people: int, **deeds: int) -> Self:
        """So many people in one state of the ledger, and how many of them replied, tapped, opted out."""
        return cls(people=people, **{STATES[RecipientState(state)]: people}, **deeds)

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    return sum(tallies, Tally())
