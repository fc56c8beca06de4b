"""What the platform remembers: accounts, their members and visitors, messages, uploads."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.simulator.zalo.ids import message_id, number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.simulator.phone import Author
    from bot.simulator.zalo.codes import Code

WELCOMES = 3
"""Messages to a follower who never interacted (reference §2.3)."""


class UploadKind(StrEnum):
    """What can be uploaded."""

    IMAGE = "image"
    GIF = "gif"
    FILE = "file"


@dataclass(frozen=True)
class Upload:
    """What an account uploaded."""

    kind: UploadKind
    at: datetime
    content_type: str
    body: bytes = field(repr=False)


@dataclass
class Message:
    """One message of a conversation. `attachment` is as it was sent, `admin` the person of the office who wrote it."""

    author: Author
    at: datetime
    text: str = ""
    attachment: Mapping[str, Any] | None = None
    quotes: str | None = None
    admin: str | None = None
    hidden: bool = False
    seen: bool = False
    reactions: list[str] = field(default_factory=list)
    id: str = field(default_factory=message_id)


@dataclass
class Member:
    """A person as one account knows them. `last_interaction` is what the sending windows count from (§3.1)."""

    user_id: str
    user_id_by_app: str
    name: str
    follower: bool = False
    last_interaction: datetime | None = None
    blocked: bool = False
    inactive: bool = False
    type_off: bool = False
    welcomes: int = WELCOMES
    tags: set[str] = field(default_factory=set)
    shared: Mapping[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    @property
    def related(self) -> bool:
        return self.follower or self.last_interaction is not None


@dataclass
class Visitor:
    """Somebody on the office's website who writes without a Zalo account (§2.13)."""

    anonymous_id: str
    conversation_id: str
    messages: list[Message] = field(default_factory=list)


@dataclass
class Allowance:
    """Messages that an account may send outside the free window: `remain` of `total`, until a day."""

    total: int = 0
    remain: int = 0
    until: date | None = None


def _allowances() -> dict[str, Allowance]:
    return {"sub_quota": Allowance(), "reward_quota": Allowance(), "purchase_quota": Allowance()}


@dataclass
class Account:
    """An Official Account.

    `rate` is requests a minute of its package, `quotas` are spent in their order, `wallet` is how many messages the
    linked ZCA account can still pay for, None when none is linked. `refuses` answers every call with one code, as for
    a disabled account.
    """

    id: str
    name: str
    rate: int = 100
    package: str = "Tăng trưởng"
    refuses: Code | None = None
    quotas: dict[str, Allowance] = field(default_factory=_allowances)
    wallet: int | None = None
    members: dict[str, Member] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def admit(self, app_id: str, name: str) -> Member:
        """Somebody who may write to this account; the same name is the same person for all accounts of an app."""
        user_id = number("user", app_id, self.id, name)
        return self.members.setdefault(user_id, Member(user_id, number("user-by-app", app_id, name), name))

    def visit(self) -> Visitor:
        """A new visitor of the website."""
        visitor = Visitor(anonymous_id=message_id(), conversation_id=message_id())
        self.visitors[visitor.anonymous_id] = visitor
        return visitor

    def find(self, message: str) -> tuple[Member, Message]:
        """A message of a member by its id, or LookupError."""
        for member in self.members.values():
            for candidate in member.messages:
                if candidate.id == message:
                    return member, candidate
        raise LookupError(message)
