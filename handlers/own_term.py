"""Until when the card of a small child is valid: for the month and year of birth that somebody names."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date

from handlers.birth import Birth, birth_named
from handlers.context import Context
from knowledge.entries import Entry
from knowledge.rendering import Rendered

_ENTRIES = frozenset({"tre-duoi-6-the-den-khi-nao", "lop-1-the-tu-khi-nao"})
_MONTHS_OF_A_YEAR = 12


def with_own_term(context: Context, entry: Entry, rendered: Rendered) -> Rendered:
    """An answer on the term of a small child's card, led by its last day; every other answer as it is."""
    if entry.id not in _ENTRIES:
        return rendered
    born = birth_named(context)
    end = _last_day(context, born) if born is not None else None
    if born is None or end is None:
        return rendered
    told = f"{end.day}/{end.month}/{end.year}"
    lead = context.say("term", "under6", month=born.month, year=born.year, date=told)
    return replace(rendered, text=f"{lead}\n\n{rendered.text}")


def _last_day(context: Context, born: Birth) -> date | None:
    """The last day of the free card; None without a year, and for who may be born on the day from which it differs."""
    if born.year is None:
        return None
    facts, today = context.base.facts, context.turn.today
    last = born.year + int(facts.number("under6_full_months", today)) // _MONTHS_OF_A_YEAR
    of_cutoff, in_month = (int(number) for number in str(facts.value("under6_cutoff", today)).split("/"))
    if born.month == in_month and born.day in {None, of_cutoff}:
        return None
    if born.month <= in_month:
        return date(last, in_month, of_cutoff)
    return date(last, born.month, monthrange(last, born.month)[1])
