"""What came in and what goes out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import NEVER_REUSED, Base
from bot.store.types import Id


class InboundRow(Base):
    """One message of a person, masked.

    `message_key` is a digest of account and platform message id: on some platforms that id holds the sender's.
    A row outlives the erasing of its person without text, so that a late redelivery is still recognised.
    """

    __tablename__ = "inbound"
    __table_args__ = (UniqueConstraint("account", "message_key"), Index(None, "conversation_id", "id"), NEVER_REUSED)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    message_key: Mapped[str]
    conversation_id: Mapped[int | None] = mapped_column(Id, ForeignKey("conversation.id", ondelete="SET NULL"))
    text: Mapped[str]
    kind: Mapped[str]
    received: Mapped[datetime] = mapped_column(index=True)


class OutboxState(StrEnum):
    """How far a reply got."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class OutboxRow(Base):
    """One reply. Within a conversation the ids grow in the order in which the person should read.

    On a platform that we send to, a pending row with a `lease` in the future is in some process's hands. `parts` counts
    the platform messages of this reply that were confirmed, `due` is before when it must not be tried again, `reason`
    a plain name of what went wrong last.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'sent', 'failed', 'unknown')", name="state"),
        Index(None, "conversation_id", "id"),
        Index(None, "state", "id"),
        Index(
            "ix_outbox_waiting",
            "conversation_id",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(Id, ForeignKey("conversation.id", ondelete="CASCADE"))
    inbound_id: Mapped[int | None] = mapped_column(Id, ForeignKey("inbound.id", ondelete="SET NULL"), index=True)
    reply: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=OutboxState.PENDING.value)
    attempts: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(index=True)
    sent: Mapped[datetime | None]
    parts: Mapped[int] = mapped_column(default=0, server_default="0")
    due: Mapped[datetime | None]
    lease: Mapped[datetime | None]
    reason: Mapped[str | None]
