"""Until when the card of a small child is valid: for the month and year of birth that somebody names."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date

from handlers.context import Context
from knowledge.entries import Entry
from knowledge.rendering import Rendered
from knowledge.search.patterns import Pattern

_ENTRIES = frozenset({"tre-duoi-6-the-den-khi-nao", "lop-1-the-tu-khi-nao"})
_BORN = Pattern(
    r"\b(?:sinh|born) (?:(?:vao|hoi|dau|giua|cuoi|ngay|in|on) )*(?:(?P<day>\d{1,2})(?:[/. -]| thang ))?(?:thang )?"
    r"(?P<month>1[0-2]|0?[1-9])(?:[/. -]| nam )(?P<year>20[12]\d)\b"
)
_MONTHS_OF_A_YEAR = 12


def with_own_term(context: Context, entry: Entry, rendered: Rendered) -> Rendered:
    """An answer on the term of a small child's card, led by its last day; every other answer as it is."""
    if entry.id not in _ENTRIES:
        return rendered
    born = next(filter(None, map(_BORN.search, context.lately())), None)
    if born is None:
        return rendered
    month, year = int(born["month"]), int(born["year"])
    end = _last_day(context, int(born["day"]) if born["day"] else None, month, year)
    if end is None:
        return rendered
    lead = context.say("term", "under6", month=month, year=year, date=f"{end.day}/{end.month}/{end.year}")
    return replace(rendered, text=f"{lead}\n\n{rendered.text}")


def _last_day(context: Context, day: int | None, month: int, year: int) -> date | None:
    """The last day of the free card; None for a child who may be born on the very day from which it is another."""
    facts, today = context.base.facts, context.turn.today
    last = year + int(facts.number("under6_full_months", today)) // _MONTHS_OF_A_YEAR
    of_cutoff, in_month = (int(number) for number in str(facts.value("under6_cutoff", today)).split("/"))
    if month == in_month and day in {None, of_cutoff}:
        return None
    if month <= in_month:
        return date(last, in_month, of_cutoff)
    return date(last, month, monthrange(last, month)[1])
