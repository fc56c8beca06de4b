"""What is wrong with a query, where, and how it is mended."""

from __future__ import annotations

from bot.outreach.errors import OutreachError


class SegmentError(OutreachError):
    """The query cannot be read. `position` counts characters from 1; 0 when the fault is at no place of the text."""

    def __init__(self, position: int, what: str, mend: str = "") -> None:
        self.position, self.what, self.mend = position, what, mend
        place = f"ký tự {position}: " if position else ""
        super().__init__(f"{place}{what}" + (f"; {mend}" if mend else ""))
