"""What a query may ask of a contact, and the values that each field takes (`fields.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from rapidfuzz import process

from bot.outreach.contacts.days import read_day
from bot.outreach.contacts.provinces import ProvinceNames
from bot.outreach.contacts.tags import read_tag
from bot.outreach.contacts.words import meaning, plain
from knowledge.base import ROOT
from knowledge.offices import Office, load_offices

Value = str | int | date
"""Ids and texts are str, classes and years int, days date."""
GRADES = range(1, 13)
YEARS = range(1900, 2101)


class Field(StrEnum):
    """A field. Those from RELATION on are of one insured student: the contact, or a child they look after."""

    ROLE = "role"
    PROVINCE = "province"
    LANGUAGE = "language"
    SOURCE = "source"
    TAG = "tag"
    CHANNEL = "channel"
    LAST_SEEN = "last_seen"
    ASKED = "asked"
    REMINDER = "reminder"
    RELATION = "relation"
    SCHOOL = "school"
    LEVEL = "level"
    GRADE = "grade"
    BIRTH_YEAR = "birth_year"
    CARD_END = "card_end"


INSURED = frozenset({Field.RELATION, Field.SCHOOL, Field.LEVEL, Field.GRADE, Field.BIRTH_YEAR, Field.CARD_END})
DAYS = frozenset({Field.LAST_SEEN, Field.REMINDER, Field.CARD_END})
NUMBERS = {Field.GRADE: GRADES, Field.BIRTH_YEAR: YEARS}


@dataclass(frozen=True)
class Spec:
    """How a field is called, how its values are, and how it reads in a sentence."""

    names: tuple[str, ...]
    says: str
    values: dict[str, str]
    within: str = ""

    @property
    def name(self) -> str:
        return self.names[0]


@cache
def specs() -> dict[Field, Spec]:
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        Field(name): Spec(tuple(row["names"]), row["says"], row.get("values", {}), row.get("within", ""))
        for name, row in raw.items()
    }


@cache
def field_names() -> dict[str, Field]:
    """Every field by each of its names, in plain words."""
    return {plain(name): field for field, spec in specs().items() for name in spec.names}


@cache
def offices() -> dict[str, Office]:
    return load_offices(ROOT / "offices")


@cache
def topics() -> frozenset[str]:
    """The topics of the knowledge base."""
    return frozenset(folder.name for folder in (ROOT / "faq").iterdir() if folder.is_dir())


def read(field: Field, text: str) -> Value | None:
    """The value that somebody wrote; None when the field has no such value."""
    if field in DAYS:
        return read_day(text)
    if field in NUMBERS:
        return int(text) if text.isascii() and text.isdigit() and int(text[:9]) in NUMBERS[field] else None
    match field:
        case Field.PROVINCE:
            return _provinces().find(text)
        case Field.ASKED:
            slug = plain(text).replace(" ", "-")
            return slug if slug in topics() else None
        case Field.TAG:
            return read_tag(text)
        case Field.SCHOOL | Field.SOURCE:
            return text.strip() or None
    own = {plain(word): value for value, label in specs()[field].values.items() for word in (value, label)}
    return own.get(plain(text)) or (meaning(field, text) if field in _LISTED else None)


def write(field: Field, value: Value) -> str:
    """The value as `read` takes it."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if field is Field.PROVINCE:
        return offices()[str(value)].short_name
    return specs()[field].values.get(str(value), str(value))


def choices(field: Field) -> list[str]:
    """What may be written for a field, as far as that can be listed."""
    if field is Field.PROVINCE:
        return [office.short_name for office in offices().values()]
    return sorted(topics()) if field is Field.ASKED else list(specs()[field].values.values())


def nearest(text: str, names: list[str]) -> str | None:
    """The name that was probably meant."""
    found = process.extractOne(plain(text), {name: plain(name) for name in names}, score_cutoff=75)
    return found[2] if found else None


_LISTED = frozenset({Field.ROLE, Field.LANGUAGE, Field.LEVEL})
"""Fields whose values contact lists call by many words."""


@cache
def _provinces() -> ProvinceNames:
    return ProvinceNames(offices())
