"""A query as a value. `str` gives its canonical text, which `parse` reads back to an equal query."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.outreach.segments.fields import Field, Value, specs, write
from knowledge.search.folding import compose

AND, OR, NOT = frozenset({"và", "va", "and"}), frozenset({"hoặc", "hoac", "or"}), frozenset({"không", "khong", "not"})
IN = frozenset({"trong", "in"})
_PLAIN_VALUE = re.compile(r"[^\W_](?:[\w/-]|\.(?!\.)| (?! ))*(?<! )")


@dataclass(frozen=True)
class Everyone:
    """All contacts."""

    def __str__(self) -> str:
        return "tất cả"


@dataclass(frozen=True)
class Match:
    """The field has one of the values, of which there is at least one."""

    field: Field
    values: tuple[Value, ...]

    def __str__(self) -> str:
        listed = ", ".join(_quoted(write(self.field, value)) for value in self.values)
        if self.field is Field.ASKED:
            return f"{_name(self.field)} {listed}"
        return f"{_name(self.field)} = {listed}"


@dataclass(frozen=True)
class Span:
    """The field lies between two values, both included; None leaves a side open, but not both."""

    field: Field
    low: Value | None
    high: Value | None

    def __str__(self) -> str:
        low, high = ("" if end is None else write(self.field, end) for end in (self.low, self.high))
        return f"{_name(self.field)} {low}..{high}"


@dataclass(frozen=True)
class Within:
    """In the next so many days for a card's end, in the last so many for what a person did; today counts."""

    field: Field
    days: int

    def __str__(self) -> str:
        return f"{_name(self.field)} trong {self.days} ngày"


@dataclass(frozen=True)
class Asked:
    """Got an answer of one of the topics in the last so many days."""

    topics: tuple[str, ...]
    days: int

    def __str__(self) -> str:
        return f"{_name(Field.ASKED)} {', '.join(self.topics)} trong {self.days} ngày"


@dataclass(frozen=True)
class Missing:
    """Nothing is known of the field."""

    field: Field

    def __str__(self) -> str:
        return f"{_name(self.field)} trống"


@dataclass(frozen=True)
class Not:
    """Those who are not in a part."""

    part: Query

    def __str__(self) -> str:
        return f"không {_bracketed(self.part, And, Or)}"


@dataclass(frozen=True)
class And:
    """Those in all of two or more parts. What it says of insured students it says of one and the same."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " và ".join(_bracketed(part, And, Or) for part in self.parts)


@dataclass(frozen=True)
class Or:
    """Those in any of two or more parts."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " hoặc ".join(_bracketed(part, Or) for part in self.parts)


Query = Everyone | Match | Span | Within | Asked | Missing | Not | And | Or


def _name(field: Field) -> str:
    return specs()[field].name


def _quoted(text: str) -> str:
    plain = _PLAIN_VALUE.fullmatch(text) and not (AND | OR | IN).intersection(compose(text).split())
    return text if plain else f'"{text}"'


def _bracketed(part: Query, *kinds: type[Query]) -> str:
    return f"({part})" if isinstance(part, kinds) else str(part)
