"""What Zalo allows and what its errors mean on a day: `rules.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from bot.delivery.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = Path(__file__).with_name("rules.toml")


class Remedy(StrEnum):
    """What to do about an error."""

    LATER = "later"
    ACCOUNT_LATER = "account_later"
    TOMORROW = "tomorrow"
    MORNING = "morning"
    REFRESH = "refresh"
    UPLOAD = "upload"
    PERSON = "person"
    REJECT = "reject"
    BROKEN = "broken"


class Dated(BaseModel):
    """A row of the file: the first and last day on which it holds, where it comes from, and how sure that is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    source: str = Field(min_length=3)
    confidence: Literal["H", "M", "L"]

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class WindowRule(Dated):
    """How long after somebody's last interaction we may write to them."""

    free_hours: int
    paid_hours: int

    @property
    def free(self) -> timedelta:
        return timedelta(hours=self.free_hours)

    @property
    def paid(self) -> timedelta:
        return timedelta(hours=self.paid_hours)


class LimitRule(Dated):
    """How large things may be: characters, bytes of an image, hours that an upload lives."""

    text: int
    buttons: int
    title: int
    payload: int
    image: int
    image_types: tuple[str, ...]
    upload_hours: int


class QuotaRule(Dated):
    """Where a sent message was charged, by the quota that the answer names."""

    types: tuple[str, ...]
    charged_to: Literal["free", "package", "paid"]


class HttpRule(Dated):
    """What to do about an HTTP status."""

    status: tuple[int, ...]
    do: Remedy


class ErrorRule(Dated):
    """What to do about an error code; `seconds` to wait, or `reason` why the person cannot be written to."""

    codes: tuple[int, ...]
    do: Remedy
    seconds: float | None = None
    reason: Unreachable | None = None


_Row = TypeVar("_Row", bound=Dated)


class Rules(BaseModel):
    """All rows of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    window: tuple[WindowRule, ...]
    limit: tuple[LimitRule, ...]
    quota: tuple[QuotaRule, ...]
    http: tuple[HttpRule, ...]
    error: tuple[ErrorRule, ...]

    @classmethod
    def load(cls, file: Path = FILE) -> Rules:
        """The rules as shipped; raises ValueError when the file is wrong."""
        return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))

    def on(self, day: date) -> DayRules:
        """The rules that hold on a day. A day before everything known is treated as the first day known."""
        return DayRules(
            window=_on(self.window, day)[-1],
            limit=_on(self.limit, day)[-1],
            quotas=_on(self.quota, day),
            http={status: row for row in _on(self.http, day) for status in row.status},
            errors={code: row for row in _on(self.error, day) for code in row.codes},
        )


@dataclass(frozen=True)
class DayRules:
    """The rules of one day, errors by code."""

    window: WindowRule
    limit: LimitRule
    quotas: Sequence[QuotaRule]
    http: dict[int, HttpRule]
    errors: dict[int, ErrorRule]

    @cached_property
    def counted_quotas(self) -> tuple[str, ...]:
        """The quota types that are spent outside the free window, and can be asked for."""
        return tuple(kind for kind, charged_to in self.charged_to.items() if kind and charged_to != "free")

    @cached_property
    def charged_to(self) -> dict[str, str]:
        """Where a message was charged, by the quota type of the answer."""
        return {kind: row.charged_to for row in self.quotas for kind in row.types}


def _on(rows: Sequence[_Row], day: date) -> Sequence[_Row]:
    held = [row for row in rows if row.holds(day)]
    return held or [min(rows, key=lambda row: row.first or date.min)]


class Calendar:
    """The rules of the day, made once a day."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._day: date | None = None
        self._today: DayRules | None = None

    def on(self, day: date) -> DayRules:
        if self._today is None or self._day != day:
            self._day, self._today = day, self._rules.on(day)
        return self._today
