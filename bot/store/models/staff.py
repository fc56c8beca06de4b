"""Who works for the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import Base
from bot.store.types import Id


class StaffRow(Base):
    """A member of staff. `province` limits whose people they see; null for all.

    Without `password` (argon2id) they cannot sign in to the console: `invitation` is the digest of the link that lets
    them choose one until `invited_until`. `totp` is the encrypted second factor, null while not switched on.
    `failures` counts wrong passwords in a row, `locked_until` is until when none is tried.
    """

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('agent', 'editor', 'approver', 'admin')", name="role"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    province: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str] = mapped_column(default="vi", server_default="vi")
    password: Mapped[str | None]
    totp: Mapped[bytes | None]
    totp_step: Mapped[int | None]
    invitation: Mapped[str | None] = mapped_column(index=True, unique=True)
    invited_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]
    telegram: Mapped[str | None] = mapped_column(index=True, unique=True)
    created: Mapped[datetime]
    disabled: Mapped[datetime | None]


class StaffSessionRow(Base):
    """A sign-in to the console. `id` is the digest of the cookie; `agent` a short name of the browser."""

    __tablename__ = "staff_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(Id, ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime]
    seen: Mapped[datetime]
    expires: Mapped[datetime]
    agent: Mapped[str]


class AuditRow(Base):
    """Who saw or changed what. Append only.

    `object` is a kind and an id, such as "case:17"; `detail` names no citizen.
    """

    __tablename__ = "audit"
    __table_args__ = (Index(None, "object", "happened"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(Id, ForeignKey("staff.id", ondelete="SET NULL"), index=True)
    action: Mapped[str]
    object: Mapped[str]
    detail: Mapped[dict[str, Any]]
    happened: Mapped[datetime] = mapped_column(index=True)
