"""From a reviewed template and a day to the text that a person reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from babel.numbers import format_decimal
from babel.units import format_unit

from knowledge.dates import Period, day_before, vietnamese_date
from knowledge.entries import Role
from knowledge.errors import FactError
from knowledge.facts import Unit, round_dong

if TYPE_CHECKING:
    from knowledge.entries import Entry
    from knowledge.facts import FactBook, Value
    from knowledge.sources import Source

PLACEHOLDER = re.compile(r"\{(?P<fact>[a-z0-9_]+)(?:@(?P<day>\d{4}-\d{2}-\d{2}))?(?:\.(?P<part>[a-z]+))?\}")
PARTS = frozenset({"", "prev", "from", "to", "number"})
MAX_SOURCES = 3
RECENT = timedelta(days=3 * 366)
"""A rule that began earlier than this is not news: the day of review is shown instead of the day it began."""

_DATING_UNITS = frozenset({Unit.DONG, Unit.PERCENT, Unit.DAYS, Unit.WORKDAYS, Unit.MONTHS, Unit.YEARS})
_WORKDAYS = {"vi": "ngày làm việc", "en": "working days"}
_POINTS = {"vi": "điểm", "en": "points"}
_BABEL_UNITS = {Unit.DAYS: "duration-day", Unit.MONTHS: "duration-month", Unit.YEARS: "duration-year"}
_ROLE_LABELS = {
    "vi": {Role.STUDENT: "Với học sinh, sinh viên", Role.PARENT: "Với phụ huynh", Role.TEACHER: "Với nhà trường"},
    "en": {Role.STUDENT: "For students", Role.PARENT: "For parents", Role.TEACHER: "For schools"},
}


@dataclass(frozen=True)
class Rendered:
    """An answer ready to send: light markup, the days it holds for, the documents it rests on."""

    text: str
    period: Period
    sources: tuple[str, ...]
    source_ids: tuple[str, ...]
    language: str


def placeholders(template: str) -> list[re.Match[str]]:
    """All places in a template where a fact is named."""
    return list(PLACEHOLDER.finditer(template))


def format_value(value: Value, unit: Unit, language: str = "vi") -> str:
    """A value with its unit, in words for the reader: 683.100 đồng, 50%, 10 ngày làm việc."""
    if isinstance(value, date):
        return vietnamese_date(value)
    if isinstance(value, str):
        return value
    if unit is Unit.DONG:
        return f"{format_decimal(round_dong(value), locale=language)} {'đồng' if language == 'vi' else 'VND'}"
    if unit is Unit.PERCENT:
        return f"{_plain(value * 100, language)}%"
    number = _plain(value, language)
    if unit in _BABEL_UNITS:
        length: Literal["long", "short"] = "long" if language == "en" else "short"  # CLDR lacks long Vietnamese names
        return str(format_unit(int(value), _BABEL_UNITS[unit], length=length, locale=language))
    if unit is Unit.WORKDAYS:
        return f"{number} {_WORKDAYS[language]}"
    if unit is Unit.AGE:
        return f"{number} tuổi" if language == "vi" else number
    if unit is Unit.POINTS:
        return f"{number} {_POINTS[language]}"
    return number


def fill(template: str, facts: FactBook, day: date, language: str = "vi") -> str:
    """Replace every `{fact}` by its value on the day; raises FactError for what cannot be told."""

    def value(match: re.Match[str]) -> str:
        fact = facts.fact(match["fact"])
        on = _named_day(match) or day
        part = match["part"] or ""
        if part not in PARTS:
            raise FactError(f"{{{fact.id}.{part}}}: there is no part {part!r}")
        if part in {"from", "to"}:
            period = facts.period(fact.id, on)
            bound = period.start if part == "from" else period.end
            if bound is None:
                raise FactError(f"{{{fact.id}.{part}}}: the value has no such day")
            return vietnamese_date(bound)
        if part == "prev":
            start = facts.period(fact.id, on).start
            if start is None:
                raise FactError(f"{{{fact.id}.prev}}: no earlier value is known")
            on = day_before(start)
        found = facts.value(fact.id, on)
        if part == "number" and isinstance(found, Fraction):
            return _plain(found * 100 if fact.unit is Unit.PERCENT else found, language)
        return format_value(found, fact.unit, language)

    return PLACEHOLDER.sub(value, template)


def render(
    entry: Entry,
    facts: FactBook,
    sources: dict[str, Source],
    day: date,
    language: str = "vi",
    role: Role | None = None,
) -> Rendered:
    """The answer of an entry as of a day, for a reader; Vietnamese when it has no English text.

    Raises FactError when a fact that the answer names has no value on that day.
    """
    language = "en" if language == "en" and entry.body_en else "vi"
    template = for_role(entry.body_en if language == "en" else entry.body, role, language)
    period = entry.period
    cited: dict[str, str] = {}
    for match in placeholders(template):
        fact = facts.fact(match["fact"])
        if match["day"] or match["part"] == "prev" or fact.unit not in _DATING_UNITS:
            continue
        period = period.intersect(facts.period(fact.id, day))
    for citation in entry.sources:
        source = sources[citation.source]
        if day in Period(source.valid_from, source.valid_to):
            cited[source.id] = source.cite(citation.article)
    if entry.sources:
        for match in placeholders(template):
            if match["day"] or facts.fact(match["fact"]).unit is not Unit.DONG:
                continue
            for source_id in facts.sources(match["fact"], day):
                cited.setdefault(source_id, sources[source_id].cite())
    kept = dict(list(cited.items())[:MAX_SOURCES])
    return Rendered(
        text=fill(template, facts, day, language),
        period=period,
        sources=tuple(kept.values()),
        source_ids=tuple(kept),
        language=language,
    )


def for_role(body: str, role: Role | None, language: str = "vi") -> str:
    """Keep the paragraphs meant for this reader; with the reader unknown, keep all and say whom each is for."""
    kept: list[str] = []
    for paragraph in re.split(r"\n\s*\n", body):
        lines = []
        for line in paragraph.splitlines():
            match = re.match(r"@(student|parent|teacher)\s+(.*)", line)
            if match is None:
                lines.append(line)
            elif role is None:
                lines.append(f"{_ROLE_LABELS[language][Role(match[1])]}: {match[2]}")
            elif role == match[1]:
                lines.append(match[2])
        if lines:
            kept.append("\n".join(lines))
    return "\n\n".join(kept)


def period_text(period: Period, day: date, reviewed: date, language: str = "vi") -> str:
    """The line that says for which days an answer holds."""
    english = language == "en"
    if period.end is not None:
        start = vietnamese_date(period.start) if period.start else ""
        end = vietnamese_date(period.end)
        if english:
            return f"Valid {start} to {end}" if start else f"Valid until {end}"
        return f"Áp dụng từ {start} đến {end}" if start else f"Áp dụng đến {end}"
    if period.start is not None and (period.start > day or day - period.start < RECENT):
        return (
            f"Valid since {vietnamese_date(period.start)}" if english else f"Áp dụng từ {vietnamese_date(period.start)}"
        )
    return f"Reviewed {vietnamese_date(reviewed)}" if english else f"Cập nhật đến {vietnamese_date(reviewed)}"


def _named_day(match: re.Match[str]) -> date | None:
    """The day that a brace names, if any."""
    try:
        return date.fromisoformat(match["day"]) if match["day"] else None
    except ValueError:
        raise FactError(f"{match[0]}: there is no day {match['day']}") from None


def _plain(value: Value, language: str) -> str:
    if isinstance(value, Fraction):
        return str(format_decimal(int(value) if value.denominator == 1 else float(value), locale=language))
    return vietnamese_date(value) if isinstance(value, date) else value
