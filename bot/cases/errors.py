"""What staff can get wrong with a case.

CaseError
├── NoCaseError        there is no such case, or none that this member of staff may see
├── NoStaffError       there is nobody of that name, or they were shut out
├── WrongStepError     the case is not in a state in which this can be done
├── NotOwnerError      somebody else owns it
├── SaidBeforeError    this very message was taken before: the platform delivered it again
└── UnreachableError   nothing can be sent to the citizen now; `reach` says why
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import BotError

if TYPE_CHECKING:
    from bot.cases.reach import Reach


class CaseError(BotError):
    """Nothing was changed; the message is for staff."""


class NoCaseError(CaseError):
    """No such case."""


class NoStaffError(CaseError):
    """Nobody who may do this."""


class WrongStepError(CaseError):
    """The state of the case forbids it."""


class NotOwnerError(CaseError):
    """Only the owner may do this."""


class SaidBeforeError(CaseError):
    """It was done when the message came for the first time."""


class UnreachableError(CaseError):
    """Nothing was written; the message says what staff can do instead."""

    def __init__(self, message: str, reach: Reach) -> None:
        super().__init__(message)
        self.reach = reach
