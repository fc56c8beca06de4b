"""What staff can get wrong with a draft.

DraftError
├── NoDraftError      there is no such draft
├── WrongStepError    the draft is not in a state in which this can be done
├── NotAllowedError   this person may not do it: too low a role, or the second person is the first
├── ChangedError      it is no longer what was seen, or the answer was changed meanwhile
├── ProblemsError     the text has mistakes; `problems` names line and mend
└── BrokenError       questions would get another answer than the one approved for them; `broken` says which
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.drafts.texts import say
from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.drafts.regression import Broken
    from knowledge.errors import Problem


class DraftError(BotError):
    """Nothing was changed; the message is for staff."""


class NoDraftError(DraftError):
    """No such draft."""


class WrongStepError(DraftError):
    """The state of the draft forbids it."""


class NotAllowedError(DraftError):
    """Somebody else has to do it."""


class ChangedError(DraftError):
    """Look at it again first."""


class ProblemsError(DraftError):
    """The text would not pass `knowledge check`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class BrokenError(DraftError):
    """Regression questions that would fail."""

    def __init__(self, broken: Sequence[Broken]) -> None:
        self.broken = tuple(broken)
        lines = [
            say("broken_line", question=each.question, wanted=each.wanted, got=each.got or say("no_entry"))
            for each in broken
        ]
        super().__init__("\n".join([say("broken"), *lines]))
