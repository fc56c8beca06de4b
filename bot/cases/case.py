"""A case as staff works on it, and which step leads where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from bot.cases.errors import WrongStepError
from bot.cases.texts import say
from bot.store.models import CaseRow, CaseState, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

ALIVE = (CaseState.NEW, CaseState.OPEN, CaseState.WAITING, CaseState.REOPENED)
"""The states in which staff still has something to do."""
COLUMNS = table_of(CaseRow).c
_NAMES = tuple(column.key for column in COLUMNS)


class Step(StrEnum):
    """What is done to a case."""

    TAKE = "take"
    TRANSFER = "transfer"
    REPLY = "reply"
    WAIT = "wait"
    CITIZEN = "citizen"
    RESOLVE = "resolve"
    REOPEN = "reopen"


_WORKING = dict.fromkeys(ALIVE, CaseState.OPEN)
_AFTER: dict[Step, dict[CaseState, CaseState]] = {
    Step.TAKE: {**_WORKING, CaseState.WAITING: CaseState.WAITING},
    Step.TRANSFER: {**_WORKING, CaseState.WAITING: CaseState.WAITING},
    Step.REPLY: _WORKING,
    Step.WAIT: dict.fromkeys(ALIVE, CaseState.WAITING),
    Step.CITIZEN: {
        **{state: state for state in ALIVE},
        CaseState.WAITING: CaseState.OPEN,
        CaseState.RESOLVED: CaseState.REOPENED,
    },
    Step.RESOLVE: dict.fromkeys(ALIVE, CaseState.RESOLVED),
    Step.REOPEN: {CaseState.RESOLVED: CaseState.REOPENED},
}


def after(step: Step, state: CaseState) -> CaseState:
    """The state that a step leads to; raises WrongStepError."""
    try:
        return _AFTER[step][state]
    except KeyError:
        raise WrongStepError(say("vi", "wrong_step", state=say("vi", f"state_{state}"))) from None


@dataclass(frozen=True)
class Case:
    """One case as it stood when it was read. Texts are masked; moments are aware."""

    id: int
    number: str
    conversation: int | None
    reason: str | None
    question: str
    summary: str
    urgency: str
    entry: str | None
    role: str | None
    province: str | None
    channel: str | None
    state: CaseState
    owner: int | None
    opened: datetime
    updated: datetime
    first_response: datetime | None
    resolved: datetime | None
    waiting_told: datetime | None
    merged_into: int | None
    satisfaction: int | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row with all `COLUMNS` and perhaps more."""
        return cls.read([getattr(row, name) for name in _NAMES])

    @classmethod
    def read(cls, columns: Sequence[Any]) -> Self:
        """From the values of all `COLUMNS`, in their order."""
        values = dict(zip(_NAMES, columns, strict=True))
        values["conversation"], values["owner"] = values.pop("conversation_id"), values.pop("owner_id")
        return cls(**{**values, "state": CaseState(values["state"])})

    @property
    def alive(self) -> bool:
        return self.state in ALIVE
