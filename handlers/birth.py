"""When a small child was born, as far as it is told in words or as a date; it is kept in no place of its own."""

from __future__ import annotations

from typing import NamedTuple

from handlers.context import Context
from knowledge.search.patterns import Pattern

_MONTH = r"1[0-2]|0?[1-9]"
_BORN = Pattern(
    rf"\b(?:tron|du|len|vua) 6 tuoi (?:(?:vao|hoi|trong|dau|giua|cuoi) )*thang (?P<turned>{_MONTH})\b"
    r"|(?<!phat )\b(?:sinh|born) (?:(?:vao|hoi|dau|giua|cuoi|ngay|in|on) )*"
    rf"(?:(?:thang |(?P<day>\d{{1,2}})(?:[/. -]| thang ))(?P<month>{_MONTH})\b(?:(?:[/. -]| nam )(?P<year>20[12]\d)\b)?"
    rf"|(?P<only_month>{_MONTH})[/. -](?P<of_year>20[12]\d)\b)"
)


class Birth(NamedTuple):
    """A month, with the year and the day where they are named too."""

    month: int
    year: int | None = None
    day: int | None = None


def birth_named(context: Context) -> Birth | None:
    """What this message, or else the last ones, say of a child's birth."""
    for text in context.lately():
        if match := _BORN.search(text):
            month = match["turned"] or match["month"] or match["only_month"]
            year, day = match["year"] or match["of_year"], match["day"]
            return Birth(int(month), int(year) if year else None, int(day) if day else None)
    return None
