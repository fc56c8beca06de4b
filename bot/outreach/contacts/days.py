"""Days and years as they stand in Vietnamese lists."""

from __future__ import annotations

import re
from datetime import date, timedelta

from knowledge.search.folding import fold

_VIETNAMESE = re.compile(r"(?:ngay )?(\d{1,2}) ?(?:[/.\-]|thang) ?(\d{1,2}) ?(?:[/.\-]|nam) ?(\d{4}|\d\d)(?: [\d:.]+)?")
_ISO = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[t ][\d:.]+)?")
_DIGITS = re.compile(r"(\d\d)(\d\d)(\d{4})")
_SERIAL = re.compile(r"[2-6]\d{4}")
_EXCEL_START = date(1899, 12, 30)
_YEAR = re.compile(r"(?:19|20)\d\d")


def read_day(text: str) -> date | None:
    """The day of `30/9/2027`, `30-09-27`, `ngày 30 tháng 9 năm 2027`, `2027-09-30`, `30092027` or a number of Excel.

    None for what is no day. The day stands before the month, always.
    """
    folded = fold(" ".join(text.split()))
    if match := _ISO.fullmatch(folded):
        return _day(match[3], match[2], match[1])
    if match := _VIETNAMESE.fullmatch(folded) or _DIGITS.fullmatch(folded):
        return _day(*match.groups())
    if _SERIAL.fullmatch(folded):
        return _EXCEL_START + timedelta(days=int(folded))
    return None


def read_year(text: str, today: date) -> int | None:
    """The year of birth in a year or a day of birth; None for anything else, and for one that cannot be."""
    bare = text.strip()
    day = read_day(bare)
    year = int(bare) if _YEAR.fullmatch(bare) else day.year if day else None
    return year if year is not None and today.year - 110 <= year <= today.year else None


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year) if len(year) == 4 else 2000 + int(year), int(month), int(day))
    except ValueError:
        return None
