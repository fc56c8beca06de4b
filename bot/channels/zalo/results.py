"""What calls of the OpenAPI give back, as far as we use it: never a name, never a phone number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from bot.channels.zalo.answers import read_number, read_text
from bot.store.quotas import Quota

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class SentMessage:
    """A message that Zalo took. `quota` is the kind that was charged, empty when the answer names none."""

    id: str
    quota: str

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        return cls(read_text(data.get("message_id")), read_text(_table(data, "quota").get("quota_type")))


@dataclass(frozen=True)
class UserDetail:
    """Where somebody says that they live, in their own words; empty when they did not say."""

    city: str = field(repr=False)
    address: str = field(repr=False)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        shared = _table(data, "shared_info")
        return cls(read_text(shared.get("city")), read_text(shared.get("address")))


@dataclass(frozen=True)
class Profile:
    """An Official Account as Zalo describes it; its package and until when, as the console shows them."""

    oa: str
    name: str
    package: str
    package_ends: str

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            # The documentation says oaid; a production integration reads oa_id (zalo-oa.md §2.18, low confidence).
            read_text(data.get("oaid")) or read_text(data.get("oa_id")),
            read_text(data.get("name")),
            read_text(data.get("package_name")),
            read_text(data.get("package_valid_through_date")),
        )


def read_quota(rows: object, kind: str) -> Quota | None:
    """What is left of one kind of quota, all assets of it together; None when no row can be read."""
    assets = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    remain = [read_number(row.get("remain")) for row in assets if row.get("quota_type") == kind]
    told = [number for number in remain if number is not None]
    if not told:
        return None
    total = sum(read_number(row.get("total")) or 0 for row in assets)
    return Quota(kind, max(0, sum(told)), total)


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}
