"""Who writes to us, under which account, and what they agreed to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import NEVER_REUSED, Base
from bot.store.types import Id


class AccountRow(Base):
    """One of our own accounts on a platform."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    created: Mapped[datetime]


class PersonRow(Base):
    """Somebody who writes to us; holds nothing that names them."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    created: Mapped[datetime]


class IdentityRow(Base):
    """The address of a person on one account: the only place that knows the platform's id of somebody.

    `unreachable` is why nothing can be sent there since `reachability_changed`; null when they can be reached.
    """

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("account", "sender"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id", ondelete="CASCADE"), index=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    sender: Mapped[str]
    unreachable: Mapped[str | None]
    reachability_changed: Mapped[datetime | None]


class ConversationRow(Base):
    """The thread with one identity, and what the bot remembers between its turns.

    `memory` is `handlers.memory.Memory` as JSON without its defaults, `memory_version` the version of that model.
    `held_by` is the case for which staff has the conversation: the bot keeps quiet meanwhile.
    A conversation without identity belonged to somebody who was erased. `last_interaction` is when the person last did
    something: the windows of a platform in which it lets us write are counted from it.
    """

    __tablename__ = "conversation"
    __table_args__ = (NEVER_REUSED,)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    identity_id: Mapped[int | None] = mapped_column(Id, ForeignKey("identity.id", ondelete="SET NULL"), unique=True)
    memory: Mapped[dict[str, Any]]
    memory_version: Mapped[int]
    updated: Mapped[datetime] = mapped_column(index=True)
    last_interaction: Mapped[datetime | None]
    held_by: Mapped[int | None] = mapped_column(Id)


class ArrivalRow(Base):
    """Somebody came through a link or poster that carries a code."""

    __tablename__ = "arrival"
    __table_args__ = (Index(None, "code", "day"), UniqueConstraint("person_id", "code"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id", ondelete="SET NULL"))
    code: Mapped[str]
    day: Mapped[date]


class ConsentEventRow(Base):
    """One statement of consent. Append only; when a person is erased it loses the person and the wording.

    `topic` is null for a statement about all messages, `version` the wording that was agreed to (see
    `bot.outreach.consents`), `how` the way it came: in the chat, by an office's list, by staff. `inbound_id` is the
    message in which it was said; the event outlives it.
    """

    __tablename__ = "consent_event"
    __table_args__ = (CheckConstraint("consent IN ('given', 'withdrawn')", name="consent"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id", ondelete="SET NULL"), index=True)
    consent: Mapped[str]
    topic: Mapped[str | None]
    wording: Mapped[str]
    version: Mapped[str | None]
    how: Mapped[str] = mapped_column(default="chat", server_default="chat")
    channel: Mapped[str]
    inbound_id: Mapped[int | None] = mapped_column(Id)
    happened: Mapped[datetime]


class ReminderRow(Base):
    """Somebody asked to be reminded on a day."""

    __tablename__ = "reminder"
    __table_args__ = (Index(None, "state", "due"), UniqueConstraint("person_id", "due", "entry"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id", ondelete="CASCADE"))
    due: Mapped[date]
    entry: Mapped[str]
    state: Mapped[str] = mapped_column(default="planned")
    created: Mapped[datetime]
