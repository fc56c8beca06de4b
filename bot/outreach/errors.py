"""What staff can get wrong in outreach.

OutreachError
├── SheetError       a file cannot be read as a list
├── ContactError     there is no such contact, or a word for it cannot be kept
├── SegmentError     a query cannot be read, or there is no saved segment of a name (segments/errors.py)
├── StaffError       somebody may not do this, or there is nobody of that login
└── CampaignError    a campaign cannot be kept, changed or moved on as asked; `problems` says what to mend, one a line
    ├── NoCampaignError   there is none of that code
    └── ManuscriptError   what was written cannot be kept; `wrong` says which value each problem is about
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Sequence

    Place = tuple[str | int, ...]


class OutreachError(BotError):
    """Something that staff asked for cannot be done; the message is for them."""


class SheetError(OutreachError):
    """The file is no list that we can read; nothing of it was taken."""


class ContactError(OutreachError):
    """Nothing was changed."""


class StaffError(OutreachError):
    """Nothing was changed."""


class CampaignError(OutreachError):
    """Nothing was changed. `problems` has one sentence for each thing to mend."""

    def __init__(self, problems: Sequence[str] | str) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class NoCampaignError(CampaignError):
    """There is no campaign of that code."""


class ManuscriptError(CampaignError):
    """Nothing was kept. `wrong` has the way to each value, such as ("texts", "vi", "text"), and what is wrong there."""

    def __init__(self, wrong: Sequence[tuple[Place, str]]) -> None:
        self.wrong = tuple(wrong)
        super().__init__([f"{'.'.join(map(str, place))}: {what}" if place else what for place, what in wrong])
