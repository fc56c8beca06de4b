"""What calls of the OpenAPI give back, as far as we use it: never a name, never a phone number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from bot.channels.zalo.answers import read_number, read_text
from bot.store.quotas import Quota

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class SentMessage:
    """A message that Zalo took.

    `quota` is the kind that was charged, empty when the answer names none; `remain` what is left of it, if it is told.
    """

    id: str
    quota: str
    remain: int | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        quota = _table(data, "quota")
        return cls(
            read_text(data.get("message_id")), read_text(quota.get("quota_type")), read_number(quota.get("remain"))
        )


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


def read_quotas(rows: Sequence[object], kind: str) -> list[Quota]:
    """What is left of the quotas of one kind; what cannot be read is left out."""
    found = [_quota(row, kind) for row in rows if isinstance(row, dict)]
    return [quota for quota in found if quota is not None]


def _quota(row: Mapping[str, Any], kind: str) -> Quota | None:
    remain, total = read_number(row.get("remain")), read_number(row.get("total"))
    if remain is None or row.get("quota_type") != kind:
        return None
    return Quota(kind, max(0, remain), total or 0, read_text(row.get("valid_through"))[:40])


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}
