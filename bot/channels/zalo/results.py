"""What calls of the OpenAPI give back, as far as we use it: never a name, never a phone number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from bot.channels.zalo.answers import read_text
from bot.channels.zalo.moments import moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


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


@dataclass(frozen=True)
class PersonQuota:
    """When somebody last interacted with the account, as Zalo counts it."""

    last_interaction: datetime | None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        return cls(moment(data.get("last_interaction")))


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}
